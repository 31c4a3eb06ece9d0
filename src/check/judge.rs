//! A rule's answer for one object.

use hashbrown::HashSet;

use super::compile::{Base, CompiledCheck, CompiledKind, CompiledPath, CompiledRule, Needs, Operand, Program};
use super::scope::{Element, Found, Scope, Subject};
use super::truth::{Truth, truth};
use super::value::{Value, texts};
use crate::json::Raw;
use crate::pack::model::{CheckKind, Comparison, Confidence, Grades, Severity};
use crate::pack::tables::{Cell, Table};
use crate::tenant::schema::Collection;

/// A rule's answer for one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgment {
    /// The rule is not about this object: a request for another operation, or about somebody who is not there.
    NotAsked,
    /// Nothing is wrong.
    Clear,
    /// Something is wrong: the index of the check that caught it, and the earlier checks that could not decide.
    Found {
        /// The check's index in the rule.
        check: usize,
        /// A bit for each earlier check that could not decide.
        could_be: u64,
        /// What they lacked.
        needs: Needs,
    },
    /// It cannot be told.
    Unknown {
        /// A bit for each check that could not decide.
        checks: u64,
        /// What was missing.
        needs: Needs,
    },
    /// It depends on what the pass has not seen yet.
    Pending,
}

/// One thing that a check caught on an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The element of `each`, by its index.
    pub item: Option<usize>,
    /// What the check provides for texts: member, other, needs.
    pub values: Vec<(&'static str, Vec<String>)>,
    /// The severity and confidence, where the table gives them.
    pub grade: Option<(Severity, Confidence)>,
}

/// The answer of a program for one object.
pub fn judge(rule: &CompiledRule<'_>, program: &Program, scope: &Scope<'_>) -> Judgment {
    let operation = operation(program, scope);
    let (mut checks, mut needs, mut pending, mut asked) = (0u64, 0, false, false);
    for check in &program.checks {
        if !is_asked(check, operation.as_deref(), scope) {
            continue;
        }
        asked = true;
        match answer(rule, check, scope) {
            Truth::True if pending => return Judgment::Pending,
            Truth::True => return Judgment::Found { check: check.index, could_be: checks, needs },
            Truth::False => {}
            Truth::Unknown(missing) => {
                checks |= 1 << check.index.min(63);
                needs |= missing;
            }
            Truth::Pending => pending = true,
        }
    }
    match (asked, pending, checks) {
        (false, ..) => Judgment::NotAsked,
        (true, true, _) => Judgment::Pending,
        (true, false, 0) => Judgment::Clear,
        _ => Judgment::Unknown { checks, needs },
    }
}

/// The operation of a request.
fn operation(program: &Program, scope: &Scope<'_>) -> Option<String> {
    match scope.subject {
        Subject::Object(object) if program.collection == Collection::Requests => object.text("operation"),
        _ => None,
    }
}

/// Whether somebody asks a check about this object: a check of one operation is not about requests for another, and nobody
/// can be asked about who is not there, or about another tenant whose dump was not given.
fn is_asked(check: &CompiledCheck, operation: Option<&str>, scope: &Scope<'_>) -> bool {
    if !check.operations.is_empty()
        && !operation.is_some_and(|asked| check.operations.iter().any(|known| known == asked))
    {
        return false;
    }
    check.bases.iter().all(|base| match base {
        Base::Actor | Base::Target => !matches!(scope.found(*base), Found::Nothing),
        Base::Licensee => !matches!(scope.found(*base), Found::Nothing) || scope.is_for_newcomer(),
        Base::LookUp(_) => !scope.is_not_asked(*base),
        _ => true,
    })
}

/// The answer of a check.
pub fn answer(rule: &CompiledRule<'_>, check: &CompiledCheck, scope: &Scope<'_>) -> Truth {
    match (check.question, scope.subject) {
        (Some(question), Subject::Passing(passing)) => passing.answer(question, || answer_of(rule, check, scope)),
        _ => answer_of(rule, check, scope),
    }
}

fn answer_of(rule: &CompiledRule<'_>, check: &CompiledCheck, scope: &Scope<'_>) -> Truth {
    let Some(each) = &check.each else { return answer_once(rule, check, scope) };
    let any = &mut |items: &mut dyn Iterator<Item = Element<'_>>| {
        Truth::any(items.map(|item| answer_once(rule, check, &scope.with_item(item))))
    };
    let answer = over_items(each, scope, any);
    if answer == Truth::False && scope.is_cut(each) { Truth::Unknown(each.need) } else { answer }
}

