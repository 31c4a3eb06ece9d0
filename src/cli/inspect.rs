//! `inspect`: what an export holds, what it lacks, and the command that brings it.

mod gaps;
mod licenses;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde_json::{Value, json};

use super::args::{InspectArguments, Plain};
use super::check::{has_data, say_passed_over};
use super::error::Error;
use super::exit::Exit;
use super::names;
use super::output::Output;
use super::page::Page;
use super::progress;
use super::words::{Words, fill, words};
use crate::dump::{Dialect, Failure, gather};
use crate::engine::{self, run};
use crate::language::Language;
use crate::report::model::{CollectionInfo, Report, SourceInfo};
use crate::tenant::schema::{Collection, Property};

/// How many properties are named unless all are asked for.
const FEW: usize = 8;

/// Says what an export holds.
pub(crate) fn run(arguments: &InspectArguments, output: &mut Output) -> Result<Exit, Error> {
    let mut packs = names::load(&arguments.packs.folders, output)?;
    packs.speak(output.language)?;
    let (inputs, gather_failures) = gather(&arguments.input.dumps, arguments.input.format_in);
    if !inputs.is_empty() {
        say_passed_over(&arguments.input.dumps, output)?;
    }
    let seen = Arc::new(AtomicU64::new(0));
    let options = run::Options {
        threads: arguments.input.threads(),
        now: None,
        only: Vec::new(),
        skip: Vec::new(),
        about: Vec::new(),
        asked: None,
        actor: None,
        seen: Arc::clone(&seen),
        format_in: arguments.input.format_in,
        spool: arguments.input.spool.clone(),
        settings: crate::check::settings::Settings::default(),
        language: output.language,
    };
    let total = progress::size(&inputs);
    let tables = packs.tables();
    let failures = if arguments.licenses {
        let counted = progress::during(output.may_show_progress(), total, &seen, || {
            engine::seats::seats(&inputs, tables, &options)
        });
        let (seats, failures) = counted.map_err(|mixed| Error::from(&mixed))?;
        match arguments.format {
            Plain::Json => print_json(
                &json!({ "format": "aaddoctor-licenses", "version": 1, "licenses": licenses::json(&seats) }),
                output,
            )?,
            Plain::Terminal => {
                output.print(&licenses::table(&seats, output.width(), output.color, words(output.language)))?
            }
        }
        gather_failures.into_iter().chain(failures).collect()
    } else {
        let work = || engine::check::check(&inputs, gather_failures, &[], &packs, tables, &options);
        let checked = progress::during(output.may_show_progress(), total, &seen, work);
        let outcome = checked.map_err(|mixed| Error::from(&mixed))?;
        match arguments.format {
            Plain::Json => print_json(&as_json(&outcome.report), output)?,
            // Whoever named one wrong file is told so, and nothing else.
            Plain::Terminal if !outcome.failures.is_empty() && !has_data(&outcome.report) => {}
            Plain::Terminal => {
                let mut page = Page::new(output.width(), output.color);
                let view = View { all: arguments.all, language: output.language, words: words(output.language) };
                view.write(&outcome.report, &mut page);
                output.print(&page.finish())?;
            }
        }
        outcome.failures
    };
    tell(&failures, output)
}

fn tell(failures: &[Failure], output: &mut Output) -> Result<Exit, Error> {
    for failure in failures {
        output.error(&Error::from(failure))?;
    }
    Ok(if failures.is_empty() { Exit::Good } else { Exit::Source })
}

fn print_json(value: &Value, output: &mut Output) -> Result<(), Error> {
    output.write(|out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    })?;
    Ok(())
}

/// The parts of a report that are about the export itself.
fn as_json(report: &Report) -> Value {
    let tenants: Vec<Value> = report
        .tenants
        .iter()
        .map(|tenant| {
            let rules: Vec<_> = tenant.rules.iter().filter(|rule| gaps::is_hindered(rule)).collect();
            json!({ "tenant": tenant.tenant, "asOf": tenant.as_of, "sources": tenant.sources, "rules": rules })
        })
        .collect();
    json!({ "format": "aaddoctor-inspect", "version": 1, "tenants": tenants })
}

/// How an export is shown.
struct View {
    all: bool,
    language: Language,
    words: &'static Words,
}

impl View {
    fn write(&self, report: &Report, page: &mut Page) {
        for tenant in &report.tenants {
            for source in &tenant.sources {
                self.source(source, page);
            }
            let hindered: Vec<_> = tenant.rules.iter().filter(|rule| gaps::is_hindered(rule)).collect();
            if !hindered.is_empty() {
                let numbers = [hindered.len().to_string(), tenant.rules.len().to_string()];
                page.heading(&fill(self.words.not_enough, &numbers.each_ref().map(String::as_str)));
                gaps::write(self, &hindered, page);
            } else if !tenant.rules.is_empty() {
                page.heading(self.words.enough);
            }
        }
    }

