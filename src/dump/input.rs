//! What the user named: files, folders, patterns, standard input; and the bytes behind them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::archive::{self, Packing};
use super::dialect::Dialect;
use super::passed_over::passed_over;
use super::recognise::{self, FormatIn};
use super::tree::Tree;
use crate::tenant::schema::Collection;

/// The endings of the files that are taken from a folder.
const ENDINGS: &[&str] = &["json", "ndjson", "jsonl", "csv", "db", "zip", "gz"];

/// A place that bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// A file in a zip archive.
    Packed(PathBuf, String),
    /// A folder that one exporter wrote.
    Tree(Tree),
    /// Standard input.
    Stdin,
    /// Bytes at hand, under a name.
    Bytes(String, Vec<u8>),
}

/// An input or a source that could not be used, wholly or in part: what happened, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Failure {
    /// As the user named it.
    pub path: String,
    /// What is wrong, a sentence without its subject.
    pub message: String,
    /// The line, from 1, where it is known.
    pub line: Option<u64>,
    /// The column in bytes, from 1, where it is known.
    pub column: Option<u64>,
    /// What to do.
    pub hint: String,
}

impl Input {
    /// The name as the user gave it.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Packed(path, name) => path.join(name).display().to_string(),
            Self::Tree(tree) => tree.name(),
            Self::Stdin => "-".to_owned(),
            Self::Bytes(name, _) => name.clone(),
        }
    }

    /// The collection that its name suggests.
    pub fn suggested(&self) -> Option<Collection> {
        match self {
            Self::File(path) => recognise::from_file_name(path),
            Self::Packed(_, name) => recognise::from_file_name(Path::new(name)),
            Self::Tree(_) | Self::Stdin | Self::Bytes(..) => None,
        }
    }

    /// Whether it is what an exporter writes of a member or an owner: never all of a collection.
    pub(super) fn is_child(&self) -> bool {
        match self {
            Self::File(path) => recognise::is_child(path),
            Self::Packed(_, name) => recognise::is_child(Path::new(name)),
            Self::Tree(_) | Self::Stdin | Self::Bytes(..) => false,
        }
    }

    /// Opens it.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match self {
            Self::File(path) => match archive::packing(path) {
                Some(Packing::Gzip) => Box::new(archive::unpacked(path)?),
                // One that can be read was taken apart.
                Some(Packing::Zip) => {
                    return Err(archive::names(path).err().unwrap_or_else(|| io::ErrorKind::InvalidData.into()));
                }
                None => Box::new(File::open(path)?),
            },
            Self::Packed(path, name) => Box::new(archive::entry(path, name)?),
            Self::Tree(_) => return Err(io::ErrorKind::IsADirectory.into()),
            Self::Stdin => archive::unpacked_if_packed(io::stdin())?,
            Self::Bytes(_, bytes) => Box::new(bytes.as_slice()),
        })
    }

    /// Whether it can be read again at any place.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path)
                if path.metadata().is_ok_and(|metadata| metadata.is_file()) && archive::packing(path).is_none() =>
            {
                Some(path)
            }
            _ => None,
        }
    }
}

/// The files behind the arguments: `-` is standard input, a folder stands for the dumps in it and below it, a pattern for what
/// matches it (PowerShell and cmd hand patterns over as they are). A folder that one exporter wrote is one input, unless the user
/// says that the files have another format.
pub fn gather(arguments: &[PathBuf], format_in: Option<FormatIn>) -> (Vec<Input>, Vec<Failure>) {
    let mut inputs = Vec::new();
    let mut failures = Vec::new();
    for argument in arguments {
        let before = inputs.len();
        if argument == Path::new("-") {
            inputs.push(Input::Stdin);
        } else if argument.is_dir() {
            if let Err(error) = folder(argument, format_in, &mut inputs) {
                failures.push(unreadable(argument, &error));
            } else if inputs.len() == before {
                failures.push(no_dump(argument));
            }
        } else if argument.exists() {
            file(argument, format_in, &mut inputs);
            if inputs.len() == before {
                failures.push(no_dump(argument));
            }
        } else {
            pattern(argument, format_in, &mut inputs, &mut failures);
        }
    }
    inputs.dedup();
    (inputs, failures)
}

/// A folder or an archive in which nothing is to be read.
fn no_dump(path: &Path) -> Failure {
    let hint = match passed_over(&[path.to_owned()]).first() {
        // A browser's recording holds more than an export: it is not read unless somebody names it.
        Some(recording) if has_ending(recording, "har") => {
            format!("a recording of a browser is read if you name it: {}", recording.display())
        }
        Some(file) => format!("save a workbook as CSV, or name a text file itself: {}", file.display()),
        None => "name the export itself, or make one with: aaddoctor collect-script".to_owned(),
    };
    Failure {
        path: path.display().to_string(),
        message: format!("holds no dump: no file that ends in .{}", ENDINGS.join(", .")),
        line: None,
        column: None,
        hint,
    }
}

/// The dumps in a folder: the trees of exporters, and what else is there.
fn folder(root: &Path, format_in: Option<FormatIn>, inputs: &mut Vec<Input>) -> io::Result<()> {
    let (mut names, mut odd) = (Vec::new(), Vec::new());
    walk(root, "", &mut names, &mut odd)?;
    let (trees, rest) = trees(root, false, names, format_in);
    inputs.extend(trees);
    let rest = rest.iter().map(|name| name.split('/').fold(root.to_owned(), |path, part| path.join(part)));
    for path in rest.chain(odd) {
        // Many programs have databases.
        if !has_ending(&path, "db") || is_database(&path) {
            file(&path, format_in, inputs);
        }
    }
    Ok(())
}

