//! What was observed: each observation is as likely to come again as any other.
//!
//! The empirical distribution function; mean and variance are those of the observations as they are, over n (B. Efron,
//! Bootstrap methods, 1979).

use super::choice;
use super::{Distribution, Family, Wrong};

/// `empirical(observation, …)`.
pub static FAMILY: Family = Family {
    name: "empirical",
    parameters: &["observation"],
    required: 1,
    rest: true,
    help: "one of the observations, each as likely as any other: last year's orders, past losses",
    source: "Efron 1979, Bootstrap methods: the empirical distribution function",
    example: ("empirical(10, 20, 20, 50)", 25.0),
    make,
};

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    match given.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(Wrong::new(at, "it is not a finite number")),
        None => Ok(choice::of(given.iter().map(|value| (*value, 1.0)).collect())),
    }
}
