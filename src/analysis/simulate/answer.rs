//! The answer of `simulate`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::Options;
use super::asked::Asked;
use super::histogram;
use super::survey::Survey;
use super::whole;
use crate::analysis::draws::whole::Whole;
use crate::report::number;
use crate::scenario::Scenario;

/// The answer of `simulate`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outcomes {
    /// How many draws were taken.
    pub samples: u64,
    /// The seed of the random numbers.
    pub seed: u64,
    /// How the draws were placed: `sobol`, `lhs` or `random`.
    pub method: String,
    /// What the draws of each metric are like.
    pub metrics: IndexMap<String, Statistics>,
    /// How likely each condition is.
    pub probabilities: IndexMap<String, Chance>,
    /// Value at risk, as losses: `var95` is the loss that is not exceeded in 95 % of the draws, `cvar95` the mean loss
    /// of the other 5 %. Negative is a profit.
    pub risk: IndexMap<String, IndexMap<String, Option<f64>>>,
    /// Of each risk, whether it happens and what it costs over all periods; there only where the scenario has risks.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(default)]
    pub risks: IndexMap<String, RiskOutcome>,
    /// How often the profit, or else the first metric, lies in which range, by the first 65,536 draws.
    pub histogram: Option<Histogram>,
    /// The rank correlations that were asked for, and those of the draws.
    pub correlations: Vec<Achieved>,
    /// What each period is called, where there are bands.
    pub periods: Vec<String>,
    /// By name, the mean and the percentiles in each period, by the first 16,384 draws, or fewer where there are many
    /// periods.
    pub bands: IndexMap<String, IndexMap<String, Vec<Option<f64>>>>,
}

/// What the draws of a metric are like. Draws in which it has no value are left out of all but `defined`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Statistics {
    /// The mean.
    pub mean: Option<f64>,
    /// The standard error of the mean.
    pub error: Option<f64>,
    /// The standard deviation (n − 1).
    pub sd: Option<f64>,
    /// The lowest draw.
    pub low: Option<f64>,
    /// The highest draw.
    pub high: Option<f64>,
    /// The share of the draws in which it has a value.
    pub defined: f64,
    /// The percentiles by name, such as `p5`: type 7 of R. J. Hyndman and Y. Fan, Sample quantiles in statistical
    /// packages, 1996.
    #[serde(flatten)]
    pub percentiles: IndexMap<String, Option<f64>>,
}

/// What the draws of a risk are like.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RiskOutcome {
    /// How likely at least one event is.
    pub happens: Chance,
    /// What the events of a draw cost.
    pub loss: Statistics,
}

/// How likely a condition is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Chance {
    /// The share of all draws in which it holds. In a draw in which it has no value, such as `payback <= 12` where nothing
    /// is ever paid back, it does not hold; null where it has a value in none.
    pub value: Option<f64>,
    /// The standard error of that share.
    pub error: Option<f64>,
    /// The share of the draws in which it has a value.
    pub defined: f64,
}

/// How often a metric lies in which range.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Histogram {
    /// The metric.
    pub metric: String,
    /// The bounds of the ranges, rising; a range holds its lower bound and not its upper one. The first and the last range
    /// reach to the lowest and the highest draw, and so may be wider than the others.
    pub bounds: Vec<f64>,
    /// The share of the draws in each range, one fewer than bounds.
    pub shares: Vec<f64>,
}

/// A rank correlation that was asked for, and that of the draws.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Achieved {
    /// The two quantities.
    pub between: [String; 2],
    /// The rank (Spearman) correlation that the scenario says.
    pub rank: f64,
    /// That of the draws.
    pub achieved: Option<f64>,
}

impl Outcomes {
    /// What has no value in any draw, with the reason.
    pub fn undefined(&self) -> Vec<(String, String)> {
        let metrics = self.metrics.iter().map(|(name, found)| (name, found.mean, found.defined));
        let chances = self.probabilities.iter().map(|(name, found)| (name, found.value, found.defined));
        let missing = metrics.chain(chances).filter(|(_, value, _)| value.is_none());
        missing.map(|(name, _, defined)| (name.clone(), no_mean(defined).to_owned())).collect()
    }
}

/// Why something has no mean that has a value in that share of the draws.
pub fn no_mean(defined: f64) -> &'static str {
    if defined > 0.0 { TOO_LARGE } else { "it has no value in any draw" }
}

/// Why something has no deviation that has a value in so many draws.
pub fn no_deviation(draws: f64) -> &'static str {
    if draws >= 2.0 {
        TOO_LARGE
    } else if draws > 0.0 {
        "it takes two draws that have a value"
    } else {
        no_mean(0.0)
    }
}

/// Why numbers have no sum.
const TOO_LARGE: &str = "its values are too large to be summed";

/// The name of a percentile: `p5`, `p2.5`.
pub fn percentile_name(share: f64) -> String {
    format!("p{}", number::plain(share * 100.0))
}

/// Puts together what was found.
pub fn of(scenario: &Scenario, options: &Options, asked: &Asked, survey: &Survey, found: &Whole) -> Outcomes {
    let names = asked.metrics.iter().map(|metric| metric.name.clone());
    let mut statistics = whole::statistics(found, asked.amounts());
    let losses = statistics.split_off(asked.metrics.len().min(statistics.len()));
    let mut chances = whole::chances(found, asked.amounts());
    let happens = chances.split_off(asked.conditions.len().min(chances.len()));
    let risks = asked.risks.iter().zip(happens.into_iter().zip(losses));
    let risk = asked
        .at_risk()
        .map(|metric| (asked.metrics[metric].name.clone(), whole::risk(found, metric, options)))
        .collect();
    Outcomes {
        samples: found.samples,
        seed: options.design.seed,
        method: options.design.method.name().to_owned(),
        metrics: names.zip(statistics).collect(),
        probabilities: asked.conditions.iter().cloned().zip(chances).collect(),
        risk,
        risks: risks.map(|(risk, (happens, loss))| (risk.name.clone(), RiskOutcome { happens, loss })).collect(),
        histogram: asked.main().and_then(|main| histogram::of(&asked.metrics[main].name, found.first.clone())),
        correlations: survey.correlations.clone(),
        periods: match &scenario.time {
            Some(time) if !survey.bands.is_empty() => time.labels.clone(),
            _ => Vec::new(),
        },
        bands: survey.bands.clone(),
    }
}
