//! A rule as data: what a rule file says once it is read, and before it knows any tenant.
//!
//! These types are decoded from TOML when the program is built (`build.rs`) for the built-in packs, and at run time for
//! a directory given with `--rules`. `rules/FORMAT.md` describes the file format; the names here are the same.

mod check;
mod condition;
mod fix;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use check::*;
pub use condition::*;
pub use fix::*;

/// How bad a finding is. The order is the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is broken.
    Info,
    /// A small fault, or one that costs money rather than work.
    Low,
    /// Something will fail when it is next used.
    Medium,
    /// Something fails now, or will for certain.
    High,
    /// Nobody can mend anything until this is mended.
    Critical,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Worth a look; the export cannot prove it.
    Hint,
    /// True unless the export misleads.
    Likely,
    /// The directory itself says so.
    Certain,
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

/// A text with one form for one object and, if it differs, another for many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// For one.
    pub one: Template,
    /// For many; none for the same.
    pub many: Option<Template>,
}

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Template {
    /// Its parts, in order.
    pub parts: Vec<TemplatePart>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TemplatePart {
    /// As it is.
    Text(String),
    /// A value. A path of one segment may also name what the check itself provides: count, key, holders, first, member,
    /// other, needs, or a native check's values.
    Placeholder {
        /// Where the value is.
        path: Path,
        /// What stands there when there is no value.
        fallback: Option<String>,
    },
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
