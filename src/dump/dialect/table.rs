//! Tables (CSV): the user lists of the admin centers, `Export-Csv`, Log Analytics.
//!
//! Sources: header and rows of the Microsoft 365 admin center's export as quoted in public repositories, the Microsoft Entra export's
//! documentation and a published file, PowerShell's documentation of `Export-Csv`, a published Log Analytics table.

use std::io::{self, Read};

use csv::ByteRecord;
use serde_json::Value;

use super::field;
use super::written::{Object, Written};
use super::{Dialect, Products};
use crate::dump::code_page::CodePage;
use crate::dump::source::Incomplete;
use crate::tenant::schema::Collection;

/// The Microsoft Entra admin center writes no more rows than this. Source: its documentation of bulk downloads.
const MOST_ROWS: usize = 500_000;

/// The delimiters of tables: those of Export-Csv and Excel in the world's locales.
const DELIMITERS: &[u8] = b",;\t|";

/// The first lines of a table: enough to tell what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dump) struct Sheet {
    /// What divides cells.
    pub(in crate::dump) delimiter: u8,
    /// The lines before the header.
    pub(in crate::dump) before: usize,
    /// The header's cells as they stand.
    pub(in crate::dump) header: Vec<String>,
}

impl Sheet {
    /// Looks at the beginning of a text; nothing if no line of it could be a header.
    pub(in crate::dump) fn peek(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let mut before = 0;
        for line in text.split(|byte| *byte == b'\n').take(5) {
            // A tab at the end divides cells.
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let start = line.trim_ascii();
            // "#TYPE …" of Windows PowerShell, "sep=;" of Excel, "version:v1.0,,," of the templates.
            if start.is_empty()
                || start.starts_with(b"#TYPE")
                || start.starts_with(b"sep=")
                || start.starts_with(b"version:")
            {
                before += 1;
                continue;
            }
            let delimiter = DELIMITERS.iter().copied().max_by_key(|delimiter| {
                (line.iter().filter(|byte| *byte == delimiter).count(), std::cmp::Reverse(*delimiter))
            })?;
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(line);
            let record = reader.byte_records().next()?.ok()?;
            return Some(Self { delimiter, before, header: header_of(&record) });
        }
        None
    }

    /// The folded names of the columns.
    pub(in crate::dump) fn names(&self) -> Vec<String> {
        self.header.iter().map(|cell| fold_header(cell)).collect()
    }
}

/// Whether a column, by its folded name, holds passwords.
pub(in crate::dump) fn is_secret(name: &str) -> bool {
    name.contains("password")
}

/// The cells of a header, without the blanks around them.
fn header_of(record: &ByteRecord) -> Vec<String> {
    let mut page = CodePage::default();
    record.iter().for_each(|cell| page.look(cell));
    record.iter().map(|cell| cell_text(cell, page).trim().to_owned()).collect()
}

/// A cell's text. Windows PowerShell and Excel write the code page of the machine.
fn cell_text(cell: &[u8], page: CodePage) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => page.decode(cell).into_owned(),
    }
}

