//! A whole run: read, judge, report.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::dump::{Failure, Input};
use crate::pack::load::Packs;
use crate::pack::tables::Tables;
use crate::report::model::{Report, Summary, Tool};

/// What to run and how.
pub struct Options {
    /// How many threads may work.
    pub threads: usize,
    /// The time that the user gave.
    pub now: Option<jiff::Timestamp>,
    /// Only these rules, packs and symptoms.
    pub only: Vec<String>,
    /// Without these rules, packs and symptoms.
    pub skip: Vec<String>,
    /// Only what is about this person, group, license, domain or address.
    pub about: Option<String>,
    /// Who asks.
    pub actor: Option<String>,
    /// The bytes read so far.
    pub seen: Arc<AtomicU64>,
    /// The language of the texts.
    pub language: String,
}

/// What came out.
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// What could not be read.
    pub failures: Vec<Failure>,
    /// Why the report must not be used.
    pub broken: Option<String>,
}

/// The seats of each subscribed SKU.
#[allow(missing_docs)]
pub struct Seat {
    pub product: String,
    pub part_number: String,
    pub status: String,
    pub enabled: Option<f64>,
    pub warning: Option<f64>,
    pub suspended: Option<f64>,
    pub consumed: Option<f64>,
    pub free: Option<f64>,
    pub assigned_in_dump: Option<usize>,
}

/// Runs the rules.
pub fn check(
    _inputs: &[Input],
    gather_failures: Vec<Failure>,
    _home: &[Input],
    _packs: &Packs,
    _tables: &Tables,
    options: &Options,
) -> Outcome {
    let report = Report {
        format: "aaddoctor-report".to_owned(),
        version: 1,
        language: options.language.clone(),
        redacted: None,
        tool: Tool { name: "aaddoctor".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), packs: Vec::new(), overrides: Vec::new() },
        summary: Summary::default(),
        tenants: Vec::new(),
    };
    Outcome { report, failures: gather_failures, broken: None }
}

/// Reads the seats.
pub fn seats(_inputs: &[Input], _tables: &Tables, _options: &Options) -> (Vec<Seat>, Vec<Failure>) {
    (Vec::new(), Vec::new())
}
