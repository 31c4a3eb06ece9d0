//! Tenants as JSON, checked without starting the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use aaddoctor::dump::Input;
use aaddoctor::engine::check::check;
use aaddoctor::engine::run::Options;
use aaddoctor::pack::embedded;
use aaddoctor::pack::load::Packs;
use aaddoctor::report::model::{Report, TenantReport};
use serde_json::Value;

use crate::harness::project;

/// The rules that find one and the same thing, by who holds an address as what: one drops out where another steps in.
const ADDRESS_RULES: [&str; 3] = ["duplicate-user-name", "duplicate-proxy-address", "guest-address-held-by-contact"];

/// The built-in packs.
pub(crate) fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| Packs::builtin().unwrap())
}

/// One of the tenants that come with the program.
pub(crate) fn fixture(name: &str) -> Value {
    serde_json::from_slice(&fs::read(project("fixtures").join(name)).unwrap()).unwrap()
}

/// A tenant that the generator makes, and the list of what is wrong with it.
pub(crate) fn generated(users: u64, seed: u64) -> (Value, Value) {
    let (tenant, list) = tenantgen::generate_in_memory(users, seed, None, &tenantgen::Options::default()).unwrap();
    (serde_json::from_slice(&tenant).unwrap(), serde_json::from_slice(&list).unwrap())
}

/// A tenant as one file.
pub(crate) fn input(tenant: &Value) -> Input {
    Input::Bytes("tenant.json".to_owned(), tenant.to_string().into_bytes())
}

/// Checks files. All of them can be read.
pub(crate) fn check_files(inputs: &[Input], options: &Options) -> Report {
    check_files_but(inputs, options, 0)
}

/// Checks files. All of them can be read, but that many only in part.
pub(crate) fn check_files_but(inputs: &[Input], options: &Options, in_part: usize) -> Report {
    let outcome = check(inputs, Vec::new(), &[], packs(), embedded::tables(), options).unwrap();
    assert!(outcome.failures.iter().all(|failure| failure.message.contains("in part")), "{:?}", outcome.failures);
    assert_eq!((outcome.failures.len(), outcome.broken), (in_part, None));
    outcome.report
}

/// Checks a tenant.
pub(crate) fn check_tenant(tenant: &Value) -> Report {
    check_files(&[input(tenant)], &Options::default())
}

/// What the rules said of a tenant.
pub(crate) struct Said {
    /// Each rule's outcome.
    pub(crate) outcomes: BTreeMap<String, String>,
    /// What each rule found; the three address rules as one.
    pub(crate) found: BTreeMap<String, BTreeSet<String>>,
}

impl Said {
    /// What a report says.
    pub(crate) fn of(report: &Report) -> Self {
        let tenant = &report.tenants[0];
        let outcomes = tenant.rules.iter().map(|rule| (rule.rule.clone(), rule.outcome.clone())).collect();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for finding in &tenant.findings {
            let objects = finding.affected.objects.iter().map(|key| object(tenant, key));
            found.entry(family(&finding.rule).to_owned()).or_default().extend(objects);
        }
        Self { outcomes, found }
    }
}

/// An object by its kind and id.
pub(crate) fn object(tenant: &TenantReport, key: &str) -> String {
    let object = &tenant.objects[key];
    // Without its display name the organization is still the only one.
    let id = if object.kind == "tenant" { "" } else { object.id.as_deref().unwrap_or(&object.display_name) };
    format!("{} {id}", object.kind)
}

/// The rule, or all those that it stands for.
pub(crate) fn family(rule: &str) -> &str {
    if ADDRESS_RULES.contains(&rule) { "the address rules" } else { rule }
}
