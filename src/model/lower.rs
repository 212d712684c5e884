//! From definitions to the flat form.

use crate::formula::functions::Meaning;
use crate::formula::{BinaryOperator, Expression, NodeKind};

use super::define::Definitions;
use super::definition::{Body, DefinitionId};
use super::node::{Inputs, Node, NodeId};
use super::resolve::{self, Reference, Scope};

/// The flat form of definitions.
#[derive(Debug, Default)]
pub struct Lowered {
    /// The nodes, each after those it needs.
    pub nodes: Vec<Node>,
    /// The node that holds each definition's value.
    pub values: Vec<NodeId>,
    /// The node that each step of each definition's formula became.
    pub steps: Vec<Vec<NodeId>>,
}

/// Flattens the definitions in the given order.
pub fn lower(definitions: &Definitions, order: &[DefinitionId]) -> Lowered {
    let count = definitions.all.len();
    let mut lowered = Lowered { nodes: Vec::new(), values: vec![0; count], steps: vec![Vec::new(); count] };
    for &id in order {
        let scope = definitions.scope(id);
        let value = match &definitions.all[id].body {
            Body::Quantity(quantity) => {
                let value = lowered.expression(definitions, id, &quantity.expression, scope);
                lowered.push(Node::Quantity(value))
            }
            Body::Formula(expression) => lowered.expression(definitions, id, expression, scope),
            Body::Sum(parts) => lowered.sum(parts),
            Body::Total(part) => lowered.push(Node::Total(lowered.values[*part])),
            Body::Absent(_) => lowered.push(Node::Constant(f64::NAN)),
        };
        lowered.values[id] = value;
    }
    lowered
}

impl Lowered {
    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn sum(&mut self, parts: &[DefinitionId]) -> NodeId {
        let mut parts = parts.iter().map(|part| self.values[*part]).collect::<Vec<_>>().into_iter();
        let Some(first) = parts.next() else { return self.push(Node::Constant(0.0)) };
        parts.fold(first, |sum, part| self.push(Node::Binary(BinaryOperator::Add, sum, part)))
    }

    fn expression(
        &mut self,
        definitions: &Definitions,
        id: DefinitionId,
        expression: &Expression,
        scope: Scope,
    ) -> NodeId {
        let scopes = resolve::scopes(expression, scope);
        let mut steps: Vec<NodeId> = Vec::with_capacity(expression.nodes().len());
        for (node, scope) in expression.nodes().iter().zip(scopes) {
            let step = match &node.kind {
                NodeKind::Number(value) => self.push(Node::Constant(*value)),
                NodeKind::Path(path) => match resolve::resolve(definitions, path, scope) {
                    Some(Reference::Definition(named)) => self.values[named],
                    Some(Reference::Constant(value)) => self.push(Node::Constant(value)),
                    None => self.push(Node::Constant(f64::NAN)),
                },
                NodeKind::Unary(operator, a) => self.push(Node::Unary(*operator, steps[*a])),
                NodeKind::Binary(operator, a, b) => self.push(Node::Binary(*operator, steps[*a], steps[*b])),
                NodeKind::Call(function, arguments) => {
                    let arguments: Vec<_> = arguments.iter().map(|argument| steps[*argument]).collect();
                    self.call(&function.meaning, &arguments)
                }
            };
            steps.push(step);
        }
        let value = steps[steps.len() - 1];
        self.steps[id] = steps;
        value
    }

    fn call(&mut self, meaning: &Meaning, arguments: &[NodeId]) -> NodeId {
        match meaning {
            Meaning::Kernel(kernel) => self.push(Node::Call(*kernel, Inputs::new(arguments))),
            Meaning::Fold(kernel) => {
                let mut rest = arguments.iter().copied();
                let first = rest.next().unwrap_or_default();
                rest.fold(first, |folded, next| self.push(Node::Call(*kernel, Inputs::new(&[folded, next]))))
            }
            Meaning::Total => self.push(Node::Total(arguments[0])),
            Meaning::Mean => self.push(Node::Mean(arguments[0])),
        }
    }
}
