//! `rules`: what there is, and what is wrong with it.

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::args::{LintArguments, ListArguments, Plain};
use super::error::Error;
use super::exit::Exit;
use super::grades::{range_in_english as range, severities};
use super::names;
use super::output::Output;
use super::page::Page;
use crate::engine::naming::severity_name;
use crate::pack::load::{self, Packs};
use crate::pack::model::{Rule, Status};
use crate::pack::render::summary;

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
    let severities = severities(rule.checks.iter()).map(|(low, high)| vec![severity_name(low), severity_name(high)]);
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
    let loaded = load::load_files(&arguments.folders);
    output.faults(&loaded.faults, &loaded.sources)?;
    if loaded.is_broken() {
        return Ok(Exit::Pack);
    }
    let rules = match loaded.sources.keys().filter(|file| !file.ends_with("pack.toml")).count() {
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    };
    let result = match loaded.faults.as_slice() {
        [] => "no fault".to_owned(),
        faults => summary(faults).trim_end_matches('.').to_owned(),
    };
    output.print(&format!("{rules} checked: {result}.\n"))?;
    Ok(Exit::Good)
}
