//! Rules made ready to run: paths resolved to slots, selections put in their places, and a list of what each rule needs to know.
//!
//! A check over a collection is compiled twice in spirit and once in code: the same conditions run over the few properties that
//! the pass over the dump takes from each object, and over objects that are read back in full afterwards. What the pass cannot
//! know yet (other collections, computed fields) is *pending*; see [`super::scope`].

use std::collections::BTreeMap;

use super::link::Link;
use super::matcher::Matcher;
use crate::json::Raw;
use crate::pack::model::{
    Alias, Bound, Check, CheckKind, Condition, Duplicate, Filter, Native, Operator, Over, Path, Rule, Scalar, Select,
    SelectLine, SetCheck, Term, Test, Threshold,
};
use crate::tenant::address;
use crate::tenant::schema::Collection;

/// How many different fields a rule may need; the set of missing ones is a mask of this many bits.
pub const MAX_NEEDS: usize = 64;

/// A set of [`CompiledRule::needs`], as a bit mask.
pub type Needs = u64;

/// A collection, or a property of it, that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The collection.
    pub collection: Collection,
    /// The property, which may lead into objects; none for the collection as such.
    pub property: Option<String>,
}

/// Collections whose objects are judged while they are read: they may be many.
pub fn is_streamed(collection: Collection) -> bool {
    collection.may_be_many()
}

/// The slots that a pass over a dump fills, for all rules together.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// The properties of each collection, by its discriminant.
    pub wanted: Vec<Vec<String>>,
    /// For each collection: lists whose elements are taken apart once per object, by slot, and the names wanted inside.
    pub lists: Vec<Vec<(usize, Vec<String>)>>,
    /// Paths of streamed collections by which objects are found or compared.
    pub keyed: Vec<(Collection, CompiledPath)>,
}

impl Slots {
    /// None yet.
    pub fn new() -> Self {
        Self {
            wanted: vec![Vec::new(); Collection::COUNT],
            lists: vec![Vec::new(); Collection::COUNT],
            keyed: Vec::new(),
        }
    }

    /// The slot of a property.
    pub fn slot(&mut self, collection: Collection, name: &str) -> usize {
        let wanted = &mut self.wanted[collection as usize];
        wanted.iter().position(|known| known == name).unwrap_or_else(|| {
            wanted.push(name.to_owned());
            wanted.len() - 1
        })
    }

    /// The place of a name inside the elements of a list.
    pub fn inner(&mut self, collection: Collection, list: &str, name: &str) -> usize {
        let slot = self.slot(collection, list);
        let lists = &mut self.lists[collection as usize];
        let index = lists.iter().position(|(known, _)| *known == slot).unwrap_or_else(|| {
            lists.push((slot, Vec::new()));
            lists.len() - 1
        });
        let names = &mut lists[index].1;
        names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    }

    /// The places of a list among those taken apart, and of a name inside its elements.
    pub fn inside(&self, collection: Collection, slot: usize, name: &str) -> Option<(usize, usize)> {
        let lists = &self.lists[collection as usize];
        let list = lists.iter().position(|(known, _)| *known == slot)?;
        Some((list, lists[list].1.iter().position(|known| known == name)?))
    }
}

/// The property that names the next page of members, where not all of them are there.
const MEMBERS_LINK: &str = "members@odata.nextLink";

/// Where a compiled path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The object that is checked.
    Object,
    /// The element of `each`.
    Item,
    /// The element of the list that `any` or `all` goes through.
    Element,
    /// The person who asks.
    Actor,
    /// The person or group it is asked for.
    Target,
    /// The organization.
    Organization,
    /// What the user says of the tenant.
    Settings,
    /// A look-up.
    LookUp(usize),
}

/// Makes a number of a property.
pub type Make = fn(Raw<'_>) -> usize;

/// A path, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledPath {
    /// Where it starts.
    pub base: Base,
    /// The property of the object, or the name inside the item or element; empty for the item or element itself.
    pub name: String,
    /// Its slot in the pass, for [`Base::Object`]; its place in the list's names for items and elements.
    pub slot: usize,
    /// The names further inside.
    pub rest: Vec<String>,
    /// What is done to the value.
    pub filters: Vec<Filter>,
    /// The bit of what is missing if it was not collected.
    pub need: Needs,
    /// It is computed; the bits are what it is computed from.
    pub computed: bool,
    /// It is a number made of one property of the object, so that the pass can make it: the property's slot.
    pub made_of: Option<(usize, Make)>,
    /// It is a list that an export may have cut: the slot of the link to its next page.
    pub cut: Option<usize>,
}

