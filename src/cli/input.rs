//! Files in: what to read, and what to lay over it.

pub mod drawing;

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use bizmodel::model::Model;
use bizmodel::scenario::files::{File, Files};
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

    /// Answer for the scenario as it stands and for each of its cases
    #[arg(long, conflicts_with = "case")]
    pub cases: bool,
}

impl Args {
    /// Reads and compiles a scenario from a file, or from standard input for `-`.
    pub fn load(&self, file: &str) -> anyhow::Result<(Scenario, Model)> {
        let changes = Changes { case: self.case.clone(), settings: self.set.clone() };
        load(file, &changes)
    }

    /// Reads and compiles a scenario as it stands and, where all cases are asked for, once more with each of them.
    pub fn load_each(&self, file: &str) -> anyhow::Result<Vec<(Scenario, Model)>> {
        let as_it_stands = self.load(file)?;
        if !self.cases {
            return Ok(vec![as_it_stands]);
        }
        let names: Vec<String> = as_it_stands.0.cases.keys().cloned().collect();
        if names.is_empty() {
            bail!("`{file}` has no cases; add `[cases.pessimistic]` and under it what differs");
        }
        let mut loaded = vec![as_it_stands];
        for name in names {
            let changes = Changes { case: Some(name), settings: self.set.clone() };
            let scenario = loaded[0].0.with(&changes)?;
            let model = Model::compile(&scenario)?;
            loaded.push((scenario, model));
        }
        Ok(loaded)
    }
}

/// Reads and compiles a scenario, and the files that it names.
pub fn load(file: &str, changes: &Changes) -> anyhow::Result<(Scenario, Model)> {
    Ok(Model::load_with(file, &bytes(file)?, changes, Arc::new(Beside::new(file)))?)
}

/// The files that a scenario names: their paths begin at its folder, and those of standard input where we are.
#[derive(Debug)]
struct Beside {
    folder: PathBuf,
}

impl Beside {
    fn new(file: &str) -> Self {
        let folder = Path::new(file).parent().filter(|_| file != STANDARD_INPUT);
        Self { folder: folder.map(Path::to_path_buf).unwrap_or_default() }
    }
}

impl Files for Beside {
    fn read(&self, name: &str) -> Result<File, String> {
        let path = self.folder.join(name);
        let name = path.display().to_string();
        std::fs::read(&path)
            .map(|bytes| File { name: name.clone(), bytes })
            .map_err(|error| format!("cannot read `{name}`: {error}"))
    }
}

/// Refuses to read standard input for two files: the second would be empty.
pub fn require_distinct(files: &[String]) -> anyhow::Result<()> {
    if files.iter().filter(|file| *file == STANDARD_INPUT).count() > 1 {
        bail!("standard input can be read only once, and `{STANDARD_INPUT}` is given several times");
    }
    Ok(())
}

/// What stands for standard input in the place of a file.
const STANDARD_INPUT: &str = "-";

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
    if file == STANDARD_INPUT {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| {
        let cure = if error.kind() == ErrorKind::NotFound { cure(file) } else { String::new() };
        anyhow!("cannot read `{file}`: {error}{cure}")
    })
}

/// What to do about a file that is not there.
fn cure(file: &str) -> String {
    let name = file.strip_suffix(EXTENSION).unwrap_or(file);
    if name == file && Path::new(&format!("{file}{EXTENSION}")).exists() {
        return format!("; did you mean `{file}{EXTENSION}`?");
    }
    if super::init::is_template(name) {
        return format!("; write it with `bizmodel init {name} --output {name}{EXTENSION}`");
    }
    String::new()
}

/// The extension of scenarios.
const EXTENSION: &str = ".toml";
