//! How findings, and what their objects have in common, are named in a report.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_128;

use super::draft::Draft;
use super::words::{path_name, shown, value_kind};
use crate::check::compile::CompiledRule;
use crate::check::world::World;
use crate::pack::model::{Confidence, Filter, Path, Severity};
use crate::report::model;

/// Names findings.
#[derive(Clone, Copy)]
pub(super) struct Naming<'a> {
    /// The rules.
    pub(super) rules: &'a [CompiledRule<'a>],
    /// The tenant.
    pub(super) world: &'a World<'a>,
}

impl Naming<'_> {
    /// The fingerprint of a finding: what stays the same while its texts and severity change.
    pub(super) fn fingerprint(&self, draft: &Draft) -> String {
        let text = format!("1\n{}\n{}\n{}", self.rules[draft.rule].rule.id, draft.collection, draft.key);
        format!("f1:{:016x}", (xxh3_128(text.as_bytes()) >> 64) as u64)
    }

    /// The name of the check that made a finding.
    pub(super) fn check(&self, draft: &Draft) -> String {
        self.rules[draft.rule].rule.checks[draft.check].name.clone()
    }

    /// A value that the objects of a finding have in common.
    pub(super) fn group_value(&self, path: &Path, values: &[String]) -> model::GroupValue {
        let kind = value_kind(path);
        let filter = match kind {
            "sku" => Some(Filter::Product),
            "plan" => Some(Filter::Plan),
            _ => None,
        };
        let texts: Vec<_> = values.iter().map(|value| shown(value, filter.as_slice(), Some(self.world))).collect();
        let text = texts.join(", ");
        let id = Some(values.join(",")).filter(|id| *id != text);
        model::GroupValue { path: path_name(path), kind: kind.to_owned(), text, id }
    }

    /// What the objects of a finding have in common, in lower case.
    pub(super) fn group_texts(&self, draft: &Draft) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        for (path, values) in &draft.group {
            texts.extend(values.iter().map(|value| value.to_lowercase()));
            texts.insert(self.group_value(path, values).text.to_lowercase());
        }
        texts
    }
}

/// A severity as rule files and reports spell it.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The word for a confidence.
pub(super) fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Hint => "hint",
        Confidence::Likely => "likely",
        Confidence::Certain => "certain",
    }
}
