//! Variance-based sensitivity indices, from runs in which one input at a time is drawn anew.
//!
//! With two independent draws A and B of all inputs, and `AB` the draw A whose input i comes from B:
//!
//! ```text
//! first order   V[E(Y | Xᵢ)] / V(Y)     = mean( f(B) · (f(AB) − f(A)) ) / V
//! total         E[V(Y | X without i)] / V(Y) = mean( (f(A) − f(AB))² ) / 2V
//! ```
//!
//! Source: A. Saltelli et al., Variance based sensitivity analysis of model output, 2010; the second is Jansen's (1999).

/// The part of the mean within which a standard deviation is no more than rounding.
const ROUNDING: f64 = 1e-13;

/// What is kept of outcomes on the way to the indices of all inputs.
#[derive(Clone, Debug)]
pub struct Tally {
    center: f64,
    lanes: f64,
    defined: f64,
    sum: f64,
    squares: f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

/// The indices of one input; NaN where the outcome does not vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// The share of the variance that would vanish if this input alone were known.
    pub first: f64,
    /// The share that would remain if all others were known.
    pub total: f64,
}

impl Tally {
    /// Nothing yet, of so many inputs. Outcomes are taken relative to `center`, a first guess of their mean, so that
    /// squares of large numbers do not cancel.
    pub fn new(inputs: usize, center: f64) -> Self {
        let zeros = || vec![0.0; inputs];
        Self { center, lanes: 0.0, defined: 0.0, sum: 0.0, squares: 0.0, first: zeros(), total: zeros() }
    }

    /// Takes the outcomes of some lanes: f(A), f(B), and f(AB) of each input. A lane in which one of them is undefined
    /// is left out.
    pub fn add(&mut self, a: &[f64], b: &[f64], mixed: &[Vec<f64>]) {
        for (lane, (a, b)) in a.iter().zip(b).enumerate() {
            self.lanes += 1.0;
            let at = |column: &Vec<f64>| column.get(lane).copied().unwrap_or(f64::NAN);
            if !(a.is_finite() && b.is_finite() && mixed.iter().all(|column| at(column).is_finite())) {
                continue;
            }
            let (from_a, from_b) = (a - self.center, b - self.center);
            self.defined += 1.0;
            self.sum += from_a + from_b;
            self.squares += from_a * from_a + from_b * from_b;
            for ((first, total), column) in self.first.iter_mut().zip(&mut self.total).zip(mixed) {
                let moved = at(column) - a;
                *first += from_b * moved;
                *total += moved * moved;
            }
        }
    }

    /// Takes what another tally of the same center has taken.
    pub fn merge(&mut self, other: &Self) {
        self.lanes += other.lanes;
        self.defined += other.defined;
        self.sum += other.sum;
        self.squares += other.squares;
        self.first.iter_mut().zip(&other.first).for_each(|(sum, other)| *sum += other);
        self.total.iter_mut().zip(&other.total).for_each(|(sum, other)| *sum += other);
    }

    /// The share of the lanes that were left out; NaN of none.
    pub fn undefined(&self) -> f64 {
        1.0 - self.defined / self.lanes
    }

    /// The mean of the outcomes.
    pub fn mean(&self) -> f64 {
        self.center + self.sum / (2.0 * self.defined)
    }

    /// The variance of the outcomes; 0 where there is no more than rounding, NaN where nothing is defined.
    pub fn variance(&self) -> f64 {
        variance(self.sum / (2.0 * self.defined), self.squares / (2.0 * self.defined), self.center)
    }

    /// The indices of all inputs.
    pub fn indices(&self) -> Vec<Index> {
        let scale = self.defined * self.variance();
        let index = |(first, total): (&f64, &f64)| {
            if scale > 0.0 {
                Index { first: first / scale, total: total / (2.0 * scale) }
            } else {
                Index { first: f64::NAN, total: f64::NAN }
            }
        };
        self.first.iter().zip(&self.total).map(index).collect()
    }
}

/// The variance of numbers by the means of them and of their squares, both taken from a center.
fn variance(mean: f64, square: f64, center: f64) -> f64 {
    let variance = square - mean * mean;
    let rounding = ROUNDING * (center + mean).abs();
    if variance.is_nan() || variance > rounding * rounding { variance } else { 0.0 }
}

/// What is kept of pairs of outcomes that share some of their inputs.
///
/// Their correlation is the share of the variance that the shared inputs explain, V[E(Y | shared)] / V(Y). It is
/// estimated with the mean and the variance of both columns together, which is the most that the pairs can tell
/// (A. Janon et al., Asymptotic normality and efficiency of two Sobol index estimators, 2014).
#[derive(Clone, Copy, Debug)]
pub struct Pairs {
    center: f64,
    lanes: f64,
    defined: f64,
    sum: f64,
    squares: f64,
    products: f64,
}

impl Pairs {
    /// Nothing yet; outcomes are taken relative to `center`.
    pub fn new(center: f64) -> Self {
        Self { center, lanes: 0.0, defined: 0.0, sum: 0.0, squares: 0.0, products: 0.0 }
    }

