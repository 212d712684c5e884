//! Latin hypercubes: of n draws, one lies in each n-th part of (0, 1) (M. D. `McKay`, R. J. Beckman and W. J. Conover, A
//! comparison of three methods for selecting values of input variables in the analysis of output from a computer code,
//! 1979).

use crate::numeric::random::{Stream, uniform};

/// The draws of one randomization.
#[derive(Clone, Debug)]
pub struct Hypercube {
    /// Which part each draw lies in.
    order: Permutation,
    /// Where in its part.
    within: Stream,
    /// How long a part is.
    length: f64,
}

impl Hypercube {
    /// So many draws.
    pub fn new(stream: Stream, draws: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53")]
        let length = 1.0 / draws as f64;
        Self { order: Permutation::new(stream.child(0), draws), within: stream.child(1), length }
    }

    /// Writes the numbers from that draw on.
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53")]
    pub fn fill(&self, first: u64, out: &mut [f64]) {
        /// The largest number below 1: the sum below may round up to 1.
        const LAST: f64 = 1.0 - f64::EPSILON / 2.0;
        for (value, draw) in out.iter_mut().zip(first..) {
            let part = self.order.at(draw) as f64;
            *value = ((part + uniform(self.within.bits(draw))) * self.length).min(LAST);
        }
    }
}

/// A random order of the whole numbers below a size, each place computed for itself: a Feistel network over the next power
/// of four, walked until it leads back below the size (J. Black and P. Rogaway, Ciphers with arbitrary finite domains,
/// 2002).
#[derive(Clone, Debug)]
struct Permutation {
    keys: Stream,
    size: u64,
    /// The bits of one half.
    half: u32,
}

/// Rounds of the network; four make a pseudorandom permutation of pseudorandom functions (M. Luby and C. Rackoff, 1988).
const ROUNDS: u64 = 4;

impl Permutation {
    fn new(keys: Stream, size: u64) -> Self {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        Self { keys, size, half: bits.div_ceil(2).max(1) }
    }

    fn at(&self, place: u64) -> u64 {
        if place >= self.size {
            return place;
        }
        let mut found = self.step(place);
        while found >= self.size {
            found = self.step(found);
        }
        found
    }

    fn step(&self, place: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (place >> self.half, place & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (self.keys.child(round).bits(right) & mask));
        }
        left << self.half | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_holds_one_draw() {
        for draws in [1, 2, 3, 100, 1_000, 4_096] {
            let hypercube = Hypercube::new(Stream::new(7, "x"), draws);
            let mut numbers = vec![0.0; usize::try_from(draws).unwrap()];
            hypercube.fill(0, &mut numbers);
            numbers.sort_by(f64::total_cmp);
            for (part, number) in numbers.iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "small")]
                let within = number * draws as f64 - part as f64;
                assert!((0.0..=1.0).contains(&within), "{draws}: {number}");
            }
        }
    }

    #[test]
    fn the_order_is_random() {
        let order = Permutation::new(Stream::new(7, "x"), 1_000);
        let in_place = (0..1_000).filter(|place| order.at(*place) == *place).count();
        // One number on average stays in its place.
        assert!(in_place < 8);
    }
}
