//! `forecast`: a scenario period by period.

use anyhow::{anyhow, bail};
use bizmodel::analysis::forecast::{self, Choice, Grouping};
use bizmodel::error::Error;
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::report::Report;
use bizmodel::scenario::Scenario;
use clap::ValueEnum;

use super::{Outcome, input, output};

/// Show a scenario period by period
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenarios; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Join the periods of a quarter or a year
    #[arg(long, value_name = "LENGTH")]
    by: Option<By>,

    /// Show every line as well; JSON and CSV hold them in any case
    #[arg(long)]
    lines: bool,

    /// Show these values instead: `profit`, `users.joins`, `costs.training.units`; may be given several times
    #[arg(long, value_name = "PATH", conflicts_with = "lines")]
    metric: Vec<String>,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

/// What periods may be joined to.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Quarters, counted from the start
    Quarter,
    /// Years, counted from the start
    Year,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    input::require_distinct(&args.files)?;
    let mut reports = Vec::with_capacity(args.files.len());
    for file in &args.files {
        for (scenario, model) in args.input.load_each(file)? {
            reports.push(report(&args, file, &scenario, &model)?);
        }
    }
    Ok(Outcome::Reports(reports, args.output))
}

fn report(args: &Args, file: &str, scenario: &Scenario, model: &Model) -> anyhow::Result<Report> {
    let Some(time) = &scenario.time else {
        bail!("`{file}` has no `[time]`, so there are no periods to show; add `[time]` with `periods = 36`");
    };
    let grouping = match args.by {
        None => Grouping::Period,
        Some(By::Quarter) => Grouping::Quarter,
        Some(By::Year) => Grouping::Year,
    };
    let Some(length) = grouping.length(time.period) else {
        bail!("the periods of `{file}` are years; they cannot be joined to quarters");
    };
    let choice = match (args.lines, args.metric.as_slice()) {
        (true, _) => Choice::WithLines,
        (false, []) => Choice::Main,
        (false, names) => {
            let find = |name: &String| {
                let path = Path::parse_option(name).map_err(|error| anyhow!("`{name}` is not a name: {error}"))?;
                Ok(model.find_periodic(&path).map_err(Error::from)?)
            };
            Choice::Named(names.iter().map(find).collect::<anyhow::Result<_>>()?)
        }
    };
    Ok(forecast::report(scenario, model, time, (length, grouping), &choice))
}
