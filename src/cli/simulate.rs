//! `simulate`: how likely is each outcome?

mod progress;

use std::path::{Path, PathBuf};

use anyhow::bail;
use bizmodel::analysis::simulate::{self, Options, Progress, Rows, Watch};
use bizmodel::formula;
use bizmodel::render::Format;
use bizmodel::render::rows::Rows as Lines;
use bizmodel::report::number;
use bizmodel::scenario::Scenario;

use self::progress::Watcher;
use super::{Outcome, input, output};

/// Show how likely each outcome is, by drawing what the scenario leaves to chance
///
/// A range is written in the scenario: `users = "800 to 1200"` (9 of 10 outcomes lie inside), `"normal(100, 20)"`,
/// `"pert(1%, 2%, 5%)"`; see `bizmodel help distributions`. The same seed gives the same draws, on any number of threads and
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

    /// The percentiles to show: `5,50,95`; 0 is the lowest draw, and 100 the highest
    #[arg(long, value_name = "LIST", default_value = "5,50,95", value_delimiter = ',', value_parser = percentile, allow_negative_numbers = true)]
    percentiles: Vec<f64>,

    /// Value at risk is the loss that is not exceeded with this confidence; above 0 it is a loss, below 0 a gain
    #[arg(long, value_name = "SHARE", default_value = "95%", value_parser = share, allow_negative_numbers = true)]
    confidence: f64,

    /// Show this period by period: `cash`, `users`, `costs.training`; may be given several times
    /// [default: cash, or else the cumulative profit]
    #[arg(long, value_name = "PATH", verbatim_doc_comment)]
    band: Vec<String>,

    /// Draw until the standard error of each metric is below this part of its mean; --samples is the most then
    #[arg(long, value_name = "SHARE", value_parser = share, allow_negative_numbers = true)]
    precision: Option<f64>,

    /// Write every draw that was taken to a file, CSV or NDJSON by its extension: what was drawn, and what came out
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

/// The share of a percentile: `5`, `5%` and `p5` are the same one.
fn percentile(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let number = text.strip_prefix('p').unwrap_or(text);
    let value = literal(number.strip_suffix('%').unwrap_or(number)).filter(|value| (0.0..=100.0).contains(value));
    value.map(|value| value / 100.0).ok_or_else(|| "write numbers from 0 to 100, such as `5,25,50,75,95`".to_owned())
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
    if args.samples_out.is_some() && loaded.len() > 1 {
        bail!("--samples-out writes the draws of one case: choose it with --case");
    }
    let watcher = Watcher::new();
    for (scenario, _) in &loaded {
        let out = args.samples_out.as_deref().map(|path| Draws::new(scenario, &options, path)).transpose()?;
        let (mut report, samples) =
            args.drawing.on_threads(|| watcher.watch(|watch| simulate::report(scenario, &options, watch)))??;
        if let Some(out) = out {
            let written = args.drawing.on_threads(|| watcher.watch_anew(|watch| out.write(samples, watch)))??;
            report.notes.extend(out.note(written, samples));
        }
        reports.push(report);
    }
    Ok(Outcome::Reports(reports, args.output))
}

/// A file to which draws are written, row by row.
struct Draws<'a> {
    path: &'a Path,
    rows: Rows,
    lines: Lines,
}

impl<'a> Draws<'a> {
    /// Prepares the file, so that a name that is none is told before anything is drawn.
    fn new(scenario: &Scenario, options: &Options, path: &'a Path) -> anyhow::Result<Self> {
        let rows = Rows::new(scenario, options)?;
        let extension = path.extension().map(|extension| extension.to_string_lossy()).unwrap_or_default();
        let lines = match Format::from_extension(&extension) {
            Some(format) => Lines::new(format, &rows.columns())?,
            None => None,
        };
        let Some(lines) = lines else { bail!("--samples-out is `{}`; end it with .csv or .ndjson", path.display()) };
        Ok(Self { path, rows, lines })
    }

    /// Writes the draws that were taken, or those up to where the watcher has had enough, and says how many.
    fn write(&self, samples: u64, watch: Watch<'_>) -> anyhow::Result<u64> {
        let mut done = 0;
        output::Target::File(self.path.to_owned()).stream(|to| {
            to.write_all(self.lines.header())?;
            let make = |columns: &[Vec<f64>]| (columns.first().map_or(0, Vec::len) as u64, self.lines.write(columns));
            let taken = self.rows.run(samples, make, |(rows, bytes)| {
                to.write_all(&bytes).map_err(Some)?;
                done += rows;
                if watch(Progress { done, samples }).is_break() { Err(None) } else { Ok(()) }
            });
            taken.or_else(|ended| ended.map_or(Ok(()), Err))
        })?;
        Ok(done)
    }

    /// That not all draws were written.
    fn note(&self, written: u64, samples: u64) -> Option<String> {
        let count = |draws: u64| number::count(simulate::float(draws));
        let path = self.path.display();
        (written < samples).then(|| format!("`{path}` has the first {} of {} draws", count(written), count(samples)))
    }
}
