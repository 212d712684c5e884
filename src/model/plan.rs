//! A model made ready for runs in which some quantities are columns and some nodes are wanted.
//!
//! What no column reaches is computed here, once; what remains is a flat program over registers.

use crate::numeric::kernel::{Kernel, Operand};

use super::Model;
use super::node::{Node, NodeId};
use super::uniform::Uniform;

/// How many lanes are computed at a time: few enough that the registers stay in the cache.
pub const CHUNK: usize = 256;

/// The number of a register.
type Register = usize;

/// Where a step finds an operand.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// The same in every lane and period.
    Uniform(f64),
    /// The same in every lane: the node's series, by period.
    Series(NodeId),
    /// A column.
    Register(Register),
}

/// One operation on columns.
#[derive(Clone, Debug)]
enum Step {
    /// Computes a column from columns.
    Compute { kernel: Kernel, inputs: Vec<Place>, to: Register },
    /// Adds a column to another.
    Accumulate { from: Place, to: Register },
    /// Multiplies a column by a number.
    Scale { by: f64, from: Place, to: Register },
}

/// A model made ready for runs.
#[derive(Clone, Debug)]
pub struct Plan {
    uniform: Uniform,
    periods: usize,
    registers: usize,
    /// The register of each column that a run is given.
    columns: Vec<Register>,
    /// The registers that begin a run at 0.
    sums: Vec<Register>,
    /// What is computed once per chunk.
    once: Vec<Step>,
    /// What is computed in each period.
    each: Vec<Step>,
    /// What is computed after the last period.
    after: Vec<Step>,
    outputs: Vec<Place>,
}

impl Plan {
    /// Prepares runs in which the nodes `varied` (of quantities) are columns and the nodes `wanted` are answered.
    pub fn new(model: &Model, varied: &[NodeId], wanted: &[NodeId]) -> Self {
        let needed = needed(model, wanted);
        let lanes = reached(model, varied);
        let uniform = Uniform::of_nodes(model, |id| needed[id] && !lanes[id]);
        let mut planner =
            Planner { model, uniform: &uniform, places: vec![None; model.nodes.len()], plan: Parts::default() };
        let columns = varied.iter().map(|id| planner.register(*id)).collect();
        for id in (0..model.nodes.len()).filter(|id| needed[*id] && lanes[*id] && !varied.contains(id)) {
            planner.step(id);
        }
        let outputs = wanted.iter().map(|id| planner.place(*id)).collect();
        let Parts { registers, sums, once, each, after } = planner.plan;
        Self { uniform, periods: model.periods, registers, columns, sums, once, each, after, outputs }
    }

    /// The wanted nodes' values, a column each, for the given columns of the varied quantities, all of one length.
    pub fn run(&self, columns: &[&[f64]]) -> Vec<Vec<f64>> {
        let lanes = columns.first().map_or(1, |column| column.len());
        let mut outputs: Vec<Vec<f64>> = self.outputs.iter().map(|_| Vec::with_capacity(lanes)).collect();
        let mut registers: Vec<Vec<f64>> = vec![Vec::new(); self.registers];
        for start in (0..lanes).step_by(CHUNK) {
            let count = CHUNK.min(lanes - start);
            for register in &mut registers {
                register.resize(count, 0.0);
            }
            for (column, register) in columns.iter().zip(&self.columns) {
                registers[*register].copy_from_slice(&column[start..start + count]);
            }
            self.chunk(&mut registers);
            for (output, place) in outputs.iter_mut().zip(&self.outputs) {
                match self.operand(*place, 0, &registers) {
                    Operand::Uniform(value) => output.resize(start + count, value),
                    Operand::Lanes(values) => output.extend_from_slice(values),
                }
            }
        }
        outputs
    }

    fn chunk(&self, registers: &mut [Vec<f64>]) {
        for sum in &self.sums {
            registers[*sum].fill(0.0);
        }
        self.steps(&self.once, 0, registers);
        for period in 0..self.periods {
            self.steps(&self.each, period, registers);
        }
        self.steps(&self.after, 0, registers);
    }

