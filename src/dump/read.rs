//! Reading a source: its bytes, its encoding, its objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::archive;
use super::blocks::{self, End, Worker};
use super::dialect::Products;
use super::document::{Event, Expected, Loss, Top};
use super::encoding::{self, Transcoded};
use super::fault::{line_and_column, not_a_dump, validate};
use super::input::{Counted, Failure, Input, unreadable};
use super::mend::mend;
use super::project::{Projector, Slots};
use super::recognise::{self, FormatIn, Keys, Tell};
use super::source::{Format, Incomplete, Place, Section, Source, Store};
use super::spool::{IN_MEMORY, Spool, Spooled};
use super::survey;
use super::translate::Foreign;
use crate::json::{Raw, Scan};
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
        let invalid = validate(&text);
        if let Some(fault) = &invalid {
            text.truncate(fault.offset);
        }
        mend(&mut text);
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

/// Reads the wanted properties of each object for a visitor.
struct Projecting<'a, V> {
    source: u32,
    offset: u64,
    wanted: &'a [Vec<String>],
    masks: &'a Masks,
    projectors: Vec<Option<Projector>>,
    asides: Asides,
    slots: Slots,
    visitor: V,
}

/// How many objects there were, and how many of them had each property.
type Counts = Vec<(Collection, usize, BTreeMap<String, usize>)>;

/// Calls that failed, among the objects of a collection: code and message.
type Errors = Vec<(Collection, String, String)>;

/// What stood among the objects and is none.
#[derive(Default)]
struct Asides {
    errors: Errors,
    /// Objects that are said to be gone.
    removed: BTreeMap<Collection, usize>,
    /// Users stood in a list of deleted ones.
    has_users_among_deleted: bool,
}

/// Read of every object: a deleted user may stand in a list of users.
const DELETED: &str = "deletedDateTime";

impl<V> Projecting<'_, V> {
    /// Reads the properties of an object as one of a collection; nothing is counted yet.
    #[inline]
    fn look(&mut self, collection: Collection, bytes: &[u8], at: usize) -> Result<(usize, Tell), Scan> {
        let index = collection as usize;
        let projector = self.projectors[index].get_or_insert_with(|| {
            let wanted = &self.wanted[index];
            Projector::new(
                &wanted.iter().map(String::as_str).chain(is_user(collection).then_some(DELETED)).collect::<Vec<_>>(),
            )
        });
        Ok((projector.look(bytes, at, &mut self.slots)?, projector.tell()))
    }

    /// Whether the object that was looked at is a deleted one.
    fn is_deleted(&self, collection: Collection, bytes: &[u8]) -> bool {
        let wanted = &self.wanted[collection as usize];
        let slot = wanted.iter().position(|name| name == DELETED).unwrap_or(wanted.len());
        self.slots.get(bytes, slot).is_some_and(|date| !date.is_empty())
    }

    /// What the object that was looked at is, if it is not what it was believed to be.
    #[inline]
    fn actual(&self, expected: Expected, tell: Tell, bytes: &[u8], at: usize) -> Result<Collection, Scan> {
        let mut collection = expected.collection;
        if !expected.told {
            match tell {
                Tell::Kind(Collection::Users) if is_user(collection) => {}
                Tell::Kind(kind) => collection = kind,
                Tell::Named => collection = Keys::peek(bytes, at)?.collection().unwrap_or(collection),
                Tell::Nothing | Tell::Error | Tell::Removed | Tell::Model => {}
            }
        }
        if is_user(expected.collection)
            && is_user(collection)
            && !(expected.told && collection == Collection::DeletedUsers)
        {
            let is_user_for_sure = expected.told || tell == Tell::Kind(Collection::Users);
            if self.is_deleted(expected.collection, bytes) {
                collection = Collection::DeletedUsers;
            } else if is_user_for_sure {
                collection = Collection::Users;
            }
        }
        Ok(collection)
    }
}

fn is_user(collection: Collection) -> bool {
    matches!(collection, Collection::Users | Collection::DeletedUsers)
}

