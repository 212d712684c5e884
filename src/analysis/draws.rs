//! Drawing: the columns of a sample design, block by block, through a simulation.

pub mod whole;

use std::convert::Infallible;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Simulation;
use crate::model::plan::Work;
use crate::numeric::design::{Column, Design};
use crate::numeric::parallel;
use crate::report::number;

/// How draws were taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Drawn {
    /// How many.
    pub samples: u64,
    /// The seed of the random numbers.
    pub seed: u64,
    /// How they were placed: `sobol`, `lhs` or `random`.
    pub method: &'static str,
}

impl Drawn {
    /// What an answer says of a design.
    pub fn of(design: Design) -> Self {
        let Design { method, seed, samples } = design;
        Self { samples, seed, method: method.name() }
    }
}

/// A number of draws, in words: `1 draw`, `65,536 draws`.
pub fn in_words(samples: u64) -> String {
    if samples == 1 { "1 draw".to_owned() } else { format!("{} draws", number::count(whole::float(samples))) }
}

/// Where draws come from, block by block.
pub trait Blocks: Sync {
    /// What drawing works on: made once, used for any number of blocks.
    type Desk: Default + Send;

    /// The design.
    fn design(&self) -> &Design;

    /// The outcomes in the draws of a block, a column each, in a workspace that is used again.
    fn block<'d>(&self, block: u64, desk: &'d mut Self::Desk) -> &'d [Vec<f64>];
}

/// A simulation whose uniform numbers are placed by a design.
#[derive(Debug)]
pub struct Sampler<'s> {
    simulation: &'s Simulation,
    design: Design,
    columns: Vec<Column>,
}

/// What drawing works on: made once, used for any number of blocks.
#[derive(Debug, Default)]
pub struct Desk {
    columns: Vec<Vec<f64>>,
    outcomes: Vec<Vec<f64>>,
    work: Work,
}

impl<'s> Sampler<'s> {
    /// Places a simulation's uniform numbers by a design.
    pub fn new(simulation: &'s Simulation, design: Design) -> Self {
        let columns = simulation.columns().iter().map(|name| design.column(name)).collect();
        Self { simulation, design, columns }
    }

    /// The wanted definitions in the draws of several blocks, a column each, in a workspace that is used again.
    pub fn blocks(&self, blocks: Range<u64>, outcomes: usize, desk: &mut Desk) -> Vec<Vec<f64>> {
        let mut columns = vec![Vec::new(); outcomes];
        for block in blocks {
            for (column, found) in columns.iter_mut().zip(self.block(block, desk)) {
                column.extend_from_slice(found);
            }
        }
        columns
    }

    /// The wanted definitions in all draws, a column each; for designs of which all draws can be kept.
    pub fn all(&self, outcomes: usize) -> Vec<Vec<f64>> {
        let mut all = vec![Vec::new(); outcomes];
        let taken = parts(
            0..self.design.blocks(),
            PART,
            |desk, blocks| self.blocks(blocks, outcomes, desk),
            |columns| {
                all.iter_mut().zip(columns).for_each(|(all, column): (&mut Vec<f64>, Vec<f64>)| all.extend(column));
                Ok::<(), Infallible>(())
            },
        );
        let Ok(()) = taken;
        all
    }
}

impl Blocks for Sampler<'_> {
    type Desk = Desk;

    fn design(&self) -> &Design {
        &self.design
    }

    fn block<'d>(&self, block: u64, desk: &'d mut Desk) -> &'d [Vec<f64>] {
        let lanes = self.design.lanes(block);
        desk.columns.resize_with(self.columns.len(), Vec::new);
        for (values, column) in desk.columns.iter_mut().zip(&self.columns) {
            values.resize(lanes, 0.0);
            column.fill(block, values);
        }
        self.simulation.run(&mut desk.work, &mut desk.columns, &mut desk.outcomes);
        for column in &mut desk.outcomes {
            // Where nothing is left to chance, one lane says it all.
            let value = column.first().copied().unwrap_or(f64::NAN);
            column.resize(lanes, value);
        }
        &desk.outcomes
    }
}

/// How many blocks are drawn at a time where all draws are kept.
const PART: u64 = 16;

/// Makes parts of so many of the blocks each on all cores, each core at a desk of its own, and takes each in its order.
///
/// # Errors
/// The first that `take` meets; no further part is taken.
pub fn parts<D: Default + Send, T: Send, E>(
    blocks: Range<u64>,
    length: u64,
    make: impl Fn(&mut D, Range<u64>) -> T + Sync,
    take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let parts = usize::try_from((blocks.end - blocks.start).div_ceil(length)).unwrap_or(usize::MAX);
    let part = |desk: &mut D, part: usize| {
        let first = blocks.start.saturating_add(u64::try_from(part).unwrap_or(u64::MAX).saturating_mul(length));
        make(desk, first..blocks.end.min(first.saturating_add(length)))
    };
    parallel::in_order_at(parts, part, take)
}
