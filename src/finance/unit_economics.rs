//! What one customer is worth, what winning them costs, and how their number moves.
//!
//! Churn, growth and discount rates are per period, and so is everything that is measured in periods. A customer's
//! margin is the average revenue per account and period times the gross margin; with revenue in its place a lifetime
//! value is one of revenue, and must not be compared with the cost of acquisition.
//!
//! Source of definitions: D. Skok, "`SaaS` Metrics 2.0"; a16z, "16 Startup Metrics" (2015).

use super::{Undefined, above_zero, finite, share};

/// The share of customers that stay for a number of periods: `(1 − c)^n`.
///
/// # Errors
/// [`Undefined`] for a churn outside 0–1.
pub fn retention(churn: f64, periods: f64) -> Result<f64, Undefined> {
    finite((1.0 - share(churn)?).powf(periods))
}

/// The share of customers lost over several periods: `1 − (1 − c)^n`, for a year of months `n = 12`.
///
/// # Errors
/// As [`retention`].
pub fn churn_over(churn: f64, periods: f64) -> Result<f64, Undefined> {
    finite(-((-share(churn)?).ln_1p() * finite(periods)?).exp_m1())
}

/// The share of customers lost in each of several periods in which a share is lost in all: `1 − (1 − c)^(1/n)`.
///
/// # Errors
/// As [`retention`], and for no periods.
pub fn churn_per_period(churn: f64, periods: f64) -> Result<f64, Undefined> {
    churn_over(churn, 1.0 / above_zero(periods, Undefined::NoPeriods)?)
}

/// The customers lost in a period as a share of those at its start.
///
/// # Errors
/// [`Undefined`] where there were none.
pub fn customer_churn(lost: f64, at_start: f64) -> Result<f64, Undefined> {
    finite(lost / above_zero(at_start, Undefined::NoCustomers)?)
}

/// How many periods a customer stays on average, the first included: `1 / c`.
///
/// # Errors
/// [`Undefined`] where nobody leaves.
pub fn customer_lifetime(churn: f64) -> Result<f64, Undefined> {
    finite(1.0 / some_churn(churn)?)
}

fn some_churn(churn: f64) -> Result<f64, Undefined> {
    above_zero(share(churn)?, Undefined::NoChurn)
}

/// What a customer brings over their lifetime: `m / c`.
///
/// # Errors
/// [`Undefined`] where nobody leaves.
pub fn lifetime_value(margin: f64, churn: f64) -> Result<f64, Undefined> {
    finite(margin / some_churn(churn)?)
}

/// When a customer pays, and what they must have lived to see for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// At the start of each period, so the first payment is not discounted.
    InAdvance,
    /// At the end of each period, if they were there at its start.
    InArrears,
    /// At the end of each period, if they are still there.
    InArrearsIfKept,
}

/// What a customer brings over their lifetime, discounted: in advance `m·(1 + d)/(d + c)`, in arrears `m/(d + c)`,
/// in arrears if kept `m·(1 − c)/(d + c)`.
///
/// # Errors
/// [`Undefined`] where churn and discount rate together are not above 0, and for a rate of −100 % or less.
pub fn discounted_lifetime_value(
    margin: f64,
    churn: f64,
    discount_rate: f64,
    billing: Billing,
) -> Result<f64, Undefined> {
    above_zero(1.0 + discount_rate, Undefined::RateTooLow)?;
    let faded = above_zero(discount_rate + share(churn)?, Undefined::NoChurn)?;
    let first = match billing {
        Billing::InAdvance => 1.0 + discount_rate,
        Billing::InArrears => 1.0,
        Billing::InArrearsIfKept => 1.0 - churn,
    };
    finite(margin * first / faded)
}

/// What a customer brings in their first `n` periods: `m·(1 − (1 − c)^n)/c`, and `m·n` where nobody leaves.
///
/// # Errors
/// [`Undefined`] for a churn outside 0–1 and for fewer than no periods.
pub fn lifetime_value_within(margin: f64, churn: f64, periods: f64) -> Result<f64, Undefined> {
    if periods < 0.0 {
        return Err(Undefined::NoPeriods);
    }
    let expected_periods = if share(churn)? == 0.0 { periods } else { churn_over(churn, periods)? / churn };
    finite(margin * expected_periods)
}

/// What a customer brings whose margin grows by the same amount each period: `m/c + g·(1 − c)/c²`.
///
/// # Errors
/// [`Undefined`] where nobody leaves.
pub fn lifetime_value_with_linear_expansion(margin: f64, churn: f64, increase: f64) -> Result<f64, Undefined> {
    let churn = some_churn(churn)?;
    finite(margin / churn + increase * (1.0 - churn) / (churn * churn))
}

