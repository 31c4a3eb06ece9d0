//! Reading a source in the format of another tool: translated into Graph's objects, then read like them.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};
use std::path::Path;

use super::certainty::Certainty;
use super::dialect::{Dialect, Fault, Written, translate_database};
use super::encoding::{self, Transcoded};
use super::input::{Counted, Failure, unreadable};
use super::read::{Gathered, Masks, Reading, Visitor};
use super::recognise;
use super::source::{Format, Incomplete, Source};
use super::tree::Tree;

/// What is to be translated.
pub(super) struct Foreign<'a, R> {
    /// Its name.
    pub(super) path: String,
    /// Its format, and by what that was told.
    pub(super) told: (Dialect, &'static str),
    /// The user told.
    pub(super) is_told: bool,
    /// Its beginning.
    pub(super) head: Vec<u8>,
    /// The rest.
    pub(super) rest: Counted<R>,
    /// The file, if it is one.
    pub(super) file: Option<&'a Path>,
}

/// What a translation was made of.
struct Origin {
    path: String,
    told: (Dialect, &'static str),
    digest: (u128, u64),
}

impl Reading<'_> {
    /// Translates a source and reads what comes out.
    pub(super) fn translated<V: Visitor, R: Read>(
        &self,
        foreign: Foreign<'_, R>,
        index: u32,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> Result<Source, Failure> {
        let Foreign { path, told, is_told, head, mut rest, file } = foreign;
        let (dialect, _) = told;
        let fail = |error: io::Error| unreadable(Path::new(&path), &error);
        let mut out = Written::new(self.spool);
        out.filled = dialect.shows_unasked().then(BTreeSet::new);
        if dialect.is_folder() {
            return Err(not_of(&path, dialect, "is a file, and that format is a folder"));
        }
        if dialect == Dialect::RoadRecon {
            if !head.starts_with(recognise::SQLITE) {
                return Err(not_of(&path, dialect, "is no SQLite database"));
            }
            let file = file.ok_or_else(|| packed_database(&path))?;
            translate_database(file, self.products, &mut out).map_err(|fault| of_database(&path, fault))?;
            io::copy(&mut rest, &mut io::sink()).map_err(fail)?;
        } else {
            let encoding = encoding::detect(&head);
            let mut bytes = Cursor::new(zeroize::Zeroizing::new(head)).chain(&mut rest);
            if encoding == encoding_rs::UTF_8 {
                dialect.translate(&mut bytes, self.products, &mut out).map_err(fail)?;
            } else {
                out.notes.push(("encoding", "It is written in utf-16.".to_owned()));
                dialect.translate(&mut Transcoded::new(bytes, encoding), self.products, &mut out).map_err(fail)?;
            }
        }
        let origin = Origin { path: path.clone(), told, digest: rest.digest() };
        let source = self.written(origin, out, index, visitor, commit).map_err(fail)?;
        // What is broken at a place has said so already.
        let is_placed = source.failure.as_ref().is_some_and(|failure| failure.line.is_some());
        if is_told && !is_placed && source.sections.values().all(|section| section.count == 0) {
            return Err(not_of(&path, dialect, "holds nothing that such a file would hold"));
        }
        Ok(source)
    }

    /// Translates a folder that one exporter wrote, and reads what comes out.
    pub(super) fn tree<V: Visitor>(
        &self,
        tree: &Tree,
        index: u32,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> Result<Source, Failure> {
        let path = tree.name();
        let fail = |error: io::Error| unreadable(Path::new(&path), &error);
        let mut files = tree.open().map_err(fail)?;
        let mut out = Written::new(self.spool);
        tree.dialect.translate_tree(&mut files, &mut out).map_err(fail)?;
        let told = (tree.dialect, "how its folders are laid out");
        let origin = Origin { path: path.clone(), told, digest: files.digest() };
        self.written(origin, out, index, visitor, commit).map_err(fail)
    }

    /// Reads a translation.
    fn written<V: Visitor>(
        &self,
        origin: Origin,
        mut out: Written,
        index: u32,
        visitor: &(dyn Fn() -> V + Sync),
        commit: &mut (dyn FnMut(V::Batch) + Send),
    ) -> io::Result<Source> {
        let Origin { path, told: (dialect, by), digest } = origin;
        let mut gathered = Gathered::default();
        let masks = out.filled.take().map_or_else(Masks::new, |filled| self.masks_but(&filled));
        let spooled = out.finish()?;
        let (end, store) = self.walk_spooled(spooled, &path, index, None, &masks, visitor, commit, &mut gathered);
        for collection in &out.sections {
            gathered.sections.entry(*collection).or_default();
        }
        // A translation tells of each object what it is, and says itself what is a part.
        gathered.has_users_among_deleted = false;
        // The translation's own mark, which is no property.
        for section in gathered.sections.values_mut() {
            section.properties.remove("@odata.type");
        }
        for (collection, reason) in out.incomplete {
            gathered.sections.entry(collection).or_default().incomplete.get_or_insert(reason);
        }
        gathered.notes.append(&mut out.notes);
        gathered.exported_at = gathered.exported_at.or(out.exported_at);
        if dialect.certainty() == Certainty::Remembered {
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
        let uneven = gathered.notes.iter().find(|(code, _)| *code == "uneven-rows").map(|(_, said)| Failure {
            path: path.clone(),
            message: format!("is read in part. {said}"),
            line: None,
            column: None,
            hint: "mend these lines (a cell that holds the separator stands in quotes), or export it again".to_owned(),
        });
        let mut source = gathered.source(path, digest, store, self.masked_names(&masks));
        source.format = Format::Foreign(dialect);
        source.notes.insert(0, ("told-by", format!("Told by {by}.")));
        source.ended(end);
        if broken.is_some() {
            for section in source.sections.values_mut() {
                section.incomplete = Some(Incomplete::Cut);
            }
            source.failure = broken;
        }
        source.failure = source.failure.or(uneven);
        Ok(source)
    }
}

/// A file that is not what the user says it is.
fn not_of(path: &str, dialect: Dialect, what: &str) -> Failure {
    Failure {
        path: path.to_owned(),
        message: format!("cannot be read as {}: it {what}", dialect.name()),
        line: None,
        column: None,
        hint: "leave out --format-in: what a file is, is told by its content".to_owned(),
    }
}

fn packed_database(path: &str) -> Failure {
    Failure {
        path: path.to_owned(),
        message: "is a SQLite database in an archive or a pipe, which can only be read as a file of its own".to_owned(),
        line: None,
        column: None,
        hint: "unpack it, and name the file (roadrecon.db)".to_owned(),
    }
}

fn of_database(path: &str, fault: Fault) -> Failure {
    let hint = match &fault {
        Fault::Other => {
            "bring roadrecon.db, which ROADrecon writes, or export the tenant with: aaddoctor collect-script"
        }
        Fault::Database(_) | Fault::Unfinished(_) => {
            "close programs that have it open, copy it to a folder of your own, and try again"
        }
        Fault::Write(_) => "make room for temporary files, and try again",
    };
    Failure {
        path: path.to_owned(),
        message: format!("cannot be read: {fault}"),
        line: None,
        column: None,
        hint: hint.to_owned(),
    }
}
