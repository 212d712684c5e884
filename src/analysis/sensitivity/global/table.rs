//! The table of the shares: a bar for each input, the longest on top.

use super::{GlobalSensitivity, Input, Shares};
use crate::analysis::bar::{self, FULL, SHADED};
use crate::analysis::layout;
use crate::analysis::sensitivity::{amount, title};
use crate::model::definition::{Definition, Unit};
use crate::report::{Cell, Column, Row, Table};

pub(super) fn table(answer: &GlobalSensitivity, metric: &Definition) -> Table {
    let longest = answer.inputs.iter().map(Input::rank).fold(0.0, f64::max);
    let share = |value: Option<f64>| {
        let missing = || Err("too few draws have a value".to_owned());
        layout::cell(&value.map_or_else(missing, Ok), &Unit::Share)
    };
    let row = |input: &Input| {
        let bar = bar::stacked(input.first.or(input.effect).unwrap_or(0.0), input.rank(), longest);
        let mut cells = vec![Cell::text(&input.path), Cell::text(bar)];
        match answer.shares {
            Shares::Sobol => {
                cells.extend([input.first, input.first_margin, input.total, input.total_margin].map(share));
            }
            Shares::Shapley => cells.extend([input.effect, input.effect_margin].map(share)),
        }
        Row::plain(cells)
    };
    let mut columns = vec![Column::new("path", "input")];
    match answer.shares {
        Shares::Sobol => columns.extend([
            Column::people("bar", format!("alone {FULL}  with others {SHADED}")),
            Column::new("first", "alone"),
            Column::new("first_margin", "± (95%)"),
            Column::new("total", "in all"),
            Column::new("total_margin", "± (95%)"),
        ]),
        Shares::Shapley => columns.extend([
            Column::people("bar", ""),
            Column::new("effect", "effect"),
            Column::new("effect_margin", "± (95%)"),
        ]),
    }
    Table { key: "inputs", title: heading(answer, metric), columns, rows: answer.inputs.iter().map(row).collect() }
}

/// `Profit is −3,400,000 on average, with a standard deviation of 200,000; shares of its variance`.
fn heading(answer: &GlobalSensitivity, metric: &Definition) -> String {
    let title = title(&answer.metric);
    match (answer.mean, answer.sd) {
        (Some(mean), Some(sd)) => format!(
            "{title} is {} on average, with a standard deviation of {}; shares of its variance",
            amount(mean, &metric.unit),
            amount(sd, &metric.unit)
        ),
        _ => format!("{title} is undefined"),
    }
}
