//! Rules made ready to run: paths resolved to slots, selections put in their places, and a list of what each rule needs to know.
//!
//! A check over a collection is compiled twice in spirit and once in code: the same conditions run over the few properties that
//! the pass over the dump takes from each object, and over objects that are read back in full afterwards. What the pass cannot
//! know yet (other collections, computed fields) is *pending*; see [`super::scope`].

mod computed;
mod expressions;
mod questions;
mod slots;
mod types;

use std::collections::BTreeMap;

pub use computed::{computed_from, made_of};
pub use expressions::base;
pub use questions::Question;
pub use slots::{Slots, is_streamed};
pub use types::{
    Base, CompiledBound, CompiledCheck, CompiledDuplicate, CompiledKind, CompiledLookUp, CompiledOperator,
    CompiledPath, CompiledRule, CompiledTest, Elements, Expr, FixConditions, MAX_NEEDS, Make, Need, Needs, OfElements,
    Operand, Program, Signature,
};

use self::questions::Asking;
use crate::pack::model::{
    Alias, Check, CheckKind, Condition, Duplicate, Fix, Native, Over, Path, Rule, SetCheck, Term, Threshold,
};
use crate::tenant::schema::Collection;

/// Compiles the rules, and collects the slots that the pass must fill.
pub fn compile<'p>(rules: impl Iterator<Item = &'p Rule>, slots: &mut Slots) -> Vec<CompiledRule<'p>> {
    rules.enumerate().map(|(place, rule)| Compiler { rule, place, slots, needs: Vec::new() }.rule()).collect()
}

struct Compiler<'p, 's> {
    rule: &'p Rule,
    /// Its place among those that are compiled.
    place: usize,
    slots: &'s mut Slots,
    needs: Vec<Need>,
}

/// What the aliases of a check stand for.
#[derive(Clone, Copy)]
struct Scope<'a> {
    /// The collection of the objects that are checked.
    over: Collection,
    /// The list that `item` is from: its collection and name.
    each: Option<(Collection, &'a str)>,
    /// Whether `item` comes from the checked object itself, so that the pass takes it apart.
    own: bool,
}

