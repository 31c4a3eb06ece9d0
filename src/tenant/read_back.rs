//! Objects, read back in full at their places, and kept a while: they are asked for again soon.

use std::sync::Arc;

use hashbrown::HashMap;
use parking_lot::Mutex;

use super::schema::Collection;
use super::{Object, ObjectId, Part, TENANT, Tenant};
use crate::dump::Source;

/// How many bytes of objects are kept.
const MAX_KEPT: usize = 8 << 20;

/// What was read back.
#[derive(Debug, Default)]
pub(super) struct ReadBack {
    kept: Mutex<Kept>,
    broken: Mutex<Option<String>>,
}

#[derive(Debug, Default)]
struct Kept {
    objects: HashMap<ObjectId, Arc<Object>>,
    bytes: usize,
}

impl ReadBack {
    fn get(&self, number: ObjectId) -> Option<Arc<Object>> {
        self.kept.lock().objects.get(&number).cloned()
    }

    fn keep(&self, object: &Arc<Object>) {
        let size = object.parts.iter().map(|part| part.text.len()).sum::<usize>();
        let mut kept = self.kept.lock();
        let old = if kept.bytes + size > MAX_KEPT { std::mem::take(&mut *kept) } else { Kept::default() };
        kept.bytes += size;
        kept.objects.insert(object.number, Arc::clone(object));
        drop(kept);
        // Freeing thousands of objects takes a while, in which other threads may go on.
        drop(old);
    }

    /// Forgets everything: what objects are made of has changed.
    pub(super) fn forget(&self) {
        *self.kept.lock() = Kept::default();
    }
}

impl Tenant {
    /// An object, read back in full.
    pub fn object(&self, number: ObjectId) -> Arc<Object> {
        if number == TENANT {
            let parts = self.organization().map(|organization| organization.parts.clone()).unwrap_or_default();
            return Arc::new(Object { number, collection: Collection::Organization, parts });
        }
        if let Some(object) = self.read_back.get(number) {
            return object;
        }
        let object = Arc::new(self.object_once(number));
        self.read_back.keep(&object);
        object
    }

    /// An object, read back and not kept: for who goes through many objects and asks for none again.
    pub fn object_once(&self, number: ObjectId) -> Object {
        if number == TENANT {
            return Object::clone(&self.object(number));
        }
        let collection = self.kind(number);
        let mut parts: Vec<Part> = std::iter::once(&number)
            .chain(self.merged.get(&number).into_iter().flatten())
            .map(|part| self.part(*part))
            .collect();
        if let (Some(text), Some(first)) = (self.over.get(&number), parts.first()) {
            parts.insert(0, Part::new(first.source, text.clone(), Arc::default()));
        }
        Object { number, collection, parts }
    }

    /// Frees what is kept of objects that were read back.
    pub fn forget(&self) {
        self.read_back.forget();
    }

    pub(super) fn part(&self, number: ObjectId) -> Part {
        let place = self.places[number.0 as usize];
        let source = &self.sources[place.source as usize];
        let text = match source.text(place) {
            Ok(text) => text.into_owned(),
            Err(error) => {
                self.read_back.broken.lock().get_or_insert(format!("{}: {error}", source.path));
                b"{}".to_vec()
            }
        };
        Part::new(place.source, text, Arc::clone(&source.masked))
    }

    /// What went wrong while objects were read back, if anything did: a report of what was read before would mislead.
    pub fn broken(&self) -> Option<String> {
        let changed = |source: &Source| Some(format!("{}: {}", source.path, source.is_unchanged().err()?));
        self.read_back.broken.lock().clone().or_else(|| self.sources.iter().find_map(changed))
    }
}
