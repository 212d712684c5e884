//! The step that computes what is paid of the losses of events.

use std::sync::Arc;

use super::planner::Planner;
use super::step::{Place, Step};
use crate::dist::Distribution;
use crate::model::chance::{Bounds, Count, Loss};
use crate::model::draw::Draw;
use crate::model::node::NodeId;
use crate::numeric::kernel::Operand;

/// What is paid of the losses of events, or of one event on average.
#[derive(Clone, Debug)]
pub(in crate::model) struct Losses {
    /// The cap, the deductible and the limit; with a count the random number and how often an event happens; then the
    /// loss, where a run sets it, or else the parameters of its distribution.
    pub(super) places: Vec<Place>,
    count: Option<Count>,
    kind: Kind,
}

/// What an event costs.
#[derive(Clone, Debug)]
enum Kind {
    /// What the last place says.
    Said,
    /// By a distribution whose parameters are numbers.
    Fixed(Arc<dyn Distribution>),
    /// By a distribution whose parameters are the last places.
    Of(Draw),
    /// By one whose parameters make no sense.
    Nothing,
}

impl Planner<'_> {
    pub(super) fn event_loss(&mut self, id: NodeId, draw: usize, count: Option<Count>, inputs: &[NodeId]) {
        let Some(draw) = self.model.flat.draws.get(draw).cloned() else { return };
        let before = 4 + if count.is_some() { 2 } else { 0 };
        let (value, parameters) = (inputs[0], &inputs[before.min(inputs.len())..]);
        let mut places: Vec<Place> = inputs[1..before].iter().map(|node| self.place(*node)).collect();
        let set = self.set.iter().find(|(quantity, _)| *quantity == value).map(|(_, loss)| self.constant(*loss));
        // Where the run draws events, a column of the loss is for whoever else names it.
        let said = self.varied.contains(&value) || (count.is_none() && self.varied.contains(&draw.node));
        let said = if said { Some(self.place(value)) } else { None };
        let kind = if let Some(loss) = set.or(said) {
            places.push(loss);
            Kind::Said
        } else {
            let of_lanes: Vec<Place> = parameters.iter().map(|node| self.place(*node)).collect();
            let numbers = parameters.iter().zip(&of_lanes).map(|(node, place)| self.number(*node, *place));
            if let Some(numbers) = numbers.collect::<Option<Vec<f64>>>() {
                draw.with(&numbers).map_or(Kind::Nothing, |distribution| Kind::Fixed(Arc::from(distribution)))
            } else {
                places.extend(of_lanes);
                Kind::Of(draw)
            }
        };
        let losses = Box::new(Losses { places, count, kind });
        let step = Step::Events { losses, to: self.register(id) };
        self.computed(id, step);
    }
}

impl Losses {
    pub(super) fn compute<'r>(&self, at: impl Fn(&Place) -> Operand<'r>, out: &mut [f64]) {
        let operands: Vec<Operand<'r>> = self.places.iter().map(at).collect();
        let before = 3 + if self.count.is_some() { 2 } else { 0 };
        let is_uniform = operands[before..].iter().all(|operand| matches!(operand, Operand::Uniform(_)));
        let mut made: Option<Box<dyn Distribution>> = None;
        for (lane, out) in out.iter_mut().enumerate() {
            let value = |index: usize| operands[index].lane(lane);
            let loss = match &self.kind {
                Kind::Said => Loss::Said(value(before)),
                Kind::Fixed(distribution) => Loss::Drawn(&**distribution),
                Kind::Of(draw) => {
                    if lane == 0 || !is_uniform {
                        let parameters: Vec<f64> = (before..operands.len()).map(value).collect();
                        made = draw.with(&parameters);
                    }
                    match &made {
                        Some(distribution) => Loss::Drawn(&**distribution),
                        None => Loss::Said(f64::NAN),
                    }
                }
                Kind::Nothing => Loss::Said(f64::NAN),
            };
            let bounds = Bounds { cap: value(0), deductible: value(1), limit: value(2) };
            *out = match self.count {
                Some(count) => loss.drawn(bounds, count, value(3), value(4)),
                None => loss.expected(bounds),
            };
        }
    }
}
