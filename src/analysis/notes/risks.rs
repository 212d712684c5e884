//! Remarks on risks, and on amounts that laws say in a currency of their own.

use super::when;
use crate::formula::BinaryOperator::{Divide, Multiply};
use crate::formula::functions::Function;
use crate::formula::{Expression, NodeKind};
use crate::model::definition::Body;
use crate::model::{Model, Values};
use crate::report::number;
use crate::scenario::{Group, Scenario, Shape};

/// Caps of 0, and insurances whose limit lies below the deductible.
pub fn of_risks(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for line in scenario.lines.iter().filter(|line| line.group == Group::Risks) {
        let Shape::Risk(risk) = &line.shape else { continue };
        let [cap, deductible, limit] = [&risk.cap, &risk.deductible, &risk.limit]
            .map(|bound| bound.as_ref().and_then(|bound| model.quantity(&bound.path).ok()));
        let is_due = |period: &usize| line.schedule.as_ref().is_none_or(|due| due[*period]);
        let find = |test: &dyn Fn(usize) -> bool| (0..model.periods()).filter(is_due).find(|period| test(*period));
        if let (Some(cap), Some(quantity)) = (cap, &risk.cap)
            && let Some(period) = find(&|period| values.at(cap, period) == 0.0)
        {
            let by_rule = if names_small_companies(&quantity.expression) {
                ", by the rule for small companies: the lower amount counts, and a share of no turnover is nothing"
            } else {
                ""
            };
            notes.push(format!(
                "`{}` is 0{}{by_rule}; the risk then costs nothing",
                quantity.path,
                when(scenario, period)
            ));
        }
        if let (Some(from), Some(until)) = (deductible, limit)
            && let Some(period) = find(&|period| values.at(until, period) < values.at(from, period))
        {
            let (from, until) = (number::plain(values.at(from, period)), number::plain(values.at(until, period)));
            let (path, when) = (line.path(), when(scenario, period));
            notes.push(format!("`{path}`: the `limit`, {until}, is below the `deductible`, {from}{when}; what lies between counts twice"));
        }
    }
    notes
}

/// Whether a formula calls a function that knows a rule for small companies.
fn names_small_companies(expression: &Expression) -> bool {
    let knows = |function: &Function| function.parameters.iter().any(|parameter| parameter.name == "sme");
    expression.nodes().iter().any(|node| matches!(&node.kind, NodeKind::Call(function, _) if knows(function)))
}

/// Calls of functions whose result is in another currency than the scenario's, where nothing is multiplied by it.
pub fn of_currencies(scenario: &Scenario, model: &Model) -> Vec<String> {
    let Some(currency) = &scenario.currency else { return Vec::new() };
    let mut notes = Vec::new();
    for definition in model.definitions() {
        let Body::Quantity(quantity) = &definition.body else { continue };
        let steps = quantity.expression.nodes();
        for (at, node) in steps.iter().enumerate() {
            let NodeKind::Call(function, _) = &node.kind else { continue };
            let exchanged = steps
                .iter()
                .any(|other| matches!(other.kind, NodeKind::Binary(Multiply | Divide, a, b) if a == at || b == at));
            if is_currency(function.unit) && function.unit != currency && !exchanged {
                let (path, name, unit) = (&definition.path, function.name, function.unit);
                notes.push(format!(
                    "`{path}`: `{name}` is in {unit} and takes a turnover in {unit}, and the scenario counts in {currency}; \
                     nothing is converted: multiply by a rate of exchange"
                ));
            }
        }
    }
    notes
}

/// Whether a unit is the code of a currency, as in ISO 4217.
fn is_currency(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())
}
