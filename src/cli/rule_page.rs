//! The page about a rule: what `explain` shows and `rules docs` writes.

mod fixes;
mod limits;
mod logic;

use std::collections::BTreeSet;

use limits::limits;

use super::grades::grade;
use super::pattern_text::readable;
use super::placeholder::in_words;
use super::reads;
use super::sheet::Sheet;
use super::words::{Words, fill, words};
use crate::language::Language;
use crate::pack::load::Packs;
use crate::pack::model::{Check, ErrorText, Rule};
use crate::tenant::schema::Collection;

/// The page.
pub(crate) fn page(packs: &Packs, rule: &Rule, language: Language) -> Sheet {
    let words = words(language);
    let mut sheet = Sheet::new(&rule.title);
    sheet.faint(fill(words.in_pack, &[&rule.id, &rule.pack, &rule.since]));
    if let Some(reason) = packs.off.get(&rule.id) {
        sheet.text(&fill(words.switched_off, &[reason]));
    }
    sheet.gap().text(&rule.why);
    let found = |check: &Check| format!("{} {}", grade(check, words), in_words(rule, &check.message.one, language));
    // Checks may differ only in where they look.
    sheet.points(words.finds, &without_repeats(rule.checks.iter().map(found)));
    fixes::add(rule, language, &mut sheet);
    let error = |text: &ErrorText| if text.is_pattern { readable(&text.text) } else { text.text.clone() };
    // A pattern may say no more than a text that stands there already.
    sheet.points(words.errors, &without_repeats(rule.error_texts.iter().map(error)));
    related(packs, rule, words, &mut sheet);
    logic::add(rule, words, &mut sheet);
    needs(rule, words, &mut sheet);
    sheet.points(words.limits, &limits(rule, words));
    if !rule.references.is_empty() {
        sheet.heading(words.references);
        rule.references.iter().for_each(|reference| {
            sheet.address(reference);
        });
    }
    sheet
}

/// The texts in their order, each of them once.
fn without_repeats(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

/// The rules whose findings cause this one's, and those whose findings it causes.
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
        sheet.points(heading, list);
    }
}

/// What the rule reads to decide, and the script that collects it.
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
