//! `rules test`: the rules tried by their own tests.

use super::args::TestArguments;
use super::error::Error;
use super::exit::Exit;
use super::names::{self, Scope};
use super::output::Output;
use crate::engine::rules_test::{RuleFault, RuleReport, test_rule};
use crate::pack::load::{self, Written};

/// Tests the rules that are named, or all.
pub(crate) fn test(arguments: &TestArguments, output: &mut Output) -> Result<Exit, Error> {
    let loaded = load::load_files(&arguments.packs.folders);
    if loaded.is_broken() {
        output.faults(&loaded.faults, &loaded.sources)?;
        return Err(names::unusable());
    }
    let wanted = names::known(&loaded.packs, &arguments.rules, "RULE", Scope::RulesAndPacks)?;
    let is_wanted = |written: &&Written| {
        wanted.is_empty() || wanted.iter().any(|name| *name == written.rule.id || *name == written.rule.pack)
    };
    let mut total = RuleReport::default();
    let mut rules = 0;
    for written in loaded.written.values().filter(is_wanted) {
        let report = test_rule(&written.rule, &written.tests, loaded.packs.tables());
        let source = loaded.sources.get(&written.file).map_or("", String::as_str);
        let file = written.file.display();
        let one = |fault: &RuleFault| match &fault.test {
            Some(test) => format!("  fault: {file}:{}: {}\n", line(source, test.start), fault.message),
            None => format!("  fault: {file}: {}\n", fault.message),
        };
        let faults: String = report.faults.iter().map(one).collect();
        output.print(&format!("{}: {}\n{faults}", report.rule, counts(&report)))?;
        rules += 1;
        total.tests += report.tests;
        total.ablations += report.ablations;
        total.mutants += report.mutants;
        total.faults.extend(report.faults);
    }
    let faults = total.faults.len();
    output.print(&format!("{}: {}. {}.\n", number(rules, "rule"), counts(&total), number(faults, "fault")))?;
    Ok(if faults == 0 { Exit::Good } else { Exit::Pack })
}

/// The line, from 1, in which a place of a text is.
fn line(source: &str, place: usize) -> usize {
    source.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

fn counts(report: &RuleReport) -> String {
    let numbers = [(report.tests, "test"), (report.ablations, "ablation"), (report.mutants, "mutant")];
    numbers.map(|(count, noun)| number(count, noun)).join(", ")
}

fn number(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
