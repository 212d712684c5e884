//! A model made ready for runs in which some quantities are columns and some nodes are wanted.
//!
//! What no column reaches is computed here, once; what remains is a flat program over registers.

use crate::formula::BinaryOperator;
use crate::formula::functions::OverPeriods;
use crate::numeric::kernel::{self, Joining, Kernel, Operand};

mod step;
mod work;

use super::Model;
use super::fuse::{self as sums, Sum, Term};
use super::gather::{count, gather};
use super::node::{Node, NodeId};
use super::uniform::Uniform;
use step::{Place, Register, Step, fuse, reuse};
use work::{Column, Growing, grow, redo};

pub use work::Work;

/// How many lanes are computed at a time: few enough that the registers stay in the cache.
pub const CHUNK: usize = 256;

/// Two registers that change places.
type Exchange = (Register, Register);

/// A model made ready for runs.
#[derive(Clone, Debug)]
pub struct Plan {
    uniform: Uniform,
    periods: usize,
    schedules: Vec<Vec<bool>>,
    registers: usize,
    /// How many series are recorded.
    recorded: usize,
    /// The register of each column that a run is given.
    columns: Vec<Register>,
    /// What is computed once per chunk.
    once: Vec<Step>,
    /// What is computed in each period.
    each: Vec<Step>,
    /// What is kept for the next period, and where: first what reads a register into which another of them is kept.
    kept: Vec<(Place, Register)>,
    /// What is kept by changing places with a register that is written anew before it is read again.
    moved: Vec<Exchange>,
    /// Powers that grow by a factor a period.
    growing: Vec<Growing>,
    /// What is computed after the last period.
    after: Vec<Step>,
    outputs: Vec<Place>,
}

impl Plan {
    /// Prepares runs in which the nodes `varied` (of quantities and draws) are columns and the nodes `wanted` are
    /// answered, where the nodes `set` (of quantities) have these values. What is drawn anew in each period takes a
    /// column for each.
    pub fn new(model: &Model, set: &[(NodeId, f64)], varied: &[NodeId], wanted: &[NodeId]) -> Self {
        let needed = needed(model, wanted);
        let is_set = |id: NodeId| set.iter().any(|(node, _)| *node == id);
        let lanes = reached_around(model, varied, is_set);
        let flat = &model.flat;
        let uniform = Uniform::with(model, set, |id| needed[id] && !lanes[id]);
        let mut planner =
            Planner { model, uniform: &uniform, places: vec![None; flat.nodes.len()], parts: Parts::default() };
        let columns = varied.iter().flat_map(|id| planner.columns(*id)).collect();
        let sums = sums::sums(&flat.nodes, &needed, &lanes, wanted);
        for id in (0..flat.nodes.len()).filter(|id| needed[*id] && lanes[*id] && !varied.contains(id)) {
            match sums.found.get(&id) {
                Some(sum) => planner.tiers(id, sum),
                None if sums.joined.contains(&id) => {}
                None => planner.node(id),
            }
        }
        let (kept, moved) = planner.kept();
        let outputs: Vec<Place> = wanted.iter().map(|id| planner.place(*id)).collect();
        let columns: Vec<Register> = columns;
        let parts = &mut planner.parts;
        let steps = parts.once.iter().chain(&parts.after);
        let mut outside: Vec<Register> = steps.flat_map(Step::reads).collect();
        outside.extend(
            kept.iter().map(|(from, _): &(Place, Register)| from).chain(&outputs).filter_map(|place| place.register()),
        );
        outside.extend(moved.iter().map(|(from, _): &(Register, Register)| *from));
        outside.extend(parts.growing.iter().map(|growing| growing.factor));
        fuse(&mut parts.each, parts.registers, &outside);
        reuse(&mut parts.each, parts.registers, &outside);
        let Parts { registers, recorded, once, each, after, growing, .. } = planner.parts;
        let (periods, schedules) = (flat.periods, flat.schedules.clone());
        Self {
            uniform,
            periods,
            schedules,
            registers,
            recorded,
            columns,
            once,
            each,
            kept,
            moved,
            growing,
            after,
            outputs,
        }
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
        work.registers.resize_with(self.registers, Column::default);
        work.recorded.resize_with(self.recorded, Vec::new);
        for series in &mut work.recorded {
            series.resize_with(self.periods, Vec::new);
        }
        for start in (0..lanes).step_by(CHUNK) {
            let count = CHUNK.min(lanes - start);
            for register in work.registers.iter_mut().chain([&mut work.next]) {
                register.resize(count);
            }
            for (column, register) in columns.iter().zip(&self.columns) {
                work.registers[*register].copy_from_slice(&column[start..start + count]);
            }
            self.chunk(work);
            for (output, place) in outputs.iter_mut().zip(&self.outputs) {
                match self.operand(*place, 0, &work.registers) {
                    Operand::Uniform(value) => output.resize(output.len() + count, value),
                    Operand::Lanes(values) => output.extend_from_slice(values),
                }
            }
        }
    }

