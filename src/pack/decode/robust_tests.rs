//! Whatever a file holds, decoding it ends, and every fault is about a part of it.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use proptest::prelude::*;

use super::{Context, decode_pack, decode_rule};
use crate::pack::embedded;
use crate::pack::render::{Sources, render};

const RULE: &str = include_str!("../../../tests/packs/good/guest-of-sister-company.toml");
const BROKEN: &str = include_str!("../../../tests/packs/broken/kinds.toml");

fn decode(text: &str) {
    let file = Path::new("some-rule.toml");
    let context = Context { tables: Some(embedded::tables()), builtin: true };
    let mut faults = decode_rule(file, "pack", text, &context).faults;
    faults.extend(decode_pack(file, "pack", text).faults);
    for fault in &faults {
        assert!(text.get(fault.span.clone()).is_some(), "{fault:?}");
    }
    let sources = Sources::from([(file.to_path_buf(), text.to_owned())]);
    assert!(faults.is_empty() || render(&faults, &sources, false).contains("some-rule.toml"));
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [("[", "]"), ("{ a = ", "}"), ("a.", "b = 1")] {
        decode(&format!("x = {}{}", open.repeat(20_000), close.repeat(20_000)));
        decode(&format!("{}b = 1", open.repeat(20_000)));
    }
    decode(&format!("[{}a]\nb = 1", "a.".repeat(20_000)));
}

proptest! {
    #[test]
    fn any_text_ends(text in "\\PC{0,200}") {
        decode(&text);
    }

    #[test]
    fn a_changed_rule_ends(broken: bool, at in 0_usize..3_000, length in 0_usize..40, new in "[\\[\\]{}\"'=.,|: \\r\\na-z0-9é]{0,6}") {
        let text = if broken { BROKEN } else { RULE };
        let boundary = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at += 1;
            }
            at
        };
        let (start, end) = (boundary(at), boundary(at + length));
        decode(&format!("{}{new}{}", &text[..start], &text[end..]));
    }
}
