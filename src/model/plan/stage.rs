//! Steps made ready to run: chains whose registers are known stand side by side, the other steps between them.

use super::step::{Link, Place, Register, Step};
use crate::numeric::chain::{self, Operands};
use crate::numeric::tile::Source;

/// Some steps that are run together.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// Chains whose registers are the same in all periods in which they run.
    Chains(Vec<Ready>),
    /// Another step.
    Step(Step),
}

/// A chain with its registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ready {
    pub(super) run: chain::Run,
    pub(super) operands: Operands,
}

/// Makes steps ready, in their order.
pub(super) fn stages(steps: Vec<Step>) -> Vec<Stage> {
    let mut stages = Vec::new();
    for step in steps {
        let ready = match &step {
            Step::Chain(link) => {
                operands(link, |place| source(*place)).map(|operands| Ready { run: link.run, operands })
            }
            _ => None,
        };
        match (ready, stages.last_mut()) {
            (Some(ready), Some(Stage::Chains(chains))) => chains.push(ready),
            (Some(ready), _) => stages.push(Stage::Chains(vec![ready])),
            (None, _) => stages.push(Stage::Step(step)),
        }
    }
    stages
}

/// The registers of a chain, where all of them are known.
pub(super) fn operands(link: &Link, source: impl Fn(&Place) -> Option<Source>) -> Option<Operands> {
    let [a, b, c, d] = &link.inputs;
    let inputs = [source(a)?, source(b)?, source(c)?, source(d)?];
    let register = |register: Register| u32::try_from(register).ok();
    let to = register(link.to)?;
    let tally = match &link.tally {
        None => chain::Tally { sum: to, weighted: (inputs[0], to), lowest: to },
        Some(tally) => {
            let sum = register(tally.sum)?;
            let weighted = match &tally.weighted {
                Some((weight, to)) => (source(weight)?, register(*to)?),
                None => (inputs[0], sum),
            };
            chain::Tally { sum, weighted, lowest: register(tally.lowest.unwrap_or(tally.sum))? }
        }
    };
    Some(Operands { inputs, to: if link.is_read { to } else { chain::NOWHERE }, tally })
}

/// Where a place is read, where that is the same in all periods.
fn source(place: Place) -> Option<Source> {
    match place {
        Place::Lanes(register) => Some(Source::lanes(register)),
        Place::Uniform(register) => Some(Source::uniform(register)),
        Place::Due { .. } | Place::Each { .. } => None,
    }
}
