//! Conditions and paths.

use super::{
    Base, CompiledBound, CompiledOperator, CompiledPath, CompiledTest, Compiler, Expr, MAX_NEEDS, Need, Needs, Scope,
    computed_from, made_of,
};
use crate::check::matcher::Matcher;
use crate::pack::model::{Alias, Bound, Condition, Operator, Path, Select, SelectLine, Test};
use crate::tenant::schema::Collection;

/// The property that names the next page of members, where not all of them are there.
const MEMBERS_LINK: &str = "members@odata.nextLink";

impl Compiler<'_, '_> {
    pub(super) fn expr(&mut self, condition: &Condition, scope: Scope<'_>) -> Expr {
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
        CompiledTest { operators, cased: test.cased, question: None }
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

    pub(super) fn path(&mut self, path: &Path, scope: Scope<'_>) -> CompiledPath {
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

    pub(super) fn need(&mut self, collection: Collection, property: Option<String>) -> Needs {
        let need = Need { collection, property };
        let index = self.needs.iter().position(|known| *known == need).unwrap_or_else(|| {
            self.needs.push(need);
            self.needs.len() - 1
        });
        // A rule with more fields than bits lumps the last ones together: it still says that something is missing.
        1 << index.min(MAX_NEEDS - 1)
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

/// Where the paths of an alias start.
pub fn base(alias: &Alias) -> Base {
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
