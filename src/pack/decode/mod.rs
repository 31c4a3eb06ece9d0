//! Rule files decoded: TOML in, a rule and all faults of the file out.

mod check;
mod condition;
mod entries;
mod fix;
mod kinds;
mod language;
mod look_up;
mod pack_file;
mod path;
mod scope;
mod select;
mod shape;
mod sink;
mod template;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use toml::de::DeTable;

pub(crate) use entries::{Entries, Node, table, text, texts, word, wrong_type};
pub use pack_file::{DecodedPack, decode_pack};
pub(crate) use sink::{At, Sink};

use super::fault::{Fault, Level, suggestion};
use super::model::{Condition, Confidence, ErrorText, LookUp, Path, ReportOptions, Rule, Severity, Status};
use super::tables::Tables;
use super::test_case::{self, TestCase};
use crate::tenant::schema::OPERATIONS;
use scope::{Applied, Frame, PathUse};
use template::Placeholder;

/// What a rule file is compared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The fact tables; without them, tables, columns and roles are not checked.
    pub tables: Option<&'a Tables>,
    /// The rule comes with the program: its texts must be there in every language that the program speaks.
    pub builtin: bool,
}

/// The languages that the program speaks besides English.
pub const LANGUAGES: [&str; 1] = ["nl"];

/// What came out of a rule file.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// The rule's id, which is the file's name.
    pub id: String,
    /// The file.
    pub file: PathBuf,
    /// The rule; none if the file has an error.
    pub rule: Option<Rule>,
    /// Its tests, as far as they could be read.
    pub tests: Vec<TestCase>,
    /// Where it names other rules, and itself by older names.
    pub links: Vec<Link>,
    /// All faults of the file, in the order in which they stand.
    pub faults: Vec<Fault>,
}

/// A place where a file names a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// In which sense.
    pub kind: LinkKind,
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub file: PathBuf,
    /// The place.
    pub span: Range<usize>,
}

/// In which sense a file names a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Its findings cause that rule's.
    Explains,
    /// That rule's findings cause its own.
    CausedBy,
    /// The rule was called so before.
    Alias,
    /// A step of a pack's operation.
    Step,
    /// A change of that rule's severity.
    Override,
}

/// Reads a rule file. `file` is only shown; its name is the rule's id.
pub fn decode_rule(file: &FilePath, pack: &str, source: &str, context: &Context<'_>) -> Decoded {
    let id = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut sink = Sink::new(file, source);
    if !is_kebab(&id) {
        sink.error("bad-id", &first_line(source), format!("`{id}` cannot be a rule's id"), "").help =
            Some("The file's name is the id: lower-case words joined by `-`.".to_owned());
    }
    let document = parse(source, &mut sink);
    let entries = Entries::new(document.get_ref(), first_line(source), "a rule");
    let mut decoder = Decoder {
        sink,
        context,
        look_ups: Vec::new(),
        selects: Vec::new(),
        look_up_models: Vec::new(),
        frames: Vec::new(),
        check_frames: Vec::new(),
        uses: Vec::new(),
        applied: Vec::new(),
        links: Vec::new(),
    };
    let (rule, tests) = decoder.rule(id.clone(), pack.to_owned(), entries);
    let Decoder { sink, links, .. } = decoder;
    let mut faults = sink.faults;
    faults.sort_by_key(|fault| fault.span.start);
    let broken = faults.iter().any(|fault| fault.level == Level::Error);
    Decoded { id, file: file.to_path_buf(), rule: rule.filter(|_| !broken), tests, links, faults }
}

/// Parses TOML as far as possible.
pub(crate) fn parse<'s>(source: &'s str, sink: &mut Sink<'_>) -> toml::Spanned<DeTable<'s>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    sink.broken = !errors.is_empty();
    for error in errors {
        let span = error.span().unwrap_or_else(|| first_line(source));
        sink.error("syntax", &span, format!("this is not TOML: {}", error.message()), "");
    }
    document
}

/// Where a fault is shown that concerns the whole file.
pub(crate) fn first_line(source: &str) -> Range<usize> {
    0..source.find(['\r', '\n']).unwrap_or(source.len())
}

/// Reads one rule file; the parts are in the modules of the same names.
pub(crate) struct Decoder<'a> {
    pub(crate) sink: Sink<'a>,
    context: &'a Context<'a>,
    look_ups: Vec<String>,
    /// The look-ups, by the same index as their names; none for one with a fault.
    look_up_models: Vec<Option<LookUp>>,
    selects: Vec<String>,
    frames: Vec<Frame>,
    check_frames: Vec<usize>,
    uses: Vec<PathUse>,
    applied: Vec<Applied>,
    links: Vec<Link>,
}

