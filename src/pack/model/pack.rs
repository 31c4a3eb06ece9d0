//! A pack: rules that belong together, the operations that they answer for, and what it changes of the rules of others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Rule, Severity};

/// A pack: the rules of one folder, and what they are for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// The folder's name.
    pub name: String,
    /// Its version, shown in reports.
    pub version: String,
    /// One line.
    pub title: String,
    /// Which guide it follows, and what it is for.
    pub about: String,
    /// What the pack answers for.
    pub operations: BTreeMap<String, Operation>,
    /// Its rules, by id.
    pub rules: Vec<Rule>,
    /// Changes to the severity of built-in rules, or switching them off; only in packs of one's own.
    pub overrides: Vec<Override>,
    /// Whether it came with the program.
    pub builtin: bool,
    /// The xxh3-128 digest of its files, in hexadecimal; empty until known.
    pub digest: String,
}

/// What a pack does about an operation that somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The rules to go through, in the guide's order.
    pub steps: Vec<String>,
    /// What can stand in the way as well and no export shows: words that reports know in each language, or texts.
    pub not_shown: Vec<String>,
    /// Rules of which few exports show enough: what they find stands in the way, and where they cannot be assessed, the word or text
    /// of each is among what the export does not show.
    pub unless: BTreeMap<String, String>,
}

/// A change to another pack's rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// The rule's id.
    pub rule: String,
    /// The new severity of all its checks; none leaves them.
    pub severity: Option<Severity>,
    /// Whether the rule is switched off.
    pub off: bool,
    /// Why; required, and printed.
    pub reason: String,
}
