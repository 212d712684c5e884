//! Rates and present values.
//!
//! Where numpy-financial has a function of the same meaning, signs and results are its own
//! (<https://numpy.org/numpy-financial/>).

use super::{Undefined, above_zero, finite};
use crate::numeric::sum::sum;

/// The rate per period that compounds to an effective rate per year: `(1 + i)^(1/k) − 1`.
///
/// # Errors
/// [`Undefined`] for a rate of −100 % or less and for periods per year that are not above 0.
pub fn rate_per_period(annual_effective: f64, periods_per_year: f64) -> Result<f64, Undefined> {
    let periods_per_year = above_zero(periods_per_year, Undefined::NoPeriodsPerYear)?;
    finite((rate(annual_effective)?.ln_1p() / periods_per_year).exp_m1())
}

/// The effective rate per year that a rate per period compounds to: `(1 + r)^k − 1`.
///
/// # Errors
/// [`Undefined`] for a rate of −100 % or less and for periods per year that are not above 0.
pub fn annualize(rate_per_period: f64, periods_per_year: f64) -> Result<f64, Undefined> {
    let periods_per_year = above_zero(periods_per_year, Undefined::NoPeriodsPerYear)?;
    finite((rate(rate_per_period)?.ln_1p() * periods_per_year).exp_m1())
}

/// A rate that discounting is defined for.
fn rate(rate: f64) -> Result<f64, Undefined> {
    above_zero(1.0 + rate, Undefined::RateTooLow).and(Ok(rate))
}

/// The flows as they are worth in period 0: `CF_t / (1 + r)^t`. The rate must be above −1.
pub(super) fn discounted(rate: f64, flows: &[f64]) -> impl Iterator<Item = f64> {
    let growth = std::iter::successors(Some(1.0), move |growth| Some(growth * (1.0 + rate)));
    // No flow is worth nothing at any rate, even where the growth factor itself has become too small.
    flows.iter().zip(growth).map(|(&flow, growth)| if flow == 0.0 { 0.0 } else { flow / growth })
}

/// The net present value of flows, `Σ CF_t / (1 + r)^t`, with period 0 undiscounted.
///
/// Spreadsheets' `NPV` discounts the first value by one period and is smaller by the factor `1 + r`.
///
/// # Errors
/// [`Undefined`] for a rate of −100 % or less, no periods, and a value too large for a number.
pub fn net_present_value(rate_per_period: f64, flows: &[f64]) -> Result<f64, Undefined> {
    if flows.is_empty() {
        return Err(Undefined::NoPeriods);
    }
    finite(sum(discounted(rate(rate_per_period)?, flows)))
}

/// The present values of what comes in and of what goes out, both as positive amounts.
fn inflow_and_investment(inflow_rate: f64, outflow_rate: f64, flows: &[f64]) -> Result<(f64, f64), Undefined> {
    let inflow = finite(sum(discounted(rate(inflow_rate)?, flows).filter(|flow| flow.is_nan() || *flow > 0.0)))?;
    let outflow = finite(sum(discounted(rate(outflow_rate)?, flows).filter(|flow| flow.is_nan() || *flow < 0.0)))?;
    Ok((inflow, above_zero(-outflow, Undefined::NoInvestment)?))
}

/// What one unit of money invested returns in present value: `PV(inflows) / PV(outflows)`.
///
/// With a single investment in period 0 this is `1 + NPV / |CF_0|`; with several, all of them are invested.
///
/// # Errors
/// [`Undefined`] where nothing is invested, and as [`net_present_value`].
pub fn profitability_index(rate_per_period: f64, flows: &[f64]) -> Result<f64, Undefined> {
    if flows.is_empty() {
        return Err(Undefined::NoPeriods);
    }
    let (inflow, investment) = inflow_and_investment(rate_per_period, rate_per_period, flows)?;
    finite(inflow / investment)
}

/// The rate at which what goes out, financed at one rate, grows to what comes in, reinvested at another:
/// `(FV(inflows, reinvest) / |PV(outflows, finance)|)^(1/n) − 1`, where `n` is the number of periods after the first.
///
/// # Errors
/// [`Undefined`] where nothing comes in or nothing is invested, for rates of −100 % or less, and for one period.
pub fn modified_internal_rate_of_return(
    flows: &[f64],
    finance_rate: f64,
    reinvestment_rate: f64,
) -> Result<f64, Undefined> {
    let periods = match flows.len() {
        0 | 1 => return Err(Undefined::NoPeriods),
        length => as_f64(length - 1),
    };
    let (inflow, investment) = inflow_and_investment(reinvestment_rate, finance_rate, flows)?;
    above_zero(inflow, Undefined::NoInflow)?;
    // The future value is the present one times (1 + reinvestment rate)^n; taken out of the root it cannot overflow.
    finite(((inflow.ln() - investment.ln()) / periods + reinvestment_rate.ln_1p()).exp_m1())
}