    fn source(&self, source: &SourceInfo, page: &mut Page) {
        let words = self.words;
        page.heading(&source.path);
        let told = if source.certainty == "name" { words.by_name } else { words.by_content };
        let title = || Dialect::from_name(&source.format).map(Dialect::title);
        let format = named(words.formats, &source.format).or_else(title).unwrap_or(&source.format);
        let shape = source.shape.as_deref().and_then(|shape| named(words.shapes, shape)).unwrap_or_default();
        let mut about = format!("{format}, {told}{shape}; {}", size(source.bytes, words));
        if let Some(date_of) = &source.as_of {
            about.push_str(&fill(words.exported, &[&self.language.words().date(date_of)]));
        }
        page.text(2, &about);
        for note in &source.notes {
            page.labeled(2, words.note, &note.text);
        }
        for collection in &source.collections {
            self.collection(collection, page);
        }
    }

    fn collection(&self, collection: &CollectionInfo, page: &mut Page) {
        let words = self.words;
        let count = self.language.words().collection(&collection.name, collection.count).text();
        let state = match &collection.reason {
            Some(reason) => fill(words.incomplete_because, &[&self.reason(reason)]),
            None if !collection.complete => words.incomplete.to_owned(),
            None => String::new(),
        };
        page.gap().plain(2, &format!("{count}{state}"));
        if !collection.excluded.is_empty() {
            page.labeled(4, words.without, &collection.excluded.join(", "));
        }
        if collection.count == 0 {
            return;
        }
        let present: Vec<&str> = collection.properties.iter().map(String::as_str).collect();
        let is_asked = |property: &&Property| !property.computed && !property.elsewhere;
        let missing: Vec<&str> = Collection::from_name(&collection.name)
            .map(|known| known.schema().properties)
            .unwrap_or_default()
            .iter()
            .filter(is_asked)
            .filter(|property| !present.iter().any(|name| name.eq_ignore_ascii_case(property.name)))
            .map(|property| property.name)
            .collect();
        for (label, names) in [(words.has, &present), (words.lacks, &missing)] {
            if !names.is_empty() {
                page.labeled(4, label, &self.listed(names));
            }
        }
    }

    /// "id, mail and 4 more".
    fn listed(&self, names: &[&str]) -> String {
        // One more takes no more room than the word that stands for it.
        if self.all || names.len() <= FEW + 1 {
            return names.join(", ");
        }
        fill(self.words.and_more, &[&names[..FEW].join(", "), &(names.len() - FEW).to_string()])
    }

    fn reason(&self, reason: &str) -> String {
        match reason.strip_prefix("refused: ") {
            Some(code) => fill(self.words.refused, &[code]),
            None => named(self.words.reasons, reason).map_or_else(|| reason.replace('-', " "), str::to_owned),
        }
    }
}

fn named(names: &'static [(&'static str, &'static str)], code: &str) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// "61 KB".
fn size(bytes: u64, words: &Words) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes < 10 * unit => {
            format!("{}{}{} {name}", bytes / unit, words.decimal, bytes % unit * 10 / unit)
        }
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None if bytes == 1 => words.byte.to_owned(),
        None => fill(words.bytes, &[&bytes.to_string()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, text) in
            [(1, "1 byte"), (999, "999 bytes"), (1_500, "1.5 KB"), (61_000, "61 KB"), (2_200_000_000, "2.2 GB")]
        {
            assert_eq!(size(bytes, words(Language::English)), text);
        }
    }

    #[test]
    fn what_is_held_and_lacked_is_said() {
        let source: SourceInfo = serde_json::from_value(json!({
            "index": 0, "path": "users.json", "digest": "xxh3-128:0", "bytes": 61_000, "format": "graph-pages", "certainty": "content",
            "asOf": "2026-01-09T21:20:02Z", "notes": [{ "code": "encoding", "text": "It is written in UTF-16LE." }],
            "collections": [
                { "name": "users", "count": 2, "complete": false, "reason": "next-link", "excluded": [],
                  "properties": ["id", "displayName", "userPrincipalName"] },
                { "name": "groups", "count": 0, "complete": true, "excluded": [], "properties": [] },
            ],
        }))
        .unwrap();
        let rule: crate::report::model::RuleOutcome = serde_json::from_value(json!({
            "rule": "usage-location-missing", "pack": "assign-license", "title": "t", "outcome": "notAssessed", "checked": 0, "found": 0, "unknown": 2,
            "missing": [{ "collection": "users", "property": "usageLocation", "reason": "not-collected",
                          "remedy": { "command": "Get-MgUser | Out-File users.json", "scope": "User.Read.All", "role": "Global Reader" } }],
        }))
        .unwrap();
        let mut page = Page::new(80, false);
        let language = Language::English;
        let view = View { all: false, language, words: words(language) };
        view.source(&source, &mut page);
        gaps::write(&view, &[&rule], &mut page);
        insta::assert_snapshot!(page.finish(), @r"
        users.json
          Pages of Microsoft Graph, told by its content; 61 KB; exported 2026-01-09
          21:20 UTC
          Note: It is written in UTF-16LE.

          2 users, not complete: a page says that another follows, and it is not there
            has: id, displayName, userPrincipalName
            lacks: mail, mailNickname, proxyAddresses, otherMails, identities,
                   accountEnabled, userType, creationType and 16 more

          0 groups
          Sign in once before:
            Connect-MgGraph -Scopes User.Read.All
          It takes the role Global Reader.

          1. users: usageLocation
             Get-MgUser | Out-File users.json

          What lets each rule answer, by these numbers:
          1: usage-location-missing
        ");
    }
}
