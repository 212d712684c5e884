//! The answer of `solve` as scripts see it.

use schemars::JsonSchema;
use serde::Serialize;

use super::goal::Better;
use crate::analysis::draws::Drawn;

/// The answer of `solve`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Solution {
    /// The quantity whose value is sought.
    pub path: String,
    /// What shall hold.
    pub goal: GoalAnswer,
    /// Where it was searched.
    pub between: Between,
    /// How the draws were taken, the same at each place that was tried; null where the goal looks over none.
    pub draws: Option<Drawn>,
    /// The answer for the whole run; its keys are absent where each period is asked for itself.
    #[serde(flatten)]
    pub run: Option<Places>,
    /// The answer for each period; absent where the whole run is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periods: Option<Vec<PeriodPlaces>>,
}

/// A goal as it was asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GoalAnswer {
    /// The outcome.
    pub metric: String,
    /// The value that it shall have.
    pub value: f64,
    /// Which values of the outcome count as reaching the goal where whole numbers do not meet it exactly.
    pub better: Better,
}

/// An interval.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Between {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Where a goal is met.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Places {
    /// The quantity and the outcome as the scenario stands.
    pub now: Now,
    /// The values of the quantity at which the goal is met, ascending.
    pub solutions: Vec<f64>,
    /// For each solution the whole number beside it that reaches the goal, null where neither does; empty where the
    /// quantity is not counted in whole things.
    pub whole: Vec<Option<f64>>,
    /// Of each solution, how far chance leaves it open, where the goal looks over draws; else empty.
    pub estimates: Vec<SolutionEstimate>,
    /// Where the outcome passes the goal without having its value.
    pub jumps: Vec<Jump>,
    /// Stretches of the quantity on which the goal is met throughout.
    pub flats: Vec<Flat>,
    /// The outcome at both ends of the interval, where the goal is met nowhere.
    pub ends: Option<Ends>,
    /// Where the outcome comes nearest to a goal that it does not meet between the ends, if anywhere.
    pub nearest: Option<Nearest>,
}

/// What is known of a solution that was found by draws.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct SolutionEstimate {
    /// The outcome at the solution, which meets the goal up to what one draw makes.
    pub achieved: f64,
    /// The standard error of the solution; null where it cannot be told.
    pub error: Option<f64>,
}

/// A quantity and an outcome as the scenario stands.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Now {
    /// The quantity; null where it is undefined, and for the whole run where it has a value of its own in each period.
    pub quantity: Option<f64>,
    /// The outcome; null where it is undefined.
    pub metric: Option<f64>,
}

/// A jump over the goal.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Jump {
    /// The value of the quantity.
    pub at: f64,
    /// The outcome just below it.
    pub before: f64,
    /// The outcome just above it.
    pub after: f64,
    /// The whole number beside it that reaches the goal, where the quantity is counted in whole things.
    pub whole: Option<f64>,
}

/// A stretch on which the goal is met.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Flat {
    /// Its first value of the quantity.
    pub from: f64,
    /// Its last.
    pub to: f64,
    /// Its first whole number, where the quantity is counted in whole things.
    pub whole: Option<f64>,
}

/// An outcome at both ends of an interval; null where it is undefined.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Ends {
    /// At the lower end.
    pub low: Option<f64>,
    /// At the upper end.
    pub high: Option<f64>,
}

/// Where an outcome comes nearest to its goal.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Nearest {
    /// The value of the quantity.
    pub at: f64,
    /// The outcome there.
    pub value: f64,
}

/// Where a goal is met in one period.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PeriodPlaces {
    /// The period's label.
    pub period: String,
    /// The answer for it.
    #[serde(flatten)]
    pub places: Places,
}
