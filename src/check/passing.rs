//! An object in the pass over a dump: what the rules may look at, what they asked already, and a trace of what they look at.
//!
//! The trace is what makes judgments worth remembering: two objects that agree in everything that was looked at, in that order, are
//! judged the same. So whatever reads the object while it is judged goes through here.

use std::cell::{Cell, RefCell};

use super::list::List;
use super::truth::Truth;
use crate::dump::{Record, Row};
use crate::json::Raw;
use crate::tenant::schema::Collection;

/// Something of an object that a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The answer to a question, by its place in [`super::compile::Slots::questions`]; of a list, the answers of its elements.
    Answer(usize),
    /// The text of a property as it stands, by its slot.
    Value(usize),
    /// How many elements a list has that is taken apart, by its slot.
    Length(usize),
    /// What the elements of a list have under a name: the list's slot, and the place of the name.
    Column(usize, usize),
    /// The texts of a path, by its place in [`super::compile::Slots::texts`].
    Texts(usize),
    /// What counts of the elements of a list, by its place in [`super::compile::Slots::elements`].
    Elements(usize),
    /// Whether a property is there, and whether it is a text: see [`Shape`].
    Shape(usize),
}

/// What kind of value a property has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None: it was not collected.
    Missing,
    /// Null, an empty text or an empty list.
    Empty,
    /// A text that is not empty.
    Text,
    /// Anything else.
    Other,
}

impl Shape {
    fn of(value: Option<Raw<'_>>) -> Self {
        match value {
            None => Self::Missing,
            Some(value) if value.is_empty() => Self::Empty,
            Some(value) if value.is_text() => Self::Text,
            Some(_) => Self::Other,
        }
    }
}

/// The answers of so many elements of a list are kept.
pub const MOST_CELLS: usize = 12;

/// What was asked about the object at hand, and what was looked at. It serves one object after another.
#[derive(Debug, Default)]
pub struct Seen {
    answers: Vec<Cell<Option<Known>>>,
    /// Of questions about the elements of a list: two bits for each of the first [`MOST_CELLS`].
    cells: Vec<Cell<u64>>,
    is_tracing: Cell<bool>,
    trace: RefCell<Vec<Input>>,
}

/// An answer that all rules share; what is missing if there is none is each rule's own affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It cannot be told.
    Unknown,
}

impl Seen {
    /// For objects of a collection about which there are so many questions.
    pub fn new(questions: usize) -> Self {
        Self { answers: vec![Cell::new(None); questions], cells: vec![Cell::new(0); questions], ..Self::default() }
    }

    /// The next object comes: nothing was asked about it yet.
    #[inline]
    pub fn next(&mut self) {
        self.answers.iter_mut().for_each(|answer| *answer.get_mut() = None);
        self.cells.iter_mut().for_each(|cells| *cells.get_mut() = 0);
    }

    /// Does something, and returns what it looked at for the first time, in order.
    pub fn traced<R>(&self, look: impl FnOnce() -> R) -> (R, Vec<Input>) {
        self.trace.borrow_mut().clear();
        self.is_tracing.set(true);
        let result = look();
        self.is_tracing.set(false);
        (result, self.trace.take())
    }

    #[inline]
    fn note(&self, input: Input) {
        if self.is_tracing.get() {
            let mut trace = self.trace.borrow_mut();
            if !trace.contains(&input) {
                trace.push(input);
            }
        }
    }

    /// Does something of which nothing is noted: whatever it looks at, something else stands for it.
    fn aside<R>(&self, look: impl FnOnce() -> R) -> R {
        let was = self.is_tracing.replace(false);
        let result = look();
        self.is_tracing.set(was);
        result
    }
}

/// An object in the pass: its wanted properties, and the lists that are taken apart.
pub struct Passing<'a> {
    /// Its collection.
    pub collection: Collection,
    /// Its wanted properties.
    record: Record<'a>,
    /// Its lists that are taken apart.
    lists: &'a [List],
    seen: &'a Seen,
}

impl<'a> Passing<'a> {
    /// An object about which nothing was asked yet.
    pub fn new(collection: Collection, record: Record<'a>, lists: &'a [List], seen: &'a Seen) -> Self {
        Self { collection, record, lists, seen }
    }

