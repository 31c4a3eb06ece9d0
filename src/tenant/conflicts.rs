//! Values of one object that differ between sources: the newer source counts, and the report says so.

use std::collections::{BTreeMap, BTreeSet};

use super::object::Part;
use super::schema::{Collection, Kind, Property};
use super::{Tenant, as_of};
use crate::json::Raw;

/// So many objects are compared at most: they are read back for it.
const MOST: usize = 100_000;

/// Two sources, by index, the one that counts first; and a property.
type Conflict = (u32, u32, Collection, &'static str);

impl Tenant {
    /// Notes with each source in how many objects its values count against those of another.
    pub(super) fn note_conflicts(&mut self) {
        self.note_conflicts_of(MOST);
    }

    /// The same, of so many objects at most.
    pub(super) fn note_conflicts_of(&mut self, most: usize) {
        let mut found: BTreeMap<Conflict, usize> = BTreeMap::new();
        let at_least = if self.merged().nth(most).is_some() { "at least " } else { "" };
        for number in self.merged().take(most) {
            let object = self.object(number);
            for property in object.collection.schema().properties.iter().filter(|property| !property.computed) {
                let mut told = object
                    .parts
                    .iter()
                    .filter_map(|part| Some((part.source, part.told(object.collection, property.name)?)));
                let Some((first, value)) = told.next() else { continue };
                let others: BTreeSet<u32> =
                    told.filter(|(_, other)| !is_same(property, value, *other)).map(|(source, _)| source).collect();
                for other in others {
                    *found.entry((first, other, object.collection, property.name)).or_default() += 1;
                }
            }
        }
        let mut notes: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for ((first, other, collection, property), count) in found {
            let (first_of, other_of) = (&self.sources[first as usize], &self.sources[other as usize]);
            let dates = (as_of::of_source(first_of), as_of::of_source(other_of));
            let which = if dates.0 > dates.1 { ", which is older" } else { ", and nothing says which file is newer" };
            let name = collection.name();
            let path = &other_of.path;
            let text = if first == other {
                format!(
                    "Objects that stand in this file more than once, with another {name}.{property}: {at_least}{count}. One of the values counts."
                )
            } else {
                format!(
                    "Objects whose {name}.{property} is another in {path}{which}: {at_least}{count}. The values of this file count."
                )
            };
            notes.entry(first).or_default().push(text);
        }
        for (source, mut texts) in notes {
            texts.sort();
            self.sources[source as usize].notes.extend(texts.into_iter().map(|text| ("conflict", text)));
        }
    }
}

impl Part {
    /// The value of a property, if the source collected it.
    fn told(&self, collection: Collection, name: &str) -> Option<Raw<'_>> {
        let is_masked = !self.masked.is_empty() && self.masked.contains(&(collection, name.to_ascii_lowercase()));
        if is_masked { None } else { self.get(name) }
    }
}

/// Whether two values say the same, though one exporter may write it otherwise: in capitals, in another order, with another date
/// form. What lies inside objects is not compared, apart from the ids of licenses.
fn is_same(property: &Property, one: Raw<'_>, other: Raw<'_>) -> bool {
    if one.is_empty() || other.is_empty() {
        return one.is_empty() == other.is_empty();
    }
    let text = |raw: Raw<'_>| raw.display().trim().to_lowercase();
    match property.kind {
        Kind::Texts => {
            let set = |raw: Raw<'_>| raw.items().map(text).collect::<BTreeSet<_>>();
            set(one) == set(other)
        }
        Kind::Date => {
            let date =
                |raw: Raw<'_>| raw.text().and_then(|text| as_of::timestamp(&text)).map(jiff::Timestamp::as_second);
            match (date(one), date(other)) {
                (Some(one), Some(other)) => one == other,
                _ => true, // in a form that nobody knows
            }
        }
        Kind::Objects if property.name == "assignedLicenses" => {
            let set =
                |raw: Raw<'_>| raw.items().filter_map(|item| item.get("skuId")).map(text).collect::<BTreeSet<_>>();
            set(one) == set(other)
        }
        Kind::Object | Kind::Objects => true,
        _ => text(one) == text(other),
    }
}
