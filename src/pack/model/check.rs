//! What a check looks for: the objects it looks at, and the kinds of faults that it can find in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Condition, Confidence, Message, Path, Scalar, Severity};
use crate::tenant::schema::Collection;

/// How many checks a rule may have: which of them could not decide is kept in the bits of one number.
pub const MAX_CHECKS: usize = 63;

/// One check of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Its name within the rule.
    pub name: String,
    /// What it looks for.
    pub kind: CheckKind,
    /// Its severity; none where `grades` gives it.
    pub severity: Option<Severity>,
    /// Its confidence; none where `grades` gives it.
    pub confidence: Option<Confidence>,
    /// What it says.
    pub message: Message,
    /// The paths whose values make one finding of many objects; empty for one finding per object.
    pub group_by: Vec<Path>,
}

impl Check {
    /// The severities and confidences that its findings may have.
    pub fn grades(&self) -> Vec<(Severity, Confidence)> {
        match &self.kind {
            CheckKind::Conflict(SetCheck { grades, .. }) | CheckKind::Requires(SetCheck { grades, .. }) => {
                grades.values.values().flatten().copied().collect()
            }
            _ => self
                .severity
                .map(|severity| (severity, self.confidence.unwrap_or(Confidence::Likely)))
                .into_iter()
                .collect(),
        }
    }
}

/// What a check looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CheckKind {
    /// Objects that satisfy a condition.
    Match(Match),
    /// One key held by several objects.
    Duplicate(Duplicate),
    /// Two members of a set that a row of a table excludes.
    Conflict(SetCheck),
    /// A member of a set that needs another member, which is not there.
    Requires(SetCheck),
    /// Two sums compared.
    Threshold(Threshold),
    /// A named check written in Rust.
    Native(Native),
}

/// Which objects a check looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Over {
    /// The collection.
    pub collection: Collection,
    /// For requests: only these operations; empty for all.
    pub operations: Vec<String>,
    /// The list whose elements are the candidates, called `item`; may go through a look-up.
    pub each: Option<Path>,
}

/// Objects that satisfy a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Which objects.
    pub over: Over,
    /// The condition.
    pub condition: Condition,
}

/// One key held by several objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// For each collection, the paths that make an object a holder.
    pub over: Vec<(Collection, Vec<Path>)>,
    /// How many holders of a collection there must be at least.
    pub at_least: Vec<(Collection, u32)>,
    /// At least one holder holds the key under one of these paths; empty for no such demand.
    pub held_as: Vec<(Collection, Vec<Path>)>,
    /// No holder holds the key under one of these paths (where that is known); such keys are another rule's.
    pub not_held_as: Vec<(Collection, Vec<Path>)>,
}

/// A set of an object, and the table that its members are compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetCheck {
    /// Which objects.
    pub over: Over,
    /// The set, a list of texts.
    pub set: Path,
    /// `Requires` only: the requirement must have been in this set, so that its loss is what breaks the member.
    pub lost: Option<Path>,
    /// One of the pair, or the member that needs something, must be in this set, so that it is new. With `lost`, either will do.
    pub gained: Option<Path>,
    /// The table's name.
    pub table: String,
    /// What each value of the grading column means.
    pub grades: Grades,
    /// Also required; none for always.
    pub condition: Option<Condition>,
}

/// What the values of a table's column mean for severity and confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grades {
    /// The column.
    pub column: String,
    /// For each of its values: none is "no finding".
    pub values: BTreeMap<String, Option<(Severity, Confidence)>>,
}

/// Two sums compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Which objects.
    pub over: Over,
    /// Summed.
    pub left: Vec<Term>,
    /// How the sums must compare.
    pub op: Comparison,
    /// Summed.
    pub right: Vec<Term>,
    /// Also required; none for always.
    pub condition: Option<Condition>,
}

/// What is summed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Term {
    /// A value.
    Path(Path),
    /// A number of the rule itself.
    Number(f64),
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `<`.
    Below,
    /// `<=`.
    AtMost,
    /// `=`.
    Equal,
    /// `>=`.
    AtLeast,
    /// `>`.
    Above,
}

/// A named check written in Rust.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Native {
    /// Its name.
    pub name: String,
    /// The collections and properties that it reads: `users`, `users.accountEnabled`.
    pub reads: Vec<FieldRef>,
    /// Its parameters.
    pub parameters: BTreeMap<String, Scalar>,
    /// The names of the settings it obeys.
    pub settings: Vec<String>,
}

/// A collection, or a property of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldRef {
    /// The collection.
    pub collection: Collection,
    /// The property, which may lead into objects (`licenseAssignmentStates.error`); none for the collection as such.
    pub property: Option<String>,
}
