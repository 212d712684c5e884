//! `sensitivity --value-of-information`: which input is worth finding out before deciding?
//!
//! The decision is between the scenario, which is worth its metric, and leaving it, which is worth 0. With what is known
//! now, the better of the two is worth `max(E[Y], 0)`. Whoever knew everything first would get `E[max(Y, 0)]`, and whoever
//! knew one input, `E[max(E[Y | X], 0)]`. The gains are the expected values of perfect information (H. Raiffa and
//! R. Schlaifer, Applied statistical decision theory, 1961): the most that finding out is worth.

use schemars::JsonSchema;
use serde::Serialize;

use super::twins::{Twins, Which, has_width, name};
use super::{amount, of_run, remark, title};
use crate::analysis::bar;
use crate::analysis::layout;
use crate::error::Problem;
use crate::error::suggest::list;
use crate::formula::Path;
use crate::model::Model;
use crate::model::definition::{Definition, Unit};
use crate::numeric::design::{Design, REPLICATES};
use crate::numeric::information::{Bins, Decision, Gains, worth};
use crate::numeric::replicates::half_width;
use crate::report::{Cell, Column, Report, Row, Table};
use crate::scenario::Scenario;

/// The answer of `sensitivity --value-of-information`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ValueOfInformation {
    /// What the scenario is worth: the metric.
    pub metric: String,
    /// How many draws were made.
    pub samples: u64,
    /// What the random numbers were chosen by.
    pub seed: u64,
    /// How the draws were placed.
    pub method: String,
    /// The metric's mean.
    pub mean: Option<f64>,
    /// Half the width of its 95 % interval.
    pub mean_margin: Option<f64>,
    /// What is better with what is known now.
    pub decision: Option<Choice>,
    /// What it is worth at most to know everything before deciding.
    pub perfect: Option<f64>,
    /// Half the width of its 95 % interval.
    pub perfect_margin: Option<f64>,
    /// The share of the draws in which the metric has no value; they are left out.
    pub undefined_share: f64,
    /// The uncertain inputs, the one that is worth knowing most first.
    pub inputs: Vec<Known>,
}

/// What is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The scenario: its metric is above 0 on average.
    Go,
    /// Leaving it.
    Leave,
}

/// What it is worth to know one input.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Known {
    /// The input's dotted name.
    pub path: String,
    /// What it is worth at most to know it before deciding.
    pub value: f64,
    /// Half the width of its 95 % interval.
    pub margin: Option<f64>,
}

/// An input that can be known: its name and its column.
struct Knowable {
    path: String,
    column: usize,
}

/// Ranks the uncertain inputs by what it is worth to know them before deciding.
///
/// # Errors
/// A metric that the scenario does not have, with a value in each period, or that is not money; nothing that is
/// uncertain.
pub fn report(scenario: &Scenario, model: &Model, metric: &Path, design: Design) -> Result<Report, Problem> {
    let id = of_run(model, metric)?;
    let definition = &model.definitions()[id];
    if definition.unit != Unit::Money {
        return Err(Problem::nowhere(format!("{} is not an amount of money", metric.in_ticks()))
            .help("information is worth what better decisions earn: name `profit` or, over time, `npv`"));
    }
    let twins = Twins::new(model, id, design)?;
    let (knowable, anew) = knowable(model, &twins);
    let (gains, bins) = drawn(&twins, &knowable);
    let mut all = Gains::default();
    for gains in &gains {
        all.merge(gains);
    }
    let decision = Decision::by(all.mean());
    let known = |(at, knowable): (usize, &Knowable)| {
        let [value, margin] = worth(&bins.each_ref().map(|bins| &bins[at]), &gains, decision);
        // Whoever knows can decide as if not: it is never worth less than 0, whatever chance makes of the estimate.
        Known { path: knowable.path.clone(), value: value.max(0.0), margin: finite(margin) }
    };
    let mut inputs: Vec<Known> = Vec::new();
    if all.mean().is_finite() {
        inputs.extend(knowable.iter().enumerate().map(known).filter(|known| known.value.is_finite()));
    }
    inputs.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.path.cmp(&b.path)));
    let answer = ValueOfInformation {
        metric: metric.to_string(),
        samples: design.samples,
        seed: design.seed,
        method: design.method.name().to_owned(),
        mean: finite(all.mean()),
        mean_margin: finite(half_width(&gains.map(|gains| gains.mean()))),
        decision: finite(all.mean()).map(|_| if decision == Decision::Go { Choice::Go } else { Choice::Leave }),
        perfect: finite(all.perfect(decision)),
        perfect_margin: finite(half_width(&gains.map(|gains| gains.perfect(decision)))),
        undefined_share: all.undefined(),
        inputs,
    };
    let mut notes: Vec<String> = remark::undefined(metric, all.undefined()).into_iter().collect();
    notes.extend(not_one_number(&anew));
    if twins.is_tied() {
        notes.push("inputs are correlated: to know one is to know something of the others, and counts as such".into());
    }
    let mut undefined = Vec::new();
    if answer.mean.is_none() {
        let reason = |name: &str| (name.to_owned(), UNDEFINED.to_owned());
        undefined.extend(["mean", "mean_margin", "decision", "perfect", "perfect_margin"].map(reason));
    }
    let tables = vec![table(&answer, definition)];
    Ok(Report {
        undefined,
        notes,
        tables,
        ..Report::new("value-of-information", layout::heading(scenario), layout::data(&answer))
    })
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

