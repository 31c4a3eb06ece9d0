//! What was checked and found clear, what was only half checked, and what the export lacks.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::model::{Acceptance, Missing, Remedy, Report, RuleOutcome};
use crate::report::text::{Label, Line};
use crate::report::words;
use crate::tenant::collect::SCRIPT_COMMAND;

use super::objects::literal;
use super::{Block, Context, Gap, Items};

pub(super) fn add(context: &Context<'_>, report: &Report, items: &mut Items) {
    accepted(context, items);
    if !context.tenant.rules.is_empty() {
        not_assessed(context, items);
        checked(context, report, items);
    }
}

/// The outcomes of one kind.
fn outcomes<'a>(context: &Context<'a>, outcome: &str) -> Vec<&'a RuleOutcome> {
    context.tenant.rules.iter().filter(|rule| rule.outcome == outcome).collect()
}

fn rule_ids<'a>(rules: impl IntoIterator<Item = &'a RuleOutcome>) -> Vec<Line> {
    rules.into_iter().map(|rule| literal(&rule.rule)).collect()
}

fn accepted(context: &Context<'_>, items: &mut Items) {
    let words = context.words;
    let acceptances = &context.tenant.acceptances;
    if acceptances.is_empty() {
        return;
    }
    items.add(0, Block::Section(Line::new(Label::Heading, words.accepted)));
    let shown = context.shown(acceptances.len());
    let mut lines: Vec<Line> = acceptances.iter().take(shown).map(|one| acceptance(context, one)).collect();
    if acceptances.len() > shown {
        lines.push(words.count(&words.more, acceptances.len() - shown));
    }
    items.bullets(0, lines);
}

fn acceptance(context: &Context<'_>, acceptance: &Acceptance) -> Line {
    let words = context.words;
    let mut state = match &acceptance.until {
        Some(until) => {
            let phrase = words::find(words.acceptance_states_until, &acceptance.state).unwrap_or(words.accepted_until);
            Line::fill(phrase, &[Line::plain(until)])
        }
        None => Line::plain(words::name(words.acceptance_states, &acceptance.state)),
    };
    if let Some(ticket) = &acceptance.ticket {
        state.push(Line::plain(", "));
        state.push(Line::fill(words.accepted_ticket, &[literal(ticket)]));
    }
    let count = match acceptance.objects.len() {
        0 => Line::default(),
        count => words.count(&words.accepted_count, count),
    };
    let values = [context.rule(&acceptance.rule), count, state, Line::plain(&acceptance.reason)];
    Line::fill(words.accepted_item, &values)
}

/// What was checked, by outcome.
fn checked(context: &Context<'_>, report: &Report, items: &mut Items) {
    let words = context.words;
    items.add(0, Block::Section(Line::new(Label::Heading, words.checked)));
    items.add(0, Block::Text(ran(context)));
    let clear = outcomes(context, "clear");
    let mut line = words.count(&words.rules, clear.len());
    if let Some(most) = clear.iter().map(|rule| rule.checked).max() {
        line.push(words.count(&words.clear_up_to, most));
        let idle = clear.iter().filter(|rule| rule.checked == 0).count();
        if idle > 0 && most > 0 {
            line.push(words.count(&words.clear_idle, idle));
        }
    }
    if !clear.is_empty() {
        items.add(0, Block::Fact(words.clear, line));
    }
    if context.options.all {
        let lines = clear.iter().map(|rule| {
            Line::fill(words.listed, &[literal(&rule.rule), words.count(&words.objects_checked, rule.checked)])
        });
        items.bullets(0, lines.collect());
    }
    match outcomes(context, "notAsked").len() {
        0 => {}
        count => items.add(0, Block::Fact(words.not_asked, words.count(&words.not_asked_rules, count))),
    }
    // What somebody switched off for good is named; what was not asked for this time is counted.
    let is_off = |rule: &&RuleOutcome| report.tool.overrides.iter().any(|one| one.off && one.rule == rule.rule);
    let (off, left_out): (Vec<_>, Vec<_>) = outcomes(context, "off").into_iter().partition(is_off);
    if !off.is_empty() {
        let mut line = words.count(&words.rules, off.len());
        line.push(Line::plain(": "));
        line.push(context.all_of(rule_ids(off)));
        items.add(0, Block::Fact(words.off, line));
    }
    if !left_out.is_empty() {
        items.add(0, Block::Fact(words.left_out, words.count(&words.left_out_rules, left_out.len())));
    }
    let partial = outcomes(context, "partial");
    if !partial.is_empty() {
        let mut line = Line::new(Label::Heading, words.partial);
        line.say(words.count(&words.rules, partial.len()));
        items.add(0, Block::Lead(line));
        items.bullets(0, partial.into_iter().map(|rule| partly(context, rule)).collect());
    }
    overrides(context, report, items);
}