    /// Takes the outcomes of some lanes; a lane in which one of the two is undefined is left out.
    pub fn add(&mut self, a: &[f64], b: &[f64]) {
        for (a, b) in a.iter().zip(b) {
            self.lanes += 1.0;
            if a.is_finite() && b.is_finite() {
                let (a, b) = (a - self.center, b - self.center);
                self.defined += 1.0;
                self.sum += a + b;
                self.squares += a * a + b * b;
                self.products += a * b;
            }
        }
    }

    /// Takes what other pairs of the same center have taken.
    pub fn merge(&mut self, other: &Self) {
        self.lanes += other.lanes;
        self.defined += other.defined;
        self.sum += other.sum;
        self.squares += other.squares;
        self.products += other.products;
    }

    /// The share of the lanes that were left out; NaN of none.
    pub fn undefined(&self) -> f64 {
        1.0 - self.defined / self.lanes
    }

    /// The mean of the outcomes.
    pub fn mean(&self) -> f64 {
        self.center + self.sum / (2.0 * self.defined)
    }

    /// The variance of the outcomes; 0 where there is no more than rounding, NaN where nothing is defined.
    pub fn variance(&self) -> f64 {
        variance(self.sum / (2.0 * self.defined), self.squares / (2.0 * self.defined), self.center)
    }

    /// The share of the variance that the shared inputs explain; NaN where the outcome does not vary.
    pub fn explained(&self) -> f64 {
        let variance = self.variance();
        let mean = self.sum / (2.0 * self.defined);
        if variance > 0.0 { (self.products / self.defined - mean * mean) / variance } else { f64::NAN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All 16 combinations of two inputs that are −1 or 1, in A and in B.
    fn all_signs() -> Vec<[f64; 4]> {
        let sign = |bits: u32, bit: u32| if bits >> bit & 1 == 0 { -1.0 } else { 1.0 };
        (0..16).map(|bits| std::array::from_fn(|bit| sign(bits, u32::try_from(bit).unwrap()))).collect()
    }

    fn tally(f: impl Fn(f64, f64) -> f64, center: f64) -> Tally {
        let lanes = all_signs();
        let column = |pick: &dyn Fn(&[f64; 4]) -> f64| lanes.iter().map(pick).collect::<Vec<f64>>();
        let mut tally = Tally::new(2, center);
        tally.add(
            &column(&|[x, y, _, _]| f(*x, *y)),
            &column(&|[_, _, x, y]| f(*x, *y)),
            &[column(&|[_, y, x, _]| f(*x, *y)), column(&|[x, _, _, y]| f(*x, *y))],
        );
        tally
    }

    #[test]
    fn over_all_combinations_the_indices_are_exact() {
        // f = 2x + y + xy with x, y = ±1: V = 4 + 1 + 1, first order 4/6 and 1/6, total 5/6 and 2/6.
        for center in [0.0, 3.5, -1e3] {
            let tally = tally(|x, y| 2.0 * x + y + x * y, center);
            assert!((tally.variance() - 6.0).abs() < 1e-9 && tally.mean().abs() < 1e-9);
            let expected = [[4.0 / 6.0, 5.0 / 6.0], [1.0 / 6.0, 2.0 / 6.0]];
            for (found, [first, total]) in tally.indices().iter().zip(expected) {
                assert!((found.first - first).abs() < 1e-9 && (found.total - total).abs() < 1e-9, "{found:?}");
            }
        }
    }

    #[test]
    fn what_does_not_vary_has_no_indices() {
        let tally = tally(|_, _| 1e9 / 3.0, 1e9 / 3.0 + 1e-7);
        assert_eq!(tally.variance(), 0.0);
        assert!(tally.indices().iter().all(|index| index.first.is_nan() && index.total.is_nan()));
    }

    #[test]
    fn lanes_without_a_value_are_left_out_and_counted() {
        // The square root of x + y is undefined at (−1, −1), which is one of four in A, in B and in each mixture:
        // defined are the lanes in which A, B and both mixtures are. Those are 16 − 9: with (x, y, x', y') all four of
        // (x or y), (x' or y'), (x' or y), (x or y') hold where x and x' both hold (4 lanes), or y and y' do (4), less 1.
        let tally = tally(|x, y| (x + y).sqrt(), 0.0);
        assert!((tally.undefined() - 9.0 / 16.0).abs() < 1e-15);
        assert!(tally.indices().iter().all(|index| index.first.is_finite()));
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let whole = tally(|x, y| x + y, 0.0);
        let mut twice = whole.clone();
        twice.merge(&whole);
        assert_eq!(twice.indices(), whole.indices());
        assert_eq!(twice.undefined(), 0.0);
    }

    #[test]
    fn pairs_explain_what_they_share() {
        // y = 2x + r with x shared and r = ±1 drawn anew: 4 of 5 parts of the variance.
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for [x, first, second, _] in all_signs() {
            a.push(2.0 * x + first);
            b.push(2.0 * x + second);
        }
        a.push(f64::NAN);
        b.push(1.0);
        let mut pairs = Pairs::new(7.0);
        pairs.add(&a, &b);
        assert!((pairs.explained() - 0.8).abs() < 1e-12);
        assert!((pairs.undefined() - 1.0 / 17.0).abs() < 1e-15);
        assert!(Pairs::new(0.0).explained().is_nan());
    }
}