/// The dumps below a folder, in order, by their names below it, divided by `/`. There may be a million: no more is kept of them.
/// Those whose names are no Unicode are of no exporter.
fn walk(folder: &Path, below: &str, names: &mut Vec<String>, odd: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<std::ffi::OsString> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        let path = folder.join(&entry);
        let name = entry.to_str().map(|entry| format!("{below}{entry}"));
        // Symbolic links to folders are not followed: they could lead in circles.
        match name {
            Some(name) if path.is_dir() && !path.is_symlink() => walk(&path, &(name + "/"), names, odd)?,
            None if path.is_dir() && !path.is_symlink() => {
                let mut inside = Vec::new();
                walk(&path, "", &mut inside, odd)?;
                odd.extend(inside.iter().map(|name| name.split('/').fold(path.clone(), |path, part| path.join(part))));
            }
            Some(name) if has_known_ending(&path) => names.push(name),
            None if has_known_ending(&path) => odd.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// The trees of exporters among files, and the files that are in none of them.
fn trees(
    root: &Path,
    is_packed: bool,
    mut names: Vec<String>,
    format_in: Option<FormatIn>,
) -> (Vec<Input>, Vec<String>) {
    let is_allowed = |dialect: Dialect| format_in.is_none_or(|format| format == FormatIn::Foreign(dialect));
    let mut trees = Vec::new();
    for (start, dialect) in recognise::roots(names.iter().map(String::as_str)) {
        if !is_allowed(dialect) {
            continue;
        }
        let mut files: Vec<Box<str>> = Vec::new();
        names.retain_mut(|name| {
            let is_of_tree = name.strip_prefix(&start).is_some_and(|below| recognise::takes(dialect, below));
            if is_of_tree {
                let mut name = std::mem::take(name);
                name.drain(..start.len());
                files.push(name.into());
            }
            !is_of_tree
        });
        files.sort();
        if !files.is_empty() {
            let root = root.to_owned();
            trees.push(Input::Tree(Tree { root, is_packed, start, dialect, files: files.into() }));
        }
    }
    (trees, names)
}

/// A file, or the dumps in it if it is a zip archive that can be read.
fn file(path: &Path, format_in: Option<FormatIn>, inputs: &mut Vec<Input>) {
    let names = (archive::packing(path) == Some(Packing::Zip)).then(|| archive::names(path));
    let Some(Ok(names)) = names else { return inputs.push(Input::File(path.to_owned())) };
    let dumps = names.into_iter().filter(|name| has_known_ending(Path::new(name))).collect();
    let (trees, rest) = trees(path, true, dumps, format_in);
    inputs.extend(trees);
    inputs.extend(rest.into_iter().map(|name| Input::Packed(path.to_owned(), name)));
}

fn is_database(path: &Path) -> bool {
    let mut head = [0; recognise::SQLITE.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head == recognise::SQLITE
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

fn has_known_ending(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str());
    end.is_some_and(|end| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(end)))
}

fn pattern(argument: &Path, format_in: Option<FormatIn>, inputs: &mut Vec<Input>, failures: &mut Vec<Failure>) {
    let text = argument.to_string_lossy();
    let matches: Vec<PathBuf> = if text.contains(['*', '?', '[']) {
        glob::glob(&text)
            .map(|paths| paths.filter_map(Result::ok).filter(|path| path.is_file()).collect())
            .unwrap_or_default()
    } else {
        Vec::new()
    };
    if matches.is_empty() {
        failures.push(Failure {
            path: text.into_owned(),
            message: "there is no such file".to_owned(),
            line: None,
            column: None,
            hint: "check the name, and the folder you are in; put quotes around a name with blanks".to_owned(),
        });
    }
    for path in matches {
        file(&path, format_in, inputs);
    }
}

/// The failure to read a path at all.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => "you may not read it: copy it to a folder of your own, or ask its owner",
        io::ErrorKind::NotFound => "check the name, and the folder you are in",
        io::ErrorKind::FileTooLarge => {
            "say where a temporary copy of it may stand, which is removed in the end: --spool FOLDER"
        }
        io::ErrorKind::Unsupported => "save it as CSV (in Excel: File > Save a copy), and name that file",
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            "copy or download it again: it is not whole"
        }
        _ => "close programs that have it open, such as Excel, and try again",
    };
    Failure {
        path: path.display().to_string(),
        message: format!("cannot be read: {error}"),
        line: None,
        column: None,
        hint: hint.to_owned(),
    }
}

/// Hashes and counts what passes through.
pub(super) struct Counted<R> {
    inner: R,
    /// In a place of its own: it holds the last bytes, which are wiped in the end, and moving it would leave copies.
    hash: Box<Xxh3>,
    bytes: u64,
    seen: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl<R: Read> Counted<R> {
    pub(super) fn new(inner: R, seen: std::sync::Arc<std::sync::atomic::AtomicU64>) -> Self {
        Self { inner, hash: Box::new(Xxh3::new()), bytes: 0, seen }
    }

    /// The xxh3-128 hash and the number of the bytes so far.
    pub(super) fn digest(&self) -> (u128, u64) {
        (self.hash.digest128(), self.bytes)
    }
}

impl<R> Drop for Counted<R> {
    fn drop(&mut self) {
        // More than it ever holds back.
        self.hash.update(&[0; 1024]);
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        self.seen.fetch_add(read as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(read)
    }
}