/// How many rules were run, and what came of them.
fn ran(context: &Context<'_>) -> Line {
    let words = context.words;
    let counts: Vec<(&str, usize)> = words
        .ran_outcomes
        .iter()
        .map(|(outcome, phrase)| (*phrase, outcomes(context, outcome).len()))
        .enumerate()
        // What was found and what was clear is said in any case.
        .filter(|(index, (_, count))| *index < 2 || *count > 0)
        .map(|(_, count)| count)
        .collect();
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let parts = counts.iter().map(|(phrase, count)| Line::fill(phrase, &[Line::plain(words.number(*count))]));
    let mut line = words.count(if context.is_limited() { &words.ran_whole } else { &words.ran }, all);
    line.push(Line::plain(": "));
    line.push(Line::join(parts, ", ", ", "));
    line.push(Line::plain("."));
    line
}

/// A rule that found nothing in the part that it could see.
fn partly(context: &Context<'_>, rule: &RuleOutcome) -> Line {
    let words = context.words;
    let mut counts = words.count(&words.objects_checked, rule.checked);
    if rule.unknown > 0 {
        counts.push(Line::plain(", "));
        counts.push(words.count(&words.objects_unknown, rule.unknown));
    }
    let mut line = Line::fill(words.listed, &[literal(&rule.rule), counts]);
    if !rule.missing.is_empty() {
        let missing: Vec<&Missing> = rule.missing.iter().collect();
        line.push(Line::plain("; "));
        line.push(what(context, &missing));
    }
    line
}

fn overrides(context: &Context<'_>, report: &Report, items: &mut Items) {
    let words = context.words;
    let lines = report.tool.overrides.iter().map(|one| {
        let [rule, by, reason] = [literal(&one.rule), Line::plain(&one.by), Line::plain(&one.reason)];
        match &one.severity {
            Some(severity) if !one.off => {
                let [from, to] = [&severity.from, &severity.to].map(|severity| context.severity(severity));
                Line::fill(words.override_severity, &[rule, from, to, by, reason])
            }
            _ => Line::fill(words.override_off, &[rule, by, reason]),
        }
    });
    let lines: Vec<Line> = lines.collect();
    if !lines.is_empty() {
        items.add(0, Block::Lead(Line::new(Label::Heading, words.overrides)));
        items.bullets(0, lines);
    }
}

/// So many rules or properties are named; of more only the number is said.
const NAMED: usize = 3;

/// What the rules that are waiting for one thing have in common: the collection, and the command that exports it.
type GapKey<'a> = (&'a str, Option<(&'a str, &'a str, &'a str)>);

#[derive(Default)]
struct GapParts<'a> {
    missing: Vec<&'a Missing>,
    none: BTreeSet<&'a str>,
    partly: BTreeSet<&'a str>,
}

/// What was not assessed, by what would help: a command that helps several rules is shown once.
fn not_assessed(context: &Context<'_>, items: &mut Items) {
    let words = context.words;
    let waiting = outcomes(context, "notAssessed");
    let gaps = gaps(context);
    if waiting.is_empty() && gaps.is_empty() {
        return;
    }
    let title = if waiting.is_empty() {
        words.lacking.to_owned()
    } else {
        words.count(&words.not_assessed, waiting.len()).text()
    };
    items.add(0, Block::Section(Line::new(Label::Heading, title)));
    items.add(0, Block::Text(Line::plain(words.not_assessed_so)));
    if gaps.len() > NAMED {
        items.add(0, Block::Text(Line::plain(words.not_assessed_script)));
        items.add(1, Block::Command(SCRIPT_COMMAND.to_owned()));
    }
    let (shown, others) = gaps.split_at(context.shown(gaps.len()));
    let mut blocks: Vec<Gap> = shown.iter().map(|(key, parts)| gap(context, *key, parts)).collect();
    if !others.is_empty() {
        let names = others.iter().map(|(_, parts)| what(context, &parts.missing));
        let what = words.count(&words.gap_others, others.len());
        blocks.push(Gap { what, rules: Line::join(names, ", ", ", "), command: None, needs: None });
    }
    // What is missing of a request is worked out of the tenant: no export brings it.
    let is_of_request = |missing: &Missing| missing.collection == "requests";
    let without_export = waiting.into_iter().filter(|rule| rule.missing.iter().all(is_of_request));
    let (unexplained, unsaid): (Vec<_>, Vec<_>) = without_export.partition(|rule| rule.missing.is_empty());
    let properties: BTreeSet<_> =
        unsaid.iter().flat_map(|rule| &rule.missing).filter_map(|missing| missing.property.as_deref()).collect();
    let is_actor = properties.iter().eq(&["actor"]);
    let of_requests = if is_actor {
        Line::plain(words.gap_actor)
    } else {
        Line::fill(words.gap_request, &[context.all_of(properties.into_iter().map(literal))])
    };
    // What a rule reads is all there; it lacks the time, which no property holds.
    let reason = if context.tenant.as_of.is_none() { words.gap_date } else { words.gap_unknown };
    for (what, rules) in [(of_requests, unsaid), (Line::plain(reason), unexplained)] {
        if !rules.is_empty() {
            let rules = words.count_with(&words.gap_rules, rules.len(), &[context.all_of(rule_ids(rules))]);
            blocks.push(Gap { what, rules, command: None, needs: None });
        }
    }
    items.add(0, Block::Gaps(blocks));
}

