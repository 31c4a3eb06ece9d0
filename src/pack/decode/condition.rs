//! Conditions: selections joined by `and`, `or`, `not` and parentheses.

use std::ops::Range;

use super::path::{ALIASES, alias};
use super::sink::Problem;
use crate::pack::fault::suggestion;
use crate::pack::model::{Alias, Condition};

/// Deeper nesting than any condition a person would write.
const DEPTH_LIMIT: usize = 32;

/// The names that a condition may use.
pub(crate) struct Names<'a> {
    pub(crate) look_ups: &'a [String],
    pub(crate) selects: &'a [String],
}

/// Reads a condition. All unknown names are reported; of the grammar's faults the first is.
pub(crate) fn parse(text: &str, names: &Names<'_>, problems: &mut Vec<Problem>) -> Option<Condition> {
    let before = problems.len();
    let mut parser = Parser { tokens: tokens(text, problems), next: 0, end: text.len(), names, problems };
    let condition = parser.either(0);
    if let Some(token) = parser.tokens.get(parser.next).cloned()
        && parser.problems.len() == before
    {
        parser.fail(token.range, "`and` or `or` is missing here", "not expected");
    }
    condition.filter(|_| problems.len() == before)
}

#[derive(Clone)]
struct Token<'t> {
    text: &'t str,
    range: Range<usize>,
}

struct Parser<'p, 't> {
    tokens: Vec<Token<'t>>,
    next: usize,
    end: usize,
    names: &'p Names<'p>,
    problems: &'p mut Vec<Problem>,
}

impl<'t> Parser<'_, 't> {
    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.next).map(|token| token.text)
    }

    fn take(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn either(&mut self, depth: usize) -> Option<Condition> {
        let mut parts = vec![self.both(depth)?];
        while self.peek() == Some("or") {
            self.next += 1;
            parts.push(self.both(depth)?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Condition::Or(parts) })
    }

    fn both(&mut self, depth: usize) -> Option<Condition> {
        let mut parts = vec![self.negated(depth)?];
        while self.peek() == Some("and") {
            self.next += 1;
            parts.push(self.negated(depth)?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Condition::And(parts) })
    }

    fn negated(&mut self, depth: usize) -> Option<Condition> {
        let Some(token) = self.take() else {
            let at = self.end.saturating_sub(1);
            self.fail(at..self.end, "the condition ends where a selection should stand", "something is missing here");
            return None;
        };
        match token.text {
            "not" | "(" if depth == DEPTH_LIMIT => {
                self.fail(token.range, "the condition is nested too deeply", "too deep");
                None
            }
            "not" => Some(Condition::Not(Box::new(self.negated(depth + 1)?))),
            "(" => {
                let inner = self.either(depth + 1)?;
                if self.peek() == Some(")") {
                    self.next += 1;
                    return Some(inner);
                }
                self.fail(token.range, "a parenthesis is not closed", "opened here");
                None
            }
            ")" | "and" | "or" => {
                let message = format!("a selection must stand before `{}`", token.text);
                self.fail(token.range, message, "not expected");
                None
            }
            _ => Some(self.selection(&token)),
        }
    }

    /// A selection; an unknown one is reported and stands in as the first, so that the rest is read as well.
    fn selection(&mut self, token: &Token<'t>) -> Condition {
        let (alias_name, name) = match token.text.split_once('.') {
            Some((before, after)) => (Some(before), after),
            None => (None, token.text),
        };
        let mut found = Alias::Object;
        if let Some(alias_name) = alias_name {
            match alias(alias_name, self.names.look_ups) {
                Some(alias) => found = alias,
                None => {
                    let known: Vec<_> =
                        ALIASES.into_iter().chain(self.names.look_ups.iter().map(String::as_str)).collect();
                    let range = token.range.start..token.range.start + alias_name.len();
                    self.fail_with(
                        "unknown-alias",
                        range,
                        format!("there is no look-up or alias `{alias_name}`"),
                        "unknown alias",
                        suggestion(alias_name, &known, "Aliases"),
                    );
                }
            }
        }
        let position = self.names.selects.iter().position(|select| select == name);
        if position.is_none() {
            let known: Vec<_> = self.names.selects.iter().map(String::as_str).collect();
            let range = token.range.end - name.len()..token.range.end;
            let help = suggestion(name, &known, "Selections")
                .or_else(|| Some(format!("Selections are written as `[select.{name}]`.")));
            self.fail_with(
                "unknown-selection",
                range,
                format!("there is no selection `{name}`"),
                "unknown selection",
                help,
            );
        }
        let select = position.and_then(|index| u16::try_from(index).ok()).unwrap_or(0);
        Condition::Select { alias: found, select }
    }

    fn fail(&mut self, range: Range<usize>, message: impl Into<String>, label: &str) {
        self.fail_with("bad-condition", range, message, label, None);
    }

    fn fail_with(
        &mut self,
        code: &'static str,
        range: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: Option<String>,
    ) {
        self.problems.push(Problem { code, range, message: message.into(), label: label.to_owned(), help });
    }
}

