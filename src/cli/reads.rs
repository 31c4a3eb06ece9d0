//! What rules read: to decide, and to print their messages and commands.

use std::collections::BTreeSet;

use crate::check::compile::{CompiledRule, Need, Slots, compile, computed_from, over};
use crate::pack::model::{Alias, CheckKind, Message, Path, Rule, SetValue, Template};
use crate::tenant::schema::Collection;

/// What a rule reads to decide: collections, and properties of them.
pub(crate) fn decides_by(rule: &Rule) -> Vec<Need> {
    // The conditions of fixes are compiled for every collection that the rule looks at, and mean only some of them; and findings
    // are also grouped by what a check itself provides. Names from there count where they are known to be properties.
    let mut bare = rule.clone();
    bare.fixes.clear();
    bare.checks.iter_mut().for_each(|check| check.group_by.clear());
    let collections = collections(rule);
    let mut needs: Vec<Need> = needs(&bare).into_iter().filter(|need| is_likely(need, &collections)).collect();
    needs.extend(self::needs(rule).into_iter().filter(|need| is_known(need, need.collection)));
    let mut needs = needs.into_iter().flat_map(without_computed).collect();
    tidy(&mut needs);
    needs
}

/// What a computed property is computed from; any other is itself.
fn without_computed(need: Need) -> Vec<Need> {
    let root = need.property.as_deref().and_then(|path| path.split('.').next());
    match root.and_then(|root| need.collection.property(root)).filter(|property| property.computed) {
        Some(property) => from(need.collection, property.name).collect(),
        None => vec![need],
    }
}

fn from(collection: Collection, name: &str) -> impl Iterator<Item = Need> {
    computed_from(collection, name).iter().map(|(collection, property)| need(*collection, *property))
}

fn needs(rule: &Rule) -> Vec<Need> {
    compile(std::iter::once(rule), &mut Slots::new())
        .into_iter()
        .flat_map(|rule: CompiledRule<'_>| rule.needs)
        .collect()
}

fn is_known(need: &Need, collection: Collection) -> bool {
    let root = |path: &str| path.split('.').next().and_then(|root| collection.property(root)).is_some();
    need.property.as_deref().is_none_or(root)
}

/// Whether a need is meant. A property that the program does not know may well exist, unless it is that of another collection of
/// the rule: look-ups are compiled for each of them. A request has no properties but those that the program knows.
fn is_likely(need: &Need, collections: &BTreeSet<Collection>) -> bool {
    is_known(need, need.collection)
        || need.collection != Collection::Requests && !collections.iter().any(|other| is_known(need, *other))
}

/// What a rule reads in all: to decide, for its texts, and to name who changed something.
pub(crate) fn all(rule: &Rule) -> Vec<Need> {
    let mut needs = decides_by(rule);
    let collections = collections(rule);
    for path in texts(rule).into_iter().flat_map(Template::paths).chain(group_by(rule)) {
        shown(rule, &collections, path, &mut needs);
    }
    for name in &rule.report.show {
        let has = |collection: &&Collection| collection.property(name).is_some();
        needs.extend(collections.iter().filter(has).map(|collection| need(*collection, Some(name))));
    }
    if !rule.report.audit.is_empty() {
        needs.push(need(Collection::DirectoryAudits, None));
    }
    tidy(&mut needs);
    needs
}

fn tidy(needs: &mut Vec<Need>) {
    needs.sort();
    needs.dedup();
}

fn need(collection: Collection, property: Option<&str>) -> Need {
    Need { collection, property: property.map(str::to_owned) }
}

/// The collections whose objects a rule's findings are about.
fn collections(rule: &Rule) -> BTreeSet<Collection> {
    let mut found = BTreeSet::new();
    for check in &rule.checks {
        match &check.kind {
            CheckKind::Duplicate(duplicate) => found.extend(duplicate.over.iter().map(|(collection, _)| *collection)),
            CheckKind::Native(native) => found.extend(native.reads.iter().map(|read| read.collection)),
            _ => found.extend(over(check).map(|over| over.collection)),
        }
    }
    found
}

fn group_by(rule: &Rule) -> impl Iterator<Item = &Path> {
    rule.checks.iter().flat_map(|check| &check.group_by)
}

fn texts(rule: &Rule) -> Vec<&Template> {
    let messages = rule.checks.iter().flat_map(|check| templates(&check.message));
    let fixes = rule.fixes.iter().flat_map(|fix| {
        let optional =
            [&fix.note, &fix.portal, &fix.powershell, &fix.verify, &fix.worked_when, &fix.undo, &fix.takes_effect];
        let values = fix.set.iter().flat_map(|(_, value)| match value {
            SetValue::Text(text) => vec![text],
            SetValue::Value(_) => Vec::new(),
            SetValue::List { add, remove } => add.iter().chain(remove).collect(),
        });
        std::iter::once(&fix.title).chain(optional.into_iter().flatten()).chain(values)
    });
    messages.chain(fixes).collect()
}

fn templates(message: &Message) -> impl Iterator<Item = &Template> {
    std::iter::once(&message.one).chain(&message.many)
}

/// Adds what a path of a text reads. A name that is no property is one that the check itself provides.
fn shown(rule: &Rule, collections: &BTreeSet<Collection>, path: &Path, needs: &mut Vec<Need>) {
    let Some(name) = path.segments.first() else { return };
    let starts: Vec<Collection> = match path.alias {
        Alias::Object => collections.iter().copied().collect(),
        Alias::Item | Alias::Settings => Vec::new(), // an element of a list that the check reads, or what no export holds
        Alias::Actor | Alias::Target => vec![Collection::Users],
        Alias::Organization => vec![Collection::Organization],
        Alias::LookUp(index) => {
            rule.look_ups.get(usize::from(index)).map(|look_up| look_up.collection).into_iter().collect()
        }
    };
    for collection in starts {
        match collection.property(name) {
            Some(property) if property.computed => {
                needs.extend(from(collection, property.name));
            }
            Some(_) => needs.push(need(collection, Some(&path.segments.join(".")))),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::load::Packs;

    #[test]
    fn texts_count_as_read() {
        let packs = Packs::builtin().unwrap();
        let rule = packs.rule("usage-location-missing").unwrap();
        let decides = decides_by(rule);
        let all = all(rule);
        let has = |needs: &[Need], collection, property: &str| needs.contains(&need(collection, Some(property)));
        assert!(has(&decides, Collection::Users, "usageLocation"));
        assert!(!has(&decides, Collection::Organization, "countryLetterCode"), "only a fix proposes it");
        assert!(has(&all, Collection::Organization, "countryLetterCode"));
        assert!(has(&all, Collection::Users, "displayName"));
        assert!(all.contains(&need(Collection::DirectoryAudits, None)));
    }
}
