//! What it is worth to know a number before a decision.
//!
//! The decision is between an uncertain gain Y and nothing. As things stand it is worth `max(E[Y], 0)`. Who knows X first
//! decides for each of its values: `E[max(E[Y | X], 0)]`. The difference is what knowing X is worth.
//!
//! The values of X are sorted into bins of equal probability, and the rule "in which bins to go" is the one with the
//! largest gain, less a price for each place at which it changes (M. Strong and J. E. Oakley, An efficient method for
//! computing single-parameter partial expected value of perfect information, 2013, look for such places too). A rule
//! that is judged by the numbers it was made from looks better than it is; therefore each replicate of the draws is
//! judged by the rule that the others make.

use super::design::REPLICATES;
use super::replicates::half_width;

/// How many bins the values of a number are sorted into.
const BINS: usize = 1_024;

/// What a change of the rule must gain at least, in standard errors of the whole sum: half of what chance alone brings
/// about.
const PRICE: f64 = 0.5;

/// The gains of one replicate of draws, in bins of a number's probability.
#[derive(Clone, Debug)]
pub struct Bins {
    sums: Vec<f64>,
}

impl Default for Bins {
    fn default() -> Self {
        Self { sums: vec![0.0; BINS] }
    }
}

impl Bins {
    /// Takes gains with the number's place between 0 and 1 in each draw; a draw without a gain is left out.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number below 0 becomes 0")]
    #[expect(clippy::cast_precision_loss, reason = "the number of bins is small")]
    pub fn add(&mut self, places: &[f64], gains: &[f64]) {
        for (place, gain) in places.iter().zip(gains).filter(|(_, gain)| gain.is_finite()) {
            let bin = (place * BINS as f64) as usize;
            self.sums[bin.min(BINS - 1)] += gain;
        }
    }

    /// Takes what other bins have taken.
    pub fn merge(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, other)| *sum += other);
    }
}

/// The gains of one replicate of draws as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gains {
    lanes: f64,
    defined: f64,
    sum: f64,
    squares: f64,
    positive: f64,
}

impl Gains {
    /// Takes gains; those that are undefined are left out.
    pub fn add(&mut self, gains: &[f64]) {
        for gain in gains {
            self.lanes += 1.0;
            if gain.is_finite() {
                self.defined += 1.0;
                self.sum += gain;
                self.squares += gain * gain;
                self.positive += gain.max(0.0);
            }
        }
    }

    /// Takes what others have taken.
    pub fn merge(&mut self, other: &Self) {
        self.lanes += other.lanes;
        self.defined += other.defined;
        self.sum += other.sum;
        self.squares += other.squares;
        self.positive += other.positive;
    }

    /// The share of the draws that were left out; NaN of none.
    pub fn undefined(&self) -> f64 {
        1.0 - self.defined / self.lanes
    }

    /// The mean gain; NaN of none.
    pub fn mean(&self) -> f64 {
        self.sum / self.defined
    }

    /// What it is worth to know the gain itself, where as things stand one goes or not.
    pub fn perfect(&self, decision: Decision) -> f64 {
        (self.positive - decision.of(self.sum)) / self.defined
    }

    /// What a change of a rule must gain.
    fn price(&self) -> f64 {
        let deviation = (self.squares - self.sum * self.sum / self.defined).max(0.0).sqrt();
        PRICE * deviation
    }
}

/// What one does as things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go: the mean gain is above 0.
    Go,
    /// Leave it.
    Leave,
}

impl Decision {
    /// The better one of the two by the mean gain.
    pub fn by(mean: f64) -> Self {
        if mean > 0.0 { Self::Go } else { Self::Leave }
    }

    /// What is had of a gain.
    fn of(self, gain: f64) -> f64 {
        if self == Self::Go { gain } else { 0.0 }
    }
}