/// Words and parentheses; other characters are reported and passed over.
fn tokens<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Token<'t>> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        if c.is_whitespace() {
            continue;
        }
        if is_word(c) {
            while let Some((at, c)) = rest.next_if(|(_, c)| is_word(*c)) {
                end = at + c.len_utf8();
            }
        } else if !matches!(c, '(' | ')') {
            problems.push(Problem {
                code: "bad-condition",
                range: start..end,
                message: format!("`{c}` cannot stand in a condition"),
                label: "not expected".to_owned(),
                help: Some("Conditions join selections by `and`, `or`, `not` and parentheses.".to_owned()),
            });
            continue;
        }
        tokens.push(Token { text: &text[start..end], range: start..end });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Condition>, Vec<(&'static str, Range<usize>)>) {
        let look_ups = ["domain".to_owned()];
        let selects = ["a".to_owned(), "b-c".to_owned()];
        let mut problems = Vec::new();
        let condition = parse(text, &Names { look_ups: &look_ups, selects: &selects }, &mut problems);
        (condition, problems.into_iter().map(|problem| (problem.code, problem.range)).collect())
    }

    fn select(alias: Alias, select: u16) -> Condition {
        Condition::Select { alias, select }
    }

    #[test]
    fn and_binds_closer_than_or() {
        let wanted = Condition::Or(vec![
            select(Alias::Object, 0),
            Condition::And(vec![Condition::Not(Box::new(select(Alias::LookUp(0), 1))), select(Alias::Target, 0)]),
        ]);
        assert_eq!(read("a or not domain.b-c and target.a"), (Some(wanted), Vec::new()));
    }

    #[test]
    fn parentheses_group() {
        let wanted = Condition::And(vec![
            select(Alias::Object, 0),
            Condition::Or(vec![select(Alias::Object, 0), select(Alias::Object, 1)]),
        ]);
        assert_eq!(read("a and (a or b-c)").0, Some(wanted));
    }

    #[test]
    fn all_unknown_names_are_reported_with_their_place() {
        let (condition, problems) = read("a and bc or domian.a");
        assert_eq!(condition, None);
        assert_eq!(problems, [("unknown-selection", 6..8), ("unknown-alias", 12..18)]);
    }

    #[test]
    fn grammar_faults_have_a_place() {
        assert_eq!(read("a and").1, [("bad-condition", 4..5)]);
        assert_eq!(read("(a or b-c").1, [("bad-condition", 0..1)]);
        assert_eq!(read("a a").1, [("bad-condition", 2..3)]);
        assert_eq!(read("a && b-c").1, [("bad-condition", 2..3), ("bad-condition", 3..4)]);
        assert_eq!(read("").1, [("bad-condition", 0..0)]);
        let deep = "not ".repeat(100_000) + "a";
        assert_eq!(read(&deep).1.len(), 1);
    }
}
