//! Probability distributions, one file each: what it is for, its density, its quantile, its mean and its variance.
//!
//! A draw of a distribution is the quantile of a number drawn uniformly from (0, 1) (inversion: J. von Neumann, Various
//! techniques used in connection with random digits, 1951), so that evenly placed numbers give evenly placed draws, and
//! correlated ones correlated draws. Where all probability lies on one value, a distribution is that value, to the bit.

mod bernoulli;
mod beta;
mod binomial;
mod choice;
mod counts;
mod empirical;
mod exponential;
mod gamma;
mod interval;
mod limited;
mod lognormal;
mod normal;
mod pert;
mod point;
mod poisson;
mod quadrature;
mod special;
mod table;
#[cfg(test)]
mod tests;
mod triangular;
mod truncated;
mod uniform;

use std::fmt::Debug;

pub use limited::limited_mean;
pub use truncated::truncated;

/// A distribution whose parameters are fixed.
pub trait Distribution: Debug + Send + Sync {
    /// The density at `x`; of a discrete distribution, the probability of `x`.
    fn density(&self, x: f64) -> f64;

    /// The probability of at most `x`.
    fn cdf(&self, x: f64) -> f64;

    /// The smallest value at or below which so much probability lies; 0 and 1 give the ends of the support.
    fn quantile(&self, probability: f64) -> f64;

    /// The mean.
    fn mean(&self) -> f64;

    /// The variance.
    fn variance(&self) -> f64;

    /// Replaces each probability of a column by its quantile, within 10⁻¹¹ of the range of likely values.
    fn fill(&self, column: &mut [f64]) {
        for value in column {
            *value = self.quantile(*value);
        }
    }

    /// E[min(X, bound)] for a finite bound, where it has a closed form.
    fn limited_mean(&self, _bound: f64) -> Option<f64> {
        None
    }

    /// The value on which all probability lies, where there is one.
    fn constant(&self) -> Option<f64> {
        None
    }

    /// The values with their probabilities, where they are few.
    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        None
    }
}

/// A kind of distribution, with the parameters that it takes.
#[derive(Debug)]
pub struct Family {
    /// Its name in formulas.
    pub name: &'static str,
    /// The parameters' names.
    pub parameters: &'static [&'static str],
    /// How many of them must be said.
    pub required: usize,
    /// Whether the last ones may be repeated any number of times.
    pub rest: bool,
    /// What it is and what it is for, in a line.
    pub help: &'static str,
    /// Where it comes from, with the moments that a reader may look for.
    pub source: &'static str,
    /// A call, and the mean that it has.
    pub example: (&'static str, f64),
    /// Makes the distribution of some parameters.
    pub make: Make,
}

impl PartialEq for Family {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Makes a distribution, or says what is wrong with its parameters.
pub type Make = fn(&[f64]) -> Result<Box<dyn Distribution>, Wrong>;

/// Parameters that make no sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The number of the parameter to blame.
    pub parameter: usize,
    /// What is wrong, as a clause.
    pub reason: String,
}

impl Wrong {
    fn new(parameter: usize, reason: impl Into<String>) -> Self {
        Self { parameter, reason: reason.into() }
    }
}

/// All families, in the order of help.
pub static FAMILIES: &[&Family] = &[
    &interval::FAMILY,
    &normal::FAMILY,
    &lognormal::FAMILY,
    &uniform::FAMILY,
    &triangular::FAMILY,
    &pert::FAMILY,
    &beta::FAMILY,
    &gamma::FAMILY,
    &exponential::FAMILY,
    &bernoulli::FAMILY,
    &binomial::FAMILY,
    &poisson::FAMILY,
    &choice::FAMILY,
    &empirical::FAMILY,
];

/// As many parameters as a family takes; what is missing is not a number, which every family refuses.
fn parameters<const COUNT: usize>(given: &[f64]) -> Result<[f64; COUNT], Wrong> {
    let found = std::array::from_fn(|at| given.get(at).copied().unwrap_or(f64::NAN));
    match found.iter().position(|value: &f64| !value.is_finite()) {
        Some(at) => Err(Wrong::new(at, "it is not a finite number")),
        None => Ok(found),
    }
}

/// Refuses a number below 0.
fn not_negative(parameter: usize, name: &str, value: f64) -> Result<(), Wrong> {
    if value < 0.0 { Err(Wrong::new(parameter, format!("{name}, {value}, is below 0"))) } else { Ok(()) }
}

/// Refuses a number that is not above 0.
fn positive(parameter: usize, name: &str, value: f64) -> Result<(), Wrong> {
    if value > 0.0 { Ok(()) } else { Err(Wrong::new(parameter, format!("{name}, {value}, must be above 0"))) }
}

/// Refuses a number that is not from 0 to 1.
fn share(parameter: usize, value: f64) -> Result<(), Wrong> {
    if (0.0..=1.0).contains(&value) {
        Ok(())
    } else {
        Err(Wrong::new(parameter, format!("the probability, {value}, must lie between 0 and 1 (0% and 100%)")))
    }
}

/// Refuses a range whose ends stand the wrong way round.
fn rising(parameter: usize, low: f64, high: f64) -> Result<(), Wrong> {
    if low <= high { Ok(()) } else { Err(Wrong::new(parameter, format!("high, {high}, is below low, {low}"))) }
}

/// Refuses a mode outside of its range.
fn mode_within(parameter: usize, low: f64, mode: f64, high: f64) -> Result<(), Wrong> {
    if (low..=high).contains(&mode) {
        Ok(())
    } else {
        Err(Wrong::new(parameter, format!("the mode, {mode}, must lie between {low} and {high}")))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn count(numbers: usize) -> f64 {
    numbers as f64
}
