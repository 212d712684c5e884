//! Sums that keep what plain addition rounds away.
//!
//! Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).

/// The sum of numbers, as exact as if it were added up in twice the precision and then rounded.
///
/// An undefined or infinite term makes the sum what plain addition makes of it.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(RunningSum::default(), RunningSum::plus).total()
}

/// A compensated sum on its way, for whoever needs the totals in between.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunningSum {
    rounded: f64,
    lost: f64,
}

impl RunningSum {
    /// The sum with one more term.
    #[must_use]
    pub fn plus(self, term: f64) -> Self {
        let rounded = self.rounded + term;
        let lost = if self.rounded.abs() >= term.abs() {
            (self.rounded - rounded) + term
        } else {
            (term - rounded) + self.rounded
        };
        Self { rounded, lost: self.lost + lost }
    }

    /// What the terms so far add up to.
    pub fn total(self) -> f64 {
        // Once the sum has left the finite numbers, what was lost is undefined and must not spoil it.
        if self.rounded.is_finite() { self.rounded + self.lost } else { self.rounded }
    }
}

#[cfg(test)]
mod tests {
    use super::{RunningSum, sum};

    #[test]
    fn small_terms_survive_beside_large_ones() {
        // Plain addition gives 0: 1e100 + 1 = 1e100. The exact sum is 1 + 1 = 2.
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
    }

    #[test]
    fn ten_tenths_are_one() {
        // Plain addition gives 0.9999999999999999.
        assert_eq!(sum([0.1; 10]), 1.0);
    }

    #[test]
    fn nothing_adds_up_to_zero() {
        assert_eq!(sum([]), 0.0);
    }

    #[test]
    fn undefined_and_infinite_terms_are_not_hidden() {
        assert!(sum([1.0, f64::NAN, 2.0]).is_nan());
        assert_eq!(sum([1.0, f64::INFINITY, 2.0]), f64::INFINITY);
        assert_eq!(sum([f64::MAX, f64::MAX]), f64::INFINITY);
    }

    #[test]
    fn the_totals_in_between_are_the_sums_so_far() {
        let first = RunningSum::default().plus(0.1).plus(0.2);
        assert_eq!(first.total(), 0.1 + 0.2);
        assert_eq!(first.plus(-0.3).total(), sum([0.1, 0.2, -0.3]));
    }
}
