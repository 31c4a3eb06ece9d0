//! Conditions rearranged, so that what is cheap is asked first.
//!
//! Kleene's and and or do not depend on the order of their parts, nor do the fields that an unknown answer lacks. Most conditions
//! of most objects are decided by one comparison with a property at hand; without an order they would search lists first.

use super::compile::{Base, CompiledCheck, CompiledKind, CompiledOperator, CompiledPath, CompiledTest, Expr, Operand};

/// The same condition, its parts flattened and in order of what they cost.
pub(super) fn ordered(expr: Expr) -> Expr {
    match expr {
        Expr::And(parts) => joined(parts, Expr::And, |part| match part {
            Expr::And(inner) => inner,
            other => vec![other],
        }),
        Expr::Or(parts) => joined(parts, Expr::Or, |part| match part {
            Expr::Or(inner) => inner,
            other => vec![other],
        }),
        Expr::Not(inner) => Expr::Not(Box::new(ordered(*inner))),
        other => other,
    }
}

fn joined(parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr, parts_of: fn(Expr) -> Vec<Expr>) -> Expr {
    let mut all = Vec::new();
    for part in parts {
        all.extend(parts_of(ordered(part)));
    }
    all.sort_by_key(cost);
    match <[Expr; 1]>::try_from(all) {
        Ok([one]) => one,
        Err(all) => join(all),
    }
}

/// What a condition costs, roughly in comparisons of short texts.
fn cost(expr: &Expr) -> u32 {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().map(cost).sum(),
        Expr::Not(inner) => cost(inner),
        Expr::Found(..) => 1000,
        Expr::Value(path, test) => cost_of_path(path) + cost_of_test(test),
    }
}

fn cost_of_path(path: &CompiledPath) -> u32 {
    let there = match path.base {
        Base::Object if path.computed && path.made_of.is_none() => 1000,
        Base::Object | Base::Item | Base::Element => 0,
        _ => 1000,
    };
    there + 5 * (path.rest.len() + path.filters.len()) as u32
}

fn cost_of_test(test: &CompiledTest) -> u32 {
    let of = |operator: &CompiledOperator| match operator {
        CompiledOperator::Empty(_) => 1,
        CompiledOperator::OneOf(values) | CompiledOperator::Not(values) => 1 + values.len() as u32,
        CompiledOperator::Matches(_) => 6,
        CompiledOperator::Any(_) | CompiledOperator::All(_) => 20,
        CompiledOperator::SameAs(other) => 20 + cost_of_path(other),
        CompiledOperator::Above(_) | CompiledOperator::Below(_) => 10,
        CompiledOperator::InTable { .. } => 50,
    };
    test.operators.iter().map(of).sum()
}

/// The properties of the object that a check reads, in the order of the rule: call it before [`ordered`].
pub(super) fn reads(each: Option<&CompiledPath>, kind: &CompiledKind) -> Vec<String> {
    let mut names: Vec<String> =
        each.filter(|each| each.base == Base::Object).map(|each| each.name.clone()).into_iter().collect();
    match kind {
        CompiledKind::Match(expr) => reads_in(expr, &mut names),
        CompiledKind::Conflict { .. } | CompiledKind::Requires { .. } => names.push("assignedLicenses".to_owned()),
        CompiledKind::Threshold { left, right, condition } => {
            for operand in left.iter().chain(right) {
                if let Operand::Path(path) = operand {
                    names.push(path.name.clone());
                }
            }
            condition.iter().for_each(|condition| reads_in(condition, &mut names));
        }
    }
    names
}

fn reads_in(expr: &Expr, names: &mut Vec<String>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| reads_in(part, names)),
        Expr::Not(inner) => reads_in(inner, names),
        Expr::Value(path, _) if path.base == Base::Object => names.push(path.name.clone()),
        _ => {}
    }
}

impl CompiledCheck {
    /// The same check, its condition in order.
    pub(super) fn ordered(self) -> Self {
        let kind = match self.kind {
            CompiledKind::Match(expr) => CompiledKind::Match(ordered(expr)),
            CompiledKind::Conflict { set, gained, condition } => {
                CompiledKind::Conflict { set, gained, condition: condition.map(ordered) }
            }
            CompiledKind::Requires { set, lost, gained, condition } => {
                CompiledKind::Requires { set, lost, gained, condition: condition.map(ordered) }
            }
            CompiledKind::Threshold { left, right, condition } => {
                CompiledKind::Threshold { left, right, condition: condition.map(ordered) }
            }
        };
        Self { kind, ..self }
    }
}
