//! The report, version 1: a public contract, apart from every internal type.
//!
//! Within version 1 fields may be added, never removed, renamed or retyped; absent and null mean the same.
//! `report-v1.schema.json` beside this file is the same contract as a JSON Schema.

mod finding;
mod request;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::finding::{
    Affected, AuditInfo, Change, Command, Evidence, Explained, Finding, FindingName, Fix, GroupValue, RankedBy, Role,
    Simulation,
};
pub use self::request::{RequestError, RequestOrigin, RequestReport, RequestStep};

/// Everything that a run found, for one or more tenants.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Always `aaddoctor-report`.
    pub format: String,
    /// The version of the contract.
    pub version: u32,
    /// ISO 639 code of the language of the texts.
    pub language: String,
    /// How people were made unrecognizable; none if they were not.
    pub redacted: Option<String>,
    /// What made the report.
    pub tool: Tool,
    /// The counts over all tenants.
    pub summary: Summary,
    /// The tenants.
    pub tenants: Vec<TenantReport>,
}

/// What made the report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// `aaddoctor`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The packs that ran.
    pub packs: Vec<PackInfo>,
    /// Rules whose severity somebody changed, or that somebody switched off.
    pub overrides: Vec<OverrideInfo>,
}

/// A pack that ran.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How many rules it has.
    pub rules: usize,
    /// Whether it came with the program.
    pub builtin: bool,
    /// The digest of its files.
    pub digest: String,
}

/// A rule that somebody changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OverrideInfo {
    /// The rule.
    pub rule: String,
    /// The file or pack that changed it.
    pub by: String,
    /// The severity before and after; none if it was switched off.
    pub severity: Option<FromTo>,
    /// Whether it was switched off.
    pub off: bool,
    /// Why.
    pub reason: String,
}

/// A value before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FromTo {
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

/// Counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Findings by severity.
    pub findings: SeverityCounts,
    /// Distinct people whom the findings concern.
    pub people: usize,
    /// Rules by outcome.
    pub rules: OutcomeCounts,
    /// Findings that are wholly accepted.
    pub accepted: usize,
    /// Findings that are new since the report compared with; all of them without one.
    pub new: usize,
}

/// Findings by severity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // the severities
pub struct SeverityCounts {
    pub critical: usize,
    pub high: usize,
    pub medium: usize,
    pub low: usize,
    pub info: usize,
}

/// Rules by outcome.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // the outcomes
pub struct OutcomeCounts {
    pub found: usize,
    pub clear: usize,
    pub partial: usize,
    pub not_assessed: usize,
    pub not_asked: usize,
    pub off: usize,
}

/// What was found in one tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantReport {
    /// Which.
    pub tenant: TenantInfo,
    /// When the export was made, as far as it tells.
    pub as_of: Option<AsOf>,
    /// What was read.
    pub sources: Vec<SourceInfo>,
    /// What could not be read at all, and so limits what may be said.
    #[serde(default)]
    pub unread: Vec<UnreadInfo>,
    /// How many objects there are, whatever number of sources holds them.
    #[serde(default)]
    pub collections: Vec<CollectionCount>,
    /// The counts.
    pub summary: Summary,
    /// What the report is limited to; empty if it is about everything.
    #[serde(default)]
    pub about: Vec<About>,
    /// What somebody wants to do, and whether it would work.
    pub requests: Vec<RequestReport>,
    /// Every object that a finding names, by key.
    pub objects: BTreeMap<String, ObjectInfo>,
    /// The findings, the most important first.
    pub findings: Vec<Finding>,
    /// Every rule's outcome, by pack and id.
    pub rules: Vec<RuleOutcome>,
    /// Acceptances and their state.
    pub acceptances: Vec<Acceptance>,
}

/// A name that the report is limited to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// As it was asked for.
    pub name: String,
    /// What it means: keys of `objects`; empty for what is not in the directory.
    pub objects: Vec<String>,
    /// What it could mean as well, and was not taken for: keys of `objects`.
    #[serde(default, rename = "alsoFits")]
    pub also_fits: Vec<String>,
}

/// A tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantInfo {
    /// Its key in this report.
    pub key: String,
    /// The directory id.
    pub id: Option<String>,
    /// The organization's name.
    pub display_name: Option<String>,
    /// Its `onmicrosoft.com` domain.
    pub initial_domain: Option<String>,
    /// `subject`, or `home` for a partner's export that was only looked things up in.
    pub role: String,
}

