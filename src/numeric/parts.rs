//! Sums of parts of a value, each at a price: what tiers come to.
//!
//! A value lies in one tier. What the tiers below it come to is the same for all values of the tier, so that it is computed
//! once, by the same operations in the same order, and one product and one sum are left; the results are the same to the bit
//! but for the sign of a zero.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]

use super::dispatch::dispatched;
use super::kernel::{ROUNDING, above, all_above, all_between, between, smaller};

/// A part of a value, by its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What [`super::kernel::min`] yields.
    UpTo,
    /// What [`super::kernel::part_between`] yields.
    Between,
    /// What [`super::kernel::part_above`] yields.
    Above,
    /// What [`super::kernel::if_between`] yields.
    AllBetween,
    /// What [`super::kernel::if_above`] yields.
    AllAbove,
}

/// A part of a value at a price.
#[derive(Clone, Copy, Debug)]
pub struct Priced {
    /// Which part.
    pub part: Part,
    /// Its bounds; the one that it has twice where it has one.
    pub bounds: [f64; 2],
    /// What it is multiplied by.
    pub price: f64,
}

/// Parts at their prices, made ready to be summed.
#[derive(Clone, Debug)]
pub struct Tariff(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Graduated(Vec<Tier>),
    Volume(Vec<Tier>),
    /// Parts that are no tiers.
    Each(Vec<Priced>),
}

impl Tariff {
    /// Makes parts ready.
    pub fn new(parts: &[Priced]) -> Self {
        let kind = graduated(parts).map(Kind::Graduated).or_else(|| volume(parts).map(Kind::Volume));
        Self(kind.unwrap_or_else(|| Kind::Each(parts.to_vec())))
    }

    /// Sums the parts of `x` times a factor, each multiplied by its price, in their order.
    pub fn sum(&self, x: &[f64], factor: f64, sums: &mut [f64]) {
        match &self.0 {
            Kind::Graduated(tiers) => sum_graduated(tiers, x, factor, sums),
            Kind::Volume(tiers) => sum_volume(tiers, x, factor, sums),
            Kind::Each(parts) => sum_each(parts, x, factor, sums),
        }
    }
}

/// The most tiers among which a value is looked for.
const MOST: usize = 8;

/// A tier in which values may lie.
#[derive(Clone, Copy, Debug, Default)]
struct Tier {
    /// Above which value it begins.
    low: f64,
    /// By how much a value must be above it.
    tolerance: f64,
    price: f64,
    /// What the tiers below come to.
    before: f64,
}

/// Tiers of which each prices what lies in it, from the lowest to one without an end.
fn graduated(parts: &[Priced]) -> Option<Vec<Tier>> {
    let mut tiers = Vec::with_capacity(parts.len());
    let last = parts.len().checked_sub(1).filter(|last| (1..MOST).contains(last))?;
    // The number to which every other can be added without a change: 0 + (−0) is 0.
    let (mut end, mut before) = (0.0, -0.0);
    for (at, Priced { part, bounds: [low, high], price }) in parts.iter().enumerate() {
        let expected = match at {
            0 => Part::UpTo,
            at if at == last => Part::Above,
            _ => Part::Between,
        };
        let from = if at == 0 { 0.0 } else { *low };
        let is_next = *part == expected && from == end && (at == 0 || at == last || low < high);
        tiers.push(Tier { low: from, tolerance: 0.0, price: *price, before });
        before += (if at == 0 { *high } else { high - low }) * price;
        end = *high;
        if !is_next || !price.is_finite() || !end.is_finite() || !before.is_finite() {
            return None;
        }
    }
    Some(tiers)
}

