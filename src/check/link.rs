//! Whether two objects belong together: a look-up by an id and by what stands in a list of the object with that id, as in "is this
//! user a member of that group?"
//!
//! As many objects may ask as there are in a tenant, and each asks about itself. So the pass notes what an object asks as hashes,
//! and the answers are looked up in the set of all that belong together: no object is read back.

use hashbrown::HashSet;

use super::compile::{Base, CompiledLookUp, CompiledPath};
use super::judge::over_items;
use super::passing::{Passing, Shape};
use super::scope::Scope;
use super::truth::Truth;
use super::value::{Value, texts};
use crate::tenant::schema::Collection;
use crate::tenant::tallies::text_mark;

/// A look-up that asks whether an object belongs to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where the object with the list is.
    pub collection: Collection,
    /// Its list.
    pub list: CompiledPath,
    /// The id of the object with the list, from the object that asks.
    pub to: CompiledPath,
    /// The slot of the property that is searched in the list, of the object that asks.
    pub own: usize,
    /// The list whose elements ask, if not the object itself.
    each: Option<CompiledPath>,
}

/// All that belongs together, by [`crate::tenant::tallies::mark`].
pub type Links = HashSet<u64>;

impl Link {
    /// The link that a look-up asks for; nothing if it asks for more or less than that.
    pub fn of(look_up: &CompiledLookUp, each: Option<&CompiledPath>) -> Option<Self> {
        let is_plain = |path: &CompiledPath| !path.computed && path.filters.is_empty();
        let is_own = |path: &CompiledPath| is_plain(path) && matches!(path.base, Base::Object | Base::Item);
        let is_id = |path: &CompiledPath| path.name == "id" && path.rest.is_empty();
        let [one, other] = look_up.matches.as_slice() else { return None };
        let ((id, to), (list, what)) = if is_id(&one.0) { (one, other) } else { (other, one) };
        let is_link = is_id(id) && !is_id(list) && is_plain(id) && is_plain(list);
        let is_asked = is_own(to) && is_plain(what) && what.base == Base::Object && what.rest.is_empty();
        let is_all = !look_up.home && look_up.except.is_empty() && look_up.such.is_none();
        let is_each_own = each.is_none_or(|each| each.base == Base::Object && is_plain(each));
        (is_link && is_asked && is_all && is_each_own).then(|| Self {
            collection: look_up.collection,
            list: list.clone(),
            to: to.clone(),
            own: what.slot,
            each: each.cloned(),
        })
    }

    /// Writes the marks of the ids that an object asks for, and how many there are of each element that counts.
    pub fn ask(
        &self,
        passing: &Passing<'_>,
        scope: &Scope<'_>,
        counts_at_all: &dyn Fn(&Scope<'_>) -> bool,
        asks: &mut Vec<u64>,
        counts: &mut Vec<u8>,
    ) {
        let own = passing.shape(self.own);
        counts.push(own as u8);
        let mut one = |scope: &Scope<'_>| {
            let ids = asked(&self.to, scope, counts);
            if own == Shape::Text {
                asks.extend(ids.iter().map(|id| text_mark(id)));
            }
        };
        match &self.each {
            None => one(scope),
            Some(each) => {
                over_items(each, scope, &mut |items| {
                    items.map(|item| scope.with_item(item)).filter(counts_at_all).for_each(|scope| one(&scope));
                    Truth::False
                });
            }
        }
        if own == Shape::Other {
            // What is not one text is compared as it stands when the object is read back.
            counts.extend_from_slice(passing.get(self.own).map_or(&[][..], |own| own.bytes()));
        }
    }
}

/// The texts that are asked about; how many they are, or why there are none, goes into the signature.
fn asked(path: &CompiledPath, scope: &Scope<'_>, counts: &mut Vec<u8>) -> Vec<String> {
    let (tag, texts) = match scope.value(path, None) {
        Value::Json(json) => (0, texts(&json, &[])),
        Value::Unknown(_) => (1, Vec::new()),
        Value::Absent => (2, Vec::new()),
        Value::Pending => (3, Vec::new()),
    };
    counts.push(tag);
    counts.extend_from_slice(&(texts.len() as u32).to_le_bytes());
    texts
}
