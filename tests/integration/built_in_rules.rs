//! Every built-in rule, tried by its own tests, with data left out and with the rule changed.

use aaddoctor::engine::rules_test::{RuleReport, test_rule};
use aaddoctor::pack::embedded;
use aaddoctor::pack::load::load_files;
use aaddoctor::pack::render::render;

use crate::harness::{Workspace, own_rules};

#[test]
fn every_rule_passes_its_tests_and_keeps_the_law() {
    let loaded = load_files(&[]);
    assert!(loaded.written.len() >= 20);
    let mut total = RuleReport::default();
    let mut faults = Vec::new();
    for written in loaded.written.values() {
        let report = test_rule(&written.rule, &written.tests, embedded::tables());
        println!("{}: {} {} {}", report.rule, report.tests, report.ablations, report.mutants);
        total.tests += report.tests;
        total.ablations += report.ablations;
        total.mutants += report.mutants;
        faults.extend(report.faults.iter().map(|fault| format!("{}: {}", report.rule, fault.message)));
    }
    println!(
        "{} rules: {} tests, {} ablations, {} mutants",
        loaded.written.len(),
        total.tests,
        total.ablations,
        total.mutants
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_has_a_fault() {
    let loaded = load_files(&[]);
    assert!(loaded.faults.is_empty(), "{}", render(&loaded.faults, &loaded.sources, false));
}

/// The condition itself is the rule's own shorthand; the page shows what it says.
#[test]
fn whom_a_fix_is_for_is_said_in_words() {
    for pack in embedded::builtin().unwrap() {
        for rule in &pack.rules {
            for fix in rule.fixes.iter().filter(|fix| fix.when.is_some()) {
                assert!(fix.only_if.is_some(), "{}: the fix {} has `when` and no `only-if`", rule.id, fix.id);
            }
        }
    }
}

#[test]
fn the_program_tests_rules_by_name() {
    let run = Workspace::new().run(&["rules", "test", "company-missing", "--rules", &own_rules()]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.starts_with("company-missing: "), "{}", run.out);
    assert!(run.out.ends_with(". 0 faults.\n"), "{}", run.out);
    let run = Workspace::new().run(&["rules", "test", "usage-location-mising"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("did you mean usage-location-missing?"), "{}", run.err);
}

#[test]
fn a_rule_that_fails_its_test_is_a_wrong_pack() {
    let workspace = Workspace::new();
    let folder = std::path::PathBuf::from(own_rules()).join("own");
    let rule = std::fs::read_to_string(folder.join("company-missing.toml")).unwrap();
    workspace.file("rules/own/pack.toml", std::fs::read(folder.join("pack.toml")).unwrap());
    workspace.file("rules/own/company-missing.toml", rule.replacen("\"Sales\"", "\"\"", 1));
    let run = workspace.run(&["rules", "test", "own", "--rules", "rules"]);
    assert_eq!(run.code, Some(4), "{}", run.all());
    let fault = run.out.lines().find(|line| line.starts_with("  fault: ")).unwrap().replace('\\', "/");
    let (place, what) = fault.split_once(": test \"").unwrap();
    let number: usize = place.strip_prefix("  fault: rules/own/company-missing.toml:").unwrap().parse().unwrap();
    let test = rule.lines().nth(number - 1).unwrap();
    assert!(test.starts_with("name ") && what.starts_with(test.split('"').nth(1).unwrap()), "{fault}\n{test}");
    assert!(what.contains(": expected clear, got found (found: enabled on u1; missing: nothing)"), "{fault}");
    assert!(run.out.ends_with(". 1 fault.\n"), "{}", run.out);
}
