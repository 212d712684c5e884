//! The normal distribution: what many small independent effects add up to; measurement errors, demand around a forecast.
//!
//! Density e^(−(x − μ)²/2σ²) / (σ√(2π)); mean μ, variance σ² (C. F. Gauss, Theoria motus, 1809).

use super::point::Point;
use super::{Distribution, Family, Wrong, not_negative, parameters};
use crate::numeric::normal;

/// `normal(mean, sd)`.
pub static FAMILY: Family = Family {
    name: "normal",
    parameters: &["mean", "sd"],
    required: 2,
    rest: false,
    help: "the bell curve around a mean, with its standard deviation: what many small influences sum to, such as a market's demand",
    source: "Johnson, Kotz and Balakrishnan 1994, Continuous univariate distributions 1",
    example: ("normal(100, 20)", 100.0),
    make,
};

/// A normal distribution with a deviation above 0.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    pub mean: f64,
    pub sd: f64,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [mean, sd] = parameters(given)?;
    not_negative(1, "the standard deviation", sd)?;
    Ok(if sd == 0.0 { Box::new(Point(mean)) } else { Box::new(Normal { mean, sd }) })
}

impl Distribution for Normal {
    fn density(&self, x: f64) -> f64 {
        normal::density((x - self.mean) / self.sd) / self.sd
    }

    fn cdf(&self, x: f64) -> f64 {
        normal::cdf((x - self.mean) / self.sd)
    }

    fn quantile(&self, probability: f64) -> f64 {
        self.mean + self.sd * normal::quantile(probability)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.sd * self.sd
    }

    /// μ·Φ(z) − σ·φ(z) + bound·(1 − Φ(z)) with z = (bound − μ)/σ: the mean of what is cut off at the bound, by parts.
    fn limited_mean(&self, bound: f64) -> Option<f64> {
        let z = (bound - self.mean) / self.sd;
        Some(self.mean * normal::cdf(z) - self.sd * normal::density(z) + bound * normal::cdf(-z))
    }

    fn fill(&self, column: &mut [f64]) {
        normal::quantiles(column);
        for value in column {
            *value = self.mean + self.sd * *value;
        }
    }
}
