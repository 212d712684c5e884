//! `compare`: scenarios side by side.

use anyhow::{anyhow, bail};
use bizmodel::analysis::compare::{self, Side};
use bizmodel::analysis::simulate;
use bizmodel::error::Error;
use bizmodel::error::suggest::{did_you_mean, list};
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;

use super::{Outcome, input, output};

/// Show how scenarios or cases differ, and of two, why
///
/// Of two scenarios it is told which changes moved profit and return rate (or the metrics that --metric names): the
/// effects of the changes add up to the whole difference, and do not depend on the order of the files' lines.
///
/// What is uncertain stands at its mean. Where there is something, both are besides drawn with the same random numbers,
/// and the range of their difference is told, with the share of the draws in which the second is better.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenarios, such as an earlier version of a file and the file; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// What to compare the others with: a file, a case or a scenario's name [default: the first]
    #[arg(long, value_name = "NAME")]
    against: Option<String>,

    /// Compare and explain this metric or line instead of all; may be given several times
    #[arg(long, value_name = "METRIC")]
    metric: Vec<String>,

    #[command(flatten)]
    drawing: input::drawing::Args,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let name = |name: &String| Path::parse_option(name).map_err(|error| anyhow!("`{name}` is not a name: {error}"));
    let metrics = args.metric.iter().map(name).collect::<anyhow::Result<Vec<Path>>>()?;
    let sides = sides(&args)?;
    let base = args.against.as_deref().map_or(Ok(0), |name| base(&sides, &args.files, name))?;
    let design = args.drawing.design(simulate::SAMPLES);
    let report = args.drawing.on_threads(|| compare::report(&sides, base, &metrics, design))?.map_err(Error::from)?;
    Ok(Outcome::Reports(vec![report], args.output))
}

fn sides(args: &Args) -> anyhow::Result<Vec<Side>> {
    input::require_distinct(&args.files)?;
    match args.files.as_slice() {
        [file] if args.input.cases => {
            let side = |(scenario, model): (Scenario, Model)| {
                let label = scenario.case.clone().unwrap_or_else(|| file.clone());
                Side { label, scenario, model }
            };
            Ok(args.input.load_each(file)?.into_iter().map(side).collect())
        }
        [file] => bail!("there is nothing to compare `{file}` with; name a second scenario, or add --cases"),
        _ if args.input.cases => bail!("--cases compares the cases of one file; name one"),
        files => {
            let side = |(at, file): (usize, &String)| {
                let (scenario, model) = args.input.load(file)?;
                Ok(Side { label: label(files, at), scenario, model })
            };
            files.iter().enumerate().map(side).collect()
        }
    }
}

/// What a file's column is called: the file's name, numbered where it is named twice.
fn label(files: &[String], at: usize) -> String {
    let file = &files[at];
    match files[..at].iter().filter(|other| *other == file).count() {
        0 => file.clone(),
        before => format!("{file} ({})", before + 1),
    }
}

/// The column of that name: of a file or a case, else of a scenario.
fn base(sides: &[Side], files: &[String], name: &str) -> anyhow::Result<usize> {
    let by_label = sides.iter().position(|side| side.label == name);
    let by_file = || files.iter().position(|file| file == name).filter(|_| files.len() == sides.len());
    let by_name = || sides.iter().position(|side| side.scenario.name == name);
    by_label.or_else(by_file).or_else(by_name).ok_or_else(|| {
        let names = || sides.iter().map(|side| side.label.as_str());
        let suggestion = did_you_mean(name, names()).map(|text| format!("; {text}")).unwrap_or_default();
        anyhow!("`{name}` is none of the scenarios that are compared{suggestion}; they are {}", list(names()))
    })
}
