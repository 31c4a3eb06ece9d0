//! Finding the end of a value.
//!
//! Strings and containers are skipped by bit masks over blocks of sixteen bytes. What is skipped is balanced, not
//! validated: small documents are validated in full before they get here, and in large ones everything that is used is
//! parsed strictly.

use wide::u8x16;

/// Why a value's end was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// The bytes end before the value does.
    NeedMore,
    /// The byte at this place cannot stand there.
    Bad(usize),
}

/// The first place at or after `at` that is not white space.
#[inline]
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Every name in a text, as it stands between its quotes, and where its value begins; no value is skipped. What looks like a name inside
/// of a text ends in a backslash.
pub fn named_values(text: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    memchr::memchr_iter(b':', text).filter_map(|colon| {
        let name = text[..colon].trim_ascii_end().strip_suffix(b"\"")?;
        let start = memchr::memrchr(b'"', name)? + 1;
        Some((&name[start..], skip_space(text, colon + 1)))
    })
}

/// The end (exclusive) of the value that begins at `at`.
///
/// # Errors
///
/// [`Scan::NeedMore`] if the bytes end inside the value. A number at the very end counts as ended only if more bytes follow it.
#[inline]
pub fn skip_value(bytes: &[u8], at: usize) -> Result<usize, Scan> {
    match bytes.get(at) {
        Some(b'"') => string_end(bytes, at + 1),
        Some(b'[' | b'{') => container_end(bytes, at),
        Some(b't') => word(bytes, at, b"true"),
        Some(b'n') => word(bytes, at, b"null"),
        Some(b'f') => word(bytes, at, b"false"),
        Some(b'-' | b'0'..=b'9') => number_end(bytes, at),
        Some(_) => Err(Scan::Bad(at)),
        None => Err(Scan::NeedMore),
    }
}

#[inline]
fn word(bytes: &[u8], at: usize, expected: &[u8]) -> Result<usize, Scan> {
    let end = at + expected.len();
    match bytes.get(at..end) {
        Some(found) if found == expected => Ok(end),
        Some(_) => Err(Scan::Bad(at)),
        None if expected.starts_with(&bytes[at..]) => Err(Scan::NeedMore),
        None => Err(Scan::Bad(at)),
    }
}

fn number_end(bytes: &[u8], at: usize) -> Result<usize, Scan> {
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        if !matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') {
            return Ok(end);
        }
        end += 1;
    }
    Err(Scan::NeedMore)
}

#[inline]
fn block16(bytes: &[u8], at: usize) -> Option<u8x16> {
    let slice: &[u8; 16] = bytes.get(at..at + 16)?.try_into().ok()?;
    Some(u8x16::new(*slice))
}

/// The place behind the quote that ends a string; `at` is behind the quote that begins it.
#[inline]
fn string_end(bytes: &[u8], mut at: usize) -> Result<usize, Scan> {
    let quote = u8x16::splat(b'"');
    let backslash = u8x16::splat(b'\\');
    while let Some(block) = block16(bytes, at) {
        let mask = (block.simd_eq(quote) | block.simd_eq(backslash)).to_bitmask();
        if mask == 0 {
            at += 16;
            continue;
        }
        at += mask.trailing_zeros() as usize;
        if bytes[at] == b'"' {
            return Ok(at + 1);
        }
        at += 2;
    }
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return Err(Scan::NeedMore),
        }
    }
}

/// Which of 64 bytes are quotes, backslashes, opening and closing brackets.
struct Masks {
    quote: u64,
    backslash: u64,
    open: u64,
    close: u64,
}

#[inline]
fn masks(bytes: &[u8; 64]) -> Masks {
    let mut masks = Masks { quote: 0, backslash: 0, open: 0, close: 0 };
    for quarter in 0..4 {
        let Some(block) = block16(bytes, quarter * 16) else { continue };
        let shift = quarter * 16;
        // `[` and `{`, and `]` and `}`, differ in the bit 0x20 only.
        let folded = block | u8x16::splat(0x20);
        masks.quote |= u64::from(block.simd_eq(u8x16::splat(b'"')).to_bitmask()) << shift;
        masks.backslash |= u64::from(block.simd_eq(u8x16::splat(b'\\')).to_bitmask()) << shift;
        masks.open |= u64::from(folded.simd_eq(u8x16::splat(b'{')).to_bitmask()) << shift;
        masks.close |= u64::from(folded.simd_eq(u8x16::splat(b'}')).to_bitmask()) << shift;
    }
    masks
}

