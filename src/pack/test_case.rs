//! The tests in a rule file: a small tenant, and what the rule must say of it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value};
use toml::de::DeValue;

use super::decode::{At, Entries, Node, Sink, confidence, severity, table, text, wrong_type};
use super::fault::{nearest, suggestion};
use super::model::{Confidence, Severity};
use crate::tenant::schema::{Collection, SCHEMA};

/// One test of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCase {
    /// What it shows.
    pub name: String,
    /// The collections, as a dump would hold them. A key that an object lacks was not collected for it.
    pub given: Value,
    /// Tables that stand in for the program's: for each name its rows.
    pub tables: BTreeMap<String, Vec<Map<String, Value>>>,
    /// Collections that are not complete, and why.
    pub incomplete: BTreeMap<Collection, String>,
    /// The collections of the home tenant's dump.
    pub home: Option<Value>,
    /// Settings, as a settings file would hold them.
    pub settings: Option<Value>,
    /// The time of `--now`.
    pub now: Option<String>,
    /// When the export says it was made.
    pub exported_at: Option<String>,
    /// What the rule must say.
    pub expect: Expect,
    /// The fields that the rule must name as missing.
    pub missing: Vec<String>,
    /// Where the test's name stands in the file.
    pub span: Range<usize>,
}

/// What a rule must say.
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// Nothing is wrong, and everything was looked at.
    Clear,
    /// Nothing was found, and not everything could be looked at.
    Partial,
    /// It cannot be told.
    NotAssessed,
    /// There is no request that the rule is about.
    NotAsked,
    /// These findings, and no others.
    Findings(Vec<ExpectedFinding>),
}

/// A finding that a test expects; what is none is not compared.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedFinding {
    /// The check.
    pub check: String,
    /// The values that make the group, joined by a blank.
    pub key: Option<String>,
    /// The ids of the objects, in order.
    pub objects: Vec<String>,
    /// The severity.
    pub severity: Option<Severity>,
    /// The confidence.
    pub confidence: Option<Confidence>,
    /// The ids of the fixes offered.
    pub fixes: Option<Vec<String>>,
    /// Values that texts may name.
    pub values: BTreeMap<String, Value>,
}

/// Reads the tests of a rule, and reports which of the required kinds is not there.
pub(crate) fn decode(
    tables: Vec<Entries<'_>>,
    checks: &[String],
    fixes: &[At<String>],
    rule: &Range<usize>,
    sink: &mut Sink<'_>,
) -> Vec<TestCase> {
    let known = Known { checks, fixes };
    let cases: Vec<_> = tables.into_iter().filter_map(|entries| case(entries, &known, sink)).collect();
    let has = |wanted: fn(&Expect) -> bool| cases.iter().any(|case| wanted(&case.expect));
    let kinds = [
        (has(|expect| matches!(expect, Expect::Findings(_))), "a finding"),
        (has(|expect| matches!(expect, Expect::Clear)), "\"clear\""),
        (has(|expect| matches!(expect, Expect::NotAssessed)), "\"not-assessed\""),
    ];
    let missing: Vec<_> = kinds.into_iter().filter(|(there, _)| !there).map(|(_, words)| words).collect();
    if !missing.is_empty() && !sink.broken {
        let message = format!("the rule has no test that expects {}", missing.join(", none that expects "));
        sink.error("missing-test", rule, message, "");
    }
    cases
}

struct Known<'a> {
    checks: &'a [String],
    fixes: &'a [At<String>],
}

