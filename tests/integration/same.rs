//! The same data gives the same report, however it is written, split, ordered and read.

use std::fs;

use aaddoctor::dump::Input;
use aaddoctor::engine::run::Options;
use aaddoctor::report::{self, Format, model::Report};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::tenants::{check_files, fixture, generated, input};

/// With a date of its own: pages and lines tell none.
fn options() -> Options {
    Options { now: Some("2026-11-03T00:00:00Z".parse().unwrap()), ..Options::default() }
}

/// The bytes of the report without its list of sources, which is about the files and not about the tenant.
fn report_of(inputs: &[Input], options: &Options) -> String {
    let mut report = check_files(inputs, options);
    for tenant in &mut report.tenants {
        assert!(!tenant.findings.is_empty());
        tenant.sources.clear();
    }
    shown(&report, Format::Json) + &shown(&report, Format::Markdown)
}

fn shown(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    report::render(report, format, &report::Options { all: true, ..report::Options::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The same without the numbers of the sources: for data in several files.
fn facts_of(inputs: &[Input], options: &Options) -> String {
    let mut report = serde_json::to_value(check_files(inputs, options)).unwrap();
    forget_sources(&mut report);
    serde_json::to_string_pretty(&report).unwrap()
}

fn forget_sources(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(forget_sources),
        Value::Object(object) => {
            object.retain(|key, _| key != "source" && key != "sources");
            object.values_mut().for_each(forget_sources);
        }
        _ => {}
    }
}

/// Says where two reports part.
fn assert_same(one: &str, other: &str, what: &str) {
    if one != other {
        let line = one.lines().zip(other.lines()).position(|(one, other)| one != other).unwrap_or(0);
        let around = |text: &str| text.lines().skip(line.saturating_sub(8)).take(16).collect::<Vec<_>>().join("\n");
        panic!("{what}: line {}\n{}\n--- but\n{}", line + 1, around(one), around(other));
    }
}

fn tenants() -> Vec<(&'static str, Value)> {
    vec![("contoso", fixture("contoso.json")), ("generated", generated(300, 5).0)]
}

fn bytes(bytes: Vec<u8>) -> [Input; 1] {
    [Input::Bytes("tenant.json".to_owned(), bytes)]
}

#[test]
fn any_number_of_threads() {
    // Larger than the piece that a thread takes at a time.
    let large = tenantgen::generate_in_memory(4_000, 9, None, &tenantgen::Options::default()).unwrap().0;
    for tenant in [fixture("contoso.json").to_string().into_bytes(), large] {
        let inputs = bytes(tenant);
        let [one, two, four] = [1, 2, 4].map(|threads| report_of(&inputs, &Options { threads, ..Options::default() }));
        assert_same(&one, &two, "two threads");
        assert_same(&one, &four, "four threads");
    }
}

#[test]
fn indented_and_in_any_encoding() {
    for (name, tenant) in tenants() {
        let compact = tenant.to_string();
        let indented = serde_json::to_string_pretty(&tenant).unwrap();
        let utf16 = |to_bytes: fn(u16) -> [u8; 2]| {
            std::iter::once(0xFEFF).chain(indented.encode_utf16()).flat_map(to_bytes).collect::<Vec<u8>>()
        };
        let escaped = compact.chars().map(|letter| if letter.is_ascii() { letter.to_string() } else { escape(letter) });
        let whole = report_of(&[input(&tenant)], &Options::default());
        for (what, bytes) in [
            ("indented", indented.clone().into_bytes()),
            ("with Windows line ends", indented.replace('\n', "\r\n").into_bytes()),
            ("with a byte order mark", format!("\u{feff}{indented}").into_bytes()),
            ("UTF-16, little end first", utf16(u16::to_le_bytes)),
            ("UTF-16, big end first", utf16(u16::to_be_bytes)),
            ("with escaped letters", escaped.collect::<String>().into_bytes()),
        ] {
            assert_same(&whole, &report_of(&self::bytes(bytes), &Options::default()), &format!("{name}, {what}"));
        }
    }
}

fn escape(letter: char) -> String {
    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[test]
fn users_shuffled_by_the_generator() {
    let export = |shuffle, users_at| {
        let options = tenantgen::Options { users_at, ..tenantgen::Options::default() };
        bytes(tenantgen::generate_in_memory(1_000, 11, shuffle, &options).unwrap().0)
    };
    let whole = report_of(&export(None, tenantgen::UsersAt::Middle), &Options::default());
    for users_at in [tenantgen::UsersAt::First, tenantgen::UsersAt::Last] {
        assert_same(&whole, &report_of(&export(Some(2), users_at), &Options::default()), "shuffled");
    }
}

/// A file for each collection, named by what it holds.
fn files(tenant: &Value) -> Vec<Input> {
    let collections = tenant.as_object().unwrap().iter().filter(|(name, _)| *name != "exportedAt");
    let file = |(name, objects): (&String, &Value)| {
        let content = json!({ "exportedAt": tenant["exportedAt"], name.as_str(): objects });
        Input::Bytes(format!("{name}.json"), content.to_string().into_bytes())
    };
    collections.map(file).collect()
}

#[test]
fn a_file_for_each_collection_in_any_order() {
    for (name, tenant) in tenants() {
        let whole = facts_of(&[input(&tenant)], &Options::default());
        let mut files = files(&tenant);
        for turn in 0..4 {
            let by = files.len() * turn / 4;
            files.rotate_left(by);
            if turn == 3 {
                files.reverse();
            }
            let split = facts_of(&files, &Options { threads: 1 + turn % 2, ..Options::default() });
            assert_same(&whole, &split, &format!("{name}, split"));
        }
        // In several files the sources are numbered by their content.
        let by_name = report_of(&files, &Options::default());
        files.reverse();
        assert_same(&by_name, &report_of(&files, &Options::default()), &format!("{name}, reversed"));
    }
}

/// The collections that Graph lists under a path, and that path.
const LISTED: [(&str, &str); 10] = [
    ("users", "users"),
    ("groups", "groups"),
    ("contacts", "contacts"),
    ("domains", "domains"),
    ("subscribedSkus", "subscribedSkus"),
    ("subscriptions", "directory/subscriptions"),
    ("directoryRoles", "directoryRoles"),
    ("roleAssignments", "roleManagement/directory/roleAssignments"),
    ("roleDefinitions", "roleManagement/directory/roleDefinitions"),
    ("directoryAudits", "auditLogs/directoryAudits"),
];

/// The listed collections as files of their own, the others as they are.
fn listed(tenant: &Value, file: impl Fn(&str, &str, &[Value]) -> Input) -> Vec<Input> {
    let mut rest = tenant.clone();
    let rest_of = rest.as_object_mut().unwrap();
    rest_of.remove("exportedAt");
    let taken: Vec<_> = LISTED.iter().map(|(name, path)| (name, path, rest_of.remove(*name).unwrap())).collect();
    let files = taken.iter().map(|(name, path, objects)| file(name, path, objects.as_array().unwrap()));
    files.chain([input(&rest)]).collect()
}

/// Two pages of which the first names the second.
fn pages(path: &str, objects: &[Value]) -> [Value; 2] {
    let context = format!("https://graph.microsoft.com/v1.0/$metadata#{path}");
    let (first, second) = objects.split_at(objects.len() / 2);
    let next = format!("https://graph.microsoft.com/v1.0/{path}?$skiptoken=2");
    [
        json!({ "@odata.context": context, "@odata.nextLink": next, "value": first }),
        json!({ "@odata.context": context, "value": second }),
    ]
}

#[test]
fn pages_and_lines() {
    for (name, mut tenant) in tenants() {
        tenant.as_object_mut().unwrap().remove("exportedAt");
        let whole = facts_of(&[input(&tenant)], &options());
        let list = listed(&tenant, |name, path, objects| {
            Input::Bytes(format!("{name}.json"), json!(pages(path, objects)).to_string().into_bytes())
        });
        assert_same(&whole, &facts_of(&list, &options()), &format!("{name}, lists of pages"));
        let concatenated = listed(&tenant, |name, path, objects| {
            let pages = pages(path, objects).map(|page| serde_json::to_string_pretty(&page).unwrap());
            Input::Bytes(format!("{name}.json"), pages.join("\n").into_bytes())
        });
        assert_same(&whole, &facts_of(&concatenated, &options()), &format!("{name}, pages one after the other"));
        let folder = tempfile::tempdir().unwrap();
        let lines = listed(&tenant, |name, _, objects| {
            // Where nothing in the objects tells what they are, the name of the file does.
            let file = folder.path().join(format!("{name}.ndjson"));
            let lines: String = objects.iter().map(|object| format!("{object}\n")).collect();
            fs::write(&file, lines).unwrap();
            Input::File(file)
        });
        assert_same(&whole, &facts_of(&lines, &options()), &format!("{name}, lines"));
    }
}

/// The keys of all objects in another order, and the objects of all lists of collections.
fn disordered(tenant: &Value, turn: usize) -> Value {
    let mut collections: Vec<_> = tenant.as_object().unwrap().iter().collect();
    let by = turn % collections.len();
    collections.rotate_left(by);
    let turned = collections.into_iter().map(|(name, objects)| {
        let objects = match objects {
            Value::Array(objects) if name != "requests" => {
                let mut objects: Vec<Value> = objects.iter().map(|object| keys_turned(object, turn)).collect();
                let by = turn % objects.len().max(1);
                objects.rotate_left(by);
                if turn % 2 == 1 {
                    objects.reverse();
                }
                Value::Array(objects)
            }
            other => keys_turned(other, turn),
        };
        (name.clone(), objects)
    });
    Value::Object(turned.collect::<Map<_, _>>())
}

fn keys_turned(value: &Value, turn: usize) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| keys_turned(item, turn)).collect(),
        Value::Object(object) => {
            let mut entries: Vec<_> =
                object.iter().map(|(key, value)| (key.clone(), keys_turned(value, turn))).collect();
            let by = turn % entries.len().max(1);
            entries.rotate_left(by);
            Value::Object(entries.into_iter().collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn objects_and_keys_in_any_order(turn in 1..1_000usize, threads in 1..4usize) {
        let tenant = fixture("contoso.json");
        let whole = report_of(&[input(&tenant)], &Options::default());
        let turned = report_of(&[input(&disordered(&tenant, turn))], &Options { threads, ..Options::default() });
        assert_same(&whole, &turned, "in another order");
    }

    #[test]
    fn users_in_two_files(cut in 0..45usize, overlap in 0..10usize) {
        let tenant = fixture("contoso.json");
        let whole = facts_of(&[input(&tenant)], &Options::default());
        let users = tenant["users"].as_array().unwrap();
        let mut first = tenant.clone();
        first["users"] = json!(users[..cut.max(1)]);
        let second = json!({ "exportedAt": tenant["exportedAt"], "users": users[cut.saturating_sub(overlap)..] });
        for inputs in [[input(&first), input(&second)], [input(&second), input(&first)]] {
            assert_same(&whole, &facts_of(&inputs, &Options::default()), "in two files");
        }
    }
}

/// The same with every list inside an object as Windows PowerShell 5.1 may write it.
fn wrapped(value: &Value, is_inside: bool) -> Value {
    match value {
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().map(|item| wrapped(item, true)).collect();
            if is_inside { json!({ "value": items, "Count": items.len() }) } else { items.into() }
        }
        Value::Object(object) => {
            object.iter().map(|(name, value)| (name.clone(), wrapped(value, is_inside))).collect::<Map<_, _>>().into()
        }
        plain => plain.clone(),
    }
}

#[test]
fn lists_that_windows_powershell_wraps() {
    for (name, tenant) in tenants() {
        let bare = report_of(&bytes(tenant.to_string().into_bytes()), &options());
        let text = serde_json::to_string_pretty(&wrapped(&tenant, false)).unwrap();
        assert!(text.contains("\"Count\""), "{name}");
        assert_same(&report_of(&bytes(text.into_bytes()), &options()), &bare, name);
    }
}
