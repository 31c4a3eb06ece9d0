//! Selections: lines of `path = test`.

use std::ops::Range;

use toml::de::DeValue;

use super::entries::{Entries, Node, number, table, text, wrong_type};
use super::sink::At;
use super::{Decoder, path, table_column};
use crate::pack::fault::suggestion;
use crate::pack::model::{Alias, Bound, Operator, Path, Scalar, Select, SelectLine, Test};

const OPERATORS: [&str; 11] =
    ["empty", "not", "matches", "same-as", "above", "below", "in-table", "not-in-table", "any", "all", "cased"];

/// A selection with the places of its lines.
pub(crate) struct SelectAt {
    pub(crate) name: At<String>,
    pub(crate) found: Option<At<bool>>,
    pub(crate) lines: Vec<Line>,
}

/// A line with the places of its parts.
pub(crate) struct Line {
    pub(crate) path: At<Path>,
    pub(crate) operators: Vec<OperatorAt>,
    pub(crate) cased: bool,
}

/// An operator with its place.
pub(crate) struct OperatorAt {
    pub(crate) operator: Operator,
    pub(crate) span: Range<usize>,
    /// The lines of `any` and `all`.
    pub(crate) inner: Vec<Line>,
}

impl SelectAt {
    pub(crate) fn model(&self) -> Select {
        let found = self.found.iter().map(|found| SelectLine::Found(found.value));
        let values = self.lines.iter().map(|line| SelectLine::Value(line.path.value.clone(), line.test()));
        Select { name: self.name.value.clone(), lines: found.chain(values).collect() }
    }
}

impl Line {
    fn test(&self) -> Test {
        Test { operators: self.operators.iter().map(OperatorAt::model).collect(), cased: self.cased }
    }
}

impl OperatorAt {
    fn model(&self) -> Operator {
        let inner = || self.inner.iter().map(|line| (line.path.value.clone(), line.test())).collect();
        match &self.operator {
            Operator::Any(_) => Operator::Any(inner()),
            Operator::All(_) => Operator::All(inner()),
            other => other.clone(),
        }
    }
}

