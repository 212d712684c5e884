//! Where a function is 0: one root between two places, or all of them in an interval.
//!
//! Neither method needs a derivative, leaves the places it was given, or fails to end, whatever the function does.

mod bracket;
mod float;
mod grid;
mod narrow;
mod touch;

pub use bracket::{NotBracketed, bracketed};
pub use grid::{Interval, coarse};

pub(crate) use float::significant;
use float::{from_ordered, ordered, shortest, steps_between};
use grid::rounding;
use narrow::{Change, Point, Sampler, Sign, changes, is_dip};
use touch::{Dip, descend, dips, hidden};

/// A place at which a function takes the value 0 or passes it by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Crossing {
    /// The function is 0 here, or as near to it as rounding lets it come.
    Root(f64),
    /// The function passes from one side of 0 to the other without taking the value: it jumps, or has a pole.
    Jump {
        /// The place, to the last bit.
        at: f64,
        /// The value just below the place.
        before: f64,
        /// The value just above it.
        after: f64,
    },
    /// The function is exactly 0 from one place to another.
    Flat {
        /// The first place.
        from: f64,
        /// The last place.
        to: f64,
    },
}

impl Crossing {
    /// The first place of the crossing.
    pub fn start(self) -> f64 {
        match self {
            Self::Root(at) | Self::Jump { at, .. } => at,
            Self::Flat { from, .. } => from,
        }
    }
}

/// All places in an interval where a function is 0 or passes 0 by, ascending, without repetition.
///
/// The function is given many places at once and answers with its values in the same order; NaN says that it is
/// undefined there. It may have kinks, jumps and gaps.
///
/// It is first sampled at some 500 evenly spaced places and 64 in each power of ten, down to 1e-20 of the interval's
/// larger end, so that 1e-6 and 1e9 are both seen between 0 and 1e12. Every change of sign between samples is
/// narrowed to neighboring floating-point numbers, and every dip towards 0 is followed to its bottom. What happens
/// wholly between two samples is seen where the cubic through them and their neighbors shows it.
///
/// A root is given with the fewest decimal digits (15 or fewer) at which the function is no farther from 0 than at
/// the place that was found, so that the answer to an exact problem is exact: 35000, not `35000.00000000001`.
/// A stretch of zeros shorter than a millionth of its place is taken for a root that rounding has widened.
pub fn scan(function: &mut dyn FnMut(&[f64]) -> Vec<f64>, interval: Interval) -> Vec<Crossing> {
    let mut function = Sampler::new(function);
    let samples = function.at(&grid::places(interval));
    let mut dips: Vec<[Point; 3]> = dips(&samples).collect();
    let mut found: Vec<Change> = Vec::new();
    for pair in samples.windows(2).filter(|pair| pair[0].sign() != pair[1].sign()) {
        let between = changes(&mut function, pair[0], pair[1]);
        found.extend(between.changes);
        dips.extend(between.dips);
    }
    for three in hidden(&mut function, &samples) {
        if is_dip(three) {
            dips.push(three);
        } else {
            let pairs = three.windows(2).filter(|pair| pair[0].sign() != pair[1].sign());
            found.extend(pairs.flat_map(|pair| changes(&mut function, pair[0], pair[1]).changes));
        }
    }
    let mut touches = Vec::new();
    for dip in dips {
        match descend(&mut function, dip, rounding(&samples, interval, dip[1].x)) {
            Dip::Above => {}
            Dip::Touches(point) => touches.push(point.x),
            Dip::Changes(changes) => found.extend(changes),
        }
    }
    found.sort_by(|one, other| one.below.x.total_cmp(&other.below.x));

    let mut scan = Scan { sampler: function, samples, interval };
    let mut crossings = scan.crossings(&found);
    crossings.extend(touches.into_iter().map(|x| Crossing::Root(scan.snapped(x, NEAR_TOUCH))));
    scan.without_repetition(crossings)
}

