//! Table files read: `rules/tables/*.csv` and `*.toml`.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::{Cell, Table, Tables, Text};
use crate::pack::decode::{At, Entries, Sink, first_line, parse, table};
use crate::pack::fault::Fault;

/// The columns that name plans; they hold ids once they are read.
const PLAN_COLUMNS: [(&str, &str); 4] =
    [("products", "plans"), ("plan-conflicts", "plans"), ("plan-dependencies", "plan"), ("plan-dependencies", "needs")];

/// Reads the table files and puts the ids of plans in place of their names.
pub fn read(files: &[(PathBuf, String)]) -> (Tables, Vec<Fault>) {
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for (file, source) in files {
        let mut sink = Sink::new(file, source);
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => found.push((stem, csv(source, &mut sink), file)),
            Some("toml") => {
                found.extend(toml(&stem, source, &mut sink).into_iter().map(|(name, rows)| (name, rows, file)));
            }
            _ => {}
        }
        faults.extend(sink.faults);
    }
    let plans = PlanNames::new(found.iter().find(|(name, ..)| name == "plans").map_or(&[], |(_, rows, _)| rows));
    let mut tables = Tables::default();
    for (name, mut rows, file) in found {
        for row in &mut rows {
            faults.extend(plans.resolve(&name, row, file));
        }
        let rows = rows.into_iter().map(|row| row.cells).collect();
        tables = tables.with(name, Table::new(rows));
    }
    (tables, faults)
}

/// A row that still knows where it stands.
struct Row {
    cells: Vec<(String, Cell)>,
    span: Range<usize>,
}

fn csv(source: &str, sink: &mut Sink<'_>) -> Vec<Row> {
    let mut header: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let text = line.trim_end_matches(['\r', '\n']);
        let span = start..start + text.len();
        start += line.len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let fields = fields(text);
        let Some(header) = &header else {
            header = Some(fields);
            continue;
        };
        if fields.len() != header.len() {
            let message = format!("the row has {} fields, the header has {}", fields.len(), header.len());
            sink.error("bad-row", &span, message, "");
            continue;
        }
        let cells = header.iter().zip(fields).map(|(name, field)| (name.clone(), csv_cell(name, field)));
        rows.push(Row { cells: cells.collect(), span });
    }
    rows
}

/// A column called `plans` holds a list, separated by blanks; `%20` is a blank inside a name.
fn csv_cell(column: &str, field: String) -> Cell {
    if column == "plans" {
        return Cell::List(field.split_whitespace().map(|name| name.replace("%20", " ").into()).collect());
    }
    if matches!(column, "id" | "sku_id") {
        Cell::Text(field.to_ascii_lowercase().into())
    } else {
        Cell::Text(field.into())
    }
}

/// The fields of a line; a field in double quotes may hold commas, and `""` for a double quote.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => push(&mut fields, '"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => push(&mut fields, other),
        }
    }
    fields
}

fn push(fields: &mut [String], character: char) {
    if let Some(last) = fields.last_mut() {
        last.push(character);
    }
}

/// The tables of a file: a file of one kind of row is called as the file, further kinds by their own name.
fn toml(stem: &str, source: &str, sink: &mut Sink<'_>) -> Vec<(String, Vec<Row>)> {
    let document = parse(source, sink);
    let entries = Entries::new(document.get_ref(), first_line(source), "a table file");
    let mut found = Vec::new();
    for (section, node) in entries.all() {
        let name = match section.value.as_str() {
            "row" | "role" | "text" | "code" => stem.to_owned(),
            "operation" => "operations".to_owned(),
            other => other.to_owned(),
        };
        let Some(list) = node.get_ref().as_array() else {
            sink.error("wrong-type", &section.span, format!("write `[[{}]]`", section.value), "a list of tables");
            continue;
        };
        let mut rows = Vec::new();
        for item in list {
            if let Some(entries) = table(item, "a row".to_owned(), sink) {
                let cells = entries.all().into_iter().filter_map(|(key, node)| toml_cell(key, node.get_ref(), sink));
                rows.push(Row { cells: cells.collect(), span: item.span() });
            }
        }
        found.push((name, rows));
    }
    found
}

fn toml_cell(key: At<String>, value: &DeValue<'_>, sink: &mut Sink<'_>) -> Option<(String, Cell)> {
    let cell = match value {
        DeValue::String(text) if key.value == "id" => Cell::Text(text.to_ascii_lowercase().into()),
        DeValue::String(text) => Cell::Text(text.to_string().into()),
        DeValue::Boolean(flag) => Cell::Flag(*flag),
        DeValue::Array(list) if list.iter().all(|item| item.get_ref().is_str()) => {
            let texts = list.iter().filter_map(|item| item.get_ref().as_str());
            Cell::List(texts.map(|text| text.to_owned().into()).collect())
        }
        _ => {
            sink.error("wrong-type", &key.span, "a cell is a text, a flag or a list of texts", "none of these");
            return None;
        }
    };
    Some((key.value, cell))
}

