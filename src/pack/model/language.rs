//! The texts of a rule in another language: apart from the rule, since only those of one language are read when it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Message, Template};

/// A rule's texts in another language; the same names as in the rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Language {
    /// The title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// The message of each check.
    pub checks: BTreeMap<String, Message>,
    /// The texts of each fix.
    pub fixes: BTreeMap<String, FixTexts>,
}

/// The texts of a fix in another language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct FixTexts {
    /// See [`Fix::title`].
    pub title: Template,
    /// See [`Fix::note`].
    pub note: Option<Template>,
    /// See [`Fix::only_if`].
    pub only_if: Option<Template>,
    /// See [`Fix::portal`].
    pub portal: Option<Template>,
    /// See [`Fix::worked_when`].
    pub worked_when: Option<Template>,
    /// See [`Fix::takes_effect`].
    pub takes_effect: Option<Template>,
}
