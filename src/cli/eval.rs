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
    let mut reports = Vec::with_capacity(args.files.len());
    for file in &args.files {
        let loaded = args.input.load_each(file)?;
        reports.extend(loaded.iter().map(|(scenario, model)| eval::report(scenario, model)));
        // The process ends soon and gives all memory back at once; taking large models apart piece by piece costs time.
        std::mem::forget(loaded);
    }
    Ok(Outcome::Reports(reports, args.output))
}
