//! What functions compute: a loop over columns, or what the compiler makes of them.

use super::Recipe;
use crate::dist::Family;
use crate::numeric::kernel::Kernel;

/// How a function is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// By a kernel, of as many operands as the function has parameters.
    Kernel(Kernel),
    /// By a kernel of two operands, from the first argument on: `min(a, b, c)` is `min(min(a, b), c)`.
    Fold(Kernel),
    /// By a formula over the parameters.
    Formula(Recipe),
    /// From the number of the period, or from the period before.
    Time(OfTime),
    /// From the values of all periods.
    OverPeriods(OverPeriods),
    /// From another version of the scenario.
    Against(Against),
    /// From the values in all draws of what is left to chance.
    OverDraws(OverDraws),
    /// By chance: the arguments are the parameters of a distribution of this family.
    Drawn(&'static Family),
    /// `truncate(distribution, low, high)`: by chance, between two bounds.
    Truncated,
    /// `each_period(distribution)`: by chance, anew in each period.
    EachPeriod,
    /// `request_cost(model, input, …)`: by the prices of a model, which take the place of its name.
    Request(Service),
}

/// How a request is sent, which decides what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// To be answered at once.
    Standard,
    /// In a batch, to be answered within a day or so.
    Batch,
}

impl Service {
    /// What the names of its prices end in.
    pub fn suffix(self) -> &'static str {
        match self {
            Service::Standard => "",
            Service::Batch => "_batch",
        }
    }
}

/// The functions that compare a scenario with another version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// `before(x)`: the value in the other version.
    Before,
    /// `change(x)`: (x − before(x)) / |before(x)|.
    Change,
}

/// The functions that look over all draws: each takes a value of the whole run and yields one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverDraws {
    /// `probability(condition)`: the share of the draws in which it holds.
    Probability,
    /// `percentile(x, percent)`, or `p5(x)` for short: the value that so many percent of the draws do not exceed.
    Percentile,
    /// `expected(x)`: the mean.
    Expected,
    /// `deviation(x)`: the standard deviation.
    Deviation,
}

/// The functions that know which period it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfTime {
    /// `growth(rate)`: (1 + rate) ^ period.
    Growth,
    /// `ramp(low, high, from, until)`: a straight line between two periods, level before and after.
    Ramp,
    /// `step(before, after, from)`: one value before a period, another from it on.
    Step,
    /// `prev(x, first)`: the value of the period before.
    Previous,
}

/// The functions that look over all periods: each takes a series and yields one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverPeriods {
    /// The sum.
    Total,
    /// The average.
    Mean,
    /// The smallest value.
    Lowest,
    /// The largest value.
    Highest,
    /// The value of the first period.
    First,
    /// The value of the last period.
    Last,
    /// The value of a period given by number.
    At,
    /// The first period with the smallest value.
    PeriodOfLowest,
    /// The first period in which a condition holds.
    FirstWhen,
    /// The internal rate of return.
    InternalRate,
    /// The modified internal rate of return.
    ModifiedInternalRate,
    /// The time after which what is paid out has come back.
    Payback,
    /// The time after which a balance falls below 0.
    Runway,
}

impl OverPeriods {
    /// Which argument is the series; the others are plain numbers.
    pub fn series(self) -> usize {
        usize::from(self == OverPeriods::At)
    }
}
