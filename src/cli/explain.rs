//! `explain`: where a number comes from.

use anyhow::anyhow;
use bizmodel::analysis::explain::{self, Options};
use bizmodel::error::Error;
use bizmodel::formula::Path;

use super::{Outcome, input, output};

/// Show where a number comes from, down to the numbers in the file
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenario; `-` is standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// A metric, a line or any quantity: `costs.training`, `costs.training.units`
    #[arg(value_name = "PATH", default_value = "profit")]
    path: String,

    /// Walk one period, by its number or its label, instead of the whole run
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,

    /// How many steps to go down [default: all]
    #[arg(long, value_name = "N")]
    depth: Option<usize>,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let path =
        Path::parse_option(&args.path).map_err(|error| anyhow!("`{}` is not a name: {}", args.path, error.message))?;
    let mut reports = Vec::new();
    for (scenario, model) in args.input.load_each(&args.file)? {
        let period = args.period.as_deref().map(|period| input::period(&scenario, period)).transpose()?;
        let found = if period.is_some() { model.find_periodic(&path) } else { model.find(&path) };
        let id = found.map_err(Error::from)?;
        let options = Options { depth: args.depth.unwrap_or(usize::MAX), period };
        reports.push(explain::report(&scenario, &model, id, options));
    }
    Ok(Outcome::Reports(reports, args.output))
}
