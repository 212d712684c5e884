//! The flat form of a model: nodes in an order in which every node stands after what it needs.

use crate::formula::{BinaryOperator, UnaryOperator};
use crate::numeric::kernel::Kernel;

/// The number of a node in its model.
pub type NodeId = usize;

/// One step of the computation.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Constant(f64),
    /// The value of a quantity, which a run may replace by a column of its own.
    Quantity(NodeId),
    /// An operator before its operand.
    Unary(UnaryOperator, NodeId),
    /// An operator between its operands.
    Binary(BinaryOperator, NodeId, NodeId),
    /// A function of up to three numbers.
    Call(Kernel, Inputs),
    /// The sum of a value over all periods.
    Total(NodeId),
    /// The average of a value over all periods.
    Mean(NodeId),
}

/// Up to three nodes, in their order, without an allocation: models have many nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    ids: [NodeId; 3],
    count: usize,
}

impl Inputs {
    /// The first three of these nodes.
    pub fn new(nodes: &[NodeId]) -> Self {
        let mut inputs = Self { ids: [0; 3], count: nodes.len().min(3) };
        inputs.ids[..inputs.count].copy_from_slice(&nodes[..inputs.count]);
        inputs
    }
}

impl std::ops::Deref for Inputs {
    type Target = [NodeId];

    fn deref(&self) -> &[NodeId] {
        &self.ids[..self.count]
    }
}

impl Node {
    /// The nodes whose values this one needs.
    pub fn inputs(&self) -> Inputs {
        match self {
            Node::Constant(_) => Inputs::new(&[]),
            Node::Quantity(a) | Node::Unary(_, a) | Node::Total(a) | Node::Mean(a) => Inputs::new(&[*a]),
            Node::Binary(_, a, b) => Inputs::new(&[*a, *b]),
            Node::Call(_, arguments) => *arguments,
        }
    }

    /// The kernel that computes it from its inputs, where one does.
    pub fn kernel(&self) -> Option<Kernel> {
        match self {
            Node::Unary(operator, _) => Some(operator.kernel()),
            Node::Binary(operator, _, _) => Some(operator.kernel()),
            Node::Call(kernel, _) => Some(*kernel),
            Node::Constant(_) | Node::Quantity(_) | Node::Total(_) | Node::Mean(_) => None,
        }
    }

    /// Whether it gathers the periods into one value.
    pub fn gathers(&self) -> bool {
        matches!(self, Node::Total(_) | Node::Mean(_))
    }
}
