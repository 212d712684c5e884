//! The values of nodes in one lane: one number for the whole run, or one per period.

use crate::numeric::kernel::{Kernel, Operand};

use super::gather::{count, gather};
use super::node::{Node, NodeId};
use super::{Flat, Model};

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
        Self::with(model, &[], chosen)
    }

    /// The values of the chosen nodes where quantities have other values than the scenario says.
    pub fn with(model: &Model, set: &[(NodeId, f64)], chosen: impl Fn(NodeId) -> bool) -> Self {
        let flat = &model.flat;
        let mut starts = Vec::with_capacity(flat.nodes.len());
        let mut size = 0;
        for id in 0..flat.nodes.len() {
            starts.push(size);
            size += match chosen(id) {
                true if flat.varies[id] => flat.periods,
                true => 1,
                false => 0,
            };
        }
        let mut uniform = Self { starts, values: vec![f64::NAN; size], varies: flat.varies.clone() };
        let ids: Vec<NodeId> = (0..flat.nodes.len()).filter(|id| chosen(*id)).collect();
        let (outcomes, periodic): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| flat.outcome[*id]);
        let (each, once): (Vec<_>, Vec<_>) = periodic.into_iter().partition(|id| flat.varies[*id]);
        for id in once {
            uniform.compute(flat, set, id, 0);
        }
        for period in 0..flat.periods {
            for id in &each {
                uniform.compute(flat, set, *id, period);
            }
        }
        for id in outcomes {
            uniform.compute(flat, set, id, 0);
        }
        uniform
    }

    /// A node's value in a period.
    pub fn at(&self, id: NodeId, period: usize) -> f64 {
        self.values[self.starts[id] + if self.varies[id] { period } else { 0 }]
    }

    /// A node's values in all periods.
    pub fn series(&self, id: NodeId, periods: usize) -> Vec<f64> {
        (0..periods).map(|period| self.at(id, period)).collect()
    }

    fn compute(&mut self, flat: &Flat, set: &[(NodeId, f64)], id: NodeId, period: usize) {
        let node = &flat.nodes[id];
        let value = match node {
            Node::Constant(value) => *value,
            Node::Period => count(period),
            Node::Quantity(value) => {
                let other = set.iter().find(|(quantity, _)| *quantity == id);
                other.map_or_else(|| self.at(*value, period), |(_, value)| *value)
            }
            Node::Due(schedule, value) if flat.schedules[*schedule][period] => self.at(*value, period),
            Node::Due(..) => 0.0,
            Node::Previous { first, .. } if period == 0 => self.at(*first, 0),
            Node::Previous { value, .. } => self.at(*value, period - 1),
            Node::Gather(over, inputs) => {
                let parameters: Vec<f64> = inputs[1..].iter().map(|input| self.at(*input, 0)).collect();
                gather(*over, &self.series(inputs[0], flat.periods), &parameters)
            }
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
}
