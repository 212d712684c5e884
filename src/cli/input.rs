//! Files in: what to read, and what to lay over it.

use std::io::Read as _;

use anyhow::{Context as _, anyhow, bail};
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

/// The period of that number or label.
pub fn period(scenario: &Scenario, name: &str) -> anyhow::Result<usize> {
    match &scenario.time {
        None if name == "0" => Ok(0),
        None => bail!("there is no period `{name}`: the scenario has no `[time]`"),
        Some(time) => time.find(name).ok_or_else(|| anyhow!("there is no period `{name}`: {}", time.describe())),
    }
}

/// What a file holds, or standard input for `-`.
pub fn bytes(file: &str) -> anyhow::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read `{file}`"))
}