/// What a customer brings whose margin grows by the same share each period: `m / (1 − (1 − c)(1 + g))`.
///
/// # Errors
/// [`Undefined`] where growth makes up for churn, so that the sum has no bound: discount it, or take a horizon.
pub fn lifetime_value_with_geometric_expansion(margin: f64, churn: f64, growth: f64) -> Result<f64, Undefined> {
    above_zero(1.0 + growth, Undefined::RateTooLow)?;
    // 1 − (1 − c)(1 + g), in a form that does not cancel.
    let faded = above_zero(share(churn)? * (1.0 + growth) - growth, Undefined::Unbounded)?;
    finite(margin / faded)
}

/// Sales and marketing, fully loaded, for each customer won in the period (CAC).
///
/// # Errors
/// [`Undefined`] where no customer was won.
pub fn customer_acquisition_cost(spending: f64, new_customers: f64) -> Result<f64, Undefined> {
    finite(spending / above_zero(new_customers, Undefined::NoNewCustomers)?)
}

/// Lifetime value for each unit of acquisition cost; 3 and more is held to be healthy.
///
/// # Errors
/// [`Undefined`] where acquisition costs nothing.
pub fn lifetime_value_to_acquisition_cost(lifetime_value: f64, acquisition_cost: f64) -> Result<f64, Undefined> {
    finite(lifetime_value / above_zero(acquisition_cost, Undefined::NoAcquisitionCost)?)
}

/// How many periods of a customer's margin pay back the cost of acquiring them, if they stay: `CAC / m`.
///
/// # Errors
/// [`Undefined`] where they bring no margin, and for a negative cost.
pub fn acquisition_payback(acquisition_cost: f64, margin: f64) -> Result<f64, Undefined> {
    if finite(acquisition_cost)? < 0.0 {
        return Err(Undefined::Negative);
    }
    finite(acquisition_cost / above_zero(margin, Undefined::NeverPaidBack)?)
}

/// The same for customers that leave: `ln(1 − CAC·c/m) / ln(1 − c)`.
///
/// # Errors
/// As [`acquisition_payback`]; where the cost is not less than the lifetime value; and where everyone leaves within
/// the period.
pub fn acquisition_payback_with_churn(acquisition_cost: f64, margin: f64, churn: f64) -> Result<f64, Undefined> {
    let periods = acquisition_payback(acquisition_cost, margin)?;
    let churn = share(churn)?;
    if churn == 0.0 || periods == 0.0 {
        return Ok(periods);
    }
    above_zero(1.0 - periods * churn, Undefined::NeverPaidBack)?;
    above_zero(1.0 - churn, Undefined::EveryoneLeaves)?;
    finite((-periods * churn).ln_1p() / (-churn).ln_1p())
}

/// The share of revenue left after a cost: the gross margin after the cost of goods sold, the contribution margin
/// after variable cost.
///
/// # Errors
/// [`Undefined`] where there is no revenue.
pub fn margin(revenue: f64, cost: f64) -> Result<f64, Undefined> {
    finite((revenue - cost) / above_zero(revenue, Undefined::NoRevenue)?)
}

/// Revenue for each user: ARPU, or of accounts ARPA, or of paying users ARPPU.
///
/// # Errors
/// [`Undefined`] where there are no users.
pub fn average_revenue(revenue: f64, users: f64) -> Result<f64, Undefined> {
    finite(revenue / above_zero(users, Undefined::NoCustomers)?)
}

/// The whole number of customers at which margins cover the fixed cost: `⌈F / (p − v)⌉`.
///
/// # Errors
/// [`Undefined`] where a unit is sold for no more than it costs.
pub fn break_even_customers(fixed_cost: f64, price: f64, variable_cost: f64) -> Result<f64, Undefined> {
    let customers = finite(fixed_cost / above_zero(price - variable_cost, Undefined::NoUnitMargin)?)?;
    // Where rounding alone lifts the quotient above a whole number, that number covers the cost.
    let rounding = 4.0 * f64::EPSILON * customers.abs();
    let whole = if customers - customers.round() <= rounding { customers.round() } else { customers };
    Ok(whole.ceil().max(0.0))
}

/// The customers at the start of each period, without end: `n(t+1) = n(t)·(1 − c) + joins`.
///
/// # Errors
/// [`Undefined`] for a churn outside 0–1, and for a start or joins that are no numbers.
pub fn customers(start: f64, churn: f64, joins: f64) -> Result<impl Iterator<Item = f64>, Undefined> {
    let kept = 1.0 - share(churn)?;
    let (start, joins) = (finite(start)?, finite(joins)?);
    Ok(std::iter::successors(Some(start), move |customers| Some(customers * kept + joins)))
}

/// The number of customers that the joins of each period keep up: `joins / c`.
///
/// # Errors
/// [`Undefined`] where nobody leaves.
pub fn steady_customers(churn: f64, joins: f64) -> Result<f64, Undefined> {
    finite(joins / some_churn(churn)?)
}

