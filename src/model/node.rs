//! The flat form of a model: nodes in an order in which every node stands after what it needs.

use std::ops::Deref;
use std::sync::Arc;

use crate::formula::functions::OverPeriods;
use crate::formula::{BinaryOperator, UnaryOperator};
use crate::numeric::kernel::Kernel;

use super::chance::Count;

/// The number of a node in its model.
pub type NodeId = usize;

/// One step of the computation.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Constant(f64),
    /// The number of the period.
    Period,
    /// The value of a quantity, which a run may replace by a column of its own.
    Quantity(NodeId),
    /// A value in the periods in which the schedule of that number is due, and 0 in the others.
    Due(usize, NodeId),
    /// A value of the period before; `first` in period 0. The value may stand after this node.
    Previous {
        /// What it is in period 0.
        first: NodeId,
        /// What it repeats one period later.
        value: NodeId,
    },
    /// An operator before its operand.
    Unary(UnaryOperator, NodeId),
    /// An operator between its operands.
    Binary(BinaryOperator, NodeId, NodeId),
    /// A function of up to three numbers.
    Call(Kernel, Inputs),
    /// One number from the values of all periods: the series first, then up to two plain numbers.
    Gather(OverPeriods, Inputs),
    /// A value that is left to chance: its mean, where a run does not replace it by a column of draws.
    Draw {
        /// Which of the model's draws it is.
        draw: usize,
        /// Whether it is drawn anew in each period.
        each_period: bool,
        /// The parameters of its distribution.
        parameters: Arc<[NodeId]>,
    },
    /// What is computed from a draw where a run has a column of it, and its mean elsewhere.
    Chance {
        /// The draw.
        draw: NodeId,
        /// The mean.
        mean: NodeId,
        /// What is computed from the draw.
        drawn: NodeId,
    },
    /// What is paid of losses that are drawn anew for each event.
    EventLoss {
        /// Which of the model's draws the loss is.
        loss: usize,
        /// How many events there may be of a period; without it, what is paid of one event on average.
        count: Option<Count>,
        /// The loss, its cap, its deductible and its limit; with a count the random number and how often an event happens;
        /// then the parameters of the loss.
        inputs: Arc<[NodeId]>,
    },
}

/// The nodes that a node needs.
pub enum Needs<'n> {
    /// Up to three.
    Few(Inputs),
    /// Any number.
    Many(&'n [NodeId]),
}

impl Deref for Needs<'_> {
    type Target = [NodeId];

    fn deref(&self) -> &[NodeId] {
        match self {
            Needs::Few(inputs) => inputs,
            Needs::Many(nodes) => nodes,
        }
    }
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

impl Deref for Inputs {
    type Target = [NodeId];

    fn deref(&self) -> &[NodeId] {
        &self.ids[..self.count]
    }
}

impl Node {
    /// The nodes whose values this one needs, those of the period before included.
    pub fn inputs(&self) -> Needs<'_> {
        Needs::Few(match self {
            Node::Constant(_) | Node::Period => Inputs::new(&[]),
            Node::Quantity(a) | Node::Due(_, a) | Node::Unary(_, a) => Inputs::new(&[*a]),
            Node::Previous { first, value } => Inputs::new(&[*first, *value]),
            Node::Binary(_, a, b) => Inputs::new(&[*a, *b]),
            Node::Call(_, inputs) | Node::Gather(_, inputs) => *inputs,
            Node::Chance { draw, mean, drawn } => Inputs::new(&[*draw, *mean, *drawn]),
            Node::Draw { parameters: inputs, .. } | Node::EventLoss { inputs, .. } => return Needs::Many(inputs),
        })
    }

    /// Those of its inputs that a run needs, by whether it has a column of a draw. The one loss that is the same in all
    /// periods is not: each event has its own, and a run that sets the loss knows it.
    pub fn needs(&self, is_drawn: impl Fn(NodeId) -> bool) -> Needs<'_> {
        match self {
            Node::Chance { draw, drawn, .. } if is_drawn(*draw) => Needs::Few(Inputs::new(&[*draw, *drawn])),
            Node::Chance { mean, .. } => Needs::Few(Inputs::new(&[*mean])),
            Node::EventLoss { inputs, .. } => Needs::Many(&inputs[1..]),
            _ => self.inputs(),
        }
    }

    /// The node whose value of the period before it repeats, if it repeats one.
    pub fn repeats(&self) -> Option<NodeId> {
        match self {
            Node::Previous { value, .. } => Some(*value),
            _ => None,
        }
    }

    /// The node whose values of all periods it takes, if it takes those of one.
    pub fn gathers(&self) -> Option<NodeId> {
        match self {
            Node::Gather(_, inputs) => Some(inputs[0]),
            _ => None,
        }
    }

    /// The kernel that computes it from its inputs, where one does.
    pub fn kernel(&self) -> Option<Kernel> {
        match self {
            Node::Unary(operator, _) => Some(operator.kernel()),
            Node::Binary(operator, _, _) => Some(operator.kernel()),
            Node::Call(kernel, _) => Some(*kernel),
            _ => None,
        }
    }
}

/// Which nodes have a value of their own in each period, and which belong to the whole run.
pub fn classify(nodes: &[Node]) -> (Vec<bool>, Vec<bool>) {
    let mut varies = vec![false; nodes.len()];
    let mut outcome = vec![false; nodes.len()];
    for (id, node) in nodes.iter().enumerate() {
        let inputs = node.inputs();
        match node {
            Node::Period | Node::Due(..) | Node::Previous { .. } | Node::Draw { each_period: true, .. } => {
                varies[id] = true;
            }
            Node::Gather(..) => outcome[id] = true,
            _ => {
                varies[id] = inputs.iter().any(|input| varies[*input]);
                outcome[id] = inputs.iter().any(|input| outcome[*input]);
            }
        }
    }
    (varies, outcome)
}