/// Tiers of which the one in which a value lies prices all of it, from one to one without an end.
fn volume(parts: &[Priced]) -> Option<Vec<Tier>> {
    let mut tiers = Vec::with_capacity(parts.len());
    let last = parts.len().checked_sub(1).filter(|last| (1..MOST).contains(last))?;
    let mut end = parts[0].bounds[0];
    for (at, Priced { part, bounds: [low, high], price }) in parts.iter().enumerate() {
        let expected = if at == last { Part::AllAbove } else { Part::AllBetween };
        let is_next = *part == expected && *low == end && *low >= 0.0 && (at == last || low < high);
        tiers.push(Tier { low: *low, tolerance: ROUNDING * low, price: *price, before: 0.0 });
        end = *high;
        if !is_next || !price.is_finite() || !end.is_finite() {
            return None;
        }
    }
    Some(tiers)
}

/// Runs a loop that is compiled for each number of tiers, so that they stay in the processor.
macro_rules! by_number {
    ($loop:ident($tiers:ident, $x:ident, $factor:ident, $sums:ident) of [$($number:literal),+]) => {
        match $tiers.len() {
            $($number => $loop::<$number>($tiers, $x, $factor, $sums),)+
            _ => {}
        }
    };
}

dispatched! {
    fn sum_graduated(tiers: &[Tier], x: &[f64], factor: f64, sums: &mut [f64]) {
        by_number!(graduated_column(tiers, x, factor, sums) of [2, 3, 4, 5, 6, 7, 8]);
    }

    fn sum_volume(tiers: &[Tier], x: &[f64], factor: f64, sums: &mut [f64]) {
        by_number!(volume_column(tiers, x, factor, sums) of [2, 3, 4, 5, 6, 7, 8]);
    }

    fn sum_each(parts: &[Priced], x: &[f64], factor: f64, sums: &mut [f64]) {
        let mut scaled = [0.0; LANES];
        for (x, sums) in x.chunks(LANES).zip(sums.chunks_mut(LANES)) {
            scaled.iter_mut().zip(x).for_each(|(scaled, x)| *scaled = x * factor);
            each_block(parts, &scaled[..x.len()], sums);
        }
    }
}

#[inline(always)]
fn graduated_column<const TIERS: usize>(tiers: &[Tier], x: &[f64], factor: f64, sums: &mut [f64]) {
    let Ok(tiers) = <[Tier; TIERS]>::try_from(tiers) else { return };
    for (x, sum) in x.iter().zip(sums) {
        let x = x * factor;
        let Tier { mut low, mut price, mut before, .. } = tiers[0];
        for tier in &tiers[1..] {
            let is_above = x > tier.low;
            low = if is_above { tier.low } else { low };
            price = if is_above { tier.price } else { price };
            before = if is_above { tier.before } else { before };
        }
        *sum = before + (x - low) * price;
    }
}

#[inline(always)]
fn volume_column<const TIERS: usize>(tiers: &[Tier], x: &[f64], factor: f64, sums: &mut [f64]) {
    let Ok(tiers) = <[Tier; TIERS]>::try_from(tiers) else { return };
    // What is undefined is above every bound, so that it stays undefined.
    let is_below = |tier: &Tier, x: f64| x - tier.low <= tier.tolerance;
    for (x, sum) in x.iter().zip(sums) {
        let x = x * factor;
        let priced = if is_below(&tiers[0], x) { 0.0 } else { x };
        let mut price = tiers[0].price;
        for tier in &tiers[1..] {
            price = if is_below(tier, x) { price } else { tier.price };
        }
        *sum = priced * price;
    }
}

/// How many lanes of a sum of parts are kept in the processor.
const LANES: usize = 16;

#[inline(always)]
fn each_block(parts: &[Priced], x: &[f64], sums: &mut [f64]) {
    let mut total = [-0.0; LANES];
    for &Priced { part, bounds: [low, high], price } in parts {
        match part {
            Part::UpTo => take(x, &mut total, |x| smaller(x, high) * price),
            Part::Between => take(x, &mut total, |x| between(x, low, high) * price),
            Part::Above => take(x, &mut total, |x| above(x, low) * price),
            Part::AllBetween => take(x, &mut total, |x| all_between(x, low, high) * price),
            Part::AllAbove => take(x, &mut total, |x| all_above(x, low) * price),
        }
    }
    sums.iter_mut().zip(&total).for_each(|(sum, total)| *sum = *total);
}

