//! `--lang nl`: everything that is printed about the demo tenant in Dutch, word for word.

use crate::harness::Workspace;

fn printed(arguments: &[&str]) -> String {
    let run = Workspace::with_fixtures().run(arguments);
    assert!(matches!(run.code, Some(0 | 1)), "{}", run.all());
    run.out
}

fn checked(arguments: &[&str]) -> String {
    printed(&[&["check", "contoso.json", "--now", "2026-11-03", "--lang", "nl"], arguments].concat())
}

#[test]
fn contoso_on_the_terminal() {
    insta::assert_snapshot!("contoso_terminal_dutch", checked(&[]));
}

#[test]
fn contoso_in_a_ticket() {
    insta::assert_snapshot!("contoso_markdown_dutch", checked(&["--format", "markdown"]));
}

#[test]
fn what_the_export_holds() {
    insta::assert_snapshot!("inspect_contoso_dutch", printed(&["inspect", "contoso.json", "--lang", "nl"]));
    insta::assert_snapshot!(
        "licenses_contoso_dutch",
        printed(&["inspect", "contoso.json", "--licenses", "--lang", "nl"])
    );
}

#[test]
fn a_page_about_a_rule() {
    insta::assert_snapshot!("explain_dutch", printed(&["explain", "usage-location-missing", "--lang", "nl"]));
}

/// Names of fields and codes are the contract; only texts are in the language, which the report names.
#[test]
fn the_report_for_programs_names_its_language() {
    let report: serde_json::Value = serde_json::from_str(&checked(&["--format", "json"])).unwrap();
    assert_eq!(report["language"], "nl");
    let english: serde_json::Value =
        serde_json::from_str(&printed(&["check", "contoso.json", "--now", "2026-11-03", "--format", "json"])).unwrap();
    assert_eq!(english["language"], "en");
    let ids = |report: &serde_json::Value| -> Vec<String> {
        let findings = report["tenants"][0]["findings"].as_array().unwrap();
        findings.iter().map(|finding| format!("{} {}", finding["fingerprint"], finding["severity"])).collect()
    };
    assert_eq!(ids(&report), ids(&english));
    assert_ne!(report["tenants"][0]["findings"][0]["title"], english["tenants"][0]["findings"][0]["title"]);
}

#[test]
fn the_language_is_that_of_the_locale() {
    let workspace = Workspace::with_fixtures();
    let with =
        |variables: &[(&str, &str)]| workspace.run_with(&["explain", "usage-location-missing"], variables, b"").out;
    assert_eq!(with(&[("LANG", "nl_NL.UTF-8")]), printed(&["explain", "usage-location-missing", "--lang", "nl"]));
    assert_eq!(with(&[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C")]), printed(&["explain", "usage-location-missing"]));
    let run = workspace.run(&["explain", "usage-location-missing", "--lang", "de"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
}