#[cfg(test)]
mod tests {
    use super::{
        Billing, acquisition_payback, acquisition_payback_with_churn, average_revenue, break_even_customers,
        churn_over, churn_per_period, customer_acquisition_cost, customer_churn, customer_lifetime, customers,
        discounted_lifetime_value, lifetime_value, lifetime_value_to_acquisition_cost,
        lifetime_value_with_geometric_expansion, lifetime_value_with_linear_expansion, lifetime_value_within, margin,
        retention, steady_customers,
    };
    use crate::finance::Undefined;
    use proptest::prelude::*;

    /// An average account brings 100, of which 80 are margin; 5 % leave each month; winning one costs 400.
    const MARGIN: f64 = 100.0 * 0.8;
    const CHURN: f64 = 0.05;
    const COST: f64 = 400.0;

    #[track_caller]
    fn assert_near(found: Result<f64, Undefined>, expected: f64, tolerance: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
    }

    #[test]
    fn churn_compounds() {
        // 1 − 0.97^12 = 30.62 %, and 1 − 0.8^(1/12) = 1.842 %.
        assert_near(churn_over(0.03, 12.0), 0.306_2, 5e-5);
        assert_near(churn_per_period(0.20, 12.0), 0.018_42, 5e-6);
        // 0.9³
        assert_near(retention(0.1, 3.0), 0.729, 1e-15);
        assert_eq!(churn_over(1.0, 12.0), Ok(1.0));
        assert_eq!(churn_over(1.2, 12.0), Err(Undefined::NotAShare));
        assert_eq!(churn_per_period(0.2, 0.0), Err(Undefined::NoPeriods));
        assert_eq!(customer_churn(30.0, 1_000.0), Ok(0.03));
        assert_eq!(customer_churn(0.0, 0.0), Err(Undefined::NoCustomers));
    }

    #[test]
    fn lifetimes_and_lifetime_values_of_the_worked_example() {
        // Skok: 3 % a month → 33 months, 20 % a year → 5 years.
        assert_near(customer_lifetime(0.03), 33.0, 0.5);
        assert_eq!(customer_lifetime(0.20), Ok(5.0));
        assert_eq!(customer_lifetime(CHURN), Ok(20.0));
        // 80/0.05
        assert_eq!(lifetime_value(MARGIN, CHURN), Ok(1_600.0));
        // 80·1.01/0.06, 80/0.06, 80·0.95/0.06
        assert_near(discounted_lifetime_value(MARGIN, CHURN, 0.01, Billing::InAdvance), 1_346.67, 5e-3);
        assert_near(discounted_lifetime_value(MARGIN, CHURN, 0.01, Billing::InArrears), 1_333.33, 5e-3);
        assert_near(discounted_lifetime_value(MARGIN, CHURN, 0.01, Billing::InArrearsIfKept), 1_266.67, 5e-3);
        // 80·(1 − 0.95^36)/0.05
        assert_near(lifetime_value_within(MARGIN, CHURN, 36.0), 1_347.55, 5e-3);
        assert_eq!(lifetime_value_within(MARGIN, 0.0, 36.0), Ok(2_880.0));
        // 80/0.05 + 2·0.8·0.95/0.0025
        assert_near(lifetime_value_with_linear_expansion(MARGIN, CHURN, 2.0 * 0.8), 2_208.0, 1e-9);
        // 80/(1 − 0.95·1.02) = 80/0.031
        assert_near(lifetime_value_with_geometric_expansion(MARGIN, CHURN, 0.02), 80.0 / 0.031, 1e-9);
    }

    #[test]
    fn a_customer_who_never_leaves_has_no_finite_value() {
        assert_eq!(customer_lifetime(0.0), Err(Undefined::NoChurn));
        assert_eq!(lifetime_value(MARGIN, 0.0), Err(Undefined::NoChurn));
        assert_eq!(lifetime_value_with_linear_expansion(MARGIN, 0.0, 1.0), Err(Undefined::NoChurn));
        // 0.95·1.06 = 1.007: negative churn.
        assert_eq!(lifetime_value_with_geometric_expansion(MARGIN, CHURN, 0.06), Err(Undefined::Unbounded));
        assert_eq!(discounted_lifetime_value(MARGIN, 0.0, 0.0, Billing::InArrears), Err(Undefined::NoChurn));
        // Discounting bounds what churn does not: 80/0.01.
        assert_near(discounted_lifetime_value(MARGIN, 0.0, 0.01, Billing::InArrears), 8_000.0, 1e-9);
    }

