//! Drawing: the columns of a sample design, block by block, through a simulation.

use crate::model::Simulation;
use crate::numeric::design::{BLOCK, Column, Design};
use crate::numeric::parallel;

/// A simulation whose uniform numbers are placed by a design.
#[derive(Debug)]
pub struct Sampler<'s> {
    simulation: &'s Simulation,
    design: Design,
    columns: Vec<Column>,
}

impl<'s> Sampler<'s> {
    /// Places a simulation's uniform numbers by a design.
    pub fn new(simulation: &'s Simulation, design: Design) -> Self {
        let columns = simulation.columns().iter().map(|name| design.column(name)).collect();
        Self { simulation, design, columns }
    }

    /// The design.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The wanted definitions in the draws of a block, a column each.
    pub fn block(&self, block: u64) -> Vec<Vec<f64>> {
        let lanes = self.design.lanes(block);
        let fill = |column: &Column| {
            let mut values = vec![0.0; lanes];
            column.fill(block, &mut values);
            values
        };
        let mut columns: Vec<Vec<f64>> = self.columns.iter().map(fill).collect();
        // Where nothing is left to chance, one lane says it all.
        let mut outcomes = self.simulation.run(&mut columns);
        for column in outcomes.iter_mut().filter(|column| column.len() < lanes) {
            let value = column.first().copied().unwrap_or(f64::NAN);
            column.resize(lanes, value);
        }
        outcomes
    }

    /// The wanted definitions in all draws, a column each; for designs of which all draws can be kept.
    pub fn all(&self, outcomes: usize) -> Vec<Vec<f64>> {
        let blocks = usize::try_from(self.design.blocks()).unwrap_or(usize::MAX);
        let mut all = vec![Vec::with_capacity(blocks.saturating_mul(BLOCK).min(1 << 24)); outcomes];
        let taken: Result<(), ()> = parallel::in_order(
            blocks,
            |block| self.block(u64::try_from(block).unwrap_or(u64::MAX)),
            |outcomes| {
                all.iter_mut().zip(&outcomes).for_each(|(all, column)| all.extend_from_slice(column));
                Ok(())
            },
        );
        debug_assert!(taken.is_ok());
        all
    }
}
