//! A model made ready for runs in which some quantities are columns and some nodes are wanted.
//!
//! What no column reaches is computed here, once; what remains is a flat program over registers.

use crate::numeric::kernel::{Kernel, Operand};
use crate::numeric::parts::Tariff;
use crate::numeric::tile::{self, LANES, Registers, Source};

mod event;
mod finish;
mod join;
mod planner;
mod season;
mod stage;
mod step;
mod work;

use super::Model;
use super::gather::gather;
use super::node::NodeId;
use super::uniform::Uniform;
use planner::Planner;
use season::Seasons;
use stage::{Ready, Stage, operands};
use step::{Place, Register, Step, priced};
use work::Growing;

pub use work::Work;

/// A model made ready for runs.
#[derive(Clone, Debug)]
pub struct Plan {
    periods: usize,
    schedules: Vec<Vec<bool>>,
    registers: usize,
    /// How many series are recorded.
    recorded: usize,
    /// The register of each column that a run is given.
    columns: Vec<Register>,
    /// Registers with one number for all lanes.
    constants: Vec<(Register, f64)>,
    /// Registers with one number for all lanes, another in each period.
    series: Vec<(Register, Vec<f64>)>,
    /// The register of the constant 0.
    zero: Register,
    /// What is computed once per chunk.
    once: Vec<Stage>,
    /// What registers hold before the first period.
    starts: Vec<(Register, f64)>,
    /// What is copied before the first period, and where.
    first: Vec<(Place, Register)>,
    /// What is computed in each period.
    each: Seasons<Vec<Stage>>,
    /// What is copied for the next period, in this order, and where.
    kept: Vec<(Place, Register)>,
    /// Powers that grow by a factor a period.
    growing: Vec<Growing>,
    /// What is computed after the last period.
    after: Vec<Stage>,
    outputs: Vec<Place>,
}

impl Plan {
    /// Prepares runs in which the nodes `varied` (of quantities and draws) are columns and the nodes `wanted` are
    /// answered, where the nodes `set` (of quantities) have these values. What is drawn anew in each period takes a
    /// column for each.
    pub fn new(model: &Model, set: &[(NodeId, f64)], varied: &[NodeId], wanted: &[NodeId]) -> Self {
        let needed = needed(model, wanted, |id| varied.contains(&id));
        let is_set = |id: NodeId| set.iter().any(|(node, _)| *node == id);
        let lanes = reached_around(model, varied, is_set);
        let uniform = Uniform::with(model, set, |id| needed[id] && !lanes[id]);
        let is_computed = |id: NodeId| needed[id] && lanes[id] && !varied.contains(&id);
        let mut planner = Planner::new(model, set, varied, &uniform);
        let columns = varied.iter().flat_map(|id| planner.columns(*id)).collect();
        planner.nodes(&needed, &lanes, wanted, is_computed);
        planner.finish(columns, wanted)
    }

    /// How many columns a run answers.
    pub fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// The wanted nodes' values, a column each, for the given columns of the varied quantities, all of one length.
    pub fn run(&self, columns: &[&[f64]]) -> Vec<Vec<f64>> {
        let lanes = columns.first().map_or(1, |column| column.len());
        let mut outputs: Vec<Vec<f64>> = self.outputs.iter().map(|_| Vec::with_capacity(lanes)).collect();
        self.run_in(&mut Work::default(), columns, &mut outputs);
        outputs
    }

