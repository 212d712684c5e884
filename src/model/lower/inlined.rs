//! Functions that are formulas, put in the place of their calls.

use crate::formula::functions::{Allowed, Function, Meaning, Recipe};
use crate::formula::{NodeKind, parse};
use crate::numeric::kernel::{self, Kernel};

use super::Lowering;
use crate::model::node::{Inputs, Node, NodeId};

impl Lowering<'_> {
    /// A call of a function that is a formula: its value where every argument makes sense and none of the conditions
    /// holds under which there is none.
    pub(super) fn inlined(&mut self, function: &'static Function, recipe: Recipe, given: &[NodeId]) -> NodeId {
        let mut arguments: Vec<NodeId> = Vec::with_capacity(function.parameters.len());
        for (index, parameter) in function.parameters.iter().enumerate() {
            let argument = match (given.get(index), parameter.default) {
                (Some(given), _) => *given,
                (None, Some(default)) => self.body(function, default, &arguments),
                (None, None) => self.push(Node::Constant(f64::NAN)),
            };
            let argument = self.sensible(parameter.allowed, argument);
            arguments.push(argument);
        }
        let mut value = self.body(function, recipe.formula, &arguments);
        for (condition, _) in recipe.undefined {
            let condition = self.body(function, condition, &arguments);
            let none = self.push(Node::Constant(f64::NAN));
            value = self.push(Node::Call(Kernel::Three(kernel::select), Inputs::new(&[condition, none, value])));
        }
        value
    }

    /// The argument where it makes sense. Of a number that does, nothing is asked in each run.
    fn sensible(&mut self, allowed: Allowed, argument: NodeId) -> NodeId {
        match (allowed.kernel(), &self.lowered.nodes[argument]) {
            (Some(_), Node::Constant(value)) if allowed.contains(*value) => argument,
            (Some(kernel), _) => self.push(Node::Call(kernel, Inputs::new(&[argument]))),
            (None, _) => argument,
        }
    }

    /// A formula over the parameters of a function.
    fn body(&mut self, function: &'static Function, formula: &'static str, arguments: &[NodeId]) -> NodeId {
        let parsed = self.bodies.entry(formula).or_insert_with(|| parse(formula).ok()).clone();
        let Some(expression) = parsed else { return self.push(Node::Constant(f64::NAN)) };
        let mut steps: Vec<NodeId> = Vec::with_capacity(expression.nodes().len());
        for node in expression.nodes() {
            let step = match &node.kind {
                NodeKind::Number(value) => self.push(Node::Constant(*value)),
                NodeKind::Path(path) => match function.position(path).and_then(|at| arguments.get(at)) {
                    Some(argument) => *argument,
                    None => self.push(Node::Constant(f64::NAN)),
                },
                NodeKind::Unary(operator, a) => self.push(Node::Unary(*operator, steps[*a])),
                NodeKind::Binary(operator, a, b) => self.push(Node::Binary(*operator, steps[*a], steps[*b])),
                NodeKind::Call(called, given) => {
                    let given: Vec<NodeId> = given.iter().map(|step| steps[*step]).collect();
                    match called.meaning {
                        Meaning::Kernel(kernel) => self.push(Node::Call(kernel, Inputs::new(&given))),
                        Meaning::Fold(kernel) => self.fold(kernel, &given),
                        _ => self.push(Node::Constant(f64::NAN)),
                    }
                }
            };
            steps.push(step);
        }
        steps.last().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::formula::Path;
    use crate::formula::functions::{all, find};
    use crate::model::Model;
    use crate::scenario::Changes;

    fn model(inputs: &str, cost: &str) -> Model {
        let text = format!("users = 1\nprice = 1\n[inputs]\n{inputs}\n[costs]\nx = \"{cost}\"\n");
        Model::load("s.toml", text.as_bytes(), &Changes::default()).unwrap().1
    }

    fn cost(model: &Model) -> Result<f64, String> {
        model.values().get(model.find(&Path::from("costs.x")).unwrap(), 0)
    }

    #[test]
    fn a_call_in_a_model_has_the_value_of_its_example() {
        for function in all().filter(|function| function.recipe().is_some()) {
            let (call, expected) = function.example;
            let found = cost(&model("", call)).unwrap();
            assert!((found / expected - 1.0).abs() <= 1e-4, "{call} is {found}");
        }
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        // 1,000 tokens at 3 per thousand thousand; the cached ones have no price of their own.
        let written = cost(&model("", "token_cost(1_000, 0, 3, 0, 400, 3, 0, 3)"));
        assert_eq!(cost(&model("", "token_cost(1_000, 0, 3, 0, 400)")), written);
        assert_eq!(written, Ok(0.003));
    }

    #[test]
    fn a_computed_argument_that_makes_no_sense_takes_the_value_away_with_the_reason() {
        let hours = |share: &str| cost(&model(&format!("share = {share}"), "accelerator_hours(7_200, 2, share)"));
        // 7,200 / (2 · 0.5 · 3,600) = 2.
        assert_eq!(hours("0.5"), Ok(2.0));
        let reason = "the `utilization` of `accelerator_hours` is 1.2, and it cannot be above 1 (100%)";
        assert_eq!(hours("1.2"), Err(reason.to_owned()));
        let reason = "the `utilization` of `accelerator_hours` is 0, and it must be above 0";
        assert_eq!(hours("0"), Err(reason.to_owned()));
        let cached = cost(&model("cached = 11", "token_cost(10, 0, 1, 1, cached)"));
        let reason = "cached and written tokens are part of the input and cannot be more";
        assert_eq!(cached, Err(reason.to_owned()));
    }

    #[test]
    fn columns_have_the_values_of_one_number_after_the_other() {
        let model = model("share = 1", "accelerator_hours(7_200, 2, share, share / 2)");
        let [share, cost] = ["inputs.share", "costs.x"].map(|path| model.find(&Path::from(path)).unwrap());
        let shares = [-0.5, 0.0, 0.25, 0.5, 1.0, 1.5, f64::NAN];
        let hours = find("accelerator_hours").unwrap();
        let columns = model.plan(&[share], &[cost]).run(&[&shares]);
        for (share, found) in shares.into_iter().zip(&columns[0]) {
            let expected = hours.value(&[7_200.0, 2.0, share, share / 2.0]);
            assert!(*found == expected || (found.is_nan() && expected.is_nan()), "{share}: {found}, not {expected}");
        }
    }
}
