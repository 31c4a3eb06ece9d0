//! Reading a source: its bytes, its encoding, its objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use serde::de::IgnoredAny;

use super::blocks::{self, End, Worker};
use super::document::{Event, Top};
use super::encoding::{self, Transcoded};
use super::input::{Counted, Failure, Input, unreadable};
use super::project::{Projector, Slots};
use super::recognise;
use super::source::{Format, Incomplete, Place, Section, Source, Store};
use crate::json::{Raw, Scan};
use crate::tenant::schema::{Collection, GRAPH_DEFAULT_USER_PROPERTIES};

/// Up to this size a source is kept in memory, checked in full, and its errors have line and column.
const IN_MEMORY: usize = 64 << 20;

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
}

/// Properties that an exporter writes as empty for every object when it did not ask for them, by collection and slot.
type Masks = Vec<Vec<bool>>;

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
        let path = input.name();
        let name = path.clone();
        let fail = |error: io::Error| unreadable(Path::new(&name), &error);
        let mut reader = Counted::new(input.open().map_err(fail)?, Arc::clone(&self.seen));
        let mut head = Vec::new();
        (&mut reader).take(IN_MEMORY as u64 + 1).read_to_end(&mut head).map_err(fail)?;
        let suggested = input.file().and_then(recognise::from_file_name);
        if head.len() <= IN_MEMORY {
            let digest = reader.digest();
            return self.in_memory(path, head, digest, index, suggested, visitor, &mut commit);
        }
        let Some(file) = input.file().filter(|_| encoding::detect(&head) == encoding_rs::UTF_8) else {
            return Self::too_large(path, head, reader, fail);
        };
        let again = File::open(file).map_err(fail)?;
        let size = again.metadata().map_err(fail)?.len();
        let store = Store::File(file.to_path_buf(), Mutex::new(again), size);
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
            hint: "save it as a file of UTF-8 first (PowerShell: … | Set-Content -Encoding utf8 tenant.json), and name that file".to_owned(),
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
        let invalid = validate(&text);
        if let Some(fault) = &invalid {
            text.truncate(fault.offset);
        }
        let masks = self.survey(&text, index);
        let mut gathered = Gathered::default();
        let mut stream = text.as_slice();
        let end = self.walk(&mut stream, index, suggested, &masks, visitor, commit, &mut gathered);
        let failure = match (&invalid, &end) {
            (Some(fault), _) => Some(fault.failure(&path, &gathered)),
            (None, End::Bad(place, _)) => {
                let (line, column) = line_and_column(&text, *place);
                Some(not_a_dump(&path, line, column))
            }
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
    fn walk<V: Visitor>(
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
            slots: Slots::default(),
            visitor: visitor(),
        };
        blocks::read(stream, self.threads, suggested, &make, |(batch, counts), events| {
            gathered.take(counts, events);
            commit(batch);
        })
    }

    /// Which properties an export of PowerShell objects shows as empty throughout. Empty if it is no such export.
    ///
    /// Microsoft Graph PowerShell prints every property of its objects, also those it did not ask for; nothing but their being
    /// empty on all objects tells. Source: msgraph-sdk-powershell issue #2337.
    fn survey(&self, text: &[u8], index: u32) -> Masks {
        if !has_pascal_case(text) {
            return Masks::new();
        }
        let filled = Mutex::new(vec![BTreeSet::new(); Collection::COUNT]);
        let visitor = || Survey { found: vec![BTreeSet::new(); Collection::COUNT], width: self.wanted };
        let mut gathered = Gathered::default();
        let mut stream = text;
        self.walk(&mut stream, index, None, &Masks::new(), &visitor, &mut |batch: Vec<BTreeSet<usize>>| {
            let mut filled = filled.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            for (all, some) in filled.iter_mut().zip(batch) {
                all.extend(some);
            }
        }, &mut gathered);
        let filled = filled.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_default = |name: &String| GRAPH_DEFAULT_USER_PROPERTIES.contains(&name.as_str());
        self.wanted
            .iter()
            .zip(filled)
            .map(|(wanted, filled)| {
                wanted.iter().enumerate().map(|(slot, name)| !filled.contains(&slot) && !is_default(name)).collect()
            })
            .collect()
    }

    /// The names of the masked properties; none if the source is no export of PowerShell objects.
    fn masked_names(&self, masks: &Masks) -> Option<BTreeSet<(Collection, String)>> {
        let collections = Collection::all().zip(self.wanted.iter().zip(masks));
        let slots = collections.flat_map(|(collection, (wanted, masks))| {
            wanted.iter().zip(masks).map(move |(name, masked)| (collection, name, *masked))
        });
        let names = slots.filter(|(.., masked)| *masked).map(|(collection, name, _)| (collection, name.to_ascii_lowercase()));
        (!masks.is_empty()).then(|| names.collect())
    }
}

