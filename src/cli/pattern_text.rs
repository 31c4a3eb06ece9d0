//! A pattern of an error text as people read it: what stands there for certain, with names for what varies.

use regex_syntax::ast::{Ast, ClassPerlKind, GroupKind, RepetitionKind, RepetitionRange, parse::Parser};

/// The text that a pattern finds: optional parts left out, `<name>` for a group with a name, `…` for anything else that varies.
pub(super) fn readable(pattern: &str) -> String {
    let Ok(ast) = Parser::new().parse(pattern) else { return pattern.to_owned() };
    let mut text = String::new();
    write(&ast, &mut text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_matches(['…', ' ']).to_owned()
}

fn write(ast: &Ast, text: &mut String) {
    match ast {
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => {}
        Ast::Literal(literal) => text.push(literal.c),
        Ast::ClassPerl(class) if class.kind == ClassPerlKind::Space => text.push(' '),
        Ast::Dot(_) | Ast::ClassPerl(_) | Ast::ClassUnicode(_) | Ast::ClassBracketed(_) => anything(text),
        Ast::Repetition(repetition) => match (&repetition.op.kind, &*repetition.ast) {
            (RepetitionKind::ZeroOrOne | RepetitionKind::Range(RepetitionRange::Bounded(0, _)), _) => {}
            (RepetitionKind::ZeroOrMore, Ast::ClassPerl(class)) if class.kind == ClassPerlKind::Space => {}
            (_, inner) => write(inner, text),
        },
        Ast::Group(group) => match &group.kind {
            GroupKind::CaptureName { name, .. } => {
                text.push('<');
                text.push_str(&name.name);
                text.push('>');
            }
            GroupKind::CaptureIndex(_) | GroupKind::NonCapturing(_) => write(&group.ast, text),
        },
        Ast::Alternation(either) => either.asts.first().into_iter().for_each(|first| write(first, text)),
        Ast::Concat(all) => all.asts.iter().for_each(|part| write(part, text)),
    }
}

fn anything(text: &mut String) {
    if !text.ends_with('…') {
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_has_a_name_and_what_may_be_missing_is_left_out() {
        for (pattern, text) in [
            (r"(?i)\bAADSTS50034\b", "AADSTS50034"),
            (r"\bAADSTS50020\b(?::? User account '(?<user>[^']+)' from identity provider)?", "AADSTS50020"),
            (
                r"service plan\s+\[?(?<plan>[0-9a-fA-F-]{36})\]?\s.*?depends on\s+the service plan\(s\)\s+\[?(?<other>[0-9a-fA-F-]{36})",
                "service plan <plan> …depends on the service plan(s) <other>",
            ),
            (r#"proxy address "(?:(?i:smtp):)?(?<address>[^"\s]+)" is"#, r#"proxy address "<address>" is"#),
            ("plain text. With a dot", "plain text… With a dot"),
            ("broken (", "broken ("),
        ] {
            assert_eq!(readable(pattern), text, "{pattern}");
        }
    }
}
