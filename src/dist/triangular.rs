//! The triangular distribution: the least, the most likely and the most, with straight lines between.
//!
//! Below the mode F(x) = (x − a)²/((b − a)(m − a)), above it 1 − (b − x)²/((b − a)(b − m)); mean (a + m + b)/3, variance
//! (a² + m² + b² − am − ab − mb)/18 (M. Evans, N. Hastings and B. Peacock, Statistical distributions, 2000).

use super::point::Point;
use super::{Distribution, Family, Wrong, mode_within, parameters, rising};
use crate::numeric::dispatch::dispatched;

/// `triangular(low, mode, high)`.
pub static FAMILY: Family = Family {
    name: "triangular",
    parameters: &["low", "mode", "high"],
    required: 3,
    rest: false,
    help: "the least, the most likely and the most, with straight lines between: a guess that gives the ends more weight than pert",
    source: "Evans, Hastings and Peacock 2000, Statistical distributions: mean (low + mode + high) / 3",
    example: ("triangular(10, 20, 60)", 30.0),
    make,
};

#[derive(Clone, Copy, Debug)]
struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [low, mode, high] = parameters(given)?;
    rising(2, low, high)?;
    mode_within(1, low, mode, high)?;
    Ok(if low == high { Box::new(Point(low)) } else { Box::new(Triangular { low, mode, high }) })
}

impl Distribution for Triangular {
    fn density(&self, x: f64) -> f64 {
        let width = self.high - self.low;
        if !(self.low..=self.high).contains(&x) {
            0.0
        } else if x < self.mode {
            2.0 * (x - self.low) / (width * (self.mode - self.low))
        } else if x > self.mode {
            2.0 * (self.high - x) / (width * (self.high - self.mode))
        } else {
            2.0 / width
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let width = self.high - self.low;
        if x <= self.low {
            0.0
        } else if x >= self.high {
            1.0
        } else if x <= self.mode {
            (x - self.low) * ((x - self.low) / (width * (self.mode - self.low)))
        } else {
            1.0 - (self.high - x) * ((self.high - x) / (width * (self.high - self.mode)))
        }
    }

    fn quantile(&self, probability: f64) -> f64 {
        let mut column = [probability];
        self.fill(&mut column);
        column[0]
    }

    fn mean(&self) -> f64 {
        (self.low + self.mode + self.high) / 3.0
    }

    fn variance(&self) -> f64 {
        // The same as the formula above, without the squares of large numbers that lie close together.
        let (left, right) = (self.mode - self.low, self.high - self.mode);
        (left * left + right * right + left * right) / 18.0
    }

    fn fill(&self, column: &mut [f64]) {
        fill(column, self.low, self.mode, self.high);
    }
}

dispatched! {
    fn fill(column: &mut [f64], low: f64, mode: f64, high: f64) {
        let width = high - low;
        let (rising, falling) = (width * (mode - low), width * (high - mode));
        let below = (mode - low) / width;
        for value in column {
            // Products with 1 and −1 are exact, and leave one root and no branch.
            let [share, length, end, sign] =
                if *value <= below { [*value, rising, low, 1.0] } else { [1.0 - *value, falling, high, -1.0] };
            *value = end + sign * (share * length).sqrt();
        }
    }
}
