//! Functions that are formulas over their parameters, written in the language of scenarios.

use crate::formula::{Expression, NodeKind, Path, parse};
use crate::numeric::kernel::{Kernel, Operand};

use super::{Function, Meaning};

/// How a function is computed from its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The formula; the parameters' names are its only names.
    pub formula: &'static str,
    /// Conditions under which there is no value, each with the reason as a clause.
    pub undefined: &'static [(&'static str, &'static str)],
}

impl Function {
    /// The formula by which it is computed, where one is.
    pub fn recipe(&self) -> Option<Recipe> {
        match self.meaning {
            Meaning::Formula(recipe) => Some(recipe),
            _ => None,
        }
    }

    /// The place of a parameter among the others.
    pub fn position(&self, parameter: &Path) -> Option<usize> {
        let name = parameter.single()?;
        self.parameters.iter().position(|parameter| parameter.name == name)
    }

    /// Why a function that is a formula has no value with these arguments, as a clause; none where they make sense.
    /// `shown` writes a number.
    pub fn why_undefined(&self, arguments: &[f64], shown: impl Fn(f64) -> String) -> Option<String> {
        let recipe = self.recipe()?;
        let refused = self.parameters.iter().zip(arguments).find_map(|(parameter, value)| {
            let refusal = parameter.allowed.refusal(*value)?;
            Some(format!("the `{}` of `{}` is {}, and it {refusal}", parameter.name, self.name, shown(*value)))
        });
        refused.or_else(|| {
            let arguments = self.completed(arguments);
            let met = recipe.undefined.iter().find(|(condition, _)| self.evaluate(condition, &arguments) == 1.0);
            met.map(|(_, reason)| (*reason).to_owned())
        })
    }

    /// The arguments with the defaults of those that were left out.
    fn completed(&self, given: &[f64]) -> Vec<f64> {
        let mut arguments = given.to_vec();
        for parameter in self.parameters.iter().skip(given.len()) {
            arguments.push(parameter.default.map_or(f64::NAN, |default| self.evaluate(default, &arguments)));
        }
        arguments
    }

    /// The value of a formula over the parameters; NaN where it names anything else.
    fn evaluate(&self, formula: &str, arguments: &[f64]) -> f64 {
        let Ok(expression) = parse(formula) else { return f64::NAN };
        let argument = |path: &Path| self.position(path).and_then(|at| arguments.get(at)).copied();
        evaluate(&expression, |path| argument(path).unwrap_or(f64::NAN))
    }

    /// The value of a function that is a formula, with the arguments that are given.
    #[cfg(test)]
    pub fn value(&self, given: &[f64]) -> f64 {
        let sensible = self.why_undefined(given, |value| value.to_string()).is_none();
        let formula = self.recipe().filter(|_| sensible).map(|recipe| recipe.formula);
        formula.map_or(f64::NAN, |formula| self.evaluate(formula, &self.completed(given)))
    }
}

/// The value of a formula of operators, kernels and names.
fn evaluate(expression: &Expression, named: impl Fn(&Path) -> f64) -> f64 {
    let mut values: Vec<f64> = Vec::with_capacity(expression.nodes().len());
    for node in expression.nodes() {
        let value = match &node.kind {
            NodeKind::Number(value) => *value,
            NodeKind::Path(path) => named(path),
            NodeKind::Unary(operator, a) => run(operator.kernel(), &[values[*a]]),
            NodeKind::Binary(operator, a, b) => run(operator.kernel(), &[values[*a], values[*b]]),
            NodeKind::Call(function, arguments) => {
                let mut arguments = arguments.iter().map(|argument| values[*argument]);
                match function.meaning {
                    Meaning::Kernel(kernel) => run(kernel, &arguments.collect::<Vec<_>>()),
                    Meaning::Fold(kernel) => {
                        let first = arguments.next().unwrap_or(f64::NAN);
                        arguments.fold(first, |a, b| run(kernel, &[a, b]))
                    }
                    _ => f64::NAN,
                }
            }
        };
        values.push(value);
    }
    values.last().copied().unwrap_or(f64::NAN)
}

/// One number by a kernel; NaN where the operands do not fit it.
fn run(kernel: Kernel, operands: &[f64]) -> f64 {
    let mut out = [f64::NAN];
    match (kernel, operands) {
        (Kernel::One(run), &[a]) => run(Operand::Uniform(a), &mut out),
        (Kernel::Two(run), &[a, b]) => run(Operand::Uniform(a), Operand::Uniform(b), &mut out),
        (Kernel::Three(run), &[a, b, c]) => {
            run(Operand::Uniform(a), Operand::Uniform(b), Operand::Uniform(c), &mut out);
        }
        _ => {}
    }
    out[0]
}

#[cfg(test)]
mod tests {
    use crate::formula::functions::{all, find};

    use super::*;

    /// The formulas that make up a function: its own, its conditions and its defaults.
    fn formulas(function: &'static Function) -> Vec<&'static str> {
        let recipe = function.recipe();
        let own = recipe.iter().map(|recipe| recipe.formula);
        let conditions = recipe.iter().flat_map(|recipe| recipe.undefined).map(|(condition, _)| *condition);
        own.chain(conditions).chain(function.parameters.iter().filter_map(|parameter| parameter.default)).collect()
    }

    #[test]
    fn every_formula_names_parameters_alone_and_calls_kernels_alone() {
        for function in all() {
            for formula in formulas(function) {
                let expression = parse(formula).unwrap();
                for node in expression.nodes() {
                    match &node.kind {
                        NodeKind::Path(path) => assert!(function.position(path).is_some(), "{}: {path}", function.name),
                        NodeKind::Call(called, _) => {
                            assert!(matches!(called.meaning, Meaning::Kernel(_) | Meaning::Fold(_)), "{formula}");
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    #[test]
    fn every_parameter_is_used_and_what_may_be_left_out_comes_last_with_a_default() {
        for function in all().filter(|function| function.recipe().is_some()) {
            for (index, parameter) in function.parameters.iter().enumerate() {
                assert_eq!(parameter.default.is_some(), index >= function.required, "{}", function.name);
                let named = |formula: &&str| {
                    let is_it =
                        |kind: &NodeKind| matches!(kind, NodeKind::Path(path) if path.single() == Some(parameter.name));
                    parse(formula).unwrap().nodes().iter().any(|node| is_it(&node.kind))
                };
                assert!(formulas(function).iter().any(named), "{}: {}", function.name, parameter.name);
            }
            assert!(!function.source.is_empty() && !function.unit.is_empty(), "{}", function.name);
        }
    }

    #[test]
    fn what_makes_no_sense_has_no_value_and_a_reason() {
        let why = |function: &Function, given: &[f64]| function.why_undefined(given, |value| value.to_string());
        let hours = find("accelerator_hours").unwrap();
        // 3,600 FLOP at 1 FLOP/s and half of it used: two hours.
        assert_eq!(hours.value(&[3_600.0, 1.0, 0.5]), 2.0);
        assert!(hours.value(&[3_600.0, 1.0, 1.2]).is_nan());
        assert_eq!(
            why(hours, &[3_600.0, 1.0, 1.2]).as_deref(),
            Some("the `utilization` of `accelerator_hours` is 1.2, and it cannot be above 1 (100%)")
        );
        assert_eq!(why(hours, &[3_600.0, 1.0, 0.5]), None);
        let cost = find("token_cost").unwrap();
        assert_eq!(
            why(cost, &[10.0, 0.0, 1.0, 1.0, 8.0, 1.0, 3.0]).as_deref(),
            Some("cached and written tokens are part of the input and cannot be more")
        );
    }
}
