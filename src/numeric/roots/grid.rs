//! Where to look first: an interval, and the places in it that a function is sampled at.

use super::narrow::Point;

/// A stretch of numbers with two finite ends, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    low: f64,
    high: f64,
}

impl Interval {
    /// From `low` to `high`; nothing when an end is not finite or the ends are not in this order.
    pub fn new(low: f64, high: f64) -> Option<Self> {
        (low.is_finite() && high.is_finite() && low < high).then_some(Self { low, high })
    }

    /// The lower end.
    pub fn low(self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(self) -> f64 {
        self.high
    }

    /// The length a natural step has near 0: 1, or the whole interval where that is shorter.
    pub(super) fn unit(self) -> f64 {
        (self.high - self.low).min(1.0)
    }
}

/// Steps of equal length.
const LINEAR: u32 = 512;
/// Steps of equal proportion in each power of ten.
const PER_DECADE: f64 = 64.0;
/// The place nearest to 0, as a share of the one farthest from it.
const NEAREST: f64 = 1e-20;

/// Places that are evenly spaced as lengths and as proportions, ascending, with both ends and 0 where it is inside.
pub(super) fn places(interval: Interval) -> Vec<f64> {
    spaced(interval, LINEAR, PER_DECADE)
}

/// A tenth as many, for functions that take long.
pub fn coarse(interval: Interval) -> Vec<f64> {
    spaced(interval, LINEAR / 16, PER_DECADE / 8.0)
}

fn spaced(interval: Interval, linear: u32, per_decade: f64) -> Vec<f64> {
    let Interval { low, high } = interval;
    let steps = f64::from(linear);
    let linear = (0..=linear).map(|step| {
        let share = f64::from(step) / steps;
        low * (1.0 - share) + high * share
    });
    let nearest = (low.abs().max(high.abs()) * NEAREST).max(f64::MIN_POSITIVE);
    let mut places: Vec<f64> = linear
        .chain(proportional(low.max(nearest), high, per_decade))
        .chain(proportional((-high).max(nearest), -low, per_decade).map(|place| -place))
        .chain([low, 0.0, high])
        .filter(|place| (low..=high).contains(place))
        .collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    places
}

/// Places from `high` down to `low`, both above 0, in steps of equal proportion.
fn proportional(low: f64, high: f64, per_decade: f64) -> impl Iterator<Item = f64> {
    let ratio = 10f64.powf(1.0 / per_decade);
    std::iter::successors(Some(high), move |place| Some(place / ratio)).take_while(move |&place| place >= low)
}

/// How large a value may be, near a place, and still be 0 but for rounding.
///
/// The terms that cancel to 0 are not seen from outside. Their size is taken to be that of the function's values
/// around the place (within a factor of 4; around 0, at a distance of about one unit), the median, since a pole
/// nearby makes single values meaningless.
pub(super) fn rounding(samples: &[Point], interval: Interval, x: f64) -> f64 {
    let unit = interval.unit();
    let distance = if x.abs() < 1e-9 * unit { unit } else { x.abs() };
    let near = |point: &&Point| {
        let same_side = distance != x.abs() || point.x.signum() == x.signum();
        same_side && (distance / 4.0..=distance * 4.0).contains(&point.x.abs()) && point.value.is_finite()
    };
    let mut sizes: Vec<f64> = samples.iter().filter(near).map(|point| point.value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).map_or(0.0, |median| 16.0 * f64::EPSILON * median)
}

#[cfg(test)]
mod tests {
    use super::{Interval, places, rounding};
    use crate::numeric::roots::narrow::Point;

    #[test]
    fn an_interval_has_finite_ends_in_order() {
        assert!(Interval::new(1.0, 2.0).is_some());
        for (low, high) in [(2.0, 1.0), (1.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert_eq!(Interval::new(low, high), None);
        }
    }

    #[test]
    fn every_size_and_every_stretch_of_an_interval_is_sampled() {
        let places = places(Interval::new(-5.0, 1e12).unwrap());
        assert!(places.contains(&-5.0) && places.contains(&0.0) && places.contains(&1e12));
        assert!(places.is_sorted());
        for size in [1e-6, 1.0, 1e9] {
            assert!(places.iter().any(|&place| (size..size * 1.04).contains(&place)), "{size}");
        }
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] <= 1e12 / 512.0 * 1.01));
        assert!(places.len() < 3_200, "{}", places.len());
    }

    #[test]
    fn the_widest_interval_has_finite_places() {
        assert!(places(Interval::new(f64::MIN, f64::MAX).unwrap()).iter().all(|place| place.is_finite()));
    }

    #[test]
    fn rounding_follows_the_size_of_the_function_around_the_place() {
        let interval = Interval::new(0.0, 1e12).unwrap();
        let samples: Vec<Point> = places(interval).into_iter().map(|x| Point { x, value: 100.0 * x }).collect();
        let at_a_thousand = rounding(&samples, interval, 1_000.0) / f64::EPSILON;
        assert!((1e5..1e7).contains(&at_a_thousand), "{at_a_thousand}");
        assert!(rounding(&samples, interval, 0.0) > 0.0);
    }
}
