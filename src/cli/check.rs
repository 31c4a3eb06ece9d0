//! `check`: read, judge, print, and tell by the exit code.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::args::{CheckArguments, Format};
use super::asked;
use super::error::Error;
use super::exit::Exit;
use super::names::{self, Scope};
use super::output::Output;
use super::progress;
use super::words::{fill, words};
use crate::check::settings::Settings;
use crate::dump::{Input, gather, passed_over};
use crate::engine;
use crate::engine::naming::severity_name;
use crate::engine::run::{self, Outcome};
use crate::pack::load::Packs;
use crate::report;
use crate::report::model::{Report, RuleOutcome};

/// Checks a tenant.
pub(crate) fn run(arguments: &CheckArguments, output: &mut Output) -> Result<Exit, Error> {
    let mut packs = names::load(&arguments.packs.folders, output)?;
    packs.speak(output.language)?;
    let only = names::known(&packs, &arguments.only, "--only", Scope::All)?;
    let skip = names::known(&packs, &arguments.skip, "--skip", Scope::All)?;
    let require = names::known(&packs, &arguments.require, "--require", Scope::RulesAndPacks)?;

    let format = format(arguments)?;
    refuse_names(&arguments.input.dumps)?;
    let (inputs, mut gather_failures) = gather(&arguments.input.dumps, arguments.input.format_in);
    let (home, home_failures) = gather(&arguments.home_tenant, None);
    gather_failures.extend(home_failures);
    if !inputs.is_empty() {
        say_passed_over(&arguments.input.dumps, output)?;
    }
    if let Some(path) = arguments.report_file() {
        refuse_overwriting(path, inputs.iter().chain(&home))?;
    }

    let seen = Arc::new(AtomicU64::new(0));
    let options = run::Options {
        threads: arguments.input.threads(),
        now: arguments.now,
        only,
        skip,
        about: arguments.about.clone(),
        asked: asked::asked(arguments)?,
        actor: arguments.actor.clone(),
        seen: Arc::clone(&seen),
        format_in: arguments.input.format_in,
        spool: arguments.input.spool.clone(),
        settings: settings(arguments)?,
        language: output.language,
    };
    let total = progress::size(&inputs) + progress::size(&home);
    let checked = progress::during(output.may_show_progress(), total, &seen, || {
        engine::check::check(&inputs, gather_failures, &home, &packs, packs.tables(), &options)
    });
    let Outcome { report, failures, broken, unclear } = checked.map_err(|mixed| Error::from(&mixed))?;

    for failure in &failures {
        output.error(&Error::from(failure))?;
    }
    if let Some(reason) = broken {
        let error = Error { kind: super::Kind::Source, message: reason, hints: Vec::new(), place: None };
        return Err(
            error.hint("the report would mislead and was not written; run it again when nothing changes the files")
        );
    }
    if let Some((last, others)) = unclear.split_last() {
        for unclear in others {
            output.error(&asked::unclear(unclear))?;
        }
        return Err(asked::unclear(last));
    }
    // A person who named one wrong file is told so, and nothing else; a program always gets its report.
    if failures.is_empty() || format == Format::Json || has_data(&report) {
        print(&report, format, arguments, output)?;
    }
    if !failures.is_empty() {
        return Ok(Exit::Source);
    }
    let exit = verdict(&report, &packs, arguments, &require, output);
    // The process ends: nobody needs the memory of a large report back piece by piece.
    std::mem::forget(report);
    exit
}

/// Refuses an address where a file belongs: whoever types it there means somebody.
fn refuse_names(dumps: &[PathBuf]) -> Result<(), Error> {
    let named = dumps.iter().find(|path| {
        let name = path.to_string_lossy();
        name.contains('@')
            && !name.contains(['/', '\\', '*'])
            && !path.exists()
            && path.extension().is_none_or(|ending| ending != "json")
    });
    let Some(name) = named else { return Ok(()) };
    let error = Error::usage(format!("{} is no file", name.display()));
    Err(error.hint(format!("for what concerns somebody: aaddoctor check tenant.json --about {}", name.display())))
}

