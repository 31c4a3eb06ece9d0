//! What a rule cannot know: worked out of its logic, so that no rule has to say it.

use crate::check::compile::over;
use crate::cli::reads;
use crate::cli::words::{Words, fill};
use crate::pack::model::{Alias, Bound, Check, CheckKind, Confidence, Operator, Rule, SelectLine, Test};
use crate::tenant::schema::Collection;

/// What the rule cannot know, as far as its logic shows.
pub(super) fn limits(rule: &Rule, words: &Words) -> Vec<String> {
    let mut limits: Vec<String> = Vec::new();
    let names = |collections: &[Collection]| collections.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    let mut checked: Vec<Collection> = rule.checks.iter().filter_map(over).map(|over| over.collection).collect();
    checked.sort();
    checked.dedup();
    if checked == [Collection::Requests] {
        limits.push(words.limit_request.to_owned());
    }
    checked.retain(|collection| *collection != Collection::Requests);
    if !checked.is_empty() {
        limits.push(fill(words.limit_complete, &[&names(&checked)]));
    }
    let mut searched: Vec<Collection> = rule.look_ups.iter().map(|look_up| look_up.collection).collect();
    searched.sort();
    searched.dedup();
    if !searched.is_empty() {
        limits.push(fill(words.limit_absent, &[&names(&searched)]));
    }
    let lines = || rule.selects.iter().flat_map(|select| &select.lines);
    let tests = || {
        lines().filter_map(|line| match line {
            SelectLine::Value(path, test) => Some((path, test)),
            SelectLine::Found(_) => None,
        })
    };
    let has_days = |test: &Test| {
        let is_days =
            |operator: &Operator| matches!(operator, Operator::Above(Bound::Days(_)) | Operator::Below(Bound::Days(_)));
        test.operators.iter().any(is_days)
    };
    if tests().any(|(_, test)| has_days(test)) {
        limits.push(words.limit_date.to_owned());
    }
    let reads = reads::decides_by(rule);
    for need in &reads {
        let property = need.property.as_deref().and_then(|name| need.collection.property(name));
        if let Some(property) = property.filter(|property| property.elsewhere) {
            let name = format!("{}.{}", need.collection.name(), property.name);
            limits.push(fill(words.limit_elsewhere, &[&name]));
        }
    }
    let same_as = |test: &Test| -> Vec<String> {
        let of = |operator: &Operator| match operator {
            Operator::SameAs(path) if path.alias == Alias::Settings => Some(path.segments.join(".")),
            _ => None,
        };
        test.operators.iter().filter_map(of).collect()
    };
    let mut settings: Vec<String> = tests().flat_map(|(_, test)| same_as(test)).collect();
    settings.extend(tests().filter(|(path, _)| path.alias == Alias::Settings).map(|(path, _)| path.segments.join(".")));
    for check in &rule.checks {
        if let CheckKind::Native(native) = &check.kind {
            settings.extend(native.settings.iter().cloned());
        }
    }
    settings.sort();
    settings.dedup();
    if !settings.is_empty() {
        limits.push(fill(words.limit_settings, &[&settings.join(", ")]));
    }
    if rule.checks.iter().flat_map(Check::grades).any(|(_, confidence)| confidence < Confidence::Certain) {
        limits.push(words.limit_hint.to_owned());
    }
    limits
}