    /// As [`Plan::run`], with a workspace that is used again, adding to columns that are there.
    pub fn run_in(&self, work: &mut Work, columns: &[&[f64]], outputs: &mut [Vec<f64>]) {
        let lanes = columns.first().map_or(1, |column| column.len());
        work.recorded.resize_with(self.recorded, Vec::new);
        for series in &mut work.recorded {
            series.resize_with(self.periods, Vec::new);
        }
        for start in (0..lanes).step_by(LANES) {
            let count = LANES.min(lanes - start);
            work.registers.resize(self.registers, count);
            if start == 0 {
                self.constants.iter().for_each(|(register, value)| work.registers.set_uniform(*register, *value));
            }
            for (column, register) in columns.iter().zip(&self.columns) {
                work.registers.column_mut(*register).copy_from_slice(&column[start..start + count]);
            }
            self.chunk(work);
            let last = self.periods - 1;
            for (output, place) in outputs.iter_mut().zip(&self.outputs) {
                match self.operand(*place, last, |register| work.registers.column(register)) {
                    Operand::Uniform(value) => output.resize(output.len() + count, value),
                    Operand::Lanes(values) => output.extend_from_slice(values),
                }
            }
        }
    }

    fn chunk(&self, work: &mut Work) {
        self.stages(&self.once, 0, work);
        for (register, value) in &self.starts {
            work.registers.column_mut(*register).fill(*value);
        }
        let calm: Vec<bool> = self.growing.iter().map(|growing| growing.begin(&mut work.registers)).collect();
        self.begin_period(0, work);
        self.copy(&self.first, 0, &mut work.registers);
        self.stages(self.each.at(0), 0, work);
        for period in 1..self.periods {
            self.copy(&self.kept, period - 1, &mut work.registers);
            for (growing, calm) in self.growing.iter().zip(&calm) {
                growing.grow(period, *calm, &mut work.registers);
            }
            self.begin_period(period, work);
            self.stages(self.each.at(period), period, work);
        }
        self.stages(&self.after, self.periods - 1, work);
    }

    fn begin_period(&self, period: usize, work: &mut Work) {
        for (register, values) in &self.series {
            work.registers.set_uniform(*register, values[period]);
        }
    }

    fn copy(&self, places: &[(Place, Register)], period: usize, registers: &mut Registers) {
        for (from, to) in places {
            let (out, others) = registers.split(*to);
            self.operand(*from, period, |register| others.column(register)).copy_to(out);
        }
    }

    fn stages(&self, stages: &[Stage], period: usize, work: &mut Work) {
        let blocks = tile::blocks(work.registers.lanes());
        for stage in stages {
            match stage {
                Stage::Chains(chains) => {
                    let all = work.registers.all();
                    for Ready { run, operands } in chains {
                        run(all, operands, blocks);
                    }
                }
                Stage::Step(step) => self.one(step, period, work),
            }
        }
    }

    fn one(&self, step: &Step, period: usize, work: &mut Work) {
        match step {
            Step::Chain(link) => {
                let source = |place: &Place| {
                    let (register, has_lanes) = self.found(*place, period);
                    Some(if has_lanes { Source::lanes(register) } else { Source::uniform(register) })
                };
                if let Some(operands) = operands(link, source) {
                    let blocks = tile::blocks(work.registers.lanes());
                    (link.run)(work.registers.all(), &operands, blocks);
                }
            }
            Step::Record { from, series } => {
                let column = &mut work.recorded[*series][period];
                column.resize(work.registers.lanes(), 0.0);
                self.operand(*from, period, |register| work.registers.column(register)).copy_to(column);
            }
            Step::Pick { period: wanted, .. } if *wanted != period => {}
            Step::Tiers { sum, factor, ready, to } => {
                let (out, others) = work.registers.split(*to);
                let at = |place| self.operand(place, period, |register| others.column(register));
                if let Operand::Lanes(units) = at(sum.units) {
                    // What is no column is the same in every lane.
                    let number = |place| at(place).lane(0);
                    let factor = factor.map_or(1.0, number);
                    let made = || Some(Tariff::new(&priced(sum, |place| Some(number(place)))?));
                    match ready {
                        Some(tariff) => tariff.sum(units, factor, out),
                        None => made().into_iter().for_each(|tariff| tariff.sum(units, factor, out)),
                    }
                }
            }
            Step::Kernel { to, .. }
            | Step::Copy { to, .. }
            | Step::Pick { to, .. }
            | Step::Mean { to, .. }
            | Step::Events { to, .. }
            | Step::Measure { to, .. } => {
                let (out, others) = work.registers.split(*to);
                let at = |place: &Place| self.operand(*place, period, |register| others.column(register));
                self.step(step, at, &work.recorded, out);
            }
        }
    }

