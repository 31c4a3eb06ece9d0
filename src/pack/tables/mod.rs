//! The fact tables: products, plans, roles, and what is known of them.
//!
//! A table is decoded when it is first asked for; the texts in it are borrowed from the program itself.

mod facts;
mod read;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use facts::{Audience, EntraEdition, ErrorText, LicenseError, Paid, PasswordReset, Plan, Plans, Product, Role};
pub use read::read;

/// A text of a table, borrowed where it comes with the program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text(#[serde(borrow)] Cow<'static, str>);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub enum Cell {
    /// The row has no such value.
    None,
    /// Text.
    Text(Text),
    /// Texts.
    List(Vec<Text>),
    /// Texts without blanks in them, separated by blanks: cheaper to read where there are many.
    Words(Text),
    /// `true` or `false`.
    Flag(bool),
}

impl Cell {
    /// The text; empty if it is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The texts: of a list all, of a text itself. Words are not kept as texts: see [`Self::each`].
    pub fn texts(&self) -> &[Text] {
        match self {
            Self::List(texts) => texts,
            Self::Text(text) => std::slice::from_ref(text),
            Self::None | Self::Words(_) | Self::Flag(_) => &[],
        }
    }

    /// Each text, however they are kept.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        let words = match self {
            Self::Words(words) => words,
            _ => "",
        };
        self.texts().iter().map(|text| &**text).chain(words.split_ascii_whitespace())
    }
}

/// A table: rows of cells under named columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Table {
    columns: Vec<Text>,
    /// Row after row: one piece of memory is quicker to read than one for each row.
    cells: Vec<Cell>,
    #[serde(skip)]
    indexes: Indexes,
}

/// For each column the rows of its texts, in lower case; made when somebody asks for the column.
#[derive(Clone, Debug, Default)]
struct Indexes(OnceLock<Vec<OnceLock<Index>>>);

/// Rows by text.
type Index = HashMap<String, Vec<u32>>;

impl PartialEq for Indexes {
    /// They are made of the rest of the table.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Table {
    /// A table made of rows that name their values.
    pub fn new(rows: Vec<Vec<(String, Cell)>>) -> Self {
        let mut columns: Vec<Text> = Vec::new();
        for (name, _) in rows.iter().flatten() {
            if !columns.iter().any(|column| **column == **name) {
                columns.push(name.clone().into());
            }
        }
        let cells = |row: Vec<(String, Cell)>| {
            let mut cells = vec![Cell::None; columns.len()];
            for (name, cell) in row {
                if let Some(index) = columns.iter().position(|column| **column == *name) {
                    cells[index] = cell;
                }
            }
            cells
        };
        let cells = rows.into_iter().flat_map(cells).collect();
        Self { columns, cells, indexes: Indexes::default() }
    }

    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| &**column)
    }

    /// A column's index.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| **column == *name)
    }

    /// The rows, in the file's order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        self.cells.chunks_exact(self.columns.len().max(1))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows().len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A row by its place in the file; empty behind the last.
    pub fn row(&self, index: usize) -> &[Cell] {
        let width = self.columns.len();
        self.cells.get(index * width..(index + 1) * width).unwrap_or(&[])
    }

    /// A cell by its row and its column's name.
    pub fn cell(&self, row: usize, column: &str) -> &Cell {
        let index = self.column(column);
        index.and_then(|index| self.row(row).get(index)).unwrap_or(&Cell::None)
    }

    /// The different texts of a column, in alphabetical order.
    pub fn values(&self, column: usize) -> Vec<&str> {
        let mut values: Vec<_> = self.rows().filter_map(|row| row.get(column)).flat_map(Cell::each).collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// Whether a column holds a text, whatever its case; if asked, only in rows that have one of some values in another column.
    pub fn contains(&self, column: &str, text: &str, rows: Option<&(String, Vec<String>)>) -> bool {
        let Some(index) = self.column(column) else { return false };
        let found = self.index(index).get(&text.to_ascii_lowercase()).map_or(&[][..], Vec::as_slice);
        let Some((by, values)) = rows else { return !found.is_empty() };
        let is_one = |row: &u32| self.cell(*row as usize, by).each().any(|own| values.iter().any(|value| value == own));
        found.iter().any(is_one)
    }

    fn index(&self, column: usize) -> &Index {
        let indexes = self.indexes.0.get_or_init(|| vec![OnceLock::new(); self.columns.len()]);
        indexes[column].get_or_init(|| {
            let mut index = Index::new();
            for (number, row) in self.rows().enumerate() {
                for text in row[column].each() {
                    index.entry(text.to_ascii_lowercase()).or_default().push(number as u32);
                }
            }
            index
        })
    }

    fn sort_by_first_column(&mut self) {
        let mut rows: Vec<Vec<Cell>> = self.rows().map(<[Cell]>::to_vec).collect();
        rows.sort_by_key(|row| row.first().map(|cell| cell.text().to_ascii_lowercase()));
        self.cells = rows.into_iter().flatten().collect();
        self.indexes = Indexes::default();
    }
}

