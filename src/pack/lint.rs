//! What can only be checked when all rules are known.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::assemble::Assembled;
use super::decode::{Link, LinkKind};
use super::fault::{Fault, Level, nearest};

/// What is known of rules besides those that are linted.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of rules that are loaded already, and their former ids: with where each is.
    pub loaded: BTreeMap<String, String>,
    /// For each loaded rule the rules that its findings cause.
    pub causes: BTreeMap<String, BTreeSet<String>>,
    /// Ids that are given to rules that may not be written yet.
    pub reserved: BTreeSet<String>,
}

/// The ids in the text of `reserved-ids.txt`: one on a line, `#` begins a comment.
pub fn reserved_ids(text: &str) -> BTreeSet<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// Checks the names by which the files of some packs refer to rules.
pub fn lint(packs: &[Assembled], known: &Known) -> Vec<Fault> {
    let mut faults = Vec::new();
    let here = ids(packs, known, &mut faults);
    let all: BTreeSet<&str> = here.keys().map(String::as_str).chain(known.loaded.keys().map(String::as_str)).collect();
    for (link, from) in links(packs) {
        if link.kind != LinkKind::Alias {
            faults.extend(unknown(link, from, &all, &known.reserved));
        }
    }
    faults.extend(cycles(packs, known, &here));
    faults
}

/// All links with the rule that they stand in; none for a pack file.
fn links(packs: &[Assembled]) -> impl Iterator<Item = (&Link, Option<&str>)> {
    packs.iter().flat_map(|pack| {
        let rules = pack.rules.iter();
        let in_rules = rules.flat_map(|rule| rule.links.iter().map(|link| (link, Some(rule.id.as_str()))));
        in_rules.chain(pack.about.links.iter().map(|link| (link, None)))
    })
}

/// For each id and former id the id of its rule; reports those that stand for two rules.
fn ids(packs: &[Assembled], known: &Known, faults: &mut Vec<Fault>) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut first: BTreeMap<String, PathBuf> = BTreeMap::new();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        let other = first.get(&rule.id).map(|file| file.display().to_string());
        if let Some(other) = other.or_else(|| known.loaded.get(&rule.id).cloned()) {
            faults.push(Fault {
                file: rule.file.clone(),
                span: 0..0,
                level: Level::Error,
                message: format!("there are two rules `{}`", rule.id),
                label: String::new(),
                help: Some(format!("The other one is {other}.")),
                code: "duplicate-id",
            });
            continue;
        }
        first.insert(rule.id.clone(), rule.file.clone());
        found.insert(rule.id.clone(), rule.id.clone());
    }
    for (link, from) in links(packs).filter(|(link, _)| link.kind == LinkKind::Alias) {
        if found.contains_key(&link.rule) || known.loaded.contains_key(&link.rule) {
            let message = format!("the former id `{}` belongs to another rule", link.rule);
            faults.push(fault(link, Level::Error, "duplicate-id", message, "already taken"));
        } else if let Some(from) = from {
            found.insert(link.rule.clone(), from.to_owned());
        }
    }
    found
}

fn unknown(link: &Link, from: Option<&str>, all: &BTreeSet<&str>, reserved: &BTreeSet<String>) -> Option<Fault> {
    if from == Some(link.rule.as_str()) {
        return Some(fault(link, Level::Error, "names-itself", "the rule names itself".to_owned(), "this rule"));
    }
    if all.contains(link.rule.as_str()) {
        return None;
    }
    if reserved.contains(&link.rule) && link.kind != LinkKind::Override {
        let message = format!("the rule `{}` is not written yet", link.rule);
        let fault = fault(link, Level::Warning, "rule-not-written", message, "its id is reserved");
        return (link.kind == LinkKind::Step).then_some(fault);
    }
    let mut fault =
        fault(link, Level::Error, "unknown-rule", format!("there is no rule `{}`", link.rule), "unknown rule");
    let reserved = reserved.iter().map(String::as_str).filter(|_| link.kind != LinkKind::Override);
    let candidates = all.iter().copied().chain(reserved);
    fault.help = nearest(&link.rule, candidates).map(|id| format!("Did you mean `{id}`?"));
    Some(fault)
}

/// Rules that cause each other in a circle: each circle once, at its link that stands first.
fn cycles(packs: &[Assembled], known: &Known, ids: &BTreeMap<String, String>) -> Vec<Fault> {
    let mut causes = known.causes.clone();
    let mut places: BTreeMap<(String, String), &Link> = BTreeMap::new();
    for (link, from) in links(packs) {
        let Some(from) = from else { continue };
        let other = ids.get(&link.rule).cloned().unwrap_or_else(|| link.rule.clone());
        let edge = match link.kind {
            LinkKind::Explains => (from.to_owned(), other),
            LinkKind::CausedBy => (other, from.to_owned()),
            _ => continue,
        };
        if edge.0 != edge.1 {
            causes.entry(edge.0.clone()).or_default().insert(edge.1.clone());
            places.entry(edge).or_insert(link);
        }
    }
    let mut reported = BTreeSet::new();
    let mut faults = Vec::new();
    for ((cause, effect), link) in &places {
        let Some(mut way) = path(&causes, effect, cause) else { continue };
        let members: BTreeSet<_> = way.iter().cloned().collect();
        if !reported.insert(members) {
            continue;
        }
        way.insert(0, cause.clone());
        let message = "rules cause each other in a circle".to_owned();
        let mut fault = fault(link, Level::Error, "cause-cycle", message, "closes the circle");
        fault.help = Some(format!("The circle: {}.", way.join(" causes ")));
        faults.push(fault);
    }
    faults
}

/// The shortest way from one rule to another along causes.
fn path(causes: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = std::collections::VecDeque::from([from]);
    while let Some(rule) = next.pop_front() {
        if rule == to {
            let mut way = vec![to.to_owned()];
            let mut at = to;
            while at != from {
                at = before.get(at)?;
                way.insert(0, at.to_owned());
            }
            return Some(way);
        }
        for effect in causes.get(rule).into_iter().flatten() {
            if effect != from && !before.contains_key(effect.as_str()) {
                before.insert(effect, rule);
                next.push_back(effect);
            }
        }
    }
    None
}

fn fault(link: &Link, level: Level, code: &'static str, message: String, label: &str) -> Fault {
    let (file, span) = (link.file.clone(), link.span.clone());
    Fault { file, span, level, message, label: label.to_owned(), help: None, code }
}
