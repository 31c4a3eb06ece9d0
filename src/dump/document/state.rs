//! Where in a document a walk is: all that it must know to go on there, now or later, and what a cut there costs.

use super::Expected;
use super::event::Chain;
use crate::tenant::schema::Collection;

/// Where in a document the walk is.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dump) struct State {
    /// The parts that the walk is inside of, the innermost last; the first is the top.
    pub(super) frames: Vec<Frame>,
}

/// A part of the document that the walk is inside of.
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
    /// Another page follows.
    pub(super) next_link: bool,
    /// It holds changes only.
    pub(super) delta_link: bool,
    /// It is not all of its collection.
    pub(super) part: bool,
    /// The hash of its context; 0 without one.
    pub(super) chain: u64,
}

/// What sets pages of changes apart from those of the list under the same context.
const OF_CHANGES: u64 = 0x5bd1_e995_9d1b_54a5;

impl Page {
    /// The question that it answers, and whether it is the last of the answers.
    pub(super) fn chain(self) -> Chain {
        // A page of changes goes on with no list, and ends none.
        let of = if self.delta_link { self.chain ^ OF_CHANGES } else { self.chain };
        Chain { of, goes_on: self.next_link }
    }
}

/// The hash of the context that pages share.
pub(super) fn chain_of(context: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(context.as_bytes())
}

/// What suffers if a document ends in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) enum Loss {
    /// None of the collections that were begun.
    None,
    /// This one.
    One(Collection),
    /// Any of those in the document.
    Any,
}

impl State {
    /// The beginning of a document.
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
