//! The draws themselves, a row each: what was drawn, and what came out.

use super::Options;
use super::asked::Asked;
use crate::analysis::draws::{self, Sampler};
use crate::error::Error;
use crate::model::Simulation;
use crate::model::definition::DefinitionId;
use crate::numeric::design::Design;
use crate::scenario::Scenario;

/// How many blocks of draws are written at a time.
const PART: u64 = 16;

/// The rows of a simulation.
#[derive(Debug)]
pub struct Rows {
    columns: Vec<String>,
    simulation: Simulation,
    design: Design,
}

impl Rows {
    /// Prepares the rows: a column for each uncertain quantity, then one for each metric. What has a value of its own in
    /// each period is left out.
    ///
    /// # Errors
    /// Formulas that cannot be read or name nothing, distributions that make no sense.
    pub fn new(scenario: &Scenario, options: &Options) -> Result<Self, Error> {
        let asked = Asked::new(scenario, options)?;
        let uncertain = asked.uncertain();
        let definitions = asked.model.definitions();
        let names = uncertain.iter().map(|id| definitions[*id].path.to_string());
        let columns = names.chain(asked.metrics.iter().map(|metric| metric.name.clone())).collect();
        let metrics = asked.metrics.iter().map(|metric| metric.id);
        let wanted: Vec<DefinitionId> = uncertain.iter().copied().chain(metrics).collect();
        Ok(Self { columns, simulation: asked.simulation(&wanted)?, design: options.design })
    }

    /// The columns' names.
    pub fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }

    /// Draws so many rows on all cores, some at a time: `make` turns columns into what is kept of them, and `take`
    /// receives that in the order of the draws. As many rows as a report took are the draws that it tells of.
    ///
    /// # Errors
    /// The first that `take` meets; no further draws are taken.
    pub fn run<T: Send, E>(
        &self,
        samples: u64,
        make: impl Fn(&[Vec<f64>]) -> T + Sync,
        take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let design = Design { samples, ..self.design };
        let placed = Sampler::new(&self.simulation, design);
        let columns = self.columns.len();
        draws::parts(0..design.blocks(), PART, |desk, blocks| make(&placed.blocks(blocks, columns, desk)), take)
    }
}
