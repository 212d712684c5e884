//! The tornado: a bar for each input, the longest on top.

use super::varied::SHOWN;
use super::{Input, Moves, Sensitivity, percent};
use crate::analysis::bar::{self, Arm, FULL, SHADED};
use crate::analysis::layout;
use crate::model::definition::{Definition, Unit};
use crate::report::{Cell, Column, Row, Table};

/// The table of the inputs; `undefined` says why figures are missing.
pub fn table(answer: &Sensitivity, metric: &Definition, undefined: &[(String, String)]) -> Table {
    let longest = answer.inputs.iter().flat_map(|input| effects(answer, input)).map(f64::abs).fold(0.0, f64::max);
    let title = super::title(&answer.metric);
    let has_ranges = answer.inputs.iter().any(|input| input.moves == Moves::Range);
    let row = |input: &Input| {
        let value = |value: f64| layout::cell(&Ok(value), &input.unit);
        let figure = |name: &str, value: Option<f64>, unit: &Unit| {
            let reason = || undefined.iter().find(|(of, _)| *of == super::name(&input.path, name));
            let missing = || Err(reason().map(|(_, reason)| reason.clone()).unwrap_or_default());
            layout::cell(&value.map_or_else(missing, Ok), unit)
        };
        Row::plain(vec![
            Cell::text(&input.path),
            Cell::text(drawn(answer, input, longest)),
            figure("swing", input.swing, &metric.unit),
            figure("elasticity", input.elasticity, &Unit::Number),
            raised_by(input).map_or(Cell::Empty, Cell::text),
            Cell::text(moves(answer, input)),
            value(input.value),
            value(input.low),
            value(input.high),
            figure("metric_low", input.metric_low, &metric.unit),
            figure("metric_high", input.metric_high, &metric.unit),
        ])
    };
    Table {
        key: "inputs",
        title: heading(answer, title, &metric.unit),
        columns: vec![
            Column::new("path", "input"),
            Column::people("bar", format!("low {SHADED}  high {FULL}")),
            Column::new("swing", "swing"),
            Column::new("elasticity", "elasticity"),
            Column::new("raised_by", "raised by"),
            if has_ranges { Column::new("moves", "moves") } else { Column::machine("moves") },
            Column::machine("value"),
            Column::new("low", "low"),
            Column::new("high", "high"),
            Column::new("metric_low", "at low"),
            Column::new("metric_high", "at high"),
        ],
        rows: answer.inputs.iter().map(row).collect(),
    }
}

/// `Profit is −3,400,000; each input varied by 10%, one at a time`.
fn heading(answer: &Sensitivity, title: &str, unit: &Unit) -> String {
    let base = answer.base.map_or_else(|| "undefined".to_owned(), |base| super::amount(base, unit));
    let how = |moves: Moves| answer.inputs.iter().any(|input| input.moves == moves);
    let (step, [low, high]) = (percent(answer.by), SHOWN);
    let each = match (how(Moves::Range), how(Moves::Step)) {
        (false, _) => format!("each input ±{step}"),
        (true, false) => format!("each input from its {low} to its {high} point"),
        (true, true) => format!("each uncertain input from its {low} to its {high} point, the others ±{step}"),
    };
    format!("{title} is {base}; {each}, one at a time")
}

/// What the ends of an input are, in a word.
fn moves(answer: &Sensitivity, input: &Input) -> String {
    match input.moves {
        Moves::Step => format!("±{}", percent(answer.by)),
        Moves::Range => SHOWN.join("–"),
    }
}

/// How far the metric moves from its base at the low and at the high end; NaN where that is undefined.
fn effects(answer: &Sensitivity, input: &Input) -> [f64; 2] {
    [input.metric_low, input.metric_high].map(|end| match (end, answer.base) {
        (Some(end), Some(base)) => end - base,
        _ => f64::NAN,
    })
}

/// The bar: to the left where the metric falls, to the right where it rises. Where both ends move it to one side, the
/// farther one is drawn.
fn drawn(answer: &Sensitivity, input: &Input, longest: f64) -> String {
    let [low, high] = effects(answer, input);
    let arm = |low: f64, high: f64| {
        if high >= low || low.is_nan() { Arm { length: high, fill: FULL } } else { Arm { length: low, fill: SHADED } }
    };
    bar::draw(arm(-low, -high), arm(low, high), longest)
}

/// The end of the input at which the metric is higher.
fn raised_by(input: &Input) -> Option<&'static str> {
    match (input.metric_low, input.metric_high) {
        (Some(low), Some(high)) if low > high => Some("low"),
        (Some(low), Some(high)) if high > low => Some("high"),
        _ => None,
    }
}
