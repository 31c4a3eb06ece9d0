//! The code pages of Windows in Western Europe: 1252 of its windows, 850 of its console.
//!
//! No file says which it is in. The letters do: what is a name in one of them is rubbish in the other, except for a few.
//! Source of the table: Unicode's mapping of IBM code page 850.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// The letters of the upper half of code page 850.
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// Letters that are common in names of Western Europe; others are rare.
const COMMON: &str = "äöüßéèëêïîçàáâñóôíúûøåæÄÖÜÉÈÇÅØ";

/// How much better one must fit before it is sure.
const MARGIN: i64 = 2;

/// What a text that is no UTF-8 is in, as far as its letters tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CodePage {
    /// How well it fits Windows-1252.
    ansi: i64,
    /// How well it fits code page 850.
    oem: i64,
}

impl CodePage {
    /// Looks at more of the text. Words in UTF-8 tell nothing.
    pub(super) fn look(&mut self, text: &[u8]) {
        for word in text.split(|byte| matches!(byte, b' ' | b'"' | b',' | b';' | b'\t' | b'\n' | b'\r' | b'|')) {
            if !word.is_ascii() && std::str::from_utf8(word).is_err() {
                self.ansi += fit(word, ansi);
                self.oem += fit(word, oem);
            }
        }
    }

    /// Whether anything was seen that is no UTF-8, or would have told.
    fn is_oem(self) -> bool {
        self.oem > self.ansi
    }

    /// Its name; both names where the letters do not tell.
    pub(super) fn name(self) -> &'static str {
        match (self.is_oem(), (self.ansi - self.oem).abs() >= MARGIN) {
            (false, true) => "windows-1252",
            (true, true) => "code page 850",
            (false, false) => "windows-1252 (or code page 850: the letters do not tell)",
            (true, false) => "code page 850 (or windows-1252: the letters do not tell)",
        }
    }

    /// The text.
    pub(super) fn decode(self, text: &[u8]) -> Cow<'_, str> {
        if self.is_oem() {
            Cow::Owned(text.iter().map(|byte| oem(*byte)).collect())
        } else {
            WINDOWS_1252.decode_without_bom_handling(text).0
        }
    }
}

fn ansi(byte: u8) -> char {
    WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn oem(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        Some(place) => CODE_PAGE_850.chars().nth(usize::from(place)).unwrap_or(char::REPLACEMENT_CHARACTER),
        None => char::from(byte),
    }
}

/// How well the letters of a word stand beside each other.
fn fit(word: &[u8], letter: fn(u8) -> char) -> i64 {
    let at = |place: Option<usize>| place.and_then(|place| word.get(place)).map(|byte| letter(*byte));
    let mut fit = 0;
    for (place, byte) in word.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        let (before, here, behind) = (at(place.checked_sub(1)), letter(*byte), at(Some(place + 1)));
        let is = |letter: Option<char>, what: fn(char) -> bool| letter.is_some_and(what);
        fit += match here {
            // An apostrophe in a name, an ellipsis behind one, a dash, a blank that does not break a line.
            '’' if is(before, char::is_alphabetic) && is(behind, char::is_alphabetic) => 1,
            '…' if is(before, char::is_alphabetic) && !is(behind, char::is_alphabetic) => 1,
            '–' | '€' if !is(before, char::is_alphabetic) => 1,
            '\u{a0}' if is(behind, char::is_uppercase) => 2,
            '\u{c0}'..='\u{ff}' | 'Š' | 'š' | 'Ž' | 'ž' | 'Œ' | 'œ' | 'Ÿ' if here.is_alphabetic() => {
                let is_odd = here.is_uppercase() && is(before, char::is_lowercase)
                    || here.is_lowercase() && is(before, char::is_uppercase) && is(behind, char::is_uppercase);
                match (is_odd, COMMON.contains(here)) {
                    (true, _) => -1,
                    (false, true) => 2,
                    (false, false) => 1,
                }
            }
            _ => -1,
        };
    }
    fit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_850(text: &str) -> Vec<u8> {
        text.chars()
            .map(|letter| {
                if letter.is_ascii() {
                    letter as u8
                } else {
                    0x80 + CODE_PAGE_850.chars().position(|known| known == letter).unwrap() as u8
                }
            })
            .collect()
    }

    fn read(bytes: &[u8]) -> (String, &'static str) {
        let mut page = CodePage::default();
        page.look(bytes);
        (page.decode(bytes).into_owned(), page.name())
    }

    #[test]
    fn the_table_has_every_byte() {
        assert_eq!(CODE_PAGE_850.chars().count(), 128);
        assert_eq!((oem(0x82), oem(0xE1), oem(0xFF), oem(b'a')), ('é', 'ß', '\u{a0}', 'a'));
    }

    #[test]
    fn names_tell_their_code_page() {
        for name in ["José", "Zoë", "Jörg Müller", "Renée", "Ängström", "Hélène", "MÜLLER", "Núñez", "Lærke Sørensen"]
        {
            assert_eq!(read(&in_850(name)), (name.to_owned(), "code page 850"), "{name}");
            let (bytes, ..) = WINDOWS_1252.encode(name);
            assert_eq!(read(&bytes), (name.to_owned(), "windows-1252"), "{name}");
        }
    }

    #[test]
    fn what_could_be_both_says_so() {
        // Byte E1 is an a with an accent in one, a sharp s in the other.
        let (text, name) = read(b"Stra\xE1e");
        assert_eq!((text.as_str(), name), ("Straáe", "windows-1252 (or code page 850: the letters do not tell)"));
        // A letter of Iceland in one, one of France in the other: likely, but no more.
        assert_eq!(
            read(b"Fran\xE7oise"),
            ("Françoise".to_owned(), "windows-1252 (or code page 850: the letters do not tell)")
        );
        for text in ["O’Brien", "Jan\u{a0}Visser"] {
            let (bytes, ..) = WINDOWS_1252.encode(text);
            assert_eq!(read(&bytes).0, text, "read as before");
        }
    }
}
