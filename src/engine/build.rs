//! From findings to the report: objects become keys, numbers become texts.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::about::Meant;
use super::audit::Record;
use super::draft::Draft;
use super::each::each;
use super::finding::{FindingDraft, Findings};
use super::fixes::{FixDraft, Fixing};
use super::naming::Naming;
use super::people::person_named;
use super::phrases::phrases;
use super::requests::RequestDraft;
use crate::check::world::World;
use crate::report::model;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, ObjectId, TENANT};

/// How many people a fix names.
const MAX_WHO: usize = 20;

/// So many objects are described at a time.
const OBJECTS_AT_ONCE: usize = 4096;

/// So many findings are described at a time, on all threads, before their objects get their keys.
const AT_ONCE: usize = 256;

/// Builds the parts of the report that name objects.
pub(super) struct Builder<'a> {
    world: &'a World<'a>,
    /// The place of each source in the report, by its index in reading order.
    sources: &'a [usize],
    /// The objects named so far, in the order of their keys.
    named: Vec<ObjectId>,
    /// The place of each of them.
    places: HashMap<ObjectId, usize>,
}

impl<'a> Builder<'a> {
    /// For a tenant.
    pub(super) fn new(world: &'a World<'a>, sources: &'a [usize]) -> Self {
        Self { world, sources, named: Vec::new(), places: HashMap::new() }
    }

    /// The key of an object in the report.
    fn key(&mut self, number: ObjectId) -> String {
        let place = *self.places.entry(number).or_insert_with(|| {
            self.named.push(number);
            self.named.len() - 1
        });
        key(place)
    }

    /// The objects that were named, by their keys.
    pub(super) fn objects(self) -> BTreeMap<String, model::ObjectInfo> {
        self.world.tenant.forget();
        let info = |number: &ObjectId| self.info(&self.world.tenant.object_once(*number));
        // Piece by piece: all of them at once would stand twice in memory.
        let mut objects = BTreeMap::new();
        for some in self.named.chunks(OBJECTS_AT_ONCE) {
            let first = objects.len();
            objects.extend(
                each(self.world.threads, some, info)
                    .into_iter()
                    .enumerate()
                    .map(|(place, info)| (key(first + place), info)),
            );
        }
        objects
    }

    /// The findings that are shown, in the order of the ranking.
    pub(super) fn findings(&mut self, of: &Findings<'_>) -> Vec<model::Finding> {
        let fixing = Fixing::new(of.naming.rules, self.world);
        let order: Vec<usize> = of.ranking.order.iter().copied().filter(|index| of.kept.contains(index)).collect();
        let ranked: Vec<(usize, usize)> = order.into_iter().zip(1..).collect();
        let mut findings = Vec::with_capacity(ranked.len());
        for some in ranked.chunks(AT_ONCE) {
            let described = each(self.world.threads, some, |(index, rank)| of.finding(*index, *rank, &fixing));
            findings.extend(described.into_iter().map(|draft| self.finding(draft)));
        }
        findings
    }

    fn finding(&mut self, draft: FindingDraft) -> model::Finding {
        let mut finding = draft.finding;
        finding.affected.objects = draft.objects.into_iter().map(|number| self.key(number)).collect();
        for (evidence, number) in finding.evidence.iter_mut().zip(draft.evidence) {
            evidence.object = self.key(number);
        }
        finding.audit = draft.audit.into_iter().map(|record| self.audit_info(record)).collect();
        finding.fixes = draft.fixes.into_iter().map(|fix| self.fix(fix)).collect();
        finding
    }

    fn info(&self, object: &Object) -> model::ObjectInfo {
        let collection = object.collection.name();
        // Graph's names of collections are regular plurals, or no plurals at all.
        let singular =
            if object.number == TENANT { "tenant" } else { collection.strip_suffix('s').unwrap_or(collection) };
        let (identity, by) = object.identity();
        let display_name = match object.collection {
            _ if object.number == TENANT && object.parts.is_empty() => {
                phrases(self.world.language).this_tenant.to_owned()
            }
            Collection::SubscribedSkus | Collection::Subscriptions => {
                let sku = object.text("skuId").unwrap_or_default();
                self.world.product_name(&sku)
            }
            Collection::Requests => request_name(object, self.world),
            Collection::DirectoryAudits => match object.text("activityDateTime") {
                Some(at) => format!("{}, {}", object.display_name(), at.get(..10).unwrap_or(&at)),
                None => object.display_name(),
            },
            _ => object.display_name(),
        };
        let sources: BTreeSet<usize> = object.parts.iter().map(|part| self.sources[part.source as usize]).collect();
        model::ObjectInfo {
            kind: singular.into(),
            id: object.text("id").or((object.number == TENANT).then_some(identity)),
            // An object without any name is told apart by where it stands.
            identity: if by == "text" { "position" } else { by }.into(),
            display_name,
            user_principal_name: object.sign_in_name(),
            url: None,
            synced: object
                .get("onPremisesSyncEnabled")
                .filter(|_| object.number != TENANT)
                .map(|flag| flag.flag() == Some(true)),
            sources: sources.into_iter().collect(),
        }
    }

