//! Taking the few properties that somebody reads out of an object, and skipping the rest.
//!
//! Exports repeat one shape: the same keys in the same order, with the same white space between them. So the text between
//! one value's end and the next value's start is remembered as a *layout*, and for the next object each key costs one
//! comparison. An object of another shape is read key by key, and its layout is learned.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use super::recognise::{Keys, Tell};
use crate::json::{Raw, Scan, skip_space, skip_value};

/// How many shapes are remembered for a collection; objects of still other shapes are read key by key.
const MAX_LAYOUTS: usize = 64;

/// From so many keys on, those of one object are kept in a set.
const MANY: usize = 32;

/// The properties wanted of a collection, and where they were in the objects so far.
#[derive(Clone, Debug, Default)]
pub struct Projector {
    wanted: Vec<String>,
    layouts: Vec<Layout>,
    last: usize,
    /// The keys of the object read last, if its shape is not remembered, and what they tell.
    odd: Option<(Vec<String>, Tell)>,
    irregular: usize,
    other: BTreeMap<String, usize>,
}

#[derive(Clone, Debug)]
struct Layout {
    steps: Vec<Step>,
    tail: Box<[u8]>,
    tell: Tell,
    count: usize,
}

/// A key: the text before its value, and the slot for the value.
#[derive(Clone, Debug)]
struct Step {
    lead: Box<[u8]>,
    key: String,
    /// The key stood there before.
    again: bool,
    slot: Option<u16>,
}

/// The values of the wanted properties of one object; a property that the object does not have is not collected.
#[derive(Clone, Debug, Default)]
pub struct Slots(Vec<(usize, usize)>);

impl Slots {
    /// The value in a slot, given the bytes that the object was read from.
    #[inline]
    pub fn get<'a>(&self, bytes: &'a [u8], slot: usize) -> Option<Raw<'a>> {
        match self.0.get(slot) {
            Some(&(start, end)) if end > start => Some(Raw::new(&bytes[start..end])),
            _ => None,
        }
    }

    /// All values, in the order of the slots.
    #[inline]
    pub fn values<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = Option<Raw<'a>>> {
        self.0.iter().map(|&(start, end)| (end > start).then(|| Raw::new(&bytes[start..end])))
    }
}

impl Projector {
    /// Takes these properties, each into the slot of its index.
    pub fn new<S: AsRef<str>>(wanted: &[S]) -> Self {
        Self { wanted: wanted.iter().map(|name| name.as_ref().to_owned()).collect(), ..Self::default() }
    }

    /// Reads the object that begins at `at`, and returns the place behind it.
    ///
    /// # Errors
    ///
    /// If the bytes end inside the object, or something in it cannot stand where it does.
    #[inline]
    pub fn read(&mut self, bytes: &[u8], at: usize, slots: &mut Slots) -> Result<usize, Scan> {
        let end = self.look(bytes, at, slots)?;
        self.count();
        Ok(end)
    }

    /// Reads the object without counting it.
    #[inline]
    pub(super) fn look(&mut self, bytes: &[u8], at: usize, slots: &mut Slots) -> Result<usize, Scan> {
        slots.0.clear();
        slots.0.resize(self.wanted.len(), (0, 0));
        self.odd = None;
        if let Some(layout) = self.layouts.get(self.last)
            && let Some(end) = layout.follow(bytes, at, slots)?
        {
            return Ok(end);
        }
        self.learn(bytes, at, slots)
    }

    /// What the keys of the object read last tell.
    #[inline]
    pub(super) fn tell(&self) -> Tell {
        match &self.odd {
            Some((_, tell)) => *tell,
            None => self.layouts.get(self.last).map_or(Tell::Nothing, |layout| layout.tell),
        }
    }

    /// Counts the object read last.
    #[inline]
    pub(super) fn count(&mut self) {
        if let Some((keys, _)) = self.odd.take() {
            self.irregular += 1;
            for key in keys {
                *self.other.entry(key).or_default() += 1;
            }
        } else if let Some(layout) = self.layouts.get_mut(self.last) {
            layout.count += 1;
        }
    }

