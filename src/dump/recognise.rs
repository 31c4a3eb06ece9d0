//! What a piece of a dump is: decided here and nowhere else, from content before name.
//!
//! Sources: the shapes that exporters write, as seen in real files and read in their code (Graph pages, PowerShell lists,
//! hand-made bundles), and the key fingerprints of Graph's resources.

mod fingerprint;
mod foreign;
mod keys;
mod layout;
mod naming;
mod signature;

use std::path::Path;

pub(super) use keys::{Keys, Shape, Tell};
pub(super) use layout::{Leaf, ZeroTrustPage, is_child, leaf, roots, takes, zero_trust_page};
pub(super) use naming::{from_context, is_of_changes, is_part};
pub(super) use signature::{OLD_OFFICE, SQLITE, no_export};

use super::dialect::Dialect;
use crate::tenant::schema::Collection;

/// The format that the user says a file has, whatever it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatIn {
    /// Microsoft Graph's own: collections under their names, pages or objects, also as PowerShell writes them.
    Graph,
    /// That of another tool.
    Foreign(Dialect),
}

impl FormatIn {
    /// The names of all formats, as reports have them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once(GRAPH).chain(Dialect::ALL.iter().map(|dialect| dialect.name()))
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == GRAPH { Some(Self::Graph) } else { Dialect::from_name(name).map(Self::Foreign) }
    }
}

/// What Microsoft Graph's own formats are called together.
const GRAPH: &str = "graph";

/// What the beginning of a file is, if it is in the format of another tool, and by what it was told: by the user, else by its
/// content.
pub(super) fn dialect(head: &[u8], format_in: Option<FormatIn>) -> Option<(Dialect, &'static str)> {
    match format_in {
        Some(FormatIn::Graph) => None,
        Some(FormatIn::Foreign(dialect)) => Some((dialect, "--format-in")),
        None => foreign::dialect(head),
    }
}

/// The collection that a file's name suggests; the last resort.
pub(super) fn from_file_name(path: &Path) -> Option<Collection> {
    // users.json.gz: what is packed has a name of its own.
    let stem = Path::new(path.file_stem()?);
    Collection::from_key(stem.file_stem()?.to_str()?)
}
