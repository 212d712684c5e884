//! `review`: what does a scenario speak of, and what does it leave out?

use bizmodel::analysis::review;
use bizmodel::error::Error;

use super::{Outcome, input, output};

/// Go through the checklist of a complete AI business: what the scenario covers, with how much money, and what is silent
///
/// The areas are those of the article that the tool begins from: data over its whole life, training, deployment, pricing
/// by cost, demand and value, governance and privacy, intellectual property, sustainability, marketing and feedback; and
/// its five risks. A cost line covers the areas of its class; a line says with `covers` what else it stands for.
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
    let mut reports = Vec::new();
    for file in &args.files {
        for (scenario, model) in args.input.load_each(file)? {
            reports.push(review::report(&scenario, &model).map_err(Error::from)?);
        }
    }
    Ok(Outcome::Reports(reports, args.output))
}
