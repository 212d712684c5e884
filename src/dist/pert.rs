//! The PERT distribution: the least, the most likely and the most, smoothly; the usual way to write down an expert's guess.
//!
//! a + (b − a)·Beta(1 + λ(m − a)/(b − a), 1 + λ(b − m)/(b − a)), with weight λ = 4; mean (a + λm + b)/(λ + 2), variance
//! (μ − a)(b − μ)/(λ + 3) (D. G. Malcolm and others, Application of a technique for research and development program
//! evaluation, 1959; D. Vose, Risk analysis, 2008).

use super::beta::Beta;
use super::point::Point;
use super::{Distribution, Family, Wrong, mode_within, not_negative, parameters, rising};

/// `pert(low, mode, high, [weight])`.
pub static FAMILY: Family = Family {
    name: "pert",
    parameters: &["low", "mode", "high", "weight"],
    required: 3,
    rest: false,
    help: "the least, the most likely and the most, smoothly: an expert's guess; a weight above 4 trusts the mode more",
    source: "Malcolm et al. 1959 and Vose 2008, Risk analysis: mean (low + weight * mode + high) / (weight + 2)",
    example: ("pert(10, 20, 60)", 25.0),
    make,
};

/// The usual weight of the mode.
const WEIGHT: f64 = 4.0;

#[derive(Debug)]
struct Pert {
    low: f64,
    mode: f64,
    high: f64,
    weight: f64,
    shape: Beta,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [low, mode, high] = parameters(given)?;
    let weight = match given.get(3) {
        Some(_) => parameters::<4>(given)?[3],
        None => WEIGHT,
    };
    rising(2, low, high)?;
    mode_within(1, low, mode, high)?;
    not_negative(3, "the weight", weight)?;
    if weight > 1e6 {
        return Err(Wrong::new(3, format!("the weight, {weight}, must be at most 1,000,000")));
    }
    if low == high {
        return Ok(Box::new(Point(low)));
    }
    let part = |length: f64| 1.0 + weight * (length / (high - low));
    let shape = Beta::new(part(mode - low), part(high - mode));
    Ok(Box::new(Pert { low, mode, high, weight, shape }))
}

impl Pert {
    fn width(&self) -> f64 {
        self.high - self.low
    }

    fn inside(&self, x: f64) -> f64 {
        (x - self.low) / self.width()
    }
}

impl Distribution for Pert {
    fn density(&self, x: f64) -> f64 {
        self.shape.density(self.inside(x)) / self.width()
    }

    fn cdf(&self, x: f64) -> f64 {
        self.shape.cdf(self.inside(x))
    }

    fn quantile(&self, probability: f64) -> f64 {
        (self.low + self.width() * self.shape.quantile(probability)).min(self.high)
    }

    fn mean(&self) -> f64 {
        (self.low + self.weight * self.mode + self.high) / (self.weight + 2.0)
    }

    fn variance(&self) -> f64 {
        (self.mean() - self.low) * (self.high - self.mean()) / (self.weight + 3.0)
    }

    fn fill(&self, column: &mut [f64]) {
        self.shape.fill(column);
        let width = self.width();
        for value in column {
            *value = (self.low + width * *value).min(self.high);
        }
    }
}
