//! Remarks on fees of offices: what is assumed of them, and what of them is due when nobody looks any more.

use crate::model::{Model, Values};
use crate::report::number;
use crate::scenario::fees::{Due, Fees};
use crate::scenario::{Line, Scenario, Shape};

/// When a right is granted where the line does not say so, and how much is due beyond the horizon.
pub fn of_fees(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    scenario.lines.iter().flat_map(|line| of_line(scenario, model, values, line)).collect()
}

fn of_line(scenario: &Scenario, model: &Model, values: &Values<'_>, line: &Line) -> Vec<String> {
    let Shape::Fees(fees) = &line.shape else { return Vec::new() };
    let (path, name) = (line.path().in_ticks(), fees.schedule.name);
    let mut notes = Vec::new();
    if fees.schedule.remark.starts_with("not checked") {
        notes.push(format!("{path}: the fees of `{name}` are {}", fees.schedule.remark));
    }
    let is_granted = fees.schedule.fees.iter().any(|fee| fee.due != Due::Filing);
    let beyond = beyond(scenario, model, values, line, fees);
    if !is_granted {
        return notes;
    }
    let mut told = Vec::new();
    if let (None, Some(time)) = (fees.granted_after, &scenario.time) {
        let periods = fees.granted_after(Some(time));
        told.push(format!("it is taken to be granted after {periods} {}s (`granted_after`)", time.period.name()));
    }
    if beyond != 0.0 {
        told.push(format!("fees of {} are due beyond the horizon", number::plain(beyond)));
    }
    if !told.is_empty() {
        notes.push(format!("{path}: {}", told.join(", and ")));
    }
    notes
}

/// What of the fees is due beyond the horizon.
fn beyond(scenario: &Scenario, model: &Model, values: &Values<'_>, line: &Line, fees: &Fees) -> f64 {
    let last = model.periods() - 1;
    let value =
        |quantity: &crate::scenario::Quantity| model.quantity(&quantity.path).map(|id| values.at(id, last)).ok();
    let [count, exchange] =
        [&fees.count, &fees.exchange].map(|quantity| quantity.as_ref().and_then(value).unwrap_or(1.0));
    let reduction = fees.reduction.as_ref().and_then(value).unwrap_or(0.0);
    let mut sum = 0.0;
    for filed in fees.filed(line.schedule.as_ref()) {
        for fee in fees.schedule.fees {
            if fees.due(fee, scenario.time.as_ref()).is_some_and(|after| filed + after > last) {
                sum += fee.amount * count * exchange * if fee.reducible { 1.0 - reduction } else { 1.0 };
            }
        }
    }
    sum
}