/// A condition with its selections in place.
#[derive(Clone, Debug)]
pub enum Expr {
    /// All of them.
    And(Vec<Expr>),
    /// One of them.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// Something was (or was not) found.
    Found(Base, bool, Needs),
    /// A value satisfies a test.
    Value(CompiledPath, CompiledTest),
}

/// A test of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledTest {
    /// All must hold.
    pub operators: Vec<CompiledOperator>,
    /// Text compares with its case.
    pub cased: bool,
}

/// An operator.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // as in `Operator`
pub enum CompiledOperator {
    OneOf(Vec<Scalar>),
    Not(Vec<Scalar>),
    Empty(bool),
    Matches(Matcher),
    SameAs(CompiledPath),
    Above(CompiledBound),
    Below(CompiledBound),
    InTable { table: String, column: String, rows: Option<(String, Vec<String>)>, there: bool },
    Any(Vec<(CompiledPath, CompiledTest)>),
    All(Vec<(CompiledPath, CompiledTest)>),
}

/// What a number or a date is compared with.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // as in `Bound`
pub enum CompiledBound {
    Number(f64),
    Days(i64),
    Path(CompiledPath),
}

/// A look-up.
#[derive(Clone, Debug)]
pub struct CompiledLookUp {
    /// Its name in the rule.
    pub name: String,
    /// Where.
    pub collection: Collection,
    /// In the home tenant.
    pub home: bool,
    /// Pairs of a property of the collection, with its filters, and a path from the object.
    pub matches: Vec<(CompiledPath, CompiledPath)>,
    /// Objects for which one of these pairs is equal are passed over.
    pub except: Vec<(CompiledPath, CompiledPath)>,
    /// What is found must satisfy this as well.
    pub such: Option<Expr>,
    /// What is missing if the collection is not complete.
    pub need: Needs,
}

/// What a check does, compiled.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // as in `CheckKind`
pub enum CompiledKind {
    Match(Expr),
    Conflict { set: CompiledPath, condition: Option<Expr> },
    Requires { set: CompiledPath, lost: Option<CompiledPath>, condition: Option<Expr> },
    Threshold { left: Vec<Operand>, right: Vec<Operand>, condition: Option<Expr> },
}

/// A summand of a threshold.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // a number, or a path to one
pub enum Operand {
    Number(f64),
    Path(CompiledPath),
}

/// A check over the objects of one collection.
#[derive(Clone, Debug)]
pub struct CompiledCheck {
    /// Its index in the rule.
    pub index: usize,
    /// Only requests for these operations.
    pub operations: Vec<String>,
    /// The list whose elements are the candidates.
    pub each: Option<CompiledPath>,
    /// What it does.
    pub kind: CompiledKind,
    /// What makes one finding of many objects.
    pub group_by: Vec<CompiledPath>,
    /// The people and look-ups that the check is about.
    pub bases: Vec<Base>,
    /// The properties of the object that it reads, in the order of the rule.
    pub reads: Vec<String>,
}

/// The checks of a rule over one collection, in the order in which they are tried.
#[derive(Clone, Debug)]
pub struct Program {
    /// The collection.
    pub collection: Collection,
    /// The checks.
    pub checks: Vec<CompiledCheck>,
    /// What decides the outcome where the pass alone cannot: two objects that agree in these have the same outcome.
    pub signature: Vec<Signature>,
}

/// A part of what decides an outcome.
#[derive(Clone, Debug)]
pub enum Signature {
    /// The answer of a condition that the pass can evaluate.
    Truth(Expr),
    /// The answer of a whole check that the pass can evaluate, by its place in the program.
    Check(usize),
    /// The value of a path, with its filters.
    Texts(CompiledPath),
    /// The text of a property as it stands.
    Whole(usize),
    /// Of the elements of a list, by its slot, the values of these names.
    Items(usize, Vec<usize>),
    /// Whether the object belongs to others.
    Linked(Link),
}

