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

use super::dispatch::dispatched;

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

/// The rank, from 0, of the lower quantile of a share of so many numbers: the smallest number to which at least that
/// share is equal or below (R. T. Rockafellar and S. Uryasev, Conditional value-at-risk for general loss distributions,
/// 2002).
fn lower_rank(share: f64, numbers: f64) -> f64 {
    let wanted = share * numbers;
    // 5 % of 100 is 5, whatever the last binary digit of the product says.
    let whole = if (wanted - wanted.round()).abs() <= 1e-9 * wanted { wanted.round() } else { wanted.ceil() };
    (whole - 1.0).max(0.0)
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

/// Numbers around one order statistic: how many lie below, and those that may be it.
#[derive(Clone, Debug)]
struct Bracket {
    share: f64,
    low: f64,
    high: f64,
    below: f64,
    /// The sum of those below.
    sum_below: f64,
    at_low: f64,
    within: Vec<f64>,
    at_high: f64,
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

/// How many numbers are looked at beside each other: every so many-th of a column is one lane.
const LANES: usize = 16;

/// What a column holds around a bracket.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// How many numbers are below the bracket.
    below: f64,
    /// How many are in it.
    met: f64,
    /// How many of each lane are in it.
    lanes: [f64; LANES],
}

/// Up to how many numbers in a bracket are looked at one by one.
const FEW: f64 = 32.0;

dispatched! {
    fn look_around(column: &[f64], low: f64, high: f64, found: &mut Around) {
        // As floats, whose sums keep their order, so that the lanes stay beside each other.
        let (mut below, mut up_to_high) = ([0.0; LANES], [0.0; LANES]);
        let (rows, rest) = column.as_chunks::<LANES>();
        for row in rows {
            for lane in 0..LANES {
                below[lane] += if row[lane] < low { 1.0 } else { 0.0 };
                up_to_high[lane] += if row[lane] <= high { 1.0 } else { 0.0 };
            }
        }
        for (lane, value) in rest.iter().enumerate() {
            below[lane] += if *value < low { 1.0 } else { 0.0 };
            up_to_high[lane] += if *value <= high { 1.0 } else { 0.0 };
        }
        for lane in 0..LANES {
            found.lanes[lane] = up_to_high[lane] - below[lane];
        }
        found.below = below.iter().sum();
        found.met = found.lanes.iter().sum();
    }

    /// How many numbers are `low`, and how many `high`.
    fn count_ends(column: &[f64], low: f64, high: f64, counts: &mut [u64; 2]) {
        let [mut at_low, mut at_high] = [0; 2];
        for value in column {
            at_low += u64::from(*value == low);
            at_high += u64::from(*value == high);
        }
        *counts = [at_low, at_high];
    }

    fn add_below(column: &[f64], low: f64, sum: &mut f64) {
        let mut sums = [0.0; 8];
        let (groups, rest) = column.as_chunks::<8>();
        for group in groups {
            for (sum, value) in sums.iter_mut().zip(group) {
                *sum += if *value < low { *value } else { 0.0 };
            }
        }
        for (sum, value) in sums.iter_mut().zip(rest) {
            *sum += if *value < low { *value } else { 0.0 };
        }
        *sum += sums.iter().sum::<f64>();
    }

    fn count_finite(column: &[f64], finite: &mut usize) {
        *finite = column.iter().map(|value| usize::from(value.is_finite())).sum();
    }
}

/// The places, of up to 64, at which something is so; it is looked at without branches.
#[inline(always)]
fn places(is_so: impl Iterator<Item = bool>) -> impl Iterator<Item = usize> {
    let mut left = is_so.enumerate().fold(0_u64, |mask, (place, is_so)| mask | u64::from(is_so) << place);
    std::iter::from_fn(move || {
        let place = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        (place < u64::BITS).then_some(place as usize)
    })
}

impl Bracket {
    /// One that holds everything.
    fn open(share: f64) -> Self {
        Self {
            share,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            below: 0.0,
            sum_below: 0.0,
            at_low: 0.0,
            within: Vec::new(),
            at_high: 0.0,
        }
    }

    /// The same bounds, with nothing within.
    fn emptied(&self) -> Self {
        Self { low: self.low, high: self.high, ..Self::open(self.share) }
    }

    fn take(&mut self, column: &[f64]) {
        let (low, high) = (self.low, self.high);
        let mut found = Around::default();
        look_around(column, low, high, &mut found);
        self.below += found.below;
        if found.met == 0.0 {
            return;
        }
        if low == high {
            self.at_low += found.met;
            return;
        }
        if found.met > FEW {
            let mut ends = [0; 2];
            count_ends(column, low, high, &mut ends);
            if found.met == whole(ends[0]) + whole(ends[1]) {
                self.at_low += whole(ends[0]);
                self.at_high += whole(ends[1]);
                return;
            }
        }
        // Most lanes hold none of the few, and those that do mostly one.
        let (rows, rest) = column.as_chunks::<LANES>();
        for lane in places(found.lanes.iter().map(|met| *met > 0.0)) {
            let is_met = |value: f64| (low..=high).contains(&value);
            for part in rows.chunks(64) {
                for row in places(part.iter().map(|row| is_met(row[lane]))) {
                    self.meet(part[row][lane]);
                }
            }
            rest.get(lane).copied().filter(|value| is_met(*value)).into_iter().for_each(|value| self.meet(value));
        }
    }

    /// Takes a number that lies in the bracket.
    fn meet(&mut self, value: f64) {
        if value == self.low {
            self.at_low += 1.0;
        } else if value == self.high {
            self.at_high += 1.0;
        } else {
            self.within.push(value);
        }
    }

    fn join(&mut self, later: Self) {
        self.below += later.below;
        self.sum_below += later.sum_below;
        self.at_low += later.at_low;
        self.within.extend(later.within);
        self.at_high += later.at_high;
    }

    /// The number at a rank from 0, if it is known. What is within changes its order.
    fn at(&mut self, rank: f64) -> Option<f64> {
        let rank = rank - self.below;
        let inside = rank - self.at_low;
        if rank < 0.0 {
            None
        } else if inside < 0.0 {
            Some(self.low)
        } else if inside < count(self.within.len()) {
            let (_, value, _) = self.within.select_nth_unstable_by(index(inside), f64::total_cmp);
            Some(*value)
        } else {
            (inside - count(self.within.len()) < self.at_high).then_some(self.high)
        }
    }

    fn narrow(&mut self, taken: f64, reach: f64) {
        let margin = reach * (self.share * (1.0 - self.share) * taken).sqrt() + reach;
        let position = (taken - 1.0) * self.share;
        let low = self.at((position - margin).floor()).unwrap_or(self.low);
        let high = self.at((position + margin).ceil()).unwrap_or(self.high);
        if low > self.low {
            self.below += self.at_low;
            self.sum_below += if self.at_low > 0.0 { self.at_low * self.low } else { 0.0 };
            self.at_low = 0.0;
        }
        if high < self.high {
            self.at_high = 0.0;
        }
        (self.low, self.high) = (low, high);
        let mut kept = Vec::new();
        for value in std::mem::take(&mut self.within) {
            if value < low {
                self.below += 1.0;
                self.sum_below += value;
            } else if value == low {
                self.at_low += 1.0;
            } else if value == high {
                self.at_high += 1.0;
            } else if value < high {
                kept.push(value);
            }
        }
        self.within = kept;
    }

    fn percentile(&mut self, taken: f64) -> Option<f64> {
        let position = (taken - 1.0) * self.share;
        let low = self.at(position.floor())?;
        if position.fract() == 0.0 {
            return Some(low);
        }
        Some(between(low, self.at(position.floor() + 1.0)?, position.fract()))
    }

    /// The lower quantile, and the mean of the lowest numbers up to the share.
    fn tail(&mut self, taken: f64) -> Option<[f64; 2]> {
        let quantile = self.at(lower_rank(self.share, taken))?;
        let (mut numbers, mut sum) = (self.below, self.sum_below);
        if quantile > self.low {
            numbers += self.at_low;
            sum += if self.at_low > 0.0 { self.at_low * self.low } else { 0.0 };
            for value in self.within.iter().filter(|value| **value < quantile) {
                numbers += 1.0;
                sum += value;
            }
        }
        let wanted = self.share * taken;
        // As differences from the quantile, so that equal numbers have exactly their own mean.
        let mean = quantile + (sum - numbers * quantile) / wanted;
        Some([quantile, mean.min(quantile)])
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn count(numbers: usize) -> f64 {
    numbers as f64
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn whole(numbers: u64) -> f64 {
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
