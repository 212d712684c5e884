//! `sweep`: what if quantities take these values?

use anyhow::{Context as _, anyhow, bail};
use bizmodel::analysis::sweep::{self, Sweep};
use bizmodel::error::{Error, Problem};
use bizmodel::formula::{self, Path};
use bizmodel::numeric::points::Points;
use bizmodel::render::rows::Rows;
use bizmodel::report::number;

use super::{Outcome, input, output};

/// The most rows of a table, which is held in memory and read by people.
const MOST_IN_TABLE: f64 = 1e5;

/// The most rows that are written while they are computed, so that a slip of the pen does not fill a disk.
const MOST_IN_STREAM: f64 = 1e7;

/// Show what comes out when quantities take these values, in every combination
///
/// Points are written `LOW..HIGH` (eleven), `LOW..HIGH:STEP`, `LOW..HIGH:xCOUNT` or `A,B,C`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenario; `-` is standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// A quantity and its values: `users=0..50k:5k`, `price=80,100,120`, `costs.training=1M..3M:x5`
    #[arg(required = true, value_name = "PATH=POINTS")]
    paths: Vec<String>,

    /// Show this metric, line or formula: `npv`, `lines.costs.data`, `min(cash)`; may be given several times
    /// [default: revenue, cost, profit, `return_rate`; in a grid: profit]
    #[arg(long, value_name = "FORMULA", verbatim_doc_comment)]
    metric: Vec<String>,

    /// Show one metric over two paths: the first one's points down, the second one's across
    #[arg(long)]
    grid: bool,

    /// The most rows there may be [default: 100k, and 10M in the formats csv and ndjson]
    #[arg(long, value_name = "ROWS")]
    limit: Option<String>,

    #[command(flatten)]
    input: input::Args,

    #[command(flatten)]
    output: output::Args,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let varied = args.paths.iter().map(|text| varied(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let limit = args.limit.as_deref().map(limit).transpose()?;
    let metrics = if args.grid && args.metric.is_empty() { vec!["profit".to_owned()] } else { args.metric };
    let loaded = args.input.load_each(&args.file)?;
    let several = loaded.len() > 1;
    let mut reports = Vec::with_capacity(loaded.len());
    for (scenario, _) in loaded {
        let sweep = Sweep::new(&scenario, varied.clone(), &metrics)?;
        // Rows that are written as they come are of one scenario; those of several cases need a column to tell them apart.
        let rows = Rows::new(args.output.format()?, &sweep.columns())?.filter(|_| !args.grid && !several);
        let usual = if rows.is_some() { MOST_IN_STREAM } else { MOST_IN_TABLE };
        within(limit.unwrap_or(usual), sweep.rows())?;
        reports.push(match rows {
            Some(rows) => return Ok(Outcome::Rows(Box::new(move |to| write(&sweep, &rows, to)), args.output)),
            None if args.grid => sweep::grid(&scenario, &sweep)?,
            None => sweep::report(&scenario, &sweep),
        });
    }
    Ok(Outcome::Reports(reports, args.output))
}

/// A path with its points.
fn varied(text: &str) -> anyhow::Result<(Path, Points)> {
    let Some((path, points)) = text.split_once('=') else {
        bail!("`{text}` says no values: write `{text}=LOW..HIGH`, `{text}=LOW..HIGH:STEP` or `{text}=A,B,C`");
    };
    let (path, points) = (path.trim(), points.trim());
    let named = Path::parse_option(path).map_err(|error| anyhow!("`{path}` is not a name: {}", error.message))?;
    Ok((named, Points::parse(points, literal).with_context(|| format!("the values of `{path}`"))?))
}

/// A number as in a formula.
fn literal(text: &str) -> Option<f64> {
    formula::parse_number(text).ok()?.literal()
}

fn limit(text: &str) -> anyhow::Result<f64> {
    let limit = literal(text).filter(|limit| *limit >= 1.0 && limit.fract() == 0.0);
    limit.ok_or_else(|| anyhow!("--limit is `{text}`; write a whole number from 1 up, such as `1M`"))
}

/// Refuses more rows than there may be.
fn within(limit: f64, rows: usize) -> anyhow::Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "a count to be compared and shown, not to count with")]
    let (rows, uncounted) = (rows as f64, rows == usize::MAX);
    if rows <= limit {
        return Ok(());
    }
    let more = if uncounted { "more than " } else { "" };
    let message = format!("{more}{} rows are too many: the limit is {}", number::count(rows), number::count(limit));
    Err(Error::from(Problem::nowhere(message).help("raise `--limit`, or take fewer points")).into())
}

fn write(sweep: &Sweep, rows: &Rows, to: &mut dyn std::io::Write) -> std::io::Result<Vec<String>> {
    to.write_all(rows.header())?;
    let gaps = sweep.run(|columns| rows.write(columns), |bytes| to.write_all(&bytes))?;
    let reasons = sweep.reasons(&gaps).into_iter().map(|(name, reason)| format!("{name}: {reason}"));
    Ok(sweep.notes().into_iter().chain(reasons).collect())
}
