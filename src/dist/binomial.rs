//! The binomial distribution: how many of `trials` succeed; buyers among visitors, seats that are renewed.
//!
//! Probability C(n, k)·p^k·(1 − p)^(n − k); mean np, variance np(1 − p) (J. Bernoulli, Ars conjectandi, 1713).

use super::counts::{Counts, not_too_wide};
use super::point::Point;
use super::{Distribution, Family, Wrong, not_negative, parameters, share};

/// `binomial(trials, probability)`.
pub static FAMILY: Family = Family {
    name: "binomial",
    parameters: &["trials", "probability"],
    required: 2,
    rest: false,
    help: "how many of the trials succeed: buyers among visitors, seats that are renewed",
    source: "J. Bernoulli 1713, Ars conjectandi: mean np, variance np(1 - p)",
    example: ("binomial(20, 0.25)", 5.0),
    make,
};

#[derive(Clone, Debug)]
struct Binomial {
    trials: f64,
    probability: f64,
    counts: Counts,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [trials, probability] = parameters(given)?;
    not_negative(0, "the number of trials", trials)?;
    if trials.fract() != 0.0 {
        return Err(Wrong::new(0, format!("the number of trials, {trials}, must be whole")));
    }
    share(1, probability)?;
    let mean = trials * probability;
    if trials == 0.0 || probability == 0.0 || probability == 1.0 {
        return Ok(Box::new(Point(mean)));
    }
    not_too_wide(0, mean, mean * (1.0 - probability))?;
    let mode = ((trials + 1.0) * probability).floor().min(trials);
    let odds = probability / (1.0 - probability);
    let counts = Counts::around(mode, trials, |k| (trials - k + 1.0) / k * odds);
    Ok(Box::new(Binomial { trials, probability, counts }))
}

impl Distribution for Binomial {
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
            self.trials
        } else {
            self.counts.quantile(probability)
        }
    }

    fn mean(&self) -> f64 {
        self.trials * self.probability
    }

    fn variance(&self) -> f64 {
        self.mean() * (1.0 - self.probability)
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(self.counts.atoms())
    }
}