impl Decoder<'_> {
    fn rule(&mut self, id: String, pack: String, mut entries: Entries<'_>) -> (Option<Rule>, Vec<TestCase>) {
        let title = entries.need_text("title", &mut self.sink);
        let why = entries.need_text("why", &mut self.sink);
        let since = entries.need_text("since", &mut self.sink);
        let status = self.status(&mut entries);
        let symptoms = self.symptoms(&mut entries);
        let references = self.references(&mut entries);
        let aliases = self.rule_links(&mut entries, "aliases", LinkKind::Alias);
        let explains = self.rule_links(&mut entries, "explains", LinkKind::Explains);
        let caused_by = self.rule_links(&mut entries, "caused-by", LinkKind::CausedBy);

        let look_up_entries = entries.named("look-up", "the look-up", &mut self.sink);
        let select_entries = entries.named("select", "the selection", &mut self.sink);
        self.look_ups = look_up_entries.iter().map(|(name, _)| name.value.clone()).collect();
        self.selects = select_entries.iter().map(|(name, _)| name.value.clone()).collect();
        let look_ups: Vec<_> = look_up_entries.into_iter().map(|(name, entries)| self.look_up(name, entries)).collect();
        self.look_up_models = look_ups.iter().map(|look_up| look_up.model.clone()).collect();
        let selects: Vec<_> = select_entries.into_iter().map(|(name, entries)| self.select(name, &entries)).collect();

        let checks = self.checks(&mut entries);
        for look_up in &look_ups {
            self.look_up_uses(look_up);
        }
        let fixes = self.fixes(&mut entries);
        let error_texts = self.error_texts(&mut entries, &checks.names);
        let report = self.report_options(&mut entries);
        let tests = self.tests(&mut entries, &checks.names, &fixes);
        let languages = self.languages(&mut entries, &title, &checks.checks, &fixes);
        entries.finish(&mut self.sink);
        let used = self.used(&selects);
        self.check_unused(&selects, &look_ups, &used);
        self.check_scopes(&selects);

        let rule = || {
            Some(Rule {
                id,
                pack,
                title: title?.value,
                why: why?.value.trim().to_owned(),
                since: since?.value,
                status,
                symptoms,
                references,
                aliases,
                explains,
                caused_by,
                error_texts,
                checks: checks.checks,
                look_ups: look_ups.into_iter().map(|look_up| look_up.model).collect::<Option<_>>()?,
                selects: selects.iter().map(select::SelectAt::model).collect(),
                report,
                fixes: fixes.into_iter().map(|fix| fix.model).collect::<Option<_>>()?,
                languages,
            })
        };
        (rule(), tests)
    }

    fn status(&mut self, entries: &mut Entries<'_>) -> Status {
        const WORDS: [(&str, Status); 3] =
            [("stable", Status::Stable), ("preview", Status::Preview), ("deprecated", Status::Deprecated)];
        let text = entries.text("status", &mut self.sink);
        text.and_then(|text| word(&text, "status", "unknown-status", &WORDS, &mut self.sink)).unwrap_or(Status::Stable)
    }

    fn symptoms(&mut self, entries: &mut Entries<'_>) -> Vec<String> {
        let Some(node) = entries.need("symptoms", &mut self.sink) else { return Vec::new() };
        let texts = entries::texts(node, "symptoms", &mut self.sink);
        texts.into_iter().map(|text| self.operation(text)).collect()
    }

    /// The name of an operation.
    fn operation(&mut self, text: At<String>) -> String {
        operation(&text, &mut self.sink);
        text.value
    }

    fn references(&mut self, entries: &mut Entries<'_>) -> Vec<String> {
        let Some(node) = entries.need("references", &mut self.sink) else { return Vec::new() };
        let texts = entries::texts(node, "references", &mut self.sink);
        for text in &texts {
            if !text.value.starts_with("https://") {
                self.sink.error("bad-reference", &text.span, "a reference is a web address", "no https:// here");
            }
        }
        texts.into_iter().map(|text| text.value).collect()
    }

    fn rule_links(&mut self, entries: &mut Entries<'_>, key: &'static str, kind: LinkKind) -> Vec<String> {
        let texts = entries.texts(key, &mut self.sink);
        for text in &texts {
            let (rule, file) = (text.value.clone(), self.sink.file().to_path_buf());
            self.links.push(Link { kind, rule, file, span: text.span.clone() });
        }
        texts.into_iter().map(|text| text.value).collect()
    }

    fn error_texts(&mut self, entries: &mut Entries<'_>, checks: &[String]) -> Vec<ErrorText> {
        const CAPTURES: [&str; 7] = ["user", "group", "sku", "plan", "address", "domain", "other"];
        let tables = entries.tables("error-text", "an error text", &mut self.sink);
        let mut found = Vec::new();
        for mut entries in tables {
            let text = entries.text("text", &mut self.sink);
            let pattern = entries.text("pattern", &mut self.sink);
            let check = entries.text("check", &mut self.sink);
            if let Some(check) = &check {
                self.known_check(check, checks);
            }
            if let Some(regex) = pattern.as_ref().and_then(|pattern| self.regex(pattern)) {
                for name in regex.capture_names().flatten().filter(|name| !CAPTURES.contains(name)) {
                    let span = pattern.as_ref().map_or(0..0, |pattern| pattern.span.clone());
                    let message = format!("a capture cannot be called `{name}`");
                    self.sink.error("unknown-capture", &span, message, "unknown capture").help =
                        suggestion(name, &CAPTURES, "Captures");
                }
            }
            let check = check.map(|check| check.value);
            match (text, pattern) {
                (Some(text), None) => found.push(ErrorText { text: text.value, is_pattern: false, check }),
                (None, Some(pattern)) => found.push(ErrorText { text: pattern.value, is_pattern: true, check }),
                _ => {
                    let message = "an error text has either `text` or `pattern`";
                    self.sink.error("missing-key", &entries.span, message, "");
                }
            }
            entries.finish(&mut self.sink);
        }
        found
    }

    fn known_check(&mut self, name: &At<String>, checks: &[String]) {
        if !checks.contains(&name.value) {
            let known: Vec<_> = checks.iter().map(String::as_str).collect();
            let message = format!("there is no check `{}`", name.value);
            self.sink.error("unknown-check", &name.span, message, "unknown check").help =
                suggestion(&name.value, &known, "Checks");
        }
    }

    fn report_options(&mut self, entries: &mut Entries<'_>) -> ReportOptions {
        let Some(mut entries) = entries.table("report", &mut self.sink) else { return ReportOptions::default() };
        entries.call("`[report]`");
        let show = entries.texts("show", &mut self.sink);
        for text in &show {
            if let Some(path) = self.path(text, false) {
                self.use_anywhere(&At { value: path, span: text.span.clone() });
            }
        }
        let report = ReportOptions {
            show: show.into_iter().map(|text| text.value).collect(),
            audit: entries.texts("audit", &mut self.sink).into_iter().map(|text| text.value).collect(),
            same_as_of: entries.flag("same-as-of", &mut self.sink).unwrap_or_default(),
        };
        entries.finish(&mut self.sink);
        report
    }

    fn tests(&mut self, entries: &mut Entries<'_>, checks: &[String], fixes: &[fix::FixAt]) -> Vec<TestCase> {
        let fix_ids: Vec<_> = fixes.iter().map(|fix| fix.id.clone()).collect();
        let tables = entries.tables("test", "a test", &mut self.sink);
        let rule = entries.span.clone();
        test_case::decode(tables, checks, &fix_ids, &rule, &mut self.sink)
    }

    /// Reads a path; a fault of it is reported.
    fn path(&mut self, text: &At<String>, in_text: bool) -> Option<Path> {
        path::parse(&text.value, &self.look_ups, in_text).map_err(|problem| self.sink.problem(text, problem)).ok()
    }

    /// Reads a condition and notes where its selections are applied.
    fn condition(&mut self, text: &At<String>, frames: &[usize]) -> Option<Condition> {
        let names = condition::Names { look_ups: &self.look_ups, selects: &self.selects };
        let mut problems = Vec::new();
        let condition = condition::parse(&text.value, &names, &mut problems);
        for problem in problems {
            self.sink.problem(text, problem);
        }
        if let Some(condition) = &condition {
            self.apply(condition, frames, &text.span);
        }
        condition
    }

    fn apply(&mut self, condition: &Condition, frames: &[usize], span: &Range<usize>) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                for part in parts {
                    self.apply(part, frames, span);
                }
            }
            Condition::Not(inner) => self.apply(inner, frames, span),
            Condition::Select { alias, select } => {
                let (alias, select) = (*alias, *select);
                self.applied.push(Applied { alias, select, frames: frames.to_vec(), span: span.clone() });
            }
        }
    }

    /// Reads a text with placeholders and notes the paths in it.
    fn template(&mut self, text: &At<String>, frames: &[usize]) -> crate::pack::model::Template {
        let mut problems = Vec::new();
        let (template, placeholders) = template::parse(&text.value, &self.look_ups, &mut problems);
        for problem in problems {
            self.sink.problem(text, problem);
        }
        for Placeholder { value, span } in placeholders {
            let span = self.sink.inside(text, span);
            self.uses.push(PathUse { path: At { value, span }, frames: frames.to_vec(), in_text: true, number: false });
        }
        template
    }

    /// Notes a path that must be known in one of the frames.
    fn use_path(&mut self, path: &At<Path>, frames: &[usize]) {
        self.uses.push(PathUse { path: path.clone(), frames: frames.to_vec(), in_text: false, number: false });
    }

    /// Notes a path that must be known to one of the checks.
    fn use_anywhere(&mut self, path: &At<Path>) {
        let frames = self.check_frames.clone();
        self.use_path(path, &frames);
    }

    fn kebab(&mut self, name: &At<String>, what: &str) {
        if !is_kebab(&name.value) {
            let message = format!("`{}` cannot be the name of a {what}", name.value);
            self.sink.error("bad-name", &name.span, message, "lower-case words joined by `-`");
        }
    }
}

