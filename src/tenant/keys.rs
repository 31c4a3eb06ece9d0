//! The index of keys: which objects hold an id, a sign-in name or an address.
//!
//! An entry is eight bytes: one bit that tells other properties from ids and addresses, 35 bits of a hash and 28 bits of an object's number, so that a tenant of a million users with three
//! million addresses takes 24 MB and one sort. Different keys may share a hash; whoever asks confirms each candidate by reading
//! the object, so a collision costs a read and is never reported.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::ObjectId;

/// The bits of an entry that hold the object's number.
const OBJECT_BITS: u32 = 28;

/// The bit of an entry that says that its key is neither an id nor an address.
const OTHER: u64 = 1 << 63;

/// A space of keys: equal texts in different spaces are different keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeySpace {
    /// Graph's ids, in lower case.
    Id,
    /// Addresses and sign-in names, in lower case and without prefix.
    Address,
    /// The values of some other property.
    Other(u16),
}

impl KeySpace {
    fn seed(self) -> u64 {
        match self {
            Self::Id => 1,
            Self::Address => 2,
            Self::Other(number) => 0x100 + u64::from(number),
        }
    }

    /// The entry for a key, without an object.
    #[inline]
    pub fn entry(self, key: &[u8]) -> u64 {
        let hash = (xxh3_64_with_seed(key, self.seed()) >> OBJECT_BITS) << OBJECT_BITS;
        if self.is_other() { hash | OTHER } else { hash & !OTHER }
    }

    /// Whether it holds the values of a property that many objects may share by right.
    pub fn is_other(self) -> bool {
        matches!(self, Self::Other(_))
    }
}

/// The index. Entries are added in any order; [`Keys::sort`] makes it ready.
#[derive(Debug, Default)]
pub struct Keys {
    entries: Vec<u64>,
    /// Where keys that several objects may hold begin and end.
    shared: Vec<(u32, u32)>,
}

impl Keys {
    /// Adds the entries of some objects whose numbers begin at `base`.
    pub fn extend(&mut self, entries: &[u64], base: u32) {
        self.entries.extend(entries.iter().map(|entry| entry + u64::from(base)));
    }

    /// Sorts with up to this many threads.
    pub fn sort(&mut self, threads: usize) {
        let half = self.entries.len() / 2;
        if threads < 2 || half < 1 << 16 {
            self.entries.sort_unstable();
        } else {
            // Two halves, apart by value so that nothing has to be merged.
            let (low, _, high) = self.entries.select_nth_unstable(half);
            std::thread::scope(|scope| {
                scope.spawn(|| low.sort_unstable());
                high.sort_unstable();
            });
        }
        self.entries.dedup();
        self.entries.shrink_to_fit();
        self.shared.clear();
        let mut start = 0;
        for run in self.entries.chunk_by(|one, next| one >> OBJECT_BITS == next >> OBJECT_BITS) {
            let end = start + run.len() as u32;
            if run.len() > 1 {
                self.shared.push((start, end));
            }
            start = end;
        }
    }

    /// The objects that may hold a key; each is to be confirmed.
    pub fn candidates(&self, space: KeySpace, key: &[u8]) -> impl Iterator<Item = ObjectId> + '_ {
        let entry = space.entry(key);
        let start = self.entries.partition_point(|known| *known < entry);
        self.entries[start..]
            .iter()
            .take_while(move |known| **known >> OBJECT_BITS == entry >> OBJECT_BITS)
            .map(|known| object(*known))
    }

    /// The groups of different objects that may hold one key: an id or address, or (`other`) the value of another property.
    ///
    /// Thousands of objects may share such a value, and none of them wrongly, so nobody goes through them who need not.
    pub fn shared(&self, other: bool) -> impl Iterator<Item = Vec<ObjectId>> + '_ {
        let wanted = move |(start, _): &&(u32, u32)| (self.entries[*start as usize] & OTHER != 0) == other;
        self.shared.iter().filter(wanted).map(|(start, end)| {
            self.entries[*start as usize..*end as usize].iter().map(|entry| object(*entry)).collect()
        })
    }
}

fn object(entry: u64) -> ObjectId {
    ObjectId((entry & ((1 << OBJECT_BITS) - 1)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_and_shared_keys_listed() {
        for threads in [1, 2] {
            let mut keys = Keys::default();
            let all: Vec<u64> = (0..300_000u32)
                .map(|n| KeySpace::Address.entry(format!("u{}@a.example", n % 299_999).as_bytes()) | u64::from(n))
                .collect();
            keys.extend(&all, 0);
            keys.extend(&[KeySpace::Id.entry(b"u0@a.example")], 7);
            keys.sort(threads);
            let found: Vec<_> = keys.candidates(KeySpace::Address, b"u0@a.example").collect();
            assert_eq!(found, [ObjectId(0), ObjectId(299_999)]);
            assert_eq!(keys.candidates(KeySpace::Id, b"u0@a.example").collect::<Vec<_>>(), [ObjectId(7)]);
            assert_eq!(keys.candidates(KeySpace::Address, b"nobody@a.example").next(), None);
            assert!(keys.shared(false).any(|group| group == [ObjectId(0), ObjectId(299_999)]));
        }
    }
}
