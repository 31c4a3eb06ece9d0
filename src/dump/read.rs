//! Reading a source: its bytes, its encoding, its objects.

mod gathered;
mod projecting;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub(super) use self::gathered::Gathered;
use self::projecting::{Asides, Projecting};
use super::archive;
use super::blocks::{self, End};
use super::dialect::Products;
use super::encoding::{self, Transcoded};
use super::fault::{line_and_column, not_a_dump, validate};
use super::input::{Counted, Failure, Input, unreadable};
use super::mend;
use super::project::Slots;
use super::recognise::{self, FormatIn};
use super::source::{Incomplete, Place, Source, Store};
use super::spool::{IN_MEMORY, Spool, Spooled};
use super::survey;
use super::translate::Foreign;
use crate::json::Raw;
use crate::tenant::schema::Collection;

/// How much of a text tells what it is, and whether it has to be surveyed.
pub(super) const SAMPLE: usize = 1 << 16;

/// What takes the objects of all sources.
pub trait Visitor: Send {
    /// What it makes of some objects.
    type Batch: Send;

    /// Takes an object.
    fn object(&mut self, collection: Collection, record: Record<'_>, place: Place);

    /// What was made since the last call.
    fn finish(&mut self) -> Self::Batch;
}

/// The wanted properties of one object.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    bytes: &'a [u8],
    slots: &'a Slots,
    masked: &'a [bool],
}

impl<'a> Record<'a> {
    /// The value of a wanted property, by its index; nothing if it was not collected for this object.
    #[inline]
    pub fn get(&self, slot: usize) -> Option<Raw<'a>> {
        if self.masked.get(slot) == Some(&true) { None } else { self.slots.get(self.bytes, slot) }
    }
}

/// How to read.
pub struct Reading<'a> {
    /// The properties wanted of each collection, by its discriminant.
    pub wanted: &'a [Vec<String>],
    /// How many threads may work on a large source.
    pub threads: usize,
    /// The bytes read so far, for whoever shows progress.
    pub seen: Arc<AtomicU64>,
    /// Finds products that a table of another tool names.
    pub products: Products<'a>,
    /// The format that all files have, as the user says.
    pub format_in: Option<FormatIn>,
    /// Where a temporary file may stand with what is too large for memory and cannot be read again where it came from.
    pub spool: Option<&'a Path>,
}

/// Properties that an exporter writes as empty for every object when it did not ask for them, by collection and slot.
pub(super) type Masks = Vec<Vec<bool>>;

