//! `inspect`: what an export holds, what it lacks, and the command that brings it.

mod licenses;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde_json::{Value, json};

use super::args::{InspectArguments, Plain};
use super::check::has_data;
use super::error::Error;
use super::exit::Exit;
use super::names;
use super::output::Output;
use super::page::Page;
use super::progress;
use super::reads;
use crate::dump::{Failure, gather};
use crate::engine::run;
use crate::pack::load::Packs;
use crate::report::model::{CollectionInfo, Missing, Remedy, Report, RuleOutcome, SourceInfo};
use crate::report::{Language, date};
use crate::tenant::collect;
use crate::tenant::schema::Collection;

/// How many properties are named unless all are asked for.
const FEW: usize = 8;

/// Says what an export holds.
pub(crate) fn run(arguments: &InspectArguments, output: &mut Output) -> Result<Exit, Error> {
    let packs = names::load(&arguments.packs.folders, output)?;
    let (inputs, gather_failures) = gather(&arguments.input.dumps);
    let seen = Arc::new(AtomicU64::new(0));
    let options = run::Options {
        threads: arguments.input.threads(),
        now: None,
        only: Vec::new(),
        skip: Vec::new(),
        about: None,
        actor: None,
        seen: Arc::clone(&seen),
        settings: crate::check::settings::Settings::default(),
        language: "en".to_owned(),
    };
    let total = progress::size(&inputs);
    let tables = packs.tables();
    let failures = if arguments.licenses {
        let (seats, failures) = progress::during(output.may_show_progress(), total, &seen, || {
            crate::engine::seats::seats(&inputs, tables, &options)
        });
        match arguments.format {
            Plain::Json => print_json(
                &json!({ "format": "aaddoctor-licenses", "version": 1, "licenses": licenses::json(&seats) }),
                output,
            )?,
            Plain::Terminal => output.print(&licenses::table(&seats, output.width(), output.color))?,
        }
        gather_failures.into_iter().chain(failures).collect()
    } else {
        let work = || run::check(&inputs, gather_failures, &[], &packs, tables, &options);
        let outcome = progress::during(output.may_show_progress(), total, &seen, work);
        match arguments.format {
            Plain::Json => print_json(&as_json(&outcome.report), output)?,
            // Whoever named one wrong file is told so, and nothing else.
            Plain::Terminal if !outcome.failures.is_empty() && !has_data(&outcome.report) => {}
            Plain::Terminal => {
                let mut page = Page::new(output.width(), output.color);
                write(&packs, &outcome.report, arguments.all, &mut page);
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
            let rules: Vec<_> = tenant.rules.iter().filter(|rule| is_hindered(rule)).collect();
            json!({ "tenant": tenant.tenant, "asOf": tenant.as_of, "sources": tenant.sources, "rules": rules })
        })
        .collect();
    json!({ "format": "aaddoctor-inspect", "version": 1, "tenants": tenants })
}

fn write(packs: &Packs, report: &Report, all: bool, page: &mut Page) {
    for tenant in &report.tenants {
        for source in &tenant.sources {
            write_source(source, all, page);
        }
        let hindered: Vec<_> = tenant.rules.iter().filter(|rule| is_hindered(rule)).collect();
        if !hindered.is_empty() {
            page.heading(&format!(
                "Rules that this export is not enough for: {} of {}",
                hindered.len(),
                tenant.rules.len()
            ));
            hindered.iter().for_each(|rule| write_rule(packs, rule, page));
        } else if !tenant.rules.is_empty() {
            page.heading("It is enough for every rule");
        }
    }
}

fn write_source(source: &SourceInfo, all: bool, page: &mut Page) {
    page.heading(&source.path);
    let told = if source.certainty == "name" { "told by its name only" } else { "told by its content" };
    let mut about = format!("{}, {told}; {}", format_name(&source.format), size(source.bytes));
    if let Some(date_of) = &source.as_of {
        about.push_str(&format!("; exported {}", date(date_of)));
    }
    page.text(2, &about);
    for note in &source.notes {
        page.labeled(2, "Note:", &note.text);
    }
    for collection in &source.collections {
        write_collection(collection, all, page);
    }
}

fn format_name(format: &str) -> &str {
    match format {
        "graph-bundle" => "Collections under their names",
        "graph-pages" | "graph-page" => "Pages of Microsoft Graph",
        "graph-objects" => "Objects of Microsoft Graph",
        "powershell-objects" => "Objects of Microsoft Graph PowerShell",
        "unknown" => "Nothing that was understood",
        other => other,
    }
}

/// "61 KB".
fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes < 10 * unit => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None if bytes == 1 => "1 byte".to_owned(),
        None => format!("{bytes} bytes"),
    }
}

