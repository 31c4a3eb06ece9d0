//! Rules changed in one place: each change should be noticed by a test.

use crate::pack::model::{CheckKind, Condition, Operator, Over, Rule, SelectLine, Test};

/// All rules that differ from this one in one place, each with what was changed.
pub(super) fn mutants(rule: &Rule) -> Vec<(String, Rule)> {
    let mut mutants = Vec::new();
    checks(rule, &mut mutants);
    selections(rule, &mut mutants);
    look_ups(rule, &mut mutants);
    mutants
}

fn checks(rule: &Rule, mutants: &mut Vec<(String, Rule)>) {
    for (index, check) in rule.checks.iter().enumerate() {
        if rule.checks.len() > 1 {
            let mut mutant = rule.clone();
            mutant.checks.remove(index);
            mutants.push((format!("the check {} is gone", check.name), mutant));
        }
        for at in 0..check.group_by.len() {
            let mut mutant = rule.clone();
            mutant.checks[index].group_by.remove(at);
            mutants.push((format!("{} does not group by its value {}", check.name, at + 1), mutant));
        }
        if over_of(&check.kind).is_some_and(|over| !over.operations.is_empty()) {
            let mut mutant = rule.clone();
            if let Some(over) = over_of_mut(&mut mutant.checks[index].kind) {
                over.operations.clear();
            }
            mutants.push((format!("{} takes requests for any operation", check.name), mutant));
        }
        if let Some(condition) = condition_of(&check.kind) {
            for (what, changed) in conditions(condition) {
                let mut mutant = rule.clone();
                set_condition(&mut mutant.checks[index].kind, changed);
                mutants.push((format!("in the condition of {}, {what}", check.name), mutant));
            }
        }
        if let CheckKind::Duplicate(duplicate) = &check.kind {
            if !duplicate.held_as.is_empty() {
                let mut mutant = rule.clone();
                if let CheckKind::Duplicate(duplicate) = &mut mutant.checks[index].kind {
                    duplicate.held_as.clear();
                }
                mutants.push((format!("{} has no held-as", check.name), mutant));
            }
            if !duplicate.not_held_as.is_empty() {
                let mut mutant = rule.clone();
                if let CheckKind::Duplicate(duplicate) = &mut mutant.checks[index].kind {
                    duplicate.not_held_as.clear();
                }
                mutants.push((format!("{} has no not-held-as", check.name), mutant));
            }
            for at in 0..duplicate.over.len().min(if duplicate.over.len() > 1 { usize::MAX } else { 0 }) {
                let mut mutant = rule.clone();
                if let CheckKind::Duplicate(duplicate) = &mut mutant.checks[index].kind {
                    duplicate.over.remove(at);
                }
                mutants.push((format!("{} does not look at {}", check.name, duplicate.over[at].0.name()), mutant));
            }
        }
    }
}

fn over_of(kind: &CheckKind) -> Option<&Over> {
    match kind {
        CheckKind::Match(check) => Some(&check.over),
        CheckKind::Conflict(check) | CheckKind::Requires(check) => Some(&check.over),
        CheckKind::Threshold(check) => Some(&check.over),
        CheckKind::Duplicate(_) | CheckKind::Native(_) => None,
    }
}

fn over_of_mut(kind: &mut CheckKind) -> Option<&mut Over> {
    match kind {
        CheckKind::Match(check) => Some(&mut check.over),
        CheckKind::Conflict(check) | CheckKind::Requires(check) => Some(&mut check.over),
        CheckKind::Threshold(check) => Some(&mut check.over),
        CheckKind::Duplicate(_) | CheckKind::Native(_) => None,
    }
}

fn condition_of(kind: &CheckKind) -> Option<&Condition> {
    match kind {
        CheckKind::Match(check) => Some(&check.condition),
        CheckKind::Conflict(check) | CheckKind::Requires(check) => check.condition.as_ref(),
        CheckKind::Threshold(check) => check.condition.as_ref(),
        CheckKind::Duplicate(_) | CheckKind::Native(_) => None,
    }
}

fn set_condition(kind: &mut CheckKind, changed: Condition) {
    match kind {
        CheckKind::Match(check) => check.condition = changed,
        CheckKind::Conflict(check) | CheckKind::Requires(check) => check.condition = Some(changed),
        CheckKind::Threshold(check) => check.condition = Some(changed),
        CheckKind::Duplicate(_) | CheckKind::Native(_) => {}
    }
}

/// A condition changed in one place: a part dropped, and and or exchanged, a not taken away.
fn conditions(condition: &Condition) -> Vec<(String, Condition)> {
    let mut changed = Vec::new();
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            let is_and = matches!(condition, Condition::And(_));
            let same = |parts: Vec<Condition>| if is_and { Condition::And(parts) } else { Condition::Or(parts) };
            let other = |parts: Vec<Condition>| if is_and { Condition::Or(parts) } else { Condition::And(parts) };
            if parts.len() > 1 {
                changed.push(("and and or are exchanged".to_owned(), other(parts.clone())));
            }
            for (index, part) in parts.iter().enumerate() {
                if parts.len() > 1 {
                    let mut left = parts.clone();
                    left.remove(index);
                    changed.push((format!("part {} is gone", index + 1), same(left)));
                }
                for (what, inner) in conditions(part) {
                    let mut all = parts.clone();
                    all[index] = inner;
                    changed.push((what, same(all)));
                }
            }
        }
        Condition::Not(inner) => {
            changed.push(("not is gone".to_owned(), (**inner).clone()));
            changed.extend(conditions(inner).into_iter().map(|(what, inner)| (what, Condition::Not(Box::new(inner)))));
        }
        Condition::Select { .. } => {}
    }
    changed
}

