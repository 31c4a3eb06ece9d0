//! What a rule sees while it looks at one object: the object, the element of its list, the people of a request, what it looks up.

mod found;

use std::borrow::Cow;
use std::sync::Arc;

pub use found::Found;
use found::Searched;

use super::compile::{Base, CompiledLookUp, CompiledPath};
use super::passing::{Passing, Taken};
use super::value::{Value, inside, texts};
use super::world::World;
use crate::json::Raw;
use crate::pack::tables::Tables;
use crate::tenant::known::Search;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, is_expanded};

/// The object that is checked.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// As the pass over the dump takes it.
    Passing(&'a Passing<'a>),
    /// Read back in full.
    Object(&'a Arc<Object>),
}

/// The element of a list.
#[derive(Clone, Copy)]
pub enum Element<'a> {
    /// Taken apart in the pass.
    Taken(Taken<'a>),
    /// As it stands.
    Raw(Raw<'a>),
}

impl<'a> Element<'a> {
    /// The value of a name inside it.
    #[inline]
    fn get(&self, path: &CompiledPath) -> Option<Raw<'a>> {
        match self {
            Self::Taken(taken) if path.name.is_empty() => Some(taken.whole()),
            Self::Taken(taken) if path.slot != usize::MAX => taken.get(path.slot),
            Self::Taken(_) => None,
            Self::Raw(raw) => raw.get(&path.name),
        }
    }
}

/// What a rule sees.
pub struct Scope<'a> {
    /// The object.
    pub subject: Subject<'a>,
    /// The element of `each`.
    pub item: Option<Element<'a>>,
    /// Everything else; none in the pass.
    pub world: Option<&'a World<'a>>,
    /// The tables, which the pass knows too.
    pub tables: &'a Tables,
    look_ups: &'a [CompiledLookUp],
    /// The object is one of the home tenant.
    at_home: bool,
    /// What was found so far; nothing in the pass, where nothing is searched.
    searched: Option<Box<Searched>>,
}

impl<'a> Scope<'a> {
    /// In the pass: nothing but the object itself and the tables is known.
    pub fn passing(subject: &'a Passing<'a>, tables: &'a Tables) -> Self {
        Self::new(Subject::Passing(subject), None, tables, &[])
    }

    /// With everything known.
    pub fn known(object: &'a Arc<Object>, world: &'a World<'a>, look_ups: &'a [CompiledLookUp]) -> Self {
        Self::new(Subject::Object(object), Some(world), world.tables, look_ups)
    }

    /// An object that a look-up found, perhaps in the home tenant.
    pub(super) fn found_by_look_up(object: &'a Arc<Object>, world: &'a World<'a>, at_home: bool) -> Self {
        Self { at_home, ..Self::known(object, world, &[]) }
    }

    fn new(
        subject: Subject<'a>,
        world: Option<&'a World<'a>>,
        tables: &'a Tables,
        look_ups: &'a [CompiledLookUp],
    ) -> Self {
        let searched = world.map(|_| Box::new(Searched::new(look_ups.len())));
        Self { subject, item: None, world, tables, look_ups, at_home: false, searched }
    }

