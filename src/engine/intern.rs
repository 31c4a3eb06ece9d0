//! Small numbers for texts that come again and again.

use hashbrown::{HashMap, HashTable};
use parking_lot::Mutex;
use xxhash_rust::xxh3::xxh3_64;

/// Gives every distinct text a number, for all threads. There may be nearly as many texts as objects.
#[derive(Debug, Default)]
pub struct Interner(Mutex<Numbered>);

/// The texts by number, and the numbers by text.
#[derive(Debug, Default)]
struct Numbered {
    numbers: HashTable<u32>,
    texts: Texts,
}

impl Interner {
    /// The number of a text.
    pub fn number(&self, text: &[u8]) -> u32 {
        let hash = xxh3_64(text);
        let mut all = self.0.lock();
        let Numbered { numbers, texts } = &mut *all;
        if let Some(number) = numbers.find(hash, |number| texts.get(*number) == text) {
            return *number;
        }
        let number = texts.push(text);
        numbers.insert_unique(hash, number, |number| xxh3_64(texts.get(*number)));
        number
    }

    /// All texts, by number.
    pub fn into_texts(self) -> Texts {
        self.0.into_inner().texts
    }
}

/// Texts one behind the other, in pieces, so that nothing is copied when there are more of them.
#[derive(Debug, Default)]
pub struct Texts {
    pieces: Vec<Vec<u8>>,
    /// Where each begins in its piece, and how long it is.
    places: Vec<(u32, u32, u32)>,
}

/// The size of a piece, in bytes; a longer text has one of its own.
const PIECE: usize = 1 << 20;

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The text of a number; empty if there is none.
    pub fn get(&self, number: u32) -> &[u8] {
        let text = || {
            let (piece, start, length) = *self.places.get(number as usize)?;
            self.pieces.get(piece as usize)?.get(start as usize..start as usize + length as usize)
        };
        text().unwrap_or_default()
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len() as u32).map(|number| self.get(number))
    }

    fn push(&mut self, text: &[u8]) -> u32 {
        let has_room = |piece: &Vec<u8>| piece.capacity() - piece.len() >= text.len();
        if !self.pieces.last().is_some_and(has_room) {
            self.pieces.push(Vec::with_capacity(PIECE.max(text.len())));
        }
        let piece = self.pieces.len() - 1;
        let start = self.pieces[piece].len();
        self.pieces[piece].extend_from_slice(text);
        self.places.push((piece as u32, start as u32, text.len() as u32));
        self.places.len() as u32 - 1
    }
}

/// Gives every distinct text a number, for all threads, and forgets the text: there may be as many texts as objects.
///
/// A text is known by its xxh3-128 hash. That two of a billion share one is less likely than 1 in 10^20.
#[derive(Debug, Default)]
pub struct Marks(Mutex<HashMap<u128, u32>>);

/// The numbers of the marks that one thread has met.
#[derive(Debug, Default)]
pub struct MarkCache(HashMap<u128, u32>);

/// How many marks a thread remembers: those that come again come soon.
const MOST_MARKS: usize = 1 << 12;

impl Marks {
    /// The number of a text.
    #[inline]
    pub fn number(&self, text: &[u8], cache: &mut MarkCache) -> u32 {
        let mark = xxhash_rust::xxh3::xxh3_128(text);
        if let Some(number) = cache.0.get(&mark) {
            return *number;
        }
        let mut all = self.0.lock();
        let next = all.len() as u32;
        let number = *all.entry(mark).or_insert(next);
        if cache.0.len() == MOST_MARKS {
            cache.0.clear();
        }
        cache.0.insert(mark, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_keeps_its_number_also_one_that_is_longer_than_a_piece() {
        let interner = Interner::default();
        let text = |number: usize| vec![number as u8; number * 300];
        let numbers: Vec<u32> = (0..200).map(|number| interner.number(&text(number))).collect();
        let long = interner.number(&vec![7; PIECE + 1]);
        assert_eq!(numbers, (0..200).collect::<Vec<_>>());
        assert_eq!((0..200).map(|number| interner.number(&text(number))).collect::<Vec<_>>(), numbers);
        let texts = interner.into_texts();
        assert_eq!(texts.len(), 201);
        assert!(texts.iter().enumerate().take(200).all(|(number, kept)| kept == text(number)));
        assert_eq!(texts.get(long).len(), PIECE + 1);
        assert_eq!(texts.get(500), b"");
    }
}
