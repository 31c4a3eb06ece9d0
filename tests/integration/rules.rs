//! `rules` and `explain`, with a pack of one's own whose words are part of the tests.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Workspace, own_rules, project};

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

/// Every page is checked in, so that it can be read and linked without the program.
#[test]
fn the_pages_of_the_rules_are_current() {
    let workspace = Workspace::new();
    let run = workspace.run(&["rules", "docs", "pages"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let names = |folder: &Path| -> BTreeSet<String> {
        let files =
            std::fs::read_dir(folder).map(|files| files.map(|file| file.unwrap().file_name())).into_iter().flatten();
        files.map(|name| name.to_string_lossy().into_owned()).collect()
    };
    let (made, kept) = (workspace.path("pages"), project("docs/rules"));
    let how = "run: cargo run -- rules docs docs/rules (and delete pages of rules that are gone)";
    assert_eq!(names(&made), names(&kept), "{how}");
    for name in names(&made) {
        let is_same = std::fs::read(made.join(&name)).unwrap() == std::fs::read(kept.join(&name)).unwrap();
        assert!(is_same, "docs/rules/{name} is not what the rule's file says: {how}");
    }
}

#[test]
fn an_error_text_leads_to_its_rules() {
    let workspace = Workspace::new();
    let run = workspace
        .run(&["explain", "Another object with the same value for property userPrincipalName already exists."]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("\n  user-name-taken: "), "{}", run.out);
    let run = workspace.run(&["explain", "CountViolation"]);
    assert!(run.out.contains("\n  license-assignment-failed: "), "{}", run.out);
    let run =
        workspace.run(&["explain", "The specified password does not comply with password complexity requirements"]);
    assert!(run.out.contains("advice only"), "{}", run.out);
    let run = workspace.run(&["explain", "what nobody ever said"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.err.contains("nor is it an error text that is known"), "{}", run.err);
}

#[test]
fn a_topic_leads_to_its_rules_those_that_are_about_it_first() {
    let run = Workspace::new().run(&["explain", "Usage Location"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let rules: Vec<&str> = run.out.lines().filter_map(|line| line.strip_prefix("  ")?.split(':').next()).collect();
    assert_eq!(rules, ["usage-location-invalid", "usage-location-missing", "license-assignment-failed"]);
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

/// The blocks of code of a page that come behind a heading, each with the file that the line before it names.
fn files_of_page<'p>(page: &'p str, heading: &str) -> Vec<(&'p str, &'p str)> {
    let (_, part) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let part = part.split("\n## ").next().unwrap();
    let blocks: Vec<&str> = part.split("```").collect();
    let files = blocks.chunks_exact(2).map(|pair| {
        let (_, name) = pair[0].trim_end().trim_end_matches('`').rsplit_once('`').unwrap();
        (name, pair[1].strip_prefix("toml\n").unwrap())
    });
    files.collect()
}

/// What people copy from the description of the format works as it stands there.
#[test]
fn the_rule_in_the_description_of_the_format_passes() {
    let page = std::fs::read_to_string(project("rules/FORMAT.md")).unwrap();
    let workspace = Workspace::new();
    let files = files_of_page(&page, "A whole rule");
    assert_eq!(files.len(), 2);
    for (name, content) in files {
        workspace.file(name, content);
    }
    let run = workspace.run(&["rules", "lint", "my-rules/"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.all());
    let run = workspace.run(&["rules", "test", "--rules", "my-rules/", "own"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.all());
    assert!(run.out.contains("company-name-missing: 3 tests"), "{}", run.out);
}

#[test]
fn the_built_in_rules_are_without_fault() {
    let run = Workspace::new().run(&["rules", "lint"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}