    /// How many objects there were since the last call, and how many had each property, by its name as first seen.
    pub fn take_counts(&mut self) -> (usize, BTreeMap<String, usize>) {
        let mut counts = std::mem::take(&mut self.other);
        let mut objects = std::mem::take(&mut self.irregular);
        for layout in &mut self.layouts {
            let count = std::mem::take(&mut layout.count);
            objects += count;
            for step in layout.steps.iter().filter(|step| count > 0 && !step.again) {
                *counts.entry(step.key.clone()).or_default() += count;
            }
        }
        (objects, counts)
    }

    fn learn(&mut self, bytes: &[u8], start: usize, slots: &mut Slots) -> Result<usize, Scan> {
        slots.0.fill((0, 0));
        let mut steps = Vec::new();
        let mut keys: HashSet<String> = HashSet::new();
        if bytes.get(start) != Some(&b'{') {
            return Err(Scan::Bad(start));
        }
        let mut lead = start;
        let mut at = skip_space(bytes, start + 1);
        loop {
            match bytes.get(at) {
                Some(b'}') => break,
                Some(b',') if !steps.is_empty() => at = skip_space(bytes, at + 1),
                Some(_) if steps.is_empty() => {}
                Some(_) => return Err(Scan::Bad(at)),
                None => return Err(Scan::NeedMore),
            }
            match bytes.get(at) {
                Some(b'"') => {}
                Some(_) => return Err(Scan::Bad(at)),
                None => return Err(Scan::NeedMore),
            }
            let key_end = skip_value(bytes, at)?;
            let key = Raw::new(&bytes[at..key_end]).text().ok_or(Scan::Bad(at))?.into_owned();
            let colon = skip_space(bytes, key_end);
            match bytes.get(colon) {
                Some(b':') => {}
                Some(_) => return Err(Scan::Bad(colon)),
                None => return Err(Scan::NeedMore),
            }
            let value = skip_space(bytes, colon + 1);
            let value_end = skip_value(bytes, value)?;
            // Of a key that stands there twice the first counts, here as everywhere.
            let slot = self
                .wanted
                .iter()
                .position(|wanted| wanted.eq_ignore_ascii_case(&key))
                .filter(|slot| slots.0[*slot] == (0, 0));
            if let Some(slot) = slot {
                slots.0[slot] = (value, value_end);
            }
            let again = match steps.len() {
                0..MANY => steps.iter().any(|step: &Step| step.key.eq_ignore_ascii_case(&key)),
                MANY => {
                    keys.extend(steps.iter().map(|step: &Step| step.key.to_ascii_lowercase()));
                    !keys.insert(key.to_ascii_lowercase())
                }
                _ => !keys.insert(key.to_ascii_lowercase()),
            };
            steps.push(Step { lead: bytes[lead..value].into(), key, again, slot: slot.map(|slot| slot as u16) });
            lead = value_end;
            at = skip_space(bytes, value_end);
        }
        let end = at + 1;
        let tail = &bytes[lead..end];
        let same = |layout: &Layout| {
            *layout.tail == *tail && layout.steps.iter().map(|step| &step.lead).eq(steps.iter().map(|step| &step.lead))
        };
        if let Some(known) = self.layouts.iter().position(same) {
            self.last = known;
            return Ok(end);
        }
        let tell = Keys::peek(&bytes[..end], start)?.tell();
        if self.layouts.len() < MAX_LAYOUTS {
            self.last = self.layouts.len();
            self.layouts.push(Layout { steps, tail: tail.into(), tell, count: 0 });
        } else {
            self.odd = Some((steps.into_iter().filter(|step| !step.again).map(|step| step.key).collect(), tell));
        }
        Ok(end)
    }
}

