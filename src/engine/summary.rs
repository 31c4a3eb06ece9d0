//! The report around the findings: what was read, what was run, and the counts.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::command_line;
use super::naming::severity_name;
use super::phrases::{Phrases, phrases};
use super::run::Options;
use crate::check::world::World;
use crate::dump::Source;
use crate::pack::load::Packs;
use crate::report::model::{self, Report};
use crate::tenant::Unread;
use crate::tenant::schema::Collection;

/// What the engine tells of a tenant.
pub(super) struct Told {
    /// The findings.
    pub(super) findings: Vec<model::Finding>,
    /// The requests.
    pub(super) requests: Vec<model::RequestReport>,
    /// What the rules say.
    pub(super) outcomes: Vec<model::RuleOutcome>,
    /// The objects that are named.
    pub(super) objects: BTreeMap<String, model::ObjectInfo>,
    /// What the report is limited to.
    pub(super) about: Vec<model::About>,
    /// How many people the findings concern.
    pub(super) people: usize,
}

/// Puts the report of one tenant together.
pub(super) fn report(world: &World<'_>, packs: &Packs, options: &Options, order: &[usize], told: Told) -> Report {
    let Told { findings, requests, outcomes: mut rules, objects, about, people } = told;
    let ran: BTreeSet<String> = rules.iter().map(|rule| rule.rule.clone()).collect();
    rules.extend(packs.rules().filter(|rule| !ran.contains(&rule.id)).map(|rule| model::RuleOutcome {
        rule: rule.id.clone(),
        pack: rule.pack.clone(),
        title: rule.title.clone(),
        outcome: "off".to_owned(),
        checked: 0,
        found: 0,
        unknown: 0,
        missing: Vec::new(),
    }));
    rules.sort_by(|one, other| (&one.pack, &one.rule).cmp(&(&other.pack, &other.rule)));
    let summary = summary(&findings, &rules, people);
    let tenant = model::TenantReport {
        tenant: tenant(world),
        as_of: world.tenant.as_of().map(|as_of| model::AsOf {
            value: as_of.value.to_string(),
            basis: as_of.basis.to_owned(),
            source: as_of.source.map(|source| order[source as usize]),
        }),
        sources: sources(world, order, phrases(options.language)),
        unread: unread(world),
        collections: collections(world, options),
        summary: summary.clone(),
        about,
        requests,
        objects,
        findings,
        rules,
        acceptances: Vec::new(),
    };
    Report {
        format: "aaddoctor-report".to_owned(),
        version: 1,
        language: options.language.code().to_owned(),
        redacted: None,
        tool: tool(packs),
        summary,
        tenants: vec![tenant],
    }
}

fn tool(packs: &Packs) -> model::Tool {
    let pack = |pack: &crate::pack::model::Pack| model::PackInfo {
        name: pack.name.clone(),
        version: pack.version.clone(),
        rules: pack.rules.len(),
        builtin: pack.builtin,
        digest: pack.digest.clone(),
    };
    let changed = |change: &crate::pack::model::Override| model::OverrideInfo {
        rule: change.rule.clone(),
        by: packs
            .packs
            .iter()
            .find(|pack| pack.overrides.iter().any(|own| own.rule == change.rule))
            .map_or("", |pack| &pack.name)
            .to_owned(),
        severity: change
            .severity
            .map(|to| model::FromTo { from: "default".to_owned(), to: severity_name(to).to_owned() }),
        off: change.off,
        reason: change.reason.clone(),
    };
    model::Tool {
        name: "aaddoctor".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        packs: packs.packs.iter().map(pack).collect(),
        overrides: packs.overrides.iter().map(changed).collect(),
    }
}

fn tenant(world: &World<'_>) -> model::TenantInfo {
    let organization = world.organization();
    let text = |name: &str| organization.as_ref().and_then(|organization| organization.text(name));
    model::TenantInfo {
        key: "t1".to_owned(),
        id: text("id"),
        display_name: text("displayName"),
        initial_domain: world.tenant.initial_domain(),
        role: "subject".to_owned(),
    }
}

