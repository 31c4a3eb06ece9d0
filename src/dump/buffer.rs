//! Memory that is read into again and again.

use std::io::{self, Read};
use std::ops::Deref;

/// Bytes at the beginning of memory that is zeroed once, not before every reading as a grown `Vec` would be.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    memory: Vec<u8>,
    filled: usize,
}

impl Buffer {
    /// Forgets the bytes, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.filled = 0;
    }

    /// Forgets the bytes from here on.
    pub(super) fn truncate(&mut self, length: usize) {
        self.filled = self.filled.min(length);
    }

    /// Appends some bytes.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.room(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    /// Appends up to `wanted` bytes, fewer only at the end of the stream.
    pub(super) fn fill(&mut self, reader: &mut dyn Read, wanted: usize) -> io::Result<usize> {
        let before = self.filled;
        while self.filled - before < wanted {
            let left = wanted - (self.filled - before);
            match reader.read(&mut self.room(left)[..left]) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.filled - before)
    }

    /// The memory behind the bytes, at least so much of it.
    fn room(&mut self, length: usize) -> &mut [u8] {
        if self.memory.len() < self.filled + length {
            self.memory.resize(self.filled + length, 0);
        }
        &mut self.memory[self.filled..]
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[..self.filled]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_does_not_show() {
        let mut buffer = Buffer::default();
        assert_eq!(buffer.fill(&mut &b"abcdef"[..], 4).unwrap(), 4);
        buffer.truncate(3);
        buffer.extend(b"xy");
        assert_eq!(&*buffer, b"abcxy");
        buffer.clear();
        assert_eq!(buffer.fill(&mut &b"gh"[..], 4).unwrap(), 2);
        assert_eq!(&*buffer, b"gh");
    }
}
