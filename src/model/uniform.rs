//! The values of nodes in one lane: one number for the whole run, or one per period.

use crate::numeric::kernel::{Kernel, Operand};

use super::blocks::Block;
use super::chance::Bounds;
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
        let mut series = vec![f64::NAN; flat.periods];
        for block in &flat.blocks {
            match block {
                Block::Alone(id) if !chosen(*id) => {}
                Block::Alone(id) if !flat.varies[*id] => uniform.compute(flat, set, *id, 0),
                Block::Alone(id) => uniform.compute_series(flat, set, *id, &mut series),
                // What a chosen node needs is chosen; in a circle, what is computed by chance alone may not be.
                Block::Circle(ids) if !ids.iter().any(|id| chosen(*id)) => {}
                Block::Circle(ids) => {
                    for period in 0..flat.periods {
                        for id in ids.iter().filter(|id| chosen(**id)) {
                            uniform.compute(flat, set, *id, period);
                        }
                    }
                }
            }
        }
        for id in (0..flat.nodes.len()).filter(|id| flat.outcome[*id] && chosen(*id)) {
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

    /// The values of a node in all periods at once, as an operand.
    fn all(&self, id: NodeId, periods: usize) -> Operand<'_> {
        let start = self.starts[id];
        if self.varies[id] {
            Operand::Lanes(&self.values[start..start + periods])
        } else {
            Operand::Uniform(self.values[start])
        }
    }

    /// Computes a node in one period, or the whole run's value.
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
            Node::Draw { draw, parameters, .. } => {
                let parameters: Vec<f64> = parameters.iter().map(|node| self.at(*node, period)).collect();
                flat.mean_of(*draw, &parameters)
            }
            Node::Chance { mean, .. } => self.at(*mean, period),
            Node::EventLoss { .. } => self.event_loss(flat, set, node, period),
            Node::Unary(..) | Node::Binary(..) | Node::Call(..) => {
                let mut out = [f64::NAN];
                run(node, |input| Operand::Uniform(self.at(input, period)), &mut out);
                out[0]
            }
        };
        let offset = if self.varies[id] { period } else { 0 };
        self.values[self.starts[id] + offset] = value;
    }

    /// Computes a node in all periods at once; `out` is room for one series.
    fn compute_series(&mut self, flat: &Flat, set: &[(NodeId, f64)], id: NodeId, out: &mut [f64]) {
        let node = &flat.nodes[id];
        match node {
            Node::Constant(value) => out.fill(*value),
            Node::Period => out.iter_mut().enumerate().for_each(|(period, out)| *out = count(period)),
            Node::Quantity(value) => match set.iter().find(|(quantity, _)| *quantity == id) {
                Some((_, value)) => out.fill(*value),
                None => self.all(*value, out.len()).copy_to(out),
            },
            Node::Due(schedule, value) => {
                self.all(*value, out.len()).copy_to(out);
                let due = &flat.schedules[*schedule];
                out.iter_mut().zip(due).filter(|(_, due)| !**due).for_each(|(out, _)| *out = 0.0);
            }
            Node::Previous { first, value } => {
                self.all(*value, out.len()).copy_to(out);
                out.rotate_right(1);
                out[0] = self.at(*first, 0);
            }
            Node::Unary(..) | Node::Binary(..) | Node::Call(..) => {
                let periods = out.len();
                run(node, |input| self.all(input, periods), out);
            }
            Node::Draw { draw, parameters, .. } => {
                for (period, out) in out.iter_mut().enumerate() {
                    let parameters: Vec<f64> = parameters.iter().map(|node| self.at(*node, period)).collect();
                    *out = flat.mean_of(*draw, &parameters);
                }
            }
            Node::Chance { mean, .. } => self.all(*mean, out.len()).copy_to(out),
            Node::EventLoss { .. } => {
                for (period, out) in out.iter_mut().enumerate() {
                    *out = self.event_loss(flat, set, node, period);
                }
            }
            // These belong to the whole run.
            Node::Gather(..) => out.fill(f64::NAN),
        }
        let start = self.starts[id];
        self.values[start..start + out.len()].copy_from_slice(out);
    }
}

impl Uniform {
    /// What is paid of one event on average; what is drawn has no value here.
    fn event_loss(&self, flat: &Flat, set: &[(NodeId, f64)], node: &Node, period: usize) -> f64 {
        let Node::EventLoss { loss, count: None, inputs } = node else { return f64::NAN };
        let [value, cap, deductible, limit, parameters @ ..] = &inputs[..] else { return f64::NAN };
        let [cap, deductible, limit] = [cap, deductible, limit].map(|node| self.at(*node, period));
        let bounds = Bounds { cap, deductible, limit };
        if let Some((_, loss)) = set.iter().find(|(quantity, _)| quantity == value) {
            return bounds.retained(*loss);
        }
        let parameters: Vec<f64> = parameters.iter().map(|node| self.at(*node, period)).collect();
        flat.draws.get(*loss).and_then(|draw| draw.with(&parameters)).map_or(f64::NAN, |loss| bounds.expected(&*loss))
    }
}

/// Computes a node by its kernel.
fn run<'v>(node: &Node, operand: impl Fn(NodeId) -> Operand<'v>, out: &mut [f64]) {
    let inputs = node.inputs();
    let at = |index: usize| operand(inputs[index]);
    match node.kernel() {
        Some(Kernel::One(run)) => run(at(0), out),
        Some(Kernel::Two(run)) => run(at(0), at(1), out),
        Some(Kernel::Three(run)) => run(at(0), at(1), at(2), out),
        None => {}
    }
}
