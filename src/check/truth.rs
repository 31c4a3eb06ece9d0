//! Three answers, and a fourth for what the pass over a dump cannot know yet.

use std::ops::Not;

use super::compile::{Base, CompiledBound, CompiledOperator, CompiledPath, CompiledTest, Expr, Needs};
use super::scope::{Element, Found, Scope, Subject};
use super::value::{Value, texts};
use crate::json::Raw;
use crate::pack::model::{Filter, Scalar};
use crate::tenant::as_of;

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Yes.
    True,
    /// No.
    False,
    /// It cannot be told: this is missing.
    Unknown(Needs),
    /// It depends on what the pass has not seen yet.
    Pending,
}

impl Truth {
    fn from(answer: bool) -> Self {
        if answer { Self::True } else { Self::False }
    }

    /// Kleene's and over all answers; it stops at the first no.
    pub fn all(answers: impl Iterator<Item = Self>) -> Self {
        let mut result = Self::True;
        for answer in answers {
            result = match (result, answer) {
                (_, Self::False) => return Self::False,
                (Self::Pending, _) | (_, Self::Pending) => Self::Pending,
                (Self::Unknown(one), Self::Unknown(other)) => Self::Unknown(one | other),
                (Self::Unknown(needs), _) | (_, Self::Unknown(needs)) => Self::Unknown(needs),
                _ => result,
            };
        }
        result
    }

    /// Kleene's or over all answers; it stops at the first yes.
    pub fn any(answers: impl Iterator<Item = Self>) -> Self {
        !Self::all(answers.map(Self::not))
    }
}

impl Not for Truth {
    type Output = Self;

    /// Kleene's not.
    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            other => other,
        }
    }
}

/// The answer of a condition.
pub fn truth(expr: &Expr, scope: &Scope<'_>) -> Truth {
    match expr {
        Expr::And(parts) => Truth::all(parts.iter().map(|part| truth(part, scope))),
        Expr::Or(parts) => Truth::any(parts.iter().map(|part| truth(part, scope))),
        Expr::Not(inner) => !truth(inner, scope),
        Expr::Found(base, wanted, need) => match scope.found(*base) {
            Found::Pending => Truth::Pending,
            Found::Unknown(needs) => Truth::Unknown(needs | need),
            Found::Object(_) => Truth::from(*wanted),
            Found::Nothing => Truth::from(!*wanted),
            Found::NotAsked => Truth::False,
        },
        Expr::Value(path, test) => test_of(path, test, scope, None),
    }
}

/// The answer of a test of a path; `element` is the element that `any` or `all` is at.
pub fn test_of(path: &CompiledPath, test: &CompiledTest, scope: &Scope<'_>, element: Option<Element<'_>>) -> Truth {
    let ask = || answer_of(path, test, scope, element);
    let (Some(question), Subject::Passing(passing)) = (test.question, scope.subject) else { return ask() };
    match (path.base, if path.base == Base::Item { scope.item } else { element }) {
        (Base::Object, _) => passing.answer(question, ask),
        (_, Some(Element::Taken(taken))) => passing.cell(question, taken.place(), ask),
        _ => ask(),
    }
}

fn answer_of(path: &CompiledPath, test: &CompiledTest, scope: &Scope<'_>, element: Option<Element<'_>>) -> Truth {
    if let Subject::Passing(passing) = scope.subject {
        // What would be compared is not known yet: the value need not be looked at.
        if let [CompiledOperator::SameAs(other)] = test.operators.as_slice()
            && !matches!(other.base, Base::Object | Base::Item | Base::Element)
        {
            return Truth::Pending;
        }
        // Of a list nothing but the elements counts.
        if let [CompiledOperator::Any(lines)] | [CompiledOperator::All(lines)] = test.operators.as_slice()
            && path.base == Base::Object
            && path.rest.is_empty()
            && let Some(list) = passing.list(path.slot)
        {
            let answers = list.elements().map(|taken| matches(lines, scope, Element::Taken(taken)));
            let is_any = matches!(test.operators.as_slice(), [CompiledOperator::Any(_)]);
            let answer = if is_any { Truth::any(answers) } else { Truth::all(answers) };
            return whole(&test.operators[0], answer, path, scope);
        }
    }
    if let Some(raw) = scope.at_hand(path, element) {
        return match test.operators.as_slice() {
            [operator] => holds(operator, raw, path, test.cased, scope),
            operators => Truth::all(operators.iter().map(|operator| holds(operator, raw, path, test.cased, scope))),
        };
    }
    let value = scope.value(path, element);
    match value {
        Value::Pending => Truth::Pending,
        Value::Unknown(needs) => Truth::Unknown(needs),
        Value::Absent => Truth::False,
        Value::Json(json) => {
            Truth::all(test.operators.iter().map(|operator| holds(operator, Raw::new(&json), path, test.cased, scope)))
        }
    }
}

impl CompiledTest {
    /// Whether [`short_answer`] can tell.
    pub fn is_short(&self) -> bool {
        use CompiledOperator::{Empty, Not, OneOf};
        matches!(self.operators.as_slice(), [OneOf(_) | Not(_) | Empty(_)])
    }
}

