//! `solve`: the value of a quantity that meets a goal.

use anyhow::anyhow;
use bizmodel::analysis::solve::goal::{self, Goal};
use bizmodel::analysis::solve::{self, Options, Rounding, Scope};
use bizmodel::formula::Path;

use super::{Outcome, input, output};

/// What --samples says here.
const SAMPLES: &str = "How many draws each place is tried with: `10k`, `1M` [default: 65,536]";

/// Find the value of a quantity at which an outcome has a value, such as the break-even
///
/// All values in the interval are found. Exit status 1 says that there is none; the answer then tells why, with the
/// outcome at both ends of the interval.
#[derive(Debug, clap::Args)]
#[command(mut_arg("samples", |arg| arg.help(SAMPLES)))]
pub struct Args {
    /// The scenario; `-` is standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// The quantity whose value is sought: `users`, `costs.data`, `users.churn`, an input
    #[arg(value_name = "PATH")]
    path: String,

    /// What shall hold: a metric, a line or a formula over them, and a number; or what all draws of what is uncertain say:
    /// `probability(profit > 0)=90%`, `p10(npv)=0`
    #[arg(long, value_name = "METRIC=VALUE", default_value = "profit=0", allow_hyphen_values = true)]
    until: String,

    /// Where to search [default: 0 to 1e12, a share from 0 to 1, an input below 0 as well]
    #[arg(long, value_name = "LOW..HIGH", allow_hyphen_values = true)]
    between: Option<String>,

    /// Also give the first whole number that reaches the goal, as is done for users and all that is counted
    #[arg(long)]
    whole: bool,

    /// Ask of each period for itself instead of the whole run
    #[arg(long)]
    per_period: bool,

    #[command(flatten)]
    drawing: input::drawing::Args,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let path =
        Path::parse_option(&args.path).map_err(|error| anyhow!("`{}` is not a name: {}", args.path, error.message))?;
    let options = Options {
        path,
        goal: Goal::parse(&args.until)?,
        between: args.between.as_deref().map(goal::interval).transpose()?,
        rounding: if args.whole { Rounding::Always } else { Rounding::Counted },
        scope: if args.per_period { Scope::EachPeriod } else { Scope::WholeRun },
        design: args.drawing.design(solve::SAMPLES),
    };
    let loaded = args.input.load_each(&args.file)?;
    let report = |(scenario, _): &(_, _)| args.drawing.on_threads(|| solve::report(scenario, &options));
    let reports: Result<Vec<_>, _> =
        loaded.iter().map(report).collect::<anyhow::Result<Vec<_>>>()?.into_iter().collect();
    Ok(Outcome::Reports(reports?, args.output))
}