    /// A step that reads operands, or recorded series, and writes one column.
    fn step<'r>(&self, step: &Step, at: impl Fn(&Place) -> Operand<'r>, recorded: &[Vec<Vec<f64>>], out: &mut [f64]) {
        match step {
            Step::Kernel { kernel, inputs: [a, b, c], .. } => match kernel {
                Kernel::One(run) => run(at(a), out),
                Kernel::Two(run) => run(at(a), at(b), out),
                Kernel::Three(run) => run(at(a), at(b), at(c), out),
            },
            Step::Copy { from, .. } | Step::Pick { from, .. } => at(from).copy_to(out),
            Step::Mean { draw, parameters, .. } => {
                for (lane, out) in out.iter_mut().enumerate() {
                    let parameters: Vec<f64> = parameters.iter().map(|place| at(place).lane(lane)).collect();
                    *out = draw.mean(&parameters);
                }
            }
            Step::Events { losses, .. } => losses.compute(at, out),
            Step::Measure { over, series, parameters, .. } => {
                let mut lane_series = vec![0.0; self.periods];
                for (lane, out) in out.iter_mut().enumerate() {
                    for (value, column) in lane_series.iter_mut().zip(&recorded[*series]) {
                        *value = column[lane];
                    }
                    let parameters = parameters.map(|place| at(&place).lane(lane));
                    *out = gather(*over, &lane_series, &parameters);
                }
            }
            Step::Chain(_) | Step::Record { .. } | Step::Tiers { .. } => {}
        }
    }

    /// The register of a place in a period, and whether it has a number for each lane.
    #[inline]
    fn found(&self, place: Place, period: usize) -> (Register, bool) {
        match place {
            Place::Lanes(register) => (register, true),
            Place::Uniform(register) => (register, false),
            Place::Due { schedule, register } if self.schedules[schedule][period] => (register, true),
            Place::Due { .. } => (self.zero, false),
            Place::Each { first } => (first + period, true),
        }
    }

    #[inline]
    fn operand<'r>(&self, place: Place, period: usize, column: impl Fn(Register) -> &'r [f64]) -> Operand<'r> {
        let (register, has_lanes) = self.found(place, period);
        let lanes = column(register);
        if has_lanes { Operand::Lanes(lanes) } else { Operand::Uniform(lanes[0]) }
    }
}

/// Which nodes are needed for the wanted ones, where a run has columns of the draws that are drawn.
pub fn needed(model: &Model, wanted: &[NodeId], is_drawn: impl Fn(NodeId) -> bool) -> Vec<bool> {
    let mut needed = vec![false; model.flat.nodes.len()];
    let mut open = wanted.to_vec();
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut needed[id], true) {
            open.extend_from_slice(&model.flat.nodes[id].needs(&is_drawn));
        }
    }
    needed
}

/// Which nodes depend on the given ones, over time as well: what depends on them in one period may be repeated in the
/// next by a node that stands before it, hence the second and further rounds.
pub fn reached(model: &Model, from: &[NodeId]) -> Vec<bool> {
    reached_around(model, from, |_| false)
}

/// As [`reached`], but not through the nodes that are `set`.
pub fn reached_around(model: &Model, from: &[NodeId], set: impl Fn(NodeId) -> bool) -> Vec<bool> {
    let mut reached = vec![false; model.flat.nodes.len()];
    for id in from {
        reached[*id] = true;
    }
    loop {
        let mut changed = false;
        for (id, node) in model.flat.nodes.iter().enumerate() {
            if !reached[id] && !set(id) && node.inputs().iter().any(|input| reached[*input]) {
                reached[id] = true;
                changed = true;
            }
        }
        if !changed {
            return reached;
        }
    }
}
