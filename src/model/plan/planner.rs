//! From the nodes of a model to steps.

use std::collections::HashMap;

use super::step::{Link, Place, Register, Step, operation};
use super::work::Growing;
use crate::formula::BinaryOperator;
use crate::formula::functions::OverPeriods;
use crate::model::Model;
use crate::model::fuse::{self, Sum};
use crate::model::gather::count;
use crate::model::node::{Node, NodeId};
use crate::model::uniform::Uniform;
use crate::numeric::chain::{Chain, Operation};
use crate::numeric::kernel::{self, Kernel};

/// Makes a plan, node by node.
pub(super) struct Planner<'m> {
    pub(super) model: &'m Model,
    pub(super) set: &'m [(NodeId, f64)],
    pub(super) varied: &'m [NodeId],
    pub(super) uniform: &'m Uniform,
    places: Vec<Option<Place>>,
    pub(super) registers: usize,
    pub(super) recorded: usize,
    pub(super) constants: HashMap<u64, Register>,
    pub(super) series: Vec<(Register, NodeId)>,
    pub(super) starts: Vec<(Register, f64)>,
    pub(super) first: Vec<(Place, Register)>,
    pub(super) once: Vec<Step>,
    pub(super) each: Vec<Step>,
    /// What is kept for the next period, and where.
    pub(super) kept: Vec<(NodeId, Register)>,
    pub(super) after: Vec<Step>,
    pub(super) growing: Vec<Growing>,
}

impl<'m> Planner<'m> {
    pub(super) fn new(model: &'m Model, set: &'m [(NodeId, f64)], varied: &'m [NodeId], uniform: &'m Uniform) -> Self {
        Self {
            model,
            set,
            varied,
            uniform,
            places: vec![None; model.flat.nodes.len()],
            registers: 0,
            recorded: 0,
            constants: HashMap::new(),
            series: Vec::new(),
            starts: Vec::new(),
            first: Vec::new(),
            once: Vec::new(),
            each: Vec::new(),
            kept: Vec::new(),
            after: Vec::new(),
            growing: Vec::new(),
        }
    }

    /// Plans the computed nodes.
    pub(super) fn nodes(
        &mut self,
        needed: &[bool],
        lanes: &[bool],
        wanted: &[NodeId],
        is_computed: impl Fn(NodeId) -> bool,
    ) {
        let nodes = &self.model.flat.nodes;
        let sums = fuse::sums(nodes, needed, lanes, wanted);
        for id in (0..nodes.len()).filter(|id| is_computed(*id)) {
            match sums.found.get(&id) {
                Some(sum) => self.tiers(id, sum),
                None if sums.joined.contains(&id) => {}
                None => self.node(id),
            }
        }
    }

    pub(super) fn new_register(&mut self) -> Register {
        self.registers += 1;
        self.registers - 1
    }

    pub(super) fn register(&mut self, id: NodeId) -> Register {
        let register = self.new_register();
        self.places[id] = Some(Place::Lanes(register));
        register
    }

    pub(super) fn constant(&mut self, value: f64) -> Place {
        let found = self.constants.get(&value.to_bits()).copied();
        Place::Uniform(found.unwrap_or_else(|| {
            let register = self.new_register();
            self.constants.insert(value.to_bits(), register);
            register
        }))
    }

    pub(super) fn place(&mut self, id: NodeId) -> Place {
        if let Some(place) = self.places[id] {
            return place;
        }
        let place = if self.model.flat.varies[id] {
            let register = self.new_register();
            self.series.push((register, id));
            Place::Uniform(register)
        } else {
            self.constant(self.uniform.at(id, 0))
        };
        self.places[id] = Some(place);
        place
    }

    /// The value of a node that is the same in every lane and period.
    pub(super) fn number(&self, id: NodeId, place: Place) -> Option<f64> {
        let is_one = matches!(place, Place::Uniform(_)) && !self.model.flat.varies[id];
        is_one.then(|| self.uniform.at(id, 0))
    }

    /// The registers of the columns that a run gives for a node.
    pub(super) fn columns(&mut self, id: NodeId) -> Vec<Register> {
        let flat = &self.model.flat;
        if !matches!(flat.nodes[id], Node::Draw { each_period: true, .. }) {
            return vec![self.register(id)];
        }
        let columns: Vec<Register> = (0..flat.periods).map(|_| self.new_register()).collect();
        self.places[id] = Some(Place::Each { first: columns[0] });
        columns
    }

    /// The same numbers in a register of their own, where they are not in one.
    fn in_register(&mut self, place: Place) -> Register {
        if let Place::Lanes(register) = place {
            return register;
        }
        let to = self.new_register();
        self.each.push(Step::Copy { from: place, to });
        to
    }

    fn tiers(&mut self, id: NodeId, sum: &Sum<NodeId>) {
        let units = self.place(sum.units);
        let units = Place::Lanes(self.in_register(units));
        for id in sum.terms.iter().flat_map(|term| [term.bounds[0], term.bounds[1], term.price]) {
            self.place(id);
        }
        let sum = sum.map(|id| self.places[id].filter(|_| id != sum.units).unwrap_or(units));
        let step = Step::Tiers { sum, factor: None, ready: None, to: self.register(id) };
        self.computed(id, step);
    }