    fn audit_info(&mut self, record: Record) -> model::AuditInfo {
        let by =
            record.by.as_ref().and_then(|id| self.world.tenant.by_id(Collection::Users, id).map(|user| user.number));
        model::AuditInfo {
            activity: record.activity,
            at: record.at,
            by: by.map(|number| self.key(number)),
            by_text: record.by_text,
            result: record.result,
            source: Some(self.sources[record.source as usize]),
        }
    }

    fn fix(&mut self, draft: FixDraft) -> model::Fix {
        let mut fix = draft.fix;
        fix.who_can = draft.who_can.iter().take(MAX_WHO).map(|number| self.key(*number)).collect();
        fix.who_must_activate = draft.who_must_activate.iter().take(MAX_WHO).map(|number| self.key(*number)).collect();
        for (command, number) in fix.commands.iter_mut().zip(draft.objects) {
            let key = self.key(number);
            for change in &mut command.changes {
                change.object.clone_from(&key);
            }
            command.objects = vec![key];
        }
        fix
    }

    /// The requests, with the findings that stand against them.
    pub(super) fn requests(
        &mut self,
        drafts: Vec<RequestDraft>,
        (all, naming): (&[Draft], Naming<'_>),
        findings: &mut [model::Finding],
    ) -> Vec<model::RequestReport> {
        let mut requests = Vec::new();
        let mut places = HashMap::new();
        for (place, finding) in findings.iter().enumerate().filter(|_| !drafts.is_empty()) {
            let (fingerprint, check) = finding.name();
            places.entry((fingerprint.to_owned(), check.to_owned())).or_insert(place);
        }
        for draft in drafts {
            let mut report = draft.report;
            report.actor = draft.actor.map(|number| self.key(number));
            report.target = draft.target.map(|number| self.key(number));
            report.through = draft.through.iter().map(|number| self.key(*number)).collect();
            report.origin.source = report.origin.source.map(|source| self.sources[source]);
            for (step, finding) in draft.findings {
                let (fingerprint, check) = (naming.fingerprint(&all[finding]), naming.check(&all[finding]));
                let name = (fingerprint, check);
                if let Some(place) = places.get(&name) {
                    findings[*place].requests.push(report.index);
                }
                report.steps[step].finding = Some(name.0);
            }
            requests.push(report);
        }
        requests
    }

    /// What the names mean that the report is limited to.
    pub(super) fn limited_to(&mut self, meant: &[Meant]) -> Vec<model::About> {
        let one = |meant: &Meant| model::About {
            name: meant.name.clone(),
            objects: meant.objects.iter().map(|number| self.key(*number)).collect(),
            also_fits: meant.others.iter().map(|number| self.key(*number)).collect(),
        };
        meant.iter().map(one).collect()
    }
}

fn key(place: usize) -> String {
    format!("o{}", place + 1)
}

/// A request in words.
fn request_name(request: &Object, world: &World<'_>) -> String {
    let operation = request.text("operation").unwrap_or_else(|| "request".to_owned());
    let operation = phrases(world.language).value(&operation).to_owned();
    let about = ["userPrincipalName", "target", "address"].iter().find_map(|name| request.text(name));
    // A group is named by its id there, which says nothing to people.
    let group =
        person_named(request, "target", true, world).filter(|one| world.tenant.kind(*one) == Collection::Groups);
    let about = group.map(|group| world.tenant.object(group).display_name()).or(about);
    let name = about.map_or(operation.clone(), |about| format!("{operation} {about}"));
    world.request_name(request).map_or(name.clone(), |own| format!("{own}: {name}"))
}
