//! Checks: what each kind has of its own.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::check::provided;
use super::entries::{Entries, Node, number, one_or_more, table, text, wrong_type};
use super::scope::Frame;
use super::sink::At;
use super::{Decoder, confidence, known_table, operation, severity, word};
use crate::pack::fault::suggestion;
use crate::pack::model::{
    Comparison, Confidence, Duplicate, FieldRef, Grades, Match, Native, Over, Path, SetCheck, Severity, Term, Threshold,
};
use crate::tenant::schema::Collection;

/// The kinds of checks.
pub(crate) const KINDS: [&str; 6] = ["match", "duplicate", "conflict", "requires", "threshold", "native"];

impl Decoder<'_> {
    pub(super) fn match_kind(&mut self, entries: &mut Entries<'_>, frame: usize) -> Option<Match> {
        let over = self.over(entries, frame, "match", true);
        let text = entries.need_text("condition", &mut self.sink);
        let condition = text.and_then(|text| self.condition(&text, &[frame]));
        Some(Match { over: over?, condition: condition? })
    }

    pub(super) fn duplicate(&mut self, entries: &mut Entries<'_>, frame: usize) -> Option<Duplicate> {
        self.frames[frame].provided = provided("duplicate");
        let over = self.paths_by_collection(entries, "over", true);
        if let Some(over) = &over {
            self.frames[frame].objects = over.iter().map(|(collection, _)| *collection).collect();
        }
        if over.as_ref().is_some_and(Vec::is_empty) {
            let message = "a duplicate is looked for in at least one collection";
            self.sink.error("missing-key", &entries.span, message, "`over` is empty");
        }
        let at_least = self.at_least(entries);
        let held_as = self.paths_by_collection(entries, "held-as", false);
        let not_held_as = self.paths_by_collection(entries, "not-held-as", false);
        Some(Duplicate { over: over?, at_least, held_as: held_as?, not_held_as: not_held_as? })
    }

    pub(super) fn set_check(&mut self, entries: &mut Entries<'_>, frame: usize, requires: bool) -> Option<SetCheck> {
        let over = self.over(entries, frame, if requires { "requires" } else { "conflict" }, false);
        let set = self.need_path(entries, "set", frame);
        let lost = if requires { self.optional_path(entries, "lost", frame)? } else { None };
        let gained = self.optional_path(entries, "gained", frame)?;
        let table = entries.need_text("table", &mut self.sink);
        if let Some(table) = &table {
            let columns: &[&str] = if requires { &["plan", "needs"] } else { &["plans"] };
            known_table(table, columns, self.context, &mut self.sink);
        }
        let grades = self.grades(entries, table.as_ref());
        let condition = self.optional_condition(entries, frame)?;
        Some(SetCheck { over: over?, set: set?, lost, gained, table: table?.value, grades: grades?, condition })
    }

    pub(super) fn threshold(&mut self, entries: &mut Entries<'_>, frame: usize) -> Option<Threshold> {
        const WORDS: [(&str, Comparison); 5] = [
            ("<", Comparison::Below),
            ("<=", Comparison::AtMost),
            ("=", Comparison::Equal),
            (">=", Comparison::AtLeast),
            (">", Comparison::Above),
        ];
        let over = self.over(entries, frame, "threshold", true);
        let left = self.terms(entries, "left", frame);
        let op = entries.need_text("op", &mut self.sink);
        let op = op.and_then(|op| word(&op, "comparison", "unknown-operator", &WORDS, &mut self.sink));
        let right = self.terms(entries, "right", frame);
        let condition = self.optional_condition(entries, frame)?;
        Some(Threshold { over: over?, left: left?, op: op?, right: right?, condition })
    }

    pub(super) fn native(&mut self, entries: &mut Entries<'_>, frame: usize) -> Option<Native> {
        self.frames[frame].provided = provided("native");
        let name = entries.need_text("native", &mut self.sink);
        let reads = entries.need("reads");
        let texts = reads.map_or_else(Vec::new, |node| super::entries::texts(node, "reads", &mut self.sink));
        let reads: Vec<_> = texts.iter().filter_map(|text| self.field(text)).collect();
        self.frames[frame].objects = reads.iter().map(|field| field.collection).collect();
        let mut parameters = BTreeMap::new();
        for (key, node) in entries.table("parameters", &mut self.sink).iter().flat_map(Entries::all) {
            if let Some(scalar) = self.scalar(node, &key.value) {
                parameters.insert(key.value, scalar);
            }
        }
        let settings = entries.texts("settings", &mut self.sink).into_iter().map(|text| text.value).collect();
        Some(Native { name: name?.value, reads, parameters, settings })
    }

    /// `over`, `operation` and, for kinds that have candidates inside an object, `each`.
    fn over(&mut self, entries: &mut Entries<'_>, frame: usize, kind: &str, has_each: bool) -> Option<Over> {
        self.frames[frame].provided = provided(kind);
        let collection = entries.need_text("over", &mut self.sink).and_then(|text| self.collection(&text));
        if let Some(collection) = collection {
            self.frames[frame].objects = vec![collection];
        }
        let operation_node = entries.get("operation");
        let operations =
            operation_node.map_or_else(Vec::new, |node| super::entries::texts(node, "operation", &mut self.sink));
        for text in &operations {
            operation(text, &mut self.sink);
        }
        if let Some(node) = operation_node
            && collection.is_some_and(|collection| collection != Collection::Requests)
        {
            let message = "`operation` limits requests, and this check is over something else";
            self.sink.error("not-requests", &node.span(), message, "only with `over = \"requests\"`");
        }
        let has_each = has_each && entries.get("each").is_some();
        let each = if has_each { self.each(entries, frame) } else { None };
        let each = if has_each { Some(each?) } else { None };
        let operations = operations.into_iter().map(|text| text.value).collect();
        Some(Over { collection: collection?, operations, each })
    }

    fn each(&mut self, entries: &mut Entries<'_>, frame: usize) -> Option<Path> {
        let text = entries.text("each", &mut self.sink)?;
        let path = self.path(&text, false)?;
        let at = At { value: path.clone(), span: text.span };
        self.use_path(&at, &[frame]);
        self.frames[frame].each = Some(at);
        Some(path)
    }

    fn need_path(&mut self, entries: &mut Entries<'_>, key: &'static str, frame: usize) -> Option<Path> {
        let text = entries.need_text(key, &mut self.sink)?;
        let path = self.path(&text, false)?;
        self.use_path(&At { value: path.clone(), span: text.span }, &[frame]);
        Some(path)
    }

    /// Outer none: there is a path, and it has a fault.
    #[allow(clippy::option_option)]
    fn optional_path(&mut self, entries: &mut Entries<'_>, key: &'static str, frame: usize) -> Option<Option<Path>> {
        if entries.get(key).is_none() {
            return Some(None);
        }
        self.need_path(entries, key, frame).map(Some)
    }

    /// Outer none: there is a condition, and it has a fault.
    #[allow(clippy::option_option)]
    fn optional_condition(
        &mut self,
        entries: &mut Entries<'_>,
        frame: usize,
    ) -> Option<Option<crate::pack::model::Condition>> {
        if !entries.has("condition") {
            entries.get("condition");
            return Some(None);
        }
        let text = entries.text("condition", &mut self.sink)?;
        self.condition(&text, &[frame]).map(Some)
    }

    /// `{ users = "path", groups = ["path", "path"] }`.
    fn paths_by_collection(
        &mut self,
        entries: &mut Entries<'_>,
        key: &'static str,
        needed: bool,
    ) -> Option<Vec<(Collection, Vec<Path>)>> {
        let node = if needed {
            entries.need(key)?
        } else if let Some(node) = entries.get(key) {
            node
        } else {
            return Some(Vec::new());
        };
        let inner = table(node, format!("`{key}`"), &mut self.sink)?;
        let mut found = Some(Vec::new());
        for (name, node) in inner.all() {
            let collection = self.collection(&name);
            let texts = one_or_more(node, &name.value, &mut self.sink);
            let frame = self.frame(Frame::plain(collection.into_iter().collect()));
            let mut paths = Vec::new();
            let wanted = texts.len();
            for text in texts {
                if let Some(path) = self.path(&text, false) {
                    self.use_path(&At { value: path.clone(), span: text.span }, &[frame]);
                    paths.push(path);
                }
            }
            found =
                found.zip(collection.filter(|_| paths.len() == wanted && wanted > 0)).map(|(mut found, collection)| {
                    found.push((collection, paths));
                    found
                });
        }
        found
    }

    fn at_least(&mut self, entries: &mut Entries<'_>) -> Vec<(Collection, u32)> {
        let Some(inner) = entries.table("at-least", &mut self.sink) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, node) in inner.all() {
            let collection = self.collection(&name);
            match number(node).filter(|number| *number >= 1.0 && number.fract() == 0.0) {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a saturating cast is meant
                Some(number) => found.extend(collection.map(|collection| (collection, number as u32))),
                None => {
                    wrong_type(node, &name.value, "a whole number from 1", &mut self.sink);
                }
            }
        }
        found
    }

    fn terms(&mut self, entries: &mut Entries<'_>, key: &'static str, frame: usize) -> Option<Vec<Term>> {
        let node = entries.need(key)?;
        let Some(list) = node.get_ref().as_array() else {
            wrong_type(node, key, "a list of paths and numbers", &mut self.sink);
            return None;
        };
        list.iter().map(|item| self.term(item, key, frame)).collect()
    }

    fn term(&mut self, node: Node<'_>, key: &str, frame: usize) -> Option<Term> {
        if let Some(number) = number(node) {
            return Some(Term::Number(number));
        }
        if !matches!(node.get_ref(), DeValue::String(_)) {
            wrong_type(node, key, "a list of paths and numbers", &mut self.sink);
            return None;
        }
        let text = text(node, key, &mut self.sink)?;
        let path = self.path(&text, false)?;
        self.use_number(&At { value: path.clone(), span: text.span }, frame);
        Some(Term::Path(path))
    }

    fn grades(&mut self, entries: &mut Entries<'_>, table_name: Option<&At<String>>) -> Option<Grades> {
        let node = entries.need("grades")?;
        let mut inner = table(node, "`grades`".to_owned(), &mut self.sink)?;
        let column = inner.need_text("column", &mut self.sink);
        let mut values = BTreeMap::new();
        let mut seen = Vec::new();
        for (name, node) in inner.rest() {
            if let Some(grade) = self.grade(&name, node) {
                values.insert(name.value.clone(), grade);
            }
            seen.push(name);
        }
        if let (Some(table), Some(column)) = (table_name, &column) {
            self.all_grades(table, column, &seen);
        }
        Some(Grades { column: column?.value, values })
    }

    /// `"no-finding"`, or `{ severity, confidence }`.
    #[allow(clippy::option_option)] // outer none: a fault; inner none: no finding
    fn grade(&mut self, name: &At<String>, node: Node<'_>) -> Option<Option<(Severity, Confidence)>> {
        match node.get_ref() {
            DeValue::String(text) if text == "no-finding" => Some(None),
            DeValue::Table(_) => {
                let mut entries = table(node, format!("the grade `{}`", name.value), &mut self.sink)?;
                let severity_text = entries.need_text("severity", &mut self.sink);
                let confidence_text = entries.text("confidence", &mut self.sink);
                entries.finish(&mut self.sink);
                let severity = severity_text.and_then(|text| severity(&text, &mut self.sink));
                let confidence = match confidence_text {
                    Some(text) => confidence(&text, &mut self.sink)?,
                    None => Confidence::Likely,
                };
                Some(Some((severity?, confidence)))
            }
            _ => {
                wrong_type(node, &name.value, "\"no-finding\" or { severity = …, confidence = … }", &mut self.sink);
                None
            }
        }
    }

    /// Every value of the column must be mapped, and nothing else.
    fn all_grades(&mut self, table: &At<String>, column: &At<String>, seen: &[At<String>]) {
        let Some(table) = self.context.tables.and_then(|tables| tables.table(&table.value)) else { return };
        let Some(index) = table.column(&column.value) else {
            let known: Vec<_> = table.columns().collect();
            let message = format!("the table has no column `{}`", column.value);
            self.sink.error("unknown-column", &column.span, message, "unknown column").help =
                suggestion(&column.value, &known, "Columns");
            return;
        };
        let values = table.values(index);
        let missing: Vec<_> =
            values.iter().filter(|value| !seen.iter().any(|name| name.value == **value)).copied().collect();
        if !missing.is_empty() {
            let message = format!("the grades leave out: {}", missing.join(", "));
            self.sink.error("grade-missing", &column.span, message, "values of this column").help =
                Some("A value without a finding is mapped to \"no-finding\".".to_owned());
        }
        for name in seen.iter().filter(|name| !values.contains(&name.value.as_str())) {
            let message = format!("the column has no value `{}`", name.value);
            self.sink.error("unknown-grade", &name.span, message, "unknown value").help =
                suggestion(&name.value, &values, "Values");
        }
    }

    /// `users` or `users.accountEnabled`.
    pub(super) fn field(&mut self, text: &At<String>) -> Option<FieldRef> {
        let (name, property) = match text.value.split_once('.') {
            Some((name, property)) => (name, Some(property)),
            None => (text.value.as_str(), None),
        };
        let span = self.sink.inside(text, 0..name.len());
        let collection = self.collection(&At { value: name.to_owned(), span })?;
        if let Some(property) = property {
            let inside =
                At { value: property.to_owned(), span: self.sink.inside(text, name.len() + 1..text.value.len()) };
            let path = self.path(&inside, false)?;
            let frame = self.frame(Frame::plain(vec![collection]));
            self.use_path(&At { value: path, span: inside.span }, &[frame]);
        }
        Some(FieldRef { collection, property: property.map(str::to_owned) })
    }
}