impl<V: Visitor> Worker for Projecting<'_, V> {
    type Batch = (V::Batch, Counts, Asides);

    fn begin(&mut self, offset: u64) {
        self.offset = offset;
    }

    #[inline]
    fn take(&mut self, expected: Expected, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let (end, tell) = self.look(expected.collection, bytes, at)?;
        match tell {
            Tell::Error => {
                let (code, message) = Keys::peek(&bytes[..end], at)?.error();
                self.asides.errors.push((expected.collection, code, message));
                return Ok(end);
            }
            Tell::Removed => {
                *self.asides.removed.entry(expected.collection).or_default() += 1;
                return Ok(end);
            }
            Tell::Model if Keys::peek(&bytes[..end], at)?.is_model() => return Ok(end),
            _ => {}
        }
        let collection = self.actual(expected, tell, bytes, at)?;
        self.asides.has_users_among_deleted |=
            expected.collection == Collection::DeletedUsers && collection == Collection::Users;
        if collection != expected.collection {
            self.look(collection, bytes, at)?;
            if collection == Collection::Users && self.is_deleted(collection, bytes) {
                return self.take(Expected { collection: Collection::DeletedUsers, told: true }, bytes, at);
            }
        }
        let index = collection as usize;
        if let Some(projector) = &mut self.projectors[index] {
            projector.count();
        }
        let masked = self.masks.get(index).map_or(&[][..], Vec::as_slice);
        let record = Record { bytes, slots: &self.slots, masked };
        let place = Place { source: self.source, offset: self.offset + at as u64, length: (end - at) as u32 };
        self.visitor.object(collection, record, place);
        Ok(end)
    }

    fn finish(&mut self) -> Self::Batch {
        let mut counts = Counts::new();
        for (collection, projector) in Collection::all().zip(&mut self.projectors) {
            if let Some(projector) = projector {
                let (count, properties) = projector.take_counts();
                if count > 0 {
                    counts.push((collection, count, properties));
                }
            }
        }
        (self.visitor.finish(), counts, std::mem::take(&mut self.asides))
    }
}

/// What a source says about itself while it is read.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) sections: BTreeMap<Collection, Section>,
    pub(super) exported_at: Option<String>,
    pub(super) notes: Vec<(&'static str, String)>,
    top: Option<Top>,
    foreign: Option<&'static str>,
    unknown_objects: usize,
    /// How many objects it says are gone.
    removed: usize,
    /// The collection that was last begun.
    last: Option<Collection>,
    /// What the last page of each collection is a page of.
    chains: BTreeMap<Collection, u64>,
    /// A call that failed, for nobody knows what.
    stray_error: Option<(String, String)>,
    /// The collections that have a list, and not only objects that stood elsewhere.
    listed: BTreeSet<Collection>,
    /// A list that seemed to be of deleted users holds others too.
    pub(super) has_users_among_deleted: bool,
}

impl Gathered {
    fn take(&mut self, counts: Counts, asides: Asides, events: Vec<Event>) {
        for (collection, count, properties) in counts {
            let section = self.sections.entry(collection).or_default();
            section.count += count;
            for (name, count) in properties {
                *section.properties.entry(name).or_default() += count;
            }
        }
        self.has_users_among_deleted |= asides.has_users_among_deleted;
        for (collection, count) in asides.removed {
            self.removed += count;
            self.sections.entry(collection).or_default().incomplete.get_or_insert(Incomplete::DeltaLink);
        }
        for (collection, code, message) in asides.errors {
            self.sections.entry(collection).or_default().error = Some((code, message));
        }
        for event in events {
            self.event(event);
        }
    }

    fn event(&mut self, event: Event) {
        let mut section = |collection: Option<Collection>, change: &dyn Fn(&mut Section)| {
            if let Some(collection) = collection {
                change(self.sections.entry(collection).or_default());
            }
        };
        match event {
            Event::Section(collection) => {
                section(Some(collection), &|_| {});
                self.listed.insert(collection);
                self.last = Some(collection);
            }
            Event::Alone(collection) => {
                section(Some(collection), &|_| {});
                self.last = Some(collection);
            }
            Event::Page(collection, mut chain) => {
                // A page that does not say what it is a page of goes on with the one before.
                if let Some(collection) = collection {
                    let before = self.chains.entry(collection).or_insert(chain.of);
                    if chain.of == 0 {
                        chain.of = *before;
                    }
                    *before = chain.of;
                }
                section(collection, &|section| {
                    let (pages, links) = section.chains.entry(chain.of).or_default();
                    *pages += 1;
                    *links += usize::from(chain.goes_on);
                });
                self.listed.extend(collection);
                self.last = collection.or(self.last);
            }
            Event::Lost(collection) => section(Some(collection), &|section| {
                section.incomplete.get_or_insert(Incomplete::Lost);
            }),
            Event::Part(collection) => section(collection, &|section| {
                section.incomplete.get_or_insert(Incomplete::Part);
            }),
            Event::DeltaLink(collection) => {
                section(collection.or(self.last), &|section| section.incomplete = Some(Incomplete::DeltaLink))
            }
            Event::Error(Some(collection), code, message) => {
                self.sections.entry(collection).or_default().error = Some((code, message));
            }
            Event::Error(None, code, message) => {
                self.notes
                    .push(("error-body", format!("It holds the answer to a call that failed: {code}: {message}")));
                // Among pages it most likely stands for the next of them.
                match self.last {
                    Some(last) => self.sections.entry(last).or_default().error = Some((code, message)),
                    None => self.stray_error = Some((code, message)),
                }
            }
            Event::ExportedAt(at) => self.exported_at = Some(at),
            Event::UnknownKey(key) => self
                .notes
                .push(("unknown-key", format!("\"{key}\" names no collection that is known; it was passed over."))),
            Event::UnknownObject => self.unknown_objects += 1,
            Event::Foreign(name) => self.foreign = Some(name),
            Event::Top(top) => self.top = self.top.or(Some(top)),
        }
    }