    #[test]
    fn acquisition_of_the_worked_example() {
        assert_eq!(customer_acquisition_cost(40_000.0, 100.0), Ok(COST));
        assert_eq!(lifetime_value_to_acquisition_cost(1_600.0, COST), Ok(4.0));
        assert_eq!(acquisition_payback(COST, MARGIN), Ok(5.0));
        // ln(1 − 400·0.05/80)/ln 0.95 = ln 0.75/ln 0.95
        assert_near(acquisition_payback_with_churn(COST, MARGIN, CHURN), 5.61, 5e-3);
        assert_eq!(acquisition_payback_with_churn(COST, MARGIN, 0.0), Ok(5.0));
        assert_eq!(acquisition_payback_with_churn(0.0, MARGIN, 1.0), Ok(0.0));
    }

    #[test]
    fn acquisition_without_an_answer_has_a_reason() {
        assert_eq!(customer_acquisition_cost(40_000.0, 0.0), Err(Undefined::NoNewCustomers));
        assert_eq!(lifetime_value_to_acquisition_cost(1_600.0, 0.0), Err(Undefined::NoAcquisitionCost));
        assert_eq!(acquisition_payback(COST, 0.0), Err(Undefined::NeverPaidBack));
        assert_eq!(acquisition_payback(-1.0, MARGIN), Err(Undefined::Negative));
        // A lifetime brings 1,600, no more.
        assert_eq!(acquisition_payback_with_churn(1_600.0, MARGIN, CHURN), Err(Undefined::NeverPaidBack));
        assert_eq!(acquisition_payback_with_churn(40.0, MARGIN, 1.0), Err(Undefined::EveryoneLeaves));
    }

    #[test]
    fn margins_and_averages() {
        // (250 − 100)/250
        assert_eq!(margin(250.0, 100.0), Ok(0.6));
        assert_eq!(margin(0.0, 100.0), Err(Undefined::NoRevenue));
        assert_eq!(average_revenue(5_000.0, 50.0), Ok(100.0));
        assert_eq!(average_revenue(5_000.0, 0.0), Err(Undefined::NoCustomers));
    }

    #[test]
    fn break_even_is_the_next_whole_customer() {
        assert_eq!(break_even_customers(3_500_000.0, 100.0, 0.0), Ok(35_000.0));
        // 1000/(10 − 7) = 333.3
        assert_eq!(break_even_customers(1_000.0, 10.0, 7.0), Ok(334.0));
        // 3·1.1/1.1 is 3, which 3.3000000000000003/1.1 misses by a rounding.
        assert_eq!(break_even_customers(1.1 * 3.0, 1.1, 0.0), Ok(3.0));
        assert_eq!(break_even_customers(1_000.0, 7.0, 7.0), Err(Undefined::NoUnitMargin));
        assert_eq!(break_even_customers(-5.0, 7.0, 0.0), Ok(0.0));
    }

    #[test]
    fn customers_of_the_worked_example_tend_to_their_steady_number() {
        // 1,000·0.97^12 + 50·(1 − 0.97^12)/0.03 = 1,204.105; 50/0.03 = 1,666.67.
        let after_a_year = customers(1_000.0, 0.03, 50.0).unwrap().nth(12).unwrap();
        assert!((after_a_year - 1_204.105).abs() < 5e-4, "{after_a_year}");
        let steady = steady_customers(0.03, 50.0);
        assert_near(steady, 1_666.67, 5e-3);
        assert_near(steady, customers(1_000.0, 0.03, 50.0).unwrap().nth(2_000).unwrap(), 1e-9);
        assert_eq!(steady_customers(0.0, 50.0), Err(Undefined::NoChurn));
        assert_eq!(customers(1.0, -0.1, 0.0).err(), Some(Undefined::NotAShare));
    }

    proptest! {
        #[test]
        fn closed_forms_agree_with_the_sums_they_stand_for(margin in 1.0..1e3_f64, churn in 0.05..1.0_f64, rate in 0.0..0.1_f64, increase in 0.0..5.0_f64) {
            // A customer is there in period t with probability (1 − c)^t; 1,000 periods leave nothing of it.
            let total = |payment: &dyn Fn(i32) -> f64| (0..1_000).map(|t| payment(t) * (1.0 - churn).powi(t)).sum::<f64>();
            let near = |found: Result<f64, Undefined>, expected: f64| (found.unwrap() - expected).abs() <= 1e-9 * expected;
            prop_assert!(near(lifetime_value(margin, churn), total(&|_| margin)));
            prop_assert!(near(lifetime_value_with_linear_expansion(margin, churn, increase), total(&|t| margin + increase * f64::from(t))));
            let advance = total(&|t| margin / (1.0 + rate).powi(t));
            prop_assert!(near(discounted_lifetime_value(margin, churn, rate, Billing::InAdvance), advance));
            prop_assert!(near(discounted_lifetime_value(margin, churn, rate, Billing::InArrears), advance / (1.0 + rate)));
        }
    }
}
