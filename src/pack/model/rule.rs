//! A rule as a whole: what it is called, how it hangs together with other rules, and the parts that it consists of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Check, Fix, Language, LookUp, Select};

/// One rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The file's name without `.toml`; for ever.
    pub id: String,
    /// The pack's name.
    pub pack: String,
    /// What is wrong, in one line.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// The version that first had it.
    pub since: String,
    /// How far it has come.
    pub status: Status,
    /// The operations that callers complain about.
    pub symptoms: Vec<String>,
    /// Web addresses of the sources.
    pub references: Vec<String>,
    /// Former ids.
    pub aliases: Vec<String>,
    /// Rules whose findings this one's findings cause.
    pub explains: Vec<String>,
    /// Rules whose findings cause this one's.
    pub caused_by: Vec<String>,
    /// What people paste when they meet it.
    pub error_texts: Vec<ErrorText>,
    /// Tried in order; an object is reported by the first that catches it.
    pub checks: Vec<Check>,
    /// Named look-ups into other collections.
    pub look_ups: Vec<LookUp>,
    /// Named selections.
    pub selects: Vec<Select>,
    /// What the report shows besides.
    pub report: ReportOptions,
    /// The fixes, in the order in which they are offered.
    pub fixes: Vec<Fix>,
    /// The texts in other languages, by ISO 639 code.
    pub languages: BTreeMap<String, Language>,
}

impl Rule {
    /// Puts texts in the place of its own.
    pub fn say(&mut self, texts: Language) {
        let Language { title, why, mut checks, mut fixes } = texts;
        self.title = title;
        self.why = why;
        for check in &mut self.checks {
            check.message = checks.remove(&check.name).unwrap_or_else(|| check.message.clone());
        }
        for fix in &mut self.fixes {
            if let Some(texts) = fixes.remove(&fix.id) {
                fix.title = texts.title;
                fix.note = texts.note;
                fix.only_if = texts.only_if;
                fix.portal = texts.portal;
                fix.worked_when = texts.worked_when;
                fix.takes_effect = texts.takes_effect;
            }
        }
    }
}

/// How far a rule has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In use.
    Stable,
    /// Runs only when asked for by id.
    Preview,
    /// Still runs; another rule replaces it.
    Deprecated,
}

/// A text that people paste.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorText {
    /// The text, or a regular expression with named captures.
    pub text: String,
    /// Whether `text` is a regular expression.
    pub is_pattern: bool,
    /// The check it belongs to, if not all.
    pub check: Option<String>,
}

/// What the report shows besides, and which audit records explain a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct ReportOptions {
    /// Properties shown as evidence besides those that the checks read.
    pub show: Vec<String>,
    /// Audit activities on the objects that explain the finding.
    pub audit: Vec<String>,
    /// Holders from exports of different days lower the confidence to likely.
    pub same_as_of: bool,
}
