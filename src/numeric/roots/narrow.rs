//! Where the sign of a function changes, to the last bit.

use super::float::{spread_between, steps_between};

/// A place and the function's value there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub x: f64,
    pub value: f64,
}

/// What of a value decides between root and no root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Negative,
    Zero,
    Positive,
    Undefined,
}

impl Point {
    pub fn sign(self) -> Sign {
        match self.value {
            value if value.is_nan() => Sign::Undefined,
            0.0 => Sign::Zero,
            value if value < 0.0 => Sign::Negative,
            _ => Sign::Positive,
        }
    }

    /// The size of the value; where it is undefined, larger than any.
    pub fn size(self) -> f64 {
        if self.value.is_nan() { f64::INFINITY } else { self.value.abs() }
    }
}

/// Two neighboring floating-point numbers between which the sign changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub below: Point,
    pub above: Point,
}

impl Change {
    /// Whether the function passes from one side of 0 to the other.
    pub fn crosses(&self) -> bool {
        matches!(
            (self.below.sign(), self.above.sign()),
            (Sign::Negative, Sign::Positive) | (Sign::Positive, Sign::Negative)
        )
    }
}

/// A function that is evaluated at many places at once.
pub(super) struct Sampler<'a> {
    function: &'a mut dyn FnMut(&[f64]) -> Vec<f64>,
    /// How many changes of sign and dips may still be followed beyond one change for each bracket, so that a
    /// function that is nothing but noise comes to an end.
    branches: usize,
}

impl<'a> Sampler<'a> {
    pub fn new(function: &'a mut dyn FnMut(&[f64]) -> Vec<f64>) -> Self {
        Self { function, branches: BRANCHES }
    }

    /// Whether one more branch may be followed; this is one.
    fn may_branch(&mut self) -> bool {
        let may = self.branches > 0;
        self.branches = self.branches.saturating_sub(1);
        may
    }

    /// The function at these places. A value it fails to give is undefined.
    pub fn at(&mut self, places: &[f64]) -> Vec<Point> {
        if places.is_empty() {
            return Vec::new();
        }
        let values = (self.function)(places).into_iter().chain(std::iter::repeat(f64::NAN));
        places.iter().zip(values).map(|(&x, value)| Point { x, value }).collect()
    }
}

/// Places looked at in one step; 15 inner places make every step worth four halvings.
const INNER: u64 = 15;

/// Brackets with more steps inside than this (about 1e-7 of the place) are searched for every change of sign;
/// narrower ones, where changes may be the noise of rounding, for the outermost two.
const NOISY: u64 = 1 << 29;

/// See [`Sampler::branches`]; a thousand samples hold few brackets in which so much happens.
const BRANCHES: usize = 256;

/// What shows between two places of different signs.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The changes of sign, ascending.
    pub changes: Vec<Change>,
    /// Dips towards 0 on the way there, which may hide two more changes each.
    pub dips: Vec<[Point; 3]>,
}

/// All changes of sign that show between two places of different signs, each down to neighboring numbers.
pub(super) fn changes(sampler: &mut Sampler<'_>, low: Point, high: Point) -> Found {
    let mut found = Found::default();
    let mut waiting = vec![(low, high)];
    while let Some((low, high)) = waiting.pop() {
        let inner = spread_between(low.x, high.x, INNER);
        if inner.is_empty() {
            found.changes.push(Change { below: low, above: high });
            continue;
        }
        let mut points = vec![low];
        points.extend(sampler.at(&inner));
        points.push(high);
        let wide = steps_between(low.x, high.x) > NOISY;
        let differing: Vec<_> = points.windows(2).filter(|pair| pair[0].sign() != pair[1].sign()).collect();
        for (index, pair) in differing.iter().enumerate() {
            let outermost = index + 1 == differing.len();
            if index == 0 || ((wide || outermost) && sampler.may_branch()) {
                waiting.push((pair[0], pair[1]));
            }
        }
        let dips = points.windows(3).filter(|_| wide).map(|three| [three[0], three[1], three[2]]);
        found.dips.extend(dips.filter(|&three| is_dip(three)).take_while(|_| sampler.may_branch()));
    }
    found.changes.sort_by(|one, other| one.below.x.total_cmp(&other.below.x));
    found
}

/// Whether a function's size is lowest at the middle one of three places, without a change of sign.
pub(super) fn is_dip([before, lowest, after]: [Point; 3]) -> bool {
    let signed = matches!(lowest.sign(), Sign::Negative | Sign::Positive);
    let same_sign = before.sign() == lowest.sign() && after.sign() == lowest.sign();
    let lower_than_both = lowest.size() <= before.size() && lowest.size() <= after.size();
    let lower_than_one = lowest.size() < before.size() || lowest.size() < after.size();
    signed && same_sign && lower_than_both && lower_than_one
}

#[cfg(test)]
mod tests {
    use super::{Change, Point, Sampler, changes};

    fn changes_of(function: fn(f64) -> f64, low: f64, high: f64) -> Vec<Change> {
        let mut batch = |xs: &[f64]| xs.iter().map(|&x| function(x)).collect();
        let ends = [low, high].map(|x| Point { x, value: function(x) });
        changes(&mut Sampler::new(&mut batch), ends[0], ends[1]).changes
    }

    #[test]
    fn the_edges_of_what_is_defined_and_the_root_inside_are_all_found() {
        let found = changes_of(|x| if (3.0..=5.0).contains(&x) { x - 4.5 } else { f64::NAN }, 2.0, 5.0);
        let edges: Vec<(f64, f64)> = found.iter().map(|change| (change.below.x, change.above.x)).collect();
        // 4.5 is exact, so the sign changes twice: to 0 and away from it.
        assert_eq!(edges, [(3f64.next_down(), 3.0), (4.5f64.next_down(), 4.5), (4.5, 4.5f64.next_up())]);
    }

    #[test]
    fn a_function_that_is_nothing_but_noise_comes_to_an_end() {
        let noise = |x: f64| if x.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 63 == 0 { -1.0 } else { 1.0 };
        assert!(!changes_of(noise, -1e300, 1e300).is_empty() || noise(-1e300) == noise(1e300));
    }

    #[test]
    fn a_missing_value_is_undefined() {
        let mut short = |_: &[f64]| vec![1.0];
        let points = Sampler::new(&mut short).at(&[0.0, 1.0]);
        assert_eq!(points[0].value, 1.0);
        assert!(points[1].value.is_nan());
    }
}
