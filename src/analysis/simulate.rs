//! `simulate`: how likely is each outcome?
//!
//! What the scenario leaves to chance is drawn many times (the Monte Carlo method: N. Metropolis, S. Ulam, 1949), by
//! default at the points of a randomized low-discrepancy sequence (A. B. Owen, Randomly permuted (t,m,s)-nets, 1995),
//! with which means settle with far fewer draws than with plain random numbers. A draw is a pure function of the seed,
//! the quantity's name and the draw's number: the answer depends neither on the number of threads, nor on the order of
//! the file, nor on what else is uncertain.

mod answer;
mod asked;
mod histogram;
mod layout;
mod rows;
mod survey;
mod whole;

use super::draws::whole::Whole;
use super::{layout as common, notes};
use crate::error::Error;
use crate::numeric::design::Design;
use crate::report::{Report, number};
use crate::scenario::Scenario;

pub use super::draws::whole::{Progress, Watch, float};
pub use answer::{Achieved, Chance, Histogram, Outcomes, RiskOutcome, Statistics};
pub(super) use asked::usual;
pub use rows::Rows;

use asked::Asked;

/// How many draws are taken where nothing else is said: a power of two, with which percentiles are steady to about
/// three digits.
pub const SAMPLES: u64 = 1 << 18;

/// The seed where nothing else is said.
pub const SEED: u64 = 1;

/// What is to be simulated, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the draws are placed, and how many there are.
    pub design: Design,
    /// Draw until the standard error of each metric's mean is below this part of the mean, and at most as often as the
    /// design says.
    pub precision: Option<f64>,
    /// The metrics; the usual ones where there are none.
    pub metrics: Vec<String>,
    /// The percentiles, as shares from 0 to 1.
    pub percentiles: Vec<f64>,
    /// The conditions whose probabilities are asked for; that of a profit where there are none.
    pub probabilities: Vec<String>,
    /// The confidence of value at risk: 0.95 looks at the worst 5 % of the draws.
    pub confidence: f64,
    /// What is shown period by period; cash, or else the cumulative profit, where there is nothing.
    pub bands: Vec<String>,
}

/// Draws what is left to chance, and tells the outcomes and how many draws it took.
///
/// # Errors
/// Formulas that cannot be read or name nothing, distributions that make no sense.
pub fn report(scenario: &Scenario, options: &Options, watch: Watch<'_>) -> Result<(Report, u64), Error> {
    let asked = Asked::new(scenario, options)?;
    let survey = survey::of(&asked, options)?;
    let whole = whole::of(&asked, options, watch)?;
    let answer = answer::of(scenario, options, &asked, &survey, &whole);
    let mut notes = notes_of(&asked, options, &whole);
    notes.extend(survey.notes);
    let report = Report {
        undefined: answer.undefined(),
        notes,
        tables: layout::tables(&answer, &asked, options),
        charts: layout::fan(&answer),
        ..Report::new("simulate", common::heading(scenario), common::data(&answer))
    };
    Ok((report, whole.samples))
}

/// What a reader of the numbers must know of how they came about.
fn notes_of(asked: &Asked, options: &Options, whole: &Whole) -> Vec<String> {
    let mut notes = Vec::new();
    if notes::of_means(&asked.model).is_none() {
        notes.push(
            "nothing is uncertain, so that all draws are the same; a range is written `\"800 to 1200\"`".to_owned(),
        );
    }
    notes.extend(notes::of_draws(&asked.model, whole.design));
    let count = |draws: u64| number::count(float(draws));
    if whole.stopped {
        notes.push(format!(
            "stopped after {} of {} draws; the numbers are those of the draws done",
            count(whole.samples),
            count(options.design.samples)
        ));
    } else if let Some(precision) = options.precision {
        notes.push(precise(asked, precision, whole));
    }
    notes
}

/// Whether the draws were enough for the precision that was asked for.
fn precise(asked: &Asked, precision: f64, whole: &Whole) -> String {
    let draws = number::count(float(whole.samples));
    let percent = |share: f64| format!("{}%", number::number(share * 100.0));
    let Some((metric, error)) = whole::least_precise(whole, asked.metrics.len()) else {
        return format!("no metric has an error that could be compared with {} of its mean", percent(precision));
    };
    let name = &asked.metrics[metric].name;
    if error <= precision {
        format!("{draws} draws are enough: no standard error is above {} of its mean, that of {name}", percent(error))
    } else {
        let found = if error.is_finite() {
            format!("is {} of its mean", percent(error))
        } else {
            "has a mean of 0 beside it".to_owned()
        };
        format!("{draws} draws are too few for {}: the standard error of {name} {found}", percent(precision))
    }
}
