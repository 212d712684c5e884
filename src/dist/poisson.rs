//! The Poisson distribution: how often something happens that may happen at any moment; incidents, large orders.
//!
//! Probability λ^k·e^(−λ)/k!; mean λ, variance λ (S. D. Poisson, Recherches sur la probabilité des jugements, 1837).

use super::counts::{Counts, not_too_wide};
use super::point::Point;
use super::{Distribution, Family, Wrong, not_negative, parameters};

/// `poisson(mean)`.
pub static FAMILY: Family = Family {
    name: "poisson",
    parameters: &["mean"],
    required: 1,
    rest: false,
    help: "how often something happens that may happen at any moment: incidents, large orders",
    source: "Poisson 1837, Recherches sur la probabilité des jugements: variance = mean",
    example: ("poisson(3)", 3.0),
    make,
};

#[derive(Clone, Debug)]
struct Poisson {
    mean: f64,
    counts: Counts,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [mean] = parameters(given)?;
    not_negative(0, "the mean", mean)?;
    if mean == 0.0 {
        return Ok(Box::new(Point(0.0)));
    }
    not_too_wide(0, mean, mean)?;
    let counts = Counts::around(mean.floor(), f64::INFINITY, |k| mean / k);
    Ok(Box::new(Poisson { mean, counts }))
}

impl Distribution for Poisson {
    fn density(&self, x: f64) -> f64 {
        self.counts.probability(x)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.counts.cdf(x)
    }

    fn quantile(&self, probability: f64) -> f64 {
        if probability <= 0.0 {
            0.0
        } else if probability >= 1.0 {
            f64::INFINITY
        } else {
            self.counts.quantile(probability)
        }
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(self.counts.atoms())
    }
}