/// Whether the first key that is a property begins with a capital.
fn has_pascal_case(text: &[u8]) -> bool {
    let head = &text[..text.len().min(1 << 16)];
    let known = ["\"Id\"", "\"UserPrincipalName\"", "\"DisplayName\"", "\"SkuId\"", "\"RoleTemplateId\""];
    known.iter().any(|key| memchr::memmem::find(head, key.as_bytes()).is_some())
        && memchr::memmem::find(head, b"\"id\"").is_none()
}

/// Which wanted properties have a value on some object.
struct Survey<'a> {
    found: Vec<BTreeSet<usize>>,
    width: &'a [Vec<String>],
}

impl Visitor for Survey<'_> {
    type Batch = Vec<BTreeSet<usize>>;

    fn object(&mut self, collection: Collection, record: Record<'_>, _: Place) {
        let found = &mut self.found[collection as usize];
        found.extend((0..self.width[collection as usize].len()).filter(|slot| record.get(*slot).is_some_and(|raw| !raw.is_empty())));
    }

    fn finish(&mut self) -> Self::Batch {
        self.found.clone()
    }
}

/// Reads the wanted properties of each object for a visitor.
struct Projecting<'a, V> {
    source: u32,
    offset: u64,
    wanted: &'a [Vec<String>],
    masks: &'a Masks,
    projectors: Vec<Option<Projector>>,
    slots: Slots,
    visitor: V,
}

type Counts = Vec<(Collection, usize, BTreeMap<String, usize>)>;

impl<V: Visitor> Worker for Projecting<'_, V> {
    type Batch = (V::Batch, Counts);

    fn begin(&mut self, offset: u64) {
        self.offset = offset;
    }

    #[inline]
    fn take(&mut self, collection: Collection, bytes: &[u8], at: usize) -> Result<usize, Scan> {
        let index = collection as usize;
        let projector = self.projectors[index].get_or_insert_with(|| Projector::new(&self.wanted[index]));
        let end = projector.read(bytes, at, &mut self.slots)?;
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
        (self.visitor.finish(), counts)
    }
}

/// What a source says about itself while it is read.
#[derive(Default)]
struct Gathered {
    sections: BTreeMap<Collection, Section>,
    exported_at: Option<String>,
    notes: Vec<(&'static str, String)>,
    top: Option<Top>,
    foreign: Option<&'static str>,
    unknown_objects: usize,
}

impl Gathered {
    fn take(&mut self, counts: Counts, events: Vec<Event>) {
        for (collection, count, properties) in counts {
            let section = self.sections.entry(collection).or_default();
            section.count += count;
            for (name, count) in properties {
                *section.properties.entry(name).or_default() += count;
            }
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
            Event::Section(collection) => section(Some(collection), &|_| {}),
            Event::Page(collection) => section(collection, &|section| section.pages += 1),
            Event::NextLink(collection) => section(collection, &|section| section.next_links += 1),
            Event::DeltaLink(collection) => section(collection, &|section| section.incomplete = Some(Incomplete::DeltaLink)),
            Event::Error(Some(collection), code, message) => {
                self.sections.entry(collection).or_default().error = Some((code, message));
            }
            Event::Error(None, code, message) => {
                self.notes.push(("error-body", format!("It holds the answer to a call that failed: {code}: {message}")));
            }
            Event::ExportedAt(at) => self.exported_at = Some(at),
            Event::UnknownKey(key) => self.notes.push(("unknown-key", format!("\"{key}\" names no collection that is known; it was passed over."))),
            Event::UnknownObject => self.unknown_objects += 1,
            Event::Foreign(name) => self.foreign = Some(name),
            Event::Top(top) => self.top = self.top.or(Some(top)),
        }
    }

