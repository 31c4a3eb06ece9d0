//! ROADrecon: a SQLite database, with Azure AD Graph's names in older files and Microsoft Graph's in newer ones.
//!
//! Source: the code of ROADtools at commit fc344df2. Lists and objects are columns of JSON text, memberships tables of their own.
//! It has no domains but those that the tenant's own record names as verified, and no products.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::{Map, Value, json};

use super::field;
use super::table::write_user;
use super::written::{Object, Written};
use super::{Products, fold_header};
use crate::tenant::schema::{Collection, Kind};

/// Tables that hold the objects of a collection.
const TABLES: &[(&str, Collection)] = &[
    ("TenantDetails", Collection::Organization),
    ("Users", Collection::Users),
    ("Groups", Collection::Groups),
    ("Contacts", Collection::Contacts),
    ("DirectoryRoles", Collection::DirectoryRoles),
    ("RoleDefinitions", Collection::RoleDefinitions),
    ("RoleAssignments", Collection::RoleAssignments),
];

/// Tables that say who is in what: the first column is the group or role, the second the member.
const LINKS: &[(&str, Collection, &str)] = &[
    ("lnk_group_member_user", Collection::Groups, "#microsoft.graph.user"),
    ("lnk_group_member_group", Collection::Groups, "#microsoft.graph.group"),
    ("lnk_group_member_contact", Collection::Groups, "#microsoft.graph.orgContact"),
    ("lnk_group_member_device", Collection::Groups, "#microsoft.graph.device"),
    ("lnk_group_member_serviceprincipal", Collection::Groups, "#microsoft.graph.servicePrincipal"),
    ("lnk_role_member_user", Collection::DirectoryRoles, "#microsoft.graph.user"),
    ("lnk_role_member_group", Collection::DirectoryRoles, "#microsoft.graph.group"),
    ("lnk_role_member_serviceprincipal", Collection::DirectoryRoles, "#microsoft.graph.servicePrincipal"),
];

/// Whose names the columns have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// Azure AD Graph's: `objectId`, `dirSyncEnabled`.
    Old,
    /// Microsoft Graph's.
    Graph,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(in crate::dump) enum Fault {
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// Its translation cannot be written.
    #[error(transparent)]
    Write(#[from] std::io::Error),
    /// Some of what was written to it lies in a file beside it.
    #[error("a file beside it ({0}) holds what was written last: the program that writes it did not end")]
    Unfinished(String),
    /// It is another program's.
    #[error("it is a database of another program than ROADrecon")]
    Other,
}

/// Opens a database for reading only, as a file that nobody writes to: nothing is written beside it. What it brings along to be
/// run (views, triggers, functions) is not run.
fn open(path: &Path) -> Result<Connection, Fault> {
    // An immutable file is read without these, which hold what is not in it yet, or is to be taken back.
    for ending in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        let beside = Path::new(&beside);
        if beside.metadata().is_ok_and(|metadata| metadata.len() > 0) {
            let name = beside.file_name().unwrap_or_default();
            return Err(Fault::Unfinished(name.to_string_lossy().into_owned()));
        }
    }
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let database = Connection::open_with_flags(address, flags)?;
    for (option, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    ] {
        database.set_db_config(option, value)?;
    }
    Ok(database)
}

/// Translates a database, row by row.
pub(in crate::dump) fn translate(path: &Path, products: Products<'_>, out: &mut Written) -> Result<(), Fault> {
    let database = open(path)?;
    let users = columns(&database, "Users")?;
    let has = |name: &str| users.iter().any(|column| column == name);
    let names = match (has("objectId"), has("id")) {
        _ if !has("userPrincipalName") => return Err(Fault::Other),
        (true, _) => Names::Old,
        (_, true) => Names::Graph,
        _ => return Err(Fault::Other),
    };
    for (table, collection) in TABLES {
        let columns = columns(&database, table)?;
        // Azure AD Graph's assignments and definitions of roles have shapes of their own, which are not known.
        let is_known =
            names == Names::Graph || !matches!(collection, Collection::RoleDefinitions | Collection::RoleAssignments);
        if !columns.is_empty() && is_known {
            objects(&database, table, *collection, &columns, names, products, out)?;
        }
    }
    Ok(())
}