/// How far, as a share of the place, a root that is passed through may be moved to a shorter number.
const NEAR: f64 = 1e-9;
/// The same for a root that is touched: rounding hides the bottom of a parabola for about half of the digits.
const NEAR_TOUCH: f64 = 1e-6;

/// A scan at the stage where the places are known and have to be told apart.
struct Scan<'a> {
    sampler: Sampler<'a>,
    samples: Vec<Point>,
    interval: Interval,
}

impl Scan<'_> {
    /// What the changes of sign, in ascending order, mean.
    fn crossings(&mut self, changes: &[Change]) -> Vec<Crossing> {
        let Some(first) = changes.first() else {
            let zero = self.samples.first().is_some_and(|point| point.sign() == Sign::Zero);
            let whole = Crossing::Flat { from: self.interval.low(), to: self.interval.high() };
            return zero.then_some(whole).into_iter().collect();
        };
        let mut crossings = Vec::new();
        if first.below.sign() == Sign::Zero {
            crossings.push(self.zeros(self.interval.low(), first.below.x));
        }
        for (index, change) in changes.iter().enumerate() {
            let next = changes.get(index + 1);
            match change.above.sign() {
                Sign::Zero => {
                    // Where noise was not followed to its end, the stretch is known at this place only.
                    let end = next.map_or(self.samples.last().copied(), |next| Some(next.below));
                    let end = end.filter(|end| end.sign() == Sign::Zero).map_or(change.above.x, |end| end.x);
                    crossings.push(self.zeros(change.above.x, end));
                }
                Sign::Undefined => {
                    // A single place at which the function is undefined may hide a pole.
                    let across = next.map(|next| Change { below: change.below, above: next.above });
                    let hole = across.filter(|across| {
                        let width = across.above.x - across.below.x;
                        across.crosses() && width <= 1e-12 * across.above.x.abs().max(self.interval.unit())
                    });
                    crossings.extend(hole.map(|across| self.root_or_jump(across)));
                }
                Sign::Negative | Sign::Positive if change.crosses() => crossings.push(self.root_or_jump(*change)),
                Sign::Negative | Sign::Positive => {}
            }
        }
        crossings
    }

    /// A stretch of zeros, or the one root that it is but for rounding.
    fn zeros(&mut self, from: f64, to: f64) -> Crossing {
        let size = from.abs().max(to.abs());
        if to - from > NEAR_TOUCH * size + NEAR * self.interval.unit() {
            return Crossing::Flat { from, to };
        }
        let near = if to - from > NEAR * size { NEAR_TOUCH } else { NEAR };
        Crossing::Root(self.snapped(from / 2.0 + to / 2.0, near))
    }

    /// Whether a function that passes to the other side of 0 between two neighboring numbers takes the value 0.
    ///
    /// It does if on either side it tends to 0 towards the place: there its value is much smaller than a little
    /// farther off, or as small as rounding.
    fn root_or_jump(&mut self, change: Change) -> Crossing {
        let Change { below, above } = change;
        let away = [
            from_ordered(ordered(below.x).saturating_sub(AWAY)).max(self.interval.low()),
            from_ordered(ordered(above.x).saturating_add(AWAY)).min(self.interval.high()),
        ];
        let farther = self.sampler.at(&away);
        let rounding = rounding(&self.samples, self.interval, below.x);
        let tends = |near: Point, far: &Point| {
            near.size() <= rounding || (near.size() <= 0.02 * far.size() && far.sign() != Sign::Undefined)
        };
        let nearest = if below.size() <= above.size() { below } else { above };
        if farther.len() == 2 && (tends(below, &farther[0]) || tends(above, &farther[1])) {
            return Crossing::Root(self.snapped(nearest.x, NEAR));
        }
        // Of the neighboring numbers the edge is the one that a person would have written.
        let places = [above.x, below.x, below.x.next_up()];
        Crossing::Jump { at: shortest(&places).unwrap_or(above.x), before: below.value, after: above.value }
    }

    /// The number with the fewest digits near a root at which the function is no farther from 0.
    fn snapped(&mut self, x: f64, near: f64) -> f64 {
        let inside = self.interval.low()..=self.interval.high();
        let candidates: Vec<f64> = [x]
            .into_iter()
            .chain((1..=15).rev().map(|digits| significant(x, digits)))
            .filter(|candidate| inside.contains(candidate) && (candidate - x).abs() <= near * x.abs())
            .collect();
        let points = self.sampler.at(&candidates);
        let size = points.first().map_or(f64::INFINITY, |point| point.size());
        let snapped = points.iter().rev().find(|point| point.size() <= size).map_or(x, |point| point.x);
        if snapped.abs() <= 1e-12 * self.interval.unit() && self.is_rounded_zero(0.0) { 0.0 } else { snapped + 0.0 }
    }

    fn is_rounded_zero(&mut self, x: f64) -> bool {
        let rounding = rounding(&self.samples, self.interval, x);
        (self.interval.low()..=self.interval.high()).contains(&x)
            && self.sampler.at(&[x]).iter().all(|point| point.size() <= rounding)
    }

    /// The crossings in ascending order, each once: roots that rounding has split are one, and a root in a stretch
    /// of zeros is part of it.
    fn without_repetition(&mut self, mut crossings: Vec<Crossing>) -> Vec<Crossing> {
        crossings.sort_by(|one, other| one.start().total_cmp(&other.start()));
        let mut kept: Vec<Crossing> = Vec::new();
        for crossing in crossings {
            match (kept.last().copied(), crossing) {
                (Some(Crossing::Root(before)), Crossing::Root(at)) if self.same_root(before, at) => {
                    let merged = self.nearest_to_zero(before, at);
                    kept.pop();
                    kept.push(Crossing::Root(self.snapped(merged, NEAR_TOUCH)));
                }
                (Some(Crossing::Flat { from, to }), other) if from <= other.start() && other.start() <= to => {}
                _ => kept.push(crossing),
            }
        }
        kept
    }

    /// Whether two roots are one that rounding has split: there is nothing but rounding between them.
    fn same_root(&mut self, below: f64, above: f64) -> bool {
        let close = above - below <= NEAR_TOUCH * above.abs().max(below.abs());
        let between = [0.25, 0.5, 0.75].map(|share| below + share * (above - below));
        steps_between(below, above) <= 4 || (close && between.iter().all(|&x| self.is_rounded_zero(x)))
    }

    fn nearest_to_zero(&mut self, below: f64, above: f64) -> f64 {
        let points = self.sampler.at(&[below / 2.0 + above / 2.0, below, above]);
        points.iter().min_by(|one, other| one.size().total_cmp(&other.size())).map_or(below, |point| point.x)
    }
}