    fn chunk(&self, work: &mut Work) {
        self.steps(&self.once, 0, work);
        for growing in &self.growing {
            work.registers[growing.power].fill(1.0);
            work.registers[growing.rest].fill(0.0);
            redo(growing, 0, work);
        }
        for period in 0..self.periods {
            self.steps(&self.each, period, work);
            if period + 1 == self.periods {
                break;
            }
            for (from, to) in &self.kept {
                let mut out = std::mem::take(&mut work.registers[*to]);
                self.operand(*from, period, &work.registers).copy_to(&mut out);
                work.registers[*to] = out;
            }
            // What is computed anew in the next period may change places with what it was.
            for (from, to) in &self.moved {
                work.registers.swap(*from, *to);
            }
            for growing in &self.growing {
                grow(growing, work);
                redo(growing, period + 1, work);
            }
        }
        self.steps(&self.after, 0, work);
    }

    fn steps(&self, steps: &[Step], period: usize, work: &mut Work) {
        for step in steps {
            let to = match step {
                Step::Record { from, series } => {
                    let column = &mut work.recorded[*series][period];
                    column.resize(work.registers[0].len(), 0.0);
                    self.operand(*from, period, &work.registers).copy_to(column);
                    continue;
                }
                Step::Compute { to, .. }
                | Step::Tiers { to, .. }
                | Step::Due { to, .. }
                | Step::Previous { to, .. }
                | Step::Gather { to, .. }
                | Step::Read { to, .. }
                | Step::Mean { to, .. }
                | Step::Pick { to, .. }
                | Step::Measure { to, .. } => *to,
            };
            // The register is taken out while it is written, so that the others can be read.
            let mut out = std::mem::take(&mut work.registers[to]);
            if let Step::Gather { over, from, .. } = step {
                let from = self.operand(*from, period, &work.registers);
                self.gather(*over, from, period, &mut out, &mut work.next);
            } else {
                self.step(step, period, work, &mut out);
            }
            work.registers[to] = out;
        }
    }

    fn step(&self, step: &Step, period: usize, work: &Work, out: &mut [f64]) {
        let at = |place: Place| self.operand(place, period, &work.registers);
        match step {
            Step::Compute { kernel, inputs: [a, b, c], .. } => match kernel {
                Kernel::One(run) => run(at(*a), out),
                Kernel::Two(run) => run(at(*a), at(*b), out),
                Kernel::Three(run) => run(at(*a), at(*b), at(*c), out),
            },
            Step::Tiers { sum, .. } => {
                let Operand::Lanes(units) = at(sum.units) else { return };
                for (term, &Term { part, bounds, price }) in sum.terms.iter().enumerate() {
                    let joining = if term == 0 { Joining::First } else { Joining::Added };
                    // What is no column is the same in every lane.
                    let [low, high, price] = [bounds[0], bounds[1], price].map(|place| at(place).lane(0));
                    kernel::take_part(part, units, [low, high], price, joining, out);
                }
            }
            Step::Due { schedule, from, .. } if self.schedules[*schedule][period] => at(*from).copy_to(out),
            Step::Due { .. } => out.fill(0.0),
            Step::Previous { first, .. } if period == 0 => at(*first).copy_to(out),
            Step::Read { first, .. } => out.copy_from_slice(&work.registers[first + period]),
            Step::Mean { draw, parameters, .. } => {
                for (lane, out) in out.iter_mut().enumerate() {
                    let parameters: Vec<f64> = parameters.iter().map(|place| at(*place).lane(lane)).collect();
                    *out = draw.mean(&parameters);
                }
            }
            Step::Measure { over, series, parameters, .. } => {
                let mut lane_series = vec![0.0; self.periods];
                for (lane, out) in out.iter_mut().enumerate() {
                    for (value, column) in lane_series.iter_mut().zip(&work.recorded[*series]) {
                        *value = column[lane];
                    }
                    let parameters = parameters.map(|place| at(place).lane(lane));
                    *out = gather(*over, &lane_series, &parameters);
                }
            }
            Step::Pick { period: wanted, from, .. } if *wanted == period => at(*from).copy_to(out),
            Step::Previous { .. } | Step::Pick { .. } | Step::Gather { .. } | Step::Record { .. } => {}
        }
    }

