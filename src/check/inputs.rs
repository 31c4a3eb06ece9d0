//! What a program reads of an object while the pass goes by: two objects that agree in these have the same judgment.

use std::collections::BTreeMap;

use super::compile::{
    Base, CompiledBound, CompiledKind, CompiledOperator, CompiledPath, CompiledTest, Expr, Operand, Program, Signature,
};

/// What is read of a property.
#[derive(Clone, Debug)]
pub enum Input {
    /// The text of a slot as it stands.
    Value(usize),
    /// Of a list that the pass takes apart: what its elements have under the names wanted.
    Rows(usize),
    /// The filtered texts of a path.
    Texts(CompiledPath),
    /// The answer of a test that looks at nothing else.
    Test(CompiledPath, CompiledTest),
}

impl Input {
    /// Whether both are the same for every object.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(slot), Self::Value(other)) | (Self::Rows(slot), Self::Rows(other)) => slot == other,
            (Self::Texts(path), Self::Texts(other)) => same_place(path, other),
            (Self::Test(path, test), Self::Test(other_path, other_test)) => {
                same_place(path, other_path) && test == other_test
            }
            _ => false,
        }
    }
}

/// Whether two paths lead to the same; what is missing if it was not collected is each rule's own affair.
fn same_place(path: &CompiledPath, other: &CompiledPath) -> bool {
    path.base == other.base && path.slot == other.slot && path.rest == other.rest && path.filters == other.filters
}

/// How a program reads a property.
#[derive(Clone, Debug)]
pub struct Read {
    /// All that it could see of it.
    pub whole: Input,
    /// All that it does see of it, where that is less.
    pub parts: Option<Vec<Input>>,
}

/// Everything that the pass may look at for a program; nothing if the judgment is not all that it takes from an object.
/// `is_taken_apart` says of which slots the lists are.
pub fn reads(program: &Program, is_taken_apart: &dyn Fn(usize) -> bool) -> Option<Vec<Read>> {
    let mut collector = Collector { is_taken_apart, reads: BTreeMap::new() };
    for check in &program.checks {
        if let Some(each) = &check.each {
            collector.list(each);
        }
        match &check.kind {
            CompiledKind::Match(expr) => collector.expr(expr),
            CompiledKind::Conflict { set, condition } => {
                collector.path(set);
                condition.iter().for_each(|condition| collector.expr(condition));
            }
            CompiledKind::Requires { set, lost, condition } => {
                collector.path(set);
                lost.iter().for_each(|lost| collector.path(lost));
                condition.iter().for_each(|condition| collector.expr(condition));
            }
            CompiledKind::Threshold { left, right, condition } => {
                for operand in left.iter().chain(right) {
                    if let Operand::Path(path) = operand {
                        collector.path(path);
                    }
                }
                condition.iter().for_each(|condition| collector.expr(condition));
            }
        }
    }
    for part in &program.signature {
        match part {
            Signature::Truth(expr) => collector.expr(expr),
            Signature::Check(_) | Signature::Items(..) => {} // of the checks above
            Signature::Texts(path) => collector.part(path, Input::Texts(path.clone())),
            Signature::Whole(slot) => collector.whole(*slot),
            Signature::Linked(_) => return None,
        }
    }
    Some(collector.reads.into_values().collect())
}

struct Collector<'a> {
    is_taken_apart: &'a dyn Fn(usize) -> bool,
    reads: BTreeMap<usize, Read>,
}

impl Collector<'_> {
    fn whole(&mut self, slot: usize) {
        self.reads.insert(slot, Read { whole: Input::Value(slot), parts: None });
    }

    /// What a value is made of, and what says that a list is not whole.
    fn beside(&mut self, path: &CompiledPath) {
        if path.base == Base::Object {
            path.made_of.iter().for_each(|(slot, _)| self.whole(*slot));
            path.cut.iter().for_each(|link| self.whole(*link));
        }
    }

    fn path(&mut self, path: &CompiledPath) {
        self.beside(path);
        // What is not the object's own (an element, a look-up) the pass either has from a list that counts, or does not see.
        if path.base == Base::Object {
            self.whole(path.slot);
        }
    }

    fn part(&mut self, path: &CompiledPath, input: Input) {
        if path.base != Base::Object {
            return;
        }
        self.beside(path);
        let slot = path.slot;
        let read = self.reads.entry(slot).or_insert(Read { whole: Input::Value(slot), parts: Some(Vec::new()) });
        if let Input::Rows(_) = read.whole {
            self.whole(slot); // read as a list, and also otherwise
        } else if let Some(parts) = &mut read.parts
            && !parts.iter().any(|known| known.is_same(&input))
        {
            parts.push(input);
        }
    }

    /// A list of which nothing but the elements counts.
    fn list(&mut self, path: &CompiledPath) {
        self.beside(path);
        let is_rows =
            path.base == Base::Object && path.rest.is_empty() && !path.computed && (self.is_taken_apart)(path.slot);
        match self.reads.get(&path.slot) {
            Some(Read { whole: Input::Rows(_), .. }) if is_rows => {}
            None if is_rows => {
                self.reads.insert(path.slot, Read { whole: Input::Rows(path.slot), parts: None });
            }
            _ => self.path(path),
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Not(inner) => self.expr(inner),
            Expr::Found(..) => {} // pending in the pass; what it is looked up by is in the signature
            Expr::Value(path, test) => {
                let by_elements = |operator: &CompiledOperator| {
                    matches!(operator, CompiledOperator::Any(_) | CompiledOperator::All(_) | CompiledOperator::Empty(_))
                };
                let is_list = (self.is_taken_apart)(path.slot) && path.base == Base::Object;
                if is_list && path.filters.is_empty() && test.operators.iter().all(by_elements) {
                    self.list(path);
                } else if !path.computed && is_self_contained(test) {
                    self.part(path, Input::Test(path.clone(), test.clone()));
                } else {
                    self.path(path);
                }
                test.paths(&mut |path| self.path(path));
            }
        }
    }
}

/// Whether a test looks at nothing but its value.
fn is_self_contained(test: &CompiledTest) -> bool {
    test.operators.iter().all(|operator| {
        matches!(
            operator,
            CompiledOperator::OneOf(_)
                | CompiledOperator::Not(_)
                | CompiledOperator::Empty(_)
                | CompiledOperator::Matches(_)
                | CompiledOperator::InTable { .. }
                | CompiledOperator::Above(CompiledBound::Number(_))
                | CompiledOperator::Below(CompiledBound::Number(_))
        )
    })
}
