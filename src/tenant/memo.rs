//! What was worked out once and is asked for again.

use std::hash::Hash;

use hashbrown::{Equivalent, HashMap};
use parking_lot::RwLock;

/// Answers by what was asked, for any number of threads. Two that ask for the same at the same time may both work it out.
#[derive(Debug)]
pub struct Memo<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// The answer, if it is there.
    pub fn get(&self, key: &(impl Hash + Equivalent<K> + ?Sized)) -> Option<V> {
        self.0.read().get(key).cloned()
    }

    /// Keeps an answer, and gives it back.
    pub fn keep(&self, key: K, value: V) -> V {
        self.0.write().insert(key, value.clone());
        value
    }

    /// Forgets all answers: what they rest on has changed.
    pub fn forget(&self) {
        self.0.write().clear();
    }

    /// Keeps an answer as long as there are no more than so many.
    pub fn keep_up_to(&self, most: usize, key: K, value: V) {
        let mut known = self.0.write();
        if known.len() < most {
            known.insert(key, value);
        }
    }
}