/// The answer of a test that is one comparison with what stands in the rule.
#[inline]
pub fn short_answer(test: &CompiledTest, value: Option<Raw<'_>>) -> Truth {
    let Some(value) = value else { return Truth::Unknown(0) };
    let is_one = |scalars: &[Scalar]| match scalars {
        [scalar] if !value.is_list() => equal(scalar, value, test.cased),
        scalars => value.items().any(|item| scalars.iter().any(|scalar| equal(scalar, item, test.cased))),
    };
    match test.operators.as_slice() {
        [CompiledOperator::OneOf(scalars)] => Truth::from(is_one(scalars)),
        [CompiledOperator::Not(scalars)] => Truth::from(!is_one(scalars)),
        [CompiledOperator::Empty(wanted)] => Truth::from(value.is_empty() == *wanted),
        _ => Truth::Unknown(0),
    }
}

#[inline]
fn holds(operator: &CompiledOperator, value: Raw<'_>, path: &CompiledPath, cased: bool, scope: &Scope<'_>) -> Truth {
    whole(operator, answer(operator, value, path, cased, scope), path, scope)
}

/// The answer of an operator, unless it is about a list that is not whole.
#[inline]
fn whole(operator: &CompiledOperator, answer: Truth, path: &CompiledPath, scope: &Scope<'_>) -> Truth {
    if path.cut.is_none() {
        return answer;
    }
    // An element that is not there may be the one that counts.
    use CompiledOperator::{All, Any, Empty, InTable, Matches, Not, OneOf, SameAs};
    let may_turn = match operator {
        OneOf(_) | Matches(_) | SameAs(_) | Any(_) | Empty(false) | InTable { there: true, .. } => {
            answer == Truth::False
        }
        Not(_) | All(_) | Empty(true) | InTable { there: false, .. } => answer == Truth::True,
        CompiledOperator::Above(_) | CompiledOperator::Below(_) => false,
    };
    if may_turn && scope.is_cut(path) { Truth::Unknown(path.need) } else { answer }
}

#[inline]
fn answer(operator: &CompiledOperator, value: Raw<'_>, path: &CompiledPath, cased: bool, scope: &Scope<'_>) -> Truth {
    match operator {
        CompiledOperator::OneOf(values) => Truth::from(one_of(values, value, path, cased)),
        CompiledOperator::Not(values) => Truth::from(!one_of(values, value, path, cased)),
        CompiledOperator::Empty(wanted) => {
            let is_empty = match (path.filters.as_slice(), value.plain()) {
                ([], _) => value.is_empty(),
                ([Filter::Domain], Some(text)) => memchr::memrchr(b'@', text).is_none_or(|at| at + 1 == text.len()),
                _ => texts(value.bytes(), &path.filters).is_empty(),
            };
            Truth::from(is_empty == *wanted)
        }
        CompiledOperator::Matches(matcher) => {
            if path.filters.is_empty() {
                return Truth::from(value.items().any(|item| !item.is_empty() && matcher.is_in(item)));
            }
            Truth::from(texts(value.bytes(), &path.filters).iter().any(|text| matcher.is_match(text)))
        }
        CompiledOperator::SameAs(other) => match scope.value(other, None) {
            Value::Pending => Truth::Pending,
            Value::Unknown(needs) => Truth::Unknown(needs),
            Value::Absent => Truth::False,
            Value::Json(json) => {
                if let ([], [], Some(ours), Some(theirs)) =
                    (path.filters.as_slice(), other.filters.as_slice(), value.plain(), Raw::new(&json).plain())
                {
                    let is_same = if cased { ours == theirs } else { ours.eq_ignore_ascii_case(theirs) };
                    return Truth::from(is_same && !ours.is_empty());
                }
                let theirs = texts(&json, &other.filters);
                let ours = texts(value.bytes(), &path.filters);
                Truth::from(ours.iter().any(|one| theirs.iter().any(|other| same(one, other, cased))))
            }
        },
        CompiledOperator::Above(bound) => compare(value, bound, std::cmp::Ordering::Greater, scope),
        CompiledOperator::Below(bound) => compare(value, bound, std::cmp::Ordering::Less, scope),
        CompiledOperator::InTable { table, column, rows, there } => {
            let table = scope.tables.table(table);
            let is_in = |text: &String| table.is_some_and(|table| table.contains(column, text, rows.as_ref()));
            Truth::from(texts(value.bytes(), &path.filters).iter().any(is_in) == *there)
        }
        CompiledOperator::Any(lines) => {
            elements(value, path, scope, |element| matches(lines, scope, element), |answers| Truth::any(answers))
        }
        CompiledOperator::All(lines) => {
            elements(value, path, scope, |element| matches(lines, scope, element), |answers| Truth::all(answers))
        }
    }
}

fn matches(lines: &[(CompiledPath, CompiledTest)], scope: &Scope<'_>, element: Element<'_>) -> Truth {
    Truth::all(lines.iter().map(|(path, test)| test_of(path, test, scope, Some(element))))
}

