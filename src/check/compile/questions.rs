//! The questions that rules ask of every object in the pass, each once for all rules.
//!
//! Rules ask the same ("is it a guest?"), and most conditions are decided by a few such answers. An answer is also the least that an
//! object can differ in: two users with other names, neither of them empty, are one to a rule that asks whether the name is empty.

use super::types::{Base, CompiledCheck, CompiledKind, CompiledOperator, CompiledPath, CompiledTest, Expr};
use super::{Slots, is_streamed};
use crate::tenant::schema::Collection;

/// A question that an object answers, whatever stands elsewhere and whatever the date.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// A test of the object.
    Test(CompiledPath, CompiledTest),
    /// A test of each element of a list that is taken apart, by the list's slot.
    Cells(usize, CompiledPath, CompiledTest),
    /// A whole check: the rule, by its place among those that are compiled, and the check, by its place in the program.
    Check(usize, usize),
}

/// Gives the questions of a check their places.
pub(super) struct Asking<'a> {
    pub(super) collection: Collection,
    pub(super) slots: &'a mut Slots,
}

impl Asking<'_> {
    /// Looks for the questions of a check; `place` is its own, among all.
    pub(super) fn check(&mut self, check: &mut CompiledCheck, place: (usize, usize)) {
        if !is_streamed(self.collection) {
            return;
        }
        let each = check.each.clone();
        if let (Some(each), CompiledKind::Match(expr)) = (&each, &check.kind)
            && is_own(each)
            && !self.is_taken_apart(each)
            && is_answered_by(expr, true)
        {
            check.question = self.place(Question::Check(place.0, place.1));
            return;
        }
        match &mut check.kind {
            CompiledKind::Match(expr) => self.expr(expr, each.as_ref()),
            CompiledKind::Conflict { condition, .. }
            | CompiledKind::Requires { condition, .. }
            | CompiledKind::Threshold { condition, .. } => {
                condition.iter_mut().for_each(|condition| self.expr(condition, each.as_ref()));
            }
        }
    }

    fn expr(&mut self, expr: &mut Expr, each: Option<&CompiledPath>) {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => parts.iter_mut().for_each(|part| self.expr(part, each)),
            Expr::Not(inner) => self.expr(inner, each),
            Expr::Found(..) => {}
            Expr::Value(path, test) => self.test(path, test, each),
        }
    }

    fn test(&mut self, path: &CompiledPath, test: &mut CompiledTest, each: Option<&CompiledPath>) {
        if is_own(path) && test.is_answered_by(false) {
            test.question = self.place(Question::Test(path.clone(), test.clone()));
        } else if path.base == Base::Item && test.is_answered_by(true) {
            test.question = each.and_then(|each| self.cells(each, path, test));
        } else {
            let lists = test.operators.iter_mut().filter_map(|operator| match operator {
                CompiledOperator::Any(lines) | CompiledOperator::All(lines) => Some(lines),
                _ => None,
            });
            for (inner, test) in lists.flatten() {
                if inner.base == Base::Element && test.is_answered_by(false) {
                    test.question = self.cells(path, inner, test);
                }
            }
        }
    }

    fn cells(&mut self, list: &CompiledPath, path: &CompiledPath, test: &CompiledTest) -> Option<usize> {
        let is_read = is_own(list) && self.is_taken_apart(list) && path.slot != usize::MAX;
        is_read.then(|| Question::Cells(list.slot, path.clone(), test.clone())).and_then(|cells| self.place(cells))
    }

    fn is_taken_apart(&self, list: &CompiledPath) -> bool {
        let lists = &self.slots.lists[self.collection as usize];
        list.rest.is_empty() && lists.iter().any(|(slot, _)| *slot == list.slot)
    }

    fn place(&mut self, question: Question) -> Option<usize> {
        let questions = &mut self.slots.questions[self.collection as usize];
        let is_same = |known: &Question| match (known, &question) {
            (Question::Test(path, test), Question::Test(other, wanted)) => {
                path.is_same_place(other) && test.is_same(wanted)
            }
            (Question::Cells(list, path, test), Question::Cells(in_list, other, wanted)) => {
                list == in_list && path.is_same_place(other) && test.is_same(wanted)
            }
            _ => false,
        };
        Some(questions.iter().position(is_same).unwrap_or_else(|| {
            questions.push(question);
            questions.len() - 1
        }))
    }
}

/// Whether a path is of the object, and can be read in the pass.
fn is_own(path: &CompiledPath) -> bool {
    path.base == Base::Object && (!path.computed || path.made_of.is_some())
}

/// Whether an object answers a condition; or (`of_item`) the element of its list.
fn is_answered_by(expr: &Expr, of_item: bool) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().all(|part| is_answered_by(part, of_item)),
        Expr::Not(inner) => is_answered_by(inner, of_item),
        Expr::Found(..) => false,
        Expr::Value(path, test) => (is_own(path) || of_item && path.base == Base::Item) && test.is_answered_by(of_item),
    }
}

impl CompiledTest {
    /// Whether nothing but the object answers it; or (`of_item`) the element of its list as well.
    fn is_answered_by(&self, of_item: bool) -> bool {
        use super::CompiledBound::{Days, Number, Path};
        let is_at_hand = |path: &CompiledPath| is_own(path) || of_item && path.base == Base::Item;
        self.operators.iter().all(|operator| match operator {
            CompiledOperator::OneOf(_)
            | CompiledOperator::Not(_)
            | CompiledOperator::Empty(_)
            | CompiledOperator::Matches(_)
            | CompiledOperator::InTable { .. }
            | CompiledOperator::Above(Number(_))
            | CompiledOperator::Below(Number(_)) => true,
            CompiledOperator::Above(Days(_)) | CompiledOperator::Below(Days(_)) => false,
            CompiledOperator::SameAs(path)
            | CompiledOperator::Above(Path(path))
            | CompiledOperator::Below(Path(path)) => is_at_hand(path),
            CompiledOperator::Any(lines) | CompiledOperator::All(lines) => {
                lines.iter().all(|(path, test)| path.base == Base::Element && test.is_answered_by(of_item))
            }
        })
    }

    /// Whether it asks the same as another.
    fn is_same(&self, other: &Self) -> bool {
        self.operators == other.operators && self.cased == other.cased
    }
}