    fn steps(&self, steps: &[Step], period: usize, registers: &mut [Vec<f64>]) {
        for step in steps {
            let (Step::Compute { to, .. } | Step::Accumulate { to, .. } | Step::Scale { to, .. }) = step;
            // The register is taken out while it is written, so that the others can be read.
            let mut out = std::mem::take(&mut registers[*to]);
            match step {
                Step::Compute { kernel, inputs, .. } => {
                    let at = |index: usize| self.operand(inputs[index], period, registers);
                    match kernel {
                        Kernel::One(run) => run(at(0), &mut out),
                        Kernel::Two(run) => run(at(0), at(1), &mut out),
                        Kernel::Three(run) => run(at(0), at(1), at(2), &mut out),
                    }
                }
                Step::Accumulate { from, .. } => match self.operand(*from, period, registers) {
                    Operand::Uniform(value) => out.iter_mut().for_each(|sum| *sum += value),
                    Operand::Lanes(values) => out.iter_mut().zip(values).for_each(|(sum, value)| *sum += value),
                },
                Step::Scale { by, from, .. } => match self.operand(*from, period, registers) {
                    Operand::Uniform(value) => out.fill(value * by),
                    Operand::Lanes(values) => out.iter_mut().zip(values).for_each(|(out, value)| *out = value * by),
                },
            }
            registers[*to] = out;
        }
    }

    fn operand<'r>(&self, place: Place, period: usize, registers: &'r [Vec<f64>]) -> Operand<'r> {
        match place {
            Place::Uniform(value) => Operand::Uniform(value),
            Place::Series(node) => Operand::Uniform(self.uniform.at(node, period)),
            Place::Register(register) => Operand::Lanes(&registers[register]),
        }
    }
}

/// The parts of a plan while it is made.
#[derive(Default)]
struct Parts {
    registers: usize,
    sums: Vec<Register>,
    once: Vec<Step>,
    each: Vec<Step>,
    after: Vec<Step>,
}

struct Planner<'m> {
    model: &'m Model,
    uniform: &'m Uniform,
    places: Vec<Option<Place>>,
    plan: Parts,
}

impl Planner<'_> {
    fn register(&mut self, id: NodeId) -> Register {
        let register = self.plan.registers;
        self.plan.registers += 1;
        self.places[id] = Some(Place::Register(register));
        register
    }

    fn place(&self, id: NodeId) -> Place {
        self.places[id].unwrap_or_else(|| {
            if self.model.varies[id] { Place::Series(id) } else { Place::Uniform(self.uniform.at(id, 0)) }
        })
    }

    fn step(&mut self, id: NodeId) {
        let node = &self.model.nodes[id];
        if let Node::Quantity(value) = node {
            self.places[id] = Some(self.place(*value));
            return;
        }
        let inputs: Vec<_> = node.inputs().iter().map(|input| self.place(*input)).collect();
        let to = self.register(id);
        match (node, node.kernel()) {
            (_, Some(kernel)) => {
                let step = Step::Compute { kernel, inputs, to };
                if self.model.varies[id] {
                    self.plan.each.push(step);
                } else if self.model.outcome[id] {
                    self.plan.after.push(step);
                } else {
                    self.plan.once.push(step);
                }
            }
            (Node::Total(of) | Node::Mean(of), None) => self.gather(node, *of, to),
            _ => {}
        }
    }

    fn gather(&mut self, node: &Node, of: NodeId, to: Register) {
        let from = self.place(of);
        let periods = super::uniform::count(self.model.periods);
        let mean = matches!(node, Node::Mean(_));
        if self.model.varies[of] {
            self.plan.sums.push(to);
            self.plan.each.push(Step::Accumulate { from, to });
            if mean {
                self.plan.after.push(Step::Scale { by: 1.0 / periods, from: Place::Register(to), to });
            }
        } else {
            self.plan.after.push(Step::Scale { by: if mean { 1.0 } else { periods }, from, to });
        }
    }
}

/// Which nodes are needed for the wanted ones.
fn needed(model: &Model, wanted: &[NodeId]) -> Vec<bool> {
    let mut needed = vec![false; model.nodes.len()];
    let mut open = wanted.to_vec();
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut needed[id], true) {
            open.extend_from_slice(&model.nodes[id].inputs());
        }
    }
    needed
}

/// Which nodes depend on the given ones.
fn reached(model: &Model, from: &[NodeId]) -> Vec<bool> {
    let mut reached = vec![false; model.nodes.len()];
    for (id, node) in model.nodes.iter().enumerate() {
        reached[id] = from.contains(&id) || node.inputs().iter().any(|input| reached[*input]);
    }
    reached
}
