//! Mean and variance of many numbers that come in columns, put together in a fixed order.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]

use super::design::{Method, REPLICATES};
use super::dispatch::dispatched;

/// Mean, variance and extremes of numbers; those that are not finite are counted apart.
///
/// Sums are taken of the differences from the first number, so that equal numbers have exactly their own mean and no
/// variance, and are put together by the update of T. F. Chan, G. H. Golub and R. J. `LeVeque` (Algorithms for computing
/// the sample variance, 1983).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many numbers are finite.
    pub count: f64,
    /// How many are not.
    pub missing: f64,
    mean: f64,
    /// The sum of squared differences from the mean.
    squares: f64,
    low: f64,
    high: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self { count: 0.0, missing: 0.0, mean: 0.0, squares: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

/// How many sums are kept beside each other, so that they are computed at once.
const LANES: usize = 8;

/// Sums beside each other.
#[derive(Clone, Copy, Debug)]
struct Sums {
    counts: [f64; LANES],
    totals: [f64; LANES],
    squares: [f64; LANES],
    lows: [f64; LANES],
    highs: [f64; LANES],
}

impl Default for Sums {
    fn default() -> Self {
        let zero = [0.0; LANES];
        Self {
            counts: zero,
            totals: zero,
            squares: zero,
            lows: [f64::INFINITY; LANES],
            highs: [f64::NEG_INFINITY; LANES],
        }
    }
}

impl Sums {
    #[inline(always)]
    fn add(&mut self, lane: usize, value: f64, shift: f64) {
        let is_finite = value.is_finite();
        let difference = if is_finite { value - shift } else { 0.0 };
        self.counts[lane] += if is_finite { 1.0 } else { 0.0 };
        self.totals[lane] += difference;
        self.squares[lane] += difference * difference;
        let value = if is_finite { value } else { shift };
        self.lows[lane] = if value < self.lows[lane] { value } else { self.lows[lane] };
        self.highs[lane] = if value > self.highs[lane] { value } else { self.highs[lane] };
    }
}

dispatched! {
    fn add(column: &[f64], shift: f64, to: &mut Sums) {
        let mut finite = 0_usize;
        for value in column {
            finite += usize::from(value.is_finite());
        }
        if finite == column.len() {
            add_finite(column, shift, to);
            return;
        }
        for (at, value) in column.iter().enumerate() {
            to.add(at % LANES, *value, shift);
        }
    }
}

/// Adds numbers that are all finite.
#[inline(always)]
fn add_finite(column: &[f64], shift: f64, to: &mut Sums) {
    let (mut sums, mut squares, mut lows, mut highs) = (to.totals, to.squares, to.lows, to.highs);
    let (groups, rest) = column.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            let (value, difference) = (group[lane], group[lane] - shift);
            sums[lane] += difference;
            squares[lane] += difference * difference;
            lows[lane] = if value < lows[lane] { value } else { lows[lane] };
            highs[lane] = if value > highs[lane] { value } else { highs[lane] };
        }
    }
    for count in &mut to.counts {
        *count += self::count(groups.len());
    }
    (to.totals, to.squares, to.lows, to.highs) = (sums, squares, lows, highs);
    for (lane, value) in rest.iter().enumerate() {
        to.add(lane, *value, shift);
    }
}

