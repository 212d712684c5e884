//! Remarks that a reader of a run's numbers needs.

mod fees;
mod prices;
mod risks;
mod tiers;

use crate::finance::payback;
use crate::formula::{NodeKind, Path};
use crate::model::definition::Body;
use crate::model::metrics;
use crate::model::{Draw, FREE_USERS, Model, Values};
use crate::numeric::design::{Column, Design};
use crate::report::number;
use crate::scenario::Scenario;

/// The remarks on a run: values that make no sense, totals that fall as usage rises, and a payback that does not last.
pub fn of_run(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes: Vec<String> = of_means(model).into_iter().collect();
    notes.extend(out_of_range(scenario, model, values));
    notes.extend(doubtful(scenario, model, values));
    notes.extend(more_in_plans_than_users(scenario, model, values));
    notes.extend(tiers::of_tiers(scenario, model, values));
    notes.extend(prices::of_prices(scenario, model, values));
    notes.extend(fees::of_fees(scenario, model, values));
    notes.extend(risks::of_risks(scenario, model, values));
    notes.extend(risks::of_currencies(scenario, model));
    notes.extend(passing_payback(model, values));
    notes
}

/// How many uncertain quantities are named.
const NAMED: usize = 4;

/// That values which are left to chance are taken at their means, if there are any. A distribution without width leaves
/// nothing to chance.
pub fn of_means(model: &Model) -> Option<String> {
    let mut uncertain: Vec<String> = Vec::new();
    for draw in model.draws().iter().filter(|draw| has_width(model, draw)) {
        let path = uncertain_path(model, draw);
        if !uncertain.contains(&path) {
            uncertain.push(path);
        }
    }
    let more = uncertain.len().saturating_sub(NAMED);
    let (verb, means) = if uncertain.len() == 1 { ("is", "its mean") } else { ("are", "their means") };
    let names = match uncertain.as_slice() {
        [] => return None,
        [others @ .., last] if more == 0 && !others.is_empty() => format!("{} and {last}", others.join(", ")),
        all if more == 0 => all.join(", "),
        all => format!("{} and {more} more", all[..NAMED].join(", ")),
    };
    Some(format!("{names} {verb} uncertain and taken at {means}; `simulate` tells the range"))
}

/// How many uncertain quantities are looked at for whether their draws fit together.
const COMPARED: usize = 64;

/// From which correlation within a randomization on draws that should be independent fit together badly.
const OVERLAP: f64 = 0.18;

/// From how many draws on it is looked at: fewer are rough in any case, as their ± error shows.
const MANY: u64 = 1 << 14;

/// That the draws of two quantities go together although nothing says so, which now and then happens to a seed.
pub fn of_draws(model: &Model, design: Design) -> Option<String> {
    if design.samples < MANY {
        return None;
    }
    let single = model.draws().iter().filter(|draw| !draw.each_period && has_width(model, draw)).take(COMPARED);
    let columns: Vec<(&Draw, Column)> = single.map(|draw| (draw, design.column(&draw.name))).collect();
    let mut pairs =
        columns.iter().enumerate().flat_map(|(at, one)| columns[at + 1..].iter().map(move |other| (one, other)));
    let ((draw, _), (other, _)) = pairs.find(|((_, column), (_, other))| column.overlap(other) >= OVERLAP)?;
    Some(format!(
        "with this seed the draws of `{}` and `{}` are correlated although nothing says so, as the ± error shows; take another \
         `--seed`, more draws, or `--method lhs`",
        draw.name, other.name
    ))
}

fn has_width(model: &Model, draw: &Draw) -> bool {
    model.distribution(draw, 0).is_ok_and(|found| found.constant().is_none())
}

/// What is uncertain by a draw: the quantity, or the risk whose events are drawn, with their losses.
fn uncertain_path(model: &Model, draw: &Draw) -> String {
    let path = &model.definitions()[draw.definition].path;
    let risk = draw.is_of_events() || draw.for_each_event;
    if risk { Path::new(&path.segments()[..path.segments().len() - 1]).in_ticks() } else { path.in_ticks() }
}

/// Quantities whose formula yields a value that makes no sense in some period; a plain number of that kind is an error.
fn out_of_range(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (id, definition) in model.definitions().iter().enumerate() {
        let (allowed, must): (&dyn Fn(f64) -> bool, &str) = match &definition.body {
            Body::Quantity(quantity) => (&|value| quantity.range.contains(value), quantity.range.describe()),
            Body::Stock { .. } => (&|value| value >= 0.0, "0 or more"),
            _ => continue,
        };
        let wrong = |period: &usize| {
            let value = values.at(id, *period);
            value.is_finite() && !allowed(value)
        };
        let Some(period) = (0..model.periods()).find(wrong) else { continue };
        let when = when(scenario, period);
        let value = number::plain(values.at(id, period));
        notes.push(format!("`{}` is {value}{when}: it must be {must}", definition.path));
    }
    notes
}

/// Arguments of functions that are allowed and yet doubtful, as a rate that vendors print and no model reaches; of each,
/// the first period in which it is.
fn doubtful(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (id, definition) in model.definitions().iter().enumerate() {
        let Body::Quantity(quantity) = &definition.body else { continue };
        for node in quantity.expression.nodes() {
            let NodeKind::Call(function, arguments) = &node.kind else { continue };
            for (parameter, argument) in function.parameters.iter().zip(arguments) {
                let Some(doubt) = parameter.doubt else { continue };
                let told = (0..model.periods()).find_map(|period| {
                    let value = values.of_step(id, *argument, period);
                    let doubt = doubt.told(value).filter(|_| parameter.allowed.contains(value))?;
                    Some((value, period, doubt))
                });
                let Some((value, period, doubt)) = told else { continue };
                let (name, function, path) = (parameter.name, function.name, &definition.path);
                let varies = (0..model.periods()).any(|period| values.of_step(id, *argument, period) != value);
                let when = if varies { when(scenario, period) } else { String::new() };
                let value = number::plain(value);
                notes.push(format!("`{path}`: the `{name}` of `{function}` is {value}{when}, {doubt}"));
            }
        }
    }
    notes
}

/// That the plans have more users than there are; where the shares are plain numbers, that is an error.
fn more_in_plans_than_users(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Option<String> {
    let free = model.find_periodic(&Path::from(FREE_USERS)).ok()?;
    let period = (0..model.periods()).find(|period| values.at(free, *period) < 0.0)?;
    let missing = number::plain(-values.at(free, period));
    Some(format!("the plans have {missing} users more than there are{}", when(scenario, period)))
}

/// The period, for a sentence about a value.
pub(super) fn when(scenario: &Scenario, period: usize) -> String {
    match &scenario.time {
        None => String::new(),
        Some(time) if time.labels[period] == period.to_string() => format!(" in period {period}"),
        Some(time) => format!(" in period {period} ({})", time.labels[period]),
    }
}

fn passing_payback(model: &Model, values: &Values<'_>) -> Option<String> {
    let flow = model.find_periodic(&Path::from(metrics::CASH_FLOW));
    let flow = flow.or_else(|_| model.find_periodic(&Path::new(["profit"]))).ok()?;
    let payback = payback::payback(&values.series(flow)).ok().filter(|_| model.periods() > 1)?;
    (!payback.permanent).then(|| "the payback does not last: the cumulative profit falls below 0 again".to_owned())
}
