//! One small tenant as other tools write it: what a format can tell is found as in Graph's own, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::database;
use crate::harness::{Workspace, project};

/// A file or folder, its format, and how many objects of each kind it holds.
type Known = (&'static str, &'static str, &'static [(&'static str, u64)]);

/// The files of `fixtures/dialects`, what each is, and how many objects of each kind it holds.
const FILES: &[Known] = &[
    ("graph.json", "graph-bundle", &[("users", 3), ("domains", 3)]),
    ("graph-batch.json", "graph-batch", &[("users", 3), ("domains", 3)]),
    ("har.har", "har", &[("users", 3), ("domains", 3)]),
    ("dev-proxy.json", "dev-proxy", &[("users", 3), ("domains", 3)]),
    ("admin-center-users.csv", "admin-center-users", &[("users", 3), ("deletedUsers", 1)]),
    ("admin-center-users-excel.csv", "admin-center-users", &[("users", 3), ("deletedUsers", 1)]),
    ("entra-users.csv", "entra-users", &[("users", 3)]),
    ("powershell-users.csv", "powershell-csv", &[("users", 3)]),
    ("log-analytics.csv", "log-analytics", &[("users", 3)]),
    ("exchange-recipients.json", "exchange", &[("users", 3)]),
    ("accepted-domains.csv", "exchange", &[("domains", 2)]),
    ("msonline-users.json", "msonline", &[("users", 3)]),
    ("msonline-domains.csv", "msonline", &[("domains", 3)]),
    ("azuread-users.json", "azuread", &[("users", 3)]),
    ("scubagear.json", "scubagear", &[("domains", 3), ("subscribedSkus", 1), ("organization", 1)]),
    ("cipp-users.json", "cipp", &[("users", 3)]),
    ("azurehound.json", "azurehound", &[("users", 3)]),
    ("azurehound-cut.json", "azurehound", &[("users", 3)]),
    ("data-connect.json", "data-connect", &[("users", 3)]),
    ("powershell-users.json", "powershell-objects", &[("users", 3)]),
    ("graph-delta.json", "graph-pages", &[("users", 2)]),
    ("user-table.csv", "user-table", &[("users", 3)]),
    ("roadrecon.db", "roadrecon", &[("users", 3), ("organization", 1), ("groups", 1)]),
    ("roadrecon-graph.db", "roadrecon", &[("users", 3), ("organization", 1)]),
    ("entra-exporter", "entra-exporter", &[("users", 3), ("domains", 3), ("organization", 1), ("groups", 1)]),
    ("zt-export", "zero-trust-export", &[("users", 3), ("groups", 1)]),
    ("multiple-users.csv", "multiple-users", &[("requests", 1)]),
    ("bulk-create.csv", "bulk-create", &[("requests", 2)]),
    ("bulk-invite.csv", "bulk-invite", &[("requests", 1)]),
];

pub(crate) fn json(workspace: &Workspace, arguments: &[&str]) -> Value {
    let run = workspace.run(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{}", run.all()))
}

/// A folder with all of them.
pub(crate) fn dialects() -> Workspace {
    let workspace = Workspace::new();
    copy(&project("fixtures/dialects"), &workspace.path(""));
    database::old(&workspace.path("roadrecon.db"));
    database::graph(&workspace.path("roadrecon-graph.db"));
    workspace
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

/// The names of all files and folders.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, ..)| *name)
}

#[test]
fn no_fixture_is_forgotten() {
    for entry in fs::read_dir(project("fixtures/dialects")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "maester.json" || names().any(|known| known == name), "{name}");
    }
}

#[test]
fn each_format_is_recognized_with_what_it_holds() {
    let workspace = dialects();
    for (name, format, counts) in FILES {
        let report = json(&workspace, &["check", name]);
        let source = &report["tenants"][0]["sources"][0];
        assert_eq!(source["format"], *format, "{name}");
        let collections = source["collections"].as_array().unwrap();
        let found: BTreeMap<_, _> = collections
            .iter()
            .map(|known| (known["name"].as_str().unwrap(), known["count"].as_u64().unwrap()))
            .collect();
        assert_eq!(found, counts.iter().copied().collect(), "{name}");
    }
}

/// Rules and the sign-in names and addresses that they found.
pub(crate) fn findings(report: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let tenant = &report["tenants"][0];
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in tenant["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] != "info") {
        let objects = finding["affected"]["objects"].as_array().unwrap();
        let names = objects.iter().map(|key| {
            let object = &tenant["objects"][key.as_str().unwrap()];
            object["userPrincipalName"].as_str().or(object["displayName"].as_str()).unwrap_or_default().to_lowercase()
        });
        found.entry(finding["rule"].as_str().unwrap().to_owned()).or_default().extend(names);
    }
    found
}