impl<'p> Compiler<'p, '_> {
    fn rule(mut self) -> CompiledRule<'p> {
        let rule = self.rule;
        let mut programs: Vec<Program> = Vec::new();
        let mut duplicates = Vec::new();
        let mut natives = Vec::new();
        for (index, check) in rule.checks.iter().enumerate() {
            match &check.kind {
                CheckKind::Duplicate(duplicate) => duplicates.push(self.duplicate(index, duplicate)),
                CheckKind::Native(native) => {
                    let needs = self.native(native);
                    natives.push((index, needs));
                }
                _ => {
                    let Some(over) = over(check) else { continue };
                    let mut compiled = self.check(index, check, over);
                    let collection = over.collection;
                    let known = programs.iter().position(|program| program.collection == collection);
                    let program = known.unwrap_or_else(|| {
                        programs.push(Program { collection, checks: Vec::new(), signature: Vec::new() });
                        programs.len() - 1
                    });
                    let checks = &mut programs[program].checks;
                    let slots = &mut *self.slots;
                    Asking { collection, slots }.check(&mut compiled, (self.place, checks.len()));
                    checks.push(compiled);
                }
            }
        }
        let mut collections: Vec<_> = programs.iter().map(|program| program.collection).collect();
        collections.extend(
            duplicates.iter().flat_map(|duplicate: &CompiledDuplicate| duplicate.over.iter().map(|(over, _)| *over)),
        );
        collections.sort();
        collections.dedup();
        let look_ups: BTreeMap<_, _> = collections.iter().map(|over| (*over, self.look_ups(*over))).collect();
        let fix_conditions = self.fix_conditions(&collections, |fix| fix.when.as_ref());
        let fix_exceptions = self.fix_conditions(&collections, |fix| fix.unless.as_ref());
        let needs = self.needs;
        let mut compiled =
            CompiledRule { rule, needs, look_ups, programs, duplicates, natives, fix_conditions, fix_exceptions };
        for index in 0..compiled.programs.len() {
            let program = &compiled.programs[index];
            let look_ups = &compiled.look_ups[&program.collection];
            compiled.programs[index].signature = super::signature::of(program, look_ups, self.slots);
        }
        compiled
    }

    fn look_ups(&mut self, over: Collection) -> Vec<CompiledLookUp> {
        let rule = self.rule;
        let own = rule.checks.iter().filter_map(self::over).any(|check| {
            check.collection == over && check.each.as_ref().is_some_and(|path| path.alias == Alias::Object)
        });
        let ours = Scope { over, each: self.each_of(over), own };
        let mut compiled = Vec::new();
        for look_up in &rule.look_ups {
            let collection = look_up.collection;
            let need = self.need(collection, None);
            let theirs = Scope { over: collection, each: None, own: false };
            let mut pairs = |pairs: &[(Path, Path)]| {
                pairs.iter().map(|(there, here)| (self.path(there, theirs), self.path(here, ours))).collect()
            };
            let matches: Vec<(CompiledPath, CompiledPath)> = pairs(&look_up.matches);
            let except = pairs(&look_up.except);
            let need = matches.iter().chain(&except).fold(need, |need, (there, _)| need | there.need);
            let such = look_up.such.as_ref().map(|such| self.expr(such, theirs));
            // One key finds the candidates; the other pairs are compared on them.
            self.slots.keyed.extend(matches.first().map(|(there, _)| (collection, there.clone())));
            compiled.push(CompiledLookUp {
                name: look_up.name.clone(),
                collection,
                home: look_up.home,
                matches,
                except,
                such,
                cased: look_up.cased,
                need,
            });
        }
        compiled
    }

    /// The list that the checks over a collection go through; look-ups by `item` assume that they agree.
    fn each_of(&self, collection: Collection) -> Option<(Collection, &'p str)> {
        let rule = self.rule;
        rule.checks.iter().filter_map(over).filter(|over| over.collection == collection).find_map(|over| list_of(over))
    }

    fn check(&mut self, index: usize, check: &'p Check, over: &'p Over) -> CompiledCheck {
        let plain = Scope { over: over.collection, each: None, own: false };
        let own = over.each.as_ref().is_some_and(|path| path.alias == Alias::Object);
        let scope = Scope { over: over.collection, each: list_of(over), own };
        let each = over.each.as_ref().map(|path| self.path(path, plain));
        if !over.operations.is_empty() {
            self.slots.slot(over.collection, "operation");
        }
        let kind = match &check.kind {
            CheckKind::Match(check) => CompiledKind::Match(self.expr(&check.condition, scope)),
            CheckKind::Conflict(SetCheck { set, gained, condition, .. }) => CompiledKind::Conflict {
                set: self.path(set, scope),
                gained: gained.as_ref().map(|gained| self.path(gained, scope)),
                condition: condition.as_ref().map(|condition| self.expr(condition, scope)),
            },
            CheckKind::Requires(SetCheck { set, lost, gained, condition, .. }) => CompiledKind::Requires {
                set: self.path(set, scope),
                lost: lost.as_ref().map(|lost| self.path(lost, scope)),
                gained: gained.as_ref().map(|gained| self.path(gained, scope)),
                condition: condition.as_ref().map(|condition| self.expr(condition, scope)),
            },
            CheckKind::Threshold(Threshold { left, right, condition, .. }) => CompiledKind::Threshold {
                left: left.iter().map(|path| self.operand(path, scope)).collect(),
                right: right.iter().map(|path| self.operand(path, scope)).collect(),
                condition: condition.as_ref().map(|condition| self.expr(condition, scope)),
            },
            CheckKind::Duplicate(_) | CheckKind::Native(_) => CompiledKind::Match(Expr::Or(Vec::new())),
        };
        // What the check itself provides is read of no object.
        let provided: &[&str] = match &kind {
            CompiledKind::Conflict { .. } => &["member", "other"],
            CompiledKind::Requires { .. } => &["member", "needs"],
            CompiledKind::Match(_) | CompiledKind::Threshold { .. } => &[],
        };
        let is_provided = |path: &Path| matches!(path.segments.as_slice(), [name] if provided.contains(&name.as_str()));
        let mut group_by = Vec::new();
        for path in &check.group_by {
            group_by.push(if is_provided(path) { CompiledPath::by_name(path) } else { self.path(path, scope) });
        }
        let mut bases = Vec::new();
        each.iter().for_each(|each| note(each.base, &mut bases));
        match &kind {
            CompiledKind::Match(expr) => bases_of(expr, &mut bases),
            CompiledKind::Conflict { set, condition, .. } | CompiledKind::Requires { set, condition, .. } => {
                note(subject_of(set), &mut bases);
                condition.iter().for_each(|condition| bases_of(condition, &mut bases));
            }
            CompiledKind::Threshold { left, right, condition } => {
                for operand in left.iter().chain(right) {
                    if let Operand::Path(path) = operand {
                        note(subject_of(path), &mut bases);
                    }
                }
                condition.iter().for_each(|condition| bases_of(condition, &mut bases));
            }
        }
        let reads = super::order::reads(each.as_ref(), &kind);
        CompiledCheck { index, operations: over.operations.clone(), each, kind, group_by, bases, reads, question: None }
            .ordered()
    }

    fn operand(&mut self, term: &Term, scope: Scope<'_>) -> Operand {
        match term {
            Term::Number(number) => Operand::Number(*number),
            Term::Path(path) => Operand::Path(self.path(path, scope)),
        }
    }

    fn duplicate(&mut self, index: usize, duplicate: &Duplicate) -> CompiledDuplicate {
        let mut paths = |list: &[(Collection, Vec<Path>)]| {
            list.iter()
                .map(|(collection, paths)| {
                    let scope = Scope { over: *collection, each: None, own: false };
                    self.need(*collection, None);
                    (*collection, paths.iter().map(|path| self.path(path, scope)).collect())
                })
                .collect()
        };
        let over: Vec<(Collection, Vec<CompiledPath>)> = paths(&duplicate.over);
        for (collection, paths) in &over {
            self.slots.keyed.extend(paths.iter().map(|path| (*collection, path.clone())));
        }
        let mut paths = |list: &[(Collection, Vec<Path>)]| {
            list.iter()
                .map(|(collection, paths)| {
                    let scope = Scope { over: *collection, each: None, own: false };
                    (*collection, paths.iter().map(|path| self.path(path, scope)).collect())
                })
                .collect()
        };
        CompiledDuplicate {
            index,
            over,
            held_as: paths(&duplicate.held_as),
            not_held_as: paths(&duplicate.not_held_as),
        }
    }

    fn native(&mut self, native: &Native) -> Needs {
        native.reads.iter().fold(0, |needs, read| {
            if let Some(property) = &read.property {
                let root = property.split('.').next().unwrap_or(property);
                self.slots.slot(read.collection, root);
            }
            needs | self.need(read.collection, read.property.clone())
        })
    }

    fn fix_conditions(&mut self, collections: &[Collection], of: impl Fn(&Fix) -> Option<&Condition>) -> FixConditions {
        let rule = self.rule;
        let mut conditions = BTreeMap::new();
        for (index, fix) in rule.fixes.iter().enumerate() {
            let Some(condition) = of(fix) else { continue };
            for &collection in collections {
                let each = self.each_of(collection);
                let expr = self.expr(condition, Scope { over: collection, each, own: false });
                conditions.insert((index, collection), expr);
            }
        }
        conditions
    }
}

