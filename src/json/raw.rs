//! One JSON value, read from its text.

use std::borrow::Cow;

use wide::u8x16;

use super::scan::{skip_space, skip_value};

/// The text of one JSON value, without white space around it.
///
/// Reading never fails: text that is not what is asked for gives nothing, as a value of another type does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    /// The value null.
    pub const NULL: Raw<'static> = Raw(b"null");

    /// The value whose text this is.
    #[inline]
    pub fn new(text: &'a [u8]) -> Self {
        Self(text.trim_ascii())
    }

    /// Its text.
    #[inline]
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// Null.
    pub fn is_null(self) -> bool {
        self.0 == b"null"
    }

    /// A list.
    pub fn is_list(self) -> bool {
        self.0.first() == Some(&b'[')
    }

    /// An object.
    pub fn is_object(self) -> bool {
        self.0.first() == Some(&b'{')
    }

    /// A string.
    pub fn is_text(self) -> bool {
        self.0.first() == Some(&b'"')
    }

    /// Null, a string of nothing but white space, or a list without elements.
    #[inline]
    pub fn is_empty(self) -> bool {
        match self.0 {
            b"null" | b"\"\"" | b"[]" => true,
            [b'"', b'!' | b'#'..=b'[' | b']'..=b'~', ..] => false,
            [b'"', ..] => self.text().is_some_and(|text| text.trim().is_empty()),
            [b'[', inner @ .., b']'] => inner.trim_ascii().is_empty(),
            _ => false,
        }
    }

    /// The string's text.
    #[inline]
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.0 {
            [b'"', inner @ .., b'"'] => decode_text(inner),
            _ => None,
        }
    }

    /// The string's text if it stands there as it is: printable ASCII without blanks and escapes, as most of them are.
    #[inline]
    pub fn plain(self) -> Option<&'a [u8]> {
        match self.0 {
            [b'"', inner @ .., b'"'] if is_printable::<b'!'>(inner) => Some(inner),
            _ => None,
        }
    }

    /// The string's text if it stands there as it is: printable ASCII without escapes.
    #[inline]
    pub fn ascii(self) -> Option<&'a [u8]> {
        match self.0 {
            [b'"', inner @ .., b'"'] if is_printable::<b' '>(inner) => Some(inner),
            _ => None,
        }
    }

    /// `true` or `false`; also written as a string, as yes and no, or as 1 and 0, as some exporters do.
    pub fn flag(self) -> Option<bool> {
        let is = |text: &[u8], words: [&[u8]; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        match self.0 {
            b"true" | b"1" => Some(true),
            b"false" | b"0" => Some(false),
            [b'"', text @ .., b'"'] if is(text, [b"true", b"yes"]) => Some(true),
            [b'"', text @ .., b'"'] if is(text, [b"false", b"no"]) => Some(false),
            _ => None,
        }
    }

    /// The number; also one written as a string, as some exporters do.
    pub fn number(self) -> Option<f64> {
        match self.0.first()? {
            b'-' | b'0'..=b'9' => std::str::from_utf8(self.0).ok()?.parse().ok(),
            b'"' => self.text()?.trim().parse().ok(),
            _ => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    /// The elements of the list; of anything else but null, the value itself: some writers unroll lists of one.
    pub fn items(self) -> Items<'a> {
        match self.0 {
            [b'[', inner @ ..] => Items { text: inner, at: 0, single: None },
            b"null" => Items { text: b"", at: 0, single: None },
            _ => Items { text: b"", at: 0, single: Some(self) },
        }
    }

    /// The names and values of the object; of anything else, none.
    pub fn members(self) -> Members<'a> {
        match self.0 {
            [b'{', inner @ ..] => Members { text: inner, at: 0 },
            _ => Members { text: b"", at: 0 },
        }
    }

    /// The value of a name, compared without ASCII case: Graph writes `skuId`, PowerShell `SkuId`.
    pub fn get(self, name: &str) -> Option<Raw<'a>> {
        self.members().find(|(key, _)| is_name(key, name)).map(|(_, value)| value)
    }

    /// What a person would write for it: a string's text, a number as it stands; lists and objects without white space and with
    /// their keys in order, so that it does not matter how somebody wrote them.
    pub fn display(self) -> Cow<'a, str> {
        if self.is_list() || self.is_object() {
            let value: Option<serde_json::Value> = serde_json::from_slice(self.0).ok();
            if let Some(mut value) = value {
                value.sort_all_objects();
                return Cow::Owned(value.to_string());
            }
        }
        self.text().unwrap_or_else(|| String::from_utf8_lossy(self.0))
    }
}

