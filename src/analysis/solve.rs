//! `solve`: which value of a quantity gives an outcome a value?
//!
//! The method stands in [`search`]; the break-even values of `eval` come from it as well. Goals over all draws of what is
//! uncertain, such as a probability, are sought as `drawn.rs` says.

pub mod answer;
mod drawn;
pub mod goal;
mod layout;
mod place;
mod question;
pub mod search;
mod whole;

use super::draws;
use super::draws::Drawn;
use super::layout::{data, heading};
use super::notes;
use crate::error::{Error, Problem};
use crate::formula::Path;
use crate::model::Model;
use crate::model::definition::Unit;
use crate::numeric::design::Design;
use crate::numeric::roots::Interval;
use crate::report::{Answer, Report};
use crate::scenario::Scenario;

use answer::{Between, GoalAnswer, PeriodPlaces, Solution};
use goal::Goal;
use layout::Subject;
use place::{Answered, Counted, Question};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// The quantity whose value is sought.
    pub path: Path,
    /// What shall hold.
    pub goal: Goal,
    /// Where to search; where not said, among the values that make sense for the quantity.
    pub between: Option<Interval>,
    /// Which solutions are also given as whole numbers.
    pub rounding: Rounding,
    /// What shall have the value.
    pub scope: Scope,
    /// How draws are taken where the goal looks over them.
    pub design: Design,
}

/// How many draws are taken where nothing else is said: each place that is tried takes all of them.
pub const SAMPLES: u64 = 1 << 16;

/// Which solutions are also given as the first whole number that reaches the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Those of things that are counted, such as users.
    Counted,
    /// All.
    Always,
}

/// What shall have the value that the goal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The outcome of the whole run.
    WholeRun,
    /// The outcome of each period for itself.
    EachPeriod,
}

/// Finds the values of a quantity at which an outcome has a value.
///
/// A quantity is one number in all periods while it is searched, also where the scenario has a formula for it.
///
/// # Errors
/// A quantity that is computed or unknown, an outcome that is none, an interval that leaves the values that make sense
/// for the quantity, and periods asked of a scenario that has none.
pub fn report(scenario: &Scenario, options: &Options) -> Result<Report, Error> {
    let Options { path, goal, .. } = options;
    let asked = asked(scenario, options.scope)?;
    let compiled = question::compile(scenario, goal, asked[0].period)?;
    let quantity = question::quantity(&compiled.model, path)?;
    let definition = &compiled.model.definitions()[quantity];
    let between = question::interval(&compiled.model, quantity, options.between)?;
    let is_counted = options.rounding == Rounding::Always || definition.unit == Unit::Count;
    let counted = if is_counted { Counted::Whole } else { Counted::Any };
    let search = Question { scenario, quantity, goal, between, counted, design: options.design };
    let subject = Subject::new(&search, &compiled.model, definition);

    let mut undefined = Vec::new();
    let mut answers: Vec<(String, Answered)> = Vec::with_capacity(asked.len());
    for Asked { period, label, key } in asked {
        let answer = place::answer(&search, &question::compile(scenario, goal, period)?, period);
        let reasons = answer.undefined(counted, subject.reason(&answer));
        undefined.extend(reasons.into_iter().map(|(name, reason)| (format!("{key}{name}"), reason)));
        answers.push((label, answer));
    }
    let places = || answers.iter().map(|(label, answer)| (label.clone(), answer.places(counted)));
    let is_period = options.scope == Scope::EachPeriod;
    let solution = Solution {
        path: definition.path.to_string(),
        goal: GoalAnswer { metric: goal.metric.clone(), value: goal.value, better: goal.better() },
        between: Between { low: between.low(), high: between.high() },
        draws: goal.over_draws().map(|_| Drawn::of(options.design)),
        run: places().next().filter(|_| !is_period).map(|(_, places)| places),
        periods: is_period.then(|| places().map(|(period, places)| PeriodPlaces { period, places }).collect()),
    };
    let below_zero = solution
        .run
        .as_ref()
        .filter(|_| options.between.is_none())
        .and_then(|run| question::below_zero(&definition.path, run.now.quantity, &run.solutions, between.high()));
    let is_solved = answers.iter().any(|(_, answer)| answer.is_solved());
    Ok(Report {
        undefined,
        notes: of_chance(&compiled.model, options)
            .into_iter()
            .chain(options.goal.over_draws().and_then(|_| notes::of_draws(&compiled.model, options.design)))
            .chain(question::replaced(definition))
            .chain(below_zero)
            .collect(),
        tables: vec![subject.table(&answers, options.scope)],
        answer: if is_solved { Answer::Yes } else { Answer::No },
        ..Report::new("solve", heading(scenario), data(&solution))
    })
}

/// How what is uncertain was taken.
fn of_chance(model: &Model, options: &Options) -> Option<String> {
    let means = notes::of_means(model);
    match (options.goal.over_draws(), means) {
        (None, means) => means,
        (Some(_), None) => Some("nothing is uncertain, so that all draws are the same".to_owned()),
        (Some(_), Some(_)) => Some(format!(
            "{} is of {} ({}, seed {}), the same at each place that is tried",
            options.goal.metric,
            draws::in_words(options.design.samples),
            options.design.method.name(),
            options.design.seed
        )),
    }
}

/// One question: of the whole run, or of one period.
struct Asked {
    period: Option<usize>,
    /// What the period is called.
    label: String,
    /// What its keys begin with in the list of what is undefined.
    key: String,
}

fn asked(scenario: &Scenario, scope: Scope) -> Result<Vec<Asked>, Error> {
    let of_period = |(period, label): (usize, &String)| Asked {
        period: Some(period),
        label: label.clone(),
        key: format!("periods.{label}."),
    };
    match (scope, &scenario.time) {
        (Scope::WholeRun, _) => Ok(vec![Asked { period: None, label: String::new(), key: String::new() }]),
        (Scope::EachPeriod, Some(time)) => Ok(time.labels.iter().enumerate().map(of_period).collect()),
        (Scope::EachPeriod, None) => Err(Problem::nowhere("the scenario has no `[time]`, so there is one period")
            .help("add `[time]` with `periods = 36`, or ask without `--per-period`")
            .into()),
    }
}