    /// Deleted users that stand among users are no list of all of them: that list was not asked for.
    fn doubt_deleted_users(&mut self) {
        let is_listed = |collection| self.listed.contains(&collection);
        let mut parts = Vec::new();
        if self.has_users_among_deleted
            || self.sections.contains_key(&Collection::Users) && !is_listed(Collection::DeletedUsers)
        {
            parts.push(Collection::DeletedUsers);
        }
        if self.has_users_among_deleted && !is_listed(Collection::Users) {
            parts.push(Collection::Users);
        }
        for collection in parts {
            if let Some(section) = self.sections.get_mut(&collection) {
                section.incomplete.get_or_insert(Incomplete::Part);
            }
        }
    }

    pub(super) fn source(
        mut self,
        path: String,
        (digest, bytes): (u128, u64),
        store: Store,
        masked: Option<BTreeSet<(Collection, String)>>,
    ) -> Source {
        let mut failure = None;
        if let Some(error) = self.stray_error.take() {
            for section in self.sections.values_mut() {
                section.error.get_or_insert_with(|| error.clone());
            }
        }
        self.doubt_deleted_users();
        if self.sections.is_empty() {
            let what = match (self.foreign, self.notes.iter().find(|(code, _)| *code == "error-body")) {
                (Some(name), _) => format!("is {}", what_and_bring(name).0),
                (None, Some((_, text))) => text.replacen("It holds", "holds nothing but", 1),
                (None, None) if bytes == 0 => "is empty".to_owned(),
                (None, None) => "holds no object of a kind that is known".to_owned(),
            };
            failure = Some(Failure {
                path: path.clone(),
                message: what,
                line: None,
                column: None,
                hint: self
                    .foreign
                    .and_then(|name| what_and_bring(name).1)
                    .unwrap_or("export the tenant again with: aaddoctor collect-script")
                    .to_owned(),
            });
        } else if let Some(name) = self.foreign {
            self.notes.push(("foreign", format!("A part of it is {name}; it was passed over.")));
        }
        if self.removed > 0 {
            let count = self.removed;
            self.notes.push(("removed", format!("Objects that it says are gone: {count}. They are not there.")));
        }
        if self.unknown_objects > 0 {
            self.notes.push((
                "unknown-objects",
                format!("{} objects are of no known kind; they were passed over.", self.unknown_objects),
            ));
        }
        for (collection, section) in &self.sections {
            // The page sizes of Graph and of old commands: often a list that was cut at its limit.
            if matches!(section.count, 100 | 500 | 999 | 1000) && section.incompleteness().is_none() {
                self.notes.push((
                    "round-count",
                    format!("It holds exactly {} {}: perhaps only the first page.", section.count, collection.name()),
                ));
            }
        }
        let format = match self.top {
            _ if masked.is_some() => Format::PowerShell,
            Some(Top::Bundle) => Format::Bundle,
            Some(Top::Pages) => Format::Pages,
            Some(Top::Objects) => Format::Objects,
            None => Format::Unknown,
        };
        Source {
            path,
            digest,
            bytes,
            format,
            told_by_content: true,
            exported_at: self.exported_at,
            foreign: self.foreign.filter(|_| self.sections.is_empty()).map(|name| what_and_bring(name).0),
            sections: self.sections,
            notes: self.notes,
            failure,
            masked: Arc::new(masked.unwrap_or_default()),
            store,
        }
    }
}

impl Source {
    /// Notes that the reading did not reach the end.
    pub(super) fn ended(&mut self, end: End) {
        let (message, loss) = match end {
            End::Whole => return,
            End::Cut(loss) => ("ends in the middle: it was cut off".to_owned(), loss),
            End::Bad(at, loss) => (format!("is broken behind byte {at}"), loss),
            End::Io(error, loss) => (format!("cannot be read on: {error}"), loss),
        };
        for (collection, section) in &mut self.sections {
            let is_hit = match loss {
                Loss::None => false,
                // Users and deleted users may stand in one list.
                Loss::One(one) => one == *collection || is_user(one) && is_user(*collection),
                Loss::Any => true,
            };
            if is_hit {
                section.incomplete = Some(Incomplete::Cut);
            }
        }
        self.failure.get_or_insert(Failure {
            path: self.path.clone(),
            message,
            line: None,
            column: None,
            hint: "what came before was judged; export it again for the rest".to_owned(),
        });
    }
}

/// What a report of another tool is, and what to bring instead.
fn what_and_bring(name: &'static str) -> (&'static str, Option<&'static str>) {
    match name.split_once(" (") {
        Some((what, bring)) => (what, Some(bring.trim_end_matches(')'))),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests;
