//! Formats of other tools, each translated into objects as Graph has them. One file for each format.
//!
//! Which of them a file is, is decided in [`super::recognise`] alone. A translation keeps what the format tells and leaves out
//! what it does not: a property that is not written is not collected.

mod azurehound;
mod cipp;
mod data_connect;
mod entra_exporter;
mod exchange;
mod field;
mod graph;
mod legacy;
mod roadrecon;
mod scubagear;
mod table;
mod template;
mod written;
mod zero_trust;

use std::io::{self, Read};

use serde_json::Value;

use super::secret;
use super::tree::TreeReader;

pub(super) use roadrecon::{Fault, translate as translate_database};
pub(super) use table::{Sheet, fold_header, is_secret};
pub(super) use written::Written;

/// The format of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Microsoft 365 admin center, Active users, Export users (CSV).
    AdminCenterUsers,
    /// Microsoft Entra admin center, Download users (CSV).
    EntraUsers,
    /// `Get-Mg… | Export-Csv`.
    PowerShellCsv,
    /// A table with a column of sign-in names, of nobody knows which tool.
    UserTable,
    /// Log Analytics or Sentinel (CSV).
    LogAnalytics,
    /// Exchange recipients, mailboxes or accepted domains (JSON or CSV).
    Exchange,
    /// Microsoft Entra bulk create template (CSV): requests.
    BulkCreate,
    /// Microsoft Entra bulk invite template (CSV): requests.
    BulkInvite,
    /// Microsoft 365 "Add multiple users" template (CSV): requests.
    MultipleUsers,
    /// MSOnline (JSON or CSV).
    MsOnline,
    /// The AzureAD module (JSON or CSV).
    AzureAd,
    /// Answers to a Graph `$batch`.
    Batch,
    /// A HAR recording of a browser.
    Har,
    /// Dev Proxy mocks.
    DevProxy,
    /// ScubaGear's `ProviderSettingsExport.json`.
    ScubaGear,
    /// CIPP.
    Cipp,
    /// AzureHound.
    AzureHound,
    /// Microsoft Graph Data Connect.
    DataConnect,
    /// ROADrecon (SQLite).
    RoadRecon,
    /// EntraExporter: a folder.
    EntraExporter,
    /// The folder `zt-export` of the Zero Trust Assessment.
    ZeroTrust,
}

