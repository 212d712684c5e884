//! What a model consists of: named definitions, each a number, a formula, or a sum of others.

use crate::error::Span;
use crate::formula::{Expression, Path};
use crate::scenario::{Quantity, Scenario};

use super::define::Chance;

/// The number of a definition in its model.
pub type DefinitionId = usize;

/// Something with a name and a value.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its dotted name.
    pub path: Path,
    /// Where its value comes from.
    pub body: Body,
    /// What its value is counted in.
    pub unit: Unit,
    /// The schedule by which it is due; where there is none, it is due in every period.
    pub schedule: Option<usize>,
    /// Where the scenario speaks of it.
    pub span: Option<Span>,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum Body {
    /// The scenario says it: a number or a formula, which may be set to another value.
    Quantity(Quantity),
    /// A formula of the tool's own.
    Formula(Expression),
    /// A metric: its formula, and the conditions under which it has no value, each with the reason.
    Metric(Expression, Vec<(Expression, &'static str)>),
    /// What is left to chance where draws are made; elsewhere the formula, which holds on average.
    Chance(Chance, Expression),
    /// The sum of other definitions.
    Sum(Vec<DefinitionId>),
    /// A stock that flows change: `stock(t + 1) = stock(t) · (1 − churn(t)) + joins(t)`, from `start` in period 0.
    Stock {
        /// The stock of period 0.
        start: DefinitionId,
        /// What is added from one period to the next.
        joins: Option<DefinitionId>,
        /// The share that is lost from one period to the next.
        churn: Option<DefinitionId>,
    },
    /// The number of the period, from 0.
    Period,
    /// A number that the scenario's horizon gives.
    Number(f64),
    /// It has no value in this scenario, for this reason.
    Absent(String),
}

/// What a value is counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The scenario's currency.
    Money,
    /// Things: users, hours.
    Count,
    /// Periods.
    Periods,
    /// A fraction of a whole, shown as a percentage.
    Share,
    /// A number without a unit, or with one that is not known.
    Number,
    /// A unit of the author's own: `kWh`.
    Named(String),
}

impl Unit {
    /// The unit's name, if it has one.
    pub fn name<'a>(&'a self, scenario: &'a Scenario) -> Option<&'a str> {
        match self {
            Unit::Money => scenario.currency.as_deref(),
            Unit::Named(name) => Some(name),
            Unit::Periods => Some(scenario.time.as_ref().map_or("period", |time| time.period.name())),
            Unit::Count | Unit::Share | Unit::Number => None,
        }
    }
}
