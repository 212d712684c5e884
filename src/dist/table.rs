//! Quantiles by polynomials, for distributions whose quantile must be searched: made once, then a few products a value.
//!
//! Between two halvings of the probability, or of what is missing to 1, a quantile is smooth; each such octave is cut in
//! eight, and each piece is met at its Chebyshev points (L. N. Trefethen, Approximation theory and approximation practice,
//! 2013) by a polynomial of degree 7. Nearer to the ends than the last octave, where next to no draw lies, the quantile is
//! searched.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]

use super::count;
use crate::numeric::dispatch::dispatched;

/// How many octaves there are on either side.
const OCTAVES: usize = 16;

/// How many pieces an octave is cut in, as a power of 2.
const PIECES: u32 = 3;

/// How many coefficients a polynomial has.
const TERMS: usize = 8;

/// How many pieces there are on either side, and on both: as many as a byte has values.
const SIDE: usize = OCTAVES << PIECES;
const ALL: usize = 2 * SIDE;

/// The bits of a float below those that tell octave and piece.
const REST: u32 = 52 - PIECES;

/// The coefficients of a polynomial.
type Terms = [f64; TERMS];

/// Quantiles of a distribution.
#[derive(Clone, Debug)]
pub struct Table {
    /// The polynomials of both sides, by octave and piece.
    pieces: Box<[Terms; ALL]>,
    /// The lowest and the highest value, which no polynomial may pass: where a quantile is all but 0, its last bits could.
    ends: [f64; 2],
}

/// The bits of the lowest probability of the table: 2^−17, to 0.5.
const FIRST: u64 = (1023 - 1 - OCTAVES as u64) << PIECES;

/// The lowest probability of the table.
const LOWEST: f64 = f64::from_bits(FIRST << REST);

impl Table {
    /// The table of a quantile function between two ends, given by the probability below for the lower half and by what is
    /// missing to 1 for the upper half.
    pub fn new(mut lower: impl FnMut(f64) -> f64, mut upper: impl FnMut(f64) -> f64, ends: [f64; 2]) -> Self {
        let mut pieces = Box::new([[0.0; TERMS]; ALL]);
        let (lower_half, upper_half) = pieces.split_at_mut(SIDE);
        for (at, (below, above)) in lower_half.iter_mut().zip(upper_half).enumerate() {
            let start = (FIRST + at as u64) << REST;
            let (low, high) = (f64::from_bits(start), f64::from_bits(start + (1 << REST)));
            let probability = |t: f64| low + (high - low) * (0.5 + 0.5 * t);
            *below = polynomial(|t| lower(probability(t)));
            *above = polynomial(|t| upper(probability(t)));
        }
        Self { pieces, ends }
    }

    /// Replaces each probability of a column by its quantile; what lies nearer to the ends than the table is left to `rare`.
    pub fn fill(&self, column: &mut [f64], rare: impl Fn(f64) -> f64) {
        let [lowest, highest] = self.ends;
        let (mut pieces, mut within) = ([0; GROUP], [0.0; GROUP]);
        for group in column.chunks_mut(GROUP) {
            let mut inside = 0;
            place(group, &mut pieces, &mut within, &mut inside);
            let all_inside = inside == group.len();
            // One after the other: gathering what vectors need would take longer.
            for ((value, piece), t) in group.iter_mut().zip(&pieces).zip(&within) {
                *value = if all_inside || is_inside(*value) {
                    self::value(&self.pieces[usize::from(*piece)], *t).clamp(lowest, highest)
                } else {
                    rare(*value)
                };
            }
        }
    }
}

/// How many quantiles are computed at a time.
const GROUP: usize = 64;

/// The probability on the nearer side.
#[inline(always)]
fn smaller(probability: f64) -> f64 {
    if probability > 0.5 { 1.0 - probability } else { probability }
}

/// Whether the table has a probability.
#[inline(always)]
fn is_inside(probability: f64) -> bool {
    (LOWEST..0.5).contains(&smaller(probability))
}

dispatched! {
    /// The piece of each probability, where within the piece, from −1 to 1, and how many of the probabilities are in the table;
    /// of the others the piece is any number.
    fn place(column: &[f64], pieces: &mut [u8; GROUP], within: &mut [f64; GROUP], inside: &mut usize) {
        for ((probability, piece), t) in column.iter().zip(pieces).zip(within) {
            let upper = if *probability > 0.5 { SIDE as u64 } else { 0 };
            let bits = smaller(*probability).to_bits();
            #[expect(clippy::cast_possible_truncation, reason = "as many pieces as a byte has values")]
            let found = (bits >> REST).wrapping_sub(FIRST).wrapping_add(upper) as u8;
            *piece = found;
            // The bits that are left, read as a number of [1, 2).
            let part = f64::from_bits((bits << PIECES) & ((1 << 52) - 1) | 0x3FF0_0000_0000_0000);
            *t = 2.0 * part - 3.0;
        }
        *inside = column.iter().map(|probability| usize::from(is_inside(*probability))).sum();
    }
}

/// The value of a polynomial.
#[inline(always)]
fn value(terms: &Terms, t: f64) -> f64 {
    // The even powers and the odd ones apart, so that no sum waits for the other.
    let square = t * t;
    let even = (terms[6] * square + terms[4]) * square + terms[2];
    let odd = (terms[7] * square + terms[5]) * square + terms[3];
    even * square + terms[0] + t * (odd * square + terms[1])
}

/// The polynomial that meets a function on [−1, 1] at the Chebyshev points, by the powers of its argument.
fn polynomial(function: impl FnMut(f64) -> f64) -> Terms {
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
