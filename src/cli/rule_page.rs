//! The page about a rule: what `explain` shows and `rules docs` writes.

mod decides;
mod fixes;

use std::collections::BTreeSet;

use self::decides::decides;
use self::fixes::fixes;
use super::pattern_text::readable;
use super::placeholder::in_words;
use super::reads;
use super::sheet::Sheet;
use super::words::{Words, fill};
use crate::check::compile::over;
use crate::engine::naming::severity_name;
use crate::language::Language;
use crate::pack::load::Packs;
use crate::pack::model::{
    Alias, Bound, Check, CheckKind, Confidence, ErrorText, Operator, Rule, SelectLine, SetCheck, Severity, Test,
};
use crate::tenant::schema::Collection;

/// The page.
pub(crate) fn page(packs: &Packs, rule: &Rule, language: Language) -> Sheet {
    let words = super::words::words(language);
    let mut sheet = Sheet::new(&rule.title);
    sheet.faint(fill(words.in_pack, &[&rule.id, &rule.pack, &rule.since]));
    if let Some(reason) = packs.off.get(&rule.id) {
        sheet.text(&fill(words.switched_off, &[reason]));
    }
    sheet.gap().text(&rule.why);
    sheet.heading(words.finds);
    let found = |check: &Check| format!("{} {}", grade(check, words), in_words(rule, &check.message.one, language));
    let mut found: Vec<String> = rule.checks.iter().map(found).collect();
    // Checks may differ only in where they look.
    let mut seen = BTreeSet::new();
    found.retain(|text| seen.insert(text.clone()));
    found.iter().for_each(|text| {
        sheet.point(text);
    });
    if !rule.fixes.is_empty() {
        sheet.heading(words.to_do);
        fixes(rule, language, &mut sheet);
    }
    if !rule.error_texts.is_empty() {
        sheet.heading(words.errors);
        let shown = |text: &ErrorText| if text.is_pattern { readable(&text.text) } else { text.text.clone() };
        // A pattern may say no more than a text that stands there already.
        let mut texts: Vec<String> = rule.error_texts.iter().map(shown).collect();
        let mut seen = BTreeSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        texts.iter().for_each(|text| {
            sheet.point(text);
        });
    }
    related(packs, rule, words, &mut sheet);
    decides(rule, words, &mut sheet);
    needs(rule, words, &mut sheet);
    limits(rule, words, &mut sheet);
    if !rule.references.is_empty() {
        sheet.heading(words.references);
        rule.references.iter().for_each(|reference| {
            sheet.address(reference);
        });
    }
    sheet
}

/// "[high, likely]".
fn grade(check: &Check, words: &Words) -> String {
    let severity = severities(std::iter::once(check))
        .map_or_else(|| words.by_table.to_owned(), |(low, high)| range(low, high, words));
    match check.confidence {
        Some(Confidence::Likely) => format!("[{severity}, {}]", words.likely),
        Some(Confidence::Hint) => format!("[{severity}, {}]", words.hint),
        Some(Confidence::Certain) | None => format!("[{severity}]"),
    }
}

/// The grades of a check: severities and confidences.
fn grades(check: &Check) -> Vec<(Severity, Confidence)> {
    match &check.kind {
        CheckKind::Conflict(SetCheck { grades, .. }) | CheckKind::Requires(SetCheck { grades, .. }) => {
            grades.values.values().flatten().copied().collect()
        }
        _ => check
            .severity
            .map(|severity| (severity, check.confidence.unwrap_or(Confidence::Likely)))
            .into_iter()
            .collect(),
    }
}

/// The lowest and the highest severity of some checks.
pub(crate) fn severities<'c>(checks: impl Iterator<Item = &'c Check>) -> Option<(Severity, Severity)> {
    let all: Vec<Severity> = checks.flat_map(grades).map(|(severity, _)| severity).collect();
    Some((*all.iter().min()?, *all.iter().max()?))
}

/// "low", or "low to high".
pub(crate) fn range(low: Severity, high: Severity, words: &Words) -> String {
    let name = |severity: Severity| words.severities[severity as usize];
    if low == high { name(low).to_owned() } else { fill(words.range, &[name(low), name(high)]) }
}

