//! Files in: what to read, and what to lay over it.

use std::io::Read as _;

use anyhow::Context as _;
use bizmodel::model::Model;
use bizmodel::scenario::{Changes, Scenario};

/// The options that change a scenario before it is asked anything.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// Set a quantity to a number or a formula; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,

    /// Lay a case of the scenario over it
    #[arg(long, value_name = "NAME")]
    case: Option<String>,
}

impl Args {
    /// Reads and compiles a scenario from a file, or from standard input for `-`.
    pub fn load(&self, file: &str) -> anyhow::Result<(Scenario, Model)> {
        let changes = Changes { case: self.case.clone(), settings: self.set.clone() };
        Ok(Model::load(file, &bytes(file)?, &changes)?)
    }
}

fn bytes(file: &str) -> anyhow::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read `{file}`"))
}
