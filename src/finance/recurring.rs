//! How recurring revenue moves from one period to the next, and what growth costs.

use super::{Undefined, above_zero, finite};

/// The movements of recurring revenue in a period; all are positive amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RecurringRevenue {
    /// The recurring revenue at the start of the period.
    pub start: f64,
    /// From customers won in the period.
    pub new: f64,
    /// More from customers that were there at the start.
    pub expansion: f64,
    /// Less from customers that stay.
    pub contraction: f64,
    /// From customers that left.
    pub churned: f64,
    /// From former customers that came back.
    pub reactivated: f64,
}

impl RecurringRevenue {
    fn share_of_start(&self, amount: f64) -> Result<f64, Undefined> {
        finite(amount / above_zero(self.start, Undefined::NoRecurringRevenue)?)
    }
}

/// New, expanded and reactivated recurring revenue less contracted and churned.
///
/// # Errors
/// [`Undefined`] where a movement is.
pub fn net_new(revenue: &RecurringRevenue) -> Result<f64, Undefined> {
    let RecurringRevenue { new, expansion, contraction, churned, reactivated, .. } = *revenue;
    finite(new + expansion + reactivated - contraction - churned)
}

/// The share of the recurring revenue at the start that its customers still bring, expansion included (NRR).
///
/// # Errors
/// [`Undefined`] where there was none at the start.
pub fn net_revenue_retention(revenue: &RecurringRevenue) -> Result<f64, Undefined> {
    revenue.share_of_start(revenue.start + revenue.expansion - revenue.contraction - revenue.churned)
}

/// The same without expansion, at most 1 (GRR).
///
/// # Errors
/// As [`net_revenue_retention`].
pub fn gross_revenue_retention(revenue: &RecurringRevenue) -> Result<f64, Undefined> {
    revenue.share_of_start(revenue.start - revenue.contraction - revenue.churned)
}

/// The share of the recurring revenue at the start that was contracted or churned.
///
/// # Errors
/// As [`net_revenue_retention`].
pub fn gross_revenue_churn(revenue: &RecurringRevenue) -> Result<f64, Undefined> {
    revenue.share_of_start(revenue.contraction + revenue.churned)
}

/// The same less expansion; negative where expansion is larger.
///
/// # Errors
/// As [`net_revenue_retention`].
pub fn net_revenue_churn(revenue: &RecurringRevenue) -> Result<f64, Undefined> {
    revenue.share_of_start(revenue.contraction + revenue.churned - revenue.expansion)
}

/// Recurring revenue gained for each unit lost: `(new + expansion) / (contraction + churned)`.
///
/// # Errors
/// [`Undefined`] where nothing was lost.
pub fn quick_ratio(revenue: &RecurringRevenue) -> Result<f64, Undefined> {
    let lost = above_zero(revenue.contraction + revenue.churned, Undefined::NothingLost)?;
    finite((revenue.new + revenue.expansion) / lost)
}

/// The growth of a quarter's revenue, over a year, for each unit of the previous quarter's sales and marketing.
///
/// # Errors
/// [`Undefined`] where nothing was spent.
pub fn magic_number(quarterly_growth: f64, previous_spending: f64) -> Result<f64, Undefined> {
    finite(4.0 * quarterly_growth / above_zero(previous_spending, Undefined::NoSpending)?)
}

#[cfg(test)]
mod tests {
    use super::{
        RecurringRevenue, gross_revenue_churn, gross_revenue_retention, magic_number, net_new, net_revenue_churn,
        net_revenue_retention, quick_ratio,
    };
    use crate::finance::Undefined;

    const MONTH: RecurringRevenue = RecurringRevenue {
        start: 100_000.0,
        new: 10_000.0,
        expansion: 8_000.0,
        contraction: 3_000.0,
        churned: 4_000.0,
        reactivated: 0.0,
    };

    #[test]
    fn the_worked_example() {
        // (100 + 8 − 3 − 4)/100, (100 − 3 − 4)/100, (3 + 4)/100, (3 + 4 − 8)/100, 10 + 8 − 3 − 4, all in thousands.
        assert_eq!(net_revenue_retention(&MONTH), Ok(1.01));
        assert_eq!(gross_revenue_retention(&MONTH), Ok(0.93));
        assert_eq!(gross_revenue_churn(&MONTH), Ok(0.07));
        assert_eq!(net_revenue_churn(&MONTH), Ok(-0.01));
        assert_eq!(net_new(&MONTH), Ok(11_000.0));
        // 18/7 = 2.571
        assert!((quick_ratio(&MONTH).unwrap() - 2.571).abs() < 5e-4);
        // 4·50/100
        assert_eq!(magic_number(50.0, 100.0), Ok(2.0));
    }

    #[test]
    fn reactivation_is_new_but_not_retained() {
        let reactivated = RecurringRevenue { reactivated: 500.0, ..MONTH };
        assert_eq!(net_new(&reactivated), Ok(11_500.0));
        assert_eq!(net_revenue_retention(&reactivated), net_revenue_retention(&MONTH));
    }

    #[test]
    fn what_has_no_base_has_a_reason() {
        let nothing = RecurringRevenue::default();
        assert_eq!(net_revenue_retention(&nothing), Err(Undefined::NoRecurringRevenue));
        assert_eq!(quick_ratio(&nothing), Err(Undefined::NothingLost));
        assert_eq!(magic_number(1.0, 0.0), Err(Undefined::NoSpending));
        assert_eq!(net_new(&RecurringRevenue { new: f64::INFINITY, ..MONTH }), Err(Undefined::NotFinite));
    }
}
