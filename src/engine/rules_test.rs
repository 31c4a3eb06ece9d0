//! `rules test`: every rule's own tests, then the data dropped piece by piece, then the rule changed piece by piece.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Map, Value};

use super::mutate::mutants;
use super::run::{Options, run};
use crate::check::compile::{Slots, compile};
use crate::check::settings::Settings;
use crate::dump::Input;
use crate::pack::load::Packs;
use crate::pack::model::Rule;
use crate::pack::tables::Tables;
use crate::pack::test_case::{Expect, ExpectedFinding, TestCase};
use crate::report::model::{Finding, ObjectInfo, Report, RuleOutcome, TenantReport};
use crate::tenant::schema::{Collection, NONE_IF_ABSENT};

/// What came of testing one rule.
#[derive(Clone, Debug, Default)]
pub struct RuleReport {
    /// The rule.
    pub rule: String,
    /// How many tests it has.
    pub tests: usize,
    /// How many times a piece of data was dropped.
    pub ablations: usize,
    /// How many changed rules were tried.
    pub mutants: usize,
    /// What is wrong.
    pub faults: Vec<RuleFault>,
}

/// What is wrong with a rule or its tests.
#[derive(Clone, Debug)]
pub struct RuleFault {
    /// The test that it is about, by the place of its name in the rule's file; none if it is about all of them.
    pub test: Option<Range<usize>>,
    /// What is wrong, a sentence.
    pub message: String,
}

/// Tests one rule.
pub fn test_rule(rule: &Rule, cases: &[TestCase], tables: &Tables) -> RuleReport {
    let mut report = RuleReport { rule: rule.id.clone(), tests: cases.len(), ..RuleReport::default() };
    let prepared: Vec<_> = cases.iter().map(|case| Prepared::new(case, tables)).collect();
    for case in &prepared {
        if let Err(fault) = case.check(rule) {
            report.faults.push(case.fault(&format!(": {fault}")));
        }
    }
    if !report.faults.is_empty() {
        return report; // what follows would only repeat it
    }
    let fields = fields(rule);
    for case in prepared.iter().filter(|case| matches!(case.case.expect, Expect::Findings(_))) {
        let (count, faults) = case.ablate(rule, &fields);
        report.ablations += count;
        report.faults.extend(faults);
    }
    for (what, mutant) in mutants(rule) {
        report.mutants += 1;
        if prepared.iter().all(|case| case.check(&mutant).is_ok()) {
            report.faults.push(RuleFault { test: None, message: format!("no test notices when {what}") });
        }
    }
    report
}

/// The fields that a rule reads, without the computed ones.
fn fields(rule: &Rule) -> BTreeSet<(Collection, String)> {
    let mut slots = Slots::new();
    let compiled = compile(std::iter::once(rule), &mut slots);
    let needs = compiled.iter().flat_map(|compiled| &compiled.needs);
    needs
        // Without its id an object is another object, not one that is less known.
        .filter(|need| need.collection != Collection::Requests && need.property.as_deref() != Some("id"))
        .filter_map(|need| Some((need.collection, need.property.clone()?)))
        .collect()
}

/// A test made ready to run.
struct Prepared<'c> {
    case: &'c TestCase,
    tables: Option<Tables>,
    shared: &'c Tables,
    home: Vec<Input>,
    options: Options,
    /// What is wrong with its settings.
    unreadable: Option<String>,
}

/// What a run said of the rule.
struct Said {
    outcome: RuleOutcome,
    findings: Vec<Finding>,
    objects: BTreeMap<String, String>,
}

impl<'c> Prepared<'c> {
    fn new(case: &'c TestCase, shared: &'c Tables) -> Self {
        let tables = (!case.tables.is_empty()).then(|| shared.clone().with_json(&case.tables));
        let home = case.home.iter().map(|home| input("home", home)).collect();
        let now = case.now.as_deref().and_then(crate::tenant::as_of::timestamp);
        let settings = case.settings.as_ref().map_or_else(|| Ok(Settings::default()), Settings::new);
        let unreadable = settings.as_ref().err().cloned();
        let options = Options { now, settings: settings.unwrap_or_default(), ..Options::default() };
        Self { case, tables, shared, home, options, unreadable }
    }

    /// A fault that the test shows, said behind its name.
    fn fault(&self, what: &str) -> RuleFault {
        let TestCase { name, span, .. } = self.case;
        RuleFault { test: Some(span.clone()), message: format!("test \"{name}\"{what}") }
    }

