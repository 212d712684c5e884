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
    input::require_distinct(&args.files)?;
    let report = |file: &String| {
        let (scenario, model) = args.input.load(file)?;
        let report = eval::report(&scenario, &model);
        // The process ends soon and gives all memory back at once; taking large models apart piece by piece costs time.
        std::mem::forget((scenario, model));
        Ok(report)
    };
    let reports: anyhow::Result<Vec<_>> = args.files.iter().map(report).collect();
    Ok(Outcome::Reports(reports?, args.output))
}
