//! What a document says about itself while it is walked through, apart from its objects.

use crate::tenant::schema::Collection;

/// Something that a document says about itself, in the order in which it stands there.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dump) enum Event {
    /// A collection begins, or an object of it stands alone.
    Section(Collection),
    /// An object of it stands alone, and may stand among others.
    Alone(Collection),
    /// Something stands where objects of it should.
    Lost(Collection),
    /// A page of it holds changes only.
    DeltaLink(Option<Collection>),
    /// The call for it failed: code and message.
    Error(Option<Collection>, String, String),
    /// A page of it was read.
    Page(Option<Collection>, Chain),
    /// What was read is not all of it, though nothing is missing where it stands: a single object, or the members of something.
    Part(Option<Collection>),
    /// When the export was made.
    ExportedAt(String),
    /// A key of a bundle that names no collection.
    UnknownKey(String),
    /// Objects that are of no known kind.
    UnknownObject,
    /// The format of another tool.
    Foreign(&'static str),
    /// The shape of the document's top.
    Top(Top),
}

/// The answers to one question, page after page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) struct Chain {
    /// The hash of the context that its pages share; 0 where they have none.
    pub(in crate::dump) of: u64,
    /// Another page follows.
    pub(in crate::dump) goes_on: bool,
}

/// What a document is at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dump) enum Top {
    /// Collections under their names.
    Bundle,
    /// Pages, one or more.
    Pages,
    /// Objects, in a list or one after another.
    Objects,
}
