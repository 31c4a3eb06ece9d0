//! Where in a document a walk is: what it takes to go on later, or elsewhere.

use super::event::Loss;
use crate::tenant::schema::Collection;

/// What an object is believed to be before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) struct Expected {
    /// The collection.
    pub collection: Collection,
    /// The document says so; otherwise the object before was one, and this one may tell something else.
    pub told: bool,
}

impl Expected {
    pub(super) fn told(collection: Collection) -> Self {
        Self { collection, told: true }
    }

    pub(super) fn guessed(collection: Collection) -> Self {
        Self { collection, told: false }
    }
}

/// Where in a document the walk is.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dump) struct State {
    pub(super) frames: Vec<Frame>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Frame {
    /// Values one after another: the top, and what the object before was, with its first key.
    Top(Option<(Expected, Vec<u8>)>),
    /// A list of pages, or of what tells for itself.
    List(Option<Collection>),
    /// The members of a bundle.
    Bundle,
    /// The members of a page.
    Page(Page),
    /// A list of objects; of no collection: each tells for itself.
    Objects(Option<Expected>),
    /// A list that nobody reads.
    Ignored,
}

/// A page, as far as it was read: its own members say more than its objects, and stand in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) collection: Option<Collection>,
    pub(super) next_link: bool,
    pub(super) delta_link: bool,
    pub(super) part: bool,
    pub(super) chain: u64,
}

impl State {
    /// The beginning of a document; the collection is what its file's name suggests.
    pub(in crate::dump) fn start() -> Self {
        Self { frames: vec![Frame::Top(None)] }
    }

    /// Whether objects of one collection come one after another from here on.
    pub(in crate::dump) fn is_streaming(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Objects(Some(_)) | Frame::Top(Some(_))))
    }

    /// The innermost collection.
    pub(super) fn collection(&self) -> Option<Collection> {
        self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Objects(expected) => expected.map(|expected| expected.collection),
            Frame::Page(page) => page.collection,
            Frame::List(collection) => *collection,
            Frame::Top(last) => last.as_ref().map(|(expected, _)| expected.collection),
            Frame::Bundle | Frame::Ignored => None,
        })
    }

    /// What suffers if the document ends here.
    pub(in crate::dump) fn loss(&self) -> Loss {
        let one = |collection: Option<Collection>| collection.map_or(Loss::Any, Loss::One);
        match self.frames.iter().rev().find(|frame| !matches!(frame, Frame::Ignored)) {
            Some(Frame::Bundle) => Loss::None,
            Some(Frame::Objects(Some(expected))) if expected.told => Loss::One(expected.collection),
            Some(Frame::Page(page)) => one(page.collection),
            Some(Frame::List(collection)) => one(*collection),
            Some(Frame::Objects(_) | Frame::Top(_) | Frame::Ignored) | None => Loss::Any,
        }
    }

    /// Whether the document may end here.
    pub(in crate::dump) fn is_top(&self) -> bool {
        self.frames.len() == 1
    }
}
