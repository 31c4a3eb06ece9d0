//! A permutation of `0..size` that costs no memory: both directions are one multiplication.

use crate::rng::{Dice, Stream};

/// `position -> (factor * position + offset) mod size`.
pub(crate) struct Permutation {
    size: u64,
    factor: u64,
    inverse: u64,
    offset: u64,
}

impl Permutation {
    /// Leaves every position where it is.
    pub(crate) fn identity(size: u64) -> Self {
        Self { size, factor: 1, inverse: 1, offset: 0 }
    }

    /// Spreads neighbors far apart: the factor is near the golden section of the size.
    pub(crate) fn spread(size: u64, seed: u64, stream: Stream) -> Self {
        let mut dice = Dice::new(seed, stream, size);
        let mut factor = size * 618 / 1000 + dice.below(size / 16 + 1);
        while common_divisor(factor, size) != 1 {
            factor += 1;
        }
        factor %= size;
        Self { size, factor, inverse: inverse(factor, size), offset: dice.below(size) }
    }

    /// Where a position goes. Sizes are below 2^32, so the product fits.
    pub(crate) fn forward(&self, position: u64) -> u64 {
        (self.factor * position + self.offset) % self.size
    }

    /// Which position goes there.
    pub(crate) fn back(&self, place: u64) -> u64 {
        (place + self.size - self.offset) * self.inverse % self.size
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// The number that undoes a multiplication by `factor` modulo `size`, by Euclid's extended algorithm.
fn inverse(factor: u64, size: u64) -> u64 {
    let (mut rest, mut next_rest) = (i128::from(size), i128::from(factor));
    let (mut coefficient, mut next_coefficient) = (0_i128, 1_i128);
    while next_rest != 0 {
        let quotient = rest / next_rest;
        (rest, next_rest) = (next_rest, rest - quotient * next_rest);
        (coefficient, next_coefficient) = (next_coefficient, coefficient - quotient * next_coefficient);
    }
    coefficient.rem_euclid(i128::from(size)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_used_once_and_leads_back() {
        for size in [50, 51, 200, 2310, 10_000] {
            let permutation = Permutation::spread(size, 3, Stream::Spread);
            let mut seen = vec![false; size as usize];
            for position in 0..size {
                let place = permutation.forward(position);
                assert!(!std::mem::replace(&mut seen[place as usize], true));
                assert_eq!(permutation.back(place), position);
            }
        }
    }
}
