//! A rule as data: what a rule file says once it is read, and before it knows any tenant.
//!
//! These types are decoded from TOML when the program is built (`build.rs`) for the built-in packs, and at run time for
//! a directory given with `--rules`. `rules/FORMAT.md` describes the file format; the names here are the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::tenant::schema::Collection;

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

/// How many checks a rule may have: which of them could not decide is kept in the bits of one number.
pub const MAX_CHECKS: usize = 63;

/// One check of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Its name within the rule.
    pub name: String,
    /// What it looks for.
    pub kind: CheckKind,
    /// Its severity; none where `grades` gives it.
    pub severity: Option<Severity>,
    /// Its confidence; none where `grades` gives it.
    pub confidence: Option<Confidence>,
    /// What it says.
    pub message: Message,
    /// The paths whose values make one finding of many objects; empty for one finding per object.
    pub group_by: Vec<Path>,
}

/// What a check looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CheckKind {
    /// Objects that satisfy a condition.
    Match(Match),
    /// One key held by several objects.
    Duplicate(Duplicate),
    /// Two members of a set that a row of a table excludes.
    Conflict(SetCheck),
    /// A member of a set that needs another member, which is not there.
    Requires(SetCheck),
    /// Two sums compared.
    Threshold(Threshold),
    /// A named check written in Rust.
    Native(Native),
}

/// Which objects a check looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Over {
    /// The collection.
    pub collection: Collection,
    /// For requests: only these operations; empty for all.
    pub operations: Vec<String>,
    /// The list whose elements are the candidates, called `item`; may go through a look-up.
    pub each: Option<Path>,
}

/// Objects that satisfy a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Which objects.
    pub over: Over,
    /// The condition.
    pub condition: Condition,
}

/// One key held by several objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// For each collection, the paths that make an object a holder.
    pub over: Vec<(Collection, Vec<Path>)>,
    /// How many holders of a collection there must be at least.
    pub at_least: Vec<(Collection, u32)>,
    /// At least one holder holds the key under one of these paths; empty for no such demand.
    pub held_as: Vec<(Collection, Vec<Path>)>,
    /// No holder holds the key under one of these paths (where that is known); such keys are another rule's.
    pub not_held_as: Vec<(Collection, Vec<Path>)>,
}

/// A set of an object, and the table that its members are compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetCheck {
    /// Which objects.
    pub over: Over,
    /// The set, a list of texts.
    pub set: Path,
    /// `Requires` only: the requirement must have been in this set, so that its loss is what breaks the member.
    pub lost: Option<Path>,
    /// The table's name.
    pub table: String,
    /// What each value of the grading column means.
    pub grades: Grades,
    /// Also required; none for always.
    pub condition: Option<Condition>,
}

/// What the values of a table's column mean for severity and confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grades {
    /// The column.
    pub column: String,
    /// For each of its values: none is "no finding".
    pub values: BTreeMap<String, Option<(Severity, Confidence)>>,
}

/// Two sums compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Which objects.
    pub over: Over,
    /// Summed.
    pub left: Vec<Term>,
    /// How the sums must compare.
    pub op: Comparison,
    /// Summed.
    pub right: Vec<Term>,
    /// Also required; none for always.
    pub condition: Option<Condition>,
}

/// What is summed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Term {
    /// A value.
    Path(Path),
    /// A number of the rule itself.
    Number(f64),
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the signs < <= = >= >
pub enum Comparison {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

/// A named check written in Rust.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Native {
    /// Its name.
    pub name: String,
    /// The collections and properties that it reads: `users`, `users.accountEnabled`.
    pub reads: Vec<FieldRef>,
    /// Its parameters.
    pub parameters: BTreeMap<String, Scalar>,
    /// The names of the settings it obeys.
    pub settings: Vec<String>,
}

/// A collection, or a property of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldRef {
    /// The collection.
    pub collection: Collection,
    /// The property, which may lead into objects (`licenseAssignmentStates.error`); none for the collection as such.
    pub property: Option<String>,
}

/// A look-up of one object in a collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LookUp {
    /// Its name, used as an alias in paths and conditions.
    pub name: String,
    /// Where.
    pub collection: Collection,
    /// In the home tenant's dump instead of this one.
    pub home: bool,
    /// Each path in the collection equals the value of the path from the object.
    pub matches: Vec<(Path, Path)>,
    /// An object for which one of these pairs is equal is passed over.
    pub except: Vec<(Path, Path)>,
    /// What is found must satisfy this as well; its selections are read from what is found.
    pub such: Option<Condition>,
    /// Texts compare with their case.
    pub cased: bool,
}

/// A path to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Where it starts.
    pub alias: Alias,
    /// The property, and the names inside it; empty for the alias itself.
    pub segments: Vec<String>,
    /// What is done to the value, in order.
    pub filters: Vec<Filter>,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Alias {
    /// The object that is checked.
    Object,
    /// The element of `each`.
    Item,
    /// The person who asks.
    Actor,
    /// The person or group it is asked for.
    Target,
    /// The tenant's organization.
    Organization,
    /// What the user says of the tenant.
    Settings,
    /// A look-up of this rule, by its index.
    LookUp(u16),
}