fn note(base: Base, bases: &mut Vec<Base>) {
    if !bases.contains(&base) {
        bases.push(base);
    }
}

/// Whom a path is about: what a request would make of licenses is about whom they are for.
fn subject_of(path: &CompiledPath) -> Base {
    let of_target = [
        "licensesNotHeld",
        "changesFirst",
        "plansAfter",
        "plansLost",
        "plansGained",
        "seatsAfter",
        "seatsAfterGranted",
        "seatsAfterOthers",
    ];
    if path.computed && of_target.contains(&path.name.as_str()) { Base::Licensee } else { path.base }
}

fn bases_of(expr: &Expr, bases: &mut Vec<Base>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| bases_of(part, bases)),
        Expr::Not(inner) => bases_of(inner, bases),
        Expr::Found(base, ..) => note(*base, bases),
        Expr::Value(path, _) => note(subject_of(path), bases),
    }
}

/// Which objects a check looks at, for the kinds that look at one at a time.
pub fn over(check: &Check) -> Option<&Over> {
    match &check.kind {
        CheckKind::Match(check) => Some(&check.over),
        CheckKind::Conflict(check) | CheckKind::Requires(check) => Some(&check.over),
        CheckKind::Threshold(check) => Some(&check.over),
        CheckKind::Duplicate(_) | CheckKind::Native(_) => None,
    }
}

fn list_of(over: &Over) -> Option<(Collection, &str)> {
    let path = over.each.as_ref()?;
    let collection = match path.alias {
        Alias::Actor | Alias::Target => Collection::Users,
        _ => over.collection,
    };
    Some((collection, path.segments.first()?.as_str()))
}