#[test]
fn a_format_gives_the_same_findings_or_none() {
    let workspace = dialects();
    let expected = findings(&json(&workspace, &["check", "graph.json"]));
    // By hand: Jan and Mia share info@, Jan has no usage location, Eva's domain is not verified.
    let by_hand = [
        ("duplicate-proxy-address", &["jan@contoso.example", "mia@contoso.example"][..]),
        ("usage-location-missing", &["jan@contoso.example"]),
        ("user-name-domain-not-verified", &["eva@litware.example"]),
    ];
    for (rule, names) in by_hand {
        assert_eq!(expected.get(rule), Some(&names.iter().map(|name| (*name).to_owned()).collect()), "{rule}");
    }
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, ..) in FILES.iter().filter(|(.., counts)| !counts.iter().any(|(kind, _)| *kind == "requests")) {
        let found = findings(&json(&workspace, &["check", name]));
        for (rule, names) in &found {
            assert_eq!(Some(names), expected.get(rule), "{name}: {rule}");
        }
        by_hand
            .iter()
            .filter(|(rule, _)| found.contains_key(*rule))
            .for_each(|(rule, _)| *told.entry(rule).or_default() += 1);
    }
    // Formats that hold what a rule needs do find it: see the columns of each.
    assert_eq!(told["duplicate-proxy-address"], 19);
    assert!(told["usage-location-missing"] >= 8, "{told:?}");
    // Two files of one tenant complete each other: users without domains, domains without users.
    let both = findings(&json(&workspace, &["check", "entra-users.csv", "msonline-domains.csv"]));
    assert_eq!(both.get("user-name-domain-not-verified"), expected.get("user-name-domain-not-verified"));
}

#[test]
fn a_template_is_judged_before_it_is_uploaded_and_its_passwords_are_nowhere() {
    let workspace = dialects();
    for format in ["terminal", "json", "markdown"] {
        let run =
            workspace.run(&["check", "graph.json", "bulk-create.csv", "bulk-invite.csv", "--all", "--format", format]);
        assert!(!run.all().contains("Canary-7f3a91c2") && !run.all().contains("myPassword1234"), "{}", run.all());
    }
    let report = json(&workspace, &["check", "graph.json", "bulk-create.csv", "bulk-invite.csv"]);
    let found = findings(&report);
    assert!(found["user-name-taken"].contains("jan@contoso.example"), "{found:?}");
    assert!(found["user-name-domain-not-verified"].contains("noor@litware.example"), "{found:?}");
    assert!(found.contains_key("invite-to-own-user"), "{found:?}");
    let verdicts: Vec<_> = report["tenants"][0]["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["fails", "fails", "fails"]);
}

#[test]
fn a_report_of_another_tool_is_refused_with_what_to_bring() {
    let run = dialects().run(&["check", "maester.json"]);
    assert_eq!(run.code, Some(3));
    assert!(run.err.contains("a report of Maester"), "{}", run.err);
}

#[test]
fn archives_are_read_without_unpacking() {
    use std::io::Write;
    let workspace = dialects();
    let plain = findings(&json(&workspace, &["check", "graph.json"]));
    let bytes = std::fs::read(workspace.path("graph.json")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&bytes).unwrap();
    workspace.file("graph.json.gz", packed.finish().unwrap());
    assert_eq!(findings(&json(&workspace, &["check", "graph.json.gz"])), plain);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("export/tenant.json", options).unwrap();
    archive.write_all(&bytes).unwrap();
    archive.start_file("export/notes.txt", options).unwrap();
    archive.write_all(b"not for reading").unwrap();
    workspace.file("export.zip", archive.finish().unwrap().into_inner());
    assert_eq!(findings(&json(&workspace, &["check", "export.zip"])), plain);
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("users.json", options).unwrap();
    bomb.write_all(&vec![b' '; 8 << 20]).unwrap();
    workspace.file("bomb.zip", bomb.finish().unwrap().into_inner());
    let run = workspace.run(&["check", "bomb.zip"]);
    assert_eq!(run.code, Some(3));
    assert!(run.err.contains("it is no export"), "{}", run.err);
}

#[test]
fn damaged_files_are_never_wrong() {
    let workspace = dialects();
    let whole = findings(&json(&workspace, &["check", "graph.json"]));
    for name in names().filter(|name| workspace.path(name).is_file()) {
        let bytes = std::fs::read(workspace.path(name)).unwrap();
        let header = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let long = [&bytes[..bytes.len() / 2], &vec![b'x'; 10 << 20]].concat();
        let swapped: Vec<u8> = bytes.iter().map(|byte| if *byte == b',' { b';' } else { *byte }).collect();
        let mixed = [&bytes[..header], b"\xE9\x82,\xC3\xA9\r\n", &bytes[header..]].concat();
        let utf16 = [&bytes[..], &[0xFF, 0xFE, b'a', 0, b'b', 0]].concat();
        let doubled = [&bytes[..header], &bytes[..]].concat();
        let variants = [
            bytes[..bytes.len() / 2].to_vec(),
            bytes[..header].to_vec(),
            bytes[bytes.len() / 3..].to_vec(),
            long,
            swapped,
            mixed,
            utf16,
            doubled,
        ];
        for (index, variant) in variants.iter().enumerate() {
            let damaged = format!("damaged-{index}-{name}");
            workspace.file(&damaged, variant);
            let run = workspace.run(&["check", &damaged, "--format", "json"]);
            assert!(matches!(run.code, Some(0 | 1 | 3 | 5)), "{damaged}: {}", run.all());
            let Ok(report) = serde_json::from_str::<Value>(&run.out) else { continue };
            for (rule, names) in findings(&report) {
                // A name that is cut, or runs into a megabyte of letters, is one that no directory takes: the file says so.
                let is_about_letters = rule.starts_with("user-name") || rule.starts_with("mail-address");
                let is_known = whole.get(&rule).is_some_and(|known| names.is_subset(known));
                assert!(is_known || is_about_letters, "{damaged}: {rule} {names:?}");
            }
        }
    }
}