/// When the export was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AsOf {
    /// ISO 8601, UTC.
    pub value: String,
    /// `now` (given), `exported-at`, or `newest-observation` (a lower bound).
    pub basis: String,
    /// The source it comes from.
    pub source: Option<usize>,
}

/// One file, page or stream that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceInfo {
    /// Its number; sources are ordered by digest.
    pub index: usize,
    /// As the user named it.
    pub path: String,
    /// The member of an archive; none for a plain file.
    pub member: Option<String>,
    /// `xxh3-128:` and the hash of its bytes.
    pub digest: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it is: `graph-bundle`, `graph-page`, `graph-pages`, `graph-objects`, `powershell-objects`, …
    pub format: String,
    /// What told so: `content` or `name`.
    pub certainty: String,
    /// How sure the shape of its format is: `seen`, `code`, `documented` or `remembered`; none for this program's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// Its own date, if it tells one.
    pub as_of: Option<String>,
    /// What it holds.
    pub collections: Vec<CollectionInfo>,
    /// What else is to be known about it.
    pub notes: Vec<Note>,
}

/// A file, page or stream of which nothing could be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnreadInfo {
    /// As the user named it.
    pub path: String,
    /// The collection that its name suggests; it may hold any without.
    pub collection: Option<String>,
}

/// How many objects of a collection there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CollectionCount {
    /// Graph's name.
    pub name: String,
    /// How many distinct ones, in all files together.
    pub count: usize,
}

/// One collection of a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectionInfo {
    /// Graph's name.
    pub name: String,
    /// How many objects.
    pub count: usize,
    /// Whether it is all of them.
    pub complete: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Classes of objects that the source leaves out.
    pub excluded: Vec<String>,
    /// The properties that were collected.
    pub properties: Vec<String>,
}

/// A remark on a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// Its kind, kebab-case.
    pub code: String,
    /// What it says.
    pub text: String,
}

/// A value that comes from data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// `user`, `address`, `domain`, `tenant`, `sku`, `plan`, `group`, `ip`, `number`, `text`.
    #[serde(rename = "type")]
    pub kind: String,
    /// As it is shown.
    pub text: String,
    /// The id behind the text.
    pub id: Option<String>,
}

/// An object that a finding names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectInfo {
    /// `user`, `group`, `contact`, `deletedUser`, `domain`, `subscribedSku`, `request`, …: one of the collection of that name.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// Graph's id; none where the export has none.
    pub id: Option<String>,
    /// `id`, or `upn` where the sign-in name stands in for a missing id, or `position`.
    pub identity: Cow<'static, str>,
    /// The name to show; never empty.
    pub display_name: String,
    /// The sign-in name; of a deleted user the one that it had.
    pub user_principal_name: Option<String>,
    /// Its page in the admin center.
    pub url: Option<String>,
    /// Whether it is mastered on-premises; none if not known.
    pub synced: Option<bool>,
    /// The sources that hold it.
    pub sources: Vec<usize>,
}

/// A rule's outcome.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleOutcome {
    /// The rule.
    pub rule: String,
    /// The pack.
    pub pack: String,
    /// What the rule looks for.
    pub title: String,
    /// `found`, `clear`, `partial`, `notAssessed`, `notAsked`, `off`.
    pub outcome: String,
    /// Objects decided.
    pub checked: usize,
    /// Objects found.
    pub found: usize,
    /// Objects that could not be decided.
    pub unknown: usize,
    /// What was missing.
    pub missing: Vec<Missing>,
}

/// What a rule would have needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// The collection.
    pub collection: String,
    /// The property; none for the collection as such.
    pub property: Option<String>,
    /// `not-collected`, `incomplete`, or another word in kebab-case.
    pub reason: String,
    /// For how many objects; none for all.
    pub objects: Option<usize>,
    /// The source that lacks it.
    pub source: Option<usize>,
    /// How to get it.
    pub remedy: Option<Remedy>,
}

/// How to get what is missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// The command that exports it.
    pub command: String,
    /// The permission it needs.
    pub scope: String,
    /// The role it needs.
    pub role: String,
}

/// A finding that somebody accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Acceptance {
    /// Its number.
    pub index: usize,
    /// `active`, `expired`, `unused`.
    pub state: String,
    /// The rule.
    pub rule: String,
    /// The objects.
    pub objects: Vec<String>,
    /// Why.
    pub reason: String,
    /// The ticket.
    pub ticket: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// The finding.
    pub fingerprint: Option<String>,
}
