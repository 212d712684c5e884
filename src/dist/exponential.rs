//! The exponential distribution: the time until something happens that may happen at any moment; a failure, a sale.
//!
//! F(x) = 1 − e^(−x/μ); mean μ, variance μ².

use super::point::Point;
use super::{Distribution, Family, Wrong, not_negative, parameters};

/// `exponential(mean)`.
pub static FAMILY: Family = Family {
    name: "exponential",
    parameters: &["mean"],
    required: 1,
    rest: false,
    help: "the time until something happens that may happen at any moment: a failure, a sale",
    source: "Johnson, Kotz and Balakrishnan 1994, Continuous univariate distributions 1: deviation = mean",
    example: ("exponential(12)", 12.0),
    make,
};

#[derive(Clone, Copy, Debug)]
struct Exponential(f64);

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [mean] = parameters(given)?;
    not_negative(0, "the mean", mean)?;
    Ok(if mean == 0.0 { Box::new(Point(0.0)) } else { Box::new(Exponential(mean)) })
}

impl Distribution for Exponential {
    fn density(&self, x: f64) -> f64 {
        if x >= 0.0 { (-x / self.0).exp() / self.0 } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { -(-x / self.0).exp_m1() } else { 0.0 }
    }

    fn quantile(&self, probability: f64) -> f64 {
        -self.0 * (-probability).ln_1p()
    }

    fn mean(&self) -> f64 {
        self.0
    }

    fn variance(&self) -> f64 {
        self.0 * self.0
    }
}