impl Layout {
    /// The end of an object of this shape; nothing if its shape is another.
    #[inline]
    fn follow(&self, bytes: &[u8], start: usize, slots: &mut Slots) -> Result<Option<usize>, Scan> {
        let mut at = start;
        for step in &self.steps {
            let value = at + step.lead.len();
            match bytes.get(at..value) {
                Some(lead) if same(lead, &step.lead) => {}
                _ => return Ok(None),
            }
            let end = match skip_value(bytes, value) {
                Ok(end) => end,
                Err(Scan::NeedMore) => return Err(Scan::NeedMore),
                Err(Scan::Bad(_)) => return Ok(None), // the other reading tells what is bad, and where
            };
            if let Some(slot) = step.slot {
                slots.0[slot as usize] = (value, end);
            }
            at = end;
        }
        let end = at + self.tail.len();
        match bytes.get(at..end) {
            Some(tail) if *tail == *self.tail => Ok(Some(end)),
            _ => Ok(None),
        }
    }
}

/// Whether two texts of one length are the same: keys are too short for the price of a call to be worth it.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    let (ones, rest_of_one) = one.as_chunks::<8>();
    let (others, rest_of_other) = other.as_chunks::<8>();
    ones.len() == others.len()
        && ones.iter().zip(others).all(|(one, other)| u64::from_ne_bytes(*one) == u64::from_ne_bytes(*other))
        && match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
            // The last eight bytes stand for the rest, and overlap what was compared.
            (Some(one), Some(other)) => u64::from_ne_bytes(*one) == u64::from_ne_bytes(*other),
            _ => rest_of_one == rest_of_other,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(texts: &[&str], wanted: &[&str]) -> Vec<Vec<Option<String>>> {
        let mut projector = Projector::new(wanted);
        let mut slots = Slots::default();
        texts
            .iter()
            .map(|text| {
                let end = projector.read(text.as_bytes(), 0, &mut slots).unwrap();
                assert_eq!(end, text.len());
                (0..wanted.len())
                    .map(|slot| slots.get(text.as_bytes(), slot).map(|raw| raw.display().into_owned()))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn objects_of_one_shape_and_of_others_give_the_same_values() {
        let texts = [
            r#"{"id":"1","skip":{"id":"x"},"mail":null}"#,
            r#"{"id":"2","skip":[],"mail":"b"}"#,
            r#"{"Mail":"c","Id":"3"}"#,
            r#"{"id":"4","mail":"d"}"#,
            r#"{"id":"5","skip":1,"mail":"e"}"#,
            "{ \"id\" : \"6\" }",
            "{}",
        ];
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            read_all(&texts, &["mail", "id"]),
            [
                [some("null"), some("1")],
                [some("b"), some("2")],
                [some("c"), some("3")],
                [some("d"), some("4")],
                [some("e"), some("5")],
                [None, some("6")],
                [None, None],
            ]
        );
    }

    #[test]
    fn properties_are_counted_over_all_shapes() {
        let mut projector = Projector::new::<&str>(&[]);
        let mut slots = Slots::default();
        for text in [r#"{"a":1,"b":2}"#, r#"{"a":1,"b":2}"#, r#"{"a":3}"#] {
            projector.read(text.as_bytes(), 0, &mut slots).unwrap();
        }
        let (objects, counts) = projector.take_counts();
        assert_eq!(objects, 3);
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [("a".to_owned(), 3), ("b".to_owned(), 2)]);
        assert_eq!(projector.take_counts(), (0, BTreeMap::new()));
    }

    #[test]
    fn faults_are_told_apart_from_missing_bytes() {
        let mut projector = Projector::new(&["a"]);
        let mut slots = Slots::default();
        let mut read = |text: &str| projector.read(text.as_bytes(), 0, &mut slots);
        assert_eq!(read(r#"{"a":1,"b"#), Err(Scan::NeedMore));
        assert_eq!(read(r#"{"a":1 "b":2}"#), Err(Scan::Bad(7)));
        assert_eq!(read(r#"{"a":1,}"#), Err(Scan::Bad(7)));
        assert_eq!(read(r#"{"a" 1}"#), Err(Scan::Bad(5)));
        assert_eq!(read("[]"), Err(Scan::Bad(0)));
    }
}
