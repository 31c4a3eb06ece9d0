//! What is wrong with a text that is no JSON, or breaks off: where, and what to do.

use serde::de::IgnoredAny;

use super::input::Failure;
use super::read::Gathered;
use crate::json::skip_space;

/// A fault that full validation found.
pub(super) struct Fault {
    /// Where it is: so many bytes before it can be read.
    pub(super) offset: usize,
    line: u64,
    column: u64,
    cut: bool,
    message: String,
}

impl Fault {
    /// What to tell of it.
    pub(super) fn failure(&self, path: &str, gathered: &Gathered) -> Failure {
        let nothing = gathered.sections.is_empty();
        if nothing && !self.cut {
            return not_a_dump(path, (self.line, self.column));
        }
        let again = if self.cut {
            "export it again".to_owned()
        } else {
            "mend that place if you wrote it yourself (often a comma or a quote); if it is an export, export it again"
                .to_owned()
        };
        Failure {
            path: path.to_owned(),
            message: if self.cut {
                "ends in the middle: it was cut off".to_owned()
            } else {
                format!("is broken: {}", self.message)
            },
            line: Some(self.line),
            column: Some(self.column),
            hint: if nothing { again } else { format!("what came before was judged; for the rest, {again}") },
        }
    }
}

/// A file that is no dump at all, and the place that shows it.
pub(super) fn not_a_dump(path: &str, (line, column): (u64, u64)) -> Failure {
    let kind = kind_of_file(path);
    if kind == Some(TABLE) {
        return Failure {
            path: path.to_owned(),
            message: "is a table (CSV), and none of its columns is known".to_owned(),
            line: Some(1),
            column: None,
            hint: "its first line has to name the columns, and one of them the sign-in names: User principal name or UserPrincipalName"
                .to_owned(),
        };
    }
    Failure {
        path: path.to_owned(),
        message: match kind {
            Some(kind) => format!("is {kind}, and not JSON"),
            None => "is not JSON".to_owned(),
        },
        line: Some(line),
        column: Some(column),
        hint: "bring a JSON file, such as the tenant.json that the script of aaddoctor collect-script writes"
            .to_owned(),
    }
}

const TABLE: &str = "a table of text (CSV)";

/// What a file is that is no dump, as its ending says.
fn kind_of_file(path: &str) -> Option<&'static str> {
    let ending = std::path::Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
    Some(match ending.as_str() {
        "csv" | "tsv" => TABLE,
        "xlsx" | "xls" => "an Excel file",
        "docx" | "doc" => "a Word file",
        "htm" | "html" => "a web page",
        "pdf" => "a PDF file",
        "ps1" => "a PowerShell script, which first has to be run",
        "toml" => "a rule or settings file",
        _ => return None,
    })
}

/// Checks every byte, and returns the first fault.
pub(super) fn validate(text: &[u8]) -> Option<Fault> {
    let mut at = 0;
    let error = loop {
        // What may stand between documents is what the walk passes over there.
        at = skip_space(text, at);
        match text.get(at..)? {
            [] => return None,
            [b',' | 0x1e, ..] => at += 1,
            [0xEF, 0xBB, 0xBF, ..] => at += 3,
            rest => {
                let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
                match values.next()? {
                    Ok(_) => at += values.byte_offset(),
                    Err(error) => break error,
                }
            }
        }
    };
    let place = if error.is_eof() { text.len() } else { at + place_of(&text[at..], error.line(), error.column()) };
    let (line, column) = line_and_column(text, place);
    let text_of = error.to_string();
    let message = text_of.split(" at line ").next().unwrap_or_default().to_owned();
    Some(Fault { offset: place, line, column, cut: error.is_eof(), message })
}

/// The place of a line and column, both from 1; the column behind a line's end is given as column 0 of the next.
fn place_of(text: &[u8], line: usize, column: usize) -> usize {
    let start =
        memchr::memchr_iter(b'\n', text).nth(line.saturating_sub(2)).filter(|_| line > 1).map_or(0, |at| at + 1);
    (start + column).saturating_sub(1).min(text.len())
}

/// The line and column of a place, from 1.
pub(super) fn line_and_column(text: &[u8], place: usize) -> (u64, u64) {
    let before = &text[..place.min(text.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = before.len() - memchr::memrchr(b'\n', before).map_or(0, |at| at + 1) + 1;
    (line as u64, column as u64)
}
