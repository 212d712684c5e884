//! `catalog`: the functions and constants of formulas.

use bizmodel::analysis::catalog;

use super::{Outcome, output};

/// List the functions and constants of formulas, with units, values, sources and dates
///
/// Words narrow the list to what speaks of all of them: `bizmodel catalog h100`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to look for in names, explanations and sources
    #[arg(value_name = "TEXT")]
    text: Vec<String>,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> Outcome {
    Outcome::Reports(vec![catalog::report(&args.text.join(" "))], args.output)
}
