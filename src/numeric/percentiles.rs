//! Percentiles of very many numbers, exactly and without keeping them.
//!
//! Of the first numbers all are kept. From their order statistics follows, for each percentile, a bracket in which it
//! will lie with near certainty; of later numbers only those within the brackets are kept, the others are counted. At
//! fixed numbers of draws, whenever twice as many have come, the brackets are narrowed to what is then certain enough, so
//! that what is kept grows as the square root of their number. The answer is exact in any case: should a percentile end
//! up outside its bracket, that is seen, and the draws must come once more, with wider brackets.
//!
//! Percentiles are those of type 7 (R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, 1996): at
//! h = (n − 1)·p among the sorted numbers, from 0, in proportion between the two neighbors. It is what numpy, R and Excel's
//! PERCENTILE.INC do.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]

mod bracket;

use super::dispatch::dispatched;
use bracket::{Bracket, add_below};

/// How many draws are kept whole at first; a multiple of all blocks of a round of replicates.
pub const FIRST: u64 = 1 << 14;

/// How many standard deviations of its rank a bracket reaches to either side.
const REACH: f64 = 5.0;

/// A percentile of sorted numbers, for a share from 0 to 1; none of no numbers.
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let position = count(sorted.len().checked_sub(1)?) * share;
    let at = |rank: f64| sorted.get(index(rank)).copied();
    let low = at(position.floor())?;
    Some(between(low, at(position.floor() + 1.0).unwrap_or(low), position.fract()))
}

/// Several percentiles of numbers in any order, which changes; their shares must rise. None of no numbers.
pub fn percentiles(numbers: &mut [f64], shares: &[f64]) -> Vec<Option<f64>> {
    let Some(last) = numbers.len().checked_sub(1) else { return vec![None; shares.len()] };
    // What lies below one percentile is not looked at for the next.
    let mut from = 0;
    let percentile = |share: &f64| {
        let position = count(last) * share;
        let rank = index(position.floor()).clamp(from, last);
        let (_, low, above) = numbers[from..].select_nth_unstable_by(rank - from, f64::total_cmp);
        from = rank;
        let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*low);
        Some(between(*low, high, position.fract()))
    };
    shares.iter().map(percentile).collect()
}

/// The number in proportion between two; exactly them where they are equal.
fn between(low: f64, high: f64, part: f64) -> f64 {
    if low == high { low } else { low + part * (high - low) }
}

/// What is asked of the numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The percentiles, as shares from 0 to 1.
    pub shares: Vec<f64>,
    /// The part of the lowest numbers whose mean is asked for.
    pub tail: Option<f64>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The percentiles, in the order in which they were asked for; none where there are no numbers.
    pub percentiles: Vec<Option<f64>>,
    /// The lower quantile of the tail, and the mean of the numbers within the tail, of which an atom at its end counts
    /// in part.
    pub tail: Option<[f64; 2]>,
}

/// Collects what percentiles need of numbers that come in parts.
#[derive(Clone, Debug)]
pub struct Collector {
    wanted: Wanted,
    reach: f64,
    taken: f64,
    /// All numbers so far, before there are brackets.
    first: Vec<f64>,
    brackets: Vec<Bracket>,
}

/// Collects of a part of the numbers what a [`Collector`] needs of them.
#[derive(Clone, Debug)]
pub struct Part {
    taken: f64,
    /// All numbers of the part, where there are no brackets.
    first: Option<Vec<f64>>,
    brackets: Vec<Bracket>,
    sums: Option<usize>,
}

impl Wanted {
    /// The shares at which brackets are kept: the percentiles', then the tail's.
    fn all(&self) -> impl Iterator<Item = f64> {
        self.shares.iter().copied().chain(self.tail)
    }
}

