//! A request in the report: what somebody wants to do, and whether it would work.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Value;

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
    /// What of it cannot be understood, so that it cannot be told: what it lacks, and names that are those of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unclear: Vec<String>,
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
