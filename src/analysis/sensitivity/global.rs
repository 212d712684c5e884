//! `sensitivity --global`: whose uncertainty makes the outcome uncertain?
//!
//! All uncertain inputs move at once over their whole ranges, and the variance of the metric is shared out among them.
//! Independent inputs get Sobol indices (A. Saltelli et al., Variance based sensitivity analysis of model output, 2010).
//! Where inputs are correlated, parts of the variance belong to several inputs at once and those indices mean little;
//! then the inputs get Shapley effects, which share such parts out evenly (E. Song, B. L. Nelson and J. Staum, Shapley
//! effects for global sensitivity analysis, 2016).

mod shapley;
mod sobol;
mod table;

use schemars::JsonSchema;
use serde::Serialize;

use super::twins::Twins;
use super::{of_run, remark};
use crate::analysis::layout;
use crate::error::Problem;
use crate::error::suggest::list;
use crate::formula::Path;
use crate::model::Model;
use crate::numeric::design::{Design, REPLICATES};
use crate::numeric::replicates::half_width;
use crate::report::{Report, number};
use crate::scenario::Scenario;

/// The answer of `sensitivity --global`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GlobalSensitivity {
    /// The metric that is watched.
    pub metric: String,
    /// How many draws were made; each is run once for every input and twice more, or for every set of inputs.
    pub samples: u64,
    /// What the random numbers were chosen by.
    pub seed: u64,
    /// How the draws were placed.
    pub method: String,
    /// How the variance is shared out.
    pub shares: Shares,
    /// The metric's mean.
    pub mean: Option<f64>,
    /// The metric's standard deviation.
    pub sd: Option<f64>,
    /// The share of the draws in which the metric has no value; they are left out.
    pub undefined_share: f64,
    /// The uncertain inputs that move the metric, the one that matters most first.
    pub inputs: Vec<Input>,
}

/// How the variance of a metric is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shares {
    /// Sobol indices, for independent inputs.
    Sobol,
    /// Shapley effects, for correlated inputs.
    Shapley,
}

/// What one uncertain input does to the metric's variance.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Input {
    /// The input's dotted name.
    pub path: String,
    /// First-order Sobol index: the share of the variance that would vanish if this input were known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<f64>,
    /// Half the width of its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_margin: Option<f64>,
    /// Total Sobol index: the share of the variance that would remain if all other inputs were known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
    /// Half the width of its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_margin: Option<f64>,
    /// Shapley effect: the input's part of the variance; the parts add up to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<f64>,
    /// Half the width of its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_margin: Option<f64>,
}

impl Input {
    /// What it is ranked by.
    fn rank(&self) -> f64 {
        self.total.or(self.effect).unwrap_or(f64::NEG_INFINITY)
    }
}

/// What is found of a metric's variance.
struct Found {
    mean: f64,
    variance: f64,
    undefined: f64,
    inputs: Vec<Input>,
}

/// An estimate with half the width of its 95 % interval, which is none where a replicate has no estimate.
fn estimate(value: f64, replicates: &[f64; REPLICATES]) -> (Option<f64>, Option<f64>) {
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    (finite(value), finite(half_width(replicates)))
}

/// Shares the variance of a metric out among the inputs that are uncertain.
///
/// # Errors
/// A metric that the scenario does not have or with a value in each period; nothing that is uncertain, or too much of it
/// that is correlated.
pub fn report(scenario: &Scenario, model: &Model, metric: &Path, design: Design) -> Result<Report, Problem> {
    let id = of_run(model, metric)?;
    let twins = Twins::new(model, id, design)?;
    let shares = if twins.is_tied() { Shares::Shapley } else { Shares::Sobol };
    let found = match shares {
        Shares::Sobol => sobol::found(&twins),
        Shares::Shapley => shapley::found(&twins)?,
    };
    let defined = |value: f64| Some(value).filter(|value| value.is_finite());
    let mut answer = GlobalSensitivity {
        metric: metric.to_string(),
        samples: design.samples,
        seed: design.seed,
        method: design.method.name().to_owned(),
        shares,
        mean: defined(found.mean),
        sd: defined(found.variance.sqrt()),
        undefined_share: found.undefined,
        inputs: Vec::new(),
    };
    let mut undefined = Vec::new();
    let mut notes = Vec::new();
    if found.variance > 0.0 {
        answer.inputs = found.inputs;
        answer.inputs.sort_by(|a, b| b.rank().total_cmp(&a.rank()).then_with(|| a.path.cmp(&b.path)));
        notes.extend(together(&answer));
    } else if answer.mean.is_some() {
        notes.push(format!("{} is the same in all draws: there is nothing to share out", metric.in_ticks()));
    } else {
        let reason = "the metric has no value in any draw".to_owned();
        undefined.extend([("mean", reason.clone()), ("sd", reason)].map(|(name, reason)| (name.to_owned(), reason)));
    }
    if shares == Shares::Shapley {
        notes.push(
            "inputs are correlated: these are Shapley effects, which share out evenly what correlated inputs cause \
             together, and add up to 100%"
                .to_owned(),
        );
    }
    notes.extend(remark::undefined(metric, found.undefined));
    notes.extend(without_effect(model, &twins, metric));
    let tables = vec![table::table(&answer, &model.definitions()[id])];
    Ok(Report {
        undefined,
        notes,
        tables,
        ..Report::new("global-sensitivity", layout::heading(scenario), layout::data(&answer))
    })
}

/// From what share of the variance on it is worth a note that inputs act together.
const WORTH_A_NOTE: f64 = 0.01;

/// That inputs act together, where the shares of single ones do not add up to all.
fn together(answer: &GlobalSensitivity) -> Option<String> {
    let sum: f64 = answer.inputs.iter().map(|input| input.first).sum::<Option<f64>>()?;
    let squares = answer.inputs.iter().map(|input| input.first_margin.map(|error| error * error));
    let error = squares.sum::<Option<f64>>()?.sqrt();
    let left = 1.0 - sum;
    (left > error.max(WORTH_A_NOTE)).then(|| {
        format!(
            "single inputs explain {} of the variance; the other {} come from inputs acting together",
            number::share(sum),
            number::share(left)
        )
    })
}

/// That uncertain inputs do not matter to the metric.
fn without_effect(model: &Model, twins: &Twins, metric: &Path) -> Option<String> {
    let mut idle: Vec<String> = Vec::new();
    // The losses of events are part of the events.
    let of_runs = model.draws().iter().filter(|draw| !draw.for_each_event);
    for draw in of_runs.filter(|draw| super::twins::has_width(model, draw)) {
        let path = model.definitions()[draw.definition].path.to_string();
        if twins.sources().iter().all(|source| source.path != path) && !idle.contains(&path) {
            idle.push(path);
        }
    }
    let make = if idle.len() == 1 { "makes" } else { "make" };
    let names = || list(idle.iter().map(String::as_str));
    (!idle.is_empty()).then(|| format!("{} {make} no difference to {}", names(), metric.in_ticks()))
}
