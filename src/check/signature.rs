//! What decides an outcome that the pass over a dump cannot know yet.
//!
//! Whether a user's domain is verified depends on the domain alone, and a tenant has few domains. So a rule that looks something up,
//! or reads a computed field, is judged once for all objects that agree in the answers of its local tests and in the keys of
//! its look-ups: their *signature*.

use std::collections::BTreeSet;

use super::compile::{
    Base, CompiledBound, CompiledCheck, CompiledKind, CompiledLookUp, CompiledOperator, CompiledPath, CompiledTest,
    Elements, Expr, OfElements, Operand, Program, Signature, Slots, computed_from,
};
use super::link::Link;
use crate::tenant::schema::Collection;

/// The signature of a program.
pub fn of(program: &Program, look_ups: &[CompiledLookUp], slots: &mut Slots) -> Vec<Signature> {
    let first = slots.elements[program.collection as usize].len();
    let mut collector = Collector {
        collection: program.collection,
        look_ups,
        slots,
        each: None,
        only: Expr::And(Vec::new()),
        first,
        parts: Vec::new(),
    };
    for (index, check) in program.checks.iter().enumerate() {
        if is_local_check(check) {
            collector.parts.push(Signature::Check(index));
            continue;
        }
        collector.each.clone_from(&check.each);
        collector.only = local_part(check);
        if let Some(each) = &check.each {
            collector.each(each, check);
        }
        match &check.kind {
            CompiledKind::Match(expr) => collector.expr(expr),
            CompiledKind::Conflict { set, gained, condition } => {
                collector.path(set);
                gained.iter().for_each(|gained| collector.path(gained));
                collector.optional(condition.as_ref());
            }
            CompiledKind::Requires { set, lost, gained, condition } => {
                collector.path(set);
                lost.iter().chain(gained).for_each(|path| collector.path(path));
                collector.optional(condition.as_ref());
            }
            CompiledKind::Threshold { left, right, condition } => {
                for operand in left.iter().chain(right) {
                    if let Operand::Path(path) = operand {
                        collector.path(path);
                    }
                }
                collector.optional(condition.as_ref());
            }
        }
    }
    collector.parts
}

struct Collector<'a> {
    collection: Collection,
    look_ups: &'a [CompiledLookUp],
    slots: &'a mut Slots,
    /// The list that the check at hand goes through.
    each: Option<CompiledPath>,
    /// What the check asks of its elements first.
    only: Expr,
    /// The first of the program's own [`Slots::elements`].
    first: usize,
    parts: Vec<Signature>,
}

impl Collector<'_> {
    fn optional(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    /// Adds a part, unless it is there already.
    fn add(&mut self, part: Signature) {
        let is_same = |known: &Signature| match (known, &part) {
            (Signature::Whole(known), Signature::Whole(slot)) => known == slot,
            (Signature::Texts(known), Signature::Texts(texts)) => known == texts,
            _ => false,
        };
        if !self.parts.iter().any(is_same) {
            self.parts.push(part);
        }
    }

    /// Adds what counts of the elements, unless it is there already; then elements that count for this check count as well.
    fn elements(&mut self, what: OfElements) {
        let elements = &mut self.slots.elements[self.collection as usize];
        match elements[self.first..].iter_mut().find(|known| known.what == what) {
            Some(known) => {
                if !known.only.contains(&self.only) {
                    known.only.push(self.only.clone());
                }
            }
            None => {
                self.parts.push(Signature::Elements(elements.len()));
                elements.push(Elements { what, only: vec![self.only.clone()] });
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Not(inner) => self.expr(inner),
            Expr::Found(base, ..) => self.base(*base),
            Expr::Value(path, test) if is_local(path, test) => self.parts.push(Signature::Truth(expr.clone())),
            Expr::Value(path, test) => {
                self.path(path);
                test.paths(&mut |path| self.path(path));
            }
        }
    }

    fn base(&mut self, base: Base) {
        if let Base::LookUp(index) = base {
            let look_up = &self.look_ups[index];
            if let Some(link) = Link::of(look_up, self.each.as_ref()) {
                self.path(&link.to);
                self.elements(OfElements::Linked(Box::new(link)));
                return;
            }
            let paths: Vec<_> = look_up.matches.iter().chain(&look_up.except).map(|(_, here)| here.clone()).collect();
            for path in &paths {
                self.path(path);
            }
            // An object never finds itself where it passes somebody over: so it counts whether it is among the candidates.
            if !look_up.except.is_empty() && !look_up.home && look_up.collection == self.collection {
                look_up.matches.iter().chain(&look_up.except).for_each(|(there, _)| self.path(there));
                self.optional(look_up.such.as_ref());
            }
        }
    }

    fn path(&mut self, path: &CompiledPath) {
        if let Some(link) = path.cut.filter(|_| path.base == Base::Object) {
            self.add(Signature::Whole(link));
        }
        match path.base {
            Base::Object if path.computed => self.computed(path),
            // Null, "" and [] are one to most tests, but not to all.
            Base::Object if path.filters.is_empty() && path.rest.is_empty() => self.add(Signature::Whole(path.slot)),
            Base::Object => {
                let texts = self.slots.texts_of(self.collection, path);
                self.add(Signature::Texts(texts));
            }
            base => self.base(base), // items are covered by their list, which counts as a whole
        }
    }

    /// A computed field counts by what it is computed from, of this object; and by the object's id where that is not all.
    fn computed(&mut self, path: &CompiledPath) {
        self.add(Signature::Whole(path.slot));
        let collection = self.collection;
        let own = computed_from(collection, &path.name).iter().filter(|(of, _)| *of == collection);
        let names = own.filter_map(|(_, property)| *property).chain((path.name != "enabledPlans").then_some("id"));
        for name in names {
            if let Some(slot) = self.slots.wanted[collection as usize].iter().position(|wanted| wanted == name) {
                self.add(Signature::Whole(slot));
            }
        }
    }

    /// Every element of a list counts, by the names inside it that the check reads.
    fn each(&mut self, each: &CompiledPath, check: &CompiledCheck) {
        let mut items = Items { look_ups: self.look_ups, slots: BTreeSet::new(), whole: false };
        items.check(check);
        let lists = &self.slots.lists[self.collection as usize];
        let is_own = each.base == Base::Object && each.rest.is_empty() && !each.computed && each.cut.is_none();
        if is_own && !items.whole && lists.iter().any(|(slot, _)| *slot == each.slot) {
            self.elements(OfElements::Values(each.slot, items.slots.into_iter().collect()));
        } else {
            self.whole(each);
        }
    }

    fn whole(&mut self, path: &CompiledPath) {
        if path.base == Base::Object {
            path.cut.into_iter().for_each(|link| self.add(Signature::Whole(link)));
            self.add(Signature::Whole(path.slot));
        } else {
            self.base(path.base);
        }
    }
}

/// The names inside the elements of `each` that a check reads.
struct Items<'a> {
    look_ups: &'a [CompiledLookUp],
    /// Their places among the names that the pass takes from the elements.
    slots: BTreeSet<usize>,
    /// It reads more than the pass takes.
    whole: bool,
}

