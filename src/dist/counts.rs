//! Whole numbers around a most likely one, with the probabilities that a recurrence gives.

use super::Wrong;

/// The largest variance: beyond, a table of all likely numbers is long, and the normal distribution is as good.
const LARGEST_VARIANCE: f64 = 1e9;

/// Below this part of the largest probability, a number is never met.
const NEVER: f64 = 1e-22;

/// How many times the recurrence may be followed, whatever happens.
const MOST: usize = 10_000_000;

/// Whole numbers with their probabilities.
#[derive(Clone, Debug)]
pub struct Counts {
    /// The first number that is met at all.
    first: f64,
    probabilities: Vec<f64>,
    /// The probability of at most each of the numbers.
    cumulative: Vec<f64>,
}

/// Refuses a distribution that is too wide for a table.
pub fn not_too_wide(parameter: usize, mean: f64, variance: f64) -> Result<(), Wrong> {
    if variance <= LARGEST_VARIANCE {
        return Ok(());
    }
    let reason = format!("so many outcomes are as good as normal: write `normal({mean}, {})`", variance.sqrt());
    Err(Wrong::new(parameter, reason))
}

impl Counts {
    /// The numbers around the most likely one, where `ratio` is a number's probability over that of the number before.
    pub fn around(mode: f64, last: f64, ratio: impl Fn(f64) -> f64) -> Self {
        let mut probabilities = vec![1.0];
        let (mut at, mut weight) = (mode, 1.0);
        // Downwards first, so that the list can be turned once.
        while at > 0.0 && weight > NEVER && probabilities.len() < MOST {
            weight /= ratio(at);
            at -= 1.0;
            probabilities.push(weight);
        }
        let first = at;
        probabilities.reverse();
        (at, weight) = (mode, 1.0);
        while at < last && weight > NEVER && probabilities.len() < MOST {
            at += 1.0;
            weight *= ratio(at);
            probabilities.push(weight);
        }
        let total: f64 = probabilities.iter().sum();
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(probabilities.len());
        for probability in &mut probabilities {
            *probability /= total;
            sum += *probability;
            cumulative.push(sum.min(1.0));
        }
        Self { first, probabilities, cumulative }
    }

    /// The place of a whole number in the table.
    fn place(&self, x: f64) -> Option<usize> {
        let place = x - self.first;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a place in a list")]
        (place >= 0.0 && place < super::count(self.cumulative.len())).then_some(place as usize)
    }

    /// The probability of a number.
    pub fn probability(&self, x: f64) -> f64 {
        if x.fract() == 0.0 { self.place(x).map_or(0.0, |place| self.probabilities[place]) } else { 0.0 }
    }

    /// The probability of at most a number.
    pub fn cdf(&self, x: f64) -> f64 {
        match self.place(x.floor()) {
            Some(place) => self.cumulative[place],
            None if x >= self.first => 1.0,
            None => 0.0,
        }
    }

    /// The smallest number at or below which so much probability lies.
    pub fn quantile(&self, probability: f64) -> f64 {
        let place = self.cumulative.partition_point(|below| *below < probability);
        self.first + super::count(place.min(self.cumulative.len() - 1))
    }

    /// The numbers with their probabilities.
    pub fn atoms(&self) -> Vec<(f64, f64)> {
        let numbers = (0..self.probabilities.len()).map(|place| self.first + super::count(place));
        numbers.zip(self.probabilities.iter().copied()).collect()
    }
}