    fn source(mut self, path: String, (digest, bytes): (u128, u64), store: Store, masked: Option<BTreeSet<(Collection, String)>>) -> Source {
        let mut failure = None;
        if self.sections.is_empty() {
            let what = match (self.foreign, self.notes.iter().find(|(code, _)| *code == "error-body")) {
                (Some(name), _) => format!("is {name}, which cannot be read yet"),
                (None, Some((_, text))) => text.replacen("It holds", "holds nothing but", 1),
                (None, None) if bytes == 0 => "is empty".to_owned(),
                (None, None) => "holds no object of a kind that is known".to_owned(),
            };
            failure = Some(Failure {
                path: path.clone(),
                message: what,
                line: None,
                column: None,
                hint: "export the tenant again with: aaddoctor collect-script".to_owned(),
            });
        } else if let Some(name) = self.foreign {
            self.notes.push(("foreign", format!("A part of it is {name}; it was passed over.")));
        }
        if self.unknown_objects > 0 {
            self.notes.push(("unknown-objects", format!("{} objects are of no known kind; they were passed over.", self.unknown_objects)));
        }
        for (collection, section) in &self.sections {
            // The page sizes of Graph and of old commands: often a list that was cut at its limit.
            if matches!(section.count, 100 | 500 | 999 | 1000) && section.incompleteness().is_none() {
                self.notes.push(("round-count", format!("It holds exactly {} {}: perhaps only the first page.", section.count, collection.name())));
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
    fn ended(&mut self, end: End) {
        let (message, collection) = match end {
            End::Whole => return,
            End::Cut(collection) => ("ends in the middle: it was cut off".to_owned(), collection),
            End::Bad(at, collection) => (format!("is broken behind byte {at}"), collection),
            End::Io(error, collection) => (format!("cannot be read on: {error}"), collection),
        };
        if let Some(section) = collection.and_then(|collection| self.sections.get_mut(&collection)) {
            section.incomplete = Some(Incomplete::Cut);
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

/// A fault that full validation found.
struct Fault {
    offset: usize,
    line: u64,
    column: u64,
    cut: bool,
    message: String,
}

impl Fault {
    fn failure(&self, path: &str, gathered: &Gathered) -> Failure {
        let nothing = gathered.sections.is_empty();
        if nothing && !self.cut {
            return not_a_dump(path, self.line, self.column);
        }
        Failure {
            path: path.to_owned(),
            message: if self.cut { "ends in the middle: it was cut off".to_owned() } else { format!("is broken: {}", self.message) },
            line: Some(self.line),
            column: Some(self.column),
            hint: if nothing {
                "export it again".to_owned()
            } else {
                "what came before was judged; export it again for the rest".to_owned()
            },
        }
    }
}

fn not_a_dump(path: &str, line: u64, column: u64) -> Failure {
    Failure {
        path: path.to_owned(),
        message: "is not JSON".to_owned(),
        line: Some(line),
        column: Some(column),
        hint: "a dump is a JSON file such as the one that the script of aaddoctor collect-script writes".to_owned(),
    }
}

/// Checks every byte, and returns the first fault.
fn validate(text: &[u8]) -> Option<Fault> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let error = loop {
        match values.next() {
            None => return None,
            Some(Ok(_)) => {}
            Some(Err(error)) => break error,
        }
    };
    let (line, column) = (error.line(), error.column());
    let mut start = 0;
    for _ in 1..line {
        start += memchr::memchr(b'\n', &text[start..]).map_or(0, |at| at + 1);
    }
    let text_of = error.to_string();
    let message = text_of.split(" at line ").next().unwrap_or_default().replace("recursion limit exceeded", "it is nested deeper than 128 levels");
    Some(Fault {
        offset: (start + column.saturating_sub(1)).min(text.len()),
        line: line as u64,
        column: column as u64,
        cut: error.is_eof(),
        message,
    })
}

fn line_and_column(text: &[u8], place: u64) -> (u64, u64) {
    let before = &text[..(place as usize).min(text.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = before.len() - memchr::memrchr(b'\n', before).map_or(0, |at| at + 1) + 1;
    (line as u64, column as u64)
}
