//! Quantiles by polynomials, for distributions whose quantile must be searched: made once, then a few products a value.
//!
//! Between two halvings of the probability, or of what is missing to 1, a quantile is smooth; each such octave is cut in
//! eight, and each piece is met at its Chebyshev points (L. N. Trefethen, Approximation theory and approximation practice,
//! 2013) by a polynomial of degree 8. Nearer to the ends than the last octave, where next to no draw lies, the quantile is
//! searched.

use super::count;
use crate::numeric::dispatch::dispatched;

/// How many octaves there are on either side.
const OCTAVES: usize = 16;

/// How many pieces an octave is cut in, as a power of 2.
const PIECES: u32 = 3;

/// How many coefficients a polynomial has.
const TERMS: usize = 9;

/// How many pieces there are on either side.
const SIDE: usize = OCTAVES << PIECES;

/// The bits of a float below those that tell octave and piece.
const REST: u32 = 52 - PIECES;

/// Quantiles of a distribution.
#[derive(Clone, Debug)]
pub struct Table {
    /// The polynomials of both sides, by octave and piece.
    pieces: Vec<[f64; TERMS]>,
    /// The lowest and the highest value, which no polynomial may pass: where a quantile is all but 0, its last bits could.
    ends: [f64; 2],
}

/// The bits of the lowest probability of the table: 2^−17, to 0.5.
const FIRST: u64 = (1023 - 1 - OCTAVES as u64) << PIECES;

impl Table {
    /// The table of a quantile function.
    pub fn new(quantile: impl Fn(f64) -> f64) -> Self {
        let piece = |at: usize, of: &dyn Fn(f64) -> f64| {
            let start = (FIRST + at as u64) << REST;
            let (low, high) = (f64::from_bits(start), f64::from_bits(start + (1 << REST)));
            polynomial(|t| of(low + (high - low) * (0.5 + 0.5 * t)))
        };
        let lower = (0..SIDE).map(|at| piece(at, &|probability| quantile(probability)));
        let upper = (0..SIDE).map(|at| piece(at, &|missing| quantile(1.0 - missing)));
        Self { pieces: lower.chain(upper).collect(), ends: [quantile(0.0), quantile(1.0)] }
    }

    /// Replaces each probability of a column by its quantile; what lies nearer to the ends than the table is left to `rare`.
    pub fn fill(&self, column: &mut [f64], rare: impl Fn(f64) -> f64) {
        let [lowest, highest] = self.ends;
        let (mut pieces, mut within) = ([0; GROUP], [0.0; GROUP]);
        for group in column.chunks_mut(GROUP) {
            place(group, &mut pieces, &mut within);
            for ((value, piece), t) in group.iter_mut().zip(&pieces).zip(&within) {
                let terms = usize::try_from(*piece).ok().and_then(|piece| self.pieces.get(piece));
                *value = match terms {
                    Some(terms) => {
                        // The even powers and the odd ones apart, so that no sum waits for the other.
                        let square = t * t;
                        let even = ((terms[8] * square + terms[6]) * square + terms[4]) * square + terms[2];
                        let odd = ((terms[7] * square + terms[5]) * square + terms[3]) * square + terms[1];
                        (even * square + terms[0] + t * odd).clamp(lowest, highest)
                    }
                    None => rare(*value),
                };
            }
        }
    }
}

/// How many quantiles are computed at a time.
const GROUP: usize = 64;

dispatched! {
    /// The piece of each probability, or a number beyond all pieces, and where within the piece, from −1 to 1.
    fn place(column: &[f64], pieces: &mut [u64; GROUP], within: &mut [f64; GROUP]) {
        const LOWEST: f64 = f64::from_bits(FIRST << REST);
        for ((probability, piece), t) in column.iter().zip(pieces).zip(within) {
            let upper = if *probability > 0.5 { SIDE as u64 } else { 0 };
            let smaller = if *probability > 0.5 { 1.0 - *probability } else { *probability };
            let bits = smaller.to_bits();
            let found = (bits >> REST).wrapping_sub(FIRST).wrapping_add(upper);
            *piece = if (LOWEST..0.5).contains(&smaller) { found } else { u64::MAX };
            // The bits that are left, read as a number of [1, 2).
            let part = f64::from_bits((bits << PIECES) & ((1 << 52) - 1) | 0x3FF0_0000_0000_0000);
            *t = 2.0 * part - 3.0;
        }
    }
}

/// The polynomial that meets a function on [−1, 1] at the Chebyshev points, by the powers of its argument.
fn polynomial(function: impl Fn(f64) -> f64) -> [f64; TERMS] {
    let terms = count(TERMS);
    let points: [f64; TERMS] = std::array::from_fn(|at| (std::f64::consts::PI * (count(at) + 0.5) / terms).cos());
    let values = points.map(function);
    let mut powers = [0.0; TERMS];
    // The Chebyshev polynomials by the powers of their argument: T(k + 1) = 2·t·T(k) − T(k − 1).
    let (mut before, mut this) = ([0.0; TERMS], [0.0; TERMS]);
    this[0] = 1.0;
    for degree in 0..TERMS {
        let cosine = |at: usize| (std::f64::consts::PI * count(degree) * (count(at) + 0.5) / terms).cos();
        let sum: f64 = values.iter().enumerate().map(|(at, value)| value * cosine(at)).sum();
        let coefficient = sum * if degree == 0 { 1.0 } else { 2.0 } / terms;
        for (power, term) in powers.iter_mut().zip(this) {
            *power += coefficient * term;
        }
        let factor = if degree == 0 { 1.0 } else { 2.0 };
        let mut next = [0.0; TERMS];
        for at in 0..TERMS {
            next[at] = if at == 0 { 0.0 } else { factor * this[at - 1] } - before[at];
        }
        (before, this) = (this, next);
    }
    powers
}