/// Names the files of a folder that look like exports and are not read.
pub(super) fn say_passed_over(dumps: &[PathBuf], output: &mut Output) -> io::Result<()> {
    /// So many are named.
    const NAMED: usize = 5;
    let files = passed_over(dumps);
    let mut names: Vec<String> = files.iter().take(NAMED).map(|path| path.display().to_string()).collect();
    if files.len() > NAMED {
        names.push(format!("+{}", files.len() - NAMED));
    }
    if names.is_empty() {
        return Ok(());
    }
    output.note(&fill(words(output.language).passed_over, &[&names.join(", ")]))
}

/// What the user says of the tenant: in a file, and by an option, which counts more.
fn settings(arguments: &CheckArguments) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    if let Some(path) = &arguments.settings {
        let refuse = |message: String| Error {
            kind: super::Kind::Usage,
            message,
            hints: vec!["a line of it is written as: guest-billing = \"mau\"".to_owned()],
            place: Some(super::Place { path: path.clone(), line: None, column: None }),
        };
        let text = fs::read_to_string(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let value: serde_json::Value = toml::from_str(&text).map_err(|error| refuse(error.message().to_owned()))?;
        settings = Settings::new(&value).map_err(refuse)?;
    }
    if let Some(need) = &arguments.guests_need {
        settings.extend(need.clone());
    }
    Ok(settings)
}

/// The format that is asked for, or that the ending of the output file says.
fn format(arguments: &CheckArguments) -> Result<Format, Error> {
    if let Some(format) = arguments.format {
        return Ok(format);
    }
    let Some(path) = arguments.report_file() else { return Ok(Format::Terminal) };
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("json") => Ok(Format::Json),
        Some("md" | "markdown") => Ok(Format::Markdown),
        None | Some("txt" | "log") => Ok(Format::Terminal),
        Some(other) => {
            let error = Error::usage(format!("--output: no report can be written as .{other}"));
            Err(error.hint("endings that are known: .md (for tickets), .txt, .json; or say --format"))
        }
    }
}

/// Refuses an output file that is one of the inputs, by whatever name.
fn refuse_overwriting<'i>(path: &Path, mut inputs: impl Iterator<Item = &'i Input>) -> Result<(), Error> {
    let Ok(target) = fs::canonicalize(path) else { return Ok(()) };
    if target.is_dir() {
        return Err(Error::usage(format!("--output: {} is a folder", path.display()))
            .hint("name a file in it, such as report.md"));
    }
    let is_target = |input: &Input| match input {
        Input::File(input) | Input::Packed(input, _) => fs::canonicalize(input).is_ok_and(|input| input == target),
        Input::Tree(tree) => fs::canonicalize(tree.root()).is_ok_and(|root| target.starts_with(root)),
        Input::Stdin | Input::Bytes(..) => false,
    };
    if inputs.any(is_target) {
        let error = Error::usage(format!("--output: {} is one of the files to read", path.display()));
        return Err(error.hint("name another file for the report"));
    }
    if holds_something_else(&target) {
        let error = Error::usage(format!("--output: {} is there already, and is no report", path.display()));
        return Err(error.hint("name another file for the report: exports are JSON as well"));
    }
    Ok(())
}

/// Whether a file holds JSON that is no report: an export, most likely.
fn holds_something_else(path: &Path) -> bool {
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(1 << 12).read_to_end(&mut head));
    let is_report = || memchr::memmem::find(&head, b"aaddoctor-report").is_some();
    is_json && read.is_ok() && !head.trim_ascii().is_empty() && !is_report()
}

/// Whether anything was read.
pub(crate) fn has_data(report: &Report) -> bool {
    report.tenants.iter().flat_map(|tenant| &tenant.sources).any(|source| !source.collections.is_empty())
}

