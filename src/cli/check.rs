//! `check`: does a scenario still meet its expectations?

use bizmodel::analysis::check::{self, Options, Which};
use bizmodel::analysis::simulate;
use bizmodel::model::Model;
use bizmodel::scenario::{Changes, Scenario};

use super::{Outcome, input, output};

/// Check that the conditions under `[checks]` hold, for use in CI
///
/// A condition may look over all draws of what is uncertain: `probability(profit > 0) >= 80%`, `p5(npv) > 0`; see `bizmodel
/// help formulas`. Anything else takes what is uncertain at its mean.
///
/// A check whose condition has no value fails; it never passes. Exit status: 0 all hold, 1 one fails (checks of level
/// `warn` are told and fail nothing), 2 could not check.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenarios; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// A further condition that must hold, such as `profit > 0`; may be given several times
    #[arg(long, value_name = "CONDITION")]
    that: Vec<String>,

    /// Another version of the scenario, which `before(x)` and `change(x)` in conditions look into; `-` is standard input
    #[arg(long, value_name = "FILE")]
    against: Option<String>,

    #[command(flatten)]
    drawing: input::drawing::Args,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let read: Vec<String> = args.files.iter().chain(&args.against).cloned().collect();
    input::require_distinct(&read)?;
    let against = args.against.as_deref().map(|file| {
        // The other version is taken as it stands: what is set is set in the new one.
        let (scenario, _) = input::load(file, &Changes::default())?;
        anyhow::Ok(scenario)
    });
    let options = Options {
        which: if args.input.cases { Which::Every } else { Which::Said },
        conditions: args.that,
        against: against.transpose()?,
        design: args.drawing.design(simulate::SAMPLES),
    };
    let mut reports = Vec::new();
    for file in &args.files {
        let (scenario, _): (Scenario, Model) = args.input.load(file)?;
        reports.extend(args.drawing.on_threads(|| check::reports(&scenario, &options))??);
    }
    Ok(Outcome::Reports(reports, args.output))
}
