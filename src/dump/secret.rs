//! Files that hold passwords: they are wiped from memory once they are read, and the passwords are struck out before anything
//! else looks at them.
//!
//! What is left out: the buffers of standard input, and of archives while they are unpacked, are not this program's own.

use std::io::{self, Read};

use zeroize::Zeroizing;

use super::dialect::{Sheet, is_secret};

/// So much is read at once.
const CHUNK: usize = 1 << 16;

/// What a password is replaced by, letter by letter.
const STRUCK: u8 = b'x';

/// Reads all of it into memory that is wiped when it is given back. No copy is left behind when it grows.
pub(super) fn read(input: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(vec![0; CHUNK]);
    let mut filled = 0;
    loop {
        if filled == text.len() {
            let mut larger = Zeroizing::new(vec![0; text.len() * 2]);
            larger[..filled].copy_from_slice(&text);
            text = larger;
        }
        match input.read(&mut text[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    text.truncate(filled);
    Ok(text)
}

/// Strikes out the cells of a table's password columns, and rows whose cells do not stand under their columns: there the password
/// may be anywhere.
pub(super) fn strike(text: &mut [u8]) {
    let Some(sheet) = Sheet::peek(text) else { return };
    let columns: Vec<bool> = sheet.names().iter().map(|name| is_secret(name)).collect();
    if !columns.contains(&true) {
        return;
    }
    let mut row = 0;
    let mut at = 0;
    while at < text.len() {
        let (cells, end) = cells(text, at, sheet.delimiter);
        if row > sheet.before {
            let is_even = cells.len() == columns.len();
            for (place, cell) in cells.iter().enumerate() {
                if !is_even || columns.get(place) == Some(&true) {
                    text[cell.clone()].fill(STRUCK);
                }
            }
        }
        row += 1;
        at = end;
    }
}

/// The places of the cells of the row that begins at `at`, and the place behind it.
fn cells(text: &[u8], at: usize, delimiter: u8) -> (Vec<std::ops::Range<usize>>, usize) {
    let mut cells = Vec::new();
    let mut start = at;
    let mut is_quoted = false;
    for (place, byte) in text.iter().enumerate().skip(at) {
        match *byte {
            // A quote within a cell is two: then this is passed twice.
            b'"' if is_quoted || place == start => is_quoted = !is_quoted,
            b'"' if text[..place].ends_with(b"\"") => is_quoted = true,
            b'\n' if !is_quoted => {
                let end = if text[start..place].ends_with(b"\r") { place - 1 } else { place };
                cells.push(start..end);
                return (cells, place + 1);
            }
            other if other == delimiter && !is_quoted => {
                cells.push(start..place);
                start = place + 1;
            }
            _ => {}
        }
    }
    cells.push(start..text.len());
    (cells, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        strike(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn passwords_are_struck_out_wherever_they_may_stand() {
        let header = "version:v1.0,,\r\nUser name [userPrincipalName] Required,Initial password [passwordProfile] Required,Name\r\n";
        for (row, expected) in [
            ("ada@a,Secret1,Ada\r\n", "ada@a,xxxxxxx,Ada\r\n"),
            ("ada@a,\"Se,c\"\"ret\",Ada\n", "ada@a,xxxxxxxxxxx,Ada\n"),
            ("ada@a,\"two\nlines\",Ada\n", "ada@a,xxxxxxxxxxx,Ada\n"),
            // Its comma is not quoted: nobody knows what stands where.
            ("ada@a,Sec,ret,Ada\n", "xxxxx,xxx,xxx,xxx\n"),
            ("ada@a,Secret", "xxxxx,xxxxxx"),
        ] {
            assert_eq!(struck(&format!("{header}{row}")), format!("{header}{expected}"), "{row}");
        }
        assert_eq!(struck("a,b\nSecret,2\n"), "a,b\nSecret,2\n");
    }

    #[test]
    fn all_is_read_however_long() {
        let long = vec![b'a'; 3 * CHUNK + 7];
        assert_eq!(*read(&mut long.as_slice()).unwrap(), long);
        assert!(read(&mut io::empty()).unwrap().is_empty());
    }
}
