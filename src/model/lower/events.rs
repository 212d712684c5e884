//! What is left to chance of risks.

use std::sync::Arc;

use super::Lowering;
use crate::formula::Expression;
use crate::model::chance::{self, Count};
use crate::model::define::{Chance, Severity};
use crate::model::definition::DefinitionId;
use crate::model::draw::Draw;
use crate::model::node::{Inputs, Node, NodeId};
use crate::numeric::kernel::Kernel;

impl Lowering<'_> {
    /// What is computed by chance where draws are made, and by its formula, which holds on average, elsewhere.
    pub(super) fn chance(&mut self, id: DefinitionId, chance: Chance, expression: &Expression) -> NodeId {
        let mean = self.expression(id, expression);
        match chance {
            Chance::Events(count) => self.events(id, count, mean),
            Chance::PerEvent(severity) => self.event_loss(severity, None).unwrap_or(mean),
            Chance::Losses { events, severity } => {
                let Node::Chance { draw, mean: often, .. } = self.lowered.nodes[self.lowered.settable[events]] else {
                    return mean;
                };
                let Some(count) = self.count(events) else { return mean };
                match self.event_loss(severity, Some((count, [draw, often]))) {
                    Some(drawn) => self.push(Node::Chance { draw, mean, drawn }),
                    None => mean,
                }
            }
        }
    }

    /// How many events there are.
    fn events(&mut self, id: DefinitionId, count: Count, often: NodeId) -> NodeId {
        let index = self.lowered.draws.len();
        let draw = self.push(Node::Draw { draw: index, each_period: true, parameters: Arc::from([often]) });
        let name = self.definitions.all[id].path.to_string();
        self.lowered.draws.extend(Draw::of_events(name, id, count, draw, often));
        let kernel = match count {
            Count::AtMostOne => chance::count_at_most_one,
            Count::Any => chance::count_any,
        };
        let drawn = self.push(Node::Call(Kernel::Two(kernel), Inputs::new(&[draw, often])));
        self.push(Node::Chance { draw, mean: often, drawn })
    }

    /// How many events there may be.
    fn count(&self, events: DefinitionId) -> Option<Count> {
        match &self.definitions.all[events].body {
            crate::model::definition::Body::Chance(Chance::Events(count), _) => Some(*count),
            _ => None,
        }
    }

    /// What is paid of the losses of events, or of one event on average; none where the loss is not drawn.
    fn event_loss(&mut self, severity: Severity, events: Option<(Count, [NodeId; 2])>) -> Option<NodeId> {
        let Severity { loss, cap, deductible, limit } = severity;
        let value = self.lowered.settable[loss];
        let Node::Quantity(root) = self.lowered.nodes[value] else { return None };
        let Node::Draw { draw, parameters, .. } = self.lowered.nodes[root].clone() else { return None };
        self.lowered.draws.get_mut(draw)?.for_each_event = true;
        // Without a limit nothing is paid above the deductible, and without a deductible nothing below the limit.
        let all_below = if limit.is_some() { 0.0 } else { f64::INFINITY };
        let bounds = [(cap, f64::INFINITY), (deductible, all_below), (limit, f64::INFINITY)];
        let bounds = bounds.map(|(bound, none)| match bound {
            Some(bound) => self.lowered.values[bound],
            None => self.push(Node::Constant(none)),
        });
        let mut inputs = vec![value];
        inputs.extend(bounds);
        inputs.extend(events.iter().flat_map(|(_, nodes)| nodes));
        inputs.extend(parameters.iter());
        let count = events.map(|(count, _)| count);
        Some(self.push(Node::EventLoss { loss: draw, count, inputs: inputs.into() }))
    }
}
