//! What cannot be read again where it came from, a pipe or a translation: kept in memory up to a bound, above it in a temporary
//! file, but only if the user says where: it holds what the export holds.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::Path;

/// Up to this size a source is kept in memory, checked in full, and its errors have line and column.
pub(super) const IN_MEMORY: usize = 64 << 20;

/// Takes bytes that are to be read again.
#[derive(Debug, Default)]
pub(super) struct Spool<'a> {
    folder: Option<&'a Path>,
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
}

/// The bytes that a spool took.
#[derive(Debug)]
pub(super) enum Spooled {
    /// In memory.
    Memory(Vec<u8>),
    /// In a temporary file, which vanishes with its handle; and its size.
    File(File, u64),
}

impl<'a> Spool<'a> {
    /// With the folder where a temporary file may stand, if the user names one.
    pub(super) fn new(folder: Option<&'a Path>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// What was taken.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub(super) fn finish(self) -> io::Result<Spooled> {
        let Some(file) = self.file else { return Ok(Spooled::Memory(self.memory)) };
        let mut file = file.into_inner()?;
        let size = file.stream_position()?;
        file.rewind()?;
        Ok(Spooled::File(file, size))
    }
}

impl Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            return file.write(bytes);
        }
        if self.memory.len() + bytes.len() <= IN_MEMORY {
            return self.memory.write(bytes);
        }
        let folder = self.folder.ok_or_else(|| {
            let message = format!("it takes more than {} MB in the form in which it is judged", IN_MEMORY >> 20);
            io::Error::new(io::ErrorKind::FileTooLarge, message)
        })?;
        let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(folder)?);
        file.write_all(&std::mem::take(&mut self.memory))?;
        self.file.insert(file).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_to_a_file_unless_the_user_says_where() {
        let piece = vec![b'x'; IN_MEMORY / 2];
        let mut spool = Spool::new(None);
        spool.write_all(&piece).unwrap();
        spool.write_all(&piece).unwrap();
        assert_eq!(spool.write_all(b"y").unwrap_err().kind(), io::ErrorKind::FileTooLarge);

        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(Some(folder.path()));
        spool.write_all(&piece).unwrap();
        spool.write_all(&piece).unwrap();
        spool.write_all(b"y").unwrap();
        let Spooled::File(mut file, size) = spool.finish().unwrap() else { panic!("it is too large for memory") };
        assert_eq!(size, IN_MEMORY as u64 + 1);
        let mut text = Vec::new();
        io::Read::read_to_end(&mut file, &mut text).unwrap();
        assert_eq!((text.len(), text.last()), (IN_MEMORY + 1, Some(&b'y')));
        drop(file);
        assert_eq!(folder.path().read_dir().unwrap().count(), 0, "it vanishes with its handle");
    }
}
