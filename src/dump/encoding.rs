//! From the bytes of a file to UTF-8.
//!
//! Windows PowerShell 5.1 writes UTF-16 with a byte order mark where `>` or `Out-File` is used, and the machine's code page with
//! `Set-Content`. Source: PowerShell's documentation of its character encodings.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use zeroize::Zeroizing;

use super::code_page::CodePage;

/// What the first bytes of a file tell.
pub(super) fn detect(head: &[u8]) -> &'static Encoding {
    match head {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        // UTF-16 without a mark: JSON begins with ASCII, so every second byte is zero.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => UTF_16LE,
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => UTF_16BE,
        _ => UTF_8,
    }
}

/// The text of a file's beginning, in memory that is wiped: nobody knows yet what is in it.
pub(super) fn sample(head: &[u8]) -> Zeroizing<Vec<u8>> {
    let encoding = detect(head);
    if encoding == UTF_8 {
        return Zeroizing::new(head.to_vec());
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length(head.len()).unwrap_or(4 * (head.len() + 4));
    let mut text = Zeroizing::new(vec![0; room]);
    let (_, _, written, _) = decoder.decode_to_utf8(head, &mut text, false);
    text.truncate(written);
    text
}

/// A whole file's text, and the encoding's name if it is not plain UTF-8.
pub(super) fn decode(bytes: Vec<u8>) -> (Vec<u8>, Option<&'static str>) {
    let encoding = detect(&bytes);
    if encoding == UTF_8 {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(bytes);
        match std::str::from_utf8(&text) {
            Ok(_) => return (text, None),
            // The file was cut in the middle of a letter.
            Err(error) if error.error_len().is_none() => return (text[..error.valid_up_to()].to_vec(), None),
            Err(_) => {}
        }
        let mut page = CodePage::default();
        page.look(&text);
        return (page.decode(&text).into_owned().into_bytes(), Some(page.name()));
    }
    let (text, _) = encoding.decode_with_bom_removal(&bytes);
    let text = match text {
        Cow::Owned(text) => text.into_bytes(),
        Cow::Borrowed(text) => text.as_bytes().to_vec(),
    };
    (text, Some("utf-16"))
}

/// Turns a stream of another encoding into UTF-8 as it is read.
pub(super) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Zeroizing<Vec<u8>>,
    text: Zeroizing<Vec<u8>>,
    at: usize,
    done: bool,
}

impl<R: Read> Transcoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        let raw = Zeroizing::new(vec![0; 1 << 16]);
        // Large enough from the start: what grows leaves copies behind.
        let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(4 * (raw.len() + 4));
        Self { inner, decoder, raw, text: Zeroizing::new(Vec::with_capacity(room)), at: 0, done: false }
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.done {
            let read = self.inner.read(&mut self.raw)?;
            self.done = read == 0;
            let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 * (read + 4));
            self.text.resize(room, 0);
            let (result, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..read], &mut self.text, self.done);
            debug_assert!(matches!(result, CoderResult::InputEmpty));
            self.text.truncate(written);
            self.at = 0;
        }
        let length = buffer.len().min(self.text.len() - self.at);
        buffer[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "{\"displayName\":\"Zoë 漢字 𝄞\"}";
        for (mark, big) in [(true, false), (true, true), (false, false), (false, true)] {
            let bytes = utf16(text, mark, big);
            assert_eq!(decode(bytes.clone()), (text.as_bytes().to_vec(), Some("utf-16")), "{mark} {big}");
            let mut streamed = Vec::new();
            Transcoded::new(bytes.as_slice(), detect(&bytes)).read_to_end(&mut streamed).unwrap();
            assert_eq!(String::from_utf8(streamed).unwrap(), text);
        }
        let cut = &text.as_bytes()[..text.find('漢').unwrap() + 1];
        assert_eq!(decode(cut.to_vec()), (cut[..cut.len() - 1].to_vec(), None), "cut in the middle of a letter");
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        assert_eq!(decode(marked), (text.as_bytes().to_vec(), None));
        assert_eq!(
            decode(b"{\"a\":\"Zo\xEB\"}".to_vec()),
            ("{\"a\":\"Zoë\"}".as_bytes().to_vec(), Some("windows-1252"))
        );
    }
}
