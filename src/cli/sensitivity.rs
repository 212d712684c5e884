//! `sensitivity`: the inputs of a scenario, ranked.

use anyhow::anyhow;
use bizmodel::analysis::sensitivity::{self, Step};
use bizmodel::error::Error;
use bizmodel::formula::{self, Path};

use super::{Outcome, input, output};

/// Rank the inputs by how far each moves a metric
///
/// Each input goes down and up by a part of its value while all others stay as they are. The inputs are all numbers of
/// the scenario; a quantity that is a formula is moved by the numbers in it, unless --input names it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenarios; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// The metric to watch; may be given several times, for a report each
    #[arg(long, value_name = "METRIC", default_value = "profit")]
    metric: Vec<String>,

    /// How far each input goes down and up, as a part of its value
    #[arg(long, value_name = "SHARE", default_value = "10%", value_parser = step)]
    by: Step,

    /// Vary only this quantity, as a whole if it is a formula; may be given several times
    #[arg(long = "input", value_name = "PATH")]
    inputs: Vec<String>,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

fn step(text: &str) -> Result<Step, String> {
    let value = formula::parse_number(text).ok().and_then(|expression| expression.literal());
    value.and_then(Step::new).ok_or_else(|| "write a share above 0% and up to 100%, such as `10%`".to_owned())
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let paths = |names: &[String]| names.iter().map(|name| path(name)).collect::<anyhow::Result<Vec<Path>>>();
    let (metrics, inputs) = (paths(&args.metric)?, paths(&args.inputs)?);
    let mut reports = Vec::new();
    for file in &args.files {
        for (scenario, model) in args.input.load_each(file)? {
            for metric in &metrics {
                reports.push(sensitivity::report(&scenario, &model, metric, &inputs, args.by).map_err(Error::from)?);
            }
        }
    }
    Ok(Outcome::Reports(reports, args.output))
}

fn path(name: &str) -> anyhow::Result<Path> {
    Path::parse_option(name).map_err(|error| anyhow!("`{name}` is not a name: {error}"))
}
