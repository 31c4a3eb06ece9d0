//! Rule files decoded: TOML in, a rule and all faults of the file out.

mod check;
mod condition;
mod entries;
mod fit;
mod fix;
mod kinds;
mod language;
mod look_up;
mod pack_file;
mod path;
mod quotes;
#[cfg(test)]
mod robust_tests;
mod rule;
mod scope;
mod select;
mod shape;
mod sink;
mod template;
mod usage;

use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use toml::de::DeTable;

pub(crate) use entries::{Entries, Node, table, text, texts, word, wrong_type};
pub use pack_file::{DecodedPack, decode_pack};
pub(crate) use path::show;
pub(crate) use sink::{At, Sink};

use super::fault::{Fault, Level, suggestion};
use super::model::{Condition, Confidence, LookUp, Path, Rule, Severity, Template};
use super::tables::Tables;
use super::test_case::TestCase;
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
    let faults = sink.into_faults();
    let broken = faults.iter().any(|fault| fault.level == Level::Error);
    Decoded { id, file: file.to_path_buf(), rule: rule.filter(|_| !broken), tests, links, faults }
}

/// Parses TOML as far as possible.
pub(crate) fn parse<'s>(source: &'s str, sink: &mut Sink<'_>) -> toml::Spanned<DeTable<'s>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    sink.broken = !errors.is_empty();
    let place = |error: toml::de::Error| {
        let span = error.span().unwrap_or_else(|| first_line(source));
        // The parser counts bytes, and may end between those of one character.
        (source.floor_char_boundary(span.start)..source.ceil_char_boundary(span.end), error)
    };
    let mut errors: Vec<_> = errors.into_iter().map(place).collect();
    errors.sort_by_key(|(span, _)| span.start);
    for (span, error) in errors {
        let line_end = |from: usize| source[from..].find('\n').map_or(source.len(), |at| from + at + 1);
        // One slip makes the next lines unreadable as well: a run of lines is one fault.
        if let Some(run) = sink.unreadable.last_mut().filter(|run| span.start <= run.end) {
            run.end = run.end.max(line_end(span.start));
            continue;
        }
        let line_start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
        sink.unreadable.push(line_start..line_end(span.start));
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
    fn template(&mut self, text: &At<String>, frames: &[usize]) -> Template {
        self.placeholders(text, frames, |_, _| Vec::new())
    }

    /// Reads a command with placeholders.
    fn command(&mut self, text: &At<String>, frames: &[usize]) -> Template {
        self.placeholders(text, frames, quotes::quoted_placeholders)
    }

    fn placeholders(
        &mut self,
        text: &At<String>,
        frames: &[usize],
        check: fn(&str, &[Placeholder]) -> Vec<sink::Problem>,
    ) -> Template {
        let mut problems = Vec::new();
        let (template, placeholders) = template::parse(&text.value, &self.look_ups, &mut problems);
        problems.extend(check(&text.value, &placeholders));
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

/// A table, a column, and which rows count: those with one of some values in another column.
type TableColumn = (String, String, Option<(String, Vec<String>)>);

/// `table.column`, or `table.column where other = value|value`: all known.
fn table_column(text: &At<String>, context: &Context<'_>, sink: &mut Sink<'_>) -> Option<TableColumn> {
    let (place, rows) = match text.value.split_once(" where ") {
        Some((place, rows)) => (place.trim(), Some(rows)),
        None => (text.value.as_str(), None),
    };
    let Some((table, column)) = place.split_once('.') else {
        sink.error("bad-column", &text.span, "a column is written as `table.column`", "no dot here");
        return None;
    };
    let at = At { value: table.to_owned(), span: text.span.clone() };
    known_table(&at, &[column], context, sink);
    let rows = match rows.map(|rows| rows.split_once('=')) {
        None => None,
        Some(Some((by, values))) => {
            let by = by.trim().to_owned();
            let values: Vec<String> = values.split('|').map(|value| value.trim().to_owned()).collect();
            known_values(&at, &by, &values, context, sink);
            Some((by, values))
        }
        Some(None) => {
            let message = "the rows that count are written as `where column = value`";
            sink.error("bad-column", &text.span, message, "no `=` here");
            return None;
        }
    };
    Some((table.to_owned(), column.to_owned(), rows))
}

/// Reports a column that a table does not have, or values that do not occur in it.
fn known_values(table: &At<String>, column: &str, values: &[String], context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(known) = context.tables.and_then(|tables| tables.table(&table.value)) else { return };
    let Some(index) = known.column(column) else { return known_table(table, &[column], context, sink) };
    let there = known.values(index);
    for value in values.iter().filter(|value| !there.contains(&value.as_str())) {
        let message = format!("the column `{column}` has no value `{value}`");
        sink.error("unknown-value", &table.span, message, "unknown value").help = suggestion(value, &there, "Values");
    }
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