impl Items<'_> {
    fn check(&mut self, check: &CompiledCheck) {
        match &check.kind {
            CompiledKind::Match(expr) => self.expr(expr),
            CompiledKind::Conflict { condition, .. }
            | CompiledKind::Requires { condition, .. }
            | CompiledKind::Threshold { condition, .. } => {
                condition.iter().for_each(|condition| self.expr(condition));
                self.whole = true; // their sets and sums are of the object, as a rule
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Not(inner) => self.expr(inner),
            Expr::Found(base, ..) => self.base(*base),
            Expr::Value(path, test) => {
                self.path(path);
                test.paths(&mut |path| self.path(path));
            }
        }
    }

    fn base(&mut self, base: Base) {
        if let Base::LookUp(index) = base {
            let look_up = &self.look_ups[index];
            look_up.matches.iter().chain(&look_up.except).for_each(|(_, here)| self.path(here));
        }
    }

    fn path(&mut self, path: &CompiledPath) {
        match path.base {
            Base::Item if path.slot == usize::MAX => self.whole = true,
            Base::Item => {
                self.slots.insert(path.slot);
            }
            base => self.base(base),
        }
    }
}

/// What a check asks of the object and its element alone: where that is false, the check is.
fn local_part(check: &CompiledCheck) -> Expr {
    let mut parts = Vec::new();
    let mut rest = match &check.kind {
        CompiledKind::Match(condition) => vec![condition],
        _ => Vec::new(),
    };
    while let Some(expr) = rest.pop() {
        match expr {
            Expr::And(inner) => rest.extend(inner.iter().rev()),
            expr if is_local_expr(expr) => parts.push(expr.clone()),
            _ => {}
        }
    }
    Expr::And(parts)
}

/// Whether a check can be answered from the object alone, without the date.
fn is_local_check(check: &CompiledCheck) -> bool {
    let condition = match &check.kind {
        CompiledKind::Match(condition) => is_local_expr(condition),
        _ => false,
    };
    condition && check.each.as_ref().is_none_or(|each| each.base == Base::Object && !each.computed)
}

fn is_local_expr(expr: &Expr) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().all(is_local_expr),
        Expr::Not(inner) => is_local_expr(inner),
        Expr::Found(..) => false,
        Expr::Value(path, test) => is_local(path, test),
    }
}

/// Whether a test can be answered from the object alone, without the date.
fn is_local(path: &CompiledPath, test: &CompiledTest) -> bool {
    let here = |path: &CompiledPath| {
        matches!(path.base, Base::Object | Base::Item | Base::Element) && (!path.computed || path.made_of.is_some())
    };
    here(path)
        && test.operators.iter().all(|operator| match operator {
            CompiledOperator::SameAs(other) => here(other),
            CompiledOperator::Above(bound) | CompiledOperator::Below(bound) => match bound {
                CompiledBound::Number(_) => true,
                CompiledBound::Days(_) => false,
                CompiledBound::Path(path) => here(path),
            },
            CompiledOperator::Any(lines) | CompiledOperator::All(lines) => {
                lines.iter().all(|(path, test)| is_local(path, test))
            }
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::compile::{OfElements, compile};

    #[test]
    fn elements_count_only_where_a_check_may_still_catch_them() {
        let mut slots = Slots::new();
        let packs = crate::pack::load::Packs::builtin().unwrap();
        let rule = packs.rule("inherited-license-stuck").unwrap();
        compile(std::iter::once(rule), &mut slots);
        let elements = &slots.elements[Collection::Users as usize];
        let only = |is_link: bool| -> Vec<usize> {
            let known = elements.iter().filter(|known| matches!(known.what, OfElements::Linked(_)) == is_link);
            known.map(|known| known.only.len()).collect()
        };
        // Four checks, each with a condition of its own: one of them reads the error as well, one the product, and two look the membership up.
        assert_eq!((only(false), only(true)), (vec![2, 1, 1], vec![2]));
        let is_asked_first = |only: &Expr| matches!(only, Expr::And(parts) if !parts.is_empty());
        assert!(elements.iter().flat_map(|known| &known.only).all(is_asked_first));
    }
}
