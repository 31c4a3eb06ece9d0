//! The two tenants that come with the program: everything that is printed about them, word for word.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::Workspace;
use crate::tenants::{check_tenant, fixture, packs};

/// The day after the exports were made.
const NOW: [&str; 2] = ["--now", "2026-11-03"];

fn printed(arguments: &[&str]) -> String {
    let workspace = Workspace::with_fixtures();
    workspace.file("litware.json", fixture("litware.json").to_string());
    let run = workspace.run(arguments);
    assert!(matches!(run.code, Some(0 | 1)), "{}", run.all());
    run.out
}

fn checked(arguments: &[&str]) -> String {
    printed(&[&["check"], arguments, &NOW].concat())
}

/// Compares with the snapshot. Digests change with every word of a rule and every byte of a fixture.
macro_rules! assert_printed {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ filters => [("[0-9a-f]{32}\"", "DIGEST\"")], omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn nothing_is_wrong_in_healthy() {
    let report = check_tenant(&fixture("healthy.json"));
    let tenant = &report.tenants[0];
    let severities: BTreeSet<_> = tenant.findings.iter().map(|finding| finding.severity.as_str()).collect();
    assert!(severities.iter().all(|severity| *severity == "info"), "{:?}", tenant.findings);
    assert_eq!(tenant.rules.len(), packs().rules().count());
    for rule in &tenant.rules {
        let is_decided =
            matches!(rule.outcome.as_str(), "clear" | "notAsked") || rule.outcome == "found" && !severities.is_empty();
        assert!(is_decided && rule.missing.is_empty(), "{}: {} {:?}", rule.rule, rule.outcome, rule.missing);
    }
}

/// Contoso owns what some rules miss: those find something in Litware.
#[test]
fn every_rule_finds_something_in_the_demos() {
    let mut found = BTreeSet::new();
    for arguments in [&["contoso.json"][..], &["litware.json", "--guests-need", "P1=50,Basic=100"]] {
        let report: Value = serde_json::from_str(&checked(&[arguments, &["--format", "json"]].concat())).unwrap();
        let findings = report["tenants"][0]["findings"].as_array().unwrap();
        found.extend(findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()));
    }
    let rules: BTreeSet<_> = packs().rules().map(|rule| rule.id.clone()).collect();
    assert_eq!(found, rules);
}

#[test]
fn contoso_on_a_screen() {
    let text = checked(&["contoso.json"]);
    assert_printed!("contoso_terminal", &text);
    for line in text.lines().filter(|line| line.chars().count() > 80) {
        let is_command = line.starts_with("      ") || line.starts_with("    Get-");
        assert!(is_command, "only commands are longer than 80 columns: {line}");
    }
}

#[test]
fn contoso_for_a_ticket() {
    assert_printed!("contoso_markdown", checked(&["contoso.json", "--format", "markdown"]));
}

#[test]
fn contoso_for_programs() {
    let text = checked(&["contoso.json", "--format", "json"]);
    assert_keeps_the_contract(&text);
    assert_printed!("contoso_json", text);
}

#[test]
fn healthy_in_every_format() {
    assert_printed!("healthy_terminal", checked(&["healthy.json"]));
    assert_printed!("healthy_markdown", checked(&["healthy.json", "--format", "markdown"]));
    let json = checked(&["healthy.json", "--format", "json"]);
    assert_keeps_the_contract(&json);
    assert_printed!("healthy_json", json);
}

#[test]
fn what_the_exports_hold() {
    assert_printed!("inspect_contoso", printed(&["inspect", "contoso.json"]));
    assert_printed!("inspect_healthy", printed(&["inspect", "healthy.json"]));
    assert_printed!("inspect_contoso_licenses", printed(&["inspect", "contoso.json", "--licenses"]));
    assert_printed!("inspect_healthy_licenses", printed(&["inspect", "healthy.json", "--licenses"]));
}

#[test]
fn pages_about_rules() {
    assert_printed!("explain_usage_location_missing", printed(&["explain", "usage-location-missing"]));
    assert_printed!("rules_list", printed(&["rules", "list"]));
}

#[test]
fn reports_of_part_of_the_data_keep_the_contract() {
    let workspace = Workspace::with_fixtures();
    let mut tenant = fixture("contoso.json");
    for name in ["contacts", "domains", "organization"] {
        tenant.as_object_mut().unwrap().remove(name);
    }
    workspace.file("part.json", tenant.to_string());
    for arguments in [
        &["check", "part.json"][..],
        &["check", "part.json", "--about", "daan.mulder@contoso.example"],
        &["check", "contoso.json", "--only", "create-user", "--as", "anja.wouters@contoso.example"],
        &["check", "contoso.json", "--home-tenant", "healthy.json"],
    ] {
        assert_keeps_the_contract(&workspace.run(&[arguments, &["--format", "json"]].concat()).out);
    }
}

fn assert_keeps_the_contract(text: &str) {
    let schema: Value = serde_json::from_str(aaddoctor::report::json::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let report: Value = serde_json::from_str(text).unwrap();
    let faults: Vec<_> =
        validator.iter_errors(&report).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