    /// What was asked and looked at.
    pub fn seen(&self) -> &'a Seen {
        self.seen
    }

    /// The value of a property; nothing if it was not collected.
    #[inline]
    pub fn get(&self, slot: usize) -> Option<Raw<'a>> {
        self.seen.note(Input::Value(slot));
        self.record.get(slot)
    }

    /// What kind of value a property has.
    pub fn shape(&self, slot: usize) -> Shape {
        self.seen.note(Input::Shape(slot));
        Shape::of(self.record.get(slot))
    }

    /// A list, if it is one that is taken apart.
    #[inline]
    pub fn list(&self, slot: usize) -> Option<TakenApart<'a>> {
        let list = self.lists.iter().find(|list| list.slot == slot)?;
        self.seen.note(Input::Length(slot));
        let (bytes, rows) = (self.record.get(slot)?.bytes(), list.rows()?);
        Some(TakenApart { seen: self.seen, slot, bytes, rows, places: list.places() })
    }

    /// What `texts` writes of the texts of a path, by its place.
    #[inline]
    pub fn texts<R>(&self, place: usize, texts: impl FnOnce() -> R) -> R {
        self.seen.note(Input::Texts(place));
        self.seen.aside(texts)
    }

    /// What `write` writes of the elements of a list, by its place.
    pub fn what_counts<R>(&self, place: usize, write: impl FnOnce() -> R) -> R {
        self.seen.note(Input::Elements(place));
        self.seen.aside(write)
    }

    /// The answer to a question, which `ask` finds if nobody asked before.
    #[inline]
    pub fn answer(&self, question: usize, ask: impl FnOnce() -> Truth) -> Truth {
        self.seen.note(Input::Answer(question));
        match self.seen.answers[question].get() {
            Some(Known::Yes) => Truth::True,
            Some(Known::No) => Truth::False,
            // What is missing depends on who asks.
            Some(Known::Unknown) => self.seen.aside(ask),
            None => {
                let answer = self.seen.aside(ask);
                self.seen.answers[question].set(Known::of(answer));
                answer
            }
        }
    }

    /// The answer to a question, if somebody asked before.
    #[inline]
    pub fn known(&self, question: usize) -> Option<Known> {
        self.seen.answers[question].get()
    }

    /// Keeps an answer that another object of the same value gave.
    #[inline]
    pub fn know(&self, question: usize, answer: Known) {
        self.seen.answers[question].set(Some(answer));
    }

    /// The answer of an element of a list, by its place, to a question, which `ask` finds if nobody asked before.
    #[inline]
    pub fn cell(&self, question: usize, place: usize, ask: impl FnOnce() -> Truth) -> Truth {
        self.seen.note(Input::Answer(question));
        if place >= MOST_CELLS {
            return self.seen.aside(ask);
        }
        let cells = &self.seen.cells[question];
        match cells.get() >> (2 * place) & 3 {
            1 => Truth::True,
            2 => Truth::False,
            3 => self.seen.aside(ask),
            _ => {
                let answer = self.seen.aside(ask);
                let bits = match Known::of(answer) {
                    Some(Known::Yes) => 1,
                    Some(Known::No) => 2,
                    Some(Known::Unknown) => 3,
                    None => 0,
                };
                cells.set(cells.get() | bits << (2 * place));
                answer
            }
        }
    }

    /// The answers of all elements of a list to a question, once each was asked: nothing if they are more than are kept.
    pub fn cells(&self, question: usize, elements: usize) -> Option<u32> {
        let cells = self.seen.cells[question].get();
        // At least one bit of each answer is set, so that lists of other lengths are told apart.
        (elements <= MOST_CELLS).then_some(cells as u32)
    }
}

impl Known {
    /// What all rules share of an answer; what is pending is none yet.
    pub fn of(answer: Truth) -> Option<Self> {
        match answer {
            Truth::True => Some(Self::Yes),
            Truth::False => Some(Self::No),
            Truth::Unknown(_) => Some(Self::Unknown),
            Truth::Pending => None,
        }
    }
}

/// A list of the object, taken apart.
#[derive(Clone, Copy)]
pub struct TakenApart<'a> {
    seen: &'a Seen,
    slot: usize,
    bytes: &'a [u8],
    rows: &'a [Row],
    places: &'a [(usize, usize)],
}

impl<'a> TakenApart<'a> {
    /// Its elements.
    pub fn elements(self) -> impl ExactSizeIterator<Item = Taken<'a>> {
        (0..self.rows.len()).map(move |place| Taken { list: self, place })
    }
}

/// An element of a list that is taken apart.
#[derive(Clone, Copy)]
pub struct Taken<'a> {
    list: TakenApart<'a>,
    place: usize,
}

impl<'a> Taken<'a> {
    /// Its place in the list.
    pub fn place(self) -> usize {
        self.place
    }

    /// All of it.
    pub fn whole(self) -> Raw<'a> {
        self.list.seen.note(Input::Value(self.list.slot));
        let (start, end) = self.list.places[self.place];
        Raw::new(&self.list.bytes[start..end])
    }

    /// What it has under a name, by the place of the name.
    #[inline]
    pub fn get(self, name: usize) -> Option<Raw<'a>> {
        self.list.seen.note(Input::Column(self.list.slot, name));
        self.list.rows[self.place].get(self.list.bytes, name)
    }
}
