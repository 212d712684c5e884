//! What a scenario must say for a metric to exist; what it does not say is never guessed.

use crate::scenario::{Group, Scenario, Users};

use super::define::{is_cost_of_revenue, is_marketing, recurs};

/// What a scenario must say for a metric to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `users`.
    Users,
    /// `users.joins`.
    Joins,
    /// `users.churn`.
    Churn,
    /// `time.discount_rate`.
    DiscountRate,
    /// Rates at which money is borrowed and earns.
    FinanceRates,
    /// `cash.opening`.
    Cash,
    /// A revenue line that recurs.
    RecurringRevenue,
    /// A cost line of class `inference` or `operations`.
    CostOfRevenue,
    /// A cost line that says whether it is variable.
    VariableCosts,
    /// A cost line of class `marketing`.
    Marketing,
    /// Two years of periods.
    TwoYears,
}

impl Need {
    /// Why a metric does not exist where this is not said.
    pub fn reason(self) -> &'static str {
        match self {
            Need::Users => "the scenario does not say `users`",
            Need::Joins => "the scenario does not say `users.joins`",
            Need::Churn => "the scenario does not say `users.churn`",
            Need::DiscountRate => "the scenario does not say `time.discount_rate`",
            Need::FinanceRates => "the scenario says neither `time.discount_rate` nor both rates of its own",
            Need::Cash => "the scenario does not say `cash.opening`",
            Need::RecurringRevenue => "no revenue line recurs",
            Need::CostOfRevenue => "no cost line has the class `inference` or `operations`",
            Need::VariableCosts => "no cost line says whether it is `variable`",
            Need::Marketing => "no cost line has the class `marketing`",
            Need::TwoYears => "it takes two years of periods",
        }
    }

    /// Whether the scenario says it.
    pub fn is_met(self, scenario: &Scenario) -> bool {
        let stock = |chosen: fn(&Users) -> bool| scenario.users.as_ref().is_some_and(chosen);
        let time = scenario.time.as_ref();
        let lines = &scenario.lines;
        match self {
            Need::Users => scenario.users.is_some(),
            Need::Joins => stock(|users| matches!(users, Users::Stock { joins: Some(_), .. })),
            Need::Churn => stock(|users| matches!(users, Users::Stock { churn: Some(_), .. })),
            Need::DiscountRate => time.is_some_and(|time| time.discount_rate.is_some()),
            Need::FinanceRates => time.is_some_and(|time| {
                time.discount_rate.is_some() || (time.finance_rate.is_some() && time.reinvestment_rate.is_some())
            }),
            Need::Cash => scenario.opening_cash.is_some(),
            Need::RecurringRevenue => lines.iter().any(recurs),
            Need::CostOfRevenue => lines.iter().any(is_cost_of_revenue),
            Need::VariableCosts => lines.iter().any(|line| line.group == Group::Costs && line.variable.is_some()),
            Need::Marketing => lines.iter().any(is_marketing),
            Need::TwoYears => time
                .is_some_and(|time| time.periods >= 2 * usize::try_from(time.period.per_year()).unwrap_or(usize::MAX)),
        }
    }
}
