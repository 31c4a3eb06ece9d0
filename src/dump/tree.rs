//! A folder tree, or one in a zip archive, that one exporter wrote: many small files that are one source.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::archive;
use super::dialect::Dialect;
use super::encoding;

/// The files of one exporter's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The folder, or the archive.
    pub(super) root: PathBuf,
    /// Whether it is an archive.
    pub(super) is_packed: bool,
    /// Where in it the tree begins: empty, or ending in `/`.
    pub(super) start: String,
    /// What wrote it.
    pub(super) dialect: Dialect,
    /// The files below its beginning, divided by `/`, in order.
    pub(super) files: Arc<[Box<str>]>,
}

impl Tree {
    /// The name as the user gave it.
    pub(super) fn name(&self) -> String {
        let path =
            self.start.split('/').filter(|part| !part.is_empty()).fold(self.root.clone(), |path, part| path.join(part));
        path.display().to_string()
    }

    /// The folder or archive.
    pub fn root(&self) -> &std::path::Path {
        &self.root
    }

    /// Opens it, to read its files one after another.
    pub(super) fn open(&self) -> io::Result<TreeReader<'_>> {
        let archive = if self.is_packed { Some(zip::ZipArchive::new(File::open(&self.root)?)?) } else { None };
        Ok(TreeReader { tree: self, archive, bytes: 0, hash: xxhash_rust::xxh3::Xxh3::new() })
    }
}

/// A tree whose files are being read. One is open at a time.
pub(super) struct TreeReader<'a> {
    tree: &'a Tree,
    archive: Option<zip::ZipArchive<File>>,
    bytes: u64,
    hash: xxhash_rust::xxh3::Xxh3,
}

impl<'a> TreeReader<'a> {
    /// The files, in order.
    pub(super) fn files(&self) -> &'a [Box<str>] {
        &self.tree.files
    }

    /// The text of a file.
    pub(super) fn text(&mut self, file: &str) -> io::Result<Vec<u8>> {
        let bytes = match &mut self.archive {
            Some(archive) => archive::entry_of(archive, &format!("{}{file}", self.tree.start))?,
            None => {
                let parts = self.tree.start.split('/').chain(file.split('/')).filter(|part| !part.is_empty());
                let mut bytes = Vec::new();
                File::open(parts.fold(self.tree.root.clone(), |path, part| path.join(part)))?
                    .read_to_end(&mut bytes)?;
                bytes
            }
        };
        self.bytes += bytes.len() as u64;
        self.hash.update(file.as_bytes());
        self.hash.update(&bytes);
        Ok(encoding::decode(bytes).0)
    }

    /// The hash and the number of the bytes so far; the hash is also of the files' names.
    pub(super) fn digest(&self) -> (u128, u64) {
        (self.hash.digest128(), self.bytes)
    }
}