/// A rule, ready to run.
#[derive(Debug)]
pub struct CompiledRule<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// What it reads; a [`Needs`] mask names some of them.
    pub needs: Vec<Need>,
    /// Its look-ups, as they are from the objects of each collection that it checks.
    pub look_ups: BTreeMap<Collection, Vec<CompiledLookUp>>,
    /// Its checks, by collection.
    pub programs: Vec<Program>,
    /// Its duplicate checks: index, and paths by collection.
    pub duplicates: Vec<CompiledDuplicate>,
    /// Its native checks: index, and what they read.
    pub natives: Vec<(usize, Needs)>,
    /// The conditions of its fixes, by collection of the objects found.
    pub fix_conditions: BTreeMap<(usize, Collection), Expr>,
}

/// A duplicate check.
#[derive(Clone, Debug)]
pub struct CompiledDuplicate {
    /// Its index in the rule.
    pub index: usize,
    /// The paths that make an object a holder.
    pub over: Vec<(Collection, Vec<CompiledPath>)>,
    /// See [`Duplicate::held_as`].
    pub held_as: Vec<(Collection, Vec<CompiledPath>)>,
    /// See [`Duplicate::not_held_as`].
    pub not_held_as: Vec<(Collection, Vec<CompiledPath>)>,
}

/// Compiles the rules, and collects the slots that the pass must fill.
pub fn compile<'p>(rules: impl Iterator<Item = &'p Rule>, slots: &mut Slots) -> Vec<CompiledRule<'p>> {
    rules.map(|rule| Compiler { rule, slots, needs: Vec::new() }.rule()).collect()
}

