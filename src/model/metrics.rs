//! The metrics: named outcomes of a scenario, each with its formula, its unit and its source.
//!
//! A metric's formula is written in the language of scenarios and compiled with them, so that what `explain` shows,
//! what the documentation says and what is computed are one and the same. In a formula, what stands inside of a sum or
//! a search over the periods is the value of a period; everything else is a value of the whole run.

mod timed;

use crate::scenario::{Group, Scenario};

use super::definition::Unit;
pub use super::need::Need;
use timed::TIMED;

/// A named outcome.
#[derive(Debug)]
pub struct Metric {
    /// Its name in formulas, options, JSON and CSV.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// How it is computed.
    pub formula: &'static str,
    /// What the scenario must say for it to exist.
    pub needs: &'static [Need],
    /// Conditions under which it has no value, each with the reason; a division by 0 says so itself.
    pub undefined: &'static [(&'static str, &'static str)],
    /// What it means, and where the definition comes from.
    pub help: &'static str,
}

/// The metrics of a scenario: without periods, only those that need none.
pub fn of(scenario: &Scenario) -> impl Iterator<Item = &'static Metric> + use<> {
    let timed = scenario.time.is_some();
    let risky = scenario.lines.iter().any(|line| line.group == Group::Risks);
    let of_risks: &[Metric] = if risky { OF_RISKS } else { &[] };
    STATIC.iter().chain(of_risks).chain(if timed { TIMED } else { &[] })
}

/// All metrics, in the order of reports.
pub fn all() -> impl Iterator<Item = &'static Metric> {
    STATIC.iter().chain(OF_RISKS).chain(TIMED)
}

/// The cash flow of a period, where it is not the profit: money that is paid ahead moves before it is earned.
pub const CASH_FLOW: &str = "sums.cash_flow";

/// What is paid in a period, where it is not the cash flow.
pub const PAID: &str = "sums.paid";

/// What has been paid up to a period, where it is not the cumulative profit.
pub const PAID_CUMULATIVE: &str = "sums.cumulative_paid";

/// Whether a metric, or the cash at hand, speaks of money that is paid. An internal price is none: it weighs on profit
/// and on what a project is worth (as a shadow price does in appraisals), and leaves the account as it is.
pub fn follows_payments(name: &str) -> bool {
    ["cash", "burn", "burn_multiple", "funding_need"].contains(&name)
}

/// Whether a metric's profit is meant as a cash flow.
pub fn follows_cash(name: &str) -> bool {
    ["npv", "irr", "mirr", "payback", "discounted_payback", "profitability_index", "burn", "burn_multiple", "cash"]
        .contains(&name)
}

/// Whether a metric exists in every scenario, with or without a value.
pub fn is_everywhere(name: &str) -> bool {
    STATIC.iter().any(|metric| metric.name == name)
}

/// Whether a metric exists in scenarios with periods alone.
pub fn needs_time(name: &str) -> bool {
    TIMED.iter().any(|metric| metric.name == name)
}

/// A metric that exists wherever the scenario says what it needs.
const fn metric(
    name: &'static str,
    title: &'static str,
    unit: Unit,
    formula: &'static str,
    needs: &'static [Need],
    help: &'static str,
) -> Metric {
    Metric { name, title, unit, formula, needs, undefined: &[], help }
}

/// A metric that has no value under the given conditions.
const fn guarded(
    undefined: &'static [(&'static str, &'static str)],
    name: &'static str,
    title: &'static str,
    unit: Unit,
    formula: &'static str,
    needs: &'static [Need],
    help: &'static str,
) -> Metric {
    Metric { name, title, unit, formula, needs, undefined, help }
}

/// The metrics of scenarios with risks.
static OF_RISKS: &[Metric] = &[metric(
    "expected_loss",
    "Expected loss",
    Unit::Money,
    "total(sums.risks)",
    &[],
    "The part of the cost that risks are: of each the expected number of events times what one costs on average (the \
     annualized loss expectancy, ALE = SLE × ARO); in draws, what the events of the draw cost. It is a mean, not a \
     budget.",
)];

/// The metrics of every scenario.
static STATIC: &[Metric] = &[
    metric(
        "revenue",
        "Revenue",
        Unit::Money,
        "total(revenue)",
        &[],
        "R: the sum of all revenue lines; R = N × S where there is only a subscription.",
    ),
    metric(
        "cost",
        "Cost",
        Unit::Money,
        "total(cost)",
        &[],
        "C: the sum of all cost lines; C = D + M + O where there are only data, training and operations.",
    ),
    metric("profit", "Profit", Unit::Money, "revenue - cost", &[], "P = R − C."),
    metric(
        "return_rate",
        "Return rate",
        Unit::Share,
        "profit / cost",
        &[],
        "r = P / C, profit per unit of cost (a cost–profit ratio, not a margin and not a return on capital).",
    ),
    metric("margin", "Margin", Unit::Share, "profit / revenue", &[], "P / R, profit per unit of revenue."),
    metric("users", "Users", Unit::Count, "mean(users)", &[Need::Users], "N: the users, on average over the periods."),
    metric(
        "revenue_per_user",
        "Revenue per user",
        Unit::Money,
        "revenue / users",
        &[Need::Users],
        "R / N, over all periods.",
    ),
    metric("cost_per_user", "Cost per user", Unit::Money, "cost / users", &[Need::Users], "C / N, over all periods."),
];
