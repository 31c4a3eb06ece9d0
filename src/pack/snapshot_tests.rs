//! Faults as people see them, for the packs in `tests/packs`.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use super::decode::Context;
use super::embedded;
use super::fault::Level;
use super::load::{Loaded, Packs, load_beside};
use super::model::{Alias, CheckKind, Condition, Severity};
use super::render::{Sources, render, summary};

/// Loads a pack of `tests/packs` alone, with paths as on every system.
fn loaded(pack: &str) -> Loaded {
    let directory = PathBuf::from("tests/packs").join(pack);
    let context = Context { tables: Some(embedded::tables()), builtin: true };
    load_beside(Packs::default(), &[directory], &context)
}

fn rendered(loaded: &Loaded, file: &str) -> String {
    let faults: Vec<_> = loaded.faults.iter().filter(|fault| fault.file.ends_with(file)).cloned().collect();
    render(&faults, &loaded.sources, false).replace('\\', "/")
}

#[test]
fn every_fault_of_a_file_is_shown_at_once() {
    let loaded = loaded("broken");
    assert!(loaded.is_broken());
    for file in ["names", "kinds", "circle", "no-toml", "empty", "Bad_Name", "pack"] {
        insta::assert_snapshot!(format!("broken-{}", file.to_lowercase()), rendered(&loaded, &format!("{file}.toml")));
    }
}

#[test]
fn lines_are_counted_alike_with_the_line_ends_of_windows() {
    let file = PathBuf::from("tests/packs/broken/line-ends.toml");
    let unix = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    let context = Context { tables: Some(embedded::tables()), builtin: true };
    let places = |source: &str| {
        let faults = super::decode::decode_rule(&file, "broken", source, &context).faults;
        let places: Vec<_> = faults.iter().map(|fault| (fault.code, fault.line_and_column(source))).collect();
        (places, faults)
    };
    assert_eq!(places(&windows).0, places(&unix).0);
    let faults = places(&windows).1;
    insta::assert_snapshot!("broken-line-ends", render(&faults, &Sources::from([(file, windows)]), false));
}

#[test]
fn color_is_only_added() {
    let loaded = loaded("broken");
    let plain = render(&loaded.faults, &loaded.sources, false);
    let colored = render(&loaded.faults, &loaded.sources, true);
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
    assert!(plain.ends_with(&format!("{}\n", summary(&loaded.faults))));
}

#[test]
fn a_rule_without_faults_is_read_in_full() {
    let loaded = loaded("good");
    assert_eq!(render(&loaded.faults, &loaded.sources, false), "");
    let rule = loaded.packs.rule("guest-of-sister-company").unwrap();
    assert_eq!(loaded.packs.rule("sister-guest").map(|rule| rule.id.as_str()), Some("guest-of-sister-company"));
    assert_eq!(rule.checks[0].severity, Some(Severity::Low));
    let CheckKind::Match(check) = &rule.checks[0].kind else { panic!("{:?}", rule.checks[0].kind) };
    let select = |alias, select| Condition::Select { alias, select };
    assert_eq!(
        check.condition,
        Condition::And(vec![select(Alias::Object, 0), Condition::Not(Box::new(select(Alias::LookUp(0), 1)))])
    );
    let mut lines: Vec<String> = rule.checks.iter().map(|check| format!("{check:?}")).collect();
    lines.extend(rule.look_ups.iter().map(|look_up| format!("{look_up:?}")));
    lines.extend(rule.selects.iter().map(|select| format!("{select:?}")));
    lines.extend(rule.fixes.iter().map(|fix| format!("{fix:?}")));
    lines.extend([format!("{:?}", rule.error_texts), format!("{:?}", rule.report), format!("{:?}", rule.languages)]);
    for test in &loaded.written["guest-of-sister-company"].tests {
        // Where the test stands depends on the line ends that git wrote.
        lines.push(format!("{:?}", super::test_case::TestCase { span: 0..0, ..test.clone() }));
    }
    insta::assert_snapshot!("good", lines.join("\n\n"));
}

#[test]
fn warnings_do_not_keep_a_pack_from_being_used() {
    let loaded = loaded("warnings");
    assert!(loaded.faults.iter().all(|fault| fault.level == Level::Warning));
    assert_eq!(loaded.packs.rules().count(), 1);
    insta::assert_snapshot!("warnings", render(&loaded.faults, &loaded.sources, false).replace('\\', "/"));
}