/// Selections that some condition of a check uses; those of fixes alone change no finding.
fn is_used(rule: &Rule, select: usize) -> bool {
    fn uses(condition: &Condition, wanted: usize) -> bool {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|part| uses(part, wanted)),
            Condition::Not(inner) => uses(inner, wanted),
            Condition::Select { select, .. } => *select as usize == wanted,
        }
    }
    let such = rule.look_ups.iter().filter_map(|look_up| look_up.such.as_ref());
    rule.checks
        .iter()
        .filter_map(|check| condition_of(&check.kind))
        .chain(such)
        .any(|condition| uses(condition, select))
}

fn selections(rule: &Rule, mutants: &mut Vec<(String, Rule)>) {
    for (index, select) in rule.selects.iter().enumerate().filter(|(index, _)| is_used(rule, *index)) {
        for (at, line) in select.lines.iter().enumerate() {
            if select.lines.len() > 1 {
                let mut mutant = rule.clone();
                mutant.selects[index].lines.remove(at);
                mutants.push((format!("line {} of the selection {} is gone", at + 1, select.name), mutant));
            }
            match line {
                SelectLine::Found(found) => {
                    let mut mutant = rule.clone();
                    mutant.selects[index].lines[at] = SelectLine::Found(!found);
                    mutants.push((format!("found is turned around in {}", select.name), mutant));
                }
                SelectLine::Value(path, test) => {
                    for (what, test) in tests(test) {
                        let mut mutant = rule.clone();
                        mutant.selects[index].lines[at] = SelectLine::Value(path.clone(), test);
                        mutants.push((format!("in the selection {}, {what}", select.name), mutant));
                    }
                }
            }
        }
    }
}

fn tests(test: &Test) -> Vec<(String, Test)> {
    let mut changed = Vec::new();
    let with = |index: usize, operator: Operator| {
        let mut test = test.clone();
        test.operators[index] = operator;
        test
    };
    for (index, operator) in test.operators.iter().enumerate() {
        match operator {
            Operator::Empty(empty) => {
                changed.push(("empty is turned around".to_owned(), with(index, Operator::Empty(!empty))))
            }
            Operator::OneOf(values) => {
                changed.push(("one of becomes none of".to_owned(), with(index, Operator::Not(values.clone()))))
            }
            Operator::Not(values) => {
                changed.push(("none of becomes one of".to_owned(), with(index, Operator::OneOf(values.clone()))))
            }
            Operator::Above(bound) => {
                changed.push(("above becomes below".to_owned(), with(index, Operator::Below(bound.clone()))))
            }
            Operator::Below(bound) => {
                changed.push(("below becomes above".to_owned(), with(index, Operator::Above(bound.clone()))))
            }
            Operator::InTable { table, column, rows, there } => {
                let (table, column) = (table.clone(), column.clone());
                if rows.is_some() {
                    let (table, column, there) = (table.clone(), column.clone(), *there);
                    let mutant = with(index, Operator::InTable { table, column, rows: None, there });
                    changed.push(("in-table takes every row".to_owned(), mutant));
                }
                changed.push((
                    "in-table is turned around".to_owned(),
                    with(index, Operator::InTable { table, column, rows: rows.clone(), there: !there }),
                ));
            }
            Operator::Any(lines) | Operator::All(lines) => {
                let is_any = matches!(operator, Operator::Any(_));
                let same = |lines| if is_any { Operator::Any(lines) } else { Operator::All(lines) };
                let other = if is_any { Operator::All(lines.clone()) } else { Operator::Any(lines.clone()) };
                changed.push(("any and all are exchanged".to_owned(), with(index, other)));
                for (at, (path, inner)) in lines.iter().enumerate() {
                    if lines.len() > 1 {
                        let mut left = lines.clone();
                        left.remove(at);
                        changed.push((format!("{} is not tested", path.segments.join(".")), with(index, same(left))));
                    }
                    for (what, inner) in tests(inner) {
                        let mut all = lines.clone();
                        all[at].1 = inner;
                        changed.push((what, with(index, same(all))));
                    }
                }
            }
            Operator::Matches(_) | Operator::SameAs(_) => {}
        }
    }
    changed
}

fn look_ups(rule: &Rule, mutants: &mut Vec<(String, Rule)>) {
    for (index, look_up) in rule.look_ups.iter().enumerate() {
        for at in 0..look_up.matches.len().min(if look_up.matches.len() > 1 { usize::MAX } else { 0 }) {
            let mut mutant = rule.clone();
            mutant.look_ups[index].matches.remove(at);
            mutants.push((format!("the look-up {} does not compare its pair {}", look_up.name, at + 1), mutant));
        }
        if let Some(such) = &look_up.such {
            // A look-up with nothing left to look for would not be one.
            if !look_up.matches.is_empty() {
                let mut mutant = rule.clone();
                mutant.look_ups[index].such = None;
                mutants.push((format!("the look-up {} takes what does not satisfy `such`", look_up.name), mutant));
            }
            for (what, changed) in conditions(such) {
                let mut mutant = rule.clone();
                mutant.look_ups[index].such = Some(changed);
                mutants.push((format!("in the look-up {}, {what}", look_up.name), mutant));
            }
        }
        if !look_up.except.is_empty() {
            let mut mutant = rule.clone();
            mutant.look_ups[index].except.clear();
            mutants.push((format!("the look-up {} has no exception", look_up.name), mutant));
        }
    }
}
