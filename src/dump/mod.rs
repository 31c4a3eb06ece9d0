//! Bytes in: files, folders, pipes; encodings; and what is in them.

mod archive;
mod blocks;
mod buffer;
mod certainty;
mod code_page;
mod dialect;
mod document;
mod encoding;
mod fault;
mod input;
mod mend;
mod passed_over;
mod project;
mod read;
mod recognise;
mod secret;
mod source;
mod spool;
mod survey;
mod translate;
mod tree;

pub use certainty::Certainty;
pub use dialect::{Dialect, Products};
pub use input::{Failure, Input, gather};
pub use passed_over::passed_over;
pub use project::{Projector, Slots as Row};
pub use read::{Reading, Record, Visitor};
pub use recognise::FormatIn;
pub use source::{Format, Incomplete, Place, Section, Source, is_open};
pub use survey::is_lost;
pub use tree::Tree;