/// How many floating-point numbers away (about 1.5e-8 of the place) a jump is told from a root.
const AWAY: u64 = 1 << 26;

#[cfg(test)]
mod tests {
    use super::{Crossing, Interval, scan};
    use proptest::prelude::*;

    fn scanned(function: impl Fn(f64) -> f64, low: f64, high: f64) -> Vec<Crossing> {
        let mut batch = |xs: &[f64]| xs.iter().map(|&x| function(x)).collect();
        scan(&mut batch, Interval::new(low, high).unwrap())
    }

    /// The roots, where nothing else was found.
    fn roots(function: impl Fn(f64) -> f64, low: f64, high: f64) -> Vec<f64> {
        let crossings = scanned(function, low, high);
        let root = |crossing: &Crossing| match *crossing {
            Crossing::Root(x) => x,
            _ => panic!("{crossings:?}"),
        };
        crossings.iter().map(root).collect()
    }

    #[test]
    fn all_roots_of_a_polynomial_are_found_and_print_exactly() {
        assert_eq!(roots(|x| (x - 1.0) * (x - 2.0) * (x - 3.0), 0.0, 10.0), [1.0, 2.0, 3.0]);
        // The same polynomial multiplied out, where rounding moves every root.
        assert_eq!(roots(|x| ((x - 6.0) * x + 11.0) * x - 6.0, -50.0, 50.0), [1.0, 2.0, 3.0]);
        // Wilkinson's polynomial with ten roots, in factors.
        let wilkinson = |x: f64| (1..=10).map(|root| x - f64::from(root)).product();
        assert_eq!(roots(wilkinson, 0.0, 1e6), (1..=10).map(f64::from).collect::<Vec<_>>());
    }

