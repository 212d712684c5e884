//! Draws in pairs: for each draw of all that is uncertain a second, independent one, from which inputs are taken anew.

use std::convert::Infallible;

use crate::error::Problem;
use crate::model::definition::{Body, DefinitionId};
use crate::model::{Draw, Model, Simulation};
use crate::numeric::design::{BLOCK, Column, Design, REPLICATES};
use crate::numeric::parallel;
use crate::scenario::Quantity;

/// An uncertain quantity with the columns of uniform numbers behind it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The quantity's dotted name.
    pub path: String,
    /// The quantity.
    pub definition: DefinitionId,
    /// The columns: of all its distributions, in all periods.
    pub columns: Vec<usize>,
}

/// A simulation of one metric whose inputs can be drawn twice.
#[derive(Debug)]
pub struct Twins {
    simulation: Simulation,
    design: Design,
    sources: Vec<Source>,
    columns: [Vec<Column>; 2],
}

/// What to do where nothing is uncertain.
const CERTAIN: &str = "write a range in place of a number, such as `users = \"800 to 1_200\"`";

/// Whether a step is the whole formula of a quantity.
pub fn is_whole(quantity: &Quantity, step: usize) -> bool {
    step + 1 == quantity.expression.nodes().len()
}

/// What a draw is called: as its quantity, followed by the distribution where that is but a part of the formula.
pub fn name(model: &Model, draw: &Draw) -> String {
    let definition = &model.definitions()[draw.definition];
    match &definition.body {
        Body::Quantity(quantity) if !is_whole(quantity, draw.step) => {
            format!("{}: {}", definition.path, quantity.expression.part(draw.step))
        }
        _ => definition.path.to_string(),
    }
}

/// Whether a draw can have more than one value. A distribution without width leaves nothing to chance.
pub fn has_width(model: &Model, draw: &Draw) -> bool {
    let periods = if draw.each_period { model.periods() } else { 1 };
    let wide = |period| model.distribution(draw, period).is_ok_and(|found| found.constant().is_none());
    (0..periods).any(wide)
}

impl Twins {
    /// Prepares draws of a metric.
    ///
    /// # Errors
    /// Nothing in the scenario is uncertain, or nothing that the metric depends on.
    pub fn new(model: &Model, metric: DefinitionId, design: Design) -> Result<Self, Problem> {
        if !model.draws().iter().any(|draw| has_width(model, draw)) {
            return Err(Problem::nowhere("nothing in the scenario is uncertain").help(CERTAIN));
        }
        let simulation = model.simulation(&[], &[metric]).map_err(|wrong| {
            Problem::nowhere(format!("`{}` cannot be drawn: {}", wrong.draw.name, wrong.wrong.reason))
        })?;
        let mut sources: Vec<Source> = Vec::new();
        for (draw, columns) in simulation.drawn() {
            let draw = &model.draws()[draw];
            let definition = draw.definition;
            if !has_width(model, draw) {
                continue;
            }
            if let Some(source) = sources.iter_mut().find(|source| source.definition == definition) {
                source.columns.extend(columns);
            } else {
                let path = model.definitions()[definition].path.to_string();
                sources.push(Source { path, definition, columns: columns.collect() });
            }
        }
        if sources.is_empty() {
            let path = model.definitions()[metric].path.in_ticks();
            return Err(Problem::nowhere(format!("{path} depends on nothing that is uncertain"))
                .help("name another metric, or write ranges for what it is made of"));
        }
        let once = simulation.columns().iter().map(|name| design.column(name)).collect();
        let again = simulation.columns().iter().map(|name| design.column(&format!("{name} again"))).collect();
        Ok(Self { simulation, design, sources, columns: [once, again] })
    }

    /// The uncertain quantities.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The simulation.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// Whether some of the quantities are correlated.
    pub fn is_tied(&self) -> bool {
        !self.simulation.tied().is_empty()
    }

    /// The first or the second independent uniform numbers of a block's draws.
    pub fn uniform(&self, which: Which, block: u64) -> Vec<Vec<f64>> {
        let lanes = self.design.lanes(block);
        let fill = |column: &Column| {
            let mut values = vec![0.0; lanes];
            column.fill(block, &mut values);
            values
        };
        self.columns[which as usize].iter().map(fill).collect()
    }

    /// The first or the second values of all that is uncertain in a block's draws, correlated where they are.
    pub fn values(&self, which: Which, block: u64) -> Vec<Vec<f64>> {
        let mut columns = self.uniform(which, block);
        self.simulation.correlate(&mut columns);
        self.simulation.distribute(&mut columns);
        columns
    }

    /// The metric where what is uncertain has these values.
    pub fn outcome(&self, columns: &[&[f64]]) -> Vec<f64> {
        self.simulation.outcomes(columns).into_iter().next().unwrap_or_default()
    }

    /// A first guess of the metric's mean: that of the first block.
    #[expect(clippy::cast_precision_loss, reason = "a block is small")]
    pub fn center(&self) -> f64 {
        let columns = self.values(Which::First, 0);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let outcome = self.outcome(&columns);
        let finite: Vec<f64> = outcome.into_iter().filter(|value| value.is_finite()).collect();
        if finite.is_empty() { 0.0 } else { finite.iter().sum::<f64>() / finite.len() as f64 }
    }

    /// Adds up what is made of each block, replicate by replicate, on all cores; the order does not depend on them.
    pub fn gather<T: Clone, P: Send>(
        &self,
        nothing: &T,
        make: impl Fn(u64) -> P + Sync,
        add: impl Fn(&mut T, P),
    ) -> [T; REPLICATES] {
        let mut gathered: [T; REPLICATES] = std::array::from_fn(|_| nothing.clone());
        let blocks = usize::try_from(self.design.blocks()).unwrap_or(usize::MAX);
        let number = |block: usize| u64::try_from(block).unwrap_or(u64::MAX);
        let mut next = 0_u64;
        let done: Result<(), Infallible> = parallel::in_order(
            blocks,
            |block| make(number(block)),
            |made| {
                add(&mut gathered[Design::replicate(next)], made);
                next += 1;
                Ok(())
            },
        );
        let Ok(()) = done;
        gathered
    }
}

/// The first draw or the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// A.
    First = 0,
    /// B.
    Second = 1,
}

/// The least number of samples: a block for each replicate, 4,096.
pub const LEAST: u64 = (BLOCK * REPLICATES) as u64;