/// Every bit becomes the parity of the bits up to and including it.
#[inline]
fn parity(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

/// The place behind the bracket that closes the one at `at`.
fn container_end(bytes: &[u8], at: usize) -> Result<usize, Scan> {
    if let Some(b']' | b'}') = bytes.get(at + 1) {
        return Ok(at + 2);
    }
    let mut depth: usize = 0;
    let mut start = at;
    let mut inside_string = 0u64; // all ones while a string goes on from the block before
    let mut escape_next = false;
    let mut tail = [b' '; 64];
    loop {
        let left = bytes.len() - start;
        if left == 0 {
            return Err(Scan::NeedMore);
        }
        let block: &[u8; 64] = match bytes.get(start..start + 64).and_then(|slice| slice.try_into().ok()) {
            Some(block) => block,
            None => {
                tail[..left].copy_from_slice(&bytes[start..]);
                &tail
            }
        };
        let masks = masks(block);
        let mut quote = masks.quote;
        if masks.backslash != 0 || escape_next {
            quote &= !escaped(masks.backslash, &mut escape_next);
        }
        let strings = parity(quote) ^ inside_string;
        inside_string = if strings >> 63 == 1 { u64::MAX } else { 0 };
        let open = masks.open & !strings;
        let close = masks.close & !strings;
        let closing = close.count_ones() as usize;
        if closing < depth {
            depth = depth + open.count_ones() as usize - closing;
        } else {
            let mut brackets = open | close;
            while brackets != 0 {
                let bit = brackets & brackets.wrapping_neg();
                if open & bit != 0 {
                    depth += 1;
                } else {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(start + bit.trailing_zeros() as usize + 1);
                    }
                }
                brackets ^= bit;
            }
        }
        if left < 64 {
            return Err(Scan::NeedMore);
        }
        start += 64;
    }
}

/// The bytes that a backslash before them escapes; `carry` says whether the first one is, and then whether the next block's is.
fn escaped(backslash: u64, carry: &mut bool) -> u64 {
    let mut escaped = 0u64;
    let mut at = 0u32;
    if *carry {
        escaped |= 1;
        at = 1;
    }
    *carry = false;
    while at < 64 {
        let rest = backslash >> at;
        if rest == 0 {
            break;
        }
        at += rest.trailing_zeros();
        if at == 63 {
            *carry = true;
            break;
        }
        escaped |= 1 << (at + 1);
        at += 2;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn end(text: &str) -> Result<usize, Scan> {
        skip_value(text.as_bytes(), 0)
    }

    #[test]
    fn plain_values_end_where_they_end() {
        assert_eq!(end("true,"), Ok(4));
        assert_eq!(end("null"), Ok(4));
        assert_eq!(end("-12.5e3}"), Ok(7));
        assert_eq!(end("\"a\\\"b\" "), Ok(6));
        assert_eq!(end("12"), Err(Scan::NeedMore), "more digits may follow");
        assert_eq!(end("tru"), Err(Scan::NeedMore));
        assert_eq!(end("tree"), Err(Scan::Bad(0)));
        assert_eq!(end("?"), Err(Scan::Bad(0)));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        let text = r#"{"a":"}]","b":["\\","\"]",{"c":[]}]}"#;
        assert_eq!(end(text), Ok(text.len()));
        assert_eq!(end(&text[..text.len() - 1]), Err(Scan::NeedMore));
    }

    #[test]
    fn a_backslash_at_the_end_of_a_block_escapes_the_next_block() {
        for padding in 50..80 {
            let text = format!("[\"{}\\\"]\",1]", "x".repeat(padding));
            assert_eq!(end(&text), Ok(text.len()), "{padding}");
            let text = format!("[\"{}\\\\\",1]", "x".repeat(padding));
            assert_eq!(end(&text), Ok(text.len()), "{padding}");
        }
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(end(&text), Ok(200_000));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            "[\\x20-\\x7e\\\\\"\\[\\]{}é漢]{0,70}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 60, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
                proptest::collection::vec(("[a-z\\\\\"]{0,9}", inner), 0..8)
                    .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_end_is_the_end_of_any_document(value in any_json(), pretty: bool) {
            let mut text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            let length = text.len();
            text.push(',');
            prop_assert_eq!(skip_value(text.as_bytes(), 0), Ok(length));
        }
    }
}
