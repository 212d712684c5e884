//! The values of nodes in one lane: one number for the whole run, or one per period.

use crate::numeric::kernel::{Kernel, Operand};

use super::Model;
use super::node::{Node, NodeId};

/// The values of a model's nodes in one lane.
#[derive(Clone, Debug)]
pub struct Uniform {
    /// Where each node's values begin.
    starts: Vec<usize>,
    /// The values: one per node, or one per period for nodes that vary.
    values: Vec<f64>,
    /// Whether each node has one value per period.
    varies: Vec<bool>,
}

impl Uniform {
    /// The values of the chosen nodes; every node that one of them needs must be chosen.
    pub fn of_nodes(model: &Model, chosen: impl Fn(NodeId) -> bool) -> Self {
        let mut starts = Vec::with_capacity(model.nodes.len());
        let mut size = 0;
        for id in 0..model.nodes.len() {
            starts.push(size);
            size += if !chosen(id) {
                0
            } else if model.varies[id] {
                model.periods
            } else {
                1
            };
        }
        let mut uniform = Self { starts, values: vec![f64::NAN; size], varies: model.varies.clone() };
        let ids: Vec<NodeId> = (0..model.nodes.len()).filter(|id| chosen(*id)).collect();
        let (outcomes, periodic): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| model.outcome[*id]);
        let (each, once): (Vec<_>, Vec<_>) = periodic.into_iter().partition(|id| model.varies[*id]);
        for id in once {
            uniform.compute(model, id, 0);
        }
        for period in 0..model.periods {
            for id in &each {
                uniform.compute(model, *id, period);
            }
        }
        for id in outcomes {
            uniform.compute(model, id, 0);
        }
        uniform
    }

    /// A node's value in a period.
    pub fn at(&self, id: NodeId, period: usize) -> f64 {
        self.values[self.starts[id] + if self.varies[id] { period } else { 0 }]
    }

    fn compute(&mut self, model: &Model, id: NodeId, period: usize) {
        let node = &model.nodes[id];
        let value = match node {
            Node::Constant(value) => *value,
            Node::Quantity(value) => self.at(*value, period),
            Node::Total(of) => self.total(model, *of),
            Node::Mean(of) => self.mean(model, *of),
            Node::Unary(..) | Node::Binary(..) | Node::Call(..) => {
                let inputs = node.inputs();
                let at = |index: usize| Operand::Uniform(self.at(inputs[index], period));
                let mut out = [f64::NAN];
                match node.kernel() {
                    Some(Kernel::One(run)) => run(at(0), &mut out),
                    Some(Kernel::Two(run)) => run(at(0), at(1), &mut out),
                    Some(Kernel::Three(run)) => run(at(0), at(1), at(2), &mut out),
                    None => {}
                }
                out[0]
            }
        };
        let offset = if self.varies[id] { period } else { 0 };
        self.values[self.starts[id] + offset] = value;
    }

    fn total(&self, model: &Model, of: NodeId) -> f64 {
        if self.varies[of] {
            (0..model.periods).map(|period| self.at(of, period)).sum()
        } else {
            self.at(of, 0) * count(model.periods)
        }
    }

    fn mean(&self, model: &Model, of: NodeId) -> f64 {
        if self.varies[of] { self.total(model, of) * (1.0 / count(model.periods)) } else { self.at(of, 0) }
    }
}

/// A number of periods as a float; there are at most 1,200.
#[expect(clippy::cast_precision_loss, reason = "small counts are exact")]
pub fn count(periods: usize) -> f64 {
    periods as f64
}
