//! The steps of a plan: operations on registers.

use super::event::Losses;
use crate::formula::BinaryOperator;
use crate::formula::functions::OverPeriods;
use crate::model::draw::Draw;
use crate::model::fuse::{Sum, Term};
use crate::model::node::Node;
use crate::numeric::chain::{self, Chain, Operation, Tallied};
use crate::numeric::kernel::{self, Kernel};
use crate::numeric::parts::{Priced, Tariff};

/// The number of a register, which holds a chunk's lanes.
pub(super) type Register = usize;

/// Where a step finds an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// A register with a number for each lane.
    Lanes(Register),
    /// A register with one number for all lanes.
    Uniform(Register),
    /// A number for each lane in the periods in which a schedule is due, and 0 in the others.
    Due { schedule: usize, register: Register },
    /// The period's register of those that begin here, one for each period.
    Each { first: Register },
}

/// The operands of a step that has fewer than the most.
pub(super) type Operands<const N: usize> = [Place; N];

/// One operation on registers.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A chain of operations, which may write where it reads.
    Chain(Link),
    /// Computes a register from others.
    Kernel { kernel: Kernel, inputs: Operands<3>, to: Register },
    /// Sums parts of a column, or of it times a factor, each at a price.
    Tiers { sum: Sum<Place>, factor: Option<Place>, ready: Option<Tariff>, to: Register },
    /// Copies a column.
    Copy { from: Place, to: Register },
    /// Copies a column in one period.
    Pick { period: usize, from: Place, to: Register },
    /// Keeps a period's column for a measure of the whole series.
    Record { from: Place, series: usize },
    /// The mean of a value that is left to chance, lane by lane.
    Mean { draw: Draw, parameters: Vec<Place>, to: Register },
    /// What is paid of the losses of events.
    Events { losses: Box<Losses>, to: Register },
    /// Computes a register from recorded series, lane by lane.
    Measure { over: OverPeriods, series: usize, parameters: Operands<2>, to: Register },
}

/// A chain of operations on registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) chain: Chain,
    /// Those beyond the inputs of the chain repeat the first one.
    pub(super) inputs: Operands<{ chain::INPUTS }>,
    pub(super) to: Register,
    /// Whether anything else reads the result.
    pub(super) is_read: bool,
    /// What is kept of the result besides.
    pub(super) tally: Option<Tally>,
    pub(super) run: chain::Run,
}

/// What is kept of the results of a chain, besides the results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tally {
    /// To which the result is added.
    pub(super) sum: Register,
    /// A weight, and to what the result times the weight is added.
    pub(super) weighted: Option<(Place, Register)>,
    /// The lowest sum.
    pub(super) lowest: Option<Register>,
}

impl Tally {
    fn kind(&self) -> Tallied {
        match (self.weighted, self.lowest) {
            (None, None) => Tallied::Sum,
            (Some(_), None) => Tallied::Weighted,
            (None, Some(_)) => Tallied::Lowest,
            (Some(_), Some(_)) => Tallied::All,
        }
    }

    /// The registers that it changes.
    pub(super) fn registers(&self) -> impl Iterator<Item = Register> {
        [Some(self.sum), self.weighted.map(|(_, to)| to), self.lowest].into_iter().flatten()
    }
}

impl Link {
    /// A chain, if there is a loop for it.
    pub(super) fn new(chain: Chain, inputs: &[Place], to: Register) -> Option<Self> {
        let run = chain.run(Tallied::Nothing)?;
        let mut all = [*inputs.first()?; chain::INPUTS];
        all.get_mut(..inputs.len())?.copy_from_slice(inputs);
        Some(Self { chain, inputs: all, to, is_read: true, tally: None, run })
    }

    /// The chain with other tallies, if there is a loop for it.
    pub(super) fn with(self, tally: Option<Tally>) -> Option<Self> {
        let run = self.chain.run(tally.map_or(Tallied::Nothing, |tally| tally.kind()))?;
        Some(Self { tally, run, ..self })
    }

    /// The inputs of the chain.
    pub(super) fn inputs(&self) -> &[Place] {
        &self.inputs[..self.chain.inputs()]
    }
}

/// The operation that computes a node, where it is one of those that are chained.
pub(super) fn operation(node: &Node) -> Option<Operation> {
    match node {
        Node::Binary(BinaryOperator::Add, ..) => Some(Operation::Add),
        Node::Binary(BinaryOperator::Subtract, ..) => Some(Operation::Subtract),
        Node::Binary(BinaryOperator::Multiply, ..) => Some(Operation::Multiply),
        Node::Call(kernel, _) if *kernel == Kernel::Two(kernel::min) => Some(Operation::Smaller),
        Node::Call(kernel, _) if *kernel == Kernel::Two(kernel::max) => Some(Operation::Larger),
        _ => None,
    }
}