/// Goes through a list: as the pass took it apart, or as it stands.
fn elements(
    value: Raw<'_>,
    path: &CompiledPath,
    scope: &Scope<'_>,
    answer: impl Fn(Element<'_>) -> Truth,
    combine: fn(&mut dyn Iterator<Item = Truth>) -> Truth,
) -> Truth {
    // Only a list of the object itself is taken apart in the pass, not one inside it or inside an element.
    if let Subject::Passing(passing) = scope.subject
        && path.base == Base::Object
        && path.rest.is_empty()
        && let Some(list) = passing.list(path.slot)
    {
        return combine(&mut list.elements().map(|element| answer(Element::Taken(element))));
    }
    combine(&mut value.items().map(|item| answer(Element::Raw(item))))
}

#[inline]
fn one_of(values: &[Scalar], value: Raw<'_>, path: &CompiledPath, cased: bool) -> bool {
    if path.filters.is_empty() && !value.is_list() {
        return match values {
            [scalar] => equal(scalar, value, cased),
            values => values.iter().any(|scalar| equal(scalar, value, cased)),
        };
    }
    if path.filters.is_empty() {
        return value.items().any(|item| values.iter().any(|scalar| equal(scalar, item, cased)));
    }
    let texts = texts(value.bytes(), &path.filters);
    texts
        .iter()
        .any(|text| values.iter().any(|scalar| matches!(scalar, Scalar::Text(wanted) if same(wanted, text, cased))))
}

#[inline]
fn equal(scalar: &Scalar, value: Raw<'_>, cased: bool) -> bool {
    match scalar {
        Scalar::Text(wanted) => is_text(wanted, value, cased),
        Scalar::Flag(wanted) => value.flag() == Some(*wanted),
        Scalar::Number(wanted) => value.number() == Some(*wanted),
    }
}

/// Whether a value is a text. A letter that folds to ASCII has at least one byte, and an escape is longer than what it stands for:
/// a string that is shorter than an ASCII text is never the same, and one as long only byte by byte.
#[inline]
fn is_text(wanted: &str, value: Raw<'_>, cased: bool) -> bool {
    let [b'"', inner @ .., b'"'] = value.bytes() else { return false };
    let is_simple = wanted.is_ascii() && !wanted.contains('\\');
    if is_simple && inner.len() <= wanted.len() {
        return if cased { inner == wanted.as_bytes() } else { inner.eq_ignore_ascii_case(wanted.as_bytes()) };
    }
    // A longer one that stands there as it is has too many letters.
    !(is_simple && value.plain().is_some()) && value.text().is_some_and(|text| same(wanted, &text, cased))
}

/// Whether two texts are the same, by case folding unless told otherwise.
pub fn same(one: &str, other: &str, cased: bool) -> bool {
    if cased {
        one == other
    } else if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        one.to_lowercase() == other.to_lowercase()
    }
}

fn compare(value: Raw<'_>, bound: &CompiledBound, wanted: std::cmp::Ordering, scope: &Scope<'_>) -> Truth {
    let number =
        |bound: f64| Truth::from(value.number().is_some_and(|number| number.partial_cmp(&bound) == Some(wanted)));
    match bound {
        CompiledBound::Number(bound) => number(*bound),
        CompiledBound::Path(path) => match scope.value(path, None) {
            Value::Pending => Truth::Pending,
            Value::Unknown(needs) => Truth::Unknown(needs),
            Value::Absent => Truth::False,
            Value::Json(json) => {
                let bound = Raw::new(&json);
                let date = |raw: Raw<'_>| raw.text().and_then(|text| as_of::timestamp(&text));
                match (bound.number(), date(value).zip(date(bound))) {
                    (Some(bound), _) => number(bound),
                    (None, Some((date, bound))) => Truth::from(date.cmp(&bound) == wanted),
                    (None, None) if value.is_empty() || bound.is_empty() => Truth::False,
                    (None, None) => Truth::Unknown(0),
                }
            }
        },
        CompiledBound::Days(days) => {
            let Some(world) = scope.world else { return Truth::Pending };
            let Some(text) = value.text() else {
                return if value.is_empty() { Truth::False } else { Truth::Unknown(0) };
            };
            let Some(date) = as_of::timestamp(&text) else {
                // A date that is written in a way nobody knows is not known; no date is neither old nor new.
                return if as_of::is_no_date(&text) { Truth::False } else { Truth::Unknown(0) };
            };
            let Some(as_of) = world.tenant.as_of() else { return Truth::Unknown(0) };
            let limit = as_of.value.as_second().saturating_add(days.saturating_mul(86_400));
            let holds = date.as_second().cmp(&limit) == wanted;
            // The export is at least as new as its as-of date: what is older than a limit then is older now, but what was
            // newer may have passed it since.
            let is_sound = as_of.is_exact || holds == (wanted == std::cmp::Ordering::Less);
            if is_sound { Truth::from(holds) } else { Truth::Unknown(0) }
        }
    }
}

#[cfg(test)]
mod tests;
