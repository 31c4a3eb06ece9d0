//! A finding in the report: what is wrong, why, and what to do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Value;

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
    /// Whether it is about what was asked on the command line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub answers_question: bool,
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
