//! Trying a fix on the data: does it resolve the finding, and does it cause another?

use std::collections::BTreeSet;
use std::sync::Arc;

use super::short::shortened_change;
use super::words::{Kind, Provided, fill};
use crate::check::compile::{CompiledRule, Need};
use crate::check::judge::{Judgment, judge};
use crate::check::scope::Scope;
use crate::check::world::World;
use crate::json::{Raw, encode_text};
use crate::pack::model::{Scalar, SetValue, Template};
use crate::tenant::known::addresses;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, Part, address};

/// What a fix would do to one object.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// The finding would be gone.
    pub resolves: bool,
    /// How many other rules would be content with the object.
    pub frees: usize,
    /// Rules that would find something then.
    pub creates: BTreeSet<String>,
    /// The properties, before and after, as JSON.
    pub changes: Vec<(String, Option<Vec<u8>>, Vec<u8>)>,
}

/// The rules that read a property which a fix changes, of objects of a collection: all others say after it what they said before.
pub fn affected(set: &[(String, SetValue)], collection: Collection, rules: &[CompiledRule<'_>]) -> Vec<usize> {
    let root = |property: &str| property.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let changes = |need: &Need| {
        need.collection == collection
            && need
                .property
                .as_deref()
                .is_some_and(|property| set.iter().any(|(name, _)| name.eq_ignore_ascii_case(&root(property))))
    };
    // What a request is about is read before any rule is: see `judge`.
    let is_affected = |rule: &CompiledRule<'_>| collection == Collection::Requests || rule.needs.iter().any(changes);
    (0..rules.len()).filter(|rule| is_affected(&rules[*rule])).collect()
}

/// Applies a fix's changes to an object, and judges it again by the rules that they affect. Nothing if a value is missing.
#[allow(clippy::too_many_arguments)]
pub fn attempt(
    set: &[(String, SetValue)],
    rule: usize,
    affected: &[usize],
    object: &Arc<Object>,
    scope: &Scope<'_>,
    provided: &Provided,
    rules: &[CompiledRule<'_>],
    world: &World<'_>,
) -> Option<Tried> {
    let mut text = vec![b'{'];
    let mut tried = Tried::default();
    for (name, value) in set {
        let before = object.get(name);
        let after = value_after(value, before, scope, provided)?;
        if text.len() > 1 {
            text.push(b',');
        }
        encode_text(name, &mut text);
        text.push(b':');
        text.extend_from_slice(&after);
        let (short_before, short_after) = shortened_change(before, Raw::new(&after));
        let before = short_before.or_else(|| before.map(|raw| raw.bytes().to_vec()));
        tried.changes.push((name.clone(), before, short_after.unwrap_or(after)));
    }
    text.push(b'}');
    let mut changed = Object::clone(object);
    let source = changed.parts.first()?.source;
    changed.parts.insert(0, Part::new(source, text, std::sync::Arc::default()));
    let changed = Arc::new(changed);
    tried.resolves = !is_found(&rules[rule], &changed, world);
    for compiled in affected.iter().filter(|index| **index != rule).map(|index| &rules[*index]) {
        match (is_found(compiled, object, world), is_found(compiled, &changed, world)) {
            (true, false) => tried.frees += 1,
            (false, true) => {
                tried.creates.insert(compiled.rule.id.clone());
            }
            _ => {}
        }
    }
    if clashes(object, &changed, world) {
        tried.creates.insert("duplicate-user-name".to_owned());
    }
    Some(tried)
}

fn is_found(compiled: &CompiledRule<'_>, object: &Arc<Object>, world: &World<'_>) -> bool {
    compiled.programs.iter().filter(|program| program.collection == object.collection).any(|program| {
        let scope = Scope::known(object, world, &compiled.look_ups[&program.collection]);
        matches!(judge(compiled, program, &scope), Judgment::Found { .. })
    })
}

/// Whether a name or address that the object gets is somebody else's already.
fn clashes(before: &Object, after: &Object, world: &World<'_>) -> bool {
    let held = addresses(before);
    let new = addresses(after).into_iter().filter(|address| !held.contains(address));
    let mut new = new
        .chain(after.text("userPrincipalName").filter(|name| before.text("userPrincipalName").as_ref() != Some(name)));
    new.any(|name| {
        let wanted = address::address(&name).unwrap_or(name);
        [Collection::Users, Collection::Groups, Collection::Contacts].into_iter().any(|collection| {
            let others = world.tenant.candidates(collection, crate::tenant::keys::KeySpace::Address, &wanted);
            others.iter().any(|other| other.number != before.number && addresses(other).contains(&wanted))
        })
    })
}

fn value_after(value: &SetValue, before: Option<Raw<'_>>, scope: &Scope<'_>, provided: &Provided) -> Option<Vec<u8>> {
    let mut json = Vec::new();
    let text = |template: &Template| {
        let filled = fill(template, scope, provided, Kind::Prose);
        filled.missing.is_empty().then_some(filled.text)
    };
    match value {
        SetValue::Text(template) => encode_text(&text(template)?, &mut json),
        SetValue::Value(Scalar::Text(value)) => encode_text(value, &mut json),
        SetValue::Value(Scalar::Flag(flag)) => json.extend_from_slice(flag.to_string().as_bytes()),
        SetValue::Value(Scalar::Number(number)) => json.extend_from_slice(number.to_string().as_bytes()),
        SetValue::List { add, remove } => {
            let removed: Vec<String> = remove.iter().map(text).collect::<Option<_>>()?;
            let mut items: Vec<Vec<u8>> = before?
                .items()
                .filter(|item| {
                    !item.text().is_some_and(|text| removed.iter().any(|gone| gone.eq_ignore_ascii_case(&text)))
                })
                .map(|item| item.bytes().to_vec())
                .collect();
            for template in add {
                let mut item = Vec::new();
                encode_text(&text(template)?, &mut item);
                items.push(item);
            }
            json.push(b'[');
            json.extend(items.join(&b','));
            json.push(b']');
        }
    }
    Some(json)
}