/// The names of a table's columns; none if there is no such table. A view is none, nor is a virtual table, which has no root.
fn columns(database: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let is_table = database.query_row(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = ?1 COLLATE NOCASE",
        [table],
        |row| row.get::<_, i64>(0),
    )?;
    if is_table == 0 {
        return Ok(Vec::new());
    }
    let mut statement = database.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

fn objects(
    database: &Connection,
    table: &str,
    collection: Collection,
    columns: &[String],
    names: Names,
    products: Products<'_>,
    out: &mut Written,
) -> Result<(), Fault> {
    let id = if names == Names::Old { "objectId" } else { "id" };
    if !columns.iter().any(|column| column == id) {
        return Ok(());
    }
    let asked = match names {
        Names::Old => columns.to_vec(),
        Names::Graph => filled(database, table, collection, columns)?,
    };
    let mut members = Members::new(database, collection)?;
    let mut members = members.rows()?;
    let list = asked.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ");
    let mut statement = database.prepare(&format!("SELECT {list} FROM {} ORDER BY {}", quoted(table), quoted(id)))?;
    let mut rows = statement.query([])?;
    out.section(collection);
    while let Some(row) = rows.next()? {
        let mut record = Object::new();
        for (index, column) in asked.iter().enumerate() {
            record.insert(column.clone(), value(row.get_ref(index)?, is_json(collection, column)));
        }
        let Some(own) = record.get(id).and_then(Value::as_str).map(str::to_owned) else { continue };
        let mut object = match names {
            Names::Old => of_old(collection, &record, products, out),
            Names::Graph => of_graph(collection, record),
        };
        if let Some(members) = members.of(&own)? {
            object.insert("members".to_owned(), members.into());
        }
        match collection {
            Collection::Users => write_user(&mut object, out)?,
            _ => out.object(collection, object)?,
        }
    }
    Ok(())
}

/// The columns that hold something in some row. Of a property that Microsoft Graph was not asked for the column is empty.
fn filled(
    database: &Connection,
    table: &str,
    collection: Collection,
    columns: &[String],
) -> rusqlite::Result<Vec<String>> {
    let counts = columns.iter().map(|column| match is_json(collection, column) {
        true => format!("count(nullif({}, 'null'))", quoted(column)),
        false => format!("count({})", quoted(column)),
    });
    let query = format!("SELECT {} FROM {}", counts.collect::<Vec<_>>().join(", "), quoted(table));
    database.query_row(&query, [], |row| {
        let filled = |index: &usize| row.get::<_, i64>(*index).map(|count| count > 0);
        let mut names = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            if column == "id" || filled(&index)? {
                names.push(column.clone());
            }
        }
        Ok(names)
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether a column holds lists or objects, as JSON.
fn is_json(collection: Collection, column: &str) -> bool {
    let own = collection.property(column);
    let of_old = || {
        let (name, _) = field::of_user(&fold_header(column))?;
        collection.property(name)
    };
    own.or_else(of_old).is_some_and(|property| matches!(property.kind, Kind::Texts | Kind::Object | Kind::Objects))
}

/// A cell. Text is JSON only where lists and objects are: people have names like `[1]` and `null`.
fn value(cell: ValueRef<'_>, is_json: bool) -> Value {
    match cell {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            if !is_json {
                return text.into();
            }
            match text.trim_ascii_start().as_bytes().first() {
                _ if text == "null" => Value::Null,
                Some(b'[' | b'{') => serde_json::from_str(&text).unwrap_or_else(|_| text.into()),
                _ => text.into(),
            }
        }
    }
}

/// Microsoft Graph's properties, with flags and dates as it writes them.
fn of_graph(collection: Collection, record: Object) -> Object {
    let known = |name: &str| collection.schema().properties.iter().find(|property| property.name == name);
    let properties = record.into_iter().filter_map(|(name, value)| {
        let property = known(&name).filter(|property| !property.computed)?;
        let value = match (property.kind, value) {
            (Kind::Flag, Value::Number(number)) => Value::Bool(number.as_i64() != Some(0)),
            (Kind::Date, Value::String(text)) => field::date(&text).map_or(Value::Null, Value::String),
            (Kind::Texts | Kind::Object | Kind::Objects, Value::String(_)) => return None, // broken JSON
            (_, value) => value,
        };
        Some((name, value))
    });
    properties.collect()
}

/// Azure AD Graph's properties under Microsoft Graph's names.
fn of_old(collection: Collection, record: &Object, products: Products<'_>, out: &mut Written) -> Object {
    let folded: Map<String, Value> =
        record.iter().map(|(name, value)| (fold_header(name), flags(name, value))).collect();
    let mut unknown = Vec::new();
    let mut object = field::user(folded.iter().map(|(name, value)| (name.as_str(), value)), products, &mut |name| {
        unknown.push(name.to_owned());
    });
    for name in unknown {
        out.note(
            "unknown-products",
            format!(
                "The name {name} fits no product, or several; its holders have a license, but it is not known which."
            ),
        );
    }
    for name in
        ["securityEnabled", "mailEnabled", "isAssignableToRole", "groupTypes", "membershipRule", "roleTemplateId"]
    {
        let fits = collection.property(name).is_some();
        if let Some(value) = record.get(name).filter(|_| fits) {
            object.insert(name.to_owned(), flags(name, value));
        }
    }
    if collection != Collection::Users {
        for name in ["assignedLicenses", "userPrincipalName", "accountEnabled", "deletedDateTime"] {
            object.shift_remove(name);
        }
    }
    if collection == Collection::Organization
        && let Some(Value::Array(domains)) = record.get("verifiedDomains")
    {
        object.insert("verifiedDomains".to_owned(), domains.iter().map(verified_domain).collect());
    }
    object
}

/// SQLite has no flags: they are 0 and 1.
fn flags(name: &str, value: &Value) -> Value {
    let is_flag = name.ends_with("Enabled") || name.starts_with("is");
    match value {
        Value::Number(number) if is_flag => Value::Bool(number.as_i64() != Some(0)),
        _ => value.clone(),
    }
}

fn verified_domain(domain: &Value) -> Value {
    let get = |name: &str| domain.get(name).cloned().unwrap_or_default();
    json!({
        "name": get("name"), "type": get("type"), "capabilities": get("capabilities"),
        "isDefault": get("default"), "isInitial": get("initial"),
    })
}

/// Who is in the groups or roles of a database, in the order of their ids. Nobody knows of one without rows whether it is empty.
struct Members<'d> {
    statement: Option<rusqlite::Statement<'d>>,
}

impl<'d> Members<'d> {
    fn new(database: &'d Connection, collection: Collection) -> rusqlite::Result<Self> {
        let mut parts = Vec::new();
        for (table, _, kind) in LINKS.iter().filter(|(_, of, _)| *of == collection) {
            if let [owner, member, ..] = columns(database, table)?.as_slice() {
                let (owner, member, table) = (quoted(owner), quoted(member), quoted(table));
                parts.push(format!("SELECT {owner} AS owner, {member} AS member, '{kind}' AS kind FROM {table}"));
            }
        }
        let query = format!("{} ORDER BY owner, member", parts.join(" UNION ALL "));
        Ok(Self { statement: if parts.is_empty() { None } else { Some(database.prepare(&query)?) } })
    }

    fn rows(&mut self) -> rusqlite::Result<MemberRows<'_>> {
        let rows = self.statement.as_mut().map(|statement| statement.query([])).transpose()?;
        Ok(MemberRows { rows, next: None, is_done: false })
    }
}