/// What is done to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Filter {
    /// The part behind the last `@`, in lower case.
    Domain,
    /// The part before the last `@`.
    Local,
    /// In lower case.
    Lower,
    /// An e-mail address: trimmed, lower case, an `smtp:` prefix taken off; nothing where there is no `@`.
    Address,
    /// The address of an `smtp:` proxy address; nothing for X500, SIP, SPO, EUM and the like. A bare address counts as one.
    Smtp,
    /// The address that a guest's `#EXT#` sign-in name was made from (its last `_` read as `@`).
    ExtAddress,
    /// The id of the Azure subscription that a scope lies in.
    Subscription,
    /// The product's name, from its SKU id. In texts only, as are the following.
    Product,
    /// The service plan's name, from its id.
    Plan,
    /// The role's name, from its template id.
    Role,
    /// The meaning of a license error code.
    LicenseError,
    /// The meaning of an error text or a license error code; nothing for one that no table knows.
    Meaning,
    /// The text of an error in XML.
    XmlText,
    /// A date without its time.
    Date,
    /// Without quotes, where a command would quote it.
    Plain,
}

/// A condition over selections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// One of them.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A selection, applied to the alias.
    Select {
        /// What it is applied to.
        alias: Alias,
        /// Its index in [`Rule::selects`].
        select: u16,
    },
}

/// A named selection: every line must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Select {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Vec<SelectLine>,
}

/// One line of a selection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SelectLine {
    /// `found = …`: whether the look-up that the selection is applied to found something.
    Found(bool),
    /// A value satisfies a test. A path that starts at [`Alias::Object`] is read from what the selection is applied to.
    Value(Path, Test),
}

/// A test of a value: all operators must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// The operators.
    pub operators: Vec<Operator>,
    /// Text compares with its case.
    pub cased: bool,
}

/// One operator of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operator {
    /// Equal to one of these.
    OneOf(Vec<Scalar>),
    /// Equal to none of these; holds for an empty value.
    Not(Vec<Scalar>),
    /// Null, "", [] or white space (or, with false, none of them).
    Empty(bool),
    /// A regular expression finds something in it.
    Matches(String),
    /// Equal to the value of another path; of a list, to any element.
    SameAs(Path),
    /// Greater than.
    Above(Bound),
    /// Less than.
    Below(Bound),
    /// In (or, with false, not in) a column of a table.
    InTable {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Only rows that have one of these values in another column.
        rows: Option<(String, Vec<String>)>,
        /// Whether it must be there.
        there: bool,
    },
    /// One element of the list satisfies every line.
    Any(Vec<(Path, Test)>),
    /// Every element of the list satisfies every line.
    All(Vec<(Path, Test)>),
}

/// What `above` and `below` compare with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// A number.
    Number(f64),
    /// So many days after the tenant's as-of date; negative for before.
    Days(i64),
    /// Another value.
    Path(Path),
}

/// A plain value of a rule file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scalar {
    /// Text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
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

/// How careful one must be with a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Can be run as it is.
    Safe,
    /// Somebody decides first.
    Review,
    /// Loses something.
    Destructive,
}

/// Where a fix is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// In the directory.
    Cloud,
    /// In Active Directory, then synchronized.
    OnPremises,
    /// In Exchange Online.
    Exchange,
}

/// One fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Its name within the rule.
    pub id: String,
    /// What to do, in one line.
    pub title: Template,
    /// It is done after one of the others, and is no alternative to them: its title begins with "When" or "Then".
    pub next: bool,
    /// What else to know.
    pub note: Option<Template>,
    /// Offered only for objects that satisfy this selection (by its index), applied to the alias.
    pub when: Option<Condition>,
    /// Not offered for objects that satisfy this; for those of which that cannot be told it is.
    pub unless: Option<Condition>,
    /// Whose account it changes (sign-in name, password, whether it is blocked): only who may reset that person's password may do it.
    pub account: Option<Alias>,
    /// What `when` says, for people.
    pub only_if: Option<Template>,
    /// Of a key that several objects hold: for which of them it is offered; none for all.
    pub holders: Option<Holders>,
    /// Who may do it: role names, the least powerful first.
    pub roles: Vec<String>,
    /// How careful one must be.
    pub safety: Safety,
    /// Where it is made.
    pub place: Where,
    /// The way through the admin center.
    pub portal: Option<Template>,
    /// The command.
    pub powershell: Option<Template>,
    /// How to see that it worked.
    pub verify: Option<Template>,
    /// What one sees then, if it did.
    pub worked_when: Option<Template>,
    /// How to take it back.
    pub undo: Option<Template>,
    /// When it takes effect.
    pub takes_effect: Option<Template>,
    /// What it changes on the object: for the simulation.
    pub set: Vec<(String, SetValue)>,
    /// A Rust function that makes the commands.
    pub native: Option<String>,
}

/// Which of those who hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holders {
    /// Those who hold it as `held-as` says; all, where it says nothing.
    Owner,
    /// The others; nobody, where it says nothing.
    Others,
}

/// What a fix makes of a property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SetValue {
    /// This text.
    Text(Template),
    /// This plain value.
    Value(Scalar),
    /// The list without and with these elements.
    List {
        /// Added.
        add: Vec<Template>,
        /// Removed.
        remove: Vec<Template>,
    },
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