impl Moments {
    /// The moments of a column.
    pub fn of(column: &[f64]) -> Self {
        let Some(shift) = column.iter().copied().find(|value| value.is_finite()) else {
            return Self { missing: count(column.len()), ..Self::default() };
        };
        let mut found = Sums::default();
        add(column, shift, &mut found);
        let total = |lanes: [f64; LANES]| lanes.iter().sum::<f64>();
        let (defined, sum) = (total(found.counts), total(found.totals));
        Self {
            count: defined,
            missing: count(column.len()) - defined,
            mean: shift + sum / defined,
            squares: (total(found.squares) - sum * sum / defined).max(0.0),
            low: found.lows.into_iter().fold(f64::INFINITY, f64::min),
            high: found.highs.into_iter().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Those of both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let missing = self.missing + other.missing;
        if self.count == 0.0 || other.count == 0.0 {
            let found = if self.count == 0.0 { other } else { self };
            return Self { missing, ..found };
        }
        let count = self.count + other.count;
        let difference = other.mean - self.mean;
        Self {
            count,
            missing,
            mean: self.mean + difference * (other.count / count),
            squares: self.squares + other.squares + difference * difference * (self.count * other.count / count),
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    /// The mean; none where no number is finite.
    pub fn mean(&self) -> Option<f64> {
        Some(self.mean).filter(|mean| self.count > 0.0 && mean.is_finite())
    }

    /// The variance (n − 1); none of fewer than two numbers.
    pub fn variance(&self) -> Option<f64> {
        Some(self.squares / (self.count - 1.0)).filter(|variance| self.count > 1.0 && variance.is_finite())
    }

    /// The standard deviation (n − 1); none of fewer than two numbers.
    pub fn deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// The lowest and the highest number.
    pub fn ends(&self) -> Option<[f64; 2]> {
        (self.count > 0.0).then_some([self.low, self.high])
    }

    /// Those of all numbers, where one that is not finite counts as 0.
    #[must_use]
    pub fn missing_as_zero(self) -> Self {
        let zeros = Self { count: self.missing, missing: 0.0, mean: 0.0, squares: 0.0, low: 0.0, high: 0.0 };
        Self { missing: 0.0, ..self.with(zeros) }
    }

    /// The share of the numbers that are finite.
    pub fn defined(&self) -> f64 {
        if self.missing == 0.0 { 1.0 } else { self.count / (self.count + self.missing) }
    }
}

/// By how much of them means may differ that rounding alone makes differ.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// The moments of draws, kept apart by the randomization that they belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Replicated([Moments; REPLICATES]);

impl Replicated {
    /// Adds the draws of a block of a replicate.
    pub fn add(&mut self, replicate: usize, column: &[f64]) {
        if let Some(moments) = self.0.get_mut(replicate) {
            *moments = moments.with(Moments::of(column));
        }
    }

    /// Adds those of later draws.
    pub fn join(&mut self, later: &Self) {
        for (moments, later) in self.0.iter_mut().zip(&later.0) {
            *moments = moments.with(*later);
        }
    }

    /// The moments of each randomization.
    pub fn apart(&self) -> &[Moments; REPLICATES] {
        &self.0
    }

    /// Those of all draws, where one without a value counts as 0.
    #[must_use]
    pub fn missing_as_zero(&self) -> Self {
        Self(self.0.map(Moments::missing_as_zero))
    }

    /// The moments of all draws.
    pub fn whole(&self) -> Moments {
        self.0.iter().fold(Moments::default(), |whole, part| whole.with(*part))
    }

    /// The standard error of the mean.
    ///
    /// Draws that depend on each other within a randomization have an error that only several independent ones show: it is
    /// s/√R for the R means (A. B. Owen, Monte Carlo theory, methods and examples, chapter 17). Plain random draws, and
    /// those of a single randomization, have sd/√n.
    pub fn error(&self, method: Method) -> Option<f64> {
        let whole = self.whole();
        let plain = || Some(whole.deviation()? / whole.count.sqrt());
        if method == Method::Random {
            return plain();
        }
        let means: Vec<f64> = self.0.iter().filter_map(Moments::mean).collect();
        let spread = Moments::of(&means);
        match spread.deviation() {
            Some(deviation) => {
                let error = deviation / spread.count.sqrt();
                Some(if error <= ROUNDING * spread.mean.abs() { 0.0 } else { error })
            }
            None => plain(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn count(numbers: usize) -> f64 {
    numbers as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_handful_of_numbers() {
        // Mean 5; squared differences 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7.
        let found = Moments::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((found.mean(), found.variance(), found.ends()), (Some(5.0), Some(32.0 / 7.0), Some([2.0, 9.0])));
    }

    #[test]
    fn what_is_not_finite_is_counted_apart() {
        let found = Moments::of(&[f64::NAN, 1.0, f64::INFINITY, 3.0]);
        assert_eq!((found.mean(), found.defined(), found.ends()), (Some(2.0), 0.5, Some([1.0, 3.0])));
        let none = Moments::of(&[f64::NAN]);
        assert_eq!((none.mean(), none.variance(), none.ends(), none.defined()), (None, None, None, 0.0));
    }

    #[test]
    fn what_is_not_finite_may_count_as_0() {
        // 0, 1, 0 and 3: mean 1, squared differences 1 + 0 + 1 + 4, over 3.
        let found = Moments::of(&[f64::NAN, 1.0, f64::INFINITY, 3.0]).missing_as_zero();
        assert_eq!((found.mean(), found.variance(), found.defined()), (Some(1.0), Some(2.0), 1.0));
        assert_eq!(Moments::of(&[f64::NAN]).missing_as_zero().mean(), Some(0.0));
        let all = Moments::of(&[1.0, 3.0]);
        assert_eq!(all.missing_as_zero(), all);
    }

    #[test]
    fn equal_numbers_have_exactly_their_own_mean_and_no_variance() {
        let value = 0.1 + 0.2;
        let mut whole = Replicated::default();
        for block in 0..1_000 {
            whole.add(block % REPLICATES, &[value; 256]);
        }
        let moments = whole.whole();
        assert_eq!((moments.mean(), moments.variance()), (Some(value), Some(0.0)));
        assert_eq!(whole.error(Method::Sobol), Some(0.0));
    }

    #[test]
    fn the_error_of_the_mean_is_that_between_randomizations() {
        // Two randomizations with means 1 and 3: s = √2, over √2 randomizations, is 1. As plain draws, 1, 1, 3, 3 have
        // s = √(4/3), over √4.
        let mut whole = Replicated::default();
        whole.add(0, &[1.0, 1.0]);
        whole.add(1, &[3.0, 3.0]);
        assert!((whole.error(Method::Sobol).unwrap() - 1.0).abs() < 1e-15);
        assert!((whole.error(Method::Random).unwrap() - (4.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-15);
    }

    #[test]
    fn what_rounding_makes_differ_is_no_error() {
        let mut whole = Replicated::default();
        whole.add(0, &[20.0, 20.0]);
        whole.add(1, &[20.0, 20.0 * (1.0 + f64::EPSILON)]);
        assert_eq!(whole.error(Method::Sobol), Some(0.0));
        whole.add(1, &[20.0 * (1.0 + 1e-12)]);
        assert!(whole.error(Method::Sobol).unwrap() > 1e-12);
    }

    proptest! {
        #[test]
        fn parts_put_together_are_the_whole(values in proptest::collection::vec(-1e6..1e6_f64, 2..300), at in 0.0..1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
            let cut = (at * values.len() as f64) as usize;
            let (whole, parts) = (Moments::of(&values), Moments::of(&values[..cut]).with(Moments::of(&values[cut..])));
            prop_assert!((whole.mean().unwrap() - parts.mean().unwrap()).abs() < 1e-8);
            prop_assert!((whole.variance().unwrap() / parts.variance().unwrap() - 1.0).abs() < 1e-9);
            prop_assert_eq!(whole.ends(), parts.ends());
        }
    }
}
