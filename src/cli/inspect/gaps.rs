//! What an export lacks, by the command that brings it, and which rules wait for which of them.

use std::collections::{BTreeMap, BTreeSet};

use super::View;
use crate::cli::page::Page;
use crate::cli::words::fill;
use crate::engine::role_name;
use crate::report::connect;
use crate::report::model::{Missing, Remedy, RuleOutcome};
use crate::tenant::collect::{self, SCRIPT_COMMAND};
use crate::tenant::natural::natural;
use crate::tenant::schema::Collection;

/// Of so many commands each is run by itself; for more there is the script.
const FEW: usize = 3;

/// What one command brings, or what no command brings.
#[derive(Default)]
struct Gap<'a> {
    remedy: Option<&'a Remedy>,
    missing: Vec<&'a Missing>,
    rules: BTreeSet<&'a str>,
}

impl Gap<'_> {
    fn is_script(&self) -> bool {
        self.remedy.is_some_and(|remedy| remedy.command == SCRIPT_COMMAND)
    }

    /// Whether the script leaves it out.
    fn is_elsewhere(&self) -> bool {
        self.missing.iter().any(|missing| {
            Collection::from_name(&missing.collection)
                .is_none_or(|collection| collect::is_elsewhere(collection, missing.property.as_deref()))
        })
    }
}

/// What the export lacks for a rule; what a request does not say is for whoever asks.
fn lacking(rule: &RuleOutcome) -> impl Iterator<Item = &Missing> {
    rule.missing.iter().filter(|missing| missing.collection != "requests")
}

/// Whether the export is what keeps a rule from saying more.
pub(super) fn is_hindered(rule: &RuleOutcome) -> bool {
    matches!(rule.outcome.as_str(), "notAssessed" | "partial" | "found") && lacking(rule).next().is_some()
}

fn gaps<'a>(rules: &[&'a RuleOutcome]) -> Vec<Gap<'a>> {
    // Without a command, each collection is a gap of its own.
    let mut gaps: BTreeMap<(Option<&str>, &str), Gap<'a>> = BTreeMap::new();
    for rule in rules {
        for missing in lacking(rule) {
            let command = missing.remedy.as_ref().map(|remedy| remedy.command.as_str());
            let key = (command, if command.is_none() { missing.collection.as_str() } else { "" });
            let gap = gaps.entry(key).or_default();
            gap.remedy = missing.remedy.as_ref();
            gap.missing.push(missing);
            gap.rules.insert(&rule.rule);
        }
    }
    let mut gaps: Vec<Gap<'a>> = gaps.into_values().collect();
    gaps.sort_by_key(|gap| (!gap.is_script(), gap.remedy.is_none(), std::cmp::Reverse(gap.rules.len())));
    gaps
}

/// Writes how to get what some rules lack: each command once.
pub(super) fn write(view: &View, rules: &[&RuleOutcome], page: &mut Page) {
    let words = view.words;
    let gaps = gaps(rules);
    let (script, rest): (Vec<&Gap<'_>>, Vec<&Gap<'_>>) = gaps.iter().partition(|gap| gap.is_script());
    let commands: Vec<&Remedy> = rest.iter().filter_map(|gap| gap.remedy).collect();
    let with_script = !script.is_empty() || commands.len() > FEW;
    if with_script {
        page.text(2, words.script_brings).code(4, SCRIPT_COMMAND);
        if let Some(gap) = script.first() {
            page.labeled(2, words.only_script, &what(view, gap));
        }
    }
    if !commands.is_empty() {
        page.text(2, if with_script { words.one_by_one } else { words.sign_in });
        page.code(4, &connect::to_collect(&commands).join("\n"));
        let roles: BTreeSet<&str> = commands.iter().map(|remedy| role_name(&remedy.role, view.language)).collect();
        page.text(2, &fill(words.takes_role, &[&roles.into_iter().collect::<Vec<_>>().join(", ")]));
        page.gap();
    }
    let label = |index: usize| format!("{}.", index + 1);
    for (index, gap) in rest.iter().enumerate() {
        page.labeled(2, &label(index), &what(view, gap));
        match gap.remedy {
            Some(remedy) => page.code(5, &remedy.command),
            None => page.text(5, words.no_command),
        };
    }
    page.gap().text(2, words.who_waits);
    let mut by_needs: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for rule in rules {
        let is_waiting = |gap: &Gap<'_>| gap.rules.contains(rule.rule.as_str());
        let takes_script = script.iter().any(|gap| is_waiting(gap));
        // The script brings all that Graph has.
        let takes = |gap: &&Gap<'_>| is_waiting(gap) && (!takes_script || gap.is_elsewhere());
        let numbers = rest.iter().enumerate().filter(|(_, gap)| takes(gap)).map(|(index, _)| (index + 1).to_string());
        let needs: Vec<String> = takes_script.then(|| words.the_script.to_owned()).into_iter().chain(numbers).collect();
        let part = if rule.outcome == "notAssessed" { "" } else { words.in_part };
        let needs_text = needs.join(" + ");
        by_needs
            .entry((needs.len(), natural(&needs_text), needs_text))
            .or_default()
            .push(format!("{}{part}", rule.rule));
    }
    for ((.., needs), rules) in by_needs {
        page.labeled(2, &format!("{needs}:"), &rules.join(", "));
    }
}

/// "users: mail, usageLocation and 4 more".
fn what(view: &View, gap: &Gap<'_>) -> String {
    let mut parts: BTreeMap<_, BTreeSet<Option<&str>>> = BTreeMap::new();
    for missing in &gap.missing {
        let key = (missing.collection.as_str(), missing.reason.as_str(), missing.objects);
        parts.entry(key).or_default().insert(missing.property.as_deref());
    }
    let parts = parts.into_iter().map(|((collection, reason, objects), properties)| {
        let mut text = collection.to_owned();
        if !properties.contains(&None) {
            let names: Vec<&str> = properties.into_iter().flatten().collect();
            text = format!("{text}: {}", view.listed(&names));
        }
        if let Some(objects) = objects {
            text = fill(view.words.missing_of, &[&text, &objects.to_string()]);
        }
        if reason != "not-collected" {
            text.push_str(&format!(" ({})", view.reason(reason)));
        }
        text
    });
    parts.collect::<Vec<_>>().join("; ")
}
