//! Why a measure has no value.

use std::fmt;

/// The reason why a measure has no value, which reads as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// A number that is needed is NaN or infinite, or the result is too large for a floating-point number.
    NotFinite,
    /// There are no periods.
    NoPeriods,
    /// A discount rate of −100 % or less.
    RateTooLow,
    /// Periods per year that are not a number above 0.
    NoPeriodsPerYear,
    /// All flows are 0.
    NoFlows,
    /// All flows that are not 0 have the same sign.
    NoSignChange,
    /// The flows change sign, but no rate makes their present value 0.
    NoRate,
    /// No flow is above 0.
    NoInflow,
    /// No flow is below 0.
    NoInvestment,
    /// The cumulative flow stays below 0.
    NeverRecovered,
    /// A share lost, or kept, that is outside 0–1.
    NotAShare,
    /// Nobody leaves, and nothing else bounds the sum over a customer's life.
    NoChurn,
    /// Expansion makes up for churn, so the sum over a customer's life has no bound.
    Unbounded,
    /// Every customer leaves within the period, so a time within it cannot be told.
    EveryoneLeaves,
    /// A customer brings no margin, or too little in a lifetime to pay back the cost of acquiring them.
    NeverPaidBack,
    /// A cost or a stock of money that must not be negative is.
    Negative,
    /// A customer's acquisition costs nothing, so nothing can be measured by it.
    NoAcquisitionCost,
    /// No customer was won in the period.
    NoNewCustomers,
    /// There are no customers to begin with.
    NoCustomers,
    /// There is no revenue.
    NoRevenue,
    /// There is no recurring revenue to begin with.
    NoRecurringRevenue,
    /// No recurring revenue was lost in the period.
    NothingLost,
    /// Recurring revenue did not grow.
    NoGrowth,
    /// Nothing was spent on sales and marketing.
    NoSpending,
    /// As much money comes in as goes out, or more: cash does not run out.
    NoBurn,
    /// What is burned shrinks fast enough that cash never runs out.
    BurnFades,
    /// There is no cash left to begin with.
    NoCash,
    /// A unit is sold for no more than it costs.
    NoUnitMargin,
}

impl Undefined {
    /// The reason, in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotFinite => "a number it needs is undefined or too large",
            Self::NoPeriods => "there are no periods",
            Self::RateTooLow => "the rate is -100 % or less",
            Self::NoPeriodsPerYear => "the number of periods per year is not above 0",
            Self::NoFlows => "the cash flow is 0 in every period",
            Self::NoSignChange => "the cash flow never changes sign",
            Self::NoRate => "no rate makes the present value of the cash flow 0",
            Self::NoInflow => "nothing comes in",
            Self::NoInvestment => "nothing is invested",
            Self::NeverRecovered => "the cumulative cash flow stays below 0",
            Self::NotAShare => "a share is outside 0-1",
            Self::NoChurn => "no customer ever leaves",
            Self::Unbounded => "expansion makes up for churn, so the value of a customer has no bound",
            Self::EveryoneLeaves => "every customer leaves within the period",
            Self::NeverPaidBack => "a customer never brings in what winning them cost",
            Self::Negative => "an amount that cannot be negative is",
            Self::NoAcquisitionCost => "winning a customer costs nothing",
            Self::NoNewCustomers => "no customer was won",
            Self::NoCustomers => "there are no customers",
            Self::NoRevenue => "there is no revenue",
            Self::NoRecurringRevenue => "there is no recurring revenue to begin with",
            Self::NothingLost => "no recurring revenue was lost",
            Self::NoGrowth => "recurring revenue does not grow",
            Self::NoSpending => "nothing is spent on sales and marketing",
            Self::NoBurn => "no cash is burned",
            Self::BurnFades => "the burn shrinks so fast that the cash never runs out",
            Self::NoCash => "there is no cash to begin with",
            Self::NoUnitMargin => "a unit is sold for no more than it costs",
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Undefined {}

/// A finite number, or the reason that it is none.
pub(super) fn finite(value: f64) -> Result<f64, Undefined> {
    if value.is_finite() { Ok(value) } else { Err(Undefined::NotFinite) }
}

/// A finite number above 0, or the reason given.
pub(super) fn above_zero(value: f64, otherwise: Undefined) -> Result<f64, Undefined> {
    if finite(value)? > 0.0 { Ok(value) } else { Err(otherwise) }
}

/// A number from 0 to 1, both included.
pub(super) fn share(value: f64) -> Result<f64, Undefined> {
    if (0.0..=1.0).contains(&finite(value)?) { Ok(value) } else { Err(Undefined::NotAShare) }
}

#[cfg(test)]
mod tests {
    use super::{Undefined, above_zero, finite, share};

    #[test]
    fn a_reason_reads_as_a_sentence() {
        assert_eq!(Undefined::NoSignChange.to_string(), "the cash flow never changes sign");
    }

    #[test]
    fn what_is_not_a_number_is_refused_before_what_is_not_in_range() {
        assert_eq!(finite(f64::INFINITY), Err(Undefined::NotFinite));
        assert_eq!(above_zero(f64::NAN, Undefined::NoCash), Err(Undefined::NotFinite));
        assert_eq!(above_zero(0.0, Undefined::NoCash), Err(Undefined::NoCash));
        assert_eq!(share(1.0), Ok(1.0));
        assert_eq!(share(1.01), Err(Undefined::NotAShare));
    }
}
