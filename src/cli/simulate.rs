//! `simulate`: how likely is each outcome?

mod progress;

use std::path::{Path, PathBuf};

use anyhow::bail;
use bizmodel::analysis::simulate::{self, Options, Rows};
use bizmodel::formula;
use bizmodel::render::Format;
use bizmodel::render::rows::Rows as Lines;
use bizmodel::scenario::Scenario;

use super::{Outcome, input, output};

/// Show how likely each outcome is, by drawing what the scenario leaves to chance
///
/// A range is written in the scenario: `users = "800 to 1200"` (9 of 10 outcomes lie inside), `"normal(100, 20)"`,
/// `"pert(1%, 2%, 5%)"`; see `bizmodel help functions`. The same seed gives the same draws, on any number of threads and
/// whatever else is uncertain.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenario; `-` is standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// Show this metric, line or formula: `npv`, `lines.costs.data`, `min(cash)`; may be given several times
    /// [default: revenue, cost, profit, `return_rate`, and over time `npv`, `payback`, `cash_low`]
    #[arg(long, value_name = "FORMULA", verbatim_doc_comment)]
    metric: Vec<String>,

    /// How likely is this? `profit > 0`, `payback <= 12 and cash_low > 0`; may be given several times [default: profit > 0]
    #[arg(long, value_name = "CONDITION")]
    probability: Vec<String>,

    /// The percentiles to show
    #[arg(long, value_name = "LIST", default_value = "5,50,95", value_delimiter = ',', value_parser = percentile)]
    percentiles: Vec<f64>,

    /// Value at risk is the loss that is not exceeded with this confidence
    #[arg(long, value_name = "SHARE", default_value = "95%", value_parser = share)]
    confidence: f64,

    /// Show this period by period: `cash`, `users`, `costs.training`; may be given several times
    /// [default: cash, or else the cumulative profit]
    #[arg(long, value_name = "PATH", verbatim_doc_comment)]
    band: Vec<String>,

    /// Draw until the standard error of each metric is below this part of its mean; --samples is the most then
    #[arg(long, value_name = "SHARE", value_parser = share)]
    precision: Option<f64>,

    /// Write every draw to a file, CSV or NDJSON by its extension: what was drawn, and what came out
    #[arg(long, value_name = "FILE")]
    samples_out: Option<PathBuf>,

    #[command(flatten)]
    drawing: input::drawing::Args,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

fn literal(text: &str) -> Option<f64> {
    formula::parse_number(text.trim()).ok()?.literal()
}

fn share(text: &str) -> Result<f64, String> {
    let value = literal(text).filter(|value| *value > 0.0 && *value < 1.0);
    value.ok_or_else(|| "write a share between 0% and 100%, such as `0.5%`".to_owned())
}

fn percentile(text: &str) -> Result<f64, String> {
    let value = literal(text).filter(|value| *value > 0.0 && *value < 100.0);
    value
        .map(|value| value / 100.0)
        .ok_or_else(|| "write numbers between 0 and 100, such as `5,25,50,75,95`".to_owned())
}

/// The most draws of a run that goes on until it is precise enough.
const MOST: u64 = 1 << 30;

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let usual = if args.precision.is_some() { MOST } else { simulate::SAMPLES };
    let mut percentiles = args.percentiles;
    percentiles.sort_by(f64::total_cmp);
    percentiles.dedup();
    let options = Options {
        design: args.drawing.design(usual),
        precision: args.precision,
        metrics: args.metric,
        percentiles,
        probabilities: args.probability,
        confidence: args.confidence,
        bands: args.band,
    };
    let mut reports = Vec::new();
    let loaded = args.input.load_each(&args.file)?;
    if let (Some(path), [(scenario, _)]) = (&args.samples_out, loaded.as_slice()) {
        args.drawing.on_threads(|| write_draws(scenario, &options, path))??;
    } else if args.samples_out.is_some() {
        bail!("--samples-out writes the draws of one case: choose it with --case");
    }
    for (scenario, _) in &loaded {
        let report =
            args.drawing.on_threads(|| progress::watched(|watch| simulate::report(scenario, &options, watch)))?;
        reports.push(report?);
    }
    Ok(Outcome::Reports(reports, args.output))
}

/// Writes every draw to a file.
fn write_draws(scenario: &Scenario, options: &Options, path: &Path) -> anyhow::Result<()> {
    let rows = Rows::new(scenario, options)?;
    let extension = path.extension().map(|extension| extension.to_string_lossy()).unwrap_or_default();
    let lines = match Format::from_extension(&extension) {
        Some(format) => Lines::new(format, &rows.columns())?,
        None => None,
    };
    let Some(lines) = lines else { bail!("--samples-out is `{}`; end it with .csv or .ndjson", path.display()) };
    output::Target::File(path.to_owned()).stream(|to| {
        to.write_all(lines.header())?;
        rows.run(|columns| lines.write(columns), |bytes| to.write_all(&bytes))
    })
}
