//! A list of an object, taken apart once for all rules.

use crate::dump::{Projector, Row};
use crate::json::{Raw, skip_space};

/// A list of the object that goes by, in memory that serves one object after another.
#[derive(Clone, Debug)]
pub struct List {
    /// The property.
    pub slot: usize,
    projector: Projector,
    rows: Vec<Row>,
    /// Where each element begins and ends.
    places: Vec<(usize, usize)>,
    /// How many of the rows are of this object; none if its list could not be taken apart.
    used: Option<usize>,
}

impl List {
    /// A list in a slot, and the names wanted of its elements.
    pub fn new(slot: usize, names: &[String]) -> Self {
        Self { slot, projector: Projector::new(names), rows: Vec::new(), places: Vec::new(), used: None }
    }

    /// Takes the list of the next object.
    pub fn take(&mut self, list: Option<Raw<'_>>) {
        self.used = list.filter(|list| list.is_list()).and_then(|list| self.read(list.bytes()));
    }

    /// The elements; nothing if it is no list of objects.
    pub fn rows(&self) -> Option<&[Row]> {
        self.used.map(|used| &self.rows[..used])
    }

    /// Where the elements begin and end in the text of the list.
    pub fn places(&self) -> &[(usize, usize)] {
        &self.places
    }

    fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        self.places.clear();
        let mut used = 0;
        let mut at = 1;
        loop {
            at = skip_space(bytes, at);
            match bytes.get(at) {
                Some(b']') => return Some(used),
                Some(b',') => at += 1,
                Some(b'{') => {
                    if used == self.rows.len() {
                        self.rows.push(Row::default());
                    }
                    let end = self.projector.read(bytes, at, &mut self.rows[used]).ok()?;
                    self.places.push((at, end));
                    at = end;
                    used += 1;
                }
                _ => return None,
            }
        }
    }
}
