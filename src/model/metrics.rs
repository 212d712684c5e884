//! The metrics: named outcomes of a scenario, each with its formula, its unit and its source.
//!
//! A metric's formula is written in the language of scenarios and compiled with them, so that what `explain` shows,
//! what the documentation says and what is computed are one and the same.

use super::definition::Unit;

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
    /// What it means, and where the definition comes from.
    pub help: &'static str,
}

/// What a scenario must say for a metric to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `users`.
    Users,
}

impl Need {
    /// Why a metric does not exist where this is not said.
    pub fn reason(self) -> &'static str {
        match self {
            Need::Users => "the scenario does not say `users`",
        }
    }
}

/// All metrics, in the order of reports.
pub static METRICS: &[Metric] = &[
    Metric {
        name: "revenue",
        title: "Revenue",
        unit: Unit::Money,
        formula: "total(revenue)",
        needs: &[],
        help: "R: the sum of all revenue lines; R = N × S where there is only a subscription.",
    },
    Metric {
        name: "cost",
        title: "Cost",
        unit: Unit::Money,
        formula: "total(cost)",
        needs: &[],
        help: "C: the sum of all cost lines; C = D + M + O where there are only data, training and operations.",
    },
    Metric {
        name: "profit",
        title: "Profit",
        unit: Unit::Money,
        formula: "revenue - cost",
        needs: &[],
        help: "P = R − C.",
    },
    Metric {
        name: "return_rate",
        title: "Return rate",
        unit: Unit::Share,
        formula: "profit / cost",
        needs: &[],
        help: "r = P / C, profit per unit of cost (a cost–profit ratio, not a margin and not a return on capital).",
    },
    Metric {
        name: "margin",
        title: "Margin",
        unit: Unit::Share,
        formula: "profit / revenue",
        needs: &[],
        help: "P / R, profit per unit of revenue.",
    },
    Metric {
        name: "users",
        title: "Users",
        unit: Unit::Count,
        formula: "mean(users)",
        needs: &[Need::Users],
        help: "N: the number of users.",
    },
    Metric {
        name: "revenue_per_user",
        title: "Revenue per user",
        unit: Unit::Money,
        formula: "revenue / users",
        needs: &[Need::Users],
        help: "R / N.",
    },
    Metric {
        name: "cost_per_user",
        title: "Cost per user",
        unit: Unit::Money,
        formula: "cost / users",
        needs: &[Need::Users],
        help: "C / N.",
    },
];

/// The metric of that name.
pub fn find(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}
