//! Bytes in: files, folders, pipes; encodings; and what is in them.

mod archive;
mod blocks;
mod buffer;
mod dialect;
mod document;
mod encoding;
mod input;
mod project;
mod read;
mod recognise;
mod source;
mod survey;
mod translate;

pub use dialect::{Dialect, Products, Seen};
pub use input::{Failure, Input, gather};
pub use project::{Projector, Slots as Row};
pub use read::{Reading, Record, Visitor};
pub use source::{Format, Incomplete, Place, Section, Source, is_open};
pub use survey::is_lost;
