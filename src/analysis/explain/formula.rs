//! How a definition is computed, as a text.

use super::Explainer;
use crate::formula::Path;
use crate::model::definition::{Body, Definition};
use crate::scenario::{Line, Quantity, Shape};

/// How many parts of a sum are named; more are counted.
const NAMED_PARTS: usize = 4;

impl Explainer<'_> {
    /// A formula for people: inside of a line with a price list, names are those in the line.
    pub(super) fn told(&self, definition: &Definition) -> Option<String> {
        let line = self.model.lines().iter().map(|line| &line.line).find(|line| is_part_of(&definition.path, line));
        let Some(line) = line.map(Line::path) else { return self.formula(definition) };
        let inside = |path: &Path| match path.segments().strip_prefix(line.segments()) {
            // What would read as a name of its own stays in full.
            Some(inner) if !inner.is_empty() && !self.model.has_periodic(&Path::new(inner)) => Path::new(inner),
            _ => path.clone(),
        };
        match &definition.body {
            Body::Formula(expression) | Body::Chance(_, expression) => Some(expression.renamed(inside).to_string()),
            Body::Sum(parts) if (2..=NAMED_PARTS).contains(&parts.len()) => {
                let names = parts.iter().map(|part| inside(&self.model.definitions()[*part].path).to_string());
                Some(names.collect::<Vec<_>>().join(" + "))
            }
            _ => self.formula(definition),
        }
    }

    pub(super) fn formula(&self, definition: &Definition) -> Option<String> {
        match &definition.body {
            Body::Quantity(quantity) => quantity.expression.literal().is_none().then(|| self.as_written(quantity)),
            Body::Formula(expression) | Body::Chance(_, expression) | Body::Metric(expression, _) => {
                Some(expression.to_string())
            }
            Body::Sum(parts) if parts.is_empty() => Some("a sum of no lines".to_owned()),
            Body::Sum(parts) if parts.len() <= NAMED_PARTS => {
                let names: Vec<_> = parts.iter().map(|part| self.model.definitions()[*part].path.to_string()).collect();
                Some(names.join(" + ")).filter(|_| parts.len() > 1)
            }
            Body::Sum(parts) => {
                let lines = parts.iter().all(|part| self.model.line_of(*part).is_some());
                Some(format!("the sum of {} {}", parts.len(), if lines { "lines" } else { "parts" }))
            }
            Body::Stock { joins, churn, .. } => Some(stock_formula(joins.is_some(), churn.is_some()).to_owned()),
            Body::Period | Body::Number(_) | Body::Absent(_) => None,
        }
    }

    /// A formula as it stands in the file, on one line.
    fn as_written(&self, quantity: &Quantity) -> String {
        let text = self.scenario.sources.text(quantity.locate(&quantity.expression.root().span));
        match text.split_whitespace().collect::<Vec<_>>().join(" ") {
            // A price of a price list is a number there, and more here where it is exchanged.
            text if text.is_empty() || text.starts_with(['"', '\'']) || text.parse::<f64>().is_ok() => {
                quantity.expression.to_string()
            }
            text => text,
        }
    }
}

/// Whether a definition belongs to a line whose amount takes more than one step.
fn is_part_of(path: &Path, line: &Line) -> bool {
    let plain = matches!(line.shape, Shape::Amount(_) | Shape::Product { .. });
    !plain && path.segments().starts_with(line.path().segments())
}

/// How a stock comes about from the period before.
fn stock_formula(joins: bool, churn: bool) -> &'static str {
    match (joins, churn) {
        (true, true) => "users before * (1 - users.churn) + users.joins",
        (true, false) => "users before + users.joins",
        (false, true) => "users before * (1 - users.churn)",
        (false, false) => "users.start",
    }
}
