//! Texts with placeholders: `{path}` and `{path : 'fallback'}`.

use super::path;
use super::sink::{At, Problem};
use crate::pack::model::{Path, Template, TemplatePart};

/// A placeholder, and where it stands inside the text.
pub(crate) type Placeholder = At<Path>;

/// Reads a text. A brace is a placeholder only if a name follows it at once, so that script blocks stay what they are.
pub(crate) fn parse(text: &str, look_ups: &[String], problems: &mut Vec<Problem>) -> (Template, Vec<Placeholder>) {
    let mut parts = Vec::new();
    let mut placeholders = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|offset| at + offset) {
        literal.push_str(&text[at..open]);
        let after = open + 1;
        if !text[after..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            literal.push('{');
            at = after;
            continue;
        }
        match placeholder(text, after, look_ups) {
            Ok((path, fallback, end)) => {
                if !literal.is_empty() {
                    parts.push(TemplatePart::Text(std::mem::take(&mut literal)));
                }
                placeholders.push(At { value: path.clone(), span: open..end });
                parts.push(TemplatePart::Placeholder { path, fallback });
                at = end;
            }
            Err((problem, end)) => {
                problems.push(problem);
                at = end;
            }
        }
    }
    literal.push_str(&text[at..]);
    if !literal.is_empty() {
        parts.push(TemplatePart::Text(literal));
    }
    (Template { parts }, placeholders)
}

/// Reads a placeholder from behind its brace to behind its closing brace. A fault comes with where to go on.
fn placeholder(
    text: &str,
    start: usize,
    look_ups: &[String],
) -> Result<(Path, Option<String>, usize), (Problem, usize)> {
    let rest = &text[start..];
    let Some(stop) = rest.find(['}', ':', '{', '\n']).filter(|&stop| matches!(rest.as_bytes()[stop], b'}' | b':'))
    else {
        return Err((bad(start - 1..start, "a placeholder is not closed", "opened here"), start));
    };
    let inside = &rest[..stop];
    let mut end = start + stop + 1;
    let mut fallback = None;
    if rest.as_bytes()[stop] == b':' {
        let (text_of, length) = quoted(&rest[stop + 1..]).ok_or_else(|| {
            let range = start - 1..end;
            (bad(range, "the fallback of a placeholder must stand in single quotes", "after this"), end)
        })?;
        fallback = Some(text_of.to_owned());
        end += length;
    }
    match path::parse(inside, look_ups, true) {
        Ok(path) => Ok((path, fallback, end)),
        Err(mut problem) => {
            problem.range = start + problem.range.start..start + problem.range.end;
            if problem.code == "bad-path" {
                problem.help = Some("A brace that is meant as text is followed by a blank.".to_owned());
            }
            Err((problem, end))
        }
    }
}

/// `'text'` and the closing brace, with blanks between: the text, and how far it goes.
fn quoted(text: &str) -> Option<(&str, usize)> {
    let opened = text.trim_start().strip_prefix('\'')?;
    let (inside, after) = opened.split_once('\'')?;
    let after = after.trim_start().strip_prefix('}')?;
    Some((inside, text.len() - after.len()))
}

fn bad(range: std::ops::Range<usize>, message: &str, label: &str) -> Problem {
    Problem {
        code: "bad-placeholder",
        range,
        message: message.to_owned(),
        label: label.to_owned(),
        help: Some("Write `{path}` or `{path : 'what stands there without a value'}`.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<(&'static str, std::ops::Range<usize>)>) {
        let mut problems = Vec::new();
        let (template, _) = parse(text, &[], &mut problems);
        let parts = template.parts.iter().map(|part| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Placeholder { path, fallback } => format!("<{}:{fallback:?}>", path::show(path, &[])),
        });
        (parts.collect(), problems.into_iter().map(|problem| (problem.code, problem.range)).collect())
    }

    #[test]
    fn placeholders_and_fallbacks() {
        let (parts, problems) = read("{a.b|domain}@{organization.x : '<your> .example'} now");
        assert_eq!(parts, ["<a.b|domain:None>", "@", "<organization.x:Some(\"<your> .example\")>", " now"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn script_blocks_are_text() {
        let (parts, _) = read("Where-Object { $_.A -eq {key} } | % {$_}");
        assert_eq!(parts, ["Where-Object { $_.A -eq ", "<key:None>", " } | % {$_}"]);
    }

    #[test]
    fn faults_have_a_place() {
        assert_eq!(read("x {a").1, [("bad-placeholder", 2..3)]);
        assert_eq!(read("x {a : b} {c}").1, [("bad-placeholder", 2..6)]);
        assert_eq!(read("x {a|dmain}").1, [("unknown-filter", 5..10)]);
        assert_eq!(read("@{a=1}").1, [("bad-path", 3..4)]);
    }
}