    fn run(&self, rule: &Rule, given: &Value, incomplete: &BTreeMap<Collection, String>) -> Option<Said> {
        let mut given = given.clone();
        if let (Value::Object(given), Some(at)) = (&mut given, &self.case.exported_at) {
            given.insert("exportedAt".to_owned(), Value::String(at.clone()));
        }
        let tables = self.tables.as_ref().unwrap_or(self.shared);
        let inputs = [input("given", &given)];
        let outcome = run(&inputs, &self.home, &[rule], &Packs::default(), tables, &self.options, incomplete).ok()?;
        let Report { tenants, .. } = outcome.report;
        let TenantReport { findings, rules, objects, .. } = tenants.into_iter().next()?;
        let outcome = rules.into_iter().find(|outcome| outcome.rule == rule.id)?;
        let name = |object: ObjectInfo| {
            if object.kind == "tenant" { object.kind.into_owned() } else { object.id.unwrap_or(object.display_name) }
        };
        let objects = objects.into_iter().map(|(key, object)| (key, name(object))).collect();
        Some(Said { outcome, findings, objects })
    }

    /// Runs the test.
    fn check(&self, rule: &Rule) -> Result<(), String> {
        if let Some(fault) = &self.unreadable {
            return Err(fault.clone());
        }
        let said = self.run(rule, &self.case.given, &self.case.incomplete).ok_or("the rule did not run")?;
        let word = match &self.case.expect {
            Expect::Clear => "clear",
            Expect::Partial => "partial",
            Expect::NotAssessed => "notAssessed",
            Expect::NotAsked => "notAsked",
            Expect::Findings(_) => "found",
        };
        if said.outcome.outcome != word {
            return Err(format!("expected {word}, got {}{}", said.outcome.outcome, said.describe()));
        }
        if let Expect::Findings(expected) = &self.case.expect {
            said.compare(expected)?;
        }
        let missing: BTreeSet<String> = said
            .outcome
            .missing
            .iter()
            .map(|missing| match &missing.property {
                Some(property) => format!("{}.{property}", missing.collection),
                None => missing.collection.clone(),
            })
            .collect();
        match self.case.missing.iter().find(|wanted| !missing.contains(*wanted)) {
            Some(wanted) => Err(format!("{wanted} is not named as missing, but {}", listed(&missing))),
            None => Ok(()),
        }
    }

    /// Drops every collection and every field in turn: what is found must be a part of what was found, never more severe, and never
    /// clear.
    fn ablate(&self, rule: &Rule, fields: &BTreeSet<(Collection, String)>) -> (usize, Vec<RuleFault>) {
        let Some(whole) = self.run(rule, &self.case.given, &self.case.incomplete) else { return (0, Vec::new()) };
        let mut count = 0;
        let mut faults = Vec::new();
        let mut without = |what: String, given: Value| {
            count += 1;
            let Some(said) = self.run(rule, &given, &self.case.incomplete) else { return };
            let worst = said.worst().into_iter();
            let more =
                worst.filter(|(object, severity)| whole.worst().get(object).is_none_or(|before| severity > before));
            let more: Vec<String> = more.map(|(object, _)| object).collect();
            if !more.is_empty() {
                let more = listed(&more);
                faults.push(self.fault(&format!(" without {what}: finds {more}, or finds it more severe")));
            }
            if matches!(said.outcome.outcome.as_str(), "clear") {
                faults.push(self.fault(&format!(" without {what}: says clear")));
            }
        };
        let Value::Object(given) = &self.case.given else { return (0, faults) };
        for name in given.keys().filter(|name| *name != "requests") {
            let mut left = given.clone();
            left.remove(name);
            without(name.clone(), Value::Object(left));
        }
        let is_none = |property: &str| NONE_IF_ABSENT.contains(&property);
        for (collection, property) in fields.iter().filter(|(of, name)| *of != Collection::Requests || !is_none(name)) {
            if let Some(left) = drop_field(given, *collection, property) {
                without(format!("{}.{property}", collection.name()), Value::Object(left));
            }
        }
        (count, faults)
    }
}

impl Said {
    fn describe(&self) -> String {
        let one = |finding: &Finding| match key_of(finding) {
            key if key.is_empty() => format!("{} on {}", finding.check, listed(&self.ids(finding))),
            key => format!("{} on {} with the key {key:?}", finding.check, listed(&self.ids(finding))),
        };
        let found: Vec<String> = self.findings.iter().map(one).collect();
        let missing = self.outcome.missing.iter().map(|missing| match &missing.property {
            Some(property) => format!("{}.{property}", missing.collection),
            None => missing.collection.clone(),
        });
        let missing: Vec<String> = missing.collect();
        format!(" (found: {}; missing: {})", listed(&found), listed(&missing))
    }

