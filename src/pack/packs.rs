//! All packs that a run uses, with the changes that packs make to rules.

use std::collections::BTreeMap;

use super::embedded::{self, Damaged};
use super::model::{CheckKind, Override, Pack, Rule, Severity, Status};
use super::tables::Tables;

/// All packs that a run uses.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// The packs: the built-in ones by name, then those of one's own by name.
    pub packs: Vec<Pack>,
    /// The changes that the packs make to rules, in the order in which they were applied.
    pub overrides: Vec<Override>,
    /// Rules that are switched off, and why.
    pub off: BTreeMap<String, String>,
    /// The fact tables, if a directory has some of its own.
    pub tables: Option<Tables>,
}

impl Packs {
    /// The built-in packs alone.
    pub fn builtin() -> Result<Self, Damaged> {
        Ok(Self { packs: embedded::builtin()?, ..Self::default() })
    }

    /// The fact tables.
    pub fn tables(&self) -> &Tables {
        self.tables.as_ref().unwrap_or_else(|| embedded::tables())
    }

    /// Every rule, also those that do not run.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.packs.iter().flat_map(|pack| &pack.rules)
    }

    /// The rules that run unless asked otherwise: neither switched off nor previews.
    pub fn active(&self) -> impl Iterator<Item = &Rule> {
        self.rules().filter(|rule| !self.off.contains_key(&rule.id) && rule.status != Status::Preview)
    }

    /// A rule by its id or a former id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let by_id = self.rules().find(|rule| rule.id == id);
        by_id.or_else(|| self.rules().find(|rule| rule.aliases.iter().any(|alias| alias == id)))
    }

    /// Makes all rules speak a language, as far as they have texts in it.
    pub fn speak(&mut self, language: crate::language::Language) -> Result<(), Damaged> {
        let code = language.code();
        if language == crate::language::Language::English {
            return Ok(()); // what rules are written in
        }
        self.use_language(code)?;
        for rule in self.packs.iter_mut().flat_map(|pack| &mut pack.rules) {
            if let Some(texts) = rule.languages.get(code).cloned() {
                rule.say(texts);
            }
        }
        Ok(())
    }

    /// Puts the texts of a language into the built-in rules; packs of one's own have theirs already.
    pub fn use_language(&mut self, code: &str) -> Result<(), Damaged> {
        let mut texts = embedded::language(code)?;
        for rule in self.packs.iter_mut().filter(|pack| pack.builtin).flat_map(|pack| &mut pack.rules) {
            if let Some(language) = texts.remove(&rule.id) {
                rule.languages.insert(code.to_owned(), language);
            }
        }
        Ok(())
    }

    /// Adds a pack and applies what it changes.
    pub(super) fn add(&mut self, pack: Pack) {
        let overrides = pack.overrides.clone();
        self.packs.push(pack);
        for change in overrides {
            let Some(id) = self.rule(&change.rule).map(|rule| rule.id.clone()) else { continue };
            if change.off {
                self.off.insert(id.clone(), change.reason.clone());
            }
            if let Some(severity) = change.severity {
                let rules = self.packs.iter_mut().flat_map(|pack| &mut pack.rules);
                for rule in rules.filter(|rule| rule.id == id) {
                    set_severity(rule, severity);
                }
            }
            self.overrides.push(Override { rule: id, ..change });
        }
    }
}

fn set_severity(rule: &mut Rule, severity: Severity) {
    for check in &mut rule.checks {
        if check.severity.is_some() {
            check.severity = Some(severity);
        }
        if let CheckKind::Conflict(set) | CheckKind::Requires(set) = &mut check.kind {
            for (graded, _) in set.grades.values.values_mut().flatten() {
                *graded = severity;
            }
        }
    }
}