    /// Takes a period's column into what is gathered, in the order in which one lane alone does. The columns change
    /// places where both are read and written, so that nothing is copied.
    fn gather(&self, over: OverPeriods, from: Operand<'_>, period: usize, out: &mut Column, next: &mut Column) {
        use OverPeriods::{First, Highest, Lowest, Mean, Total};
        let join = match (over, period) {
            (Total | Mean, 0) => return kernel::add(Operand::Uniform(0.0), from, out),
            (Total | Mean, _) => kernel::add,
            (Lowest, 1..) => kernel::min,
            (Highest, 1..) => kernel::max,
            (First, 1..) => return,
            _ => return from.copy_to(out),
        };
        if let (Total | Mean, Operand::Lanes(from)) = (over, from) {
            kernel::accumulate(from, out);
        } else {
            join(Operand::Lanes(out), from, next);
            std::mem::swap(out, next);
        }
        if over == Mean && period + 1 == self.periods {
            let periods = count(self.periods);
            for value in out.iter_mut() {
                *value /= periods;
            }
        }
    }

    #[inline]
    fn operand<'r>(&self, place: Place, period: usize, registers: &'r [Column]) -> Operand<'r> {
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
    recorded: usize,
    once: Vec<Step>,
    each: Vec<Step>,
    kept: Vec<(NodeId, Register)>,
    after: Vec<Step>,
    growing: Vec<Growing>,
}

struct Planner<'m> {
    model: &'m Model,
    uniform: &'m Uniform,
    places: Vec<Option<Place>>,
    parts: Parts,
}