/// The ids of plans by name.
struct PlanNames {
    ids: HashMap<String, Vec<String>>,
}

impl PlanNames {
    fn new(rows: &[Row]) -> Self {
        let mut ids: HashMap<String, Vec<String>> = HashMap::new();
        for row in rows {
            let cell = |name: &str| row.cells.iter().find(|(column, _)| column == name).map(|(_, cell)| cell.text());
            if let (Some(id), Some(name)) = (cell("id"), cell("name")) {
                ids.entry(name.to_owned()).or_default().push(id.to_owned());
            }
        }
        Self { ids }
    }

    /// The id of a name, or of `NAME#` and the first digits of the id where several share the name.
    fn id(&self, name: &str) -> Option<&str> {
        if let Some([id]) = self.ids.get(name).map(Vec::as_slice) {
            return Some(id);
        }
        let (name, digits) = name.rsplit_once('#')?;
        let digits = digits.to_ascii_lowercase();
        let mut ids = self.ids.get(name)?.iter().filter(|id| id.starts_with(&digits));
        ids.next().filter(|_| ids.next().is_none()).map(String::as_str)
    }

    /// Puts ids in place of names; what is no name of one plan is a fault.
    fn resolve(&self, table: &str, row: &mut Row, file: &Path) -> Vec<Fault> {
        let mut sink = Sink::new(file, "");
        let span = row.span.clone();
        for (column, cell) in &mut row.cells {
            if !PLAN_COLUMNS.contains(&(table, column.as_str())) {
                continue;
            }
            let mut resolve = |name: &str| -> Text {
                match self.id(name) {
                    Some(id) => id.to_owned().into(),
                    None => {
                        let message = format!("`{name}` is not the name of one plan");
                        sink.error("unknown-plan", &span, message, "in this row");
                        name.to_owned().into()
                    }
                }
            };
            *cell = match &*cell {
                // A product holds up to a hundred plans, and ids have no blanks.
                Cell::List(names) if table == "products" => {
                    let ids: Vec<Text> = names.iter().map(|name| resolve(name)).collect();
                    Cell::Words(ids.iter().map(|id| &**id).collect::<Vec<_>>().join(" ").into())
                }
                Cell::List(names) => Cell::List(names.iter().map(|name| resolve(name)).collect()),
                Cell::Text(name) => Cell::Text(resolve(name)),
                other => other.clone(),
            };
        }
        sink.faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(name: &str, text: &str) -> (Tables, Vec<(&'static str, Range<usize>)>) {
        let plans = "id,name,display_name\nAA,PLAN,\"Plan, one\"\nbb,TWICE,\ncc,TWICE,\n".to_owned();
        let files = [(PathBuf::from("plans.csv"), plans), (PathBuf::from(name), text.to_owned())];
        let (tables, faults) = read(&files);
        (tables, faults.into_iter().map(|fault| (fault.code, fault.span)).collect())
    }

    #[test]
    fn names_of_plans_become_ids() {
        let text = "[[row]]\nplans = ['PLAN', 'TWICE#cc']\ngrade = 'x'\n[[row]]\nplans = ['TWICE']\n";
        let (tables, faults) = read_one("plan-conflicts.toml", text);
        let rows: Vec<Vec<&str>> = tables.rows("plan-conflicts").map(|row| row[0].each().collect()).collect();
        assert_eq!(rows, [vec!["aa", "cc"], vec!["TWICE"]]);
        assert_eq!(faults, [("unknown-plan", 49..56)]);
    }

    #[test]
    fn csv_has_comments_quotes_and_blanks() {
        let (tables, faults) = read_one("products.csv", "# x\nsku_id,plans\r\nZZ,PLAN\r\nB,PLAN TWICE#bb\nq\n");
        assert_eq!(tables.plan("aa").map(|plan| plan.display_name), Some("Plan, one"));
        assert_eq!(tables.product("b").map(|product| product.plans.iter().collect::<Vec<_>>()), Some(vec!["aa", "bb"]));
        assert_eq!(tables.products().map(|product| product.sku_id).collect::<Vec<_>>(), ["b", "zz"]);
        assert_eq!(faults, [("bad-row", 43..44)]);
    }

    #[test]
    fn kinds_of_rows_are_tables() {
        let text = "[[role]]\nid = 'A'\nname = 'x'\nmay = []\n\
                    [[operation]]\nname = 'y'\nactions = ['z']\n[[everyone]]\nid = 'E'\n";
        let (tables, faults) = read_one("roles.toml", text);
        assert_eq!(faults, []);
        assert_eq!(tables.names(), ["everyone", "operations", "plans", "roles"]);
        assert_eq!(tables.role("a").map(|role| role.name), Some("x"));
        assert_eq!(tables.actions("y").iter().map(|action| &**action).collect::<Vec<_>>(), ["z"]);
    }
}
