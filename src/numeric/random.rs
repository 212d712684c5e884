//! Random numbers as a pure function of a seed, a name and a place.

/// A source of random numbers that belongs to a seed and a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(u64);

/// What sets counters apart: 2^64 over the golden ratio, odd.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finalizer of `SplitMix64` (G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators,
/// 2014; the constants are D. Stafford's variant 13).
const fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

impl Stream {
    /// The source of a seed and a name.
    pub fn new(seed: u64, name: &str) -> Self {
        let bytes = name.as_bytes().chunks(8).map(|bytes| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word)
        });
        let length = name.len() as u64;
        bytes.fold(Self(mixed(seed ^ GAMMA)).child(length), Self::child)
    }

    /// A source of its own under a number.
    #[must_use]
    pub fn child(self, number: u64) -> Self {
        Self(mixed(self.0 ^ mixed(number.wrapping_add(GAMMA))).wrapping_add(GAMMA))
    }

    /// The 64 random bits at a place.
    #[inline]
    pub fn bits(self, at: u64) -> u64 {
        mixed(self.0.wrapping_add(at.wrapping_mul(GAMMA)))
    }
}

/// A number inside (0, 1) from the upper 52 of 64 bits, in the middle of its interval.
#[inline(always)]
pub fn uniform(bits: u64) -> f64 {
    // A number of [1, 2) with these digits, less the one below 1: exact, and without a conversion of integers.
    const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;
    f64::from_bits((bits >> 12) | 0x3FF0_0000_0000_0000) - BELOW_ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixing_is_that_of_its_publication() {
        // The first outputs of SplitMix64 from state 0, as in java.util.SplittableRandom and xoshiro's splitmix64.c.
        let outputs: Vec<u64> = (1..=3).map(|at| Stream(0).bits(at)).collect();
        assert_eq!(outputs, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn numbers_lie_strictly_between_0_and_1() {
        assert_eq!(uniform(0), 2.0_f64.powi(-53));
        assert_eq!(uniform(u64::MAX), 1.0 - 2.0_f64.powi(-53));
        assert_eq!(uniform(1 << 63), 0.5 + 2.0_f64.powi(-53));
    }

    #[test]
    fn names_and_seeds_have_numbers_of_their_own() {
        let names = ["", "a", "b", "ab", "a\0", "inputs.visitors", "inputs.visitors (2)"];
        let mut keys: Vec<u64> = names.iter().flat_map(|name| [0, 1].map(|seed| Stream::new(seed, name).0)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 14);
    }
}