/// The constant amount per period, in periods 1 to `n`, that is worth a present value:
/// `PV·r / (1 − (1 + r)^−n)`, and `PV / n` at a rate of 0. Of a net present value this is the equivalent annuity.
///
/// # Errors
/// [`Undefined`] for no periods and for a rate of −100 % or less.
pub fn equivalent_annuity(rate_per_period: f64, periods: u32, present_value: f64) -> Result<f64, Undefined> {
    finite(finite(present_value)? / annuity_factor(rate_per_period, periods)?)
}

/// What a loan costs at the end of each of `n` periods, negative for money received now (numpy-financial's `pmt`).
///
/// # Errors
/// As [`equivalent_annuity`].
pub fn payment(rate_per_period: f64, periods: u32, present_value: f64) -> Result<f64, Undefined> {
    equivalent_annuity(rate_per_period, periods, -present_value)
}

/// What must be paid now to receive a payment at the end of each of `n` periods, negative for payments received
/// (numpy-financial's `pv`).
///
/// # Errors
/// As [`equivalent_annuity`].
pub fn present_value(rate_per_period: f64, periods: u32, payment: f64) -> Result<f64, Undefined> {
    finite(-finite(payment)? * annuity_factor(rate_per_period, periods)?)
}

/// The present value of 1 at the end of each period: `(1 − (1 + r)^−n) / r`.
fn annuity_factor(rate_per_period: f64, periods: u32) -> Result<f64, Undefined> {
    let growth = rate(rate_per_period)?.ln_1p();
    match (periods, rate_per_period) {
        (0, _) => Err(Undefined::NoPeriods),
        (_, 0.0) => Ok(f64::from(periods)),
        _ => finite(-(-f64::from(periods) * growth).exp_m1() / rate_per_period),
    }
}

