//! One source: what it is, what it holds, and the way back to the text of each of its objects.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dialect::Dialect;
use super::input::Failure;
use crate::tenant::schema::Collection;

/// A file or stream that was read.
#[derive(Debug)]
pub struct Source {
    /// As the user named it.
    pub path: String,
    /// The xxh3-128 hash of its bytes.
    pub digest: u128,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it is.
    pub format: Format,
    /// Whether its content told, or only its name.
    pub told_by_content: bool,
    /// When the export was made, if it says so.
    pub exported_at: Option<String>,
    /// What it holds.
    pub sections: BTreeMap<Collection, Section>,
    /// What else is to be known about it: a code and a sentence.
    pub notes: Vec<(&'static str, String)>,
    /// What it is, if it is known to hold nothing of a tenant: a report of another tool, a picture.
    pub foreign: Option<&'static str>,
    /// What kept it from being read to its end.
    pub failure: Option<Failure>,
    /// Properties (in lower case) that it shows as empty without having asked for them.
    pub masked: Arc<BTreeSet<(Collection, String)>>,
    pub(super) store: Store,
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Collections under their names.
    Bundle,
    /// Graph pages.
    Pages,
    /// Graph objects, in a list or line by line.
    Objects,
    /// What `ConvertTo-Json` makes of Microsoft Graph PowerShell's objects.
    PowerShell,
    /// That of another tool.
    Foreign(Dialect),
    /// Nothing that was understood.
    Unknown,
}

impl Format {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bundle => "graph-bundle",
            Self::Pages => "graph-pages",
            Self::Objects => "graph-objects",
            Self::PowerShell => "powershell-objects",
            Self::Foreign(dialect) => dialect.name(),
            Self::Unknown => "unknown",
        }
    }
}

/// What a source holds of a collection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// How many objects.
    pub count: usize,
    /// How many of them have each property.
    pub properties: BTreeMap<String, usize>,
    /// The answers to each question, by what their pages share: how many pages, and how many of them have a page after them.
    pub chains: BTreeMap<u64, (usize, usize)>,
    /// Why it is not all of the collection, apart from missing pages.
    pub incomplete: Option<Incomplete>,
    /// The call for it failed: code and message. With objects too, it is incomplete; without, not collected.
    pub error: Option<(String, String)>,
}

/// Why a collection is not complete. Where several sources give several reasons, the first of them in this order is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Incomplete {
    /// A page says that another follows, and it is not there.
    NextLink,
    /// The page holds only what changed.
    DeltaLink,
    /// One of the calls for it failed, with this code.
    Error(String),
    /// The file ends too early, or cannot be read on.
    Cut,
    /// What was asked for is not all of it: one object, or the members of something.
    Part,
    /// Something stands where objects should, such as the texts that ConvertTo-Json makes of objects that are too deep.
    Lost,
    /// Told by a test, or by the reader of another format.
    Other(String),
}

impl Incomplete {
    /// The word in reports.
    pub fn code(&self) -> &str {
        match self {
            Self::NextLink => "next-link",
            Self::DeltaLink => "delta-link",
            Self::Error(_) => "error",
            Self::Cut => "cut-off",
            Self::Part => "biased",
            Self::Lost => "lost",
            Self::Other(word) => word,
        }
    }
}

impl Section {
    /// Why it is not all of the collection.
    pub fn incompleteness(&self) -> Option<Incomplete> {
        if let Some(reason) = &self.incomplete {
            return Some(reason.clone());
        }
        if let Some((code, _)) = self.error.as_ref().filter(|_| self.is_collected()) {
            return Some(Incomplete::Error(code.clone()));
        }
        is_open(&self.chains).then_some(Incomplete::NextLink)
    }

    /// How many pages.
    pub fn pages(&self) -> usize {
        self.chains.values().map(|(pages, _)| pages).sum()
    }

    /// Whether anything of the collection was read, be it an empty list.
    pub fn is_collected(&self) -> bool {
        self.error.is_none() || self.count > 0 || !self.chains.is_empty()
    }
}

/// Whether a page is missing that another one announces. A page of another question does not stand for it.
pub fn is_open(chains: &BTreeMap<u64, (usize, usize)>) -> bool {
    chains.values().any(|(pages, links)| *links > 0 && links >= pages)
}

/// Where the text of an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The source, by its index in reading order.
    pub source: u32,
    /// The bytes before it.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u32,
}

/// The way back to the text of objects.
#[derive(Debug)]
pub(super) enum Store {
    /// The whole text.
    Memory(Vec<u8>),
    /// A file that can be read again.
    File(PathBuf, File, u64),
}

fn changed(path: &Path) -> io::Error {
    io::Error::other(format!("{} changed while it was read", path.display()))
}

/// Reads a part of a file without moving its position, so that several threads may.
#[cfg(not(windows))]
fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                bytes = &mut bytes[read..];
                offset += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Source {
    /// What sources are put in order by, whichever is read first: what is in them, and of the same files their paths.
    pub fn by_content(&self) -> (u128, &str) {
        (self.digest, &self.path)
    }

    /// The text of an object.
    ///
    /// # Errors
    ///
    /// If the file changed since it was read, or cannot be read any more.
    pub fn text(&self, place: Place) -> io::Result<Cow<'_, [u8]>> {
        let start = place.offset as usize;
        let length = place.length as usize;
        match &self.store {
            Store::Memory(bytes) => bytes
                .get(start..start + length)
                .map(Cow::Borrowed)
                .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof)),
            Store::File(path, file, size) => {
                if place.offset + u64::from(place.length) > *size {
                    return Err(changed(path));
                }
                let mut bytes = vec![0; length];
                read_exact_at(file, &mut bytes, place.offset).map_err(|error| match error.kind() {
                    io::ErrorKind::UnexpectedEof => changed(path),
                    _ => error,
                })?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Whether it is still as it was when it was read, as far as its size tells.
    ///
    /// # Errors
    ///
    /// If it is not.
    pub fn is_unchanged(&self) -> io::Result<()> {
        match &self.store {
            Store::Memory(_) => Ok(()),
            Store::File(_, file, size) if file.metadata()?.len() == *size => Ok(()),
            Store::File(path, ..) => Err(changed(path)),
        }
    }
}
