//! JSON as text: finding where values end without building them, and reading one value where it stands.
//!
//! A tenant of a million users is 2 to 8 GB of JSON of which the rules read a few hundred bytes per user. So nothing is
//! ever turned into a tree: the scanner finds the ends of values sixteen bytes at a time, and [`Raw`] reads a value
//! from its text when a rule asks for it.

mod raw;
mod scan;

pub use raw::{Raw, decode_text, encode_text, is_name};
pub use scan::{Scan, named_values, skip_space, skip_value};