/// Reports what is no operation.
fn operation(text: &At<String>, sink: &mut Sink<'_>) {
    if !OPERATIONS.contains(&text.value.as_str()) {
        let message = format!("there is no operation `{}`", text.value);
        sink.error("unknown-operation", &text.span, message, "unknown operation").help =
            suggestion(&text.value, OPERATIONS, "Operations");
    }
}

pub(crate) fn severity(text: &At<String>, sink: &mut Sink<'_>) -> Option<Severity> {
    const WORDS: [(&str, Severity); 5] = [
        ("info", Severity::Info),
        ("low", Severity::Low),
        ("medium", Severity::Medium),
        ("high", Severity::High),
        ("critical", Severity::Critical),
    ];
    word(text, "severity", "unknown-severity", &WORDS, sink)
}

pub(crate) fn confidence(text: &At<String>, sink: &mut Sink<'_>) -> Option<Confidence> {
    const WORDS: [(&str, Confidence); 3] =
        [("hint", Confidence::Hint), ("likely", Confidence::Likely), ("certain", Confidence::Certain)];
    word(text, "confidence", "unknown-confidence", &WORDS, sink)
}

/// `table.column`, both known.
fn table_column(text: &At<String>, context: &Context<'_>, sink: &mut Sink<'_>) -> Option<(String, String)> {
    let Some((table, column)) = text.value.split_once('.') else {
        sink.error("bad-column", &text.span, "a column is written as `table.column`", "no dot here");
        return None;
    };
    let at = At { value: table.to_owned(), span: text.span.clone() };
    known_table(&at, &[column], context, sink);
    Some((table.to_owned(), column.to_owned()))
}

/// Reports a table that does not exist, or lacks a column.
fn known_table(name: &At<String>, columns: &[&str], context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(tables) = context.tables else { return };
    let Some(table) = tables.table(&name.value) else {
        let message = format!("there is no table `{}`", name.value);
        sink.error("unknown-table", &name.span, message, "unknown table").help =
            suggestion(&name.value, &tables.names(), "Tables");
        return;
    };
    for column in columns {
        if table.column(column).is_none() {
            let known: Vec<_> = table.columns().collect();
            let message = format!("the table `{}` has no column `{column}`", name.value);
            sink.error("unknown-column", &name.span, message, "unknown column").help =
                suggestion(column, &known, "Columns");
        }
    }
}

/// Lower-case words joined by `-`.
pub(crate) fn is_kebab(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.ends_with('-')
        && !name.contains("--")
}

/// Names of two letters at the top of a rule are languages.
fn is_language(key: &str) -> bool {
    key.len() == 2 && key.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What the checks came to.
#[derive(Default)]
struct Checks {
    names: Vec<String>,
    checks: Vec<crate::pack::model::Check>,
}

/// The texts of a rule in one more language.
type Languages = BTreeMap<String, crate::pack::model::Language>;
