//! Reading a source in the format of another tool: translated into Graph's objects, then read like them.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};
use std::sync::Mutex;

use super::dialect::{Dialect, Seen, Spool, Written};
use super::encoding::{self, Transcoded};
use super::input::{Counted, Failure, unreadable};
use super::read::{Gathered, Masks, Reading, Visitor};
use super::source::{Format, Incomplete, Source, Store};

/// What is to be translated.
pub(super) struct Foreign<R> {
    /// Its name.
    pub(super) path: String,
    /// Its format, and by what that was told.
    pub(super) told: (Dialect, &'static str),
    /// Its beginning.
    pub(super) head: Vec<u8>,
    /// The rest.
    pub(super) rest: Counted<R>,
}

impl Reading<'_> {
    /// Translates a source and reads what comes out.
    pub(super) fn translated<V: Visitor, R: Read>(
        &self,
        foreign: Foreign<R>,
        index: u32,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> Result<Source, Failure> {
        let Foreign { path, told: (dialect, by), head, mut rest } = foreign;
        let fail = |error: io::Error| unreadable(std::path::Path::new(&path), &error);
        let encoding = encoding::detect(&head);
        let mut out = Written::default();
        {
            let mut bytes = Cursor::new(head).chain(&mut rest);
            if encoding == encoding_rs::UTF_8 {
                dialect.translate(&mut bytes, self.products, &mut out).map_err(fail)?;
            } else {
                out.notes.push(("encoding", "It is written in utf-16.".to_owned()));
                dialect.translate(&mut Transcoded::new(bytes, encoding), self.products, &mut out).map_err(fail)?;
            }
        }
        let digest = rest.digest();
        let mut gathered = Gathered::default();
        let masks = Masks::new();
        let (end, store) = match out.finish().map_err(fail)? {
            Spool::Memory(text) => {
                let end = self.walk(&mut text.as_slice(), index, None, &masks, visitor, commit, &mut gathered);
                (end, Store::Memory(text))
            }
            Spool::File(mut file) => {
                io::Seek::rewind(&mut file).map_err(fail)?;
                let size = file.metadata().map_err(fail)?.len();
                let end = self.walk(&mut file, index, None, &masks, visitor, commit, &mut gathered);
                (end, Store::File(path.clone().into(), Mutex::new(file), size))
            }
        };
        for collection in &out.sections {
            gathered.sections.entry(*collection).or_default();
        }
        for (collection, reason) in out.incomplete {
            gathered.sections.entry(collection).or_default().incomplete.get_or_insert(reason);
        }
        gathered.notes.append(&mut out.notes);
        gathered.exported_at = gathered.exported_at.or(out.exported_at);
        if dialect.seen() == Seen::Remembered {
            gathered.notes.push((
                "remembered",
                "The shape of this format is remembered, not documented: what is found in it is likely at most."
                    .to_owned(),
            ));
        }
        let broken = out.broken.map(|(line, column, is_cut)| Failure {
            path: path.clone(),
            message: if is_cut { "ends in the middle: it was cut off".to_owned() } else { "is broken".to_owned() },
            line: Some(line),
            column: Some(column),
            hint: "export it again: of a file like this nothing can be used".to_owned(),
        });
        let mut source = gathered.source(path, digest, store, None::<BTreeSet<_>>);
        source.format = Format::Foreign(dialect);
        source.notes.insert(0, ("told-by", format!("It is {}, told by {by}.", dialect.title())));
        source.ended(end);
        if broken.is_some() {
            for section in source.sections.values_mut() {
                section.incomplete = Some(Incomplete::Cut);
            }
            source.failure = broken;
        }
        Ok(source)
    }
}
