//! JSON written in one pass, compact or indented.

use std::io::{self, Write};

/// Bytes staged before they go to the file.
const STAGE: usize = 256 * 1024;

/// The writer. Values are staged in memory, so only [`Json::checkpoint`] and [`Json::finish`] can fail; call the first
/// after every object that belongs to a long list.
pub(crate) struct Json<W: Write> {
    out: W,
    staged: Vec<u8>,
    indented: bool,
    depth: usize,
    /// Nothing stands in the innermost list or object yet.
    fresh: bool,
    /// A key was just written, so the next value stands on its line.
    keyed: bool,
    /// Letters beyond ASCII are written as `\u…`, as some exporters do.
    pub(crate) ascii: bool,
}

impl<W: Write> Json<W> {
    pub(crate) fn new(out: W, indented: bool) -> Self {
        let staged = Vec::with_capacity(2 * STAGE);
        Self { out, staged, indented, depth: 0, fresh: true, keyed: false, ascii: false }
    }

    /// Hands what is staged to the file, if it is much.
    pub(crate) fn checkpoint(&mut self) -> io::Result<()> {
        if self.staged.len() < STAGE {
            return Ok(());
        }
        self.out.write_all(&self.staged)?;
        self.staged.clear();
        Ok(())
    }

    /// Writes an object on a line of its own, of no document.
    pub(crate) fn line(&mut self, fill: impl FnOnce(&mut Self)) {
        self.fresh = true;
        self.object(fill);
        self.staged.push(b'\n');
    }

    /// Ends the document.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.staged.push(b'\n');
        self.out.write_all(&self.staged)?;
        self.out.flush()
    }

    fn lead(&mut self) {
        if self.keyed {
            self.keyed = false;
            return;
        }
        if !self.fresh {
            self.staged.push(b',');
        }
        self.fresh = false;
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.indented && self.depth > 0 {
            self.staged.push(b'\n');
            self.staged.resize(self.staged.len() + 2 * self.depth, b' ');
        }
    }

    fn open(&mut self, bracket: u8) {
        self.lead();
        self.staged.push(bracket);
        self.depth += 1;
        self.fresh = true;
    }

    fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        if !self.fresh {
            if self.depth == 0 && self.indented {
                self.staged.push(b'\n');
            }
            self.new_line();
        }
        self.staged.push(bracket);
        self.fresh = false;
    }

    /// An object, whose fields `fill` writes.
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.open(b'{');
        fill(self);
        self.close(b'}');
    }

    /// A list, whose elements `fill` writes.
    pub(crate) fn list(&mut self, fill: impl FnOnce(&mut Self)) {
        self.open(b'[');
        fill(self);
        self.close(b']');
    }

    /// Like [`Json::object`], for the outermost object, whose parts can fail.
    pub(crate) fn try_object(&mut self, fill: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.open(b'{');
        fill(self)?;
        self.close(b'}');
        Ok(())
    }

    /// Like [`Json::list`], for lists too long to stage.
    pub(crate) fn try_list(&mut self, fill: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.open(b'[');
        fill(self)?;
        self.close(b']');
        Ok(())
    }

    /// A key of plain letters; its value follows.
    pub(crate) fn key(&mut self, key: &str) -> &mut Self {
        self.lead();
        self.staged.push(b'"');
        self.staged.extend_from_slice(key.as_bytes());
        self.staged.extend_from_slice(if self.indented { b"\": " } else { b"\":" });
        self.keyed = true;
        self
    }

    pub(crate) fn null(&mut self) {
        self.lead();
        self.staged.extend_from_slice(b"null");
    }

    pub(crate) fn flag(&mut self, value: bool) {
        self.lead();
        self.staged.extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(crate) fn number(&mut self, value: u64) {
        self.lead();
        self.staged.extend_from_slice(value.to_string().as_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.lead();
        self.staged.push(b'"');
        if text.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\') {
            self.staged.extend_from_slice(text.as_bytes());
        } else {
            self.escape(text);
        }
        self.staged.push(b'"');
    }

    fn escape(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '"' => self.staged.extend_from_slice(b"\\\""),
                '\\' => self.staged.extend_from_slice(b"\\\\"),
                '\n' => self.staged.extend_from_slice(b"\\n"),
                '\t' => self.staged.extend_from_slice(b"\\t"),
                ' '..='~' => self.staged.push(letter as u8),
                _ if self.ascii || letter < ' ' => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        self.staged.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                    }
                }
                _ => self.staged.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn texts<S: AsRef<str>>(&mut self, texts: &[S]) {
        self.list(|json| texts.iter().for_each(|text| json.text(text.as_ref())));
    }

    /// Several keys without a value.
    pub(crate) fn nulls(&mut self, keys: &[&str]) {
        keys.iter().for_each(|key| self.key(key).null());
    }

    /// Several keys with plain texts.
    pub(crate) fn fields(&mut self, fields: &[(&str, &str)]) {
        fields.iter().for_each(|(key, text)| self.key(key).text(text));
    }

    /// A key with an empty list, for each of several.
    pub(crate) fn empty_lists(&mut self, keys: &[&str]) {
        keys.iter().for_each(|key| self.key(key).list(|_| ()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(indented: bool, ascii: bool) -> String {
        let mut bytes = Vec::new();
        let mut json = Json::new(&mut bytes, indented);
        json.ascii = ascii;
        json.object(|json| {
            json.key("a").text("x\"\\\u{e9}\u{1f6a2}\n");
            json.key("b").list(|json| {
                json.number(1);
                json.object(|_| ());
            });
            json.empty_lists(&["c"]);
        });
        assert!(json.finish().is_ok());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn compact() {
        assert_eq!(written(false, false), "{\"a\":\"x\\\"\\\\\u{e9}\u{1f6a2}\\n\",\"b\":[1,{}],\"c\":[]}\n");
        assert!(written(false, true).contains("\\u00e9\\ud83d\\udea2"));
    }

    #[test]
    fn indented() {
        let expected =
            "{\n  \"a\": \"x\\\"\\\\\u{e9}\u{1f6a2}\\n\",\n  \"b\": [\n    1,\n    {}\n  ],\n  \"c\": []\n}\n";
        assert_eq!(written(true, false), expected);
    }
}