impl Reading<'_> {
    /// Reads one input. What the visitors make is handed over in the order of the source.
    ///
    /// # Errors
    ///
    /// If nothing of it can be read. A source that breaks off is returned with its failure.
    pub fn source<V: Visitor>(
        &self,
        input: &Input,
        index: u32,
        visitor: &(dyn Fn() -> V + Sync),
        mut commit: impl FnMut(V::Batch) + Send,
    ) -> Result<Source, Failure> {
        if let Input::Tree(tree) = input {
            return self.tree(tree, index, visitor, &mut commit);
        }
        let is_child = input.is_child();
        let mut source = self.file(input, index, visitor, &mut commit)?;
        if is_child {
            for section in source.sections.values_mut() {
                section.incomplete.get_or_insert(Incomplete::Part);
            }
        }
        Ok(source)
    }

    /// Reads an input that is one file or stream.
    fn file<V: Visitor>(
        &self,
        input: &Input,
        index: u32,
        visitor: &(dyn Fn() -> V + Sync),
        mut commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> Result<Source, Failure> {
        let path = input.name();
        let name = path.clone();
        let fail = |error: io::Error| unreadable(Path::new(&name), &error);
        let mut reader = Counted::new(input.open().map_err(fail)?, Arc::clone(&self.seen));
        let is_large = input
            .file()
            .and_then(|file| file.metadata().ok())
            .is_some_and(|metadata| metadata.len() > IN_MEMORY as u64);
        let mut head = beginning(&mut reader).map_err(fail)?;
        if let Some(kind) = recognise::no_export(&head) {
            io::copy(&mut reader, &mut io::sink()).map_err(fail)?;
            let nothing = Gathered { foreign: Some(kind), ..Gathered::default() };
            return Ok(nothing.source(path, reader.digest(), Store::Memory(Vec::new()), None));
        }
        if head.starts_with(recognise::OLD_OFFICE) {
            return Err(fail(archive::is_office()));
        }
        let text = encoding::sample(&head);
        // What was typed on the command line is no file.
        let format_in = self.format_in.filter(|_| !matches!(input, Input::Bytes(..)));
        if let Some(told) = recognise::dialect(&text, format_in) {
            let is_told = format_in.is_some();
            let foreign = Foreign { path, told, is_told, head, rest: reader, file: input.file() };
            return self.translated(foreign, index, visitor, &mut commit);
        }
        // Of a large file no more is looked at beforehand, unless it has to be surveyed.
        if !is_large || survey::is_wanted(&head) {
            let rest = (IN_MEMORY + 1 - head.len()) as u64;
            (&mut reader).take(rest).read_to_end(&mut head).map_err(fail)?;
        }
        let suggested = input.suggested();
        if !is_large && head.len() <= IN_MEMORY {
            let digest = reader.digest();
            return self.in_memory(path, head, digest, index, suggested, visitor, &mut commit);
        }
        let Some(file) = input.file().filter(|_| encoding::detect(&head) == encoding_rs::UTF_8) else {
            let Some(folder) = self.spool else { return Self::too_large(path, head, reader, fail) };
            return self.spooled(path, folder, head, reader, index, suggested, visitor, &mut commit);
        };
        let again = File::open(file).map_err(fail)?;
        let size = again.metadata().map_err(fail)?.len();
        let store = Store::File(file.to_path_buf(), again, size);
        let masks = self.survey(&head, index);
        let mut gathered = Gathered::default();
        // A byte order mark counts as bytes of the file, so that places stay places.
        let mut stream = Cursor::new(head).chain(&mut reader);
        let end = self.walk(&mut stream, index, suggested, &masks, visitor, &mut commit, &mut gathered);
        let digest = reader.digest();
        let mut source = gathered.source(path, digest, store, self.masked_names(&masks));
        source.ended(end);
        Ok(source)
    }

    fn too_large<R: Read>(
        path: String,
        head: Vec<u8>,
        reader: Counted<R>,
        fail: impl Fn(io::Error) -> Failure,
    ) -> Result<Source, Failure> {
        let encoding = encoding::detect(&head);
        let mut rest = Transcoded::new(Cursor::new(head).chain(reader), encoding);
        let size = io::copy(&mut rest, &mut io::sink()).map_err(fail)?;
        let reason = if encoding == encoding_rs::UTF_8 { "comes through a pipe" } else { "is not UTF-8" };
        Err(Failure {
            path,
            message: format!(
                "has {} MB and {reason}: what findings print is read again at its place, which takes a file of UTF-8 above {} MB",
                size >> 20,
                IN_MEMORY >> 20
            ),
            line: None,
            column: None,
            hint: "save it as a file of UTF-8 first (PowerShell: … | Set-Content -Encoding utf8 tenant.json), and name that file; or say where a temporary copy may stand: --spool FOLDER".to_owned(),
        })
    }

    /// Reads what is too large for memory and no file of UTF-8, by way of a temporary one.
    #[allow(clippy::too_many_arguments)]
    fn spooled<V: Visitor, R: Read>(
        &self,
        path: String,
        folder: &Path,
        head: Vec<u8>,
        mut reader: Counted<R>,
        index: u32,
        suggested: Option<Collection>,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> Result<Source, Failure> {
        let fail = |error: io::Error| unreadable(Path::new(&path), &error);
        let masks = self.survey(&encoding::sample(&head), index);
        let encoding = encoding::detect(&head);
        let mut spool = Spool::new(Some(folder));
        let mut text = Transcoded::new(Cursor::new(head).chain(&mut reader), encoding);
        io::copy(&mut text, &mut spool).map_err(fail)?;
        drop(text);
        let spooled = spool.finish().map_err(fail)?;
        let mut gathered = Gathered::default();
        let (end, store) = self.walk_spooled(spooled, &path, index, suggested, &masks, visitor, commit, &mut gathered);
        let mut source = gathered.source(path, reader.digest(), store, self.masked_names(&masks));
        source.ended(end);
        Ok(source)
    }

    /// Reads what a spool took, and keeps it.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn walk_spooled<V: Visitor>(
        &self,
        spooled: Spooled,
        path: &str,
        index: u32,
        suggested: Option<Collection>,
        masks: &Masks,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
        gathered: &mut Gathered,
    ) -> (End, Store) {
        match spooled {
            Spooled::Memory(text) => {
                let end = self.walk(&mut text.as_slice(), index, suggested, masks, visitor, commit, gathered);
                (end, Store::Memory(text))
            }
            Spooled::File(mut file, size) => {
                let end = self.walk(&mut file, index, suggested, masks, visitor, commit, gathered);
                (end, Store::File(path.into(), file, size))
            }
        }
    }

    /// Does two things, at the same time if there are threads for both.
    fn at_once<A, B: Send>(&self, one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
        if self.threads < 2 {
            return (one(), other());
        }
        std::thread::scope(|scope| {
            let other = scope.spawn(other);
            let one = one();
            (one, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn in_memory<V: Visitor>(
        &self,
        path: String,
        head: Vec<u8>,
        digest: (u128, u64),
        index: u32,
        suggested: Option<Collection>,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> Result<Source, Failure> {
        let (mut text, encoding) = encoding::decode(head);
        let (invalid, changes) = self.at_once(|| validate(&text), || mend::changes(&text));
        if let Some(fault) = &invalid {
            text.truncate(fault.offset);
        }
        mend::apply(changes, &mut text);
        let masks = self.survey(&text, index);
        let mut gathered = Gathered::default();
        let mut stream = text.as_slice();
        let end = self.walk(&mut stream, index, suggested, &masks, visitor, commit, &mut gathered);
        let failure = match (&invalid, &end) {
            (Some(fault), _) => Some(fault.failure(&path, &gathered)),
            (None, End::Bad(place, _)) => Some(not_a_dump(&path, line_and_column(&text, *place as usize))),
            _ => None,
        };
        let mut source = gathered.source(path, digest, Store::Memory(text), self.masked_names(&masks));
        if let Some(name) = encoding {
            source.notes.push(("encoding", format!("It is written in {name}.")));
        }
        source.ended(end);
        if failure.is_some() {
            source.failure = failure;
        }
        Ok(source)
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn walk<V: Visitor>(
        &self,
        stream: &mut (dyn Read + Send),
        index: u32,
        suggested: Option<Collection>,
        masks: &Masks,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
        gathered: &mut Gathered,
    ) -> End {
        let make = || Projecting {
            source: index,
            offset: 0,
            wanted: self.wanted,
            masks,
            projectors: (0..Collection::COUNT).map(|_| None).collect(),
            asides: Asides::default(),
            slots: Slots::default(),
            visitor: visitor(),
        };
        blocks::read(stream, blocks::WINDOW, self.threads, suggested, &make, |(batch, counts, asides), events| {
            gathered.take(counts, asides, events);
            commit(batch);
        })
    }
}

/// The beginning of a source. It never grows while it is filled: that would leave copies of it in memory.
fn beginning(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = vec![0; SAMPLE];
    let mut filled = 0;
    while filled < head.len() {
        match reader.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(filled);
    Ok(head)
}

#[cfg(test)]
mod tests;