impl Decoder<'_> {
    /// `[select.NAME]`.
    pub(super) fn select(&mut self, name: At<String>, entries: &Entries<'_>) -> SelectAt {
        self.kebab(&name, "selection");
        if matches!(name.value.as_str(), "and" | "or" | "not") {
            let message = format!("a selection cannot be called `{}`", name.value);
            self.sink.error("bad-name", &name.span, message, "a word of the grammar");
        }
        let mut select = SelectAt { name, found: None, lines: Vec::new() };
        for (key, node) in entries.all() {
            if key.value == "found" {
                match node.get_ref().as_bool() {
                    Some(value) => select.found = Some(At { value, span: key.span }),
                    None => {
                        wrong_type(node, "found", "true or false", &mut self.sink);
                    }
                }
            } else if let Some(line) = self.line(key, node) {
                select.lines.push(line);
            }
        }
        if entries.all().is_empty() {
            let message = format!("the selection `{}` has no lines", select.name.value);
            self.sink.error("empty-selection", &entries.span, message, "nothing here");
        }
        select
    }

    fn line(&mut self, key: At<String>, node: Node<'_>) -> Option<Line> {
        let path = self.path(&key, false);
        let (operators, cased) = self.test(&key, node);
        let path = path?;
        Some(Line { path: At { value: path, span: key.span }, operators, cased })
    }

    fn lines(&mut self, node: Node<'_>, operator: &str) -> Vec<Line> {
        let Some(entries) = table(node, format!("`{operator}`"), &mut self.sink) else { return Vec::new() };
        let all = entries.all();
        if all.is_empty() {
            let message = format!("`{operator}` has no lines");
            self.sink.error("empty-selection", &entries.span, message, "nothing here");
        }
        all.into_iter().filter_map(|(key, node)| self.line(key, node)).collect()
    }

    fn test(&mut self, key: &At<String>, node: Node<'_>) -> (Vec<OperatorAt>, bool) {
        let DeValue::Table(inner) = node.get_ref() else {
            let operator = self.scalars(node, &key.value).map(Operator::OneOf);
            return (operator.map(|operator| at(operator, node)).into_iter().collect(), false);
        };
        let entries = Entries::new(inner, node.span(), "a test");
        let mut operators = Vec::new();
        let mut cased = false;
        for (name, node) in entries.all() {
            if name.value == "cased" {
                cased = self.flag(node, "cased").unwrap_or_default();
            } else {
                operators.extend(self.operator(&name, node, key));
            }
        }
        if inner.is_empty() || (operators.is_empty() && cased && inner.len() == 1) {
            self.sink.error("empty-test", &node.span(), format!("the test of `{}` tests nothing", key.value), "");
        }
        (operators, cased)
    }

    fn operator(&mut self, name: &At<String>, node: Node<'_>, key: &At<String>) -> Option<OperatorAt> {
        let operator = match name.value.as_str() {
            "empty" => Operator::Empty(self.flag(node, "empty")?),
            "not" => Operator::Not(self.scalars(node, "not")?),
            "matches" => {
                let pattern = text(node, "matches", &mut self.sink)?;
                self.regex(&pattern);
                Operator::Matches(pattern.value)
            }
            "same-as" => {
                let text = text(node, "same-as", &mut self.sink)?;
                Operator::SameAs(self.path(&text, false)?)
            }
            "above" => Operator::Above(self.bound(node, "above")?),
            "below" => Operator::Below(self.bound(node, "below")?),
            "in-table" | "not-in-table" => {
                let text = text(node, &name.value, &mut self.sink)?;
                let (table, column, rows) = table_column(&text, self.context, &mut self.sink)?;
                Operator::InTable { table, column, rows, there: name.value == "in-table" }
            }
            "any" | "all" => {
                let inner = self.lines(node, &name.value);
                let operator = if name.value == "any" { Operator::Any(Vec::new()) } else { Operator::All(Vec::new()) };
                return Some(OperatorAt { operator, span: node.span(), inner });
            }
            other => {
                let message = format!("there is no operator `{other}`");
                let fault = self.sink.error("unknown-operator", &name.span, message, "unknown operator");
                fault.help = suggestion(other, &OPERATORS, "Operators");
                let is_alias = path::alias(&key.value, &self.look_ups).is_some();
                if is_alias {
                    let whole = format!("\"{}.{other}\"", key.value);
                    fault.help(format!("A path with a dot stands in quotes: {whole}."));
                }
                return None;
            }
        };
        Some(at(operator, node))
    }

    fn flag(&mut self, node: Node<'_>, key: &str) -> Option<bool> {
        let flag = node.get_ref().as_bool();
        if flag.is_none() {
            wrong_type(node, key, "true or false", &mut self.sink);
        }
        flag
    }

    /// A scalar or a list of scalars.
    fn scalars(&mut self, node: Node<'_>, key: &str) -> Option<Vec<Scalar>> {
        let Some(list) = node.get_ref().as_array() else {
            return self.scalar(node, key).map(|scalar| vec![scalar]);
        };
        if list.is_empty() {
            let message = format!("the list for `{key}` is empty");
            self.sink.error("empty-test", &node.span(), message, "needs at least one value").help =
                Some("An empty value is tested by `{ empty = true }`.".to_owned());
            return None;
        }
        list.iter().map(|item| self.scalar(item, key)).collect()
    }

    pub(super) fn scalar(&mut self, node: Node<'_>, key: &str) -> Option<Scalar> {
        match node.get_ref() {
            DeValue::String(text) => Some(Scalar::Text(text.to_string())),
            DeValue::Boolean(flag) => Some(Scalar::Flag(*flag)),
            _ => {
                let number = number(node).map(Scalar::Number);
                if number.is_none() {
                    wrong_type(node, key, "a text, a flag or a number", &mut self.sink);
                }
                number
            }
        }
    }

    /// A number, a path, or "30 days ago" and "in 30 days".
    fn bound(&mut self, node: Node<'_>, key: &str) -> Option<Bound> {
        if let Some(number) = number(node) {
            return Some(Bound::Number(number));
        }
        if node.get_ref().as_str().is_none() {
            wrong_type(node, key, "a number, a path, or a time such as \"30 days ago\"", &mut self.sink);
            return None;
        }
        let text = text(node, key, &mut self.sink)?;
        if let Some(days) = days(&text.value) {
            return Some(Bound::Days(days));
        }
        if text.value.contains(char::is_whitespace) {
            let message = format!("`{}` is no time", text.value);
            self.sink.error("bad-time", &text.span, message, "neither a path nor a time").help =
                Some("Times are \"30 days ago\" and \"in 30 days\".".to_owned());
            return None;
        }
        self.path(&text, false).map(Bound::Path)
    }

    /// Reports a regular expression that does not compile.
    pub(super) fn regex(&mut self, pattern: &At<String>) -> Option<regex::Regex> {
        match regex::Regex::new(&pattern.value) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                self.sink.error("bad-pattern", &pattern.span, "the regular expression is not valid", reason);
                None
            }
        }
    }
}

fn at(operator: Operator, node: Node<'_>) -> OperatorAt {
    OperatorAt { operator, span: node.span(), inner: Vec::new() }
}

/// Days after the as-of date.
fn days(text: &str) -> Option<i64> {
    let mut words = text.split_whitespace();
    let sign = match (words.next()?, words.next()?, words.next()?) {
        (number, "day" | "days", "ago") => -number.parse::<u32>().ok().map(i64::from)?,
        ("in", number, "day" | "days") => number.parse::<u32>().ok().map(i64::from)?,
        _ => return None,
    };
    words.next().is_none().then_some(sign)
}

/// Whether a path leads from the object that the selection is applied to.
pub(crate) fn is_relative(path: &Path) -> bool {
    path.alias == Alias::Object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_in_days() {
        assert_eq!(days("30 days ago"), Some(-30));
        assert_eq!(days("1 day ago"), Some(-1));
        assert_eq!(days("in 30 days"), Some(30));
        for text in ["30 days", "in 30", "30 hours ago", "-3 days ago", "30 days ago now"] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
