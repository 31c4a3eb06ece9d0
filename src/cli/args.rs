//! The arguments of every subcommand, in the words of the person who types them.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum, ValueHint};
use jiff::Timestamp;

use crate::check::settings::Settings;
use crate::dump::FormatIn;
use crate::language::Language;
use crate::pack::model::Severity;
use crate::tenant::as_of;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds what is wrong in an export of a Microsoft 365 tenant, and prints the cause, the objects and a fix that works. It reads
/// files that you have: it never signs in, and nothing leaves this computer.
#[derive(Debug, Parser)]
#[command(
    name = "aaddoctor",
    bin_name = "aaddoctor", // whatever the file is called: the examples are to be typed
    version,
    styles = STYLES,
    max_term_width = 80,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  aaddoctor collect-script -o collect.ps1   Make the script that exports a tenant
  aaddoctor check tenant.json               Say what is wrong with it
  aaddoctor explain usage-location-missing  Read the page about a rule

Exit codes:
  0  nothing found                  3  a file could not be read
  1  something found                4  a rule pack is wrong
  2  wrong usage                    5  nothing could be assessed"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Show colors: only on a terminal (auto), always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto, hide_default_value = true)]
    pub color: ColorChoice,
    /// The language of texts: en or nl (default: that of the computer)
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
    /// Print only what was asked for, and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what is wrong with a tenant, why, and what to do about it
    Check(Box<CheckArguments>),
    /// Say what an export holds, and what it lacks
    Inspect(InspectArguments),
    /// Show the page about a rule
    Explain(ExplainArguments),
    /// List, check or test the rules
    Rules(RulesArguments),
    /// Make the PowerShell script that exports what the rules read
    CollectScript(CollectScriptArguments),
}

/// The rules that are used.
#[derive(Debug, Args)]
pub struct PackArguments {
    /// Use the rule packs in this folder too (may be given several times)
    #[arg(long = "rules", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,
}

/// The dumps that are read.
#[derive(Debug, Args)]
pub struct DumpArguments {
    /// The export: files, folders or patterns such as *.json; - reads standard input
    #[arg(value_name = "DUMP", required = true, value_hint = ValueHint::AnyPath)]
    pub dumps: Vec<PathBuf>,
    /// What the files are, whatever they look like (default: their content tells)
    #[arg(long, value_name = "NAME", value_parser = format_in())]
    pub format_in: Option<FormatIn>,
    /// Where temporary copies may stand of what is too large for memory and cannot be read twice, such as a pipe; they are removed
    /// in the end
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, value_parser = existing_folder)]
    pub spool: Option<PathBuf>,
    /// How many threads read (default: as many as the computer has)
    #[arg(long, value_name = "NUMBER")]
    pub threads: Option<NonZeroUsize>,
}

impl DumpArguments {
    /// How many threads may work.
    pub fn threads(&self) -> usize {
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok());
        threads.map_or(1, NonZeroUsize::get)
    }
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor check tenant.json
  aaddoctor check tenant.json --about jan@contoso.com
  aaddoctor check tenant.json --can assign-license --to jan@contoso.com --license SPE_E3
  aaddoctor check tenant.json --can create-user --name new@contoso.com
  aaddoctor check users.json domains.json --only usage-location-missing
  aaddoctor check export/ -o report.md
  aaddoctor check tenant.json --format json --fail-on high > report.json")]
