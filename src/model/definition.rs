//! What a model consists of: named definitions, each a number, a formula, or a sum of others.

use crate::error::Span;
use crate::formula::{Expression, Path};
use crate::scenario::Quantity;

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
    /// The sum of other definitions.
    Sum(Vec<DefinitionId>),
    /// The sum of a definition over all periods.
    Total(DefinitionId),
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
    /// A fraction of a whole, shown as a percentage.
    Share,
    /// A number without a unit, or with one that is not known.
    Number,
    /// A unit of the author's own: `kWh`.
    Named(String),
}

impl Unit {
    /// The unit's name, if it has one.
    pub fn name<'a>(&'a self, currency: Option<&'a str>) -> Option<&'a str> {
        match self {
            Unit::Money => currency,
            Unit::Named(name) => Some(name),
            Unit::Count | Unit::Share | Unit::Number => None,
        }
    }
}