impl Dialect {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AdminCenterUsers,
        Self::EntraUsers,
        Self::PowerShellCsv,
        Self::UserTable,
        Self::LogAnalytics,
        Self::Exchange,
        Self::BulkCreate,
        Self::BulkInvite,
        Self::MultipleUsers,
        Self::MsOnline,
        Self::AzureAd,
        Self::Batch,
        Self::Har,
        Self::DevProxy,
        Self::ScubaGear,
        Self::Cipp,
        Self::AzureHound,
        Self::DataConnect,
        Self::RoadRecon,
        Self::EntraExporter,
        Self::ZeroTrust,
    ];

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }

    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::AdminCenterUsers => "admin-center-users",
            Self::EntraUsers => "entra-users",
            Self::PowerShellCsv => "powershell-csv",
            Self::UserTable => "user-table",
            Self::LogAnalytics => "log-analytics",
            Self::Exchange => "exchange",
            Self::BulkCreate => "bulk-create",
            Self::BulkInvite => "bulk-invite",
            Self::MultipleUsers => "multiple-users",
            Self::MsOnline => "msonline",
            Self::AzureAd => "azuread",
            Self::Batch => "graph-batch",
            Self::Har => "har",
            Self::DevProxy => "dev-proxy",
            Self::ScubaGear => "scubagear",
            Self::Cipp => "cipp",
            Self::AzureHound => "azurehound",
            Self::DataConnect => "data-connect",
            Self::RoadRecon => "roadrecon",
            Self::EntraExporter => "entra-exporter",
            Self::ZeroTrust => "zero-trust-export",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::AdminCenterUsers => "Microsoft 365 admin center, Export users",
            Self::EntraUsers => "Microsoft Entra admin center, Download users",
            Self::PowerShellCsv => "Microsoft Graph PowerShell, Export-Csv",
            Self::UserTable => "A table of users",
            Self::LogAnalytics => "Log Analytics table",
            Self::Exchange => "Exchange PowerShell",
            Self::BulkCreate => "Bulk create template",
            Self::BulkInvite => "Bulk invite template",
            Self::MultipleUsers => "Add multiple users template",
            Self::MsOnline => "MSOnline PowerShell",
            Self::AzureAd => "AzureAD PowerShell",
            Self::Batch => "Graph $batch response",
            Self::Har => "HAR recording",
            Self::DevProxy => "Dev Proxy mocks",
            Self::ScubaGear => "ScubaGear ProviderSettingsExport",
            Self::Cipp => "CIPP",
            Self::AzureHound => "AzureHound",
            Self::DataConnect => "Microsoft Graph Data Connect",
            Self::RoadRecon => "ROADrecon database",
            Self::EntraExporter => "EntraExporter folder",
            Self::ZeroTrust => "Zero Trust Assessment, zt-export",
        }
    }

    /// Translates all of it. What is read comes in UTF-8, or is decoded cell by cell.
    ///
    /// # Errors
    ///
    /// If it cannot be read on, or written.
    pub(super) fn translate(self, input: &mut dyn Read, products: Products<'_>, out: &mut Written) -> io::Result<()> {
        match self {
            Self::BulkCreate | Self::BulkInvite | Self::MultipleUsers => {
                let mut text = secret::read(input)?;
                secret::strike(&mut text);
                template::translate(self, &mut text.as_slice(), out)
            }
            Self::AdminCenterUsers | Self::EntraUsers | Self::PowerShellCsv | Self::UserTable | Self::LogAnalytics => {
                table::translate(self, input, products, out)
            }
            Self::Exchange | Self::MsOnline | Self::AzureAd => {
                let mut input = io::BufReader::new(input);
                if is_json(&mut input)? {
                    let document = document(&mut input, out)?;
                    match self {
                        Self::Exchange => exchange::translate(&document, out),
                        _ => legacy::translate(&document, products, out),
                    }
                } else {
                    table::translate(self, &mut input, products, out)
                }
            }
            Self::AzureHound => azurehound::translate(input, out),
            Self::DataConnect => data_connect::translate(input, out),
            Self::Batch => graph::batch(&document(input, out)?, out),
            Self::Har => graph::har(&document(input, out)?, out),
            Self::DevProxy => graph::dev_proxy(&document(input, out)?, out),
            Self::ScubaGear => scubagear::translate(&document(input, out)?, out),
            Self::Cipp => cipp::translate(&document(input, out)?, products, out),
            // These are read where they lie: see `translate_tree` and `translate_database`.
            Self::RoadRecon | Self::EntraExporter | Self::ZeroTrust => Ok(()),
        }
    }

    /// Translates a folder of many files.
    ///
    /// # Errors
    ///
    /// If a file of it cannot be read, or its translation be written.
    pub(super) fn translate_tree(self, files: &mut TreeReader<'_>, out: &mut Written) -> io::Result<()> {
        match self {
            Self::ZeroTrust => zero_trust::translate(files, out),
            _ => entra_exporter::translate(files, out),
        }
    }

    /// Whether it shows as empty what was not asked for: then only a value in some row tells that it was.
    ///
    /// Source: msgraph-sdk-powershell issue #2337; `Export-Csv` writes a column for each property of the objects.
    pub(super) fn shows_unasked(self) -> bool {
        self == Self::PowerShellCsv
    }

    /// Whether it is a folder, and no file.
    pub(super) fn is_folder(self) -> bool {
        matches!(self, Self::EntraExporter | Self::ZeroTrust)
    }
}

/// Finds the SKU id of a product by its display name or part number.
pub type Products<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// What `ConvertTo-Json` writes of an enumeration: a number. Source: PowerShell's documentation of `-EnumsAsStrings`.
fn note_numbers(object: &serde_json::Map<String, Value>, names: &[&str], out: &mut Written) {
    if names.iter().any(|name| object.get(*name).is_some_and(Value::is_number)) {
        out.note(
            "enum-numbers",
            "Some values are numbers whose meaning is not published; they are not known. Windows PowerShell writes them; PowerShell 7 has ConvertTo-Json -EnumsAsStrings."
                .to_owned(),
        );
    }
}

fn is_json(input: &mut impl io::BufRead) -> io::Result<bool> {
    let head = input.fill_buf()?;
    Ok(matches!(head.trim_ascii_start().first(), Some(b'{' | b'['))
        || head.starts_with(b"\xEF\xBB\xBF{")
        || head.starts_with(b"\xEF\xBB\xBF["))
}

/// A whole document. One that is cut off or broken is noted, and nothing of it is used.
fn document(input: &mut dyn Read, out: &mut Written) -> io::Result<Value> {
    let mut text = Vec::new();
    input.read_to_end(&mut text)?;
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    Ok(serde_json::from_slice(text).unwrap_or_else(|error| {
        out.broken = Some((error.line() as u64, error.column() as u64, error.is_eof()));
        Value::Null
    }))
}

/// The objects of a list, of a page, or of `{"value": […], "Count": n}`; a single object is a list of one.
fn objects(document: &Value) -> Vec<&serde_json::Map<String, Value>> {
    match document {
        Value::Array(items) => items.iter().flat_map(objects).collect(),
        Value::Object(object) => match object.get("value") {
            Some(list @ Value::Array(_)) => objects(list),
            _ => vec![object],
        },
        _ => Vec::new(),
    }
}