fn case(mut entries: Entries<'_>, known: &Known<'_>, sink: &mut Sink<'_>) -> Option<TestCase> {
    let name = entries.need_text("name", sink);
    if let Some(name) = &name {
        entries.call(format!("the test \"{}\"", name.value));
    }
    let given = entries.need("given").and_then(|node| table(node, "`given`".to_owned(), sink));
    let expect = entries.need("expect").and_then(|node| expect(node, known, sink));
    let missing = entries.texts("missing", sink);
    for text in &missing {
        let field = text.value.strip_prefix("home.").unwrap_or(&text.value);
        known_collection(
            &At { value: field.split('.').next().unwrap_or(field).to_owned(), span: text.span.clone() },
            sink,
        );
    }
    let span = name.as_ref().map_or_else(|| entries.span.clone(), |name| name.span.clone());
    entries.finish(sink);

    let mut given = given?;
    let tables = override_tables(&mut given, sink);
    let incomplete = incomplete(&mut given, sink);
    let home = given.get("home").map(|node| {
        if let Some(home) = table(node, "`home`".to_owned(), sink) {
            collections(&home.all(), sink);
        }
        json(node)
    });
    let settings = given.get("settings").map(json);
    let now = time(&mut given, "now", sink);
    let exported_at = time(&mut given, "exportedAt", sink);
    let rest = given.rest();
    if rest.is_empty() && !sink.broken {
        sink.error("empty-given", &given.span, "a test without collections proves nothing", "no collection here");
    }
    collections(&rest, sink);
    let given = Value::Object(rest.into_iter().map(|(key, node)| (key.value, json(node))).collect());
    let missing = missing.into_iter().map(|text| text.value).collect();
    let name = name?.value;
    let expect = expect?;
    Some(TestCase { name, given, tables, incomplete, home, settings, now, exported_at, expect, missing, span })
}

fn expect(node: Node<'_>, known: &Known<'_>, sink: &mut Sink<'_>) -> Option<Expect> {
    const WORDS: [(&str, Expect); 4] = [
        ("clear", Expect::Clear),
        ("partial", Expect::Partial),
        ("not-assessed", Expect::NotAssessed),
        ("not-asked", Expect::NotAsked),
    ];
    let names = WORDS.each_ref().map(|(name, _)| *name);
    match node.get_ref() {
        DeValue::String(word) => {
            let found = WORDS.iter().find(|(name, _)| name == word).map(|(_, expect)| expect.clone());
            if found.is_none() {
                let message = format!("there is no verdict `{word}`");
                sink.error("unknown-verdict", &node.span(), message, "unknown verdict").help =
                    suggestion(word, &names, "Verdicts");
            }
            found
        }
        DeValue::Array(list) if !list.is_empty() => {
            let items: Vec<_> = list.iter().map(|item| finding(item, known, sink)).collect();
            items.into_iter().collect::<Option<_>>().map(Expect::Findings)
        }
        _ => {
            wrong_type(node, "expect", "a verdict or a list of findings", sink).help =
                Some(format!("Verdicts: {}.", names.join(", ")));
            None
        }
    }
}

fn finding(node: Node<'_>, known: &Known<'_>, sink: &mut Sink<'_>) -> Option<ExpectedFinding> {
    let mut entries = table(node, "an expected finding".to_owned(), sink)?;
    let check = entries.need_text("check", sink);
    if let Some(check) = check.as_ref().filter(|check| !known.checks.contains(&check.value)) {
        let names: Vec<_> = known.checks.iter().map(String::as_str).collect();
        sink.error("unknown-check", &check.span, format!("there is no check `{}`", check.value), "unknown check")
            .help = suggestion(&check.value, &names, "Checks");
    }
    let key = entries.text("key", sink).map(|key| key.value);
    let objects = entries.need("objects").map(|node| super::decode::texts(node, "objects", sink));
    let severity_text = entries.text("severity", sink);
    let severity = severity_text.and_then(|text| severity(&text, sink));
    let confidence_text = entries.text("confidence", sink);
    let confidence = confidence_text.and_then(|text| confidence(&text, sink));
    let fixes = entries.has("fixes").then(|| entries.texts("fixes", sink));
    for fix in fixes.iter().flatten().filter(|fix| !known.fixes.iter().any(|id| id.value == fix.value)) {
        let names: Vec<_> = known.fixes.iter().map(|id| id.value.as_str()).collect();
        sink.error("unknown-fix", &fix.span, format!("there is no fix `{}`", fix.value), "unknown fix").help =
            suggestion(&fix.value, &names, "Fixes");
    }
    let values = entries.table("values", sink);
    let values = values.iter().flat_map(Entries::all).map(|(key, node)| (key.value, json(node))).collect();
    entries.finish(sink);
    Some(ExpectedFinding {
        check: check?.value,
        key,
        objects: objects?.into_iter().map(|object| object.value).collect(),
        severity,
        confidence,
        fixes: fixes.map(|fixes| fixes.into_iter().map(|fix| fix.value).collect()),
        values,
    })
}