/// The gaps: first those that keep a question on the command line from being answered, then those that most rules wait for.
fn gaps<'a>(context: &Context<'a>) -> Vec<(GapKey<'a>, GapParts<'a>)> {
    let mut gaps: BTreeMap<GapKey<'a>, GapParts<'a>> = BTreeMap::new();
    for rule in &context.tenant.rules {
        if !matches!(rule.outcome.as_str(), "notAssessed" | "partial" | "found") {
            continue;
        }
        // What a request does not say is for whoever asks, not for an export.
        for missing in rule.missing.iter().filter(|missing| missing.collection != "requests") {
            let remedy = missing.remedy.as_ref();
            let remedy =
                remedy.map(|Remedy { command, scope, role }| (command.as_str(), scope.as_str(), role.as_str()));
            let parts = gaps.entry((&missing.collection, remedy)).or_default();
            parts.missing.push(missing);
            let rules = if rule.outcome == "notAssessed" { &mut parts.none } else { &mut parts.partly };
            rules.insert(&rule.rule);
        }
    }
    let typed = context.tenant.requests.iter().filter(|request| request.origin.kind == "command-line");
    let open = typed.flat_map(|request| &request.steps).filter(|step| step.outcome == "unknown");
    let open: BTreeSet<&str> = open.map(|step| step.rule.as_str()).collect();
    let mut gaps: Vec<_> = gaps.into_iter().collect();
    gaps.sort_by_key(|(_, parts)| {
        let of_question = parts.none.union(&parts.partly).filter(|rule| open.contains(**rule)).count();
        std::cmp::Reverse((of_question, parts.none.len(), parts.partly.len()))
    });
    gaps
}

fn gap(context: &Context<'_>, (_, remedy): GapKey<'_>, parts: &GapParts<'_>) -> Gap {
    let words = context.words;
    let counted = [
        (&words.gap_rules, &words.gap_rules_count, &parts.none),
        (&words.gap_rules_partly, &words.gap_rules_partly_count, &parts.partly),
    ];
    let rules = counted.into_iter().filter(|(.., rules)| !rules.is_empty()).map(|(named, count, rules)| {
        if rules.len() > NAMED && !context.options.is_complete() {
            return words.count(count, rules.len());
        }
        words.count_with(named, rules.len(), &[context.all_of(rules.iter().map(|rule| literal(rule)))])
    });
    Gap {
        what: what(context, &parts.missing),
        rules: Line::join(rules, "; ", "; "),
        command: remedy.map(|(command, _, _)| command.to_owned()),
        needs: remedy.map(|(_, scope, role)| match scope {
            "" => Line::fill(words.gap_needs_role, &[Line::plain(role)]),
            _ => Line::fill(words.gap_needs, &[literal(scope), Line::plain(role)]),
        }),
    }
}

/// What is missing, by collection and reason: "usageLocation and mail of users not exported".
fn what(context: &Context<'_>, missing: &[&Missing]) -> Line {
    let words = context.words;
    // By collection, reason and number of objects: the properties, and none for the collection as such.
    let mut parts: BTreeMap<_, BTreeSet<Option<&str>>> = BTreeMap::new();
    for one in missing {
        let key = (one.collection.as_str(), one.reason.as_str(), one.objects);
        parts.entry(key).or_default().insert(one.property.as_deref());
    }
    let parts = parts.into_iter().map(|((collection, reason, objects), properties)| {
        let name = Line::plain(words.collection_name(collection));
        let subject = if properties.contains(&None) {
            name
        } else if properties.len() > 2 * NAMED && !context.options.is_complete() {
            Line::fill(words.gap_properties, &[Line::plain(properties.len().to_string()), name])
        } else {
            let properties = context.all_of(properties.into_iter().flatten().map(literal));
            Line::fill(words.gap_property, &[properties, name])
        };
        let reason = Line::plain(words::name(words.reasons, reason));
        let line = Line::fill(words.gap, &[subject, reason]);
        match objects {
            Some(count) => words.count_with(&words.gap_objects, count, &[line]),
            None => line,
        }
    });
    Line::join(parts, ", ", ", ")
}
