//! Placeholders in commands stand outside quotes: each becomes a quoted literal of its own.

use std::ops::Range;

use super::sink::Problem;
use super::template::Placeholder;

/// The placeholders that stand inside a quoted string of a PowerShell command.
pub(crate) fn quoted_placeholders(text: &str, placeholders: &[Placeholder]) -> Vec<Problem> {
    let mut open: Option<u8> = None;
    let mut at = 0;
    let mut problems = Vec::new();
    for Placeholder { span, .. } in placeholders {
        open = scan(&text.as_bytes()[at..span.start], open);
        if open.is_some() {
            problems.push(problem(span.clone()));
        }
        at = span.end;
    }
    problems
}

/// The quote that is open after some text. A comment ends with its line.
fn scan(text: &[u8], mut open: Option<u8>) -> Option<u8> {
    let mut comment = false;
    let mut escaped = false;
    let mut before = b' ';
    for &byte in text {
        if escaped {
            escaped = false;
        } else if comment {
            comment = byte != b'\n';
        } else if open == Some(byte) {
            open = None; // a doubled quote closes and opens again
        } else if byte == b'`' && open != Some(b'\'') {
            escaped = true;
        } else if open.is_none() && matches!(byte, b'\'' | b'"') {
            open = Some(byte);
        } else if open.is_none() && byte == b'#' && before.is_ascii_whitespace() {
            comment = true;
        }
        before = byte;
    }
    open
}

fn problem(range: Range<usize>) -> Problem {
    Problem {
        code: "quoted-placeholder",
        range,
        message: "a placeholder in a command stands outside quotes".to_owned(),
        label: "inside a quoted string".to_owned(),
        help: Some("It becomes a quoted literal of its own; join texts by `+`: ('smtp:' + {mail}).".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::decode::template;

    const NONE: [&str; 0] = [];

    fn quoted(text: &str) -> Vec<&str> {
        let (_, placeholders) = template::parse(text, &[], &mut Vec::new());
        quoted_placeholders(text, &placeholders).into_iter().map(|problem| &text[problem.range]).collect()
    }

    #[test]
    fn placeholders_outside_quotes_are_fine() {
        assert_eq!(quoted("Get-MgUser -UserId {id} | ? { $_.A -contains ('smtp:' + {mail}) }"), NONE);
        assert_eq!(quoted(r#"Get-X -Filter ("a -eq '" + ({key} -replace "'", "''") + "'")"#), NONE);
        assert_eq!(quoted("# the user's own\nGet-MgUser -UserId {id}"), NONE);
    }

    #[test]
    fn placeholders_inside_quotes_are_found() {
        assert_eq!(quoted("Get-X '{id}'"), ["{id}"]);
        assert_eq!(quoted("Get-X -Filter \"mail eq {mail}\" -Id {id}"), ["{mail}"]);
        assert_eq!(quoted("Get-X \"a`\" {mail}\""), ["{mail}"]);
    }
}