#[inline(always)]
fn take(x: &[f64], total: &mut [f64; LANES], f: impl Fn(f64) -> f64) {
    for (total, &x) in total.iter_mut().zip(x) {
        *total += f(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Tiers that end at these bounds and begin at `first`, the last without an end.
    fn priced(parts: [Part; 3], first: f64, bounds: &[f64], prices: &[f64]) -> Vec<Priced> {
        let last = bounds.len();
        let tier = |at: usize| {
            let part = if at == 0 { parts[0] } else { parts[if at == last { 2 } else { 1 }] };
            let low = if at == 0 { first } else { bounds[at - 1] };
            let high = bounds.get(at).copied().unwrap_or(low);
            let bounds = if part == Part::UpTo { [high; 2] } else { [low, high] };
            Priced { part, bounds, price: prices[at] }
        };
        (0..=last).map(tier).collect()
    }

    const GRADUATED: [Part; 3] = [Part::UpTo, Part::Between, Part::Above];
    const VOLUME: [Part; 3] = [Part::AllBetween, Part::AllBetween, Part::AllAbove];

    fn values(bounds: &[f64]) -> Vec<f64> {
        let around = bounds
            .iter()
            .flat_map(|bound| [bound.next_down(), *bound, bound.next_up(), bound * 1.1 / 1.1, bound + 0.7]);
        let others = [0.0, -3.0, 0.3, 1e9, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        around.chain(others).cycle().take(45).collect()
    }

    fn assert_same(parts: &[Priced], x: &[f64]) -> Result<(), TestCaseError> {
        let (mut found, mut expected) = (vec![1.0; x.len()], vec![2.0; x.len()]);
        Tariff::new(parts).sum(x, 1.0, &mut found);
        sum_each(parts, x, 1.0, &mut expected);
        for ((x, found), expected) in x.iter().zip(found).zip(expected) {
            prop_assert!(
                found == expected || (found.is_nan() && expected.is_nan()),
                "{parts:?} of {x}: {found}, not {expected}"
            );
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn what_is_looked_up_is_what_the_parts_sum_to(
            steps in prop::collection::vec(0.0..1e4_f64, 1..5),
            prices in prop::collection::vec(prop_oneof![-2.0..50.0_f64, Just(0.0), Just(f64::NAN), Just(f64::INFINITY)], 6),
            first in prop_oneof![Just(0.0), 0.0..3.0_f64, Just(-1.0), Just(f64::NAN)],
        ) {
            let mut end = 0.0;
            let bounds: Vec<f64> = steps.iter().map(|step| { end += step; end }).collect();
            assert_same(&priced(GRADUATED, 0.0, &bounds, &prices), &values(&bounds))?;
            assert_same(&priced(VOLUME, first, &bounds, &prices), &values(&bounds))?;
        }
    }

    #[test]
    fn the_usual_tiers_are_looked_up() {
        let (bounds, prices) = ([1e3, 2e3, 5e3], [4.0, 3.0, 2.0, 1.0]);
        let tiers = graduated(&priced(GRADUATED, 0.0, &bounds, &prices)).unwrap_or_default();
        // 1,000 at 4 and 1,000 at 3.
        assert_eq!((tiers.len(), tiers[2].low, tiers[2].before), (4, 2e3, 7e3));
        assert_eq!(volume(&priced(VOLUME, 0.0, &bounds, &prices)).map(|tiers| tiers.len()), Some(4));
        // An end that is not the next one's beginning, and a last tier that ends.
        let mut gap = priced(GRADUATED, 0.0, &bounds, &prices);
        gap[2].bounds[0] = 2_500.0;
        assert!(graduated(&gap).is_none());
        assert!(graduated(&priced(GRADUATED, 0.0, &bounds, &prices)[..3]).is_none());
    }
}