fn print(report: &Report, format: Format, arguments: &CheckArguments, output: &mut Output) -> Result<(), Error> {
    let to_file = arguments.report_file();
    let options = report::Options {
        language: output.language,
        all: arguments.all,
        complete: false,
        why_this_order: arguments.why_this_order,
        width: if to_file.is_some() { 80 } else { output.width() },
        color: to_file.is_none() && output.color,
        now: (format == Format::Terminal).then(|| arguments.now.unwrap_or_else(jiff::Timestamp::now)),
    };
    let format = match format {
        Format::Terminal => report::Format::Terminal,
        Format::Json => report::Format::Json,
        Format::Markdown => report::Format::Markdown,
    };
    match to_file {
        Some(path) => write_file(path, |file| report::render(report, format, &options, file))?,
        None => output.write(|out| report::render(report, format, &options, out))?,
    }
    let people = people(report);
    let words = words(output.language);
    let names = match people {
        1 => words.one_person.to_owned(),
        people => fill(words.people, &[&people.to_string()]),
    };
    match to_file {
        Some(path) if people > 0 => output.note(&fill(words.written_with, &[&path.display().to_string(), &names]))?,
        Some(path) => output.note(&fill(words.written, &[&path.display().to_string()]))?,
        None if people > 0 && !output.is_terminal() => output.note(&fill(words.keep, &[&names]))?,
        None => {}
    }
    Ok(())
}

fn write_file(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
    Error::if_no_folder(path)?;
    let written = File::create(path).and_then(|mut file| write(&mut file));
    written.map_err(|error| Error::cannot_write(path.to_owned(), &error))
}

/// How many people a report names.
fn people(report: &Report) -> usize {
    let objects = report.tenants.iter().flat_map(|tenant| tenant.objects.values());
    objects.filter(|object| matches!(object.kind.as_ref(), "user" | "deletedUser" | "contact")).count()
}

fn verdict(
    report: &Report,
    packs: &Packs,
    arguments: &CheckArguments,
    require: &[String],
    output: &mut Output,
) -> Result<Exit, Error> {
    let findings = report.tenants.iter().flat_map(|tenant| &tenant.findings);
    if let Some(least) = arguments.fail_on.severity() {
        let is_failure = |severity: &str| severity_rank(severity) >= severity_rank(severity_name(least));
        if findings.filter(|finding| finding.status != "accepted").any(|finding| is_failure(&finding.severity)) {
            return Ok(Exit::Findings);
        }
    }
    let assessed: BTreeSet<&str> =
        outcomes(report).filter(|rule| is_assessed(rule)).map(|rule| rule.rule.as_str()).collect();
    if assessed.is_empty() {
        output.note(words(output.language).nothing_assessed)?;
        return Ok(Exit::NotAssessed);
    }
    let stands_for = |name: &str| {
        let of_name = move |id: &str| packs.rule(id).is_some_and(|rule| rule.id == name || rule.pack == name);
        assessed.iter().any(|id| of_name(id))
    };
    if let Some(name) = require.iter().find(|name| !stands_for(name)) {
        output.note(&fill(words(output.language).nothing_of, &[name]))?;
        return Ok(Exit::NotAssessed);
    }
    Ok(Exit::Good)
}

fn outcomes(report: &Report) -> impl Iterator<Item = &RuleOutcome> {
    report.tenants.iter().flat_map(|tenant| &tenant.rules)
}

/// Whether a rule decided about something. What no request asked about was not decided.
fn is_assessed(rule: &RuleOutcome) -> bool {
    matches!(rule.outcome.as_str(), "found" | "clear" | "partial")
}

/// A severity of a report; one of a later version counts as the lowest.
fn severity_rank(severity: &str) -> usize {
    ["info", "low", "medium", "high", "critical"].iter().position(|known| *known == severity).unwrap_or(0)
}
