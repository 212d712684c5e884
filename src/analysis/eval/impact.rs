//! What is done that is not money: how much it is, per user, and per 1,000 of revenue.

use crate::formula::Path;
use crate::model::definition::Unit;
use crate::model::{LineDefinition, MEASURES, Model, Values};
use crate::report::{Cell, Column, Row, Table};
use crate::scenario::{Group, Scenario};

use super::Impact;
use crate::analysis::layout;

/// An impact line with its values.
pub struct Measured<'m> {
    line: &'m LineDefinition,
    unit: &'m Unit,
    amount: Result<f64, String>,
    /// By the name of the measure.
    measures: Vec<(&'static str, Result<f64, String>)>,
}

/// The impact lines, in the order of the file.
pub fn of<'m>(model: &'m Model, values: &Values<'_>) -> Vec<Measured<'m>> {
    let impact = model.lines().iter().filter(|line| line.line.group == Group::Impact);
    let measured = |line: &'m LineDefinition| {
        let total = &model.definitions()[line.total].path;
        let measure = |(name, _): (&'static str, &str)| {
            let value = model.find(&total.child(name)).map_err(|problem| problem.message);
            (name, value.and_then(|id| values.get(id, 0)))
        };
        Measured {
            line,
            unit: &model.definitions()[line.amount].unit,
            amount: values.get(line.total, 0),
            measures: MEASURES.into_iter().map(measure).collect(),
        }
    };
    impact.map(measured).collect()
}

impl Measured<'_> {
    /// The line's name.
    pub fn name(&self) -> &str {
        &self.line.line.name
    }

    /// The answer for machines; why something is missing is kept.
    pub fn answer(&self, keep: &mut impl FnMut(String, &Result<f64, String>) -> Option<f64>) -> Impact {
        let path = |measure: &str| Path::new([Group::Impact.key(), self.name(), measure]).to_string();
        let mut measures = self.measures.iter().map(|(name, value)| keep(path(name), value));
        Impact {
            // Why the sum is missing is told of the line.
            amount: self.amount.clone().ok(),
            per_user: measures.next().flatten(),
            per_1000_revenue: measures.next().flatten(),
            unit: self.line.line.unit.clone(),
            covers: self.line.line.covers.iter().map(|area| area.name).collect(),
        }
    }
}

/// The impact of a scenario as a table, where there is any. Columns without a value are left out for people.
pub fn table(scenario: &Scenario, impact: &[Measured<'_>]) -> Option<Table> {
    if impact.is_empty() {
        return None;
    }
    let row = |measured: &Measured<'_>| {
        let cell = |value: &Result<f64, String>| layout::cell(value, measured.unit);
        let measures = measured.measures.iter().map(|(_, value)| cell(value));
        let unit = layout::unit_cell(measured.unit, scenario);
        let path = Cell::text(measured.line.line.path().to_string());
        Row::plain([path, cell(&measured.amount)].into_iter().chain(measures).chain([unit]).collect())
    };
    let of_revenue = match &scenario.currency {
        Some(currency) => format!("per 1,000 {currency} of revenue"),
        None => "per 1,000 of revenue".to_owned(),
    };
    let column = |at: usize, title: &str| {
        let name = MEASURES[at].0;
        let shown = impact.iter().any(|measured| measured.measures[at].1.is_ok());
        if shown { Column::new(name, title) } else { Column::machine(name) }
    };
    Some(Table {
        key: "impact",
        title: "Impact".to_owned(),
        columns: vec![
            Column::new("line", "line"),
            Column::new("amount", "amount"),
            column(0, "per user"),
            column(1, &of_revenue),
            Column::new("unit", "unit"),
        ],
        rows: impact.iter().map(row).collect(),
    })
}