/// The parts of a sum at their prices.
pub(super) fn priced(sum: &Sum<Place>, number: impl Fn(Place) -> Option<f64>) -> Option<Vec<Priced>> {
    let priced = |term: &Term<Place>| {
        let [low, high] = term.bounds;
        Some(Priced { part: term.part, bounds: [number(low)?, number(high)?], price: number(term.price)? })
    };
    sum.terms.iter().map(priced).collect()
}

impl Step {
    /// Makes ready what is the same in every run.
    pub(super) fn make_ready(&mut self, number: impl Fn(Place) -> Option<f64>) {
        if let Step::Tiers { sum, ready, .. } = self {
            *ready = priced(sum, number).map(|parts| Tariff::new(&parts));
        }
    }

    /// The register that the step writes, where it is one that holds its result alone.
    pub(super) fn writes(&self) -> Option<Register> {
        match self {
            Step::Chain(Link { to, .. })
            | Step::Kernel { to, .. }
            | Step::Tiers { to, .. }
            | Step::Copy { to, .. }
            | Step::Pick { to, .. }
            | Step::Mean { to, .. }
            | Step::Events { to, .. }
            | Step::Measure { to, .. } => Some(*to),
            Step::Record { .. } => None,
        }
    }

    /// The registers of lanes that the step reads.
    pub(super) fn reads(&self) -> Vec<Register> {
        self.places().into_iter().filter_map(Place::register).collect()
    }

    /// The schedules by which it reads.
    pub(super) fn schedules(&self) -> Vec<usize> {
        let schedule = |place| if let Place::Due { schedule, .. } = place { Some(schedule) } else { None };
        self.places().into_iter().filter_map(schedule).collect()
    }

    /// The places that are read, each as often as it is.
    fn places(&self) -> Vec<Place> {
        match self {
            Step::Chain(link) => {
                let weight = link.tally.and_then(|tally| tally.weighted).map(|(weight, _)| weight);
                link.inputs().iter().copied().chain(weight).collect()
            }
            Step::Kernel { kernel, inputs, .. } => inputs[..kernel.inputs()].to_vec(),
            Step::Copy { from, .. } | Step::Pick { from, .. } | Step::Record { from, .. } => vec![*from],
            Step::Mean { parameters, .. } => parameters.clone(),
            Step::Events { losses, .. } => losses.places.clone(),
            Step::Measure { parameters, .. } => parameters.to_vec(),
            Step::Tiers { sum, factor, .. } => {
                let of_terms = sum.terms.iter().flat_map(|term| [term.bounds[0], term.bounds[1], term.price]);
                std::iter::once(sum.units).chain(*factor).chain(of_terms).collect()
            }
        }
    }

    /// Renames the registers.
    pub(super) fn rename(&mut self, name: impl Fn(Register) -> Register) {
        self.change(|place| place.rename(&name));
        match self {
            Step::Chain(Link { to, tally, .. }) => {
                *to = name(*to);
                if let Some(Tally { sum, weighted, lowest }) = tally {
                    *sum = name(*sum);
                    for to in weighted.iter_mut().map(|(_, to)| to).chain(lowest) {
                        *to = name(*to);
                    }
                }
            }
            Step::Kernel { to, .. }
            | Step::Tiers { to, .. }
            | Step::Copy { to, .. }
            | Step::Pick { to, .. }
            | Step::Mean { to, .. }
            | Step::Events { to, .. }
            | Step::Measure { to, .. } => *to = name(*to),
            Step::Record { .. } => {}
        }
    }

    /// Changes the places that are read.
    pub(super) fn change(&mut self, mut to: impl FnMut(&mut Place)) {
        match self {
            Step::Chain(Link { inputs, tally, .. }) => {
                let weights = tally.iter_mut().flat_map(|tally| tally.weighted.iter_mut()).map(|(weight, _)| weight);
                inputs.iter_mut().chain(weights).for_each(to);
            }
            Step::Kernel { inputs, .. } => inputs.iter_mut().for_each(to),
            Step::Tiers { sum, factor, .. } => {
                factor.iter_mut().for_each(&mut to);
                *sum = sum.map(|mut place| {
                    to(&mut place);
                    place
                });
            }
            Step::Copy { from, .. } | Step::Pick { from, .. } | Step::Record { from, .. } => to(from),
            Step::Mean { parameters, .. } => parameters.iter_mut().for_each(to),
            Step::Events { losses, .. } => losses.places.iter_mut().for_each(to),
            Step::Measure { parameters, .. } => parameters.iter_mut().for_each(to),
        }
    }
}

impl Place {
    /// The register of lanes that is read, where it is the same in all periods.
    pub(super) fn register(self) -> Option<Register> {
        match self {
            Place::Lanes(register) | Place::Due { register, .. } => Some(register),
            Place::Uniform(_) | Place::Each { .. } => None,
        }
    }

    pub(super) fn rename(&mut self, name: impl Fn(Register) -> Register) {
        if let Place::Lanes(register) | Place::Due { register, .. } = self {
            *register = name(*register);
        }
    }
}