/// The inputs that are one number, and the names of those that are drawn anew in each period.
fn knowable(model: &Model, twins: &Twins) -> (Vec<Knowable>, Vec<String>) {
    let (mut knowable, mut anew) = (Vec::new(), Vec::new());
    for (draw, columns) in twins.simulation().drawn() {
        let draw = &model.draws()[draw];
        if !has_width(model, draw) {
            continue;
        }
        match columns.len() {
            1 => knowable.push(Knowable { path: name(model, draw), column: columns.start }),
            _ => anew.push(name(model, draw)),
        }
    }
    (knowable, anew)
}

/// The gains of all draws by replicate, and for each input its bins.
fn drawn(twins: &Twins, knowable: &[Knowable]) -> ([Gains; REPLICATES], [Vec<Bins>; REPLICATES]) {
    let simulation = twins.simulation();
    let block = |block: u64| {
        let mut columns = twins.uniform(Which::First, block);
        simulation.correlate(&mut columns);
        let places: Vec<Vec<f64>> = knowable.iter().map(|known| columns[known.column].clone()).collect();
        simulation.distribute(&mut columns);
        let outcome = twins.outcome(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
        (places, outcome)
    };
    let nothing = (Gains::default(), vec![Bins::default(); knowable.len()]);
    let gathered = twins.gather(&nothing, block, |(gains, bins), (places, outcome)| {
        gains.add(&outcome);
        bins.iter_mut().zip(&places).for_each(|(bins, places)| bins.add(places, &outcome));
    });
    (gathered.each_ref().map(|(gains, _)| *gains), gathered.map(|(_, bins)| bins))
}

fn not_one_number(anew: &[String]) -> Option<String> {
    let is = if anew.len() == 1 { "is" } else { "are" };
    let names = || list(anew.iter().map(String::as_str));
    (!anew.is_empty())
        .then(|| format!("{} {is} drawn anew in each period, so that no one number can be known", names()))
}

/// Why there is no answer.
const UNDEFINED: &str = "the metric has no value in any draw";

/// What the row of all inputs together is called.
const EVERYTHING: &str = "everything";

fn table(answer: &ValueOfInformation, metric: &Definition) -> Table {
    let of_inputs = answer.inputs.iter().map(|input| input.value);
    let longest = of_inputs.chain(answer.perfect).fold(0.0, f64::max);
    let cells = |path: &str, value: Option<f64>, margin: Option<f64>| {
        let undefined = || Cell::Missing(UNDEFINED.to_owned());
        let money = |value: Option<f64>| value.map_or_else(undefined, Cell::Money);
        vec![Cell::text(path), Cell::text(bar::rightward(value.unwrap_or(0.0), longest)), money(value), money(margin)]
    };
    let mut rows: Vec<Row> =
        answer.inputs.iter().map(|input| Row::plain(cells(&input.path, Some(input.value), input.margin))).collect();
    rows.push(Row::strong(cells(EVERYTHING, answer.perfect, answer.perfect_margin)));
    Table {
        key: "inputs",
        title: heading(answer, metric),
        columns: vec![
            Column::new("path", "to know"),
            Column::people("bar", ""),
            Column::new("value", "is worth"),
            Column::new("margin", "± (95%)"),
        ],
        rows,
    }
}

/// `Profit is 12,000 on average: go`.
fn heading(answer: &ValueOfInformation, metric: &Definition) -> String {
    let title = title(&answer.metric);
    let Some(mean) = answer.mean else { return format!("{title} is undefined") };
    let decision = if answer.decision == Some(Choice::Go) { "go" } else { "leave it" };
    format!("{title} is {} on average: {decision}, unless something is found out first", amount(mean, &metric.unit))
}