impl Collector {
    /// A collector that has nothing yet.
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, reach: REACH, taken: 0.0, first: Vec::new(), brackets: Vec::new() }
    }

    /// One that begins anew with wider brackets, after a percentile has ended up outside its own.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { reach: self.reach * 4.0, ..Self::new(self.wanted.clone()) }
    }

    /// A part to be filled and joined again.
    pub fn part(&self) -> Part {
        let first = self.brackets.is_empty().then(Vec::new);
        let sums = self.wanted.tail.and_then(|_| self.brackets.len().checked_sub(1));
        Part { taken: 0.0, first, brackets: self.brackets.iter().map(Bracket::emptied).collect(), sums }
    }

    /// Adds what a part has collected. Parts must come in their order.
    pub fn join(&mut self, part: Part) {
        self.taken += part.taken;
        self.first.extend(part.first.into_iter().flatten());
        for (bracket, found) in self.brackets.iter_mut().zip(part.brackets) {
            bracket.join(found);
        }
    }

    /// Narrows the brackets to what is certain enough by now. The moments at which this is done must depend on how many
    /// numbers have come alone.
    pub fn narrow(&mut self) {
        if self.brackets.is_empty() {
            let all = std::mem::take(&mut self.first);
            let whole = |share| Bracket { within: all.clone(), ..Bracket::open(share) };
            self.brackets = self.wanted.all().map(whole).collect();
        }
        for bracket in &mut self.brackets {
            bracket.narrow(self.taken, self.reach);
        }
    }

    /// The percentiles; none if one of them lies outside its bracket, so that the numbers must come again to
    /// [`Collector::anew`].
    pub fn finish(mut self) -> Option<Found> {
        if self.brackets.is_empty() {
            self.first.sort_unstable_by(f64::total_cmp);
            let percentiles = self.wanted.shares.iter().map(|share| percentile(&self.first, *share)).collect();
            let mut whole = Bracket { within: self.first, ..Bracket::open(self.wanted.tail.unwrap_or(0.5)) };
            let tail = if self.wanted.tail.is_some() && self.taken > 0.0 { whole.tail(self.taken) } else { None };
            return Some(Found { percentiles, tail });
        }
        if self.taken == 0.0 {
            return Some(Found { percentiles: vec![None; self.wanted.shares.len()], tail: None });
        }
        let (shares, tail) = self.brackets.split_at_mut(self.wanted.shares.len());
        let percentiles =
            shares.iter_mut().map(|bracket| bracket.percentile(self.taken).map(Some)).collect::<Option<_>>()?;
        let tail = match tail.first_mut() {
            Some(bracket) => Some(bracket.tail(self.taken)?),
            None => None,
        };
        Some(Found { percentiles, tail })
    }
}

impl Part {
    /// Takes numbers; those that are not finite are left out.
    pub fn take(&mut self, column: &[f64]) {
        let mut finite = 0;
        count_finite(column, &mut finite);
        if finite < column.len() {
            let finite: Vec<f64> = column.iter().copied().filter(|value| value.is_finite()).collect();
            return self.take(&finite);
        }
        self.taken += count(column.len());
        if let Some(first) = &mut self.first {
            first.extend_from_slice(column);
            return;
        }
        for (at, bracket) in self.brackets.iter_mut().enumerate() {
            bracket.take(column);
            if self.sums == Some(at) {
                add_below(column, bracket.low, &mut bracket.sum_below);
            }
        }
    }
}

