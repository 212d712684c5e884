//! When a cash flow has brought back what it took.

use super::discounting::discounted;
use super::{Undefined, above_zero};
use crate::numeric::sum::RunningSum;

/// When the cumulative cash flow first reaches 0, and whether it stays there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payback {
    /// The time in periods; within a period the flow is taken to come in evenly.
    pub at: f64,
    /// Whether the cumulative flow never falls below 0 again.
    pub permanent: bool,
}

/// The smallest time at which the cumulative flow is not below 0: `t − 1 + (−cum_{t−1}) / CF_t`; 0 if nothing is
/// owed in period 0.
///
/// # Errors
/// [`Undefined`] where the cumulative flow stays below 0, or there are no periods.
pub fn payback(flows: &[f64]) -> Result<Payback, Undefined> {
    first_recovery(flows.iter().copied())
}

/// The same of the flows as they are worth in period 0.
///
/// # Errors
/// As [`payback`], and for a rate of −100 % or less.
pub fn discounted_payback(rate_per_period: f64, flows: &[f64]) -> Result<Payback, Undefined> {
    above_zero(1.0 + rate_per_period, Undefined::RateTooLow)?;
    first_recovery(discounted(rate_per_period, flows))
}

fn first_recovery(flows: impl Iterator<Item = f64>) -> Result<Payback, Undefined> {
    let mut cumulative = RunningSum::default();
    let mut turnover = 0.0;
    let mut found: Option<Payback> = None;
    let mut end = 0.0;
    for flow in flows {
        let before = cumulative.total();
        cumulative = cumulative.plus(flow);
        turnover += flow.abs();
        if !f64::is_finite(turnover) {
            return Err(Undefined::NotFinite);
        }
        // Amounts such as 0.1 are not exact, so a balance of 0 may miss it by a rounding of all that was moved.
        let below = cumulative.total() < -f64::EPSILON * turnover;
        match &mut found {
            Some(payback) => payback.permanent &= !below,
            None if below => {}
            None => {
                let at = if end == 0.0 { 0.0 } else { end - 1.0 + (-before / flow).clamp(0.0, 1.0) };
                found = Some(Payback { at, permanent: true });
            }
        }
        end += 1.0;
    }
    if end == 0.0 { Err(Undefined::NoPeriods) } else { found.ok_or(Undefined::NeverRecovered) }
}

#[cfg(test)]
mod tests {
    use super::{Payback, discounted_payback, payback};
    use crate::finance::Undefined;
    use proptest::prelude::*;

    const PROJECT: [f64; 5] = [-40_000.0, 5_000.0, 8_000.0, 12_000.0, 30_000.0];

    #[test]
    fn the_project_pays_back_halfway_through_its_last_period() {
        // −40,000 + 5,000 + 8,000 + 12,000 = −15,000; 3 + 15,000/30,000.
        assert_eq!(payback(&PROJECT), Ok(Payback { at: 3.5, permanent: true }));
        // At 8 % the balance after period 3 is −18,985.67 and the last flow is worth 22,050.90 (mpmath: 3.86099).
        let discounted = discounted_payback(0.08, &PROJECT).unwrap();
        assert!((discounted.at - 3.860_99).abs() < 5e-6, "{discounted:?}");
        assert_eq!(discounted_payback(0.0, &PROJECT), payback(&PROJECT));
    }

    #[test]
    fn a_recovery_that_does_not_last_says_so() {
        // 100/150 = 0.667; after period 2 the balance is −30 again.
        let found = payback(&[-100.0, 150.0, -80.0, 40.0]).unwrap();
        assert!((found.at - 2.0 / 3.0).abs() < 1e-15 && !found.permanent, "{found:?}");
    }

    #[test]
    fn what_was_never_owed_is_paid_back_at_once() {
        assert_eq!(payback(&[0.0, 5.0]), Ok(Payback { at: 0.0, permanent: true }));
        assert_eq!(payback(&[5.0, -6.0]), Ok(Payback { at: 0.0, permanent: false }));
    }

    #[test]
    fn a_balance_of_zero_counts_in_spite_of_rounding() {
        // In binary 0.9 is a little more, and 0.3 a little less, than it says: even the exact sum misses 0 by 6e-17.
        let flows = [-0.9, 0.3, 0.3, 0.3];
        let found = payback(&flows).unwrap();
        assert!((found.at - 3.0).abs() < 1e-12 && found.permanent, "{found:?}");
    }

    #[test]
    fn what_is_never_recovered_has_a_reason() {
        assert_eq!(payback(&[-100.0, 50.0]), Err(Undefined::NeverRecovered));
        assert_eq!(payback(&[]), Err(Undefined::NoPeriods));
        assert_eq!(payback(&[f64::NAN]), Err(Undefined::NotFinite));
        assert_eq!(discounted_payback(-1.0, &PROJECT), Err(Undefined::RateTooLow));
    }

    proptest! {
        #[test]
        fn payback_lies_within_the_periods(flows in prop::collection::vec(-1e6..1e6_f64, 1..30), rate in -0.5..1.0_f64) {
            let last = f64::from(u32::try_from(flows.len()).unwrap() - 1);
            for found in [payback(&flows), discounted_payback(rate, &flows)] {
                match found {
                    Ok(found) => prop_assert!((0.0..=last).contains(&found.at)),
                    Err(reason) => prop_assert_eq!(reason, Undefined::NeverRecovered),
                }
            }
        }
    }
}
