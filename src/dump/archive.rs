//! Archives: what is in a `.zip` or `.gz`, without unpacking it to disk.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

/// An entry may be so many times as large as its packed form: JSON with its repeated keys packs to about a twentieth.
const MOST_RATIO: u64 = 250;

/// An entry may have so many bytes: it is read in memory.
const MOST_BYTES: u64 = 512 << 20;

/// What a file is packed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// A zip archive.
    Zip,
    /// One file, packed by gzip.
    Gzip,
}

/// What a file is packed as, by its first bytes.
pub(super) fn packing(path: &Path) -> Option<Packing> {
    let mut head = [0; 4];
    let mut file = File::open(path).ok()?;
    file.read_exact(&mut head).ok()?;
    kind(&head)
}

fn kind(head: &[u8]) -> Option<Packing> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Packing::Zip),
        [0x1f, 0x8b, ..] => Some(Packing::Gzip),
        _ => None,
    }
}

/// The names of the files in a zip archive.
///
/// # Errors
///
/// If it is broken, or another program's format in disguise.
pub(super) fn names(path: &Path) -> io::Result<Vec<String>> {
    let archive = open(path)?;
    let mut names: Vec<String> = archive.file_names().filter(|name| !name.ends_with('/')).map(str::to_owned).collect();
    if names.iter().any(|name| name == "[Content_Types].xml") {
        return Err(is_office());
    }
    names.sort();
    Ok(names)
}

/// The error for a document of Excel or another Office program.
pub(super) fn is_office() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "it is an Excel workbook or another Office document")
}

fn open(path: &Path) -> io::Result<zip::ZipArchive<File>> {
    zip::ZipArchive::new(File::open(path)?).map_err(|error| match error {
        zip::result::ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => error,
        _ => io::Error::new(io::ErrorKind::InvalidData, "it is a zip archive that was cut off or is broken"),
    })
}

/// The bytes of a file in a zip archive.
///
/// # Errors
///
/// If it cannot be read, or would be too large.
pub(super) fn entry(path: &Path, name: &str) -> io::Result<Cursor<Vec<u8>>> {
    Ok(Cursor::new(entry_of(&mut open(path)?, name)?))
}

/// The bytes of a file in an archive that is open.
///
/// # Errors
///
/// If it cannot be read, or would be too large.
pub(super) fn entry_of(archive: &mut zip::ZipArchive<File>, name: &str) -> io::Result<Vec<u8>> {
    let entry = archive.by_name(name)?;
    let (packed, size) = (entry.compressed_size(), entry.size());
    if size > MOST_BYTES {
        return Err(io::Error::other(format!("it has {} MB: unpack the archive, and name the file", size >> 20)));
    }
    if size > packed.max(1024) * MOST_RATIO {
        return Err(io::Error::other(format!("it would grow from {packed} to {size} bytes: it is no export")));
    }
    let mut bytes = Vec::new();
    entry.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other("it is larger than it says"));
    }
    Ok(bytes)
}

/// What comes through a pipe; unpacked, if gzip packed it.
///
/// # Errors
///
/// If nothing can be read.
pub(super) fn unpacked_if_packed(pipe: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut pipe = io::BufReader::with_capacity(1 << 18, pipe);
    let is_packed = kind(io::BufRead::fill_buf(&mut pipe)?) == Some(Packing::Gzip);
    Ok(if is_packed { Box::new(flate2::read::MultiGzDecoder::new(pipe)) } else { Box::new(pipe) })
}

/// What gzip unpacks.
///
/// # Errors
///
/// If the file cannot be read.
pub(super) fn unpacked(path: &Path) -> io::Result<impl Read + Send + use<>> {
    let file = File::open(path)?;
    Ok(flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(1 << 18, file)))
}
