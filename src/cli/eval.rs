//! `eval`: the figures of a scenario.

use bizmodel::analysis::eval;

use super::{Outcome, input, output};

/// Say what a scenario earns, costs and returns, and what would break even
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenarios; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let report = |file: &String| {
        let (scenario, model) = args.input.load(file)?;
        Ok(eval::report(&scenario, &model))
    };
    let reports: anyhow::Result<Vec<_>> = args.files.iter().map(report).collect();
    Ok(Outcome::Reports(reports?, args.output))
}
