//! The functions and constants that formulas speak of, for whoever asks where a number comes from.

use crate::formula::NodeKind;
use crate::formula::constants::{Constant, find_constant};
use crate::model::definition::{Body, DefinitionId};
use crate::model::{Model, Reference};
use crate::report::number;

/// What stands behind the names in the formulas of some definitions: of a function its own formula, of a constant its
/// value and its source; each once.
pub fn of(model: &Model, ids: &[DefinitionId]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for id in ids {
        let expression = match &model.definitions()[*id].body {
            Body::Quantity(quantity) => &quantity.expression,
            Body::Formula(expression) | Body::Chance(_, expression) | Body::Metric(expression, _) => expression,
            _ => continue,
        };
        for node in expression.nodes() {
            let note = match &node.kind {
                NodeKind::Call(function, _) => {
                    function.recipe().map(|recipe| format!("`{}` is {}", function.signature(), recipe.formula))
                }
                NodeKind::Path(path) if matches!(model.reference(*id, path), Some(Reference::Constant(_))) => {
                    find_constant(path).map(constant)
                }
                _ => None,
            };
            told.extend(note.filter(|note| !told.contains(note)));
        }
    }
    told
}

/// A constant in a line: its value, what it is, its source, and what else there is to know.
fn constant(constant: &Constant) -> String {
    let Constant { name, value, unit, help, source, as_of, remark } = *constant;
    let as_of = if source.contains(as_of) { String::new() } else { format!(", {as_of}") };
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let remark = if remark.is_empty() { String::new() } else { format!("; {remark}") };
    format!("`{name}` is {}{unit}: {help} ({source}{as_of}){remark}", number::plain(value))
}
