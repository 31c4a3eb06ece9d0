//! Repeatable chance: each object has a stream of its own, so that any object can be made alone and in any order.

/// What a stream is for; two streams of one object never share numbers.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Traits = 1,
    Person,
    Details,
    Licenses,
    Membership,
    Id,
    Contact,
    Deleted,
    Audit,
    Spread,
    Order,
}

/// The splitmix64 generator, seeded by what the numbers are for.
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    /// The stream of one object.
    pub(crate) fn new(seed: u64, stream: Stream, index: u64) -> Self {
        Self { state: scramble(seed ^ scramble(index ^ ((stream as u64) << 56))) }
    }

    /// The next 64 bits.
    pub(crate) fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.state)
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.roll()) * u128::from(limit)) >> 64) as u64
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<T>(&mut self, list: &'static [T]) -> &'static T {
        &list[self.below(list.len() as u64) as usize]
    }
}

fn scramble(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_object_differ() {
        assert_ne!(Dice::new(1, Stream::Person, 7).roll(), Dice::new(1, Stream::Details, 7).roll());
        assert_ne!(Dice::new(1, Stream::Person, 7).roll(), Dice::new(2, Stream::Person, 7).roll());
    }
}
