//! Why something has no value: the step at which it was lost, said in the words of the scenario.

use crate::formula::{BinaryOperator, Expression, NodeKind};

use super::definition::{Body, DefinitionId};
use super::resolve::{self, Reference};
use super::{Model, Values};

/// Why a definition has no value in a period, as a clause: `cost is 0`.
pub fn why(values: &Values<'_>, asked: DefinitionId, period: usize) -> String {
    let model = values.model;
    let mut place = (asked, period);
    // Each turn goes one definition deeper, and nothing is circular within a period.
    for _ in 0..=model.definitions.all.len() {
        let (id, period) = place;
        match culprit(values, id, period) {
            Culprit::Reason(reason) if id == asked => return reason,
            Culprit::Reason(reason) => return format!("`{}` has no value: {reason}", model.definitions.all[id].path),
            Culprit::Definition(next, period) => place = (next, period),
        }
    }
    "a number on the way is too large".to_owned()
}

/// What took a definition's value away.
enum Culprit {
    /// One of its own steps, for this reason.
    Reason(String),
    /// Another definition that it needs, in a period.
    Definition(DefinitionId, usize),
}

fn culprit(values: &Values<'_>, id: DefinitionId, period: usize) -> Culprit {
    match &values.model.definitions.all[id].body {
        Body::Absent(reason) => Culprit::Reason(reason.clone()),
        Body::Quantity(quantity) => in_formula(values, id, &quantity.expression, period),
        Body::Formula(expression) => in_formula(values, id, expression, period),
        Body::Sum(parts) => match parts.iter().find(|part| !values.at(**part, period).is_finite()) {
            Some(part) => Culprit::Definition(*part, period),
            None => Culprit::Reason("the sum is too large".to_owned()),
        },
        Body::Total(part) => within(values, *part),
    }
}

/// The first period in which a definition has no value.
fn within(values: &Values<'_>, id: DefinitionId) -> Culprit {
    match (0..values.model.periods).find(|period| !values.at(id, *period).is_finite()) {
        Some(period) => Culprit::Definition(id, period),
        None => Culprit::Reason("the sum over the periods is too large".to_owned()),
    }
}

/// Follows a formula from its root to the step at which a value was lost.
fn in_formula(values: &Values<'_>, id: DefinitionId, expression: &Expression, period: usize) -> Culprit {
    let model = values.model;
    let steps = &model.steps[id];
    let value = |step: usize| values.uniform.at(steps[step], period);
    let lost = |step: &usize| !value(*step).is_finite();
    let nodes = expression.nodes();
    let scopes = resolve::scopes(expression, model.definitions.scope(id));
    let mut at = nodes.len() - 1;
    loop {
        let next = match &nodes[at].kind {
            NodeKind::Path(path) => return named(model, path, scopes[at], period),
            NodeKind::Number(_) => None,
            NodeKind::Unary(_, a) => Some(*a).filter(lost),
            NodeKind::Binary(_, a, b) => [*a, *b].into_iter().find(lost),
            NodeKind::Call(function, arguments) if function.over_periods() => {
                return match &nodes[arguments[0]].kind {
                    NodeKind::Path(path) => match resolve::resolve(&model.definitions, path, resolve::Scope::Period) {
                        Some(Reference::Definition(inner)) => within(values, inner),
                        _ => Culprit::Reason("a value of some period is missing".to_owned()),
                    },
                    _ => Culprit::Reason("a value of some period is missing".to_owned()),
                };
            }
            NodeKind::Call(function, arguments) if function.name == "if" && !lost(&arguments[0]) => {
                Some(arguments[if value(arguments[0]) == 0.0 { 2 } else { 1 }]).filter(lost)
            }
            NodeKind::Call(_, arguments) => arguments.iter().copied().find(lost),
        };
        match next {
            Some(next) => at = next,
            None => return Culprit::Reason(reason(expression, at, &value)),
        }
    }
}

fn named(model: &Model, path: &crate::formula::Path, scope: resolve::Scope, period: usize) -> Culprit {
    match resolve::resolve(&model.definitions, path, scope) {
        Some(Reference::Definition(id)) => Culprit::Definition(id, period),
        _ => Culprit::Reason(format!("{} has no value", path.in_ticks())),
    }
}

/// Why a step whose inputs all have values has none.
fn reason(expression: &Expression, at: usize, value: &impl Fn(usize) -> f64) -> String {
    let too_large = || format!("`{}` is too large a number", expression.part(at));
    match &expression.nodes()[at].kind {
        NodeKind::Binary(BinaryOperator::Divide, _, by) if value(*by) == 0.0 => {
            format!("{} is 0", expression.part(*by))
        }
        NodeKind::Binary(BinaryOperator::Power, base, exponent) => match (value(*base), value(*exponent)) {
            (base, exponent) if base == 0.0 && exponent < 0.0 => "0 has no negative power".to_owned(),
            (base, exponent) if base < 0.0 && exponent.fract() != 0.0 => {
                format!("a negative number has no power that is not whole: {base} ^ {exponent}")
            }
            _ => too_large(),
        },
        NodeKind::Call(function, arguments) => {
            let first = arguments.first().map_or(f64::NAN, |argument| value(*argument));
            match function.name {
                "ln" | "log10" if first <= 0.0 => format!("there is no logarithm of {first}"),
                "sqrt" if first < 0.0 => format!("there is no square root of {first}"),
                "clamp" => format!("the limits of `{}` are in the wrong order", expression.part(at)),
                _ => too_large(),
            }
        }
        _ => too_large(),
    }
}