struct MemberRows<'s> {
    rows: Option<rusqlite::Rows<'s>>,
    /// The row that belongs to an owner further on.
    next: Option<(String, Value)>,
    is_done: bool,
}

impl MemberRows<'_> {
    /// The members of an owner. Owners are asked for in the order of their ids.
    fn of(&mut self, owner: &str) -> rusqlite::Result<Option<Vec<Value>>> {
        let mut found: Option<Vec<Value>> = None;
        loop {
            if self.next.is_none() && !self.is_done {
                self.next = match &mut self.rows {
                    Some(rows) => rows.next()?.map(member).transpose()?,
                    None => None,
                };
                self.is_done = self.next.is_none();
            }
            match &self.next {
                Some((of, _)) if of.as_str() < owner => self.next = None,
                Some((of, _)) if of == owner => {
                    let (_, member) = self.next.take().unwrap_or_default();
                    found.get_or_insert_default().push(member);
                }
                _ => return Ok(found),
            }
        }
    }
}

fn member(row: &Row<'_>) -> rusqlite::Result<(String, Value)> {
    let text = |index| row.get::<_, Option<String>>(index).map(Option::unwrap_or_default);
    let mut member = BTreeMap::new();
    member.insert("@odata.type", text(2)?);
    member.insert("id", text(1)?);
    Ok((text(0)?, json!(member)))
}
