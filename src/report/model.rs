//! The report, version 1: a public contract, apart from every internal type.
//!
//! Within version 1 fields may be added, never removed, renamed or retyped; absent and null mean the same.
//! `report-v1.schema.json` beside this file is the same contract as a JSON Schema.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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

/// What somebody wants to do, and whether it would work.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestReport {
    /// Its number.
    pub index: usize,
    /// Its id in the dump, behind the name of its file where several files have it.
    pub id: Option<String>,
    /// What texts call it where there are several: by its id, else by `#` and its number.
    #[serde(default)]
    pub name: Option<String>,
    /// `create-user`, `assign-license`, …
    pub operation: String,
    /// Where it comes from.
    pub origin: RequestOrigin,
    /// Who asks: a key of `objects`.
    pub actor: Option<String>,
    /// For whom: a key of `objects`.
    pub target: Option<String>,
    /// What is asked for.
    pub values: BTreeMap<String, Vec<Value>>,
    /// Licenses that were named by a word of their names: as it was written, and as what it was taken.
    #[serde(default)]
    pub read_as: BTreeMap<String, String>,
    /// With the verdict `no-change`: the groups that the licenses come from already, as keys of `objects`.
    #[serde(default)]
    pub through: Vec<String>,
    /// `fails`, `succeeds`, `no-obstacle`, `cannot-tell`.
    pub verdict: String,
    /// The rules of the operation, in order.
    pub steps: Vec<RequestStep>,
    /// What can stand in the way as well, and no export shows.
    #[serde(default)]
    pub not_shown: Vec<String>,
    /// The recorded error, if it failed already.
    pub error: Option<RequestError>,
    /// What to do about it, in order.
    pub way_out: Vec<String>,
}

/// Where a request comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestOrigin {
    /// `requests`, `command-line`, …
    pub kind: String,
    /// The source.
    pub source: Option<usize>,
    /// The row, for tables.
    pub row: Option<usize>,
}

/// One rule's answer for a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestStep {
    /// The rule.
    pub rule: String,
    /// The check that caught it.
    pub check: Option<String>,
    /// `found`, `clear`, `unknown`, `not-asked`, `off` (switched off), `no-rule` (nothing is there to answer it).
    pub outcome: String,
    /// The finding's fingerprint.
    pub finding: Option<String>,
}

/// A recorded error.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestError {
    /// Its code.
    pub code: Option<String>,
    /// Its text.
    pub text: String,
}

/// An object that a finding names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectInfo {
    /// `user`, `group`, `contact`, `deletedUser`, `domain`, `subscribedSku`, `request`, …
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// Graph's id; none where the export has none.
    pub id: Option<String>,
    /// `id`, or `upn` where the sign-in name stands in for a missing id, or `position`.
    pub identity: Cow<'static, str>,
    /// The name to show; never empty.
    pub display_name: String,
    /// The sign-in name.
    pub user_principal_name: Option<String>,
    /// Its page in the admin center.
    pub url: Option<String>,
    /// Whether it is mastered on-premises; none if not known.
    pub synced: Option<bool>,
    /// The sources that hold it.
    pub sources: Vec<usize>,
}

/// Something that is wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// `f1:` and a hash of rule, collection and group key or object.
    pub fingerprint: String,
    /// The rule.
    pub rule: String,
    /// The check of the rule.
    pub check: String,
    /// The pack.
    pub pack: String,
    /// The operations that callers complain about.
    pub symptoms: Vec<String>,
    /// 1 for the first.
    pub rank: usize,
    /// Why it stands there.
    pub ranked_by: RankedBy,
    /// `critical`, `high`, `medium`, `low`, `info`.
    pub severity: String,
    /// `certain`, `likely`, `hint`.
    pub confidence: String,
    /// There may be more: something could not be seen.
    pub at_least: bool,
    /// `new`, `known`, `accepted`.
    pub status: String,
    /// What is wrong, in general.
    pub title: String,
    /// What is wrong here.
    pub message: String,
    /// Which text `message` is.
    pub message_id: String,
    /// The values in it.
    pub values: BTreeMap<String, Value>,
    /// What the objects have in common.
    pub group: Vec<GroupValue>,
    /// Whom it concerns.
    pub affected: Affected,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Earlier checks of the rule that could not decide.
    pub could_be: Vec<String>,
    /// The audit records that explain it.
    pub audit: Vec<AuditInfo>,
    /// The requests it makes fail.
    pub requests: Vec<usize>,
    /// The findings that cause it, by fingerprint.
    pub caused_by: Vec<Explained>,
    /// The findings it causes, and how many of their objects.
    pub explains: Vec<Explained>,
    /// Rules that could explain it, but could not be assessed.
    pub may_be_caused_by: Vec<String>,
    /// What to do.
    pub fixes: Vec<Fix>,
    /// The acceptance that covers it, by index.
    pub acceptance: Option<usize>,
    /// Web addresses.
    pub references: Vec<String>,
}