dispatched! {
    fn count_finite(column: &[f64], finite: &mut usize) {
        *finite = column.iter().map(|value| usize::from(value.is_finite())).sum();
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn count(numbers: usize) -> f64 {
    numbers as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank, not below 0")]
fn index(rank: f64) -> usize {
    rank as usize
}

/// Up to how many draws brackets stay as they are, when so many are done.
pub fn until(done: u64) -> u64 {
    done.saturating_add(1).checked_next_power_of_two().unwrap_or(u64::MAX).max(FIRST)
}

#[cfg(test)]
mod tests {
    use super::bracket::{lower_rank, whole};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_lie_in_proportion_between_their_neighbors() {
        // numpy.percentile([15, 20, 35, 40, 50], …), linear.
        let sorted = [15.0, 20.0, 35.0, 40.0, 50.0];
        let expected = [
            (0.05, 16.0),
            (0.25, 20.0),
            (0.3, 23.0),
            (0.4, 29.0),
            (0.5, 35.0),
            (0.75, 40.0),
            (0.9, 46.0),
            (0.95, 48.0),
        ];
        for (share, expected) in expected {
            assert!((percentile(&sorted, share).unwrap() - expected).abs() < 1e-12, "{share}");
        }
        assert_eq!((percentile(&[7.0], 0.3), percentile(&[], 0.3)), (Some(7.0), None));
    }

    fn found(values: &[f64], wanted: &Wanted) -> Option<Found> {
        let mut collector = Collector::new(wanted.clone());
        let (mut done, mut end) = (0, until(0));
        for chunk in values.chunks(256) {
            if done == end {
                collector.narrow();
                end = until(done);
            }
            let mut part = collector.part();
            part.take(chunk);
            collector.join(part);
            done += u64::try_from(chunk.len()).unwrap();
        }
        collector.finish()
    }

    #[test]
    fn the_tail_of_a_few_profits() {
        // The mean of the worst 20 % of ten is that of the lowest two; the quantile is the second lowest. Of the worst
        // 25 %, the third counts half: (−100 − 60 − 20) / 2.5 = −72.
        let profits = [-100.0, -60.0, -40.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 40.0];
        let tail = |share| found(&profits, &Wanted { shares: vec![], tail: Some(share) }).unwrap().tail.unwrap();
        assert_eq!(tail(0.2), [-60.0, -80.0]);
        assert_eq!(tail(0.25), [-40.0, -72.0]);
    }

    /// Numbers without order, the same in each run.
    fn mixed(count: u64) -> impl Iterator<Item = f64> {
        (0..count).map(|at| {
            let mut bits = at.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            whole((bits ^ (bits >> 31)) >> 12) / 4_503_599_627_370_496.0
        })
    }

    #[test]
    fn very_many_numbers_have_the_percentiles_of_all_of_them_sorted() {
        let shapes: [fn(f64) -> f64; 9] = [
            |x| x,
            |x| -(1.0 - x).ln().powi(3),
            // Two fifths of all are 0, and the rest falls on few numbers.
            |x| ((x - 0.4).max(0.0) * 20.0).floor(),
            |_| 0.1 + 0.2,
            // Undefined in a fifth of the draws.
            |x| if x < 0.2 { f64::NAN } else { x },
            // Two values, whose border lies at a percentile.
            |x| if x < 0.05 { -1.0 } else { 2.0 },
            // A tenth of all in one place amid the others, around a percentile and beside one.
            |x| if (0.45..0.55).contains(&x) { 0.45 } else { x },
            |x| if (0.4..0.499).contains(&x) { 0.499 } else { x },
            // Nearly always without a value, above, below or not at all.
            |x| if x < 0.9 { [f64::INFINITY, f64::NEG_INFINITY, f64::NAN][index(x * 100.0) % 3] } else { -x },
        ];
        let wanted = Wanted { shares: vec![0.001, 0.05, 0.4, 0.5, 0.95, 1.0], tail: Some(0.05) };
        for (number, shape) in shapes.iter().enumerate() {
            let values: Vec<f64> = mixed(200_000).map(shape).collect();
            let found = found(&values, &wanted).unwrap();
            let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
            sorted.sort_by(f64::total_cmp);
            for (share, percentile) in wanted.shares.iter().zip(&found.percentiles) {
                assert_eq!(*percentile, super::percentile(&sorted, *share), "shape {number} at {share}");
            }
            let size = 0.05 * count(sorted.len());
            let quantile = sorted[index(lower_rank(0.05, count(sorted.len())))];
            let before: Vec<f64> = sorted.iter().copied().filter(|value| *value < quantile).collect();
            let mean = (before.iter().sum::<f64>() + (size - count(before.len())) * quantile) / size;
            let [value, tail] = found.tail.unwrap();
            assert_eq!(value, quantile);
            assert!((tail - mean).abs() <= 1e-9 * mean.abs(), "shape {number}: {tail} {mean}");
        }
    }

    #[test]
    fn numbers_that_drift_out_of_the_brackets_must_come_again() {
        let values: Vec<f64> = (0..100_000).map(f64::from).collect();
        let wanted = Wanted { shares: vec![0.5], tail: None };
        assert_eq!(found(&values, &wanted), None);
        let mut collector = Collector::new(wanted);
        while let Some(end) = Some(until(0)).filter(|_| collector.reach < 1e6) {
            collector = collector.anew();
            let mut part = collector.part();
            let (first, rest) = values.split_at(usize::try_from(end).unwrap());
            part.take(first);
            collector.join(part);
            collector.narrow();
            let mut part = collector.part();
            part.take(rest);
            collector.join(part);
        }
        assert_eq!(collector.finish().unwrap().percentiles, [Some(49_999.5)]);
    }

    #[test]
    fn little_is_kept_of_many() {
        let values: Vec<f64> = mixed(1 << 20).collect();
        let mut collector = Collector::new(Wanted { shares: vec![0.5], tail: None });
        let (mut done, mut kept) = (0, 0);
        for chunk in values.chunks(1 << 14) {
            let mut part = collector.part();
            part.take(chunk);
            collector.join(part);
            done += 1_u64 << 14;
            kept = kept.max(collector.brackets.iter().map(|bracket| bracket.within.len()).sum());
            if until(done - 1) == done {
                collector.narrow();
            }
        }
        // Six standard deviations of the rank to either side: 2 · 6 · √(n / 4) at half of the draws, and as many again.
        assert!(kept < 10_000, "{kept}");
    }

    #[test]
    fn percentiles_of_unsorted_numbers_are_those_of_sorted_ones() {
        let shares = [0.0, 0.05, 0.05, 0.25, 0.251, 0.5, 0.95, 1.0];
        for length in [0, 1, 2, 3, 20, 21, 1_000_u16] {
            let numbers: Vec<f64> = (0..length).map(|at| f64::from(at.wrapping_mul(7_919) % 613)).collect();
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            let expected: Vec<Option<f64>> = shares.iter().map(|share| percentile(&sorted, *share)).collect();
            assert_eq!(percentiles(&mut numbers.clone(), &shares), expected, "{length}");
        }
    }

    proptest! {
        #[test]
        fn few_numbers_are_all_kept(values in proptest::collection::vec(-100.0..100.0_f64, 1..200), share in 0.0..=1.0) {
            let found = found(&values, &Wanted { shares: vec![share], tail: None }).unwrap();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            prop_assert_eq!(found.percentiles[0], percentile(&sorted, share));
        }
    }
}