fn write_collection(collection: &CollectionInfo, all: bool, page: &mut Page) {
    let count = Language::English.words().collection(&collection.name, collection.count).text();
    let state = match &collection.reason {
        Some(reason) => format!(", not complete: {}", reason_name(reason)),
        None if !collection.complete => ", not complete".to_owned(),
        None => String::new(),
    };
    page.gap().plain(2, &format!("{count}{state}"));
    if !collection.excluded.is_empty() {
        page.labeled(4, "without:", &collection.excluded.join(", "));
    }
    if collection.count == 0 {
        return;
    }
    let present: Vec<&str> = collection.properties.iter().map(String::as_str).collect();
    let missing: Vec<&str> = Collection::from_name(&collection.name)
        .map(|known| known.schema().properties)
        .unwrap_or_default()
        .iter()
        .filter(|property| {
            !property.computed
                && !property.elsewhere
                && !present.iter().any(|name| name.eq_ignore_ascii_case(property.name))
        })
        .map(|property| property.name)
        .collect();
    for (label, names) in [("has:", &present), ("lacks:", &missing)] {
        if !names.is_empty() {
            page.labeled(4, label, &listed(names, all));
        }
    }
}

/// "id, mail and 4 more".
fn listed(names: &[&str], all: bool) -> String {
    // One more takes no more room than the word that stands for it.
    if all || names.len() <= FEW + 1 {
        return names.join(", ");
    }
    format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW)
}

fn reason_name(reason: &str) -> String {
    match reason {
        _ if reason.starts_with("refused: ") => reason.replacen("refused: ", "the call for it was refused: ", 1),
        "next-link" => "a page says that another follows, and it is not there".to_owned(),
        "delta-link" => "it holds only what changed".to_owned(),
        "error" => "one of the calls for it failed".to_owned(),
        "cut-off" => "the file ends too early".to_owned(),
        "not-collected" => "not in the export".to_owned(),
        "unreadable-source" => "another file could not be read".to_owned(),
        other => other.replace('-', " "),
    }
}

/// Whether the export is what keeps a rule from saying more.
fn is_hindered(rule: &RuleOutcome) -> bool {
    !rule.missing.is_empty() && matches!(rule.outcome.as_str(), "notAssessed" | "partial")
}

fn write_rule(packs: &Packs, rule: &RuleOutcome, page: &mut Page) {
    let part = if rule.outcome == "partial" { " (in part)" } else { "" };
    page.gap().plain(2, &format!("{}{part}", rule.rule));
    let missing: Vec<String> = rule.missing.iter().map(name_missing).collect();
    page.labeled(4, "missing:", &missing.join("; "));
    page.plain(4, "get it with:");
    let remedy = remedy(packs, rule).filter(|remedy| remedy.command != collect::SCRIPT_COMMAND);
    match remedy {
        Some(remedy) => {
            page.code(6, &remedy.command);
            if !remedy.scope.is_empty() {
                page.text(6, &format!("It takes the permission {} and the role {}.", remedy.scope, remedy.role));
            }
        }
        None => {
            page.code(6, &format!("{} --for {}", collect::SCRIPT_COMMAND, rule.rule));
        }
    }
}

/// The one command that brings everything that a rule lacks, if it is all of one collection.
fn remedy(packs: &Packs, rule: &RuleOutcome) -> Option<Remedy> {
    let first = rule.missing.first()?;
    let collection = Collection::from_name(&first.collection)?;
    let is_one = rule.missing.iter().all(|missing| missing.collection == first.collection);
    let mut properties: Vec<&str> = rule.missing.iter().filter_map(|missing| missing.property.as_deref()).collect();
    // The collection alone would not do: the next export must have everything that the rule reads of it.
    let reads = packs.rule(&rule.rule).map(reads::decides_by).unwrap_or_default();
    properties
        .extend(reads.iter().filter(|need| need.collection == collection).filter_map(|need| need.property.as_deref()));
    is_one.then(|| collect::remedy(collection, &properties))
}

fn name_missing(missing: &Missing) -> String {
    let mut text = missing
        .property
        .as_ref()
        .map_or_else(|| missing.collection.clone(), |name| format!("{}.{name}", missing.collection));
    if let Some(objects) = missing.objects {
        text.push_str(&format!(" of {objects}"));
    }
    if missing.reason != "not-collected" {
        text.push_str(&format!(" ({})", reason_name(&missing.reason)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, text) in
            [(1, "1 byte"), (999, "999 bytes"), (1_500, "1.5 KB"), (61_000, "61 KB"), (2_200_000_000, "2.2 GB")]
        {
            assert_eq!(size(bytes), text);
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
        let rule: RuleOutcome = serde_json::from_value(json!({
            "rule": "usage-location-missing", "pack": "assign-license", "title": "t", "outcome": "notAssessed", "checked": 0, "found": 0, "unknown": 2,
            "missing": [{ "collection": "users", "property": "usageLocation", "reason": "not-collected",
                          "remedy": { "command": "Get-MgUser", "scope": "User.Read.All", "role": "Global Reader" } }],
        }))
        .unwrap();
        let mut page = Page::new(80, false);
        write_source(&source, false, &mut page);
        write_rule(&Packs::default(), &rule, &mut page);
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

          usage-location-missing
            missing: users.usageLocation
            get it with:
              Get-MgUser -All -Property id,displayName,userPrincipalName,mail,onPremisesSyncEnabled,usageLocation | ConvertTo-Json -Depth 10 | Out-File users.json -Encoding utf8
              It takes the permission User.Read.All and the role Global Reader.
        ");
    }
}
