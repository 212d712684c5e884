//! The uniform distribution: every value of a range is as likely as any other; nothing is known but the bounds.
//!
//! Density 1/(b − a); mean (a + b)/2, variance (b − a)²/12.

use super::point::Point;
use super::{Distribution, Family, Wrong, parameters, rising};

/// `uniform(low, high)`.
pub static FAMILY: Family = Family {
    name: "uniform",
    parameters: &["low", "high"],
    required: 2,
    rest: false,
    help: "every value of the range is equally likely: nothing is known but the bounds",
    source: "by definition: mean (low + high) / 2, variance (high - low) ^ 2 / 12",
    example: ("uniform(10, 20)", 15.0),
    make,
};

#[derive(Clone, Copy, Debug)]
struct Uniform {
    low: f64,
    high: f64,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [low, high] = parameters(given)?;
    rising(1, low, high)?;
    Ok(if low == high { Box::new(Point(low)) } else { Box::new(Uniform { low, high }) })
}

impl Distribution for Uniform {
    fn density(&self, x: f64) -> f64 {
        if (self.low..=self.high).contains(&x) { 1.0 / (self.high - self.low) } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        ((x - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn quantile(&self, probability: f64) -> f64 {
        (self.low + (self.high - self.low) * probability).min(self.high)
    }

    fn mean(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    fn variance(&self) -> f64 {
        let width = self.high - self.low;
        width * width / 12.0
    }

    fn fill(&self, column: &mut [f64]) {
        for value in column {
            *value = (self.low + (self.high - self.low) * *value).min(self.high);
        }
    }
}