fn sources(world: &World<'_>, order: &[usize], phrases: &Phrases) -> Vec<model::SourceInfo> {
    let mut sources: Vec<_> =
        world.tenant.sources.iter().zip(order).map(|(source, place)| source_info(source, *place, phrases)).collect();
    sources.sort_by_key(|source| source.index);
    sources
}

fn unread(world: &World<'_>) -> Vec<model::UnreadInfo> {
    let info = |unread: &Unread| model::UnreadInfo {
        path: unread.path.clone(),
        collection: unread.suggested.map(|collection| collection.name().to_owned()),
    };
    let mut all: Vec<_> = world.tenant.unread.iter().map(info).collect();
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all
}

/// The distinct objects of what the files hold; what was asked on the command line stands in none.
fn collections(world: &World<'_>, options: &Options) -> Vec<model::CollectionCount> {
    let typed = command_line(world, options);
    let files = world.tenant.sources.iter().enumerate().filter(|(index, _)| typed != Some(*index as u32));
    let there: BTreeSet<Collection> = files.flat_map(|(_, source)| source.sections.keys().copied()).collect();
    let count = |collection: Collection| {
        let all = world.tenant.objects[collection as usize].len();
        match collection {
            Collection::Requests => all - usize::from(typed.is_some()),
            _ if collection.schema().single => all.min(1),
            // The few objects of a small collection are told apart by more than their ids.
            _ if !collection.may_be_many() => {
                world.tenant.all(collection).map(|object| object.identity().0).collect::<BTreeSet<_>>().len()
            }
            _ => all,
        }
    };
    let one = |collection: Collection| model::CollectionCount {
        name: collection.name().to_owned(),
        count: count(collection),
    };
    there.into_iter().map(one).collect()
}

fn source_info(source: &Source, index: usize, phrases: &Phrases) -> model::SourceInfo {
    let collections = source.sections.iter().map(|(collection, section)| {
        let reason = section.incompleteness();
        let refused =
            section.error.as_ref().filter(|_| !section.is_collected()).map(|(code, _)| format!("refused: {code}"));
        model::CollectionInfo {
            name: collection.name().to_owned(),
            count: section.count,
            complete: reason.is_none() && refused.is_none(),
            reason: reason.map(|reason| reason.code().to_owned()).or(refused),
            excluded: Vec::new(),
            properties: section
                .properties
                .keys()
                .filter(|name| !source.masked.contains(&(*collection, name.to_ascii_lowercase())))
                .cloned()
                .collect(),
        }
    });
    model::SourceInfo {
        index,
        path: source.path.clone(),
        member: None,
        digest: format!("xxh3-128:{:032x}", source.digest),
        bytes: source.bytes,
        format: source.format.name().to_owned(),
        certainty: if source.told_by_content { "content" } else { "name" }.to_owned(),
        shape: source.format.certainty().map(|certainty| certainty.name().to_owned()),
        as_of: source.exported_at.clone(),
        collections: collections.collect(),
        notes: source
            .notes
            .iter()
            .map(|(code, text)| model::Note { code: (*code).to_owned(), text: phrases.note(text) })
            .collect(),
    }
}

fn summary(findings: &[model::Finding], rules: &[model::RuleOutcome], people: usize) -> model::Summary {
    let mut summary = model::Summary { people, ..model::Summary::default() };
    for finding in findings {
        let counts = &mut summary.findings;
        match finding.severity.as_str() {
            "critical" => counts.critical += 1,
            "high" => counts.high += 1,
            "medium" => counts.medium += 1,
            "low" => counts.low += 1,
            _ => counts.info += 1,
        }
    }
    for rule in rules {
        let counts = &mut summary.rules;
        match rule.outcome.as_str() {
            "found" => counts.found += 1,
            "clear" => counts.clear += 1,
            "partial" => counts.partial += 1,
            "notAsked" => counts.not_asked += 1,
            "off" => counts.off += 1,
            _ => counts.not_assessed += 1,
        }
    }
    summary.new = findings.len();
    summary
}
