//! `rules` and `explain`, with a pack of one's own whose words are part of the tests.

use serde_json::Value;

use crate::harness::{Workspace, own_rules};

#[test]
fn the_page_about_a_rule() {
    let run = Workspace::new().run(&["explain", "company-missing", "--rules", &own_rules()]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn every_built_in_rule_has_a_page() {
    let workspace = Workspace::new();
    let rules: Vec<Value> = serde_json::from_str(&workspace.run(&["rules", "list", "--format", "json"]).out).unwrap();
    assert!(rules.len() >= 20);
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        let run = workspace.run(&["explain", id]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{id}");
        for heading in ["What it finds\n", "What it reads\n"] {
            assert!(run.out.contains(heading), "{id}: {heading}");
        }
        let widest = run.out.lines().filter(|line| !is_copied(line)).map(|line| line.chars().count()).max();
        assert!(widest <= Some(80), "{id}");
    }
}

/// Commands and web addresses are never broken.
fn is_copied(line: &str) -> bool {
    line.starts_with("      ") || line.trim_start().starts_with("http")
}

#[test]
fn rules_are_listed_by_pack() {
    let run = Workspace::new().run(&["rules", "list", "--rules", &own_rules()]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.out.contains("\nRules of our own (own)\n  company-missing  medium\n      Enabled user has no company\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("  usage-location-missing "), "{}", run.out);
}

#[test]
fn rules_are_listed_for_programs() {
    let run = Workspace::new().run(&["rules", "list", "--format", "json", "--rules", &own_rules()]);
    let rules: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    let own = rules.iter().find(|rule| rule["id"] == "company-missing").unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(own).unwrap(), @r#"
    {
      "id": "company-missing",
      "pack": "own",
      "title": "Enabled user has no company",
      "since": "0.1.0",
      "status": "stable",
      "severities": [
        "medium",
        "medium"
      ],
      "symptoms": [
        "create-user"
      ],
      "off": null
    }
    "#);
}

#[test]
fn the_built_in_rules_are_without_fault() {
    let run = Workspace::new().run(&["rules", "lint"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}
