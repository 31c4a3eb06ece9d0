//! Bytes in: files, folders, pipes; encodings; and what is in them.

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
mod translate;

pub use dialect::{Dialect, Products, Seen};
pub use input::{Failure, Input, gather};
pub use project::{Projector, Slots as Row};
pub use read::{Reading, Record, Visitor};
pub use recognise::from_file_name as suggested_by_name;
pub use source::{Format, Incomplete, Place, Section, Source};
