//! What a question means for a model: the outcome, the quantity, and where to search.

use super::goal::Goal;
use crate::analysis::over_draws;
use crate::error::{Error, Problem};
use crate::formula::{self, Path};
use crate::model::definition::{Body, Definition, DefinitionId, Unit};
use crate::model::{Model, Question};
use crate::numeric::roots::Interval;
use crate::report::number;
use crate::scenario::{Quantity, Range, Scenario};

/// A scenario compiled with the goal's outcome.
pub struct Compiled {
    /// The model.
    pub model: Model,
    /// The outcome; where the goal looks over draws, of one draw.
    pub outcome: DefinitionId,
}

/// Compiles a scenario together with the outcome of the whole run, or of one period.
pub fn compile(scenario: &Scenario, goal: &Goal, period: Option<usize>) -> Result<Compiled, Error> {
    let expression = match (goal.over_draws(), period) {
        (None, _) if over_draws::calls(&goal.expression).next().is_some() => {
            return Err(goal.locate(
                Problem::nowhere("a goal over draws is one function and its value")
                    .help("compute within it: `p10(npv - 0.1 * cost)=0`"),
            ));
        }
        (Some(_), Some(_)) => {
            return Err(goal.locate(
                Problem::nowhere("what looks over all draws is asked of the whole run")
                    .help("name the period within it, and leave `--per-period` out: `p10(at(3, cash))=0`"),
            ));
        }
        (Some(call), None) => goal.expression.part_with(call.argument, |_| None),
        (None, None) => goal.expression.clone(),
        (None, Some(period)) => {
            if let Some(path) = goal.name() {
                Model::compile(scenario)?.find_periodic(path).map_err(|problem| goal.locate(problem))?;
            }
            formula::parse_number(&format!("at({period}, {})", goal.metric))
                .map_err(|error| goal.locate(Problem::nowhere(error.message)))?
        }
    };
    let question = Question { name: "goal".to_owned(), expression };
    let (model, mut ids) =
        Model::compile_with(scenario, &[question]).map_err(|error| match error.problems.as_slice() {
            [problem] if problem.span.is_none() => goal.locate(problem.clone()),
            _ => error,
        })?;
    match ids.pop() {
        Some(outcome) => Ok(Compiled { model, outcome }),
        None => Err(goal.locate(Problem::nowhere("the goal has no outcome"))),
    }
}

/// The quantity of that name, which a search may vary.
pub fn quantity(model: &Model, path: &Path) -> Result<DefinitionId, Problem> {
    if path.starts_with("time") && path.last().is_some_and(|name| ["periods", "period", "start"].contains(&name)) {
        return Err(Problem::nowhere(format!("{} shapes the scenario, and cannot be solved for", path.in_ticks()))
            .help("solve for a quantity, and try other horizons with `--set time.periods=24`"));
    }
    model.quantity(path).map_err(|problem| {
        let is_stock =
            model.find_periodic(path).is_ok_and(|id| matches!(model.definitions()[id].body, Body::Stock { .. }));
        if is_stock {
            return Problem::nowhere(format!("{} is a stock that changes by itself", path.in_ticks()))
                .help(format!("solve for what feeds it: `{path}.start`, `{path}.joins` or `{path}.churn`"));
        }
        problem
    })
}

/// Where the search begins for what is above 0.
const SMALLEST: f64 = 1e-9;

/// The largest value that is searched where the scenario does not speak of larger ones: more users than people, more
/// money than there is.
const LARGEST: f64 = 1e12;

/// Where to search: as asked for, or among the values that make sense.
pub fn interval(model: &Model, id: DefinitionId, asked: Option<Interval>) -> Result<Interval, Problem> {
    let definition = &model.definitions()[id];
    let Body::Quantity(Quantity { range, .. }) = &definition.body else {
        return Err(Problem::nowhere(format!("{} is computed", definition.path.in_ticks())));
    };
    if let Some(asked) = asked {
        if range.contains(asked.low()) && range.contains(asked.high()) {
            return Ok(asked);
        }
        let message = format!("{} must be {}", definition.path.in_ticks(), range.describe());
        return Err(Problem::nowhere(message).help("the interval of `--between` reaches beyond that"));
    }
    let values = model.values().series(id);
    let sizes = values.iter().map(|value| value.abs()).filter(|size| size.is_finite());
    // A value in the scenario is a hint of what is large for it.
    let largest = sizes.fold(LARGEST, |largest, size| largest.max(1_000.0 * size)).min(f64::MAX);
    let is_amount = definition.unit == Unit::Money && values.iter().all(|value| value.is_nan() || *value >= 0.0);
    let (low, high) = match range {
        Range::Share => (0.0, 1.0),
        Range::Rate => (-0.999_999, 10.0),
        Range::NotNegative => (0.0, largest),
        Range::Positive => (SMALLEST, largest),
        Range::Any if is_amount => (0.0, largest),
        Range::Any => (-largest, largest),
    };
    Interval::new(low, high).ok_or_else(|| Problem::nowhere("there is nothing to search"))
}

/// Tells whose place a solution takes.
pub fn replaced(definition: &Definition) -> Option<String> {
    let Body::Quantity(Quantity { path, expression, .. }) = &definition.body else { return None };
    let is_formula = expression.literal().is_none();
    is_formula.then(|| format!("one number takes the place of the formula `{path} = {expression}`"))
}

/// Tells that a quantity which is 0 or more today was searched below 0 as well, where something was found there.
pub fn below_zero(path: &Path, now: Option<f64>, solutions: &[f64], high: f64) -> Option<String> {
    let is_strange = now.is_some_and(|now| now >= 0.0) && solutions.iter().any(|solution| *solution < 0.0);
    let high = number::plain(high);
    is_strange.then(|| format!("nothing says that `{path}` is 0 or more; `--between 0..{high}` asks for that"))
}
