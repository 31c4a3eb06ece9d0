//! Rules by the names that people type: a rule, a pack, or what a caller complains about.

use std::path::PathBuf;

use super::error::{Error, Kind};
use super::output::Output;
use crate::pack::fault::nearest;
use crate::pack::load::{self, Packs};
use crate::pack::model::Rule;
use crate::tenant::schema::OPERATIONS;

/// Loads the built-in packs and those of some folders. Their faults are shown at once, all of them.
///
/// # Errors
///
/// If one of the faults keeps a rule from being used.
pub(crate) fn load(folders: &[PathBuf], output: &mut Output) -> Result<Packs, Error> {
    if folders.is_empty() {
        return Ok(Packs::builtin()?);
    }
    let loaded = load::load(folders)?;
    if loaded.is_broken() || !output.is_quiet() {
        output.faults(&loaded.faults, &loaded.sources)?;
    }
    if loaded.is_broken() {
        return Err(unusable());
    }
    Ok(loaded.packs)
}

/// The rules have errors, which were shown.
pub(crate) fn unusable() -> Error {
    Error {
        kind: Kind::Pack,
        message: "the rules were not used, because of the errors above".to_owned(),
        hints: vec!["mend them, and check them with: aaddoctor rules lint FOLDER".to_owned()],
        place: None,
    }
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A rule.
    Rules,
    /// A rule or a pack.
    RulesAndPacks,
    /// A rule, a pack or a symptom.
    All,
}

impl Scope {
    fn words(self) -> &'static str {
        match self {
            Self::Rules => "rule",
            Self::RulesAndPacks => "rule or pack",
            Self::All => "rule, pack or symptom",
        }
    }
}

/// The names as the packs spell them; a former name of a rule becomes its present one.
///
/// # Errors
///
/// If one of them is unknown.
pub(crate) fn known(packs: &Packs, names: &[String], option: &str, scope: Scope) -> Result<Vec<String>, Error> {
    names.iter().map(|name| known_name(packs, name.trim(), option, scope)).collect()
}

fn known_name(packs: &Packs, name: &str, option: &str, scope: Scope) -> Result<String, Error> {
    if let Some(rule) = packs.rule(name) {
        return Ok(rule.id.clone());
    }
    let mut others: Vec<&str> = Vec::new();
    if scope != Scope::Rules {
        others.extend(packs.packs.iter().map(|pack| pack.name.as_str()));
    }
    if scope == Scope::All {
        others.extend(OPERATIONS);
    }
    if others.contains(&name) {
        return Ok(name.to_owned());
    }
    let mut error = Error::usage(format!("{option}: there is no {} \"{name}\"", scope.words()));
    let rules = packs.rules().flat_map(|rule| std::iter::once(&rule.id).chain(&rule.aliases)).map(String::as_str);
    if let Some(near) = nearest(name, rules.chain(others)) {
        error = error.hint(format!("did you mean {near}?"));
    }
    Err(error.hint("all of them: aaddoctor rules list"))
}

/// Whether a name stands for a rule, or for others with it.
pub(crate) fn is_named(rule: &Rule, name: &str) -> bool {
    rule.id == name || rule.pack == name || rule.symptoms.iter().any(|symptom| symptom == name)
}
