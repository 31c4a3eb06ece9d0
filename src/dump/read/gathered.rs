//! What a source says about itself while it is read, and what is made of that in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::projecting::{Asides, Counts, is_user};
use crate::dump::blocks::End;
use crate::dump::document::{Event, Loss, Top};
use crate::dump::input::Failure;
use crate::dump::source::{Format, Incomplete, Section, Source, Store};
use crate::tenant::schema::Collection;

/// What a source says about itself while it is read.
#[derive(Default)]
pub(in crate::dump) struct Gathered {
    pub(in crate::dump) sections: BTreeMap<Collection, Section>,
    pub(in crate::dump) exported_at: Option<String>,
    pub(in crate::dump) notes: Vec<(&'static str, String)>,
    pub(super) top: Option<Top>,
    pub(super) foreign: Option<&'static str>,
    pub(super) unknown_objects: usize,
    /// How many keys named no collection.
    pub(super) unknown_keys: usize,
    /// How many objects it says are gone.
    pub(super) removed: usize,
    /// The collection that was last begun.
    pub(super) last: Option<Collection>,
    /// What the last page of each collection is a page of.
    pub(super) chains: BTreeMap<Collection, u64>,
    /// A call that failed, for nobody knows what.
    pub(super) stray_error: Option<(String, String)>,
    /// The collections that have a list, and not only objects that stood elsewhere.
    pub(super) listed: BTreeSet<Collection>,
    /// A list that seemed to be of deleted users holds others too.
    pub(in crate::dump) has_users_among_deleted: bool,
}

/// So many keys that name no collection are named.
const MAX_UNKNOWN_KEYS: usize = 20;

impl Gathered {
    pub(super) fn take(&mut self, counts: Counts, asides: Asides, events: Vec<Event>) {
        for (collection, count, properties) in counts {
            let section = self.sections.entry(collection).or_default();
            section.count += count;
            for (name, count) in properties {
                *section.properties.entry(name).or_default() += count;
            }
        }
        self.has_users_among_deleted |= asides.has_users_among_deleted;
        for (collection, count) in asides.removed {
            self.removed += count;
            self.sections.entry(collection).or_default().incomplete.get_or_insert(Incomplete::DeltaLink);
        }
        for (collection, code, message) in asides.errors {
            self.sections.entry(collection).or_default().error = Some((code, message));
        }
        for event in events {
            self.event(event);
        }
    }

    fn event(&mut self, event: Event) {
        let mut section = |collection: Option<Collection>, change: &dyn Fn(&mut Section)| {
            if let Some(collection) = collection {
                change(self.sections.entry(collection).or_default());
            }
        };
        match event {
            Event::Section(collection) => {
                section(Some(collection), &|_| {});
                self.listed.insert(collection);
                self.last = Some(collection);
            }
            Event::Alone(collection) => {
                section(Some(collection), &|_| {});
                self.last = Some(collection);
            }
            Event::Page(collection, mut chain) => {
                // A page that does not say what it is a page of goes on with the one before.
                if let Some(collection) = collection {
                    let before = self.chains.entry(collection).or_insert(chain.of);
                    if chain.of == 0 {
                        chain.of = *before;
                    }
                    *before = chain.of;
                }
                section(collection, &|section| {
                    let (pages, links) = section.chains.entry(chain.of).or_default();
                    *pages += 1;
                    *links += usize::from(chain.goes_on);
                });
                self.listed.extend(collection);
                self.last = collection.or(self.last);
            }
            Event::Lost(collection) => section(Some(collection), &|section| {
                section.incomplete.get_or_insert(Incomplete::Lost);
            }),
            Event::Part(collection) => section(collection, &|section| {
                section.incomplete.get_or_insert(Incomplete::Part);
            }),
            Event::DeltaLink(collection) => {
                section(collection.or(self.last), &|section| section.incomplete = Some(Incomplete::DeltaLink))
            }
            Event::Error(Some(collection), code, message) => {
                self.sections.entry(collection).or_default().error = Some((code, message));
            }
            Event::Error(None, code, message) => {
                self.notes
                    .push(("error-body", format!("It holds the answer to a call that failed: {code}: {message}")));
                // Among pages it most likely stands for the next of them.
                match self.last {
                    Some(last) => self.sections.entry(last).or_default().error = Some((code, message)),
                    None => self.stray_error = Some((code, message)),
                }
            }
            Event::ExportedAt(at) => self.exported_at = Some(at),
            Event::UnknownKey(key) => {
                self.unknown_keys += 1;
                if self.unknown_keys <= MAX_UNKNOWN_KEYS {
                    let said = format!("\"{key}\" names no collection that is known; it was passed over.");
                    self.notes.push(("unknown-key", said));
                }
            }
            Event::UnknownObject => self.unknown_objects += 1,
            Event::Foreign(name) => self.foreign = Some(name),
            Event::Top(top) => self.top = self.top.or(Some(top)),
        }
    }

