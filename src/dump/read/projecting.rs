//! What the threads do with the objects of a source: they take the wanted properties and hand them to a visitor.

use std::collections::BTreeMap;

use super::{Masks, Record, Visitor};
use crate::dump::blocks::Worker;
use crate::dump::document::Expected;
use crate::dump::project::{Projector, Slots};
use crate::dump::recognise::{Keys, Tell};
use crate::dump::source::Place;
use crate::json::Scan;
use crate::tenant::schema::Collection;

/// Reads the wanted properties of each object for a visitor.
pub(super) struct Projecting<'a, V> {
    pub(super) source: u32,
    pub(super) offset: u64,
    pub(super) wanted: &'a [Vec<String>],
    pub(super) masks: &'a Masks,
    pub(super) projectors: Vec<Option<Projector>>,
    pub(super) asides: Asides,
    pub(super) slots: Slots,
    pub(super) visitor: V,
}

/// How many objects there were, and how many of them had each property.
pub(super) type Counts = Vec<(Collection, usize, BTreeMap<String, usize>)>;

/// Calls that failed, among the objects of a collection: code and message.
pub(super) type Errors = Vec<(Collection, String, String)>;

/// What stood among the objects and is none.
#[derive(Default)]
pub(super) struct Asides {
    pub(super) errors: Errors,
    /// Objects that are said to be gone.
    pub(super) removed: BTreeMap<Collection, usize>,
    /// Users stood in a list of deleted ones.
    pub(super) has_users_among_deleted: bool,
}

/// Read of every object: a deleted user may stand in a list of users.
const DELETED: &str = "deletedDateTime";

impl<V> Projecting<'_, V> {
    /// Reads the properties of an object as one of a collection; nothing is counted yet.
    #[inline]
    fn look(&mut self, collection: Collection, bytes: &[u8], at: usize) -> Result<(usize, Tell), Scan> {
        let index = collection as usize;
        let projector = self.projectors[index].get_or_insert_with(|| {
            let wanted = &self.wanted[index];
            Projector::new(
                &wanted.iter().map(String::as_str).chain(is_user(collection).then_some(DELETED)).collect::<Vec<_>>(),
            )
        });
        Ok((projector.look(bytes, at, &mut self.slots)?, projector.tell()))
    }

    /// Whether the object that was looked at is a deleted one.
    fn is_deleted(&self, collection: Collection, bytes: &[u8]) -> bool {
        let wanted = &self.wanted[collection as usize];
        let slot = wanted.iter().position(|name| name == DELETED).unwrap_or(wanted.len());
        self.slots.get(bytes, slot).is_some_and(|date| !date.is_empty())
    }

    /// What the object that was looked at is, if it is not what it was believed to be.
    #[inline]
    fn actual(&self, expected: Expected, tell: Tell, bytes: &[u8], at: usize) -> Result<Collection, Scan> {
        let mut collection = expected.collection;
        if !expected.told {
            match tell {
                Tell::Kind(Collection::Users) if is_user(collection) => {}
                Tell::Kind(kind) => collection = kind,
                Tell::Named => collection = Keys::peek(bytes, at)?.collection().unwrap_or(collection),
                Tell::Nothing | Tell::Error | Tell::Removed | Tell::Model => {}
            }
        }
        if is_user(expected.collection)
            && is_user(collection)
            && !(expected.told && collection == Collection::DeletedUsers)
        {
            let is_user_for_sure = expected.told || tell == Tell::Kind(Collection::Users);
            if self.is_deleted(expected.collection, bytes) {
                collection = Collection::DeletedUsers;
            } else if is_user_for_sure {
                collection = Collection::Users;
            }
        }
        Ok(collection)
    }
}

pub(super) fn is_user(collection: Collection) -> bool {
    matches!(collection, Collection::Users | Collection::DeletedUsers)
}

impl<V: Visitor> Worker for Projecting<'_, V> {
    type Batch = (V::Batch, Counts, Asides);

    fn begin(&mut self, offset: u64) {
        self.offset = offset;
    }

    #[inline]
    fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let (end, tell) = self.look(expected.collection, bytes, at)?;
        match tell {
            Tell::Error => {
                let (code, message) = Keys::peek(&bytes[..end], at)?.error();
                self.asides.errors.push((expected.collection, code, message));
                return Ok(end);
            }
            Tell::Removed => {
                *self.asides.removed.entry(expected.collection).or_default() += 1;
                return Ok(end);
            }
            Tell::Model if Keys::peek(&bytes[..end], at)?.is_model() => return Ok(end),
            _ => {}
        }
        let collection = self.actual(expected, tell, bytes, at)?;
        self.asides.has_users_among_deleted |=
            expected.collection == Collection::DeletedUsers && collection == Collection::Users;
        if collection != expected.collection {
            self.look(collection, bytes, at)?;
            if collection == Collection::Users && self.is_deleted(collection, bytes) {
                return self.take(Expected { collection: Collection::DeletedUsers, told: true }, bytes, at);
            }
        }
        let index = collection as usize;
        if let Some(projector) = &mut self.projectors[index] {
            projector.count();
        }
        let masked = self.masks.get(index).map_or(&[][..], Vec::as_slice);
        let record = Record { bytes, slots: &self.slots, masked };
        let place = Place { source: self.source, offset: self.offset + at as u64, length: (end - at) as u32 };
        self.visitor.object(collection, record, place);
        Ok(end)
    }

    fn finish(&mut self) -> Self::Batch {
        let mut counts = Counts::new();
        for (collection, projector) in Collection::all().zip(&mut self.projectors) {
            if let Some(projector) = projector {
                let (count, properties) = projector.take_counts();
                if count > 0 {
                    counts.push((collection, count, properties));
                }
            }
        }
        (self.visitor.finish(), counts, std::mem::take(&mut self.asides))
    }
}