/// The elements of a list.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    text: &'a [u8],
    at: usize,
    single: Option<Raw<'a>>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        if let Some(single) = self.single.take() {
            return Some(single);
        }
        let start = skip_separator(self.text, self.at);
        let end = value_end(self.text, start)?;
        self.at = end;
        Some(Raw(&self.text[start..end]))
    }
}

/// Whether all of it is printable ASCII, from `LEAST`, without backslashes, sixteen bytes at a time.
#[inline]
fn is_printable<const LEAST: u8>(text: &[u8]) -> bool {
    let plain = |block: &[u8; 16]| {
        let block = u8x16::new(*block);
        let printable = block.max(u8x16::splat(LEAST)).simd_eq(block) & block.min(u8x16::splat(b'~')).simd_eq(block);
        (printable & !block.simd_eq(u8x16::splat(b'\\'))).to_bitmask() == 0xFFFF
    };
    match text.last_chunk::<16>() {
        // The last sixteen bytes stand for the rest, and overlap what was looked at.
        Some(last) => text.as_chunks::<16>().0.iter().all(plain) && plain(last),
        None => text.iter().all(|byte| (LEAST..=b'~').contains(byte) && *byte != b'\\'),
    }
}

/// Whether a key, as it stands between its quotes, is a name, without ASCII case. Escapes only make a key longer.
#[inline]
pub fn is_name(key: &[u8], name: &str) -> bool {
    if key.len() <= name.len() {
        return key.eq_ignore_ascii_case(name.as_bytes());
    }
    key.contains(&b'\\') && decode_text(key).is_some_and(|key| key.eq_ignore_ascii_case(name))
}

/// The names, as they stand between their quotes, and values of an object.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = skip_separator(self.text, self.at);
        if self.text.get(start) != Some(&b'"') {
            return None;
        }
        let end = value_end(self.text, start)?;
        let key = &self.text[start + 1..end - 1];
        let colon = skip_space(self.text, end);
        if self.text.get(colon) != Some(&b':') {
            return None;
        }
        let start = skip_space(self.text, colon + 1);
        let end = value_end(self.text, start)?;
        self.at = end;
        Some((key, Raw(&self.text[start..end])))
    }
}

fn skip_separator(text: &[u8], at: usize) -> usize {
    let at = skip_space(text, at);
    if text.get(at) == Some(&b',') { skip_space(text, at + 1) } else { at }
}

fn value_end(text: &[u8], start: usize) -> Option<usize> {
    skip_value(text, start).ok()
}

