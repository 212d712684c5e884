//! Numbers around one order statistic: those below are counted, those that may be it are kept.

use super::super::dispatch::dispatched;
use super::{between, count, index};

/// Numbers around one order statistic: how many lie below, and those that may be it.
#[derive(Clone, Debug)]
pub(super) struct Bracket {
    pub(super) share: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) below: f64,
    /// The sum of those below.
    pub(super) sum_below: f64,
    pub(super) at_low: f64,
    pub(super) within: Vec<f64>,
    pub(super) at_high: f64,
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

    pub(super) fn add_below(column: &[f64], low: f64, sum: &mut f64) {
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
    pub(super) fn open(share: f64) -> Self {
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
    pub(super) fn emptied(&self) -> Self {
        Self { low: self.low, high: self.high, ..Self::open(self.share) }
    }

    pub(super) fn take(&mut self, column: &[f64]) {
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
    pub(super) fn meet(&mut self, value: f64) {
        if value == self.low {
            self.at_low += 1.0;
        } else if value == self.high {
            self.at_high += 1.0;
        } else {
            self.within.push(value);
        }
    }

    pub(super) fn join(&mut self, later: Self) {
        self.below += later.below;
        self.sum_below += later.sum_below;
        self.at_low += later.at_low;
        self.within.extend(later.within);
        self.at_high += later.at_high;
    }

    /// The number at a rank from 0, if it is known. What is within changes its order.
    pub(super) fn at(&mut self, rank: f64) -> Option<f64> {
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

    pub(super) fn narrow(&mut self, taken: f64, reach: f64) {
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

    pub(super) fn percentile(&mut self, taken: f64) -> Option<f64> {
        let position = (taken - 1.0) * self.share;
        let low = self.at(position.floor())?;
        if position.fract() == 0.0 {
            return Some(low);
        }
        Some(between(low, self.at(position.floor() + 1.0)?, position.fract()))
    }

    /// The lower quantile, and the mean of the lowest numbers up to the share.
    pub(super) fn tail(&mut self, taken: f64) -> Option<[f64; 2]> {
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

/// The rank, from 0, of the lower quantile of a share of so many numbers: the smallest number to which at least that
/// share is equal or below (R. T. Rockafellar and S. Uryasev, Conditional value-at-risk for general loss distributions,
/// 2002).
pub(super) fn lower_rank(share: f64, numbers: f64) -> f64 {
    let wanted = share * numbers;
    // 5 % of 100 is 5, whatever the last binary digit of the product says.
    let whole = if (wanted - wanted.round()).abs() <= 1e-9 * wanted { wanted.round() } else { wanted.ceil() };
    (whole - 1.0).max(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
pub(super) fn whole(numbers: u64) -> f64 {
    numbers as f64
}