/// A count of periods as a number; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "no slice of flows is that long")]
pub(super) fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{
        annualize, equivalent_annuity, modified_internal_rate_of_return, net_present_value, payment, present_value,
        profitability_index, rate_per_period,
    };
    use crate::finance::Undefined;
    use proptest::prelude::*;

    const PROJECT: [f64; 5] = [-40_000.0, 5_000.0, 8_000.0, 12_000.0, 30_000.0];

    #[track_caller]
    fn assert_near(found: Result<f64, Undefined>, expected: f64, tolerance: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
    }

    #[test]
    fn monthly_rates_compound_to_the_yearly_rate() {
        // (1 + i)^(1/12) − 1, computed with mpmath to 13 digits.
        assert_near(rate_per_period(0.12, 12.0), 0.009_488_792_934_583, 1e-15);
        assert_near(rate_per_period(0.08, 12.0), 0.006_434_030, 5e-10);
        assert_near(rate_per_period(0.25, 12.0), 0.018_769_265, 5e-10);
        // The nominal month of 12 % is 1 %, which compounds to 1.01^12 − 1 = 12.6825 %.
        assert_near(annualize(0.01, 12.0), 0.126_825, 5e-7);
        assert_eq!(rate_per_period(0.0, 12.0), Ok(0.0));
        assert_near(rate_per_period(0.12, 1.0), 0.12, 1e-16);
    }

    #[test]
    fn rates_without_meaning_are_refused() {
        assert_eq!(rate_per_period(-1.0, 12.0), Err(Undefined::RateTooLow));
        assert_eq!(annualize(-2.0, 12.0), Err(Undefined::RateTooLow));
        assert_eq!(rate_per_period(0.1, 0.0), Err(Undefined::NoPeriodsPerYear));
        assert_eq!(rate_per_period(f64::NAN, 12.0), Err(Undefined::NotFinite));
        assert_eq!(annualize(1e300, 12.0), Err(Undefined::NotFinite));
        // numpy-financial gives NaN at −100 %.
        assert_eq!(net_present_value(-1.0, &PROJECT), Err(Undefined::RateTooLow));
    }

    #[test]
    fn net_present_values_of_the_textbooks() {
        // numpy-financial's documentation: npv(0.08, …) = 3065.22267.
        assert_near(net_present_value(0.08, &PROJECT), 3_065.222_67, 5e-6);
        // Excel's NPV(10%, −10000, 3000, 4200, 6800) = 1188.44 discounts the first value too; ours is 1.1 times that:
        // −10000 + 3000/1.1 + 4200/1.21 + 6800/1.331 = 1307.29.
        let excel = [-10_000.0, 3_000.0, 4_200.0, 6_800.0];
        assert_near(net_present_value(0.1, &excel), 1_307.29, 5e-3);
        assert_near(net_present_value(0.1, &excel).map(|value| value / 1.1), 1_188.44, 5e-3);
        // numpy-financial's documentation, rates 0, 5 % and 10 % over two flows.
        let table = [(0.0, -2_700.0, -3_500.0), (0.05, -2_798.19, -3_612.24), (0.10, -2_884.30, -3_710.74)];
        for (rate, first, second) in table {
            assert_near(net_present_value(rate, &[-4_000.0, 500.0, 800.0]), first, 5e-3);
            assert_near(net_present_value(rate, &[-5_000.0, 600.0, 900.0]), second, 5e-3);
        }
    }

    #[test]
    fn long_flows_neither_overflow_nor_turn_undefined_for_flows_of_zero() {
        let mut flows = vec![0.0; 1_200];
        flows[0] = -100.0;
        flows[1] = 110.0;
        assert_near(net_present_value(0.1, &flows), 0.0, 1e-13);
        // 0.001^1199 is 0 in floating point, yet nothing is due in those periods: −100 + 110/0.001.
        assert_near(net_present_value(-0.999, &flows), 109_900.0, 1e-7);
        assert_near(net_present_value(1e9, &flows), -100.0, 1e-6);
        flows[1_199] = 1.0;
        assert_eq!(net_present_value(-0.999, &flows), Err(Undefined::NotFinite));
    }

    #[test]
    fn the_modified_rate_of_the_textbook() {
        // numpy-financial's documentation: mirr([-100, 50, -60, 70], 0.10, 0.12) = −0.03909366594356467.
        assert_near(
            modified_internal_rate_of_return(&[-100.0, 50.0, -60.0, 70.0], 0.10, 0.12),
            -0.039_093_665_9,
            5e-11,
        );
        assert_eq!(modified_internal_rate_of_return(&[100.0, 50.0], 0.1, 0.1), Err(Undefined::NoInvestment));
        assert_eq!(modified_internal_rate_of_return(&[-100.0, -50.0], 0.1, 0.1), Err(Undefined::NoInflow));
        assert_eq!(modified_internal_rate_of_return(&[-100.0], 0.1, 0.1), Err(Undefined::NoPeriods));
        // 2 % in each of 1199 periods; 1.9^1199 is no floating-point number.
        let mut flows = vec![0.0; 1_200];
        flows[0] = -1.0;
        flows[1_199] = 1.02f64.powi(1_199);
        assert_near(modified_internal_rate_of_return(&flows, 0.1, 0.1), 0.02, 1e-14);
    }

    #[test]
    fn the_profitability_index_is_one_plus_value_per_investment() {
        // 1 + 3065.22267/40000 = 1.0766.
        assert_near(profitability_index(0.08, &PROJECT), 1.0 + 3_065.222_67 / 40_000.0, 1e-9);
        // Two investments, at 0 %: 150 / (100 + 20).
        assert_near(profitability_index(0.0, &[-100.0, 150.0, -20.0]), 1.25, 1e-15);
        assert_eq!(profitability_index(0.08, &[5.0]), Err(Undefined::NoInvestment));
        assert_eq!(profitability_index(0.08, &[]), Err(Undefined::NoPeriods));
    }

    #[test]
    fn annuities_of_the_textbooks() {
        // numpy-financial's documentation: pmt(0.08/12, 60, 15000) and pv(0.07, 20, 12000).
        assert_near(payment(0.08 / 12.0, 60, 15_000.0), -304.145_9, 5e-5);
        assert_near(present_value(0.07, 20, 12_000.0), -127_128.17, 5e-3);
        assert_eq!(payment(0.0, 60, 15_000.0), Ok(-250.0));
        // 3065.22267·0.08 / (1 − 1.08^−4) = 925.4545 (mpmath).
        assert_near(equivalent_annuity(0.08, 4, 3_065.222_67), 925.454_5, 5e-5);
        assert_eq!(equivalent_annuity(0.0, 4, 100.0), Ok(25.0));
        assert_eq!(equivalent_annuity(0.08, 0, 100.0), Err(Undefined::NoPeriods));
        // Near 0 the formula tends to the mean: 100/4·(1 + 5r/2).
        assert_near(equivalent_annuity(1e-12, 4, 100.0), 25.0 * (1.0 + 2.5e-12), 1e-13);
    }

    proptest! {
        #[test]
        fn the_value_at_no_rate_is_the_sum(flows in prop::collection::vec(-1_000_000..1_000_000_i32, 1..60)) {
            let total: i64 = flows.iter().map(|&flow| i64::from(flow)).sum();
            let flows: Vec<f64> = flows.into_iter().map(f64::from).collect();
            #[expect(clippy::cast_precision_loss, reason = "at most 6e7")]
            let total = total as f64;
            prop_assert_eq!(net_present_value(0.0, &flows), Ok(total));
        }

        #[test]
        fn yearly_and_periodic_rates_are_inverse(rate in -0.99..10.0_f64, periods in 1.0..366.0_f64) {
            let back = annualize(rate_per_period(rate, periods).unwrap(), periods).unwrap();
            prop_assert!((back - rate).abs() <= 1e-12 * (1.0 + rate.abs()));
        }

        #[test]
        fn payments_are_worth_what_was_lent(rate in -0.5..2.0_f64, periods in 1..400_u32) {
            let lent = payment(rate, periods, 1_000.0).and_then(|payment| present_value(rate, periods, payment));
            prop_assert!((lent.unwrap() - 1_000.0).abs() < 1e-9);
        }

        #[test]
        fn no_finite_flows_panic(flows in prop::collection::vec(any::<f64>(), 0..20), rate in any::<f64>()) {
            for value in [
                net_present_value(rate, &flows),
                profitability_index(rate, &flows),
                modified_internal_rate_of_return(&flows, rate, rate),
            ] {
                prop_assert!(value.is_err() || value.unwrap().is_finite());
            }
        }
    }
}
