//! Why something has no value: the step at which it was lost, said in the words of the scenario.

use crate::formula::functions::{Function, Meaning, OfTime};
use crate::formula::{BinaryOperator, Expression, NodeKind, Path};
use crate::report::number;

use super::definition::{Body, DefinitionId};
use super::draw;
use super::gather::measure;
use super::node::NodeId;
use super::resolve::{self, Reference};
use super::{Model, Values};

/// Why a definition has no value in a period, as a clause: `cost is 0`.
pub fn why(values: &Values<'_>, asked: DefinitionId, period: usize) -> String {
    let model = values.model;
    let mut place = (asked, period);
    // Each turn goes one definition deeper or one period back, and nothing is circular within a period.
    for _ in 0..=model.definitions.all.len() * model.periods() {
        let (id, period) = place;
        match culprit(values, id, period) {
            Culprit::Reason(reason) if id == asked => return reason,
            Culprit::Reason(reason) => {
                let path = &model.definitions.all[id].path;
                let whole = model.is_outcome(id) || model.periods() == 1;
                let when = if whole { String::new() } else { format!(" in period {period}") };
                return format!("`{path}` has no value{when}: {reason}");
            }
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
    let model = values.model;
    let missing = |id: &DefinitionId| !values.at(*id, period).is_finite();
    match &model.definitions.all[id].body {
        Body::Absent(reason) => Culprit::Reason(reason.clone()),
        Body::Quantity(quantity) => in_formula(values, id, &quantity.expression, period),
        Body::Formula(expression) | Body::Chance(_, expression) => in_formula(values, id, expression, period),
        Body::Metric(expression, guards) => {
            let met = model.guards[id].iter().position(|node| values.uniform.at(*node, 0) == 1.0);
            match met {
                Some(guard) => Culprit::Reason(guards[guard].1.to_owned()),
                None => in_formula(values, id, expression, period),
            }
        }
        Body::Sum(parts) => match parts.iter().find(|part| missing(part)) {
            Some(part) => Culprit::Definition(*part, period),
            None => Culprit::Reason("the sum is too large".to_owned()),
        },
        Body::Stock { start, .. } if period == 0 => Culprit::Definition(*start, 0),
        Body::Stock { joins, churn, .. } => {
            let before = period - 1;
            let flows = [Some(id), *joins, *churn].into_iter().flatten();
            match flows.into_iter().find(|id| !values.at(*id, before).is_finite()) {
                Some(lost) => Culprit::Definition(lost, before),
                None => Culprit::Reason("the stock is too large".to_owned()),
            }
        }
        Body::Period | Body::Number(_) => Culprit::Reason("it has no value".to_owned()),
    }
}

/// Follows a formula from its root to the step at which a value was lost.
fn in_formula(values: &Values<'_>, id: DefinitionId, expression: &Expression, period: usize) -> Culprit {
    let model = values.model;
    let steps = &model.steps[id];
    let nodes = expression.nodes();
    let scopes = resolve::scopes(expression, model.definitions.scope(id));
    let (mut at, mut period) = (nodes.len() - 1, period);
    loop {
        let value = |step: usize| values.uniform.at(steps[step], period);
        let lost = |step: &usize| !value(*step).is_finite();
        let here = |step: Option<usize>| (step, period);
        let (next, next_period) = match &nodes[at].kind {
            NodeKind::Path(path) => return named(model, path, scopes[at], period),
            NodeKind::Number(_) => here(None),
            NodeKind::Unary(_, a) => here(Some(*a).filter(lost)),
            NodeKind::Binary(_, a, b) => here([*a, *b].into_iter().find(lost)),
            NodeKind::Call(function, arguments) if function.over_periods() => {
                match gathered(values, &steps[..], function, arguments) {
                    Gathered::Reason(reason) => return Culprit::Reason(reason),
                    Gathered::Lost(step, lost_in) => (Some(step), lost_in),
                    Gathered::Parameter(step) => (Some(step), period),
                }
            }
            NodeKind::Call(function, arguments) if function.meaning == Meaning::Time(OfTime::Previous) => {
                if period == 0 { (Some(arguments[1]), 0) } else { (Some(arguments[0]), period - 1) }
            }
            NodeKind::Call(function, _) if function.is_drawn() => match draw::written(expression, at) {
                Some(written) => match written.arguments().iter().copied().find(lost) {
                    Some(argument) => here(Some(argument)),
                    None => return Culprit::Reason(written.why(value)),
                },
                None => here(None),
            },
            NodeKind::Call(function, arguments) if function.name == "if" && !lost(&arguments[0]) => {
                here(Some(arguments[if value(arguments[0]) == 0.0 { 2 } else { 1 }]).filter(lost))
            }
            NodeKind::Call(_, arguments) => here(arguments.iter().copied().find(lost)),
        };
        match next {
            Some(next) => (at, period) = (next, next_period),
            None => return Culprit::Reason(reason(expression, at, &value)),
        }
    }
}

/// Why a function over all periods has no value.
enum Gathered {
    /// The values are all there, but they have no such measure.
    Reason(String),
    /// The step of the series that has no value in a period.
    Lost(usize, usize),
    /// A plain number that it needs has no value.
    Parameter(usize),
}

fn gathered(values: &Values<'_>, steps: &[NodeId], function: &Function, arguments: &[usize]) -> Gathered {
    let Meaning::OverPeriods(over) = function.meaning else { return Gathered::Reason("it has no value".to_owned()) };
    let series_step = arguments[over.series()];
    let series = values.uniform.series(steps[series_step], values.model.periods());
    if let Some(period) = series.iter().position(|value| !value.is_finite()) {
        return Gathered::Lost(series_step, period);
    }
    let parameters: Vec<usize> = arguments.iter().copied().filter(|step| *step != series_step).collect();
    let value = |step: &usize| values.uniform.at(steps[*step], 0);
    if let Some(step) = parameters.iter().find(|step| !value(step).is_finite()) {
        return Gathered::Parameter(*step);
    }
    let parameters: Vec<f64> = parameters.iter().map(value).collect();
    Gathered::Reason(measure(over, &series, &parameters).err().unwrap_or_else(|| "the sum is too large".to_owned()))
}

fn named(model: &Model, path: &Path, scope: resolve::Scope, period: usize) -> Culprit {
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
                let (base, exponent) = (number::plain(base), number::plain(exponent));
                format!("a negative number has no power that is not whole: {base} ^ {exponent}")
            }
            _ => too_large(),
        },
        NodeKind::Call(function, arguments) => {
            let given: Vec<f64> = arguments.iter().map(|argument| value(*argument)).collect();
            if let Some(reason) = function.why_undefined(&given, number::plain) {
                return reason;
            }
            let first = given.first().copied().unwrap_or(f64::NAN);
            match function.name {
                "ln" | "log10" if first <= 0.0 => format!("there is no logarithm of {}", number::plain(first)),
                "sqrt" if first < 0.0 => format!("there is no square root of {}", number::plain(first)),
                "packages" => "a package has no size".to_owned(),
                "clamp" | "part_between" => format!("the limits of `{}` are in the wrong order", expression.part(at)),
                _ => too_large(),
            }
        }
        _ => too_large(),
    }
}
