//! Figures side by side.

use super::{BASE_IS_0, Compared, NO_LINE, Side};
use crate::analysis::layout;
use crate::model::definition::Unit;
use crate::report::{Cell, Column, Row, Table};

/// A table with a column per scenario, and behind them the difference of each from the base.
pub fn side_by_side(key: &'static str, title: String, sides: &[Side], base: usize, rows: &[Compared]) -> Table {
    let others: Vec<usize> = (0..sides.len()).filter(|at| *at != base).collect();
    let mut columns = vec![Column::machine("name"), Column::people("title", if key == "lines" { "line" } else { "" })];
    columns.extend(sides.iter().map(|side| Column::new(&side.label, &side.label)));
    for other in &others {
        let label = &sides[*other].label;
        let title = |what: &str| if others.len() == 1 { what.to_owned() } else { format!("{label}: {what}") };
        columns.push(Column::new(format!("{label} difference"), title("difference")));
        columns.push(Column::new(format!("{label} change"), title("change")));
    }
    columns.push(Column::machine("unit"));
    let row = |row: &Compared| {
        let mut cells = vec![Cell::text(&row.name), Cell::text(&row.title)];
        cells.extend(row.values.iter().map(|value| cell(value, &row.unit)));
        for other in &others {
            cells.push(derived(&row.differences[*other], &row.unit));
            cells.push(derived(&row.changes[*other], &Unit::Share));
        }
        cells.push(layout::unit_cell(&row.unit, &sides[base].scenario));
        match (row.matters, row.name.as_str()) {
            (false, _) => Row::machine(cells),
            (true, "profit") => Row::strong(cells),
            (true, _) => Row::plain(cells),
        }
    };
    Table { key, title, columns, rows: rows.iter().map(row).collect() }
}

fn cell(value: &Result<f64, String>, unit: &Unit) -> Cell {
    match value {
        Err(reason) if reason == NO_LINE => Cell::Empty,
        value => layout::cell(value, unit),
    }
}

/// A cell of what follows from the values; where it is missing because a value is, that one says why.
fn derived(value: &Result<f64, String>, unit: &Unit) -> Cell {
    match value {
        Err(reason) if reason != BASE_IS_0 => Cell::Empty,
        value => layout::cell(value, unit),
    }
}