impl Planner<'_> {
    fn new_register(&mut self) -> Register {
        self.parts.registers += 1;
        self.parts.registers - 1
    }

    fn register(&mut self, id: NodeId) -> Register {
        let register = self.new_register();
        self.places[id] = Some(Place::Register(register));
        register
    }

    /// What is kept for the next period and where, and what is moved there afterwards.
    fn kept(&mut self) -> (Vec<(Place, Register)>, Vec<Exchange>) {
        let all: Vec<(Place, Register)> =
            self.parts.kept.iter().map(|(node, register)| (self.place(*node), *register)).collect();
        let written = |register: Register| self.parts.each.iter().any(|step| step.computes() == Some(register));
        let times = |from: &Place| {
            all.iter()
                .filter(|(other, _)| matches!((other, from), (Place::Register(a), Place::Register(b)) if a == b))
                .count()
        };
        let (mut kept, mut moved) = (Vec::with_capacity(all.len()), Vec::new());
        let mut between = Vec::new();
        for (from, to) in &all {
            let is_kept_anew =
                |place: &Place| matches!(place, Place::Register(from) if all.iter().any(|(_, to)| to == from));
            match from {
                Place::Register(register) if written(*register) && times(from) == 1 => moved.push((*register, *to)),
                _ if is_kept_anew(from) => between.push((*from, *to)),
                _ => kept.push((*from, *to)),
            }
        }
        for (from, to) in between {
            let register = self.new_register();
            kept.push((from, register));
            moved.push((register, to));
        }
        // What is read must be read before it is written.
        kept.sort_by_key(|(from, _)| !matches!(from, Place::Register(from) if all.iter().any(|(_, to)| to == from)));
        (kept, moved)
    }

    /// The registers of the columns that a run gives for a node.
    fn columns(&mut self, id: NodeId) -> Vec<Register> {
        let flat = &self.model.flat;
        if !matches!(flat.nodes[id], Node::Draw { each_period: true, .. }) {
            return vec![self.register(id)];
        }
        let columns: Vec<Register> = (0..flat.periods).map(|_| self.new_register()).collect();
        let (first, to) = (columns[0], self.register(id));
        self.parts.each.push(Step::Read { first, to });
        columns
    }

    fn place(&self, id: NodeId) -> Place {
        self.places[id].unwrap_or_else(|| {
            if self.model.flat.varies[id] { Place::Series(id) } else { Place::Uniform(self.uniform.at(id, 0)) }
        })
    }

    fn tiers(&mut self, id: NodeId, sum: &Sum<NodeId>) {
        let sum = sum.map(|id| self.place(id));
        let step = Step::Tiers { sum, to: self.register(id) };
        self.computed(id, step);
    }

    /// A step that is due as often as its node has a value of its own.
    fn computed(&mut self, id: NodeId, step: Step) {
        match (self.model.flat.varies[id], self.model.flat.outcome[id]) {
            (true, _) => self.parts.each.push(step),
            (false, true) => self.parts.after.push(step),
            (false, false) => self.parts.once.push(step),
        }
    }

    fn node(&mut self, id: NodeId) {
        let flat = &self.model.flat;
        let node = &flat.nodes[id];
        match node {
            Node::Constant(_) | Node::Period => {}
            Node::Quantity(value) => self.places[id] = Some(self.place(*value)),
            Node::Due(schedule, from) => {
                let (schedule, from) = (*schedule, self.place(*from));
                let to = self.register(id);
                self.parts.each.push(Step::Due { schedule, from, to });
            }
            Node::Previous { first, value } => {
                let (first, value) = (self.place(*first), *value);
                let to = self.register(id);
                self.parts.kept.push((value, to));
                self.parts.each.push(Step::Previous { first, to });
            }
            Node::Unary(..) | Node::Binary(..) | Node::Call(..) => {
                let Some(kernel) = node.kernel() else { return };
                let mut inputs = [Place::Uniform(f64::NAN); 3];
                for (place, input) in inputs.iter_mut().zip(node.inputs().iter()) {
                    *place = self.place(*input);
                }
                if let (Node::Binary(BinaryOperator::Power, base, exponent), Place::Register(factor)) =
                    (node, inputs[0])
                    && flat.nodes[*exponent] == Node::Period
                    && !flat.varies[*base]
                {
                    let (power, rest) = (self.register(id), self.new_register());
                    self.parts.growing.push(Growing { factor, power, rest });
                    return;
                }
                let operator = if let Node::Binary(operator, ..) = node { Some(*operator) } else { None };
                let step = Step::Compute { kernel, operator, inputs, to: self.register(id) };
                self.computed(id, step);
            }
            Node::Draw { draw, parameters, .. } => {
                let Some(draw) = flat.draws.get(*draw).cloned() else { return };
                let parameters = parameters.iter().map(|input| self.place(*input)).collect();
                let step = Step::Mean { draw, parameters, to: self.register(id) };
                if flat.varies[id] { self.parts.each.push(step) } else { self.parts.once.push(step) }
            }
            Node::Gather(over, inputs) => {
                let from = self.place(inputs[0]);
                let mut parameters = [Place::Uniform(f64::NAN); 2];
                for (place, input) in parameters.iter_mut().zip(&inputs[1..]) {
                    *place = self.place(*input);
                }
                let to = self.register(id);
                self.gather(*over, from, parameters, to);
            }
        }
    }

    fn gather(&mut self, over: OverPeriods, from: Place, parameters: [Place; 2], to: Register) {
        use OverPeriods::{First, Highest, Last, Lowest, Mean, Total};
        if matches!(over, Total | Mean | Lowest | Highest | First | Last) {
            self.parts.each.push(Step::Gather { over, from, to });
            return;
        }
        if let (OverPeriods::At, Place::Uniform(period)) = (over, parameters[0])
            && let Some(period) = (0..self.model.flat.periods).find(|at| count(*at) == period)
        {
            self.parts.each.push(Step::Pick { period, from, to });
            return;
        }
        let series = self.parts.recorded;
        self.parts.recorded += 1;
        self.parts.each.push(Step::Record { from, series });
        self.parts.after.push(Step::Measure { over, series, parameters, to });
    }
}

/// Which nodes are needed for the wanted ones.
pub fn needed(model: &Model, wanted: &[NodeId]) -> Vec<bool> {
    let mut needed = vec![false; model.flat.nodes.len()];
    let mut open = wanted.to_vec();
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut needed[id], true) {
            open.extend_from_slice(&model.flat.nodes[id].inputs());
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
