//! The keys of a TOML table: each is asked for once, and what nobody asked for is a fault.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::sink::{At, Sink};
use crate::pack::fault::suggestion;

/// A TOML value with its place.
pub(crate) type Node<'t> = &'t Spanned<DeValue<'t>>;

/// The keys of one table.
pub(crate) struct Entries<'t> {
    table: &'t DeTable<'t>,
    /// Where the table stands.
    pub(crate) span: Range<usize>,
    /// What the table is, with its article: "a check".
    what: String,
    asked: Vec<&'t str>,
    missing: Vec<&'static str>,
}

impl<'t> Entries<'t> {
    pub(crate) fn new(table: &'t DeTable<'t>, span: Range<usize>, what: impl Into<String>) -> Self {
        Self { table, span, what: what.into(), asked: Vec::new(), missing: Vec::new() }
    }

    /// Says more exactly what the table is, once that is known.
    pub(crate) fn call(&mut self, what: impl Into<String>) {
        self.what = what.into();
    }

    /// A key that may be there.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<Node<'t>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// A key that must be there; [`Self::finish`] reports it otherwise.
    pub(crate) fn need(&mut self, key: &'static str) -> Option<Node<'t>> {
        let found = self.get(key);
        if found.is_none() {
            self.missing.push(key);
        }
        found
    }

    /// Whether a key is there, without asking for it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn text(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<At<String>> {
        self.get(key).and_then(|node| text(node, key, sink))
    }

    pub(crate) fn need_text(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<At<String>> {
        let found = self.need(key).and_then(|node| text(node, key, sink))?;
        if found.value.trim().is_empty() {
            sink.error("empty-text", &found.span, format!("`{key}` is empty"), "needs a text");
        }
        Some(found)
    }

    pub(crate) fn flag(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<bool> {
        let node = self.get(key)?;
        let flag = node.get_ref().as_bool();
        if flag.is_none() {
            wrong_type(node, key, "true or false", sink);
        }
        flag
    }

    /// A list of texts; empty when the key is not there.
    pub(crate) fn texts(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<At<String>> {
        self.get(key).map_or_else(Vec::new, |node| texts(node, key, sink))
    }

    /// A table.
    pub(crate) fn table(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Entries<'t>> {
        self.get(key).and_then(|node| table(node, format!("`{key}`"), sink))
    }

    /// The tables of `[[key]]`; `what` names one of them.
    pub(crate) fn tables(&mut self, key: &'static str, what: &str, sink: &mut Sink<'_>) -> Vec<Entries<'t>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Some(list) = node.get_ref().as_array() else {
            wrong_type(node, key, "a list of tables", sink).help = Some(format!("Write `[[{key}]]`."));
            return Vec::new();
        };
        list.iter().filter_map(|item| table(item, what.to_owned(), sink)).collect()
    }

    /// The tables of `[key.NAME]`, in the order in which they stand.
    pub(crate) fn named(
        &mut self,
        key: &'static str,
        what: &str,
        sink: &mut Sink<'_>,
    ) -> Vec<(At<String>, Entries<'t>)> {
        let Some(outer) = self.table(key, sink) else { return Vec::new() };
        let named = outer.all().into_iter();
        named
            .filter_map(|(name, node)| {
                let inner = table(node, format!("{what} `{}`", name.value), sink)?;
                Some((name, inner))
            })
            .collect()
    }

    /// Every key and value, in the order in which they stand; they count as asked for.
    pub(crate) fn all(&self) -> Vec<(At<String>, Node<'t>)> {
        let mut all: Vec<_> = self
            .table
            .iter()
            .map(|(key, node)| (At { value: key.get_ref().to_string(), span: key.span() }, node))
            .collect();
        all.sort_by_key(|(key, _)| key.span.start);
        all
    }

    /// The keys and values that nobody has asked for yet.
    pub(crate) fn rest(&self) -> Vec<(At<String>, Node<'t>)> {
        self.all().into_iter().filter(|(key, _)| !self.asked.contains(&key.value.as_str())).collect()
    }

    /// Lets a key stand that was found in [`Self::rest`].
    pub(crate) fn accept(&mut self, key: &str) {
        if let Some((key, _)) = self.table.get_key_value(key) {
            self.asked.push(key.get_ref().as_ref());
        }
    }

    /// Reports the keys that must be there and are not.
    pub(crate) fn report_missing(&mut self, sink: &mut Sink<'_>) {
        let missing: Vec<_> = std::mem::take(&mut self.missing).iter().map(|key| format!("`{key}`")).collect();
        if !missing.is_empty() && !sink.broken {
            let keys = missing.join(", ");
            sink.error("missing-key", &self.span, format!("{} needs {keys}", self.what), "");
        }
    }

    /// Reports the keys that are missing, and those that nobody asked for.
    pub(crate) fn finish(mut self, sink: &mut Sink<'_>) {
        self.report_missing(sink);
        for (key, _) in self.rest() {
            let message = format!("{} has no key `{}`", self.what, key.value);
            sink.error("unknown-key", &key.span, message, "unknown key").help =
                suggestion(&key.value, &self.asked, "Known keys");
        }
    }
}

pub(crate) fn table<'t>(node: Node<'t>, what: String, sink: &mut Sink<'_>) -> Option<Entries<'t>> {
    if let Some(inner) = node.get_ref().as_table() {
        return Some(Entries::new(inner, node.span(), what));
    }
    sink.error("wrong-type", &node.span(), format!("{what} must be a table"), label_of(node));
    None
}

pub(crate) fn text(node: Node<'_>, key: &str, sink: &mut Sink<'_>) -> Option<At<String>> {
    if let Some(text) = node.get_ref().as_str() {
        // Line ends differ by the system a file was saved on; what it says must not.
        let value = if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text.to_owned() };
        return Some(At { value, span: node.span() });
    }
    wrong_type(node, key, "a text", sink);
    None
}