/// A column's name in one spelling: `User name [userPrincipalName] Required`, `User principal name`, `UserPrincipalName_s` and
/// `user_principal_name` are one.
pub(in crate::dump) fn fold_header(name: &str) -> String {
    let name = name.trim();
    if let Some((_, rest)) = name.split_once('[')
        && let Some((inner, _)) = rest.split_once(']')
        && inner != "UTC"
    {
        return inner.to_lowercase();
    }
    let name = name.trim_end_matches("[UTC]").trim();
    let name = ["_s", "_g", "_b", "_d", "_t"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    name.chars().filter(|letter| !matches!(letter, ' ' | '_' | '-' | '.')).flat_map(char::to_lowercase).collect()
}

/// Whether a row is the header once more.
fn is_same(record: &ByteRecord, header: &[String]) -> bool {
    record.len() == header.len()
        && record.iter().zip(header).all(|(cell, name)| !cell.is_ascii() || cell.trim_ascii() == name.as_bytes())
        && header_of(record) == header
}

/// So many lines that could not be read are named.
const LINES: usize = 10;

/// What came of the rows of a table.
#[derive(Clone, Debug, Default)]
#[must_use]
pub(super) struct Rows {
    /// How many were read.
    read: usize,
    /// The lines of those that were passed over: they have more or fewer cells than the header.
    uneven: Vec<u64>,
    /// How many objects were made of them.
    used: usize,
    /// No line of it could be a header.
    is_headless: bool,
}

impl Rows {
    /// Some of those that were read ask for nothing.
    pub(super) fn without(self, count: usize) -> Self {
        Self { read: self.read - count, ..self }
    }

    /// Marks what is not complete. To be called when it is known what the table is of, be it empty.
    pub(super) fn mark(self, out: &mut Written) {
        let Self { read, uneven, used, is_headless } = self;
        let reason = match (uneven.len(), read, used) {
            _ if is_headless => "no-header",
            (1.., ..) => "uneven-rows",
            (_, 1.., 0) => "unread-rows",
            _ => return,
        };
        if !uneven.is_empty() {
            let mut lines: Vec<String> = uneven.iter().take(LINES).map(u64::to_string).collect();
            lines.extend((uneven.len() > LINES).then(|| "...".to_owned()));
            let lines = lines.join(", ");
            out.note(
                "uneven-rows",
                format!("Lines that could not be read, since they have more or fewer cells than the header: {lines}."),
            );
        }
        if read > uneven.len() && used == 0 {
            out.note("unread-rows", format!("{read} rows were read, and none of them tells what it is about."));
        }
        for collection in out.sections.clone() {
            out.partial(collection, Incomplete::Other(reason.to_owned()));
        }
    }
}

/// Goes through the rows of a table: `row` gets the header's folded names and the texts of the cells.
pub(super) fn rows(
    input: &mut dyn Read,
    out: &mut Written,
    mut row: impl FnMut(&[String], &[String], &mut Written) -> io::Result<()>,
) -> io::Result<Rows> {
    let mut head = vec![0; 1 << 16];
    let mut filled = 0;
    while filled < head.len() {
        let read = input.read(&mut head[filled..])?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    head.truncate(filled);
    let Some(sheet) = Sheet::peek(&head) else { return Ok(Rows { is_headless: true, ..Rows::default() }) };
    let mut page = CodePage::default();
    // The last line may end in the middle of a letter.
    page.look(&head[..memchr::memrchr(b'\n', &head).unwrap_or(head.len())]);
    let in_head = page;
    let mut cursor = io::Cursor::new(head);
    // What stands before the header is no record: it has quotes and delimiters of its own.
    for _ in 0..sheet.before {
        io::BufRead::skip_until(&mut cursor, b'\n')?;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(sheet.delimiter)
        .from_reader(cursor.chain(input));
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(io::Error::from)? {
        return Ok(Rows { is_headless: true, ..Rows::default() });
    }
    let header = header_of(&record);
    // A line that ends as Windows ends it counts when the next one is read.
    let breaks = record.iter().map(|cell| memchr::memchr_iter(b'\n', cell).count() as u64).sum::<u64>();
    let before = sheet.before as u64 + (2 + breaks).saturating_sub(reader.position().line());
    let names: Vec<String> = header.iter().map(|cell| fold_header(cell)).collect();
    // There the cells of an uneven row were struck out.
    let is_secret = names.iter().any(|name| is_secret(name));
    let mut cells: Vec<String> = Vec::new();
    let mut other_encoding = false;
    let mut found = Rows::default();
    let written = out.objects;
    while reader.read_byte_record(&mut record).map_err(io::Error::from)? {
        cells.clear();
        // The beginning tells for all, unless there is nothing but ASCII in it.
        if in_head == CodePage::default() {
            record.iter().for_each(|cell| page.look(cell));
        }
        cells.extend(record.iter().map(|cell| cell_text(cell, page)));
        // Tables that were put together have their header again.
        if cells.iter().all(|cell| cell.trim().is_empty()) || is_same(&record, &header) {
            continue;
        }
        found.read += 1;
        other_encoding |= record.iter().any(|cell| std::str::from_utf8(cell).is_err());
        // A row of another width may have its cells in other columns: what it says is not to be trusted.
        let beyond = cells.get(names.len()..).unwrap_or_default();
        if cells.len() < names.len() || beyond.iter().any(|cell| is_secret || !cell.is_empty()) {
            let line = record.position().map_or(0, csv::Position::line);
            found.uneven.push(line + before);
            continue;
        }
        row(&names, &cells, out)?;
    }
    found.used = out.objects - written;
    if other_encoding {
        out.note("encoding", format!("It is written in {}.", page.name()));
    }
    Ok(found)
}

/// Translates a table of users, SKUs, domains or recipients.
pub(super) fn translate(
    dialect: Dialect,
    input: &mut dyn Read,
    products: Products<'_>,
    out: &mut Written,
) -> io::Result<()> {
    let mut count = 0;
    let mut unknown_products = std::collections::BTreeSet::new();
    let found = rows(input, out, |names, cells, out| {
        count += 1;
        let record = names.iter().map(String::as_str).zip(cells.iter().map(String::as_str));
        match dialect {
            Dialect::Exchange => super::exchange::row(record, out),
            Dialect::MsOnline if !names.iter().any(|name| name == "userprincipalname") => {
                super::legacy::row(record, out)
            }
            _ => {
                let mut user = user(record, products, &mut |name| {
                    unknown_products.insert(name.to_owned());
                });
                if dialect == Dialect::LogAnalytics {
                    out.partial(Collection::Users, Incomplete::Part); // a query's result
                }
                write_user(&mut user, out)
            }
        }
    })?;
    if !unknown_products.is_empty() {
        let names: Vec<String> = unknown_products.into_iter().collect();
        out.note(
            "unknown-products",
            format!(
                "These names fit no product, or several; their holders have a license, but it is not known which: {}.",
                names.join(", ")
            ),
        );
    }
    if matches!(dialect, Dialect::EntraUsers | Dialect::UserTable | Dialect::PowerShellCsv | Dialect::AdminCenterUsers)
    {
        out.section(Collection::Users);
    }
    found.mark(out);
    if dialect == Dialect::AdminCenterUsers {
        out.partial(Collection::Users, Incomplete::Part); // all but guests
    }
    if count >= MOST_ROWS && dialect == Dialect::EntraUsers {
        out.partial(Collection::Users, Incomplete::Other("row-limit".to_owned()));
    }
    if matches!(dialect, Dialect::UserTable) {
        // Somebody made it: it may be a selection.
        out.partial(Collection::Users, Incomplete::Part);
    }
    Ok(())
}

fn user<'a>(
    record: impl Iterator<Item = (&'a str, &'a str)>,
    products: Products<'_>,
    unknown: &mut dyn FnMut(&str),
) -> Object {
    let mut user = Object::new();
    for (name, cell) in record {
        let Some((property, form)) = field::of_user(name) else { continue };
        // Some tables have one property under two names: the first that says something counts.
        if user.get(property).is_some_and(|known| !known.is_null()) {
            continue;
        }
        if let Some(value) = field::of_cell(form, cell, products, unknown) {
            user.insert(property.to_owned(), value);
        }
    }
    user
}

/// Writes a user, or a deleted one.
pub(super) fn write_user(user: &mut Object, out: &mut Written) -> io::Result<()> {
    if user.get("userPrincipalName").is_none_or(Value::is_null) && user.get("id").is_none_or(Value::is_null) {
        return Ok(());
    }
    let is_deleted = user.get("deletedDateTime").is_some_and(|date| !date.is_null());
    if !is_deleted {
        user.shift_remove("deletedDateTime");
    }
    if is_deleted {
        // One that stands among users: nobody says that all of them do.
        out.partial(Collection::DeletedUsers, Incomplete::Part);
    }
    out.object(if is_deleted { Collection::DeletedUsers } else { Collection::Users }, std::mem::take(user))
}