    /// A step that is due as often as its node has a value of its own.
    pub(super) fn computed(&mut self, id: NodeId, step: Step) {
        match (self.model.flat.varies[id], self.model.flat.outcome[id]) {
            (true, _) => self.each.push(step),
            (false, true) => self.after.push(step),
            (false, false) => self.once.push(step),
        }
    }

    fn node(&mut self, id: NodeId) {
        let flat = &self.model.flat;
        let node = &flat.nodes[id];
        match node {
            Node::Constant(_) | Node::Period => {}
            Node::Quantity(value) => self.places[id] = Some(self.place(*value)),
            Node::Due(schedule, from) => {
                let from = self.place(*from);
                let register = self.in_register(from);
                self.places[id] = Some(Place::Due { schedule: *schedule, register });
            }
            Node::Previous { first, value } => self.previous(id, *first, *value),
            Node::Unary(..) | Node::Binary(..) | Node::Call(..) => {
                let Some(kernel) = node.kernel() else { return };
                let inputs: Vec<Place> = node.inputs().iter().map(|input| self.place(*input)).collect();
                if let (Node::Binary(BinaryOperator::Power, base, exponent), Place::Lanes(factor)) = (node, inputs[0])
                    && flat.nodes[*exponent] == Node::Period
                    && !flat.varies[*base]
                {
                    let (power, rest) = (self.register(id), self.new_register());
                    self.growing.push(Growing::new(factor, power, rest, flat.periods));
                    return;
                }
                let to = self.register(id);
                let link = operation(node).and_then(|operation| Link::new(Chain::One(operation), &inputs, to));
                let mut all = [inputs[0]; 3];
                all[..inputs.len()].copy_from_slice(&inputs);
                self.computed(id, link.map_or(Step::Kernel { kernel, inputs: all, to }, Step::Chain));
            }
            Node::Draw { draw, parameters, .. } => {
                let Some(draw) = flat.draws.get(*draw).cloned() else { return };
                let parameters = parameters.iter().map(|input| self.place(*input)).collect();
                let step = Step::Mean { draw, parameters, to: self.register(id) };
                if flat.varies[id] { self.each.push(step) } else { self.once.push(step) }
            }
            Node::Chance { draw, mean, drawn } => {
                let chosen = if self.varied.contains(draw) { drawn } else { mean };
                self.places[id] = Some(self.place(*chosen));
            }
            Node::EventLoss { loss, count, inputs } => self.event_loss(id, *loss, *count, inputs),
            Node::Gather(over, inputs) => {
                let from = self.place(inputs[0]);
                let to = self.register(id);
                self.gather(*over, from, &inputs[1..], to);
            }
        }
    }

    fn previous(&mut self, id: NodeId, first: NodeId, value: NodeId) {
        let is_of_period = self.model.flat.varies[first];
        let from = self.place(first);
        let to = self.register(id);
        self.kept.push((value, to));
        // What is computed in the period is only there when its step has run.
        match from {
            Place::Lanes(_) | Place::Due { .. } if is_of_period => self.each.push(Step::Pick { period: 0, from, to }),
            _ => self.first.push((from, to)),
        }
    }

    fn gather(&mut self, over: OverPeriods, from: Place, parameters: &[NodeId], to: Register) {
        let last = self.model.flat.periods - 1;
        let folded = |planner: &mut Self, start: f64, operation: Operation, to: Register| {
            planner.starts.push((to, start));
            let link = Link::new(Chain::One(operation), &[Place::Lanes(to), from], to);
            planner.each.extend(link.map(Step::Chain));
        };
        match over {
            // From 0 on, as one lane alone is summed up.
            OverPeriods::Total => folded(self, 0.0, Operation::Add, to),
            OverPeriods::Mean => {
                let sum = self.new_register();
                folded(self, 0.0, Operation::Add, sum);
                let periods = self.constant(count(last + 1));
                let inputs = [Place::Lanes(sum), periods, periods];
                self.after.push(Step::Kernel { kernel: Kernel::Two(kernel::divide), inputs, to });
            }
            OverPeriods::Lowest => folded(self, f64::INFINITY, Operation::Smaller, to),
            OverPeriods::Highest => folded(self, f64::NEG_INFINITY, Operation::Larger, to),
            OverPeriods::First => self.each.push(Step::Pick { period: 0, from, to }),
            OverPeriods::Last => self.each.push(Step::Pick { period: last, from, to }),
            _ => self.measure(over, from, parameters, to),
        }
    }

    fn measure(&mut self, over: OverPeriods, from: Place, parameters: &[NodeId], to: Register) {
        if let (OverPeriods::At, [period]) = (over, parameters)
            && self.places[*period].is_none_or(|place| matches!(place, Place::Uniform(_)))
            && let wanted = self.uniform.at(*period, 0)
            && let Some(period) = (0..self.model.flat.periods).find(|at| count(*at) == wanted)
        {
            self.each.push(Step::Pick { period, from, to });
            return;
        }
        let mut places = [self.constant(f64::NAN); 2];
        for (place, id) in places.iter_mut().zip(parameters) {
            *place = self.place(*id);
        }
        let series = self.recorded;
        self.recorded += 1;
        self.each.push(Step::Record { from, series });
        self.after.push(Step::Measure { over, series, parameters: places, to });
    }
}