    #[test]
    fn the_answer_to_an_exact_problem_is_exact() {
        // The article's case: 100·N = 3,500,000.
        assert_eq!(roots(|users| users * 100.0 - 3_500_000.0, 0.0, 1e12), [35_000.0]);
        // 19.99·N·(1 − 2.9 %) = 19,410.29 at N = 1000; in floating point no term of it is exact.
        assert_eq!(roots(|users| users * 19.99 * (1.0 - 0.029) - 19_410.29, 0.0, 1e9), [1_000.0]);
        assert_eq!(roots(|x| x * 3.0 - 0.9, 0.0, 1.0), [0.3]);
    }

    #[test]
    fn tiny_and_huge_roots_share_an_interval() {
        assert_eq!(roots(|x| (x - 1e-6) * (x - 1e9), 0.0, 1e12), [1e-6, 1e9]);
        assert_eq!(roots(|x| (x + 1e-6) * (x - 1e9), -1.0, 1e12), [-1e-6, 1e9]);
        assert_eq!(roots(|x| (x + 1e-6) * (x + 1e9), -1e12, 0.0), [-1e9, -1e-6]);
    }

    #[test]
    fn roots_at_the_ends_belong_to_the_interval() {
        assert_eq!(roots(|x| (x - 3.0) * (x - 7.0), 3.0, 7.0), [3.0, 7.0]);
        assert_eq!(roots(f64::sqrt, 0.0, 7.0), [0.0]);
        // 1.1·3 = 3.3000000000000003: at the end the function is 0 but for rounding.
        assert_eq!(roots(|x| x * 1.1 - 3.3, 3.0, 7.0), [3.0]);
    }

    #[test]
    fn two_roots_beside_a_third_are_found_where_no_sample_lies_between_them() {
        // The samples lie 3.7 % apart, here with none from 53 to 53.5, and the next change of sign follows at once.
        assert_eq!(roots(|x| (x - 53.0) * (x - 53.5) * (x - 56.25), -1e12, 1e12), [53.0, 53.5, 56.25]);
        assert_eq!(roots(|x| (x + 53.0) * (x + 53.5) * (x + 56.25), -1e12, 1e12), [-56.25, -53.5, -53.0]);
    }

    #[test]
    fn roots_that_are_only_touched_are_found() {
        assert_eq!(roots(|x| (x - 2.0).powi(2), 0.0, 10.0), [2.0]);
        assert_eq!(roots(|x| (x - 4.0) * x + 4.0, 0.0, 1e6), [2.0]);
        assert_eq!(roots(|x| (x - 3.0).abs(), -10.0, 10.0), [3.0]);
        assert_eq!(roots(|x| -(x - 3.3).abs(), -10.0, 10.0), [3.3]);
        assert_eq!(roots(|x| x.abs().sqrt(), -10.0, 10.0), [0.0]);
        // √2 is no decimal: the neighbors of a double root are known to about 1e-8 of it.
        let double = roots(|x| (x * x - 2.0).powi(2), 0.0, 10.0);
        assert!(matches!(double[..], [x] if (x - std::f64::consts::SQRT_2).abs() < 2e-8), "{double:?}");
        assert_eq!(roots(|x| (x - 1.0) * (x - 5.0).powi(2), 0.0, 10.0), [1.0, 5.0]);
    }