/// Goes through the list of `each`.
pub(super) fn over_items(
    each: &CompiledPath,
    scope: &Scope<'_>,
    go: &mut dyn FnMut(&mut dyn Iterator<Item = Element<'_>>) -> Truth,
) -> Truth {
    if let Subject::Passing(passing) = scope.subject
        && each.base == Base::Object
        && each.rest.is_empty()
        && let Some(list) = passing.list(each.slot)
    {
        return go(&mut list.elements().map(Element::Taken));
    }
    match scope.value(each, None) {
        Value::Pending => Truth::Pending,
        Value::Unknown(needs) => Truth::Unknown(needs),
        Value::Absent => Truth::False,
        Value::Json(json) => go(&mut Raw::new(&json).items().map(Element::Raw)),
    }
}

fn answer_once(rule: &CompiledRule<'_>, check: &CompiledCheck, scope: &Scope<'_>) -> Truth {
    let with = |condition: &Option<_>, answer: Truth| match condition {
        Some(condition) => Truth::all([truth(condition, scope), answer].into_iter()),
        None => answer,
    };
    match &check.kind {
        CompiledKind::Match(condition) => truth(condition, scope),
        CompiledKind::Threshold { left, right, condition } => {
            with(condition, threshold(rule, check, left, right, scope))
        }
        CompiledKind::Conflict { condition, .. } | CompiledKind::Requires { condition, .. } => {
            let answer = match set_hits(rule, check, scope) {
                Ok(hits) => {
                    if hits.is_empty() {
                        Truth::False
                    } else {
                        Truth::True
                    }
                }
                Err(answer) => answer,
            };
            with(condition, answer)
        }
    }
}

fn threshold(
    rule: &CompiledRule<'_>,
    check: &CompiledCheck,
    left: &[Operand],
    right: &[Operand],
    scope: &Scope<'_>,
) -> Truth {
    let CheckKind::Threshold(threshold) = &rule.rule.checks[check.index].kind else { return Truth::False };
    let (left, right) = match (sum(left, scope), sum(right, scope)) {
        (Ok(left), Ok(right)) => (left, right),
        (Err(one), Err(other)) => return Truth::all([one, other].into_iter()),
        (Err(answer), _) | (_, Err(answer)) => return answer,
    };
    let holds = match threshold.op {
        Comparison::Below => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Equal => (left - right).abs() < f64::EPSILON,
        Comparison::AtLeast => left >= right,
        Comparison::Above => left > right,
    };
    if holds { Truth::True } else { Truth::False }
}

fn sum(operands: &[Operand], scope: &Scope<'_>) -> Result<f64, Truth> {
    let mut sum = 0.0;
    let mut missing = Truth::True;
    for operand in operands {
        let answer = match operand {
            Operand::Number(number) => {
                sum += number;
                continue;
            }
            Operand::Path(path) => match scope.value(path, None) {
                Value::Pending => Truth::Pending,
                Value::Unknown(needs) => Truth::Unknown(needs),
                Value::Absent => Truth::False,
                Value::Json(json) => match Raw::new(&json).number() {
                    Some(number) => {
                        sum += number;
                        continue;
                    }
                    None => Truth::Unknown(path.need),
                },
            },
        };
        missing = Truth::all([missing, answer].into_iter());
    }
    if missing == Truth::True { Ok(sum) } else { Err(missing) }
}

/// What a `conflict` or `requires` check catches in the set of an object.
fn set_hits(rule: &CompiledRule<'_>, check: &CompiledCheck, scope: &Scope<'_>) -> Result<Vec<Hit>, Truth> {
    let (path, lost, gained) = match &check.kind {
        CompiledKind::Conflict { set, gained, .. } => (set, None, gained.as_ref()),
        CompiledKind::Requires { set, lost, gained, .. } => (set, lost.as_ref(), gained.as_ref()),
        _ => return Ok(Vec::new()),
    };
    let is_conflict = matches!(check.kind, CompiledKind::Conflict { .. });
    let (set, known) = match known_texts(path, scope) {
        Ok(set) => (set, None),
        Err(answer @ Truth::Unknown(_)) if is_conflict => (at_least(path, scope).ok_or(answer)?, Some(answer)),
        Err(answer) => return Err(answer),
    };
    let members = |path: Option<&CompiledPath>| -> Result<Option<Members>, Truth> {
        path.map(|path| known_texts(path, scope).map(Members::new)).transpose()
    };
    let (set, lost, gained) = (Members::new(set), members(lost)?, members(gained)?);
    let Some(world) = scope.world else { return Err(Truth::Pending) };
    let (CheckKind::Conflict(model) | CheckKind::Requires(model)) = &rule.rule.checks[check.index].kind else {
        return Ok(Vec::new());
    };
    let Some(table) = world.tables.table(&model.table) else { return Ok(Vec::new()) };
    let hits = match &check.kind {
        CompiledKind::Conflict { .. } => conflicts(table, &model.grades, &set, gained.as_ref()),
        _ => requirements(table, &model.grades, &set, lost.as_ref(), gained.as_ref()),
    };
    match known {
        // A SKU that no table knows never hides a conflict among the known ones, and never proves that there is none.
        Some(unknown) if hits.is_empty() => Err(unknown),
        _ => Ok(hits),
    }
}

fn known_texts(path: &CompiledPath, scope: &Scope<'_>) -> Result<Vec<String>, Truth> {
    match scope.value(path, None) {
        Value::Pending => Err(Truth::Pending),
        Value::Unknown(needs) => Err(Truth::Unknown(needs)),
        Value::Absent => Err(Truth::False),
        Value::Json(json) => Ok(texts(&json, &path.filters)),
    }
}

/// The plans of the licenses that are known, where not all are.
fn at_least(path: &CompiledPath, scope: &Scope<'_>) -> Option<Vec<String>> {
    if path.name != "enabledPlans" {
        return None;
    }
    let Found::Object(user) = scope.found(path.base) else { return None };
    let licenses = crate::tenant::entitlements::licenses(user.get("assignedLicenses")?)?;
    Some(scope.world?.enabled_at_least(&licenses).into_iter().collect())
}

/// The members of a set, found without ASCII case.
struct Members(HashSet<String>);

impl Members {
    fn new(texts: Vec<String>) -> Self {
        let lower = |mut text: String| {
            text.make_ascii_lowercase();
            text
        };
        Self(texts.into_iter().map(lower).collect())
    }

    fn holds(&self, member: &str) -> bool {
        self.0.contains(member)
            || member.bytes().any(|byte| byte.is_ascii_uppercase()) && self.0.contains(&member.to_ascii_lowercase())
    }
}

fn grade(table: &Table, row: usize, grades: &Grades) -> Option<(Severity, Confidence)> {
    let value = match table.cell(row, &grades.column) {
        Cell::Flag(flag) => flag.to_string(),
        cell => cell.text().to_owned(),
    };
    grades.values.get(&value).copied().flatten()
}

/// The pairs that exclude each other, of which one at least was gained, where that is asked for.
fn conflicts(table: &Table, grades: &Grades, set: &Members, gained: Option<&Members>) -> Vec<Hit> {
    let is_new = |plan: &str| gained.is_none_or(|gained| gained.holds(plan));
    let mut decided: Vec<(&str, &str)> = Vec::new();
    let mut hits = Vec::new();
    for row in 0..table.rows().len() {
        let members: Vec<&str> =
            table.cell(row, "plans").texts().iter().map(|plan| &**plan).filter(|plan| set.holds(plan)).collect();
        for (index, member) in members.iter().enumerate() {
            for other in &members[index + 1..] {
                let pair = if member < other { (*member, *other) } else { (*other, *member) };
                if decided.contains(&pair) || !is_new(pair.0) && !is_new(pair.1) {
                    continue;
                }
                decided.push(pair);
                if let Some(grade) = grade(table, row, grades) {
                    let values = vec![("member", vec![pair.0.to_owned()]), ("other", vec![pair.1.to_owned()])];
                    hits.push(Hit { item: None, values, grade: Some(grade) });
                }
            }
        }
    }
    hits
}

/// The members that lack what they need: where that is asked for, those that were gained, or that lost it.
fn requirements(
    table: &Table,
    grades: &Grades,
    set: &Members,
    lost: Option<&Members>,
    gained: Option<&Members>,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    for row in 0..table.rows().len() {
        let plan = table.cell(row, "plan").text();
        if !set.holds(plan) {
            continue;
        }
        let needs = table.cell(row, "needs").texts();
        let is_missing = !needs.iter().any(|need| set.holds(need));
        let is_due = lost.is_none() && gained.is_none()
            || lost.is_some_and(|lost| needs.iter().any(|need| lost.holds(need)))
            || gained.is_some_and(|gained| gained.holds(plan));
        if is_missing
            && is_due
            && let Some(grade) = grade(table, row, grades)
        {
            let needs = needs.iter().map(|plan| plan.to_string()).collect();
            let values = vec![("member", vec![plan.to_owned()]), ("needs", needs)];
            hits.push(Hit { item: None, values, grade: Some(grade) });
        }
    }
    hits
}

/// Everything that a check catches on an object that it caught.
pub fn hits(rule: &CompiledRule<'_>, check: &CompiledCheck, scope: &Scope<'_>) -> Vec<Hit> {
    let plain = Hit { item: None, values: Vec::new(), grade: None };
    let Some(each) = &check.each else {
        return match &check.kind {
            CompiledKind::Conflict { .. } | CompiledKind::Requires { .. } => {
                set_hits(rule, check, scope).unwrap_or_default()
            }
            _ => vec![plain],
        };
    };
    let Value::Json(json) = scope.value(each, None) else { return Vec::new() };
    let items = Raw::new(&json).items().map(Element::Raw).enumerate();
    items
        .filter(|(_, item)| answer_once(rule, check, &scope.with_item(*item)) == Truth::True)
        .map(|(index, _)| Hit { item: Some(index), ..plain.clone() })
        .collect()
}
