//! What compiled rules are made of.

use std::collections::BTreeMap;

use crate::check::link::Link;
use crate::check::matcher::Matcher;
use crate::json::Raw;
use crate::pack::model::{Filter, Rule, Scalar};
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
    /// Whom the licenses of a request are for: its target, or the user whom it or a request before it makes.
    Licensee,
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

impl CompiledPath {
    /// Whether both lead to the same; what is missing if it was not collected is each rule's own affair.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let place = |path: &Self| (path.base, path.slot, path.computed, path.cut);
        place(self) == place(other) && self.rest == other.rest && self.filters == other.filters
    }
}

impl Expr {
    /// Goes through the paths that it reads.
    pub fn paths(&self, visit: &mut dyn FnMut(&CompiledPath)) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.paths(visit)),
            Self::Not(inner) => inner.paths(visit),
            Self::Found(..) => {}
            Self::Value(path, test) => {
                visit(path);
                test.paths(visit);
            }
        }
    }
}

/// A condition with its selections in place.
#[derive(Clone, Debug, PartialEq)]
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
    /// Its place among [`super::Slots::questions`], if it is one of them.
    pub question: Option<usize>,
}

impl CompiledTest {
    /// Goes through the paths that it compares with, those inside lists included.
    pub fn paths(&self, visit: &mut dyn FnMut(&CompiledPath)) {
        for operator in &self.operators {
            match operator {
                CompiledOperator::SameAs(path)
                | CompiledOperator::Above(CompiledBound::Path(path))
                | CompiledOperator::Below(CompiledBound::Path(path)) => visit(path),
                CompiledOperator::Any(lines) | CompiledOperator::All(lines) => {
                    for (path, test) in lines {
                        visit(path);
                        test.paths(visit);
                    }
                }
                _ => {}
            }
        }
    }
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
    /// Texts compare with their case.
    pub cased: bool,
    /// What is missing if the collection is not complete.
    pub need: Needs,
}

/// What a check does, compiled.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // as in `CheckKind`
pub enum CompiledKind {
    Match(Expr),
    Conflict { set: CompiledPath, gained: Option<CompiledPath>, condition: Option<Expr> },
    Requires { set: CompiledPath, lost: Option<CompiledPath>, gained: Option<CompiledPath>, condition: Option<Expr> },
    Threshold { left: Vec<Operand>, right: Vec<Operand>, condition: Option<Expr> },
}

impl CompiledKind {
    /// Goes through the paths that it reads.
    pub fn paths(&self, visit: &mut dyn FnMut(&CompiledPath)) {
        let condition = match self {
            Self::Match(condition) => Some(condition),
            Self::Conflict { set, gained, condition } => {
                visit(set);
                gained.iter().for_each(&mut *visit);
                condition.as_ref()
            }
            Self::Requires { set, lost, gained, condition } => {
                visit(set);
                lost.iter().chain(gained).for_each(&mut *visit);
                condition.as_ref()
            }
            Self::Threshold { left, right, condition } => {
                for operand in left.iter().chain(right) {
                    if let Operand::Path(path) = operand {
                        visit(path);
                    }
                }
                condition.as_ref()
            }
        };
        condition.into_iter().for_each(|condition| condition.paths(visit));
    }
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
    /// Its place among [`super::Slots::questions`], if it is one of them.
    pub question: Option<usize>,
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
    /// The texts of a path, by its place in [`super::Slots::texts`].
    Texts(usize),
    /// The text of a property as it stands.
    Whole(usize),
    /// What counts of the elements of a list, by its place in [`super::Slots::elements`].
    Elements(usize),
}

/// What counts of the elements of a list, or of the object itself where there is no list.
#[derive(Clone, Debug)]
pub struct Elements {
    /// What of them counts.
    pub what: OfElements,
    /// An element counts only if one of these conditions, each of another check, is not false for it.
    pub only: Vec<Expr>,
}

/// What of the elements of a list counts.
#[derive(Clone, Debug, PartialEq)]
pub enum OfElements {
    /// In the list of this slot, the values of these names.
    Values(usize, Vec<usize>),
    /// Whether the object belongs to others.
    Linked(Box<Link>),
}

/// Conditions of fixes, by the place of the fix and the collection of the objects found.
pub type FixConditions = BTreeMap<(usize, Collection), Expr>;

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
    pub fix_conditions: FixConditions,
    /// The conditions in which its fixes are not offered.
    pub fix_exceptions: FixConditions,
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
