//! The properties that the pass over a dump takes from each object, for all rules together.

use super::{CompiledPath, Elements, Question};
use crate::tenant::schema::Collection;

/// Collections whose objects are judged while they are read: they may be many.
pub fn is_streamed(collection: Collection) -> bool {
    collection.may_be_many()
}

/// The slots that a pass over a dump fills, for all rules together.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// The properties of each collection, by its discriminant.
    pub wanted: Vec<Vec<String>>,
    /// For each collection: lists whose elements are taken apart once per object, by slot, and the names wanted inside.
    pub lists: Vec<Vec<(usize, Vec<String>)>>,
    /// Paths of streamed collections by which objects are found or compared.
    pub keyed: Vec<(Collection, CompiledPath)>,
    /// The questions that objects of each collection answer in the pass, each once for all rules.
    pub questions: Vec<Vec<Question>>,
    /// The paths of each collection whose texts, filtered, decide an outcome.
    pub texts: Vec<Vec<CompiledPath>>,
    /// What counts of the elements of lists of each collection, for signatures.
    pub elements: Vec<Vec<Elements>>,
}

impl Slots {
    /// None yet.
    pub fn new() -> Self {
        Self {
            wanted: vec![Vec::new(); Collection::COUNT],
            lists: vec![Vec::new(); Collection::COUNT],
            keyed: Vec::new(),
            questions: vec![Vec::new(); Collection::COUNT],
            texts: vec![Vec::new(); Collection::COUNT],
            elements: vec![Vec::new(); Collection::COUNT],
        }
    }

    /// The slot of a property.
    pub fn slot(&mut self, collection: Collection, name: &str) -> usize {
        let wanted = &mut self.wanted[collection as usize];
        wanted.iter().position(|known| known == name).unwrap_or_else(|| {
            wanted.push(name.to_owned());
            wanted.len() - 1
        })
    }

    /// The place of a name inside the elements of a list.
    pub fn inner(&mut self, collection: Collection, list: &str, name: &str) -> usize {
        let slot = self.slot(collection, list);
        let lists = &mut self.lists[collection as usize];
        let index = lists.iter().position(|(known, _)| *known == slot).unwrap_or_else(|| {
            lists.push((slot, Vec::new()));
            lists.len() - 1
        });
        let names = &mut lists[index].1;
        names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    }

    /// The place of a path whose texts decide an outcome.
    pub fn texts_of(&mut self, collection: Collection, path: &CompiledPath) -> usize {
        let texts = &mut self.texts[collection as usize];
        texts.iter().position(|known| known.is_same_place(path)).unwrap_or_else(|| {
            texts.push(path.clone());
            texts.len() - 1
        })
    }

    /// The places of a list among those taken apart, and of a name inside its elements.
    pub fn inside(&self, collection: Collection, slot: usize, name: &str) -> Option<(usize, usize)> {
        let lists = &self.lists[collection as usize];
        let list = lists.iter().position(|(known, _)| *known == slot)?;
        Some((list, lists[list].1.iter().position(|known| known == name)?))
    }
}