    /// Deleted users that stand among users are no list of all of them: that list was not asked for.
    fn doubt_deleted_users(&mut self) {
        let is_listed = |collection| self.listed.contains(&collection);
        let mut parts = Vec::new();
        if self.has_users_among_deleted
            || self.sections.contains_key(&Collection::Users) && !is_listed(Collection::DeletedUsers)
        {
            parts.push(Collection::DeletedUsers);
        }
        if self.has_users_among_deleted && !is_listed(Collection::Users) {
            parts.push(Collection::Users);
        }
        for collection in parts {
            if let Some(section) = self.sections.get_mut(&collection) {
                section.incomplete.get_or_insert(Incomplete::Part);
            }
        }
    }

    pub(in crate::dump) fn source(
        mut self,
        path: String,
        (digest, bytes): (u128, u64),
        store: Store,
        masked: Option<BTreeSet<(Collection, String)>>,
    ) -> Source {
        let mut failure = None;
        if let Some(error) = self.stray_error.take() {
            for section in self.sections.values_mut() {
                section.error.get_or_insert_with(|| error.clone());
            }
        }
        self.doubt_deleted_users();
        if let Some(more) = self.unknown_keys.checked_sub(MAX_UNKNOWN_KEYS).filter(|more| *more > 0) {
            self.notes.push(("unknown-key", format!("{more} more keys name no collection that is known.")));
        }
        if self.sections.is_empty() {
            let what = match (self.foreign, self.notes.iter().find(|(code, _)| *code == "error-body")) {
                (Some(name), _) => format!("is {}", what_and_bring(name).0),
                (None, Some((_, text))) => text.replacen("It holds", "holds nothing but", 1),
                (None, None) if bytes == 0 => "is empty".to_owned(),
                (None, None) => "holds no object of a kind that is known".to_owned(),
            };
            failure = Some(Failure {
                path: path.clone(),
                message: what,
                line: None,
                column: None,
                hint: self
                    .foreign
                    .and_then(|name| what_and_bring(name).1)
                    .unwrap_or("export the tenant again with: aaddoctor collect-script")
                    .to_owned(),
            });
        } else if let Some(name) = self.foreign {
            self.notes.push(("foreign", format!("A part of it is {name}; it was passed over.")));
        }
        if self.removed > 0 {
            let count = self.removed;
            self.notes.push(("removed", format!("Objects that it says are gone: {count}. They are not there.")));
        }
        if self.unknown_objects > 0 {
            self.notes.push((
                "unknown-objects",
                format!("Objects of no known kind, which were passed over: {}.", self.unknown_objects),
            ));
        }
        for (collection, section) in &self.sections {
            // The page sizes of Graph and of old commands: often a list that was cut at its limit.
            if matches!(section.count, 100 | 500 | 999 | 1000) && section.incompleteness().is_none() {
                self.notes.push((
                    "round-count",
                    format!("It holds exactly {} {}: perhaps only the first page.", section.count, collection.name()),
                ));
            }
        }
        let format = match self.top {
            _ if masked.is_some() => Format::PowerShell,
            Some(Top::Bundle) => Format::Bundle,
            Some(Top::Pages) => Format::Pages,
            Some(Top::Objects) => Format::Objects,
            None => Format::Unknown,
        };
        Source {
            path,
            digest,
            bytes,
            format,
            told_by_content: true,
            exported_at: self.exported_at,
            foreign: self.foreign.filter(|_| self.sections.is_empty()).map(|name| what_and_bring(name).0),
            sections: self.sections,
            notes: self.notes,
            failure,
            masked: Arc::new(masked.unwrap_or_default()),
            store,
        }
    }
}

impl Source {
    /// Notes that the reading did not reach the end.
    pub(in crate::dump) fn ended(&mut self, end: End) {
        let (message, loss) = match end {
            End::Whole => return,
            End::Cut(loss) => ("ends in the middle: it was cut off".to_owned(), loss),
            End::Bad(at, loss) => (format!("is broken behind byte {at}"), loss),
            End::Io(error, loss) => (format!("cannot be read on: {error}"), loss),
        };
        for (collection, section) in &mut self.sections {
            let is_hit = match loss {
                Loss::None => false,
                // Users and deleted users may stand in one list.
                Loss::One(one) => one == *collection || is_user(one) && is_user(*collection),
                Loss::Any => true,
            };
            if is_hit {
                section.incomplete = Some(Incomplete::Cut);
            }
        }
        self.failure.get_or_insert(Failure {
            path: self.path.clone(),
            message,
            line: None,
            column: None,
            hint: "what came before was judged; export it again for the rest".to_owned(),
        });
    }
}

/// What a report of another tool is, and what to bring instead.
fn what_and_bring(name: &'static str) -> (&'static str, Option<&'static str>) {
    match name.split_once(" (") {
        Some((what, bring)) => (what, Some(bring.trim_end_matches(')'))),
        None => (name, None),
    }
}