struct Compiler<'p, 's> {
    rule: &'p Rule,
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
                    let compiled = self.check(index, check, over);
                    match programs.iter_mut().find(|program| program.collection == over.collection) {
                        Some(program) => program.checks.push(compiled),
                        None => programs.push(Program {
                            collection: over.collection,
                            checks: vec![compiled],
                            signature: Vec::new(),
                        }),
                    }
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
        let fix_conditions = self.fix_conditions(&collections);
        let mut compiled =
            CompiledRule { rule, needs: self.needs, look_ups, programs, duplicates, natives, fix_conditions };
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
            CheckKind::Conflict(SetCheck { set, condition, .. }) => CompiledKind::Conflict {
                set: self.path(set, scope),
                condition: condition.as_ref().map(|condition| self.expr(condition, scope)),
            },
            CheckKind::Requires(SetCheck { set, lost, condition, .. }) => CompiledKind::Requires {
                set: self.path(set, scope),
                lost: lost.as_ref().map(|lost| self.path(lost, scope)),
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
            CompiledKind::Conflict { set, condition } | CompiledKind::Requires { set, condition, .. } => {
                // What a request would make of licenses is about its target.
                note(
                    if set.computed && over.collection == Collection::Requests { Base::Target } else { set.base },
                    &mut bases,
                );
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
        CompiledCheck { index, operations: over.operations.clone(), each, kind, group_by, bases, reads }.ordered()
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

    fn fix_conditions(&mut self, collections: &[Collection]) -> BTreeMap<(usize, Collection), Expr> {
        let rule = self.rule;
        let mut conditions = BTreeMap::new();
        for (index, fix) in rule.fixes.iter().enumerate() {
            let Some(when) = &fix.when else { continue };
            for &collection in collections {
                let each = self.each_of(collection);
                let expr = self.expr(when, Scope { over: collection, each, own: false });
                conditions.insert((index, collection), expr);
            }
        }
        conditions
    }

    fn expr(&mut self, condition: &Condition, scope: Scope<'_>) -> Expr {
        match condition {
            Condition::And(parts) => Expr::And(parts.iter().map(|part| self.expr(part, scope)).collect()),
            Condition::Or(parts) => Expr::Or(parts.iter().map(|part| self.expr(part, scope)).collect()),
            Condition::Not(inner) => Expr::Not(Box::new(self.expr(inner, scope))),
            Condition::Select { alias, select } => {
                let select: &Select = &self.rule.selects[*select as usize];
                let lines: Vec<_> = select.lines.iter().map(|line| self.line(line, alias, scope)).collect();
                Expr::And(lines)
            }
        }
    }

    fn line(&mut self, line: &SelectLine, alias: &Alias, scope: Scope<'_>) -> Expr {
        match line {
            SelectLine::Found(found) => {
                let need = match alias {
                    Alias::LookUp(index) => self.need(self.rule.look_ups[*index as usize].collection, None),
                    _ => self.need(Collection::Users, None),
                };
                Expr::Found(base(alias), *found, need)
            }
            SelectLine::Value(path, test) => {
                let path = if path.alias == Alias::Object && *alias != Alias::Object {
                    Path { alias: *alias, ..path.clone() }
                } else {
                    path.clone()
                };
                let compiled = self.path(&path, scope);
                let list = self.list_named(&path, scope);
                Expr::Value(compiled, self.test(test, scope, list))
            }
        }
    }

    /// The collection and name of the list that a path leads to, and whether the pass takes it apart.
    fn list_named<'a>(&self, path: &'a Path, scope: Scope<'_>) -> Option<(Collection, &'a str, bool)> {
        let [name] = path.segments.as_slice() else { return None };
        match &path.alias {
            Alias::Object => Some((scope.over, name, true)),
            Alias::Actor | Alias::Target => Some((Collection::Users, name, false)),
            Alias::Organization => Some((Collection::Organization, name, false)),
            Alias::LookUp(index) => Some((self.rule.look_ups[*index as usize].collection, name, false)),
            Alias::Item | Alias::Settings => None,
        }
    }

    fn test(&mut self, test: &Test, scope: Scope<'_>, list: Option<(Collection, &str, bool)>) -> CompiledTest {
        let operators = test
            .operators
            .iter()
            .map(|operator| match operator {
                Operator::OneOf(values) => CompiledOperator::OneOf(values.clone()),
                Operator::Not(values) => CompiledOperator::Not(values.clone()),
                Operator::Empty(empty) => CompiledOperator::Empty(*empty),
                Operator::Matches(pattern) => CompiledOperator::Matches(Matcher::new(pattern)),
                Operator::SameAs(path) => CompiledOperator::SameAs(self.path(path, scope)),
                Operator::Above(bound) => CompiledOperator::Above(self.bound(bound, scope)),
                Operator::Below(bound) => CompiledOperator::Below(self.bound(bound, scope)),
                Operator::InTable { table, column, rows, there } => CompiledOperator::InTable {
                    table: table.clone(),
                    column: column.clone(),
                    rows: rows.clone(),
                    there: *there,
                },
                Operator::Any(lines) => CompiledOperator::Any(self.elements(lines, scope, list)),
                Operator::All(lines) => CompiledOperator::All(self.elements(lines, scope, list)),
            })
            .collect();
        CompiledTest { operators, cased: test.cased }
    }

    fn elements(
        &mut self,
        lines: &[(Path, Test)],
        scope: Scope<'_>,
        list: Option<(Collection, &str, bool)>,
    ) -> Vec<(CompiledPath, CompiledTest)> {
        lines
            .iter()
            .map(|(path, test)| {
                let name = path.segments.first().cloned().unwrap_or_default();
                let (slot, need) = match list {
                    Some((collection, list, taken_apart)) => {
                        let slot = if taken_apart { self.slots.inner(collection, list, &name) } else { usize::MAX };
                        (slot, self.need(collection, Some(format!("{list}.{name}"))))
                    }
                    None => (usize::MAX, 0),
                };
                let path = CompiledPath {
                    base: Base::Element,
                    name,
                    slot,
                    rest: path.segments.iter().skip(1).cloned().collect(),
                    filters: path.filters.clone(),
                    need,
                    computed: false,
                    made_of: None,
                    cut: None,
                };
                let test = self.test(test, scope, None);
                (path, test)
            })
            .collect()
    }

    fn bound(&mut self, bound: &Bound, scope: Scope<'_>) -> CompiledBound {
        match bound {
            Bound::Number(number) => CompiledBound::Number(*number),
            Bound::Days(days) => CompiledBound::Days(*days),
            Bound::Path(path) => CompiledBound::Path(self.path(path, scope)),
        }
    }

    fn path(&mut self, path: &Path, scope: Scope<'_>) -> CompiledPath {
        let name = path.segments.first().cloned().unwrap_or_default();
        let rest: Vec<String> = path.segments.iter().skip(1).cloned().collect();
        let filters = path.filters.clone();
        let base = base(&path.alias);
        if path.alias == Alias::Item {
            let (slot, need) = match scope.each {
                Some((collection, list)) if !name.is_empty() => {
                    let slot = if scope.own { self.slots.inner(collection, list, &name) } else { usize::MAX };
                    (slot, self.need(collection, Some(format!("{list}.{name}"))))
                }
                _ => (usize::MAX, 0),
            };
            return CompiledPath { base, name, slot, rest, filters, need, computed: false, made_of: None, cut: None };
        }
        if path.alias == Alias::Settings {
            let (slot, made_of) = (usize::MAX, None);
            return CompiledPath { base, name, slot, rest, filters, need: 0, computed: false, made_of, cut: None };
        }
        let collection = match &path.alias {
            Alias::Actor | Alias::Target => Collection::Users,
            Alias::Organization => Collection::Organization,
            Alias::LookUp(index) => self.rule.look_ups[*index as usize].collection,
            Alias::Object | Alias::Item | Alias::Settings => scope.over,
        };
        let computed = collection.property(&name).is_some_and(|property| property.computed);
        let slot = self.slots.slot(collection, &name);
        let full = path.segments.join(".");
        let need = if computed {
            computed_from(collection, &name)
                .iter()
                .fold(0, |needs, (collection, property)| needs | self.need(*collection, property.map(str::to_owned)))
        } else {
            self.need(collection, Some(full))
        };
        // Inviting is also the tenant's policy, and the only operation that is.
        let need = if computed && name == "may" && rest.first().is_some_and(|operation| operation == "invite-guest") {
            self.slots.slot(Collection::Users, "userType");
            need | self.need(Collection::AuthorizationPolicy, Some("allowInvitesFrom".to_owned()))
        } else {
            need
        };
        let need = match &path.alias {
            Alias::Actor => need | self.need(Collection::Requests, Some("actor".to_owned())),
            Alias::Target => need | self.need(Collection::Requests, Some("target".to_owned())),
            _ => need,
        };
        if computed {
            for (collection, property) in computed_from(collection, &name) {
                if let Some(property) = property {
                    self.slots.slot(*collection, property.split('.').next().unwrap_or(property));
                }
            }
        }
        let made_of = made_of(&name).map(|(property, make)| (self.slots.slot(collection, property), make));
        let cut = (name == "members").then(|| self.slots.slot(collection, MEMBERS_LINK));
        CompiledPath { base, name, slot, rest, filters, need, computed, made_of: made_of.filter(|_| computed), cut }
    }

    fn need(&mut self, collection: Collection, property: Option<String>) -> Needs {
        let need = Need { collection, property };
        let index = self.needs.iter().position(|known| *known == need).unwrap_or_else(|| {
            self.needs.push(need);
            self.needs.len() - 1
        });
        // A rule with more fields than bits lumps the last ones together: it still says that something is missing.
        1 << index.min(MAX_NEEDS - 1)
    }
}

fn note(base: Base, bases: &mut Vec<Base>) {
    if !bases.contains(&base) {
        bases.push(base);
    }
}

/// Whom a path is about: what a request would make of licenses is about its target.
fn subject_of(path: &CompiledPath) -> Base {
    let of_target =
        matches!(path.name.as_str(), "plansAfter" | "plansLost" | "seatsAfter" | "seatsAfterOthers") && path.computed;
    if of_target { Base::Target } else { path.base }
}

fn bases_of(expr: &Expr, bases: &mut Vec<Base>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| bases_of(part, bases)),
        Expr::Not(inner) => bases_of(inner, bases),
        Expr::Found(base, ..) => note(*base, bases),
        Expr::Value(path, _) => note(subject_of(path), bases),
    }
}

