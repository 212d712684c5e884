//! Where a function reaches 0 without passing through it: double roots and kinks.

use super::narrow::{Change, Point, Sampler, Sign, changes, is_dip};

/// What a search around a dip of the function's size comes to.
#[derive(Debug)]
pub(super) enum Dip {
    /// The function stays away from 0.
    Above,
    /// It comes as near to 0 as rounding lets it.
    Touches(Point),
    /// It passes through 0, or is exactly 0, here.
    Changes(Vec<Change>),
}

/// The samples at which the function's size has a dip that the signs do not show, each with both its neighbors.
pub(super) fn dips(samples: &[Point]) -> impl Iterator<Item = [Point; 3]> {
    samples.iter().enumerate().filter_map(|(index, &lowest)| {
        // Beside an end, the edge of what is defined, or a change of sign, the dip has one side.
        let alike = |point: Option<&Point>| point.copied().filter(|point| point.sign() == lowest.sign());
        let before = alike(index.checked_sub(1).and_then(|index| samples.get(index))).unwrap_or(lowest);
        let after = alike(samples.get(index + 1)).unwrap_or(lowest);
        let dip = [before, lowest, after];
        is_dip(dip).then_some(dip)
    })
}

/// Inner places of one step of the search.
const INNER: u32 = 16;
/// Pairs of neighboring samples of one sign between which the cubic through them and the samples around passes to the other
/// side of 0, each with the function at the place between them where the cubic is farthest on that side.
pub(super) fn hidden(function: &mut Sampler<'_>, samples: &[Point]) -> Vec<[Point; 3]> {
    let found: Vec<(Point, f64, Point)> = samples
        .windows(4)
        .filter_map(|four| {
            let four: &[Point; 4] = four.try_into().ok()?;
            Some((four[1], beyond_zero(four)?, four[2]))
        })
        .collect();
    let places: Vec<f64> = found.iter().map(|(_, place, _)| *place).collect();
    let between = function.at(&places);
    found.into_iter().zip(between).map(|((before, _, after), between)| [before, between, after]).collect()
}

/// Where, between the middle two of four places of one sign, the cubic through all is farthest beyond 0, if it is there.
fn beyond_zero(four: &[Point; 4]) -> Option<f64> {
    let [_, low, high, _] = four;
    let sign = low.sign();
    let is_known = four.iter().all(|point| point.value.is_finite());
    if !is_known || high.sign() != sign || !matches!(sign, Sign::Negative | Sign::Positive) {
        return None;
    }
    let cubic = |x: f64| -> f64 {
        let share = |at: &Point, other: &Point| if at.x == other.x { 1.0 } else { (x - other.x) / (at.x - other.x) };
        four.iter().map(|at| at.value * four.iter().map(|other| share(at, other)).product::<f64>()).sum()
    };
    let places = (1..INNER).map(|step| low.x + (high.x - low.x) * (f64::from(step) / f64::from(INNER)));
    let beyond = places.map(|x| Point { x, value: cubic(x) }).filter(|point| point.sign() != sign);
    beyond.max_by(|one, other| one.size().total_cmp(&other.size())).map(|point| point.x)
}

/// Each step narrows the dip at least eightfold, so this many exhaust the digits of any place.
const STEPS: usize = 40;
/// A dip whose bottom is not clearly lower than its sides leads to no 0.
const FLAT: f64 = 0.8;

/// Follows a dip to its bottom. `rounding` is the size up to which a value may be 0.
pub(super) fn descend(sampler: &mut Sampler<'_>, dip: [Point; 3], rounding: f64) -> Dip {
    let [mut left, mut lowest, mut right] = dip;
    let sign = lowest.sign();
    for _ in 0..STEPS {
        let inner: Vec<f64> = (1..=INNER)
            .map(|step| left.x + (right.x - left.x) * (f64::from(step) / f64::from(INNER + 1)))
            .chain([lowest.x])
            .filter(|&x| left.x < x && x < right.x)
            .collect();
        let mut points = vec![left];
        points.extend(sampler.at(&inner));
        points.push(right);
        points.sort_by(|one, other| one.x.total_cmp(&other.x));
        if points.iter().any(|point| point.sign() != sign) {
            let differing: Vec<_> = points.windows(2).filter(|pair| pair[0].sign() != pair[1].sign()).collect();
            return Dip::Changes(
                differing.iter().flat_map(|pair| changes(sampler, pair[0], pair[1]).changes).collect(),
            );
        }
        let Some(bottom) = (0..points.len()).min_by(|&a, &b| points[a].size().total_cmp(&points[b].size())) else {
            break;
        };
        lowest = points[bottom];
        left = points[bottom.saturating_sub(1)];
        right = points[(bottom + 1).min(points.len() - 1)];
        if lowest.size() > rounding && lowest.size() > FLAT * left.size().max(right.size()) {
            return Dip::Above;
        }
        if inner.len() <= 1 {
            break;
        }
    }
    if lowest.size() <= rounding { Dip::Touches(lowest) } else { Dip::Above }
}

#[cfg(test)]
mod tests {
    use super::{Dip, descend, dips};
    use crate::numeric::roots::narrow::{Point, Sampler};

    fn bottom_of(function: fn(f64) -> f64, left: f64, middle: f64, right: f64) -> Dip {
        let mut batch = |xs: &[f64]| xs.iter().map(|&x| function(x)).collect();
        let dip = [left, middle, right].map(|x| Point { x, value: function(x) });
        descend(&mut Sampler::new(&mut batch), dip, 1e-15)
    }

    #[test]
    fn a_dip_to_zero_is_told_from_one_that_stays_above() {
        let touch = bottom_of(|x| (x - 1.0 / 3.0).powi(2) + 1e-16, 0.0, 0.4, 1.0);
        assert!(matches!(touch, Dip::Touches(point) if (point.x - 1.0 / 3.0).abs() < 1e-7), "{touch:?}");
        assert!(matches!(bottom_of(|x| x * x + 1e-6, -1.0, 0.1, 1.0), Dip::Above));
        assert!(matches!(bottom_of(|x| x * x - 2e-6, -1.0, 0.1, 1.0), Dip::Changes(changes) if changes.len() >= 2));
    }

    #[test]
    fn dips_are_seen_inside_at_ends_and_beside_what_is_undefined_or_of_another_sign() {
        let samples = |values: &[f64]| -> Vec<Point> {
            (0..).zip(values).map(|(x, &value)| Point { x: f64::from(x), value }).collect()
        };
        let bottoms = |values: &[f64]| -> Vec<f64> { dips(&samples(values)).map(|dip| dip[1].x).collect() };
        assert_eq!(bottoms(&[3.0, 1.0, 2.0]), [1.0]);
        assert_eq!(bottoms(&[-3.0, -1.0, -2.0, -1.0]), [1.0, 3.0]);
        assert_eq!(bottoms(&[f64::NAN, 1.0, 2.0]), [1.0]);
        assert_eq!(bottoms(&[5.0, 5.0, 5.0]), [0.0; 0]);
        assert_eq!(bottoms(&[1.0, -1.0]), [0.0; 0]);
        assert_eq!(bottoms(&[2.0, 1.0, -1.0, -2.0]), [1.0, 2.0]);
    }
}