fn related(packs: &Packs, rule: &Rule, words: &Words, sheet: &mut Sheet) {
    let with_titles = |ids: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        ids.map(|id| packs.rule(id).map_or_else(|| id.clone(), |other| format!("{id}: {}", other.title))).collect()
    };
    // Either of two rules may name the other.
    let causes = packs.rules().filter(|other| other.explains.contains(&rule.id)).map(|other| &other.id);
    let effects = packs.rules().filter(|other| other.caused_by.contains(&rule.id)).map(|other| &other.id);
    let mut caused_by = with_titles(&mut rule.caused_by.iter().chain(causes));
    let mut explains = with_titles(&mut rule.explains.iter().chain(effects));
    for (heading, list) in [(words.causes, &mut caused_by), (words.effects, &mut explains)] {
        list.sort();
        list.dedup();
        if !list.is_empty() {
            sheet.heading(heading);
            list.iter().for_each(|line| {
                sheet.point(line);
            });
        }
    }
}

fn needs(rule: &Rule, words: &Words, sheet: &mut Sheet) {
    sheet.heading(words.reads);
    let needs = reads::decides_by(rule);
    let mut last: Option<Collection> = None;
    for need in &needs {
        if last == Some(need.collection) {
            continue;
        }
        last = Some(need.collection);
        let own = needs.iter().filter(|other| other.collection == need.collection);
        let properties: Vec<_> = own.filter_map(|other| other.property.as_deref()).collect();
        if properties.is_empty() {
            sheet.labeled(0, need.collection.name(), "");
        } else {
            sheet.labeled(0, &format!("{}:", need.collection.name()), &properties.join(", "));
        }
    }
    sheet.gap().labeled(0, words.script, "").code(0, &format!("aaddoctor collect-script --for {}", rule.id));
}

/// What the rule cannot know, as far as its logic shows.
fn limits(rule: &Rule, words: &Words, sheet: &mut Sheet) {
    let mut limits: Vec<String> = Vec::new();
    let names = |collections: &[Collection]| collections.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    let mut checked: Vec<Collection> = rule.checks.iter().filter_map(over).map(|over| over.collection).collect();
    checked.sort();
    checked.dedup();
    if checked == [Collection::Requests] {
        limits.push(words.limit_request.to_owned());
    }
    checked.retain(|collection| *collection != Collection::Requests);
    if !checked.is_empty() {
        limits.push(fill(words.limit_complete, &[&names(&checked)]));
    }
    let mut searched: Vec<Collection> = rule.look_ups.iter().map(|look_up| look_up.collection).collect();
    searched.sort();
    searched.dedup();
    if !searched.is_empty() {
        limits.push(fill(words.limit_absent, &[&names(&searched)]));
    }
    let lines = || rule.selects.iter().flat_map(|select| &select.lines);
    let tests = || {
        lines().filter_map(|line| match line {
            SelectLine::Value(path, test) => Some((path, test)),
            SelectLine::Found(_) => None,
        })
    };
    let has_days = |test: &Test| {
        let is_days =
            |operator: &Operator| matches!(operator, Operator::Above(Bound::Days(_)) | Operator::Below(Bound::Days(_)));
        test.operators.iter().any(is_days)
    };
    if tests().any(|(_, test)| has_days(test)) {
        limits.push(words.limit_date.to_owned());
    }
    let reads = reads::decides_by(rule);
    for need in &reads {
        let property = need.property.as_deref().and_then(|name| need.collection.property(name));
        if let Some(property) = property.filter(|property| property.elsewhere) {
            let name = format!("{}.{}", need.collection.name(), property.name);
            limits.push(fill(words.limit_elsewhere, &[&name]));
        }
    }
    let same_as = |test: &Test| -> Vec<String> {
        let of = |operator: &Operator| match operator {
            Operator::SameAs(path) if path.alias == Alias::Settings => Some(path.segments.join(".")),
            _ => None,
        };
        test.operators.iter().filter_map(of).collect()
    };
    let mut settings: Vec<String> = tests().flat_map(|(_, test)| same_as(test)).collect();
    settings.extend(tests().filter(|(path, _)| path.alias == Alias::Settings).map(|(path, _)| path.segments.join(".")));
    for check in &rule.checks {
        if let CheckKind::Native(native) = &check.kind {
            settings.extend(native.settings.iter().cloned());
        }
    }
    settings.sort();
    settings.dedup();
    if !settings.is_empty() {
        limits.push(fill(words.limit_settings, &[&settings.join(", ")]));
    }
    if rule.checks.iter().flat_map(grades).any(|(_, confidence)| confidence < Confidence::Certain) {
        limits.push(words.limit_hint.to_owned());
    }
    if !limits.is_empty() {
        sheet.heading(words.limits);
        limits.iter().for_each(|limit| {
            sheet.point(limit);
        });
    }
}

/// "low", or "low to high", for the list of rules.
pub(crate) fn range_in_english(low: Severity, high: Severity) -> String {
    let (low, high) = (severity_name(low), severity_name(high));
    if low == high { low.to_owned() } else { format!("{low} to {high}") }
}
