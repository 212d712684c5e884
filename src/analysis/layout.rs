//! What all reports have in common: their head, and how values become cells.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Span;
use crate::model::definition::Unit;
use crate::report::{Cell, Heading, Place};
use crate::scenario::Scenario;

/// Which scenario a report speaks of.
pub fn heading(scenario: &Scenario) -> Heading {
    Heading { name: scenario.name.clone(), currency: scenario.currency.clone(), case: scenario.case.clone() }
}

/// The keys of an answer, in their order.
pub fn data(answer: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(answer) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// A place in the scenario's file or in an option.
pub fn place(scenario: &Scenario, span: Span) -> Option<Place> {
    let (file, position) = scenario.sources.locate(span)?;
    Some(Place { file: file.to_owned(), line: position.line, column: position.column })
}

/// A value in a cell of its kind.
pub fn cell(value: &Result<f64, String>, unit: &Unit) -> Cell {
    match value {
        Err(reason) => Cell::Missing(reason.clone()),
        Ok(value) => match unit {
            Unit::Money => Cell::Money(*value),
            Unit::Count | Unit::Periods => Cell::Count(*value),
            Unit::Share => Cell::Share(*value),
            Unit::Number | Unit::Named(_) => Cell::Number(*value),
        },
    }
}

/// The unit's name in a cell.
pub fn unit_cell(unit: &Unit, scenario: &Scenario) -> Cell {
    unit.name(scenario).map_or(Cell::Empty, Cell::text)
}
