//! `sensitivity`: the inputs of a scenario, ranked.

use anyhow::{anyhow, bail};
use bizmodel::analysis::sensitivity::{self, LEAST, Step, global, information};
use bizmodel::error::Error;
use bizmodel::formula::{self, Path};
use bizmodel::numeric::design::Design;

use super::{Outcome, input, output};

/// How many draws are made where nothing else is said: enough for shares that are right within one hundredth.
const USUAL: u64 = 1 << 16;

/// What --samples says here.
const SAMPLES: &str = "How many draws: `10k`, `1M` [default: 65,536]";

/// Rank the inputs by how far each moves a metric
///
/// Each input goes to a low and a high value while all others stay as they are: what is uncertain to the values that it
/// stays below in 5% and in 95% of all cases, all other numbers down and up by a part of their value. The inputs are all
/// numbers and ranges of the scenario; a quantity that is a formula is moved by the numbers in it, unless --input names
/// it.
///
/// With --global all that is uncertain varies at once, and the inputs are ranked by their share in the variance of the
/// metric: what each brings about alone, and in all, together with others.
///
/// With --value-of-information the inputs are ranked by what it is worth to know them before deciding whether to go,
/// which earns the metric, or not, which earns nothing.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("samples", |arg| arg.requires("draws").help(SAMPLES)),
    mut_arg("seed", |arg| arg.requires("draws")),
    mut_arg("method", |arg| arg.requires("draws")),
    mut_arg("threads", |arg| arg.requires("draws"))
)]
pub struct Args {
    /// The scenarios; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// The metric to watch; may be given several times, for a report each
    #[arg(long, value_name = "METRIC", default_value = "profit")]
    metric: Vec<String>,

    /// How far each input goes down and up, as a part of its value; what is uncertain moves by that as well, and no
    /// longer to its own low and high value [default: 10%, of what is not uncertain]
    #[arg(long, value_name = "SHARE", value_parser = step, conflicts_with_all = ["global", "value_of_information"])]
    by: Option<Step>,

    /// Vary only this quantity, as a whole if it is a formula; may be given several times
    #[arg(long = "input", value_name = "PATH", conflicts_with_all = ["global", "value_of_information"])]
    inputs: Vec<String>,

    /// Share the variance of the metric out among all that is uncertain
    #[arg(long, group = "draws", conflicts_with = "value_of_information")]
    global: bool,

    /// Tell what it is worth to know each uncertain input before deciding
    #[arg(long, group = "draws")]
    value_of_information: bool,

    #[command(flatten)]
    drawing: input::drawing::Args,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

fn step(text: &str) -> Result<Step, String> {
    let value = formula::parse_number(text).ok().and_then(|expression| expression.literal());
    value.and_then(Step::new).ok_or_else(|| "write a share above 0% and up to 100%, such as `10%`".to_owned())
}

/// The design that the options ask for.
fn design(drawing: &input::drawing::Args) -> anyhow::Result<Design> {
    let design = drawing.design(USUAL);
    if design.samples < LEAST {
        bail!(
            "--samples is {}; write 4,096 or more, so that the answer can tell how far it may be off",
            design.samples
        );
    }
    Ok(design)
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let paths = |names: &[String]| names.iter().map(|name| path(name)).collect::<anyhow::Result<Vec<Path>>>();
    let (metrics, inputs) = (paths(&args.metric)?, paths(&args.inputs)?);
    let mut reports = Vec::new();
    for file in &args.files {
        for (scenario, model) in args.input.load_each(file)? {
            for metric in &metrics {
                let report = if args.global {
                    let design = design(&args.drawing)?;
                    args.drawing.on_threads(|| global::report(&scenario, &model, metric, design))?
                } else if args.value_of_information {
                    let design = design(&args.drawing)?;
                    args.drawing.on_threads(|| information::report(&scenario, &model, metric, design))?
                } else {
                    sensitivity::report(&scenario, &model, metric, &inputs, args.by)
                };
                reports.push(report.map_err(Error::from)?);
            }
        }
    }
    Ok(Outcome::Reports(reports, args.output))
}

fn path(name: &str) -> anyhow::Result<Path> {
    Path::parse_option(name).map_err(|error| anyhow!("`{name}` is not a name: {error}"))
}
