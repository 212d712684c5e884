//! The lognormal distribution: what many small independent factors multiply to; prices, sizes, durations, losses.
//!
//! The logarithm is normal with mean μ and deviation σ, as in numpy, R and Squiggle. Density of the logarithm over x; mean
//! e^(μ + σ²/2), variance (e^(σ²) − 1)·e^(2μ + σ²) (J. Aitchison and J. A. C. Brown, The lognormal distribution, 1957).

use super::point::Point;
use super::{Distribution, Family, Wrong, not_negative, parameters};
use crate::numeric::dispatch::dispatched;
use crate::numeric::elementary::{exp, exp_within};
use crate::numeric::normal;

/// `lognormal(log_mean, log_sd)`.
pub static FAMILY: Family = Family {
    name: "lognormal",
    parameters: &["log_mean", "log_sd"],
    required: 2,
    rest: false,
    help: "what many factors multiply to, by the mean and deviation of its logarithm: prices, sizes, durations, losses",
    source: "Aitchison and Brown 1957, The lognormal distribution: mean exp(log_mean + log_sd ^ 2 / 2)",
    example: ("lognormal(0, 1)", 1.648_721_270_700_128_2),
    make,
};

/// A lognormal distribution with a deviation above 0.
#[derive(Clone, Copy, Debug)]
pub struct Lognormal {
    pub log_mean: f64,
    pub log_sd: f64,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [log_mean, log_sd] = parameters(given)?;
    not_negative(1, "the standard deviation", log_sd)?;
    let found = Lognormal { log_mean, log_sd };
    if log_sd == 0.0 {
        return Ok(Box::new(Point(exp(log_mean))));
    }
    if found.mean().is_finite() && found.variance().is_finite() {
        Ok(Box::new(found))
    } else {
        Err(Wrong::new(
            0,
            "its values are too large: the parameters are of the logarithm, as in `lognormal(ln(100), 0.5)`",
        ))
    }
}

/// The size up to which the logarithm of a value must lie so that its exponential is not too large or too small.
const LOGARITHM: f64 = 700.0;

/// How far from its mean a normal number drawn from a float above 0 may lie, in deviations: the quantile of 2⁻¹⁰⁷⁴.
const FARTHEST: f64 = 39.0;

dispatched! {
    fn exponentials_of(column: &mut [f64], log_mean: f64, log_sd: f64) {
        if log_mean.abs() + FARTHEST * log_sd < LOGARITHM {
            for value in column {
                *value = exp_within(log_mean + log_sd * *value);
            }
        } else {
            for value in column {
                *value = exp(log_mean + log_sd * *value);
            }
        }
    }
}

impl Distribution for Lognormal {
    fn density(&self, x: f64) -> f64 {
        if x > 0.0 { normal::density((x.ln() - self.log_mean) / self.log_sd) / (x * self.log_sd) } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { normal::cdf((x.ln() - self.log_mean) / self.log_sd) } else { 0.0 }
    }

    fn quantile(&self, probability: f64) -> f64 {
        exp(self.log_mean + self.log_sd * normal::quantile(probability))
    }

    fn mean(&self) -> f64 {
        (self.log_mean + self.log_sd * self.log_sd / 2.0).exp()
    }

    fn variance(&self) -> f64 {
        let square = self.log_sd * self.log_sd;
        square.exp_m1() * (2.0 * self.log_mean + square).exp()
    }

    /// e^(μ + σ²/2)·Φ(z − σ) + bound·(1 − Φ(z)) with z = (ln bound − μ)/σ (S. A. Klugman, H. H. Panjer and G. E. Willmot, Loss
    /// models, appendix A).
    fn limited_mean(&self, bound: f64) -> Option<f64> {
        if bound <= 0.0 {
            return Some(bound);
        }
        let z = (bound.ln() - self.log_mean) / self.log_sd;
        Some(self.mean() * normal::cdf(z - self.log_sd) + bound * normal::cdf(-z))
    }

    fn fill(&self, column: &mut [f64]) {
        normal::quantiles(column);
        exponentials_of(column, self.log_mean, self.log_sd);
    }
}