pub struct CheckArguments {
    #[command(flatten)]
    pub input: DumpArguments,
    /// How to print the report (default: terminal, or what the ending of the --output file says)
    #[arg(long, value_name = "FORMAT", help_heading = "Report")]
    pub format: Option<Format>,
    /// Write the report to this file (- is standard output)
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Report")]
    pub output: Option<PathBuf>,
    /// Show every finding, object and command instead of the first few
    #[arg(long, help_heading = "Report")]
    pub all: bool,
    /// Say for each finding why it stands where it does
    #[arg(long, help_heading = "Report")]
    pub why_this_order: bool,
    /// Only what concerns this user, group, license, domain or address
    /// (may be given several times)
    #[arg(long, value_name = "NAME", help_heading = "What to check")]
    pub about: Vec<String>,
    /// Say whether this would work: create-user, assign-license, remove-license,
    /// invite-guest, reset-password, sign-in, sign-up or manage-directory
    #[arg(long, value_name = "OPERATION", help_heading = "Ask about one thing")]
    pub can: Option<String>,
    /// For this user or group: a sign-in name, address, name or id
    #[arg(long, value_name = "NAME", requires = "can", help_heading = "Ask about one thing")]
    pub to: Option<String>,
    /// With this license: a product's name, part number or id (may be given several times)
    #[arg(long, value_name = "PRODUCT", requires = "can", help_heading = "Ask about one thing")]
    pub license: Vec<String>,
    /// With this sign-in name, for create-user
    #[arg(long, value_name = "SIGN-IN NAME", requires = "can", help_heading = "Ask about one thing")]
    pub name: Option<String>,
    /// With this address: the invited one, or the one typed to sign in
    #[arg(long, value_name = "ADDRESS", requires = "can", help_heading = "Ask about one thing")]
    pub address: Option<String>,
    /// For this Azure subscription (its id), for manage-directory
    #[arg(long, value_name = "ID", requires = "can", help_heading = "Ask about one thing")]
    pub subscription: Option<String>,
    /// Judge requests as if this user had made them
    #[arg(long = "as", value_name = "USER", help_heading = "What to check")]
    pub actor: Option<String>,
    /// Only these rules, packs or symptoms (separated by commas)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "What to check")]
    pub only: Vec<String>,
    /// All but these rules, packs or symptoms (separated by commas)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "What to check")]
    pub skip: Vec<String>,
    /// An export of the tenant that guests come from, to look them up there
    #[arg(long, value_name = "DUMP", value_hint = ValueHint::AnyPath, help_heading = "What to check")]
    pub home_tenant: Vec<PathBuf>,
    /// The date or time that the data is from, in UTC: 2026-01-31 or 2026-01-31T14:00
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "What to check")]
    pub now: Option<Timestamp>,
    /// How many guests need which edition of Microsoft Entra ID at least: P1=50,Basic=100
    #[arg(long, value_name = "EDITION=NUMBER", value_parser = guests_need, help_heading = "What to check")]
    pub guests_need: Option<Settings>,
    /// What no export tells, in TOML: guest-billing, guests-need, conglomerate, password-reset
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "What to check")]
    pub settings: Option<PathBuf>,
    #[command(flatten, next_help_heading = "What to check")]
    pub packs: PackArguments,
    /// Exit with 1 for findings of at least this severity
    #[arg(long, value_name = "SEVERITY", default_value = "low", help_heading = "Exit code")]
    pub fail_on: FailOn,
    /// Exit with 5 if nothing of this rule or pack could be assessed (separated by commas)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Exit code")]
    pub require: Vec<String>,
}

impl CheckArguments {
    /// The file that the report goes to; none for standard output.
    pub fn report_file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }
}

/// `inspect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor inspect tenant.json
  aaddoctor inspect tenant.json --licenses
  aaddoctor inspect export/ --all --format json")]
pub struct InspectArguments {
    #[command(flatten)]
    pub input: DumpArguments,
    /// Show how many licenses were bought, are in use and are free
    #[arg(long)]
    pub licenses: bool,
    /// Name every property instead of the first few
    #[arg(long)]
    pub all: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    pub format: Plain,
    #[command(flatten)]
    pub packs: PackArguments,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor explain usage-location-missing
  aaddoctor explain \"Guest invitations not allowed for your company\"")]
pub struct ExplainArguments {
    /// The rule's name, as reports print it; or an error text, between quotes
    #[arg(value_name = "RULE|TEXT")]
    pub rule: String,
    #[command(flatten)]
    pub packs: PackArguments,
}

/// `rules`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor rules list
  aaddoctor rules lint my-rules/
  aaddoctor rules test")]