    #[test]
    fn what_stays_away_from_zero_has_no_root() {
        assert_eq!(scanned(|x| (x - 2.0).powi(2) + 1e-9, 0.0, 10.0), []);
        assert_eq!(scanned(|x| x.cos() + 1.000_001, -100.0, 100.0), []);
        assert_eq!(scanned(|_| 5.0, 0.0, 1e12), []);
        assert_eq!(scanned(|_| f64::NAN, 0.0, 1e12), []);
        assert_eq!(scanned(|x| 1.0 / x, 1.0, 1e12), []);
    }

    #[test]
    fn two_roots_between_two_samples_are_found_by_the_dip() {
        let found = roots(|x| (x - 500.001) * (x - 500.002), 0.0, 1e6);
        assert_eq!(found, [500.001, 500.002]);
    }

    #[test]
    fn three_roots_between_two_samples_are_all_found() {
        // 504.8… and 523.3… are samples.
        assert_eq!(roots(|x| (x - 506.0) * (x - 512.0) * (x - 518.0), 0.0, 1e6), [506.0, 512.0, 518.0]);
        // The last two are a dip in what looks like the way to the first.
        assert_eq!(roots(|x| (x - 506.0) * (x - 515.001) * (x - 515.002), 0.0, 1e6), [506.0, 515.001, 515.002]);
    }

