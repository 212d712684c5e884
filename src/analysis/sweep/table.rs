//! How a sweep is laid out: a row for each combination of points, or a grid of two paths.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Axis, Metric, Sweep};
use crate::analysis::layout;
use crate::error::{Error, Problem};
use crate::model::definition::Unit;
use crate::report::{Cell, Column, Report, Row, Table, number};
use crate::scenario::Scenario;

/// What marks the row that is the scenario as it stands.
const AS_IT_STANDS: &str = "← as it stands";

/// The answer of `sweep`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answer {
    /// What each path is in the scenario as it stands; null where it has a value of its own in each period.
    pub base: IndexMap<String, Option<f64>>,
    /// What the numbers of a row are: the paths, then the metrics.
    pub columns: Vec<String>,
    /// A row for each combination of points, the last path's points changing fastest; null where a metric has no
    /// value.
    pub rows: Vec<Vec<Option<f64>>>,
}

/// A sweep with a row for each combination of points.
pub fn report(scenario: &Scenario, sweep: &Sweep) -> Report {
    let done = Done::of(sweep);
    let marked: Vec<bool> = (0..sweep.rows).map(|row| sweep.is_base(row)).collect();
    let mut columns: Vec<Column> = sweep.columns().into_iter().map(|name| Column::new(name.clone(), name)).collect();
    let is_marked = marked.contains(&true);
    if is_marked {
        columns.push(Column::people("base", ""));
    }
    let row = |row: usize| {
        let points = sweep.axes.iter().zip(&done.columns).map(|(axis, column)| point(column[row], &axis.unit));
        let outcomes = (0..sweep.metrics.len()).map(|metric| done.outcome(sweep, metric, row));
        let mark = if marked[row] { Cell::text(AS_IT_STANDS) } else { Cell::Empty };
        Row::plain(points.chain(outcomes).chain(is_marked.then_some(mark)).collect())
    };
    let table = Table { key: "rows", title: String::new(), columns, rows: (0..sweep.rows).map(row).collect() };
    let notes = if is_marked { sweep.notes() } else { base(sweep) };
    done.report(scenario, sweep, table, notes)
}

/// A sweep of one metric over two paths: the first path's points down, the second's across.
///
/// # Errors
/// There are not two paths and one metric.
pub fn grid(scenario: &Scenario, sweep: &Sweep) -> Result<Report, Error> {
    let ([down, across], [metric]) = (sweep.axes.as_slice(), sweep.metrics.as_slice()) else {
        let found = format!("a grid shows one metric over two paths, not {}", found(sweep));
        let help = "name two paths, and one metric with `--metric`";
        return Err(Problem::nowhere(found).help(help).into());
    };
    let done = Done::of(sweep);
    let table = grid_table(sweep, &done, down, across, metric);
    Ok(done.report(scenario, sweep, table, base(sweep)))
}

fn found(sweep: &Sweep) -> String {
    let count = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    format!("{} over {}", count(sweep.metrics.len(), "metric"), count(sweep.axes.len(), "path"))
}

fn grid_table(sweep: &Sweep, done: &Done, down: &Axis, across: &Axis, metric: &Metric) -> Table {
    let width = across.points.len();
    let points: Vec<Cell> = done.columns[1].iter().take(width).map(|value| point(*value, &across.unit)).collect();
    let titles = number::column(&points.iter().collect::<Vec<_>>());
    let mut columns = vec![Column::new(format!("{} \\ {}", down.name, across.name), down.name.clone())];
    columns.extend(points.iter().zip(titles).map(|(point, title)| {
        let key = point.number().map(number::plain).unwrap_or_default();
        Column::new(key, title.unwrap_or_default())
    }));
    let row = |first: usize| {
        let outcomes = (first..first + width).map(|row| done.outcome(sweep, 0, row));
        Row::plain(std::iter::once(point(done.columns[0][first], &down.unit)).chain(outcomes).collect())
    };
    Table {
        key: "grid",
        title: format!("{}: {} down, {} across", metric.name, down.name, across.name),
        columns,
        rows: (0..sweep.rows).step_by(width).map(row).collect(),
    }
}

/// A sweep that was run.
struct Done {
    columns: Vec<Vec<f64>>,
    reasons: Vec<(String, String)>,
}

impl Done {
    fn of(sweep: &Sweep) -> Self {
        let (columns, gaps) = sweep.all();
        let reasons = sweep.reasons(&gaps);
        Self { columns, reasons }
    }

    /// A metric's value in a row, with its unit.
    fn outcome(&self, sweep: &Sweep, metric: usize, row: usize) -> Cell {
        let Metric { name, unit, .. } = &sweep.metrics[metric];
        let value = self.columns[sweep.axes.len() + metric][row];
        if value.is_finite() {
            return layout::cell(&Ok(value), unit);
        }
        let reason = self.reasons.iter().find(|(metric, _)| metric == name).map(|(_, reason)| reason.clone());
        Cell::Missing(reason.unwrap_or_default())
    }

    fn report(self, scenario: &Scenario, sweep: &Sweep, table: Table, notes: Vec<String>) -> Report {
        let finite = |value: f64| value.is_finite().then_some(value);
        let answer = Answer {
            base: sweep.axes.iter().map(|axis| (axis.name.clone(), axis.base)).collect(),
            columns: sweep.columns(),
            rows: (0..sweep.rows).map(|row| self.columns.iter().map(|column| finite(column[row])).collect()).collect(),
        };
        Report {
            undefined: self.reasons,
            notes,
            tables: vec![table],
            ..Report::new("sweep", layout::heading(scenario), layout::data(&answer))
        }
    }
}

impl Sweep {
    /// Whether a row is the scenario as it stands.
    fn is_base(&self, row: usize) -> bool {
        let same = |value: f64, base: f64| number::significant(value) == number::significant(base);
        self.axes.iter().all(|axis| axis.base.is_some_and(|base| same(axis.at(row), base)))
    }
}

fn point(value: f64, unit: &Unit) -> Cell {
    layout::cell(&Ok(value), unit)
}

/// What the scenario says of the paths, for readers of a table in which it has no row of its own.
fn base(sweep: &Sweep) -> Vec<String> {
    let says = |axis: &Axis| {
        let value = number::column(&[&point(axis.base?, &axis.unit)]).swap_remove(0)?;
        Some(format!("`{}` is {value}", axis.name))
    };
    let said: Vec<String> = sweep.axes.iter().filter_map(says).collect();
    let said = (!said.is_empty()).then(|| format!("as the scenario stands, {}", said.join(" and ")));
    said.into_iter().chain(sweep.notes()).collect()
}
