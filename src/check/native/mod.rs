//! Checks that are real algorithms, by name.

mod active_administrators;
mod azure_access;
mod group_licensing;
mod guest_ratio;
mod request_audit;
pub(crate) mod request_references;

use std::collections::BTreeMap;

use super::compile::{CompiledRule, Needs};
use super::world::World;
use crate::pack::model::Native;
use crate::tenant::ObjectId;

/// The names of all native checks.
pub const NAMES: &[&str] = &[
    "active-administrators",
    "azure-access",
    "group-licensing-entitlement",
    "guest-ratio",
    "request-audit",
    "request-references",
];

/// Something that a native check caught.
#[derive(Clone, Debug, PartialEq)]
pub struct NativeHit {
    /// The object.
    pub object: ObjectId,
    /// What it provides for texts.
    pub values: Vec<(&'static str, Vec<String>)>,
}

impl NativeHit {
    /// An object that was caught, and what texts may name.
    pub(super) fn new(object: ObjectId, values: Vec<(&'static str, Vec<String>)>) -> Self {
        Self { object, values }
    }
}

/// What a native check says of the tenant.
#[derive(Clone, Debug, Default)]
pub struct NativeResult {
    /// Objects about which there was something to ask.
    pub asked: usize,
    /// Objects that could be decided.
    pub decided: usize,
    /// What it caught.
    pub hits: Vec<NativeHit>,
    /// Objects that could not be decided, by what was missing.
    pub unknown: BTreeMap<Needs, usize>,
    /// The requests about which there is nothing to say.
    pub clear: Vec<ObjectId>,
    /// The requests that could not be decided.
    pub undecided: Vec<ObjectId>,
    /// Nobody asks: what the user says of the tenant makes it pointless.
    pub is_off: bool,
}

/// Runs a native check; `needs` is everything it reads.
pub fn run(native: &Native, rule: &CompiledRule<'_>, needs: Needs, world: &World<'_>) -> NativeResult {
    match native.name.as_str() {
        "active-administrators" => active_administrators::run(native, needs, world),
        "azure-access" => azure_access::run(native, needs, world),
        "group-licensing-entitlement" => group_licensing::run(needs, world),
        "guest-ratio" => guest_ratio::run(native, needs, world),
        "request-audit" => request_audit::run(native, needs, world),
        "request-references" => request_references::run(rule, world),
        _ => NativeResult::default(), // lint refuses other names
    }
}
