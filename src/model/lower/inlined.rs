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
