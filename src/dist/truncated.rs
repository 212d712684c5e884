//! Any distribution cut off on either side: a price that cannot be negative, a share that a contract bounds.
//!
//! What lies outside is left out and the rest weighs accordingly more: F(x) = (G(x) − G(low−)) / (G(high) − G(low−)) between
//! the bounds.

use super::point::Point;
use super::quadrature::integral;
use super::{Distribution, Wrong, choice, parameters, rising};

/// A distribution cut off below `low` and above `high`.
///
/// # Errors
/// Bounds that make no sense (the parameters 0 and 1 here), or between which next to nothing lies.
pub fn truncated(inner: Box<dyn Distribution>, low: f64, high: f64) -> Result<Box<dyn Distribution>, Wrong> {
    let [low, high] = parameters(&[low, high])?;
    rising(1, low, high)?;
    let too_little = |what: &str| Wrong::new(0, format!("{what} of the distribution lies between {low} and {high}"));
    if let Some(atoms) = inner.atoms() {
        let within: Vec<(f64, f64)> =
            atoms.into_iter().filter(|(value, weight)| (low..=high).contains(value) && *weight > 0.0).collect();
        return if within.is_empty() { Err(too_little("nothing")) } else { Ok(choice::of(within)) };
    }
    let (below, up_to) = (inner.cdf(low), inner.cdf(high));
    if low == high && inner.density(low) > 0.0 {
        return Ok(Box::new(Point(low)));
    }
    // So little of the probability that its digits are used up would give draws with steps; near 0 it has more of them.
    if up_to - below <= 1e-12 * up_to {
        return Err(too_little(if up_to > below { "next to nothing" } else { "nothing" }));
    }
    let mut cut = Truncated { inner, low, high, below, up_to, mean: 0.0, variance: 0.0 };
    cut.mean = integral(|probability| cut.quantile(probability));
    cut.variance = integral(|probability| {
        let difference = cut.quantile(probability) - cut.mean;
        difference * difference
    });
    Ok(Box::new(cut))
}

#[derive(Debug)]
struct Truncated {
    inner: Box<dyn Distribution>,
    low: f64,
    high: f64,
    /// The inner probabilities of at most the bounds.
    below: f64,
    up_to: f64,
    mean: f64,
    variance: f64,
}

impl Truncated {
    fn inner_probability(&self, probability: f64) -> f64 {
        self.below + probability * (self.up_to - self.below)
    }
}

impl Distribution for Truncated {
    fn density(&self, x: f64) -> f64 {
        if (self.low..=self.high).contains(&x) { self.inner.density(x) / (self.up_to - self.below) } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.high {
            1.0
        } else if x < self.low {
            0.0
        } else {
            ((self.inner.cdf(x) - self.below) / (self.up_to - self.below)).clamp(0.0, 1.0)
        }
    }

    fn quantile(&self, probability: f64) -> f64 {
        self.inner.quantile(self.inner_probability(probability)).clamp(self.low, self.high)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.variance
    }

    fn fill(&self, column: &mut [f64]) {
        for value in column.iter_mut() {
            *value = self.inner_probability(*value);
        }
        self.inner.fill(column);
        for value in column {
            *value = value.clamp(self.low, self.high);
        }
    }
}