/// All tables by name.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    slots: BTreeMap<Cow<'static, str>, Slot>,
    part_numbers: OnceLock<Vec<u32>>,
    /// The patterns of the error texts, by row.
    error_patterns: OnceLock<Vec<Option<regex::Regex>>>,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    blob: &'static [u8],
    table: OnceLock<Table>,
}

impl Tables {
    /// Tables that are decoded when asked for.
    pub fn from_blobs(blobs: &[(&'static str, &'static [u8])]) -> Self {
        let slot = |(name, blob): &(&'static str, &'static [u8])| {
            (Cow::Borrowed(*name), Slot { blob, table: OnceLock::new() })
        };
        Self { slots: blobs.iter().map(slot).collect(), part_numbers: OnceLock::new(), error_patterns: OnceLock::new() }
    }

    /// Puts a table in, in place of one of that name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, mut table: Table) -> Self {
        let name = name.into();
        // These are searched by their first column, and hold one row for each of its values.
        if matches!(name.as_str(), "products" | "plans") {
            table.sort_by_first_column();
            self.part_numbers = OnceLock::new();
        }
        self.error_patterns = OnceLock::new();
        self.slots.insert(Cow::Owned(name), Slot { blob: &[], table: OnceLock::from(table) });
        self
    }

    /// Puts the tables of a rule's test in place of the program's.
    #[must_use]
    pub fn with_json(self, tables: &BTreeMap<String, Vec<serde_json::Map<String, serde_json::Value>>>) -> Self {
        tables.iter().fold(self, |tables, (name, rows)| {
            let rows = rows.iter().map(|row| row.iter().map(|(name, value)| (name.clone(), cell(value))).collect());
            tables.with(name.clone(), Table::new(rows.collect()))
        })
    }

    /// The names of the tables.
    pub fn names(&self) -> Vec<&str> {
        self.slots.keys().map(|name| &**name).collect()
    }

    /// A table by name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        let slot = self.slots.get(name)?;
        // The blobs are written when the program is built, and a test reads each of them.
        Some(slot.table.get_or_init(|| postcard::from_bytes(slot.blob).unwrap_or_default()))
    }

    /// The rows of a table; none for a table that does not exist.
    pub fn rows(&self, name: &str) -> impl Iterator<Item = &[Cell]> {
        self.table(name).into_iter().flat_map(Table::rows)
    }
}

fn cell(value: &serde_json::Value) -> Cell {
    use serde_json::Value;
    match value {
        Value::Null => Cell::None,
        Value::Bool(flag) => Cell::Flag(*flag),
        Value::String(text) => Cell::Text(text.clone().into()),
        Value::Array(list) => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).into();
            Cell::List(list.iter().map(text).collect())
        }
        other => Cell::Text(other.to_string().into()),
    }
}
