//! Small numbers for texts that come again and again.

use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;

/// Gives every distinct text a number, for all threads.
#[derive(Debug, Default)]
pub struct Interner {
    all: Mutex<Numbered>,
}

/// The texts by number, and the numbers by text.
#[derive(Debug, Default)]
struct Numbered {
    numbers: HashMap<Box<[u8]>, u32>,
    texts: Vec<Box<[u8]>>,
}

/// The numbers that one thread has met, so that it need not ask the others again.
#[derive(Debug, Default)]
pub struct Cache(HashMap<Box<[u8]>, u32>);

impl Interner {
    /// The number of a text.
    #[inline]
    pub fn number(&self, text: &[u8], cache: &mut Cache) -> u32 {
        if let Some(number) = cache.0.get(text) {
            return *number;
        }
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let Numbered { numbers, texts } = &mut *all;
        let number = numbers.get(text).copied().unwrap_or_else(|| {
            let number = texts.len() as u32;
            numbers.insert(text.into(), number);
            texts.push(text.into());
            number
        });
        cache.0.insert(text.into(), number);
        number
    }

    /// All texts, by number.
    pub fn into_texts(self) -> Vec<Box<[u8]>> {
        self.all.into_inner().unwrap_or_else(PoisonError::into_inner).texts
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
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = all.len() as u32;
        let number = *all.entry(mark).or_insert(next);
        if cache.0.len() == MOST_MARKS {
            cache.0.clear();
        }
        cache.0.insert(mark, number);
        number
    }
}
