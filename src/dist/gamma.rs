//! The gamma distribution: waiting times and amounts that are never negative and lean to one side; loads, losses, durations.
//!
//! Density x^(k−1)·e^(−x/θ)/(Γ(k)·θ^k); mean kθ, variance kθ² (N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous
//! univariate distributions, volume 1, 1994).

use std::sync::OnceLock;

use super::point::Point;
use super::special::{gamma_cdf, gamma_survival, invert_in_logarithm, ln_gamma, ln_power};
use super::table::Table;
use super::{Distribution, Family, Wrong, not_negative, parameters, positive};
use crate::numeric::normal;

/// `gamma(shape, scale)`.
pub static FAMILY: Family = Family {
    name: "gamma",
    parameters: &["shape", "scale"],
    required: 2,
    rest: false,
    help: "an amount that is never negative and leans to one side, of mean shape × scale: waiting times, loads, losses",
    source: "Johnson, Kotz and Balakrishnan 1994, Continuous univariate distributions 1: variance shape * scale ^ 2",
    example: ("gamma(3, 2)", 6.0),
    make,
};

/// The largest shape: beyond, all that is left of the distribution is its mean.
const LARGEST: f64 = 1e6;

#[derive(Debug)]
struct Gamma {
    shape: f64,
    scale: f64,
    table: OnceLock<Table>,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [shape, scale] = parameters(given)?;
    positive(0, "the shape", shape)?;
    not_negative(1, "the scale", scale)?;
    if shape > LARGEST {
        return Err(Wrong::new(0, format!("the shape, {shape}, must be at most {LARGEST}")));
    }
    Ok(if scale == 0.0 { Box::new(Point(0.0)) } else { Box::new(Gamma { shape, scale, table: OnceLock::new() }) })
}

impl Gamma {
    fn density_of_one(&self, x: f64) -> f64 {
        (ln_power(x.ln(), self.shape - 1.0) - x - ln_gamma(self.shape)).exp()
    }

    /// Where to begin: near 0 the probability is x^k/Γ(k + 1); else the cube root is about normal (E. B. Wilson and M. M.
    /// Hilferty, The distribution of chi-square, 1931).
    fn start(&self, probability: f64) -> f64 {
        let near_zero = (probability.ln() + ln_gamma(self.shape + 1.0)) / self.shape;
        let ninth = 1.0 / (9.0 * self.shape);
        let root = 1.0 - ninth + normal::quantile(probability) * ninth.sqrt();
        if root > 0.3 { self.shape.ln() + 3.0 * root.ln() } else { near_zero }
    }

    fn quantile_of_one(&self, probability: f64) -> f64 {
        let start = self.start(probability);
        if probability <= 0.5 {
            let lowest = -745.0 / self.shape.min(1.0);
            let function = |x: f64| (gamma_cdf(self.shape, x), self.density_of_one(x));
            return invert_in_logarithm(probability, [lowest, self.shape.ln() + 2.0], start, function).exp();
        }
        // Of the upper half, what is missing to 1 is known to more digits; it falls, so that its inverse rises.
        let missing = 1.0 - probability;
        let function = |x: f64| {
            let survival = gamma_survival(self.shape, x).max(f64::MIN_POSITIVE);
            (missing * (missing / survival), missing * (missing / survival) * self.density_of_one(x) / survival)
        };
        let lowest = (self.shape / 4.0).ln().min(-745.0 / self.shape.min(1.0));
        invert_in_logarithm(missing, [lowest, (self.shape + 800.0).ln() + 2.0], start, function).exp()
    }
}

impl Distribution for Gamma {
    fn density(&self, x: f64) -> f64 {
        if x >= 0.0 && x.is_finite() { self.density_of_one(x / self.scale) / self.scale } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        gamma_cdf(self.shape, x / self.scale)
    }

    fn quantile(&self, probability: f64) -> f64 {
        if probability <= 0.0 {
            0.0
        } else if probability >= 1.0 {
            f64::INFINITY
        } else {
            self.scale * self.quantile_of_one(probability)
        }
    }

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn variance(&self) -> f64 {
        self.shape * self.scale * self.scale
    }

    fn fill(&self, column: &mut [f64]) {
        let quantile = |probability| self.quantile(probability);
        let table = || Table::new(quantile, |missing| quantile(1.0 - missing), [quantile(0.0), quantile(1.0)]);
        self.table.get_or_init(table).fill(column, quantile);
    }
}