/// What it is worth to know a number, with half the width of its 95 % interval.
///
/// Each replicate gives an estimate, by the rule that the others make. The rule that all make is too good for the very
/// draws that it is made of, as the others' is a little too bad for other draws; the truth lies between, and how far the
/// two are apart is part of how far the estimate may be off.
pub fn worth(bins: &[&Bins; REPLICATES], gains: &[Gains; REPLICATES], decision: Decision) -> [f64; 2] {
    let without = |left_out: Option<usize>| {
        let (mut sums, mut all) = (Bins::default(), Gains::default());
        for (at, (bins, gains)) in bins.iter().zip(gains).enumerate() {
            if left_out != Some(at) {
                sums.merge(bins);
                all.merge(gains);
            }
        }
        (sums, all)
    };
    let estimates: [f64; REPLICATES] = std::array::from_fn(|judge| {
        let (sums, all) = without(Some(judge));
        gained(bins[judge], &rule(&sums.sums, all.price()), decision) / gains[judge].defined
    });
    let (sums, all) = without(None);
    let flattering = gained(&sums, &rule(&sums.sums, all.price()), decision) / all.defined;
    let fair = mean(&estimates);
    [f64::midpoint(fair, flattering), half_width(&estimates).hypot(flattering - fair)]
}

/// What a rule gains over a decision. Only the bins in which it says something else count, so that no change is exactly 0.
fn gained(bins: &Bins, rule: &[bool], decision: Decision) -> f64 {
    let go = decision == Decision::Go;
    let changed = bins.sums.iter().zip(rule).filter(|(_, rule)| **rule != go);
    changed.map(|(sum, _)| if go { -sum } else { *sum }).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a count of replicates is small")]
fn mean(estimates: &[f64; REPLICATES]) -> f64 {
    estimates.iter().sum::<f64>() / REPLICATES as f64
}

/// In which bins to go, so that the sum over them is largest after a price for each change from one bin to the next.
fn rule(sums: &[f64], price: f64) -> Vec<bool> {
    // The best totals up to a bin that end with leaving and with going, and whether each came from the other.
    let mut best = [0.0_f64, 0.0];
    let mut came: Vec<[bool; 2]> = Vec::with_capacity(sums.len());
    for sum in sums {
        let [leave, go] = best;
        let changed = [go - price > leave, leave - price > go];
        best = [if changed[0] { go - price } else { leave }, sum + if changed[1] { leave - price } else { go }];
        came.push(changed);
    }
    // The first bin may begin either way, so that its change costs nothing: both totals begin at 0.
    let mut going = best[1] > best[0];
    let mut rule: Vec<bool> = came
        .iter()
        .rev()
        .map(|changed| {
            let here = going;
            going ^= changed[usize::from(here)];
            here
        })
        .collect();
    rule.reverse();
    rule
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best total over all 2ⁿ rules.
    fn best_of_all(sums: &[f64], price: f64) -> f64 {
        (0_u32..1 << sums.len())
            .map(|bits| {
                let rule: Vec<bool> = (0..sums.len()).map(|bin| bits >> bin & 1 == 1).collect();
                total(sums, price, &rule)
            })
            .fold(f64::NEG_INFINITY, f64::max)
    }

    fn total(sums: &[f64], price: f64, rule: &[bool]) -> f64 {
        let gained: f64 = sums.iter().zip(rule).filter(|(_, go)| **go).map(|(sum, _)| sum).sum();
        let changes: f64 = rule.windows(2).map(|pair| if pair[0] == pair[1] { 0.0 } else { price }).sum();
        gained - changes
    }

    proptest! {
        #[test]
        fn the_rule_is_the_best_of_all(sums in prop::collection::vec(-10.0..10.0_f64, 1..10), price in 0.0..8.0_f64) {
            let found = rule(&sums, price);
            prop_assert!((total(&sums, price, &found) - best_of_all(&sums, price)).abs() < 1e-9);
        }
    }

    /// Replicates in which the gain is a function of the place, the same in each.
    fn replicates(gain: impl Fn(f64) -> f64) -> ([Bins; REPLICATES], [Gains; REPLICATES]) {
        let places: Vec<f64> = (0..4_096).map(|at| (f64::from(at) + 0.5) / 4_096.0).collect();
        let values: Vec<f64> = places.iter().map(|place| gain(*place)).collect();
        let (mut bins, mut gains) = (Bins::default(), Gains::default());
        bins.add(&places, &values);
        gains.add(&values);
        (std::array::from_fn(|_| bins.clone()), [gains; REPLICATES])
    }

    #[test]
    fn a_number_that_is_the_gain_is_worth_what_all_is() {
        // Y = X − 0.6 with X uniform: E[Y] = −0.1, E[max(Y, 0)] = 0.4²/2 = 0.08. And a hill, which is above 0 in the
        // middle only: 0.25 − (X − 0.5)² − 0.2 over ±√0.05: 2 · (0.05 s − s³/3) with s = √0.05 is 4/3 · 0.05^1.5.
        for (gain, worth_of_all) in [
            (Box::new(|x: f64| x - 0.6) as Box<dyn Fn(f64) -> f64>, 0.08),
            (Box::new(|x: f64| 0.05 - (x - 0.5) * (x - 0.5)), 4.0 / 3.0 * 0.05_f64.powf(1.5)),
        ] {
            let (bins, gains) = replicates(gain);
            let decision = Decision::by(gains[0].mean());
            assert_eq!(decision, Decision::Leave);
            assert!((gains[0].perfect(decision) - worth_of_all).abs() < 1e-6);
            let [found, margin] = worth(&bins.each_ref(), &gains, decision);
            assert!((found - worth_of_all).abs() < 1e-5 && margin < 1e-12);
        }
    }

    /// The standard normal distribution by its series, Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), and its density φ.
    fn normal(x: f64) -> [f64; 2] {
        let density = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let (mut term, mut sum) = (x, x);
        for step in 1..100 {
            term *= x * x / f64::from(2 * step + 1);
            sum += term;
        }
        [0.5 + density * sum, density]
    }

    /// The point below which a standard normal number lies with that probability, by bisection.
    fn point(probability: f64) -> f64 {
        let (mut low, mut high) = (-6.0, 6.0);
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if normal(middle)[0] < probability { low = middle } else { high = middle }
        }
        low
    }

    #[test]
    fn what_is_worth_knowing_of_a_sum_of_normals_is_the_loss_integral() {
        // Y = μ + σX + τR with X and R standard normal: to know X is worth σ·φ(μ/σ) − |μ|·Φ(−|μ|/σ), the unit normal loss
        // integral of Raiffa and Schlaifer. X runs over a grid; R follows the golden ratio, shifted by replicate.
        let points: Vec<f64> = (0..4_096).map(|at| point((f64::from(at) + 0.5) / 4_096.0)).collect();
        let places: Vec<f64> = (0..4_096).map(|at| (f64::from(at) + 0.5) / 4_096.0).collect();
        for (mean, sd, rest) in [(-50.0_f64, 100.0, 60.0), (50.0, 60.0, 100.0), (-5.0, 20.0, 50.0)] {
            let all: [(Bins, Gains); REPLICATES] = std::array::from_fn(|replicate| {
                let shift = u32::try_from(replicate).map_or(0.0, f64::from) / 16.0;
                let golden = |at: u32| (f64::from(at) * 0.618_033_988_749_895 + shift).fract() * 4_096.0;
                let other =
                    (0..4_096).map(|at| places.partition_point(|place| place * 4_096.0 <= golden(at)).min(4_095));
                let values: Vec<f64> =
                    points.iter().zip(other).map(|(x, other)| mean + sd * x + rest * points[other]).collect();
                let (mut bins, mut gains) = (Bins::default(), Gains::default());
                bins.add(&places, &values);
                gains.add(&values);
                (bins, gains)
            });
            let [below, density] = normal(-mean.abs() / sd);
            let expected = sd * density - mean.abs() * below;
            let decision = if mean > 0.0 { Decision::Go } else { Decision::Leave };
            let [found, margin] =
                worth(&all.each_ref().map(|(bins, _)| bins), &all.each_ref().map(|(_, gains)| *gains), decision);
            assert!((found - expected).abs() < 0.05 + margin && margin < 0.3, "{found} ± {margin} is not {expected}");
        }
    }

    #[test]
    fn what_changes_no_decision_is_worth_nothing() {
        let (bins, gains) = replicates(|x| x + 0.1);
        assert_eq!(worth(&bins.each_ref(), &gains, Decision::Go), [0.0, 0.0]);
        assert_eq!(gains[0].perfect(Decision::Go), 0.0);
    }

    #[test]
    fn gains_that_are_undefined_are_counted_and_left_out() {
        let mut gains = Gains::default();
        gains.add(&[1.0, f64::NAN, -3.0, f64::INFINITY]);
        assert_eq!((gains.undefined(), gains.mean()), (0.5, -1.0));
        let mut bins = Bins::default();
        bins.add(&[0.0, 0.5, 1.0, -0.5], &[1.0, f64::NAN, -3.0, 2.0]);
        assert_eq!((bins.sums[0], bins.sums[BINS - 1], bins.sums[BINS / 2]), (3.0, -3.0, 0.0));
    }
}
