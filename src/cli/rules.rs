//! `rules`: what there is, and what is wrong with it.

use std::path::PathBuf;

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::args::{LintArguments, ListArguments, Plain};
use super::error::Error;
use super::exit::Exit;
use super::explain::{range, severities};
use super::names;
use super::output::Output;
use super::page::Page;
use crate::pack::assemble::{Assembled, PackFiles, assemble};
use crate::pack::decode::Context;
use crate::pack::embedded;
use crate::pack::fault::{Fault, Level};
use crate::pack::lint::{Known, lint as lint_links, reserved_ids};
use crate::pack::load::{self, Packs};
use crate::pack::model::{Rule, Status};
use crate::pack::render::{Sources, summary};

/// A rule of the list, for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'r> {
    id: &'r str,
    pack: &'r str,
    title: &'r str,
    since: &'r str,
    status: Status,
    /// The lowest and the highest severity of its findings.
    severities: Vec<&'static str>,
    symptoms: &'r [String],
    /// Why it is switched off, if it is.
    off: Option<&'r str>,
}

/// Lists the rules.
pub(crate) fn list(arguments: &ListArguments, output: &mut Output) -> Result<Exit, Error> {
    let packs = names::load(&arguments.packs.folders, output)?;
    match arguments.format {
        Plain::Json => {
            let rules: Vec<_> = packs.rules().map(|rule| listed(&packs, rule)).collect();
            output.write(|out| {
                serde_json::to_writer_pretty(&mut *out, &rules)?;
                out.write_all(b"\n")
            })?;
        }
        Plain::Terminal => {
            let mut page = Page::new(output.width(), output.color);
            table(&packs, &mut page);
            output.print(&page.finish())?;
        }
    }
    Ok(Exit::Good)
}

fn listed<'r>(packs: &'r Packs, rule: &'r Rule) -> Listed<'r> {
    let severities =
        severities(rule.checks.iter()).map(|(low, high)| vec![names::severity(low), names::severity(high)]);
    Listed {
        id: &rule.id,
        pack: &rule.pack,
        title: &rule.title,
        since: &rule.since,
        status: rule.status,
        severities: severities.unwrap_or_default(),
        symptoms: &rule.symptoms,
        off: packs.off.get(&rule.id).map(String::as_str),
    }
}

/// The rules by pack: id and severity on a line, the title below.
fn table(packs: &Packs, page: &mut Page) {
    for pack in packs.packs.iter().filter(|pack| !pack.rules.is_empty()) {
        page.heading(&format!("{} ({})", pack.title, pack.name));
        let widest = pack.rules.iter().map(|rule| rule.id.width()).max().unwrap_or_default();
        for rule in &pack.rules {
            let severity = severities(rule.checks.iter()).map_or_else(String::new, |(low, high)| range(low, high));
            let state = match (packs.off.contains_key(&rule.id), rule.status) {
                (true, _) => ", switched off",
                (_, Status::Preview) => ", preview",
                (_, Status::Deprecated) => ", deprecated",
                (_, Status::Stable) => "",
            };
            let gap = " ".repeat(widest - rule.id.width());
            page.plain(2, &format!("{}{gap}  {severity}{state}", rule.id));
            page.text(6, &rule.title);
        }
    }
}

/// Checks the built-in packs and those of some folders.
pub(crate) fn lint(arguments: &LintArguments, output: &mut Output) -> Result<Exit, Error> {
    let (mut faults, mut sources, mut rules) = builtin();
    if !arguments.folders.is_empty() {
        let loaded = load::load(&arguments.folders)?;
        let is_theirs = |folder: &PathBuf| arguments.folders.iter().any(|given| folder.starts_with(given));
        rules += loaded.sources.keys().filter(|file| is_theirs(file) && !file.ends_with("pack.toml")).count();
        faults.extend(loaded.faults);
        sources.extend(loaded.sources);
    }
    output.faults(&faults, &sources)?;
    if faults.iter().any(|fault| fault.level == Level::Error) {
        return Ok(Exit::Pack);
    }
    let rules = if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") };
    let result =
        if faults.is_empty() { "no fault".to_owned() } else { summary(&faults).trim_end_matches('.').to_owned() };
    output.print(&format!("{rules} checked: {result}.\n"))?;
    Ok(Exit::Good)
}

/// The faults of the built-in packs (of which only warnings can be left), their files, and how many rules they hold.
fn builtin() -> (Vec<Fault>, Sources, usize) {
    let mut packs: Vec<PackFiles> = Vec::new();
    for (path, text) in embedded::sources() {
        let path = PathBuf::from("rules").join(path);
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if packs.last().is_none_or(|pack| pack.folder != folder) {
            packs.push(PackFiles { name, folder, files: Vec::new() });
        }
        if let Some(pack) = packs.last_mut() {
            pack.files.push((path, (*text).to_owned()));
        }
    }
    let context = Context { tables: Some(embedded::tables()), builtin: true };
    let assembled: Vec<Assembled> = packs.iter().map(|pack| assemble(pack, &context)).collect();
    let known = Known { reserved: reserved_ids(embedded::reserved_ids()), ..Known::default() };
    let mut faults: Vec<Fault> = assembled.iter().flat_map(|pack| pack.faults.iter().cloned()).collect();
    faults.extend(lint_links(&assembled, &known));
    let rules = assembled.iter().map(|pack| pack.rules.len()).sum();
    (faults, packs.into_iter().flat_map(|pack| pack.files).collect(), rules)
}