    #[test]
    fn a_jump_over_zero_is_no_root() {
        let step = |x: f64| if x < 35_000.0 { -10.0 } else { 10.0 };
        assert_eq!(scanned(step, 0.0, 1e12), [Crossing::Jump { at: 35_000.0, before: -10.0, after: 10.0 }]);
        // A price that falls for everybody once 1000 are reached: 100·x − 95,000 up to 1000, then 90·x − 95,000.
        let tiers = |x: f64| x * if x <= 1_000.0 { 100.0 } else { 90.0 } - 95_000.0;
        let found = scanned(tiers, 0.0, 1e6);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[0], Crossing::Root(950.0));
        // 90·x = 95,000 at x = 1055.5…
        assert!(
            matches!(found[1], Crossing::Jump { at: 1_000.0, before: 5_000.0, after } if (after + 5_000.0).abs() < 1e-9)
        );
        assert!(matches!(found[2], Crossing::Root(x) if (x - 95_000.0 / 90.0).abs() < 1e-12 * x));
    }

    #[test]
    fn a_jump_that_starts_from_zero_is_a_root() {
        // The last number at which the function is near 0, which is the neighbor of 2.
        assert_eq!(roots(|x| if x < 2.0 { x - 2.0 } else { 5.0 }, 0.0, 10.0), [2f64.next_down()]);
    }

    #[test]
    fn a_pole_is_a_jump_whether_or_not_its_place_is_defined() {
        for function in [|x: f64| 1.0 / (x - 2.0), |x: f64| if x == 2.0 { f64::NAN } else { 1.0 / (x - 2.0) }] {
            let found = scanned(function, 0.0, 10.0);
            assert!(
                matches!(found[..], [Crossing::Jump { at: 2.0, before, after }] if before < -1e14 && after > 1e14),
                "{found:?}"
            );
        }
        // P / C passes through 0 at 4 and has a pole at 7.
        let found = scanned(|x| (x - 4.0) / (7.0 - x), 0.0, 10.0);
        assert!(matches!(found[..], [Crossing::Root(4.0), Crossing::Jump { at: 7.0, .. }]), "{found:?}");
        assert_eq!(roots(|x| 1.0 / x - 5.0, 0.0, 1e6), [0.2]);
    }

    #[test]
    fn a_gap_hides_nothing_beside_it_and_is_no_jump() {
        let gap = |x: f64| if (3.0..5.0).contains(&x) { f64::NAN } else { x - 4.0 };
        assert_eq!(scanned(gap, 0.0, 10.0), []);
        // The root 2.9 is so near to the gap that both lie between the same two samples.
        let beside = |x: f64| if (2.91..5.0).contains(&x) { f64::NAN } else { x - 2.9 };
        assert_eq!(roots(beside, 0.0, 100.0), [2.9]);
        assert_eq!(roots(|x: f64| x.ln(), -10.0, 10.0), [1.0]);
    }

    #[test]
    fn stretches_of_zeros_are_given_with_their_ends() {
        let flat = |x: f64| if x < 3.0 { x - 3.0 } else { (x - 5.0).max(0.0) };
        assert_eq!(scanned(flat, 0.0, 10.0), [Crossing::Flat { from: 3.0, to: 5.0 }]);
        assert_eq!(scanned(|x| (x - 5.0).max(0.0), 0.0, 10.0), [Crossing::Flat { from: 0.0, to: 5.0 }]);
        assert_eq!(scanned(|x| (x - 5.0).min(0.0), 0.0, 10.0), [Crossing::Flat { from: 5.0, to: 10.0 }]);
        assert_eq!(scanned(|_| 0.0, 0.0, 10.0), [Crossing::Flat { from: 0.0, to: 10.0 }]);
        // A staircase is 0 from −½ to ½ without its ends; this one is narrower than the steps between samples.
        let found = scanned(|x: f64| (x - 777.25).round(), 0.0, 1e6);
        assert!(
            matches!(found[..], [Crossing::Flat { from, to }] if (from - 776.75).abs() < 1e-9 && (to - 777.75).abs() < 1e-9),
            "{found:?}"
        );
    }

    #[test]
    fn a_root_at_zero_is_zero_in_spite_of_rounding() {
        // "Which growth leaves the result as it is?": none, but (1 + 0)·1.1 is 1.1000000000000001 in binary.
        assert_eq!(roots(|x| (x + 1.0) * 1.1 * 3.0 - 3.3, -1.0, 10.0), [0.0]);
        assert_eq!(roots(|x| x.powi(3), -10.0, 10.0), [0.0]);
        assert_eq!(roots(|x| (x + 1e6) - 1e6, -10.0, 10.0), [0.0]);
    }

    #[test]
    fn a_function_that_answers_with_too_few_values_has_no_roots_but_ends() {
        assert_eq!(scan(&mut |_| Vec::new(), Interval::new(0.0, 1.0).unwrap()), []);
    }

    #[test]
    fn a_scan_takes_few_calls() {
        let mut calls = 0;
        let mut batch = |xs: &[f64]| {
            calls += 1;
            xs.iter().map(|&x| x * 100.0 - 3_500_000.0).collect()
        };
        scan(&mut batch, Interval::new(0.0, 1e12).unwrap());
        assert!(calls < 80, "{calls}");
    }

    proptest! {
        #[test]
        fn planted_roots_are_found(mut planted in prop::collection::vec(-125..125_i32, 1..6)) {
            planted.sort_unstable();
            planted.dedup();
            // Roots lie a whole apart and samples 400/512, so that no two roots hide between two samples.
            let expected: Vec<f64> = planted.iter().map(|&root| f64::from(root) + 0.125).collect();
            let product = |x: f64| expected.iter().map(|root| x - root).product();
            prop_assert_eq!(roots(product, -200.0, 200.0), expected.clone());
        }
    }

    proptest! {
        // Noise changes its sign everywhere, so one case is as long as hundreds of honest scans.
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn any_function_comes_to_an_end(low in -1e300..1e300_f64, width in 1e-3..1e300_f64, salt in any::<u64>()) {
            let noise = |x: f64| f64::from_bits(x.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt);
            if let Some(interval) = Interval::new(low, low + width) {
                let mut batch = |xs: &[f64]| xs.iter().map(|&x| noise(x)).collect();
                scan(&mut batch, interval);
            }
        }
    }
}
