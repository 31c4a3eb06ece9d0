//! What a rule sees while it looks at one object: the object, the element of its list, the people of a request, what it looks up.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::compile::{Base, CompiledLookUp, CompiledPath, Needs};
use super::passing::{Passing, Taken};
use super::world::World;
use crate::json::Raw;
use crate::pack::model::Filter;
use crate::pack::tables::Tables;
use crate::tenant::known::Search;
use crate::tenant::schema::Collection;
use crate::tenant::{Object, address, as_of, is_expanded};

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

/// What a look-up found.
#[derive(Clone, Debug)]
pub enum Found {
    /// The pass cannot know it yet.
    Pending,
    /// It cannot be told: this is missing.
    Unknown(Needs),
    /// Nothing, and what was searched is complete.
    Nothing,
    /// Nobody gave the home tenant's dump, so nobody asks.
    NotAsked,
    /// An object.
    Object(Arc<Object>),
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// The pass cannot know it yet.
    Pending,
    /// It was not collected, or cannot be told: this is missing.
    Unknown(Needs),
    /// What it would be read from is not there.
    Absent,
    /// Its JSON text.
    Json(Cow<'a, [u8]>),
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

/// What the aliases of a scope stand for, as far as somebody asked.
struct Searched {
    look_ups: Vec<OnceCell<Found>>,
    actor: OnceCell<Found>,
    target: OnceCell<Found>,
    organization: OnceCell<Found>,
}

impl Searched {
    fn new(look_ups: usize) -> Self {
        Self {
            look_ups: vec![OnceCell::new(); look_ups],
            actor: OnceCell::new(),
            target: OnceCell::new(),
            organization: OnceCell::new(),
        }
    }

    /// The same people, and nothing looked up.
    fn people(&self) -> Self {
        Self {
            look_ups: vec![OnceCell::new(); self.look_ups.len()],
            actor: self.actor.clone(),
            target: self.target.clone(),
            organization: self.organization.clone(),
        }
    }
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

    /// What an alias stands for.
    pub fn found(&self, base: Base) -> Found {
        let (Some(world), Some(searched)) = (self.world, &self.searched) else { return Found::Pending };
        match base {
            Base::Object | Base::Item | Base::Element => match self.subject {
                Subject::Object(object) => Found::Object(Arc::clone(object)),
                Subject::Passing(_) => Found::Pending,
            },
            Base::Actor => searched.actor.get_or_init(|| self.person(world, "actor", false)).clone(),
            Base::Target | Base::Licensee => searched.target.get_or_init(|| self.person(world, "target", true)).clone(),
            Base::Organization => searched
                .organization
                .get_or_init(|| match world.organization() {
                    Some(organization) => Found::Object(organization),
                    None if world.tenant.is_complete(Collection::Organization) => Found::Nothing,
                    None => Found::Unknown(0),
                })
                .clone(),
            Base::Settings => Found::Nothing,
            Base::LookUp(index) => match searched.look_ups.get(index) {
                Some(cell) => cell.get_or_init(|| self.look_up(world, &self.look_ups[index])).clone(),
                None => Found::Nothing,
            },
        }
    }

    /// What a look-up into the home tenant found; nothing for other look-ups, which are not made for this.
    pub fn found_if_home(&self, base: Base) -> Option<Found> {
        let Base::LookUp(index) = base else { return None };
        let is_home = self.look_ups.get(index).is_some_and(|look_up| look_up.home);
        (is_home && self.world.is_some_and(|world| world.home.is_none())).then_some(Found::NotAsked)
    }

    /// Whether a request asks licenses for a user who is not there yet.
    pub(super) fn is_for_newcomer(&self) -> bool {
        match (self.subject, self.world) {
            (Subject::Object(request), Some(world)) => world.newcomer(request).is_some(),
            _ => false,
        }
    }

    /// The person (or group) that the request names; a request that names nobody is about nobody.
    fn person(&self, world: &World<'_>, property: &str, or_group: bool) -> Found {
        let Subject::Object(request) = self.subject else { return Found::Pending };
        match request.text(property) {
            Some(name) => match world.person(&name, or_group) {
                Search::Object(object) => Found::Object(object),
                Search::Nothing => Found::Nothing,
                Search::Unknown => Found::Unknown(0),
            },
            None => Found::Unknown(0),
        }
    }

    fn look_up(&self, world: &World<'_>, look_up: &CompiledLookUp) -> Found {
        let mut wanted = Vec::new();
        for (there, here) in &look_up.matches {
            let texts = match self.value(here, None) {
                Value::Pending => return Found::Pending,
                Value::Unknown(needs) => return Found::Unknown(needs),
                Value::Absent => return Found::Nothing,
                Value::Json(json) => texts(&json, &here.filters),
            };
            if texts.is_empty() {
                return Found::Nothing;
            }
            wanted.push((there, texts));
        }
        let except: Vec<_> = look_up
            .except
            .iter()
            .map(|(there, here)| match self.value(here, None) {
                Value::Json(json) => (there, Some(texts(&json, &here.filters))),
                _ => (there, None),
            })
            .collect();
        let own = match self.subject {
            Subject::Object(object) => Some(object.number),
            Subject::Passing(_) => None,
        };
        world.find(look_up, &wanted, &except, own)
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
                    None if path.computed => return own(self.computed(&object, path, self.is_home(base))),
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

    fn is_home(&self, base: Base) -> bool {
        matches!(base, Base::LookUp(index) if self.look_ups.get(index).is_some_and(|look_up| look_up.home))
    }

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

fn own(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Pending => Value::Pending,
        Value::Unknown(needs) => Value::Unknown(needs),
        Value::Absent => Value::Absent,
        Value::Json(json) => Value::Json(Cow::Owned(json.into_owned())),
    }
}

/// The value of names further inside; of a list, the list of its elements' values. Nothing if a name is not there.
pub fn inside<'a>(json: Cow<'a, [u8]>, rest: &[String]) -> Option<Cow<'a, [u8]>> {
    let Some((name, deeper)) = rest.split_first() else { return Some(json) };
    let raw = Raw::new(&json);
    if raw.is_null() {
        return Some(json);
    }
    if raw.is_list() {
        let mut list = vec![b'['];
        for item in raw.items() {
            let value = inside(Cow::Borrowed(item.get(name)?.bytes()), deeper)?;
            if list.len() > 1 {
                list.push(b',');
            }
            list.extend_from_slice(&value);
        }
        list.push(b']');
        return Some(Cow::Owned(list));
    }
    let value = match &json {
        Cow::Borrowed(bytes) => Cow::Borrowed(Raw::new(bytes).get(name)?.bytes()),
        Cow::Owned(_) => Cow::Owned(raw.get(name)?.bytes().to_vec()),
    };
    inside(value, deeper)
}

/// The texts of a value: of a list its elements', of nothing none. Filters that have no answer for a text drop it.
pub fn texts(json: &[u8], filters: &[Filter]) -> Vec<String> {
    let raw = Raw::new(json);
    let filtered = |text: String| filters.iter().try_fold(text, |text, filter| apply(*filter, text));
    raw.items().filter(|item| !item.is_empty()).filter_map(|item| filtered(item.display().into_owned())).collect()
}

/// A filter's answer; filters that only change how a value is shown leave it as it is.
pub fn apply(filter: Filter, text: String) -> Option<String> {
    match filter {
        Filter::Domain => address::domain(&text),
        Filter::Local => address::local(&text).map(str::to_owned),
        Filter::Lower => Some(text.to_lowercase()),
        Filter::Address | Filter::Smtp => address::address(&text),
        Filter::ExtAddress => address::ext_address(&text),
        Filter::Date => Some(day(&text)),
        Filter::Subscription => subscription(&text),
        Filter::XmlText => Some(xml_text(&text)),
        Filter::Product | Filter::Plan | Filter::Role | Filter::LicenseError | Filter::Meaning | Filter::Plain => {
            Some(text)
        }
    }
}

/// The day of a date, in UTC; what is no date stays as it is.
fn day(text: &str) -> String {
    as_of::timestamp(text).map_or_else(|| text.to_owned(), |date| date.strftime("%Y-%m-%d").to_string())
}

/// The id of the Azure subscription that a scope lies in, in lower case.
fn subscription(scope: &str) -> Option<String> {
    let mut parts = scope.trim().trim_start_matches('/').split('/');
    let is_one = parts.next()?.eq_ignore_ascii_case("subscriptions");
    parts.next().filter(|id| is_one && !id.is_empty()).map(str::to_lowercase)
}

/// How much of an error's text is shown.
const MAX_XML_TEXT: usize = 300;

/// The text of an error in XML: that of its description, else everything but the tags.
fn xml_text(xml: &str) -> String {
    let inner = xml.split_once("<ErrorDescription>").and_then(|(_, rest)| rest.split_once("</ErrorDescription>"));
    let mut text = String::new();
    let mut in_tag = false;
    for letter in inner.map_or(xml, |(inner, _)| inner).chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            letter if !in_tag => text.push(letter),
            _ => {}
        }
    }
    for (entity, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
        text = text.replace(entity, letter);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_XML_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_its_subscription() {
        for (scope, id) in [
            ("/subscriptions/ABC", Some("abc")),
            ("/Subscriptions/abc/resourceGroups/one", Some("abc")),
            ("/providers/Microsoft.Management/managementGroups/abc", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(apply(Filter::Subscription, scope.to_owned()).as_deref(), id, "{scope}");
        }
    }

    #[test]
    fn an_error_in_xml_is_read_as_text() {
        let xml = "<ServiceInstance><ErrorRecord><ErrorCode>x</ErrorCode><ErrorDescription>The value &quot;a&quot;\n is taken.\
                   </ErrorDescription></ErrorRecord></ServiceInstance>";
        assert_eq!(xml_text(xml), "The value \"a\" is taken.");
        assert_eq!(xml_text("<a>one</a><b>two &lt;</b>"), "one two <");
        assert_eq!(xml_text("plain"), "plain");
    }

    #[test]
    fn the_day_of_a_date_is_told_however_it_is_written() {
        for text in ["2026-01-09T21:20:02Z", "/Date(1767993602000)/", "2026-01-09", "2026-01-10T02:20:02+05:00"] {
            assert_eq!(apply(Filter::Date, text.to_owned()).as_deref(), Some("2026-01-09"), "{text}");
        }
        assert_eq!(apply(Filter::Date, "soon, perhaps".to_owned()).as_deref(), Some("soon, perhaps"));
    }
}