pub(crate) fn texts(node: Node<'_>, key: &str, sink: &mut Sink<'_>) -> Vec<At<String>> {
    let Some(list) = node.get_ref().as_array() else {
        wrong_type(node, key, "a list of texts", sink);
        return Vec::new();
    };
    list.iter().filter_map(|item| text(item, key, sink)).collect()
}

/// A text, or a list of texts.
pub(crate) fn one_or_more(node: Node<'_>, key: &str, sink: &mut Sink<'_>) -> Vec<At<String>> {
    match node.get_ref() {
        DeValue::Array(_) => texts(node, key, sink),
        _ => text(node, key, sink).into_iter().collect(),
    }
}

pub(crate) fn number(node: Node<'_>) -> Option<f64> {
    match node.get_ref() {
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|number| number as f64)
        }
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}

/// Reports a value of the wrong type.
pub(crate) fn wrong_type<'s>(
    node: Node<'_>,
    key: &str,
    wanted: &str,
    sink: &'s mut Sink<'_>,
) -> &'s mut crate::pack::fault::Fault {
    sink.error("wrong-type", &node.span(), format!("`{key}` must be {wanted}"), label_of(node))
}

fn label_of(node: Node<'_>) -> &'static str {
    match node.get_ref() {
        DeValue::String(_) => "this is a text",
        DeValue::Integer(_) | DeValue::Float(_) => "this is a number",
        DeValue::Boolean(_) => "this is a flag",
        DeValue::Datetime(_) => "this is a date",
        DeValue::Array(_) => "this is a list",
        DeValue::Table(_) => "this is a table",
    }
}

/// A word that must be one of a fixed few.
pub(crate) fn word<T: Copy>(
    text: &At<String>,
    what: &str,
    code: &'static str,
    words: &[(&'static str, T)],
    sink: &mut Sink<'_>,
) -> Option<T> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
        return Some(*value);
    }
    let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
    sink.error(code, &text.span, format!("there is no {what} `{}`", text.value), format!("unknown {what}")).help =
        suggestion(&text.value, &names, "Possible");
    None
}

/// Reports names that stand twice.
pub(crate) fn no_duplicates<'n>(
    names: impl IntoIterator<Item = &'n At<String>>,
    what: &str,
    code: &'static str,
    sink: &mut Sink<'_>,
) {
    let mut seen = BTreeMap::new();
    for name in names {
        if seen.insert(name.value.clone(), ()).is_some() {
            sink.error(code, &name.span, format!("two {what} are called `{}`", name.value), "the second one");
        }
    }
}