pub struct RulesArguments {
    /// What to do with the rules.
    #[command(subcommand)]
    pub command: RulesCommand,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules
    List(ListArguments),
    /// Check rule files, and show all their faults at once
    Lint(LintArguments),
    /// Try rules by their own tests, with data left out, and with the rule changed
    Test(TestArguments),
    /// Write the pages about the rules as Markdown
    Docs(DocsArguments),
}

/// `rules list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor rules list
  aaddoctor rules list --rules my-rules/ --format json")]
pub struct ListArguments {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    pub format: Plain,
    #[command(flatten)]
    pub packs: PackArguments,
}

/// `rules lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor rules lint
  aaddoctor rules lint my-rules/")]
pub struct LintArguments {
    /// Folders of rule packs (the built-in ones are always checked)
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,
}

/// `rules test`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor rules test
  aaddoctor rules test usage-location-missing
  aaddoctor rules test --rules my-rules/ my-pack

Runs the tests in the rule files. Then leaves out every collection and property of each test that expects a finding: the rule
may then find less, but must not say that all is clear. Then changes the rule in one place at a time: a test must notice.")]
pub struct TestArguments {
    /// Only these rules or packs
    #[arg(value_name = "RULE")]
    pub rules: Vec<String>,
    #[command(flatten)]
    pub packs: PackArguments,
}

/// `rules docs`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor rules docs
  aaddoctor rules docs pages/ --rules my-rules/ --lang nl")]
pub struct DocsArguments {
    /// The folder to write to: a page for each rule, and README.md with the list of them
    #[arg(value_name = "FOLDER", default_value = "docs/rules", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    #[command(flatten)]
    pub packs: PackArguments,
}

/// `collect-script`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aaddoctor collect-script -o collect.ps1
  aaddoctor collect-script --for usage-location-missing -o collect.ps1
  powershell -ExecutionPolicy Bypass -File collect.ps1

The script signs in to Microsoft Graph, only reads (every call is a GET), and writes tenant.json.")]
pub struct CollectScriptArguments {
    /// Only what these rules or packs read (separated by commas)
    #[arg(long = "for", value_name = "NAME", value_delimiter = ',')]
    pub names: Vec<String>,
    /// Write the script to this file
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub packs: PackArguments,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // a comment here would make the whole help three times as long
pub enum Format {
    Terminal,
    Json,
    Markdown,
}

/// How anything else is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // as above
pub enum Plain {
    Terminal,
    Json,
}

/// From which severity on findings are a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // as above
pub enum FailOn {
    Info,
    Low,
    Medium,
    High,
    Critical,
    Never,
}

impl FailOn {
    /// The least severity that is a failure; none if there is none.
    pub fn severity(self) -> Option<Severity> {
        Some(match self {
            Self::Info => Severity::Info,
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
            Self::Never => return None,
        })
    }
}

/// The names of the formats, listed in the help and in the error.
fn existing_folder(name: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(name);
    if folder.is_dir() { Ok(folder) } else { Err("there is no such folder".to_owned()) }
}

fn format_in() -> impl TypedValueParser<Value = FormatIn> {
    PossibleValuesParser::new(FormatIn::names()).try_map(|name| FormatIn::from_name(&name).ok_or("no such format"))
}

fn language(text: &str) -> Result<Language, String> {
    let known = Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(text));
    known.ok_or_else(|| Language::ALL.map(Language::code).join(" or "))
}

fn guests_need(text: &str) -> Result<Settings, String> {
    let mut settings = Settings::default();
    settings.set_guests_need(text).map(|()| settings)
}

fn time(text: &str) -> Result<Timestamp, String> {
    as_of::timestamp(text).ok_or_else(|| "write it as 2026-01-31, or as 2026-01-31T14:00".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn times_are_dates_or_hours_in_utc() {
        for text in ["2026-01-31", "2026-01-31T00:00", "2026-01-31T00:00:00Z", "2026-01-31 00:00"] {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), Ok("2026-01-31T00:00:00Z"), "{text}");
        }
        assert!(time("yesterday").is_err());
    }
}
