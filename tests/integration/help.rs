//! The help, word for word: it is the first thing that people read.

use crate::harness::Workspace;

fn help(arguments: &[&str]) -> String {
    let run = Workspace::new().run(arguments);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    run.out
}

#[test]
fn help_of_the_program() {
    insta::assert_snapshot!(help(&["--help"]));
    assert_eq!(help(&["-h"]), help(&["--help"]));
}

#[test]
fn help_of_check() {
    insta::assert_snapshot!(help(&["check", "--help"]));
}

#[test]
fn help_of_inspect() {
    insta::assert_snapshot!(help(&["inspect", "--help"]));
}

#[test]
fn help_of_explain() {
    insta::assert_snapshot!(help(&["explain", "--help"]));
}

#[test]
fn help_of_rules() {
    insta::assert_snapshot!(help(&["rules", "--help"]));
}

#[test]
fn help_of_rules_list() {
    insta::assert_snapshot!(help(&["rules", "list", "--help"]));
}

#[test]
fn help_of_rules_lint() {
    insta::assert_snapshot!(help(&["rules", "lint", "--help"]));
}

#[test]
fn help_of_collect_script() {
    insta::assert_snapshot!(help(&["collect-script", "--help"]));
}

/// Every subcommand shows how it is used, and every example begins as one types it.
#[test]
fn every_help_has_an_example() {
    for command in ["check", "inspect", "explain", "rules", "rules list", "rules lint", "collect-script"] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = help(&arguments);
        let (_, examples) = help.split_once("Examples:\n").unwrap_or_else(|| panic!("{command} has no example"));
        assert!(examples.contains(&format!("aaddoctor {command}")), "{command}");
    }
}

#[test]
fn version_is_the_packages() {
    let run = Workspace::new().run(&["--version"]);
    assert_eq!(run.out, format!("aaddoctor {}\n", env!("CARGO_PKG_VERSION")));
}
