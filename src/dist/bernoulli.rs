//! The Bernoulli distribution: it happens (1) or not (0); a deal that closes, a law that passes.
//!
//! Mean p, variance p(1 − p) (J. Bernoulli, Ars conjectandi, 1713).

use super::point::Point;
use super::{Distribution, Family, Wrong, parameters, share};

/// `bernoulli(probability)`.
pub static FAMILY: Family = Family {
    name: "bernoulli",
    parameters: &["probability"],
    required: 1,
    rest: false,
    help: "1 with that probability, else 0: a deal that closes, a law that passes",
    source: "J. Bernoulli 1713, Ars conjectandi: variance p(1 - p)",
    example: ("bernoulli(0.25)", 0.25),
    make,
};

#[derive(Clone, Copy, Debug)]
struct Bernoulli(f64);

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [probability] = parameters(given)?;
    share(0, probability)?;
    let certain = probability == 0.0 || probability == 1.0;
    Ok(if certain { Box::new(Point(probability)) } else { Box::new(Bernoulli(probability)) })
}

impl Distribution for Bernoulli {
    fn density(&self, x: f64) -> f64 {
        if x == 1.0 {
            self.0
        } else if x == 0.0 {
            1.0 - self.0
        } else {
            0.0
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= 1.0 {
            1.0
        } else if x >= 0.0 {
            1.0 - self.0
        } else {
            0.0
        }
    }

    fn quantile(&self, probability: f64) -> f64 {
        if probability > 1.0 - self.0 { 1.0 } else { 0.0 }
    }

    fn mean(&self) -> f64 {
        self.0
    }

    fn variance(&self) -> f64 {
        self.0 * (1.0 - self.0)
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(vec![(0.0, 1.0 - self.0), (1.0, self.0)])
    }
}
