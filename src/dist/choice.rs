//! A choice: one of some values, each with its probability; which tariff, which supplier, which law.
//!
//! Mean Σ p·x, variance Σ p·(x − mean)².

use super::point::Point;
use super::{Distribution, Family, Wrong, share};

/// `choice(value, probability, …)`.
pub static FAMILY: Family = Family {
    name: "choice",
    parameters: &["value", "probability"],
    required: 2,
    rest: true,
    help: "one of some values, each followed by its probability: which tariff, which supplier, which law",
    source: "by definition: mean the sum of p * x",
    example: ("choice(10, 0.5, 20, 0.25, 40, 0.25)", 20.0),
    make,
};

/// How far the probabilities may be from 1 together: what is left by writing thirds with some digits.
const TOLERANCE: f64 = 1e-9;

/// Some values with their probabilities.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The values, rising.
    values: Vec<f64>,
    probabilities: Vec<f64>,
    /// The probability of at most each value.
    cumulative: Vec<f64>,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    if let Some(at) = given.iter().position(|value| !value.is_finite()) {
        return Err(Wrong::new(at, "it is not a finite number"));
    }
    let (pairs, rest) = given.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Wrong::new(
            given.len() - 1,
            "this value has no probability: they stand in pairs, value and probability",
        ));
    }
    for (at, [_, probability]) in pairs.iter().enumerate() {
        share(2 * at + 1, *probability)?;
    }
    let sum: f64 = pairs.iter().map(|[_, probability]| probability).sum();
    if (sum - 1.0).abs() > TOLERANCE {
        return Err(Wrong::new(given.len().saturating_sub(1), format!("the probabilities sum to {sum}, not to 1")));
    }
    Ok(of(pairs.iter().map(|[value, probability]| (*value, *probability)).collect()))
}

/// A choice of values with weights, which need not sum to 1.
pub fn of(mut atoms: Vec<(f64, f64)>) -> Box<dyn Distribution> {
    atoms.retain(|(_, weight)| *weight > 0.0);
    atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = atoms.iter().map(|(_, weight)| weight).sum();
    let (mut values, mut probabilities): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for (value, weight) in atoms {
        match (values.last(), probabilities.last_mut()) {
            (Some(last), Some(probability)) if *last == value => *probability += weight / total,
            _ => {
                values.push(value);
                probabilities.push(weight / total);
            }
        }
    }
    if let [only] = values.as_slice() {
        return Box::new(Point(*only));
    }
    let mut sum = 0.0;
    let cumulative = probabilities.iter().map(|probability| {
        sum += probability;
        sum
    });
    let cumulative = cumulative.collect();
    Box::new(Choice { values, probabilities, cumulative })
}

impl Distribution for Choice {
    fn density(&self, x: f64) -> f64 {
        self.values.iter().position(|value| *value == x).map_or(0.0, |at| self.probabilities[at])
    }

    fn cdf(&self, x: f64) -> f64 {
        let below = self.values.partition_point(|value| *value <= x);
        // The last sum may miss 1 by its rounding.
        if below == self.values.len() { 1.0 } else { below.checked_sub(1).map_or(0.0, |at| self.cumulative[at]) }
    }

    fn quantile(&self, probability: f64) -> f64 {
        let at = self.cumulative.partition_point(|below| *below < probability);
        self.values.get(at).or(self.values.last()).copied().unwrap_or(f64::NAN)
    }

    fn mean(&self) -> f64 {
        self.values.iter().zip(&self.probabilities).map(|(value, probability)| value * probability).sum()
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        let square = |(value, probability): (&f64, &f64)| probability * (value - mean) * (value - mean);
        self.values.iter().zip(&self.probabilities).map(square).sum()
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(self.values.iter().copied().zip(self.probabilities.iter().copied()).collect())
    }
}