/// What tells a finding apart from all others of its report: its fingerprint and its check. A fingerprint is that of a rule and a
/// group, so that a finding stays the same from report to report while its objects go from one check to another; within one
/// report two checks may each have found objects of that group.
pub type FindingName<'f> = (&'f str, &'f str);

impl Finding {
    /// See [`FindingName`].
    pub fn name(&self) -> FindingName<'_> {
        (&self.fingerprint, &self.check)
    }
}

/// Why a finding stands where it does.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RankedBy {
    /// The fingerprint of the first of its cluster.
    pub cluster: String,
    /// The check of the first of its cluster.
    #[serde(default)]
    pub cluster_check: String,
    /// Whether a request or a recorded failure shows it as failing now.
    pub failing_now: bool,
    /// The best severity in the cluster.
    pub severity: String,
    /// The people in the cluster.
    pub people: usize,
    /// The best confidence in the cluster.
    pub confidence: String,
}

/// A value that the objects of a finding have in common.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupValue {
    /// The path it was read from.
    pub path: String,
    /// See [`Value::kind`].
    #[serde(rename = "type")]
    pub kind: String,
    /// As it is shown.
    pub text: String,
    /// The id behind the text.
    pub id: Option<String>,
}

/// Whom a finding concerns.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Affected {
    /// How many objects.
    pub count: usize,
    /// How many of them are people.
    pub people: usize,
    /// All of them, as keys of `objects`.
    pub objects: Vec<String>,
    /// Those that are accepted.
    pub accepted: Vec<String>,
}

/// A value that a finding rests on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// The object.
    pub object: String,
    /// The property.
    pub field: String,
    /// `present`, `empty`, `not-collected`.
    pub state: String,
    /// The value.
    pub value: Option<Value>,
    /// The source.
    pub source: Option<usize>,
    /// The line, only when asked for.
    pub position: Option<u64>,
}

/// An audit record.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditInfo {
    /// What was done.
    pub activity: String,
    /// When, ISO 8601.
    pub at: String,
    /// By whom: a key of `objects`.
    pub by: Option<String>,
    /// By whom, as recorded.
    pub by_text: String,
    /// `success`, `failure`, `timeout`.
    pub result: Option<String>,
    /// The source.
    pub source: Option<usize>,
}

/// A finding that another one explains.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explained {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its check: what two checks of a rule found of one group has one fingerprint.
    #[serde(default)]
    pub check: String,
    /// How many of its objects.
    pub objects: usize,
}

impl Explained {
    /// What tells the finding apart from all others of the report.
    pub fn name(&self) -> FindingName<'_> {
        (&self.fingerprint, &self.check)
    }
}

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// Its name within the rule.
    pub id: String,
    /// In one line.
    pub title: String,
    /// It is done after one of the others, and is no alternative to them.
    #[serde(default)]
    pub next: bool,
    /// What else to know.
    pub note: Option<String>,
    /// `safe`, `review`, `destructive`.
    pub safety: String,
    /// Who may do it in general.
    pub roles: Vec<Role>,
    /// Who in this tenant may do it: keys of `objects`.
    pub who_can: Vec<String>,
    /// Who would have to activate a role first: keys of `objects`.
    pub who_must_activate: Vec<String>,
    /// Whether the export tells who may do it.
    pub who_is_known: bool,
    /// `cloud`, `on-premises`, `exchange`.
    #[serde(rename = "where")]
    pub place: String,
    /// The way through the admin center.
    pub portal: Option<String>,
    /// The command that shows whether it worked, where no command makes the fix itself.
    pub verify: Option<String>,
    /// What one sees if it worked.
    pub worked_when: Option<String>,
    /// When it takes effect.
    pub takes_effect: Option<String>,
    /// What the export lacks to offer the command in full.
    pub missing: Vec<String>,
    /// The commands, per object.
    pub commands: Vec<Command>,
    /// How many of them are here.
    pub commands_shown: usize,
    /// How many there are.
    pub commands_total: usize,
    /// The command with its placeholders.
    pub template: Option<String>,
    /// What it would do to this tenant.
    pub simulation: Simulation,
}

/// A directory role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// Its template id; none for roles outside the directory.
    pub template_id: Option<String>,
    /// Its name.
    pub text: String,
}

/// A command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Command {
    /// What it is for.
    pub objects: Vec<String>,
    /// To run.
    pub run: String,
    /// To see that it worked.
    pub verify: Option<String>,
    /// To take it back.
    pub undo: Option<String>,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// What a command changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change {
    /// On what.
    pub object: String,
    /// Which property.
    pub field: String,
    /// The value before.
    pub before: Option<Value>,
    /// The value after.
    pub after: Option<Value>,
}

/// What a fix would do to this tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Simulation {
    /// `resolves`, `partly`, `createsFinding`, `notSimulated`.
    pub outcome: String,
    /// How many other findings go with it.
    pub frees: usize,
    /// The findings it would create: rule ids.
    pub creates: Vec<String>,
    /// Why it was not simulated, or only partly.
    pub reason: Option<String>,
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
