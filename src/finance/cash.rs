//! How long cash lasts, and what growth costs in it.

use super::{Undefined, above_zero, finite};

/// How many periods cash lasts at a constant net burn (cash out less cash in): `cash / burn`.
///
/// # Errors
/// [`Undefined`] where no cash is burned, so that it lasts without end, and where there is none.
pub fn runway(cash: f64, net_burn: f64) -> Result<f64, Undefined> {
    finite(available(cash)? / above_zero(net_burn, Undefined::NoBurn)?)
}

/// How many periods cash lasts where the net burn of the first period grows by a share per period:
/// `ln(1 + cash·g / burn) / ln(1 + g)`.
///
/// # Errors
/// As [`runway`]; and where the burn shrinks so fast that its endless sum is less than the cash.
pub fn runway_with_growing_burn(cash: f64, net_burn: f64, growth: f64) -> Result<f64, Undefined> {
    let constant = runway(cash, net_burn)?;
    above_zero(1.0 + growth, Undefined::RateTooLow)?;
    if growth == 0.0 {
        return Ok(constant);
    }
    above_zero(1.0 + constant * growth, Undefined::BurnFades)?;
    finite((constant * growth).ln_1p() / growth.ln_1p())
}

fn available(cash: f64) -> Result<f64, Undefined> {
    if finite(cash)? < 0.0 { Err(Undefined::NoCash) } else { Ok(cash) }
}

/// Net burn for each unit of net new annual recurring revenue: up to 1 amazing, over 3 bad.
///
/// Source: D. Sacks, "The Burn Multiple" (2020).
///
/// # Errors
/// [`Undefined`] where no cash is burned, which is no inefficiency, and where recurring revenue does not grow.
pub fn burn_multiple(net_burn: f64, net_new_annual_recurring_revenue: f64) -> Result<f64, Undefined> {
    let burn = above_zero(net_burn, Undefined::NoBurn)?;
    finite(burn / above_zero(net_new_annual_recurring_revenue, Undefined::NoGrowth)?)
}

/// Growth of revenue per year plus profit margin, as a fraction: 0.4 is the rule's 40 %.
///
/// Which profit (EBITDA, free cash flow) is the caller's to say.
/// Source: B. Feld, "The Rule of 40% For a Healthy `SaaS` Company" (2015).
///
/// # Errors
/// [`Undefined`] where one of the two is.
pub fn rule_of_40(growth: f64, profit_margin: f64) -> Result<f64, Undefined> {
    finite(growth + profit_margin)
}

#[cfg(test)]
mod tests {
    use super::{burn_multiple, rule_of_40, runway, runway_with_growing_burn};
    use crate::finance::Undefined;
    use proptest::prelude::*;

    #[test]
    fn the_worked_examples() {
        // $6M / $250k = 24 months; $2M burned / $1M new = 2; 60 % growth with a margin of −25 % = 35 %.
        assert_eq!(runway(6e6, 250e3), Ok(24.0));
        assert_eq!(burn_multiple(2e6, 1e6), Ok(2.0));
        assert!((rule_of_40(0.60, -0.25).unwrap() - 0.35).abs() < 1e-15);
    }

    #[test]
    fn a_growing_burn_shortens_and_a_shrinking_one_lengthens_the_runway() {
        // 100 + 200 + 400 = 700 burns down in 3 periods; 400 + 200 + 100 = 700 as well.
        assert!((runway_with_growing_burn(700.0, 100.0, 1.0).unwrap() - 3.0).abs() < 1e-15);
        assert!((runway_with_growing_burn(700.0, 400.0, -0.5).unwrap() - 3.0).abs() < 1e-15);
        // 400 + 200 + … never reaches 800.
        assert_eq!(runway_with_growing_burn(800.0, 400.0, -0.5), Err(Undefined::BurnFades));
        assert_eq!(runway_with_growing_burn(800.0, 400.0, 0.0), Ok(2.0));
        assert_eq!(runway_with_growing_burn(800.0, 400.0, -1.0), Err(Undefined::RateTooLow));
    }

    #[test]
    fn what_does_not_apply_has_a_reason() {
        assert_eq!(runway(6e6, 0.0), Err(Undefined::NoBurn));
        assert_eq!(runway(6e6, -1.0), Err(Undefined::NoBurn));
        assert_eq!(runway(-1.0, 1.0), Err(Undefined::NoCash));
        assert_eq!(runway(0.0, 1.0), Ok(0.0));
        assert_eq!(burn_multiple(2e6, 0.0), Err(Undefined::NoGrowth));
        assert_eq!(burn_multiple(-2e6, 1e6), Err(Undefined::NoBurn));
        assert_eq!(rule_of_40(f64::NAN, 0.1), Err(Undefined::NotFinite));
    }

    proptest! {
        #[test]
        fn what_is_burned_over_the_runway_is_the_cash(cash in 1.0..1e9_f64, burn in 1.0..1e7_f64, growth in -0.3..0.5_f64) {
            if let Ok(periods) = runway_with_growing_burn(cash, burn, growth) {
                // b·((1 + g)^n − 1)/g
                let burned = burn * (periods * growth.ln_1p()).exp_m1() / growth;
                prop_assert!((burned - cash).abs() <= 1e-6 * cash);
            }
        }
    }
}