/// The text that stands between two quotes, its escapes resolved; nothing if it is not UTF-8 or an escape is malformed.
///
/// Lone surrogates become U+FFFD, as in what other tools print.
pub fn decode_text(inner: &[u8]) -> Option<Cow<'_, str>> {
    let Some(first) = memchr::memchr(b'\\', inner) else {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    };
    let text = std::str::from_utf8(inner).ok()?;
    let mut decoded = String::with_capacity(text.len());
    let (plain, mut rest) = text.split_at(first);
    decoded.push_str(plain);
    while let Some(escape) = rest.strip_prefix('\\') {
        let kind = escape.chars().next()?;
        rest = &escape[kind.len_utf8()..];
        match kind {
            '"' | '\\' | '/' => decoded.push(kind),
            'b' => decoded.push('\u{8}'),
            'f' => decoded.push('\u{c}'),
            'n' => decoded.push('\n'),
            'r' => decoded.push('\r'),
            't' => decoded.push('\t'),
            'u' => {
                let unit = u16::from_str_radix(rest.get(..4)?, 16).ok()?;
                rest = &rest[4..];
                let low = rest.strip_prefix("\\u").and_then(|low| u16::from_str_radix(low.get(..4)?, 16).ok());
                let pair = low.map(|low| [unit, low]).filter(|_| (0xD800..0xDC00).contains(&unit));
                match pair.map(|pair| char::decode_utf16(pair).next()) {
                    Some(Some(Ok(letter))) => {
                        rest = &rest[6..];
                        decoded.push(letter);
                    }
                    _ => decoded.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
            _ => return None,
        }
        let next = rest.find('\\').unwrap_or(rest.len());
        decoded.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Some(Cow::Owned(decoded))
}

/// Appends a string with its quotes.
pub fn encode_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0..0x20 => out.extend(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn raw(text: &str) -> Raw<'_> {
        Raw::new(text.as_bytes())
    }

    #[test]
    fn empty_is_null_blank_or_without_elements() {
        for text in ["null", "\"\"", "\" \\t\"", "[]", "[ \n ]"] {
            assert!(raw(text).is_empty(), "{text}");
        }
        for text in ["false", "0", "\"a\"", "[null]", "{}"] {
            assert!(!raw(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn members_are_found_in_any_casing_and_with_any_white_space() {
        let object = raw("{ \"SkuId\" : \"x\" ,\n \"n\":[1, {\"skuId\":\"inner\"}] , \"last\": null }");
        assert_eq!(object.get("skuId").and_then(Raw::text).as_deref(), Some("x"));
        assert_eq!(object.get("n").map(|list| list.items().count()), Some(2));
        assert!(object.get("last").is_some_and(Raw::is_null));
        assert!(object.get("inner").is_none());
        assert_eq!(raw(r#"{"sku\u0049d":"x","skuId":"y"}"#).get("skuId").and_then(Raw::text).as_deref(), Some("x"));
    }

    #[test]
    fn numbers_are_numbers_also_as_texts_but_words_are_none() {
        for (text, number) in [("12", 12.0), ("-1.5", -1.5), ("1e3", 1000.0), ("\" 7 \"", 7.0)] {
            assert_eq!(raw(text).number(), Some(number), "{text}");
        }
        for text in ["\"\"", "\"NaN\"", "\"infinity\"", "1e999", "true", "null", "[1]", "\"1,5\""] {
            assert_eq!(raw(text).number(), None, "{text}");
        }
    }

    #[test]
    fn one_value_counts_as_a_list_of_one_and_null_as_none() {
        assert_eq!(raw("\"a\"").items().count(), 1);
        assert_eq!(raw("{\"a\":1}").items().count(), 1);
        assert_eq!(raw("null").items().count(), 0);
    }

    #[test]
    fn malformed_escapes_give_nothing() {
        for text in [r#""\x""#, r#""\u12""#, r#""\u12G4""#, r#""\""#] {
            assert_eq!(raw(text).text(), None, "{text}");
        }
        assert_eq!(raw(r#""\ud800!""#).text().as_deref(), Some("\u{fffd}!"));
    }

    proptest! {
        #[test]
        fn texts_survive_the_way_there_and_back(text in "\\PC*[\\x00-\\x1f\"\\\\]*\\PC*") {
            let mut encoded = Vec::new();
            encode_text(&text, &mut encoded);
            let read = Raw::new(&encoded).text();
            prop_assert_eq!(read.as_deref(), Some(text.as_str()));
            let serde = serde_json::to_vec(&text).unwrap();
            let read = Raw::new(&serde).text();
            prop_assert_eq!(read.as_deref(), Some(text.as_str()));
            prop_assert_eq!(serde_json::from_slice::<String>(&encoded).unwrap(), text);
        }
    }
}
