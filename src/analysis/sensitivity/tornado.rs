//! The tornado: a bar for each input, the longest on top.

use super::{Input, Sensitivity, percent};
use crate::analysis::bar::{self, Arm, FULL, SHADED};
use crate::analysis::layout;
use crate::model::definition::{Definition, Unit};
use crate::model::metrics;
use crate::report::{Cell, Column, Row, Table, number};

/// The table of the inputs; `undefined` says why figures are missing.
pub fn table(answer: &Sensitivity, metric: &Definition, undefined: &[(String, String)]) -> Table {
    let longest = answer.inputs.iter().flat_map(|input| effects(answer, input)).map(f64::abs).fold(0.0, f64::max);
    let title =
        metrics::all().find(|known| known.name == answer.metric).map_or(answer.metric.as_str(), |known| known.title);
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
    let base = match (answer.base, unit) {
        (None, _) => "undefined".to_owned(),
        (Some(base), Unit::Money) => number::money(base),
        (Some(base), Unit::Share) => number::share(base),
        (Some(base), Unit::Count | Unit::Periods) => number::count(base),
        (Some(base), Unit::Number | Unit::Named(_)) => number::number(base),
    };
    format!("{title} is {base}; each input ±{}, one at a time", percent(answer.by))
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