fn override_tables(given: &mut Entries<'_>, sink: &mut Sink<'_>) -> BTreeMap<String, Vec<Map<String, Value>>> {
    let mut found = BTreeMap::new();
    for (name, node) in given.table("tables", sink).iter().flat_map(Entries::all) {
        match json(node) {
            Value::Array(rows) if rows.iter().all(Value::is_object) => {
                let rows = rows.into_iter().filter_map(|row| match row {
                    Value::Object(row) => Some(row),
                    _ => None,
                });
                found.insert(name.value, rows.collect());
            }
            _ => {
                wrong_type(node, &name.value, "a list of rows", sink);
            }
        }
    }
    found
}

fn incomplete(given: &mut Entries<'_>, sink: &mut Sink<'_>) -> BTreeMap<Collection, String> {
    let mut found = BTreeMap::new();
    for (name, node) in given.table("incomplete", sink).iter().flat_map(Entries::all) {
        let reason = text(node, &name.value, sink);
        if let (Some(collection), Some(reason)) = (known_collection(&name, sink), reason) {
            found.insert(collection, reason.value);
        }
    }
    found
}

fn time(given: &mut Entries<'_>, key: &'static str, sink: &mut Sink<'_>) -> Option<String> {
    let node = given.get(key)?;
    match node.get_ref() {
        DeValue::Datetime(time) => Some(time.to_string()),
        _ => text(node, key, sink).map(|text| text.value),
    }
}

/// Reports collections that do not exist, and warns of properties that are not known.
fn collections(entries: &[(At<String>, Node<'_>)], sink: &mut Sink<'_>) {
    for (name, node) in entries {
        let Some(collection) = known_collection(name, sink) else { continue };
        let single = node.get_ref().as_table().into_iter();
        let several = node.get_ref().as_array().into_iter().flatten().filter_map(|item| item.get_ref().as_table());
        for key in single.chain(several).flat_map(toml::de::DeTable::keys) {
            let property = key.get_ref();
            if collection.property(property).is_some() || property.starts_with('@') {
                continue;
            }
            let names = collection.schema().properties.iter().map(|known| known.name);
            if let Some(nearest) = nearest(property, names) {
                let message = format!("`{}` has no property `{property}` that is known", collection.name());
                sink.warning("unknown-property", &key.span(), message, "unknown property")
                    .help(format!("Did you mean `{nearest}`?"));
            }
        }
    }
}

fn known_collection(name: &At<String>, sink: &mut Sink<'_>) -> Option<Collection> {
    let found = Collection::from_name(&name.value);
    if found.is_none() {
        let names: Vec<_> = SCHEMA.iter().map(|entry| entry.name).collect();
        let message = format!("there is no collection `{}`", name.value);
        sink.error("unknown-collection", &name.span, message, "unknown collection").help =
            suggestion(&name.value, &names, "Collections");
    }
    found
}

/// The same value in JSON; dates become texts, as Graph writes them.
fn json(node: Node<'_>) -> Value {
    match node.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(float) => float.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Array(list) => Value::Array(list.iter().map(json).collect()),
        DeValue::Table(inner) => {
            let entries = Entries::new(inner, node.span(), "");
            Value::Object(entries.all().into_iter().map(|(key, node)| (key.value, json(node))).collect())
        }
    }
}