/// The property that a computed number is made of alone, and how.
pub fn made_of(name: &str) -> Option<(&'static str, Make)> {
    match name {
        "proxyAddressCount" => Some(("proxyAddresses", address::proxy_address_count)),
        "primaryAddressCount" => Some(("proxyAddresses", address::primary_address_count)),
        _ => None,
    }
}

/// What a computed field is computed from.
pub fn computed_from(collection: Collection, name: &str) -> &'static [(Collection, Option<&'static str>)] {
    use Collection as C;
    match (collection, name) {
        (C::Users, "enabledPlans") => {
            &[(C::Users, Some("assignedLicenses")), (C::SubscribedSkus, Some("servicePlans"))]
        }
        (C::Users, "may") => &[
            (C::Users, Some("accountEnabled")),
            (C::RoleAssignments, None),
            (C::DirectoryRoles, Some("members")),
            (C::RoleEligibilityScheduleInstances, None),
            (C::RoleDefinitions, None),
            (C::Groups, Some("members")),
            (C::AdministrativeUnits, Some("members")),
        ],
        (C::Users, "directoryRoles") => {
            &[(C::RoleAssignments, None), (C::DirectoryRoles, Some("members")), (C::Groups, Some("members"))]
        }
        (C::Users, "azureRoles") => &[(C::AzureRoleAssignments, None), (C::Groups, Some("members"))],
        (C::Users, "addresses") => &[
            (C::Users, Some("userPrincipalName")),
            (C::Users, Some("mail")),
            (C::Users, Some("proxyAddresses")),
            (C::Users, Some("otherMails")),
            (C::Users, Some("identities")),
        ],
        (C::Groups, "addresses") => &[(C::Groups, Some("mail")), (C::Groups, Some("proxyAddresses"))],
        (C::Contacts, "addresses") => &[(C::Contacts, Some("mail")), (C::Contacts, Some("proxyAddresses"))],
        (C::DeletedUsers, "addresses") => &[
            (C::DeletedUsers, Some("userPrincipalName")),
            (C::DeletedUsers, Some("mail")),
            (C::DeletedUsers, Some("proxyAddresses")),
        ],
        (C::DeletedUsers, "originalUserPrincipalName") => {
            &[(C::DeletedUsers, Some("userPrincipalName")), (C::DeletedUsers, Some("id"))]
        }
        (C::Users, "proxyAddressCount" | "primaryAddressCount") => &[(C::Users, Some("proxyAddresses"))],
        (C::Groups, "proxyAddressCount" | "primaryAddressCount") => &[(C::Groups, Some("proxyAddresses"))],
        (C::Contacts, "proxyAddressCount" | "primaryAddressCount") => &[(C::Contacts, Some("proxyAddresses"))],
        (C::Groups, "licensesChanged") => &[
            (C::DirectoryAudits, Some("activityDisplayName")),
            (C::DirectoryAudits, Some("activityDateTime")),
            (C::DirectoryAudits, Some("targetResources")),
        ],
        (C::B2bManagementPolicy, _) => &[(C::B2bManagementPolicy, Some("definition"))],
        (C::Requests, "homeTenantId") => &[(C::Requests, Some("address"))],
        (C::Organization, "initialDomain") => {
            &[(C::Organization, Some("verifiedDomains")), (C::Domains, Some("isInitial"))]
        }
        (C::SubscribedSkus, "countViolations") => &[(C::Users, Some("licenseAssignmentStates"))],
        (C::SubscribedSkus, "membersWaiting") => {
            &[(C::Groups, Some("assignedLicenses")), (C::Groups, Some("members")), (C::Users, Some("assignedLicenses"))]
        }
        (C::SubscribedSkus, "licensedGroups") => &[(C::Groups, Some("assignedLicenses"))],
        (C::Requests, "plansAfter" | "plansLost") => {
            &[(C::Users, Some("assignedLicenses")), (C::SubscribedSkus, Some("servicePlans"))]
        }
        (C::Requests, "seatsAfter" | "seatsAfterOthers") => &[
            (C::SubscribedSkus, Some("consumedUnits")),
            (C::SubscribedSkus, Some("prepaidUnits")),
            (C::Users, Some("assignedLicenses")),
        ],
        _ => &[],
    }
}

impl CompiledPath {
    /// A path that is read from objects in full, by name: for texts.
    pub fn by_name(path: &Path) -> Self {
        let collection = match path.alias {
            Alias::Organization => Some(Collection::Organization),
            _ => None,
        };
        let name = path.segments.first().cloned().unwrap_or_default();
        let computed = match collection {
            Some(collection) => collection.property(&name).is_some_and(|property| property.computed),
            None => Collection::all().any(|any| any.property(&name).is_some_and(|property| property.computed)),
        };
        Self {
            base: base(&path.alias),
            name,
            slot: usize::MAX,
            rest: path.segments.iter().skip(1).cloned().collect(),
            filters: path.filters.clone(),
            need: 0,
            computed,
            made_of: None,
            cut: None,
        }
    }
}

fn base(alias: &Alias) -> Base {
    match alias {
        Alias::Object => Base::Object,
        Alias::Item => Base::Item,
        Alias::Actor => Base::Actor,
        Alias::Target => Base::Target,
        Alias::Organization => Base::Organization,
        Alias::Settings => Base::Settings,
        Alias::LookUp(index) => Base::LookUp(*index as usize),
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
