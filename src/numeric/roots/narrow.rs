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
    /// How many changes of sign may still be followed beyond one for each bracket, so that a function that is
    /// nothing but noise comes to an end.
    branches: usize,
}

impl<'a> Sampler<'a> {
    pub fn new(function: &'a mut dyn FnMut(&[f64]) -> Vec<f64>) -> Self {
        Self { function, branches: BRANCHES }
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

/// All changes of sign that show between two places of different signs, each down to neighboring numbers, ascending.
pub(super) fn changes(sampler: &mut Sampler<'_>, low: Point, high: Point) -> Vec<Change> {
    let mut found = Vec::new();
    let mut waiting = vec![(low, high)];
    while let Some((low, high)) = waiting.pop() {
        let inner = spread_between(low.x, high.x, INNER);
        if inner.is_empty() {
            found.push(Change { below: low, above: high });
            continue;
        }
        let mut points = vec![low];
        points.extend(sampler.at(&inner));
        points.push(high);
        let differing: Vec<_> = points.windows(2).filter(|pair| pair[0].sign() != pair[1].sign()).collect();
        let wide = steps_between(low.x, high.x) > NOISY;
        for (index, pair) in differing.iter().enumerate() {
            let outermost = index + 1 == differing.len();
            if index == 0 {
                waiting.push((pair[0], pair[1]));
            } else if (wide || outermost) && sampler.branches > 0 {
                sampler.branches -= 1;
                waiting.push((pair[0], pair[1]));
            }
        }
    }
    found.sort_by(|one, other| one.below.x.total_cmp(&other.below.x));
    found
}

#[cfg(test)]
mod tests {
    use super::{Change, Point, Sampler, changes};

    fn changes_of(function: fn(f64) -> f64, low: f64, high: f64) -> Vec<Change> {
        let mut batch = |xs: &[f64]| xs.iter().map(|&x| function(x)).collect();
        let ends = [low, high].map(|x| Point { x, value: function(x) });
        changes(&mut Sampler::new(&mut batch), ends[0], ends[1])
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