    /// The same object with an element of its list; what was looked up without the element is kept.
    pub fn with_item(&self, item: Element<'a>) -> Scope<'a> {
        Scope {
            subject: self.subject,
            item: Some(item),
            world: self.world,
            tables: self.tables,
            look_ups: self.look_ups,
            at_home: self.at_home,
            searched: self.searched.as_ref().map(|searched| Box::new(searched.people())),
        }
    }

    /// The value of a path in the pass where it simply stands there; nothing says no more than that [`Scope::value`] must be asked.
    #[inline]
    pub(super) fn at_hand<'s>(&'s self, path: &CompiledPath, element: Option<Element<'s>>) -> Option<Raw<'s>> {
        let Subject::Passing(passing) = self.subject else { return None };
        if !path.rest.is_empty() {
            return None;
        }
        match path.base {
            Base::Object => passing.get(path.slot),
            Base::Item => self.item?.get(path),
            Base::Element => element?.get(path),
            _ => None,
        }
    }

    /// Whether a list is known to lack elements: what is not among those it has may be among the others.
    pub(super) fn is_cut(&self, path: &CompiledPath) -> bool {
        let Some(link) = path.cut else { return false };
        match (path.base, self.subject) {
            (Base::Object, Subject::Passing(passing)) => {
                let follows = passing.get(link).is_some_and(|link| !link.is_empty());
                follows || passing.get(path.slot).is_some_and(is_expanded)
            }
            (Base::Object, Subject::Object(object)) => object.is_cut(&path.name),
            (Base::Item | Base::Element | Base::Settings, _) => false,
            (base, _) => matches!(self.found(base), Found::Object(object) if object.is_cut(&path.name)),
        }
    }

    /// The value of a path; `element` is the element that `any` or `all` is at.
    pub fn value<'s>(&'s self, path: &CompiledPath, element: Option<Element<'s>>) -> Value<'s>
    where
        'a: 's,
    {
        let start = match path.base {
            Base::Object => match self.subject {
                Subject::Passing(passing) => match passing.get(path.slot) {
                    Some(raw) => Some(Cow::Borrowed(raw.bytes())),
                    None => match path.made_of {
                        Some((slot, make)) => match passing.get(slot) {
                            Some(raw) => return Value::Json(Cow::Owned(make(raw).to_string().into_bytes())),
                            None => return Value::Unknown(path.need),
                        },
                        None if path.computed => return Value::Pending,
                        None => None,
                    },
                },
                Subject::Object(object) => match object.get(&path.name) {
                    Some(raw) => Some(Cow::Borrowed(raw.bytes())),
                    None if path.computed => return self.computed(object, path, self.at_home),
                    None => None,
                },
            },
            Base::Item | Base::Element => {
                let element = if path.base == Base::Item { self.item } else { element };
                match element {
                    None => return Value::Absent,
                    Some(Element::Raw(raw)) if path.name.is_empty() => Some(Cow::Borrowed(raw.bytes())),
                    Some(element) => element.get(path).map(|raw| Cow::Borrowed(raw.bytes())),
                }
            }
            Base::Settings => match self.world {
                None => return Value::Pending,
                // What the user did not say is not missing from the export.
                Some(world) => match world.settings.json(&path.name) {
                    Some(json) => Some(Cow::Owned(json)),
                    None => return Value::Absent,
                },
            },
            base => match self.found(base) {
                Found::Pending => return Value::Pending,
                Found::Unknown(needs) => return Value::Unknown(needs | path.need),
                Found::Nothing | Found::NotAsked => return Value::Absent,
                Found::Object(object) => match object.get(&path.name) {
                    Some(raw) => Some(Cow::Owned(raw.bytes().to_vec())),
                    None if path.computed => return self.computed(&object, path, self.is_home(base)).into_owned(),
                    None => None,
                },
            },
        };
        match start {
            None => Value::Unknown(path.need),
            Some(json) => match inside(json, &path.rest) {
                Some(json) => Value::Json(json),
                None => Value::Unknown(path.need),
            },
        }
    }

    /// The value of a property that is in no export, and worked out of others.
    fn computed(&self, object: &Arc<Object>, path: &CompiledPath, at_home: bool) -> Value<'static> {
        let Some(world) = self.world else { return Value::Pending };
        if object.collection == Collection::Requests && path.name == "homeTenantId" {
            let id = world.home_tenant_id(object);
            return id.map_or(Value::Unknown(path.need), |json| Value::Json(Cow::Owned(json)));
        }
        let Some(known) = (if at_home { world.home.as_ref() } else { Some(&world.known) }) else {
            return Value::Unknown(path.need);
        };
        let target = || match self.found(Base::Target) {
            Found::Object(target) => Search::Object(target),
            Found::Nothing | Found::NotAsked => Search::Nothing,
            Found::Pending | Found::Unknown(_) => Search::Unknown,
        };
        match known.computed(object, &path.name, path.rest.first().map(String::as_str), &target) {
            Some(json) => Value::Json(Cow::Owned(json)),
            None => Value::Unknown(path.need),
        }
    }

    /// The texts of a path, filtered; nothing if they are not known.
    pub fn texts(&self, path: &CompiledPath) -> Vec<String> {
        match self.value(path, None) {
            Value::Json(json) => texts(&json, &path.filters),
            _ => Vec::new(),
        }
    }
}