    fn ids(&self, finding: &Finding) -> Vec<String> {
        let mut ids: Vec<_> = finding.affected.objects.iter().map(|key| self.objects[key].clone()).collect();
        ids.sort();
        ids
    }

    /// The worst severity of each object.
    fn worst(&self) -> BTreeMap<String, u8> {
        let mut worst = BTreeMap::new();
        for finding in &self.findings {
            let severity =
                ["info", "low", "medium", "high", "critical"].iter().position(|name| *name == finding.severity);
            for id in self.ids(finding) {
                let known = worst.entry(id).or_insert(0);
                *known = (*known).max(severity.unwrap_or(0) as u8);
            }
        }
        worst
    }

    fn compare(&self, expected: &[ExpectedFinding]) -> Result<(), String> {
        let mut left: Vec<&Finding> = self.findings.iter().collect();
        for wanted in expected {
            let mut objects = wanted.objects.clone();
            objects.sort();
            let fits = |finding: &Finding| {
                finding.check == wanted.check
                    && self.ids(finding) == objects
                    && wanted.key.as_ref().is_none_or(|key| *key == key_of(finding))
            };
            let Some(at) = left.iter().position(|finding| fits(finding)) else {
                let key = wanted.key.as_ref().map_or_else(String::new, |key| format!(" with the key {key:?}"));
                let objects = listed(&objects);
                return Err(format!("no finding of {} on {objects}{key}{}", wanted.check, self.describe()));
            };
            let finding = left.remove(at);
            detail(wanted, finding)?;
        }
        if left.is_empty() { Ok(()) } else { Err(format!("more was found than expected{}", self.describe())) }
    }
}

/// The group's values as the data has them, joined by a blank.
fn key_of(finding: &Finding) -> String {
    let values = finding.group.iter().map(|value| value.id.clone().unwrap_or_else(|| value.text.clone()));
    values.collect::<Vec<_>>().join(" ")
}

fn detail(wanted: &ExpectedFinding, finding: &Finding) -> Result<(), String> {
    if let Some(severity) = wanted.severity
        && super::naming::severity_name(severity) != finding.severity
    {
        let severity = super::naming::severity_name(severity);
        return Err(format!("{}: expected severity {severity}, got {}", wanted.check, finding.severity));
    }
    if let Some(confidence) = wanted.confidence
        && super::naming::confidence_name(confidence) != finding.confidence
    {
        let confidence = super::naming::confidence_name(confidence);
        return Err(format!("{}: expected confidence {confidence}, got {}", wanted.check, finding.confidence));
    }
    let fixes: Vec<_> = finding
        .fixes
        .iter()
        .filter(|fix| fix.commands_total > 0 || fix.missing.is_empty())
        .map(|fix| fix.id.clone())
        .collect();
    if let Some(expected) = &wanted.fixes
        && *expected != fixes
    {
        return Err(format!("{}: expected the fixes {}, got {}", wanted.check, listed(expected), listed(&fixes)));
    }
    for (name, value) in &wanted.values {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let said = finding.values.get(name).map(|value| value.text.clone());
        if said.as_deref() != Some(text.as_str()) {
            let said = said.map_or_else(|| "nothing".to_owned(), |said| format!("{said:?}"));
            return Err(format!("{}: expected {name} to be {text:?}, got {said}", wanted.check));
        }
    }
    Ok(())
}

/// Names as a list; "nothing" if there are none.
fn listed<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn input(name: &str, given: &Value) -> Input {
    Input::Bytes(name.to_owned(), given.to_string().into_bytes())
}

/// The data without a field, also inside objects and lists; nothing if no object has it.
fn drop_field(given: &Map<String, Value>, collection: Collection, property: &str) -> Option<Map<String, Value>> {
    let mut left = given.clone();
    let path: Vec<&str> = property.split('.').collect();
    let dropped = remove(left.get_mut(collection.name())?, &path);
    dropped.then_some(left)
}

fn remove(value: &mut Value, path: &[&str]) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().fold(false, |any, item| remove(item, path) | any),
        Value::Object(object) => match path {
            [name] => object.remove(*name).is_some(),
            [name, rest @ ..] => object.get_mut(*name).is_some_and(|inner| remove(inner, rest)),
            [] => false,
        },
        _ => false,
    }
}
