//! The programs that are compared: how each is started, and what it found.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::args::Args;
use crate::tenant::{DUPLICATES, LOCATIONS};

const JQ_JOB: &str = include_str!("../peers/job.jq");
const DUCKDB_JOB: &str = include_str!("../peers/job.py");

/// What the job counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    /// Addresses that several objects hold.
    pub(crate) duplicate_addresses: u64,
    /// Users with a license, or with one refused for their location, who have no usage location.
    pub(crate) missing_locations: u64,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {}", self.duplicate_addresses, self.missing_locations)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Cat,
    Aaddoctor,
    Jq,
    DuckDb,
}

/// A program to compare.
pub(crate) struct Program {
    kind: Kind,
    path: PathBuf,
    /// What it calls itself, or why it cannot be used.
    pub(crate) version: Result<String, String>,
}

impl Program {
    /// All programs, in the order in which they run.
    pub(crate) fn all(args: &Args) -> Vec<Self> {
        [
            (Kind::Cat, Path::new("cat")),
            (Kind::Aaddoctor, &args.binary),
            (Kind::Jq, &args.jq),
            (Kind::DuckDb, &args.duckdb),
        ]
        .map(|(kind, path)| Self { kind, path: path.to_owned(), version: version(kind, path) })
        .into()
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Cat => "cat",
            Kind::Aaddoctor => "aaddoctor",
            Kind::Jq => "jq",
            Kind::DuckDb => "DuckDB",
        }
    }

    /// Whether all others are measured against this one.
    pub(crate) fn is_floor(&self) -> bool {
        self.kind == Kind::Cat
    }

    /// Whether this is the program that all is about.
    pub(crate) fn is_ours(&self) -> bool {
        self.kind == Kind::Aaddoctor
    }

    /// The command that does the job on a file. What it prints, and the report, go into the folder.
    pub(crate) fn command(&self, file: &Path, dir: &Path) -> io::Result<Command> {
        let mut command = Command::new(&self.path);
        command.stdin(Stdio::null()).stdout(File::create(self.output(dir))?).stderr(File::create(self.errors(dir))?);
        match self.kind {
            Kind::Cat => command.arg(file).stdout(Stdio::null()),
            Kind::Aaddoctor => {
                command.arg("check").arg(file).args(["--format", "json", "--fail-on", "never", "--quiet", "-o"]);
                command.arg(self.report(dir))
            }
            Kind::Jq => command.arg(JQ_JOB).arg(file),
            Kind::DuckDb => command.args(["-c", DUCKDB_JOB]).arg(file),
        };
        Ok(command)
    }

    /// What the last run found; nothing if that is not its task.
    pub(crate) fn found(&self, dir: &Path) -> io::Result<Option<Found>> {
        match self.kind {
            Kind::Cat => Ok(None),
            Kind::Aaddoctor => {
                let report: Report = serde_json::from_reader(BufReader::new(File::open(self.report(dir))?))?;
                let findings = || report.tenants.iter().flat_map(|tenant| &tenant.findings);
                let count = |rule| findings().filter(|finding| finding.rule == rule).count() as u64;
                Ok(Some(Found { duplicate_addresses: count(DUPLICATES), missing_locations: count(LOCATIONS) }))
            }
            Kind::Jq | Kind::DuckDb => Ok(Some(serde_json::from_str(&fs::read_to_string(self.output(dir))?)?)),
        }
    }

    /// The last line of what the last run complained about.
    pub(crate) fn complaint(&self, dir: &Path) -> String {
        let errors = fs::read(self.errors(dir)).unwrap_or_default();
        let errors = String::from_utf8_lossy(&errors);
        let last = errors.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no message");
        last.chars().take(100).collect()
    }

    /// Removes what the runs left in the folder.
    pub(crate) fn clean(&self, dir: &Path) {
        for file in [self.report(dir), self.output(dir), self.errors(dir)] {
            // Not every program writes each of them.
            let _ = fs::remove_file(file);
        }
    }

    fn report(&self, dir: &Path) -> PathBuf {
        dir.join(format!("{}.report.json", self.name()))
    }

    fn output(&self, dir: &Path) -> PathBuf {
        dir.join(format!("{}.output.json", self.name()))
    }

    fn errors(&self, dir: &Path) -> PathBuf {
        dir.join(format!("{}.errors.txt", self.name()))
    }
}

/// What is read of a report: in a large one, everything else would take much memory, and the next program starts as
/// large as this one is.
#[derive(Deserialize)]
struct Report {
    tenants: Vec<TenantReport>,
}

#[derive(Deserialize)]
struct TenantReport {
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
}

/// Asks a program for its version.
fn version(kind: Kind, path: &Path) -> Result<String, String> {
    let mut command = Command::new(path);
    match kind {
        Kind::Cat | Kind::Aaddoctor | Kind::Jq => command.arg("--version"),
        Kind::DuckDb => command.args(["-c", "import duckdb; print('DuckDB', duckdb.__version__)"]),
    };
    let output = command.stdin(Stdio::null()).output().map_err(|fault| match fault.kind() {
        io::ErrorKind::NotFound => "not there".to_owned(),
        _ => fault.to_string(),
    })?;
    if kind == Kind::Cat {
        return Ok("cat".to_owned()); // not every cat knows its version
    }
    if !output.status.success() {
        return Err("not there".to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}
