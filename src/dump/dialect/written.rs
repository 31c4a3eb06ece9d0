//! What a translation writes: objects as Graph has them, one a line, each with its kind.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Map, Value};

use crate::dump::source::Incomplete;
use crate::dump::spool::{Spool, Spooled};
use crate::tenant::schema::Collection;

/// An object as Graph has it.
pub(in crate::dump) type Object = Map<String, Value>;

/// The objects of a translated source, and what is to be known of them.
#[derive(Debug, Default)]
pub(in crate::dump) struct Written<'a> {
    spool: Spool<'a>,
    /// The collections that the source has, be they empty.
    pub(in crate::dump) sections: BTreeSet<Collection>,
    /// Why some of them are not complete.
    pub(in crate::dump) incomplete: BTreeMap<Collection, Incomplete>,
    /// What else is to be known: a code and a sentence.
    pub(in crate::dump) notes: Vec<(&'static str, String)>,
    /// Line and column of what cannot be read, and whether the text simply ends there.
    pub(in crate::dump) broken: Option<(u64, u64, bool)>,
    /// When the export was made.
    pub(in crate::dump) exported_at: Option<String>,
    /// The properties that have a value in some object; only kept where the format shows as empty what was not asked for.
    pub(in crate::dump) filled: Option<BTreeSet<(Collection, String)>>,
    /// How many objects were written.
    pub(super) objects: usize,
}

impl<'a> Written<'a> {
    /// To be kept in memory or, in this folder, in a temporary file.
    pub(in crate::dump) fn new(folder: Option<&'a Path>) -> Self {
        Self { spool: Spool::new(folder), ..Self::default() }
    }

    /// Writes an object of a collection.
    pub(super) fn object(&mut self, collection: Collection, object: Object) -> io::Result<()> {
        self.sections.insert(collection);
        self.objects += 1;
        if let Some(filled) = &mut self.filled {
            let is_empty = |value: &Value| match value {
                Value::Null => true,
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty(),
                _ => false,
            };
            let more = object.iter().filter(|(_, value)| !is_empty(value)).map(|(name, _)| (collection, name.clone()));
            filled.extend(more);
        }
        let mut typed = Object::new();
        typed.insert("@odata.type".to_owned(), format!("#aaddoctor.{}", collection.name()).into());
        typed.extend(object.into_iter().filter(|(key, _)| key != "@odata.type"));
        self.text(&Value::Object(typed))
    }

    /// Writes a document that is Graph's own already.
    pub(super) fn text(&mut self, document: &Value) -> io::Result<()> {
        serde_json::to_writer(&mut self.spool, document)?;
        self.spool.write_all(b"\n")
    }

    /// A collection that the source has, though perhaps without objects.
    pub(super) fn section(&mut self, collection: Collection) {
        self.sections.insert(collection);
    }

    /// The collection is there, but not all of it.
    pub(super) fn partial(&mut self, collection: Collection, reason: Incomplete) {
        self.sections.insert(collection);
        self.incomplete.entry(collection).or_insert(reason);
    }

    /// Notes something once.
    pub(super) fn note(&mut self, code: &'static str, text: String) {
        if !self.notes.iter().any(|(known, known_text)| *known == code && *known_text == text) {
            self.notes.push((code, text));
        }
    }

    /// The text, when all is written.
    pub(in crate::dump) fn finish(&mut self) -> io::Result<Spooled> {
        std::mem::take(&mut self.spool).finish()
    }
}
