//! The metrics: named outcomes of a scenario, each with its formula, its unit and its source.
//!
//! A metric's formula is written in the language of scenarios and compiled with them, so that what `explain` shows,
//! what the documentation says and what is computed are one and the same. In a formula, what stands inside of a sum or
//! a search over the periods is the value of a period; everything else is a value of the whole run.

use crate::scenario::Scenario;

use super::definition::Unit;
pub use super::need::Need;

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
    STATIC.iter().chain(if timed { TIMED } else { &[] })
}

/// All metrics, in the order of reports.
pub fn all() -> impl Iterator<Item = &'static Metric> {
    STATIC.iter().chain(TIMED)
}

/// Whether a metric exists only where there are periods.
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

/// The metrics of scenarios with periods. The cash flow of a period is its profit.
static TIMED: &[Metric] = &[
    metric(
        "npv",
        "Net present value",
        Unit::Money,
        "total(profit * discount_factor)",
        &[Need::DiscountRate],
        "The sum of CF_t / (1 + i)^(t / periods per year), period 0 undiscounted (numpy-financial's convention; Excel's \
         NPV discounts the first flow too).",
    ),
    metric(
        "irr",
        "Internal rate of return, per year",
        Unit::Share,
        "irr(profit, periods_per_year)",
        &[],
        "The annual, effective rate at which the net present value is 0; undefined where there is none or several.",
    ),
    metric(
        "mirr",
        "Modified IRR, per year",
        Unit::Share,
        "(1 + mirr(profit, (1 + time.finance_rate) ^ (1 / periods_per_year) - 1, \
         (1 + time.reinvestment_rate) ^ (1 / periods_per_year) - 1)) ^ periods_per_year - 1",
        &[Need::FinanceRates],
        "(FV(positive flows, reinvestment rate) / |PV(negative flows, finance rate)|)^(1 / n) − 1, per year \
         (numpy-financial).",
    ),
    metric(
        "payback",
        "Payback",
        Unit::Periods,
        "payback(profit)",
        &[],
        "After how many periods the cumulative profit first reaches 0, in proportion within a period.",
    ),
    metric(
        "discounted_payback",
        "Discounted payback",
        Unit::Periods,
        "payback(profit * discount_factor)",
        &[Need::DiscountRate],
        "The payback of the discounted cash flow.",
    ),
    metric(
        "profitability_index",
        "Profitability index",
        Unit::Number,
        "1 + npv / total(max(0, -profit * discount_factor))",
        &[Need::DiscountRate],
        "1 + NPV / present value of all outflows; with one investment in period 0, 1 + NPV / |CF_0|.",
    ),
    guarded(
        &[
            ("max(profit) < 0", "every period makes a loss, so that it never breaks even as it stands"),
            ("max(cumulative) < 0", "cumulative profit stays below 0 in every period"),
        ],
        "break_even_period",
        "Break-even period",
        Unit::Number,
        "first_when(cumulative >= 0)",
        &[],
        "The first period at whose end the cumulative profit is 0 or more, counted from 0.",
    ),
    metric(
        "funding_need",
        "Funding need",
        Unit::Money,
        "max(0, -min(cumulative))",
        &[],
        "How much money the plan takes before it carries itself: the depth of the cumulative profit below 0.",
    ),
    metric(
        "cash_low",
        "Lowest cash",
        Unit::Money,
        "min(cash)",
        &[Need::Cash],
        "The lowest balance of any period's end.",
    ),
    metric(
        "cash_low_period",
        "Period of lowest cash",
        Unit::Number,
        "period_of_min(cash)",
        &[Need::Cash],
        "The first period with the lowest balance, counted from 0.",
    ),
    metric(
        "runway",
        "Runway",
        Unit::Periods,
        "runway(cash, cash.opening)",
        &[Need::Cash],
        "After how many periods the cash falls below 0; with a constant burn, opening cash / burn.",
    ),
    metric(
        "burn",
        "Net burn per period",
        Unit::Money,
        "-mean(profit)",
        &[],
        "Cash out − cash in, on average per period; negative where cash is generated (a16z, 16 Startup Metrics).",
    ),
    guarded(
        &[
            ("total(profit) >= 0", "no cash is burned"),
            ("last(sums.recurring_revenue) <= first(sums.recurring_revenue)", "recurring revenue does not grow"),
        ],
        "burn_multiple",
        "Burn multiple",
        Unit::Number,
        "-total(profit) / ((last(sums.recurring_revenue) - first(sums.recurring_revenue)) * periods_per_year)",
        &[Need::RecurringRevenue],
        "Net burn / net new ARR over the horizon (David Sacks): below 1 amazing, above 3 bad.",
    ),
    metric(
        "mrr",
        "Monthly recurring revenue",
        Unit::Money,
        "last(sums.recurring_revenue) * periods_per_year / 12",
        &[Need::RecurringRevenue],
        "The recurring revenue of the last period, brought to a month. A revenue line recurs if it is due in every \
         period, unless it says otherwise (`recurring`).",
    ),
    metric("arr", "Annual recurring revenue", Unit::Money, "12 * mrr", &[Need::RecurringRevenue], "12 × MRR."),
    metric(
        "arpu",
        "Revenue per user and period",
        Unit::Money,
        "total(revenue) / total(users)",
        &[Need::Users],
        "ARPU: revenue / users of a period, weighted by users over the periods.",
    ),
    metric(
        "churn_rate",
        "Churn per period",
        Unit::Share,
        "total(users * users.churn) / total(users)",
        &[Need::Churn],
        "Users lost / users at the start of the period, weighted by users over the periods (a16z).",
    ),
    guarded(
        &[("churn_rate == 0", "no user ever leaves")],
        "customer_lifetime",
        "Customer lifetime",
        Unit::Periods,
        "1 / churn_rate",
        &[Need::Churn],
        "1 / churn, in periods (David Skok, SaaS Metrics 2.0).",
    ),
    metric(
        "gross_margin",
        "Gross margin",
        Unit::Share,
        "(revenue - total(sums.cost_of_revenue)) / revenue",
        &[Need::CostOfRevenue],
        "(Revenue − cost of revenue) / revenue; the cost of revenue is the lines of class `inference` and `operations`.",
    ),
    metric(
        "contribution_margin",
        "Contribution margin",
        Unit::Share,
        "(revenue - total(sums.variable_costs)) / revenue",
        &[Need::VariableCosts],
        "(Revenue − variable cost) / revenue; a line says `variable = true`.",
    ),
    guarded(
        &[("churn_rate == 0", "no user ever leaves, so that the value of one has no bound")],
        "ltv",
        "Lifetime value",
        Unit::Money,
        "arpu * gross_margin / churn_rate",
        &[Need::Churn, Need::CostOfRevenue],
        "ARPU × gross margin / churn: the margin version (David Skok, SaaS Metrics 2.0).",
    ),
    metric(
        "cac",
        "Customer acquisition cost",
        Unit::Money,
        "total(sums.marketing) / total(users.joins)",
        &[Need::Joins, Need::Marketing],
        "Lines of class `marketing` / users who join, over all periods.",
    ),
    metric(
        "ltv_to_cac",
        "LTV : CAC",
        Unit::Number,
        "ltv / cac",
        &[Need::Churn, Need::CostOfRevenue, Need::Joins, Need::Marketing],
        "Lifetime value / customer acquisition cost; 3 and above is the usual mark (David Skok).",
    ),
    guarded(
        &[("arpu * gross_margin <= 0", "a user never brings in what winning them cost")],
        "cac_payback",
        "CAC payback",
        Unit::Periods,
        "cac / (arpu * gross_margin)",
        &[Need::CostOfRevenue, Need::Joins, Need::Marketing],
        "CAC / (ARPU × gross margin), in periods; 12 months and below is the usual mark (David Skok).",
    ),
    guarded(
        &[("total(users * users.churn) == 0", "no user is lost")],
        "quick_ratio",
        "Quick ratio",
        Unit::Number,
        "total(users.joins) / total(users * users.churn)",
        &[Need::Joins, Need::Churn],
        "(New + expansion MRR) / (churned + contraction MRR); as all users pay alike here, users won / users lost.",
    ),
    metric(
        "rule_of_40",
        "Rule of 40",
        Unit::Share,
        "total(if(period >= periods - periods_per_year, revenue, 0)) / total(if(period >= periods - 2 * periods_per_year \
         and period < periods - periods_per_year, revenue, 0)) - 1 + total(if(period >= periods - periods_per_year, \
         profit, 0)) / total(if(period >= periods - periods_per_year, revenue, 0))",
        &[Need::TwoYears],
        "Growth of the last year's revenue over the year before + profit margin of the last year (Brad Feld, 2015).",
    ),
];
