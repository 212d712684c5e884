//! Helpers for the tests of formulas.

use crate::numeric::kernel::{Kernel, Operand};

use super::functions::{Against, Meaning, OfTime, OverDraws, OverPeriods, find_constant};
use super::{Expression, NodeKind, parse};

/// The value of a formula whose names are constants, in a scenario of one period.
pub fn value(text: &str) -> f64 {
    let expression = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut values: Vec<f64> = Vec::new();
    for node in expression.nodes() {
        let value = match &node.kind {
            NodeKind::Number(value) => *value,
            NodeKind::Path(path) => find_constant(path).map_or(f64::NAN, |constant| constant.value),
            NodeKind::Unary(operator, a) => run(operator.kernel(), &[values[*a]]),
            NodeKind::Binary(operator, a, b) => run(operator.kernel(), &[values[*a], values[*b]]),
            NodeKind::Call(function, arguments) => {
                let arguments: Vec<f64> = arguments.iter().map(|argument| values[*argument]).collect();
                match function.meaning {
                    Meaning::Kernel(kernel) => run(kernel, &arguments),
                    Meaning::Formula(_) => function.value(&arguments),
                    Meaning::Fold(kernel) => arguments.into_iter().reduce(|a, b| run(kernel, &[a, b])).unwrap(),
                    Meaning::Request(_) => f64::NAN,
                    Meaning::Time(OfTime::Growth) => 1.0,
                    Meaning::Time(OfTime::Ramp | OfTime::Step)
                    | Meaning::Against(Against::Before)
                    | Meaning::OverDraws(OverDraws::Probability | OverDraws::Percentile | OverDraws::Expected)
                    | Meaning::EachPeriod => arguments[0],
                    Meaning::Time(OfTime::Previous) => arguments[1],
                    Meaning::Against(Against::Change) | Meaning::OverDraws(OverDraws::Deviation) => 0.0,
                    Meaning::Drawn(family) => (family.make)(&arguments).unwrap().mean(),
                    Meaning::Truncated => {
                        let bounds = crate::dist::FAMILIES.iter().find(|family| family.name == "uniform").unwrap();
                        (bounds.make)(&arguments[1..]).unwrap().mean()
                    }
                    Meaning::OverPeriods(over) => over_one_period(over, arguments[over.series()]),
                }
            }
        };
        values.push(value);
    }
    values[values.len() - 1]
}

/// What a function of a series yields where there is one period.
fn over_one_period(over: OverPeriods, value: f64) -> f64 {
    match over {
        OverPeriods::PeriodOfLowest | OverPeriods::FirstWhen | OverPeriods::Payback => 0.0,
        OverPeriods::InternalRate | OverPeriods::ModifiedInternalRate | OverPeriods::Runway => f64::NAN,
        _ => value,
    }
}

fn run(kernel: Kernel, operands: &[f64]) -> f64 {
    let mut out = [0.0];
    match (kernel, operands) {
        (Kernel::One(kernel), &[a]) => kernel(Operand::Uniform(a), &mut out),
        (Kernel::Two(kernel), &[a, b]) => kernel(Operand::Uniform(a), Operand::Uniform(b), &mut out),
        (Kernel::Three(kernel), &[a, b, c]) => {
            kernel(Operand::Uniform(a), Operand::Uniform(b), Operand::Uniform(c), &mut out);
        }
        _ => panic!("{} operands", operands.len()),
    }
    out[0]
}

/// The steps of an expression without their places.
pub fn steps(expression: &Expression) -> Vec<&NodeKind> {
    expression.nodes().iter().map(|node| &node.kind).collect()
}

/// What is said of a formula that is refused, line by line: the message, the place with its label, other places with
/// theirs, and the help.
pub fn refusal(text: &str) -> Vec<String> {
    let error = parse(text).expect_err(text);
    let mut lines = vec![error.message];
    let places = [(error.span, error.label)].into_iter().chain(error.related);
    lines.extend(places.map(|(span, label)| format!("{span:?} {label}").trim_end().to_owned()));
    lines.extend(error.help);
    lines
}
