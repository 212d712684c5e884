//! A model made ready for runs in which some quantities are columns and some nodes are wanted.
//!
//! What no column reaches is computed here, once; what remains is a flat program over registers.

use crate::formula::functions::OverPeriods;
use crate::numeric::kernel::{self, Joining, Kernel, Operand};

use super::Model;
use super::draw::Draw;
use super::fuse::{self, Sum, Term};
use super::gather::{count, gather};
use super::node::{Node, NodeId};
use super::uniform::Uniform;

/// How many lanes are computed at a time: few enough that the registers stay in the cache.
pub const CHUNK: usize = 256;

/// The number of a register, a column of a chunk's lanes.
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
    Compute { kernel: Kernel, inputs: [Place; 3], to: Register },
    /// Sums parts of a column, each at a price.
    Tiers { sum: Sum<Place>, to: Register },
    /// Copies a column in the periods in which a schedule is due, and writes 0 in the others.
    Due { schedule: usize, from: Place, to: Register },
    /// Copies a column of period 0, and in later periods what was kept of the period before.
    Previous { first: Place, kept: Register, to: Register },
    /// Takes a period's column into what is gathered.
    Gather { over: OverPeriods, from: Place, to: Register },
    /// Keeps a period's column for a measure of the whole series.
    Record { from: Place, series: usize },
    /// Copies the period's column of those that begin at a register, one for each period.
    Read { first: Register, to: Register },
    /// The mean of a value that is left to chance, lane by lane.
    Mean { draw: Draw, parameters: Vec<Place>, to: Register },
    /// Computes a column from recorded series, lane by lane.
    Measure { over: OverPeriods, series: usize, parameters: [Place; 2], to: Register },
}

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
    /// What is kept for the next period, and where.
    kept: Vec<(Place, Register)>,
    /// What is computed after the last period.
    after: Vec<Step>,
    outputs: Vec<Place>,
}

/// The columns that a run works on.
struct Work {
    registers: Vec<Vec<f64>>,
    /// The recorded series, by series, then period.
    recorded: Vec<Vec<Vec<f64>>>,
    /// Where the next value of what is gathered is written, before both change places.
    next: Vec<f64>,
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
        let sums = fuse::sums(&flat.nodes, &needed, &lanes, wanted);
        for id in (0..flat.nodes.len()).filter(|id| needed[*id] && lanes[*id] && !varied.contains(id)) {
            match sums.found.get(&id) {
                Some(sum) => planner.tiers(id, sum),
                None if sums.joined.contains(&id) => {}
                None => planner.node(id),
            }
        }
        let kept = planner.parts.kept.iter().map(|(node, register)| (planner.place(*node), *register)).collect();
        let outputs = wanted.iter().map(|id| planner.place(*id)).collect();
        let Parts { registers, recorded, once, each, after, .. } = planner.parts;
        let (periods, schedules) = (flat.periods, flat.schedules.clone());
        Self { uniform, periods, schedules, registers, recorded, columns, once, each, kept, after, outputs }
    }

    /// The wanted nodes' values, a column each, for the given columns of the varied quantities, all of one length.
    pub fn run(&self, columns: &[&[f64]]) -> Vec<Vec<f64>> {
        let lanes = columns.first().map_or(1, |column| column.len());
        let mut outputs: Vec<Vec<f64>> = self.outputs.iter().map(|_| Vec::with_capacity(lanes)).collect();
        let mut work = Work {
            registers: vec![Vec::new(); self.registers],
            recorded: vec![vec![Vec::new(); self.periods]; self.recorded],
            next: Vec::new(),
        };
        for start in (0..lanes).step_by(CHUNK) {
            let count = CHUNK.min(lanes - start);
            for register in work.registers.iter_mut().chain([&mut work.next]) {
                register.resize(count, 0.0);
            }
            for (column, register) in columns.iter().zip(&self.columns) {
                work.registers[*register].copy_from_slice(&column[start..start + count]);
            }
            self.chunk(&mut work);
            for (output, place) in outputs.iter_mut().zip(&self.outputs) {
                match self.operand(*place, 0, &work.registers) {
                    Operand::Uniform(value) => output.resize(start + count, value),
                    Operand::Lanes(values) => output.extend_from_slice(values),
                }
            }
        }
        outputs
    }

    fn chunk(&self, work: &mut Work) {
        self.steps(&self.once, 0, work);
        for period in 0..self.periods {
            self.steps(&self.each, period, work);
            for (from, to) in &self.kept {
                let mut out = std::mem::take(&mut work.registers[*to]);
                self.operand(*from, period, &work.registers).copy_to(&mut out);
                work.registers[*to] = out;
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
            Step::Previous { kept, .. } => out.copy_from_slice(&work.registers[*kept]),
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
            Step::Gather { .. } | Step::Record { .. } => {}
        }
    }

    /// Takes a period's column into what is gathered, in the order in which one lane alone does. The columns change
    /// places where both are read and written, so that nothing is copied.
    fn gather(&self, over: OverPeriods, from: Operand<'_>, period: usize, out: &mut Vec<f64>, next: &mut Vec<f64>) {
        use OverPeriods::{First, Highest, Lowest, Mean, Total};
        let join = match (over, period) {
            (Total | Mean, 0) => return kernel::add(Operand::Uniform(0.0), from, out),
            (Total | Mean, _) => kernel::add,
            (Lowest, 1..) => kernel::min,
            (Highest, 1..) => kernel::max,
            (First, 1..) => return,
            _ => return from.copy_to(out),
        };
        join(Operand::Lanes(out.as_slice()), from, next);
        std::mem::swap(out, next);
        if over == Mean && period + 1 == self.periods {
            let periods = count(self.periods);
            for value in out {
                *value /= periods;
            }
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
    recorded: usize,
    once: Vec<Step>,
    each: Vec<Step>,
    kept: Vec<(NodeId, Register)>,
    after: Vec<Step>,
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
                let kept = self.new_register();
                let to = self.register(id);
                self.parts.kept.push((value, kept));
                self.parts.each.push(Step::Previous { first, kept, to });
            }
            Node::Unary(..) | Node::Binary(..) | Node::Call(..) => {
                let Some(kernel) = node.kernel() else { return };
                let mut inputs = [Place::Uniform(f64::NAN); 3];
                for (place, input) in inputs.iter_mut().zip(node.inputs().iter()) {
                    *place = self.place(*input);
                }
                let step = Step::Compute { kernel, inputs, to: self.register(id) };
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
