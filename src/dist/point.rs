//! All probability on one value: what any distribution without width is.

use super::Distribution;

/// All probability on one value.
#[derive(Clone, Copy, Debug)]
pub struct Point(pub f64);

impl Distribution for Point {
    fn density(&self, x: f64) -> f64 {
        if x == self.0 { 1.0 } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.0 { 1.0 } else { 0.0 }
    }

    fn quantile(&self, _: f64) -> f64 {
        self.0
    }

    fn mean(&self) -> f64 {
        self.0
    }

    fn variance(&self) -> f64 {
        0.0
    }

    fn fill(&self, column: &mut [f64]) {
        column.fill(self.0);
    }

    fn constant(&self) -> Option<f64> {
        Some(self.0)
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(vec![(self.0, 1.0)])
    }
}
