//! What all draws have told, as the answer says it.

use indexmap::IndexMap;

use super::answer::{Chance, Statistics, percentile_name};
use super::asked::Asked;
use super::{Options, Watch};
use crate::analysis::draws::Sampler;
use crate::analysis::draws::whole::{self, Whole, Wish};
use crate::error::Error;
use crate::numeric::design::Design;
use crate::numeric::moments::Replicated;
use crate::numeric::percentiles::Wanted;
use crate::report::number;

/// With how many draws a run to a precision begins.
const FIRST: u64 = 1 << 14;

/// The percentiles of what risks cost: their lower ones are nothing.
const OF_RISKS: [f64; 2] = [0.95, 0.99];

/// Takes all draws: the columns are the metrics and what risks cost, then the conditions and whether risks happen.
///
/// # Errors
/// A distribution that makes no sense, which compiling has refused already.
pub fn of(asked: &Asked, options: &Options, watch: Watch<'_>) -> Result<Whole, Error> {
    let simulation = asked.simulation(&asked.wanted())?;
    let wishes = wishes(asked, options);
    let most = options.design.samples;
    let run = |samples: u64, watch: Watch<'_>| {
        whole::of(&Sampler::new(&simulation, Design { samples, ..options.design }), &wishes, watch)
    };
    let Some(precision) = options.precision else { return Ok(run(most, watch)) };
    // Each round draws anew from the start: together they cost less than twice the last one, and every method of placing
    // the draws knows from the start how many there will be.
    let is_precise =
        |whole: &Whole| least_precise(whole, asked.metrics.len()).is_none_or(|(_, error)| error <= precision);
    let mut samples = FIRST.min(most);
    loop {
        let whole = run(samples, watch);
        if whole.stopped || samples == most || is_precise(&whole) {
            return Ok(whole);
        }
        samples = samples.saturating_mul(2).min(most);
    }
}

/// What is wanted of each column.
fn wishes(asked: &Asked, options: &Options) -> Vec<Wish> {
    let metric = |metric: usize| {
        let tail = asked.at_risk().any(|at_risk| at_risk == metric).then_some(1.0 - options.confidence);
        let wanted = Wanted { shares: options.percentiles.clone(), tail };
        if asked.main() == Some(metric) { Wish::FirstToo(wanted) } else { Wish::Percentiles(wanted) }
    };
    let loss = Wish::Percentiles(Wanted { shares: OF_RISKS.to_vec(), tail: None });
    let amounts = (0..asked.metrics.len()).map(metric).chain(asked.risks.iter().map(|_| loss.clone()));
    amounts.chain((asked.amounts()..asked.wanted().len()).map(|_| Wish::Moments)).collect()
}

/// Of the first so many columns, the one whose mean has the largest standard error as a part of it, and that part.
pub fn least_precise(whole: &Whole, metrics: usize) -> Option<(usize, f64)> {
    let part = |(metric, moments): (usize, &Replicated)| {
        let (error, mean) = (moments.error(whole.design.method)?, moments.whole().mean()?);
        Some((metric, if error == 0.0 { 0.0 } else { error / mean.abs() }))
    };
    let parts = whole.moments.iter().take(metrics).enumerate().filter_map(part);
    // Of equal ones, the first.
    parts.reduce(|worst, found| if found.1 > worst.1 { found } else { worst })
}

/// What the draws of each of so many amounts are like.
pub fn statistics(whole: &Whole, amounts: usize) -> Vec<Statistics> {
    let statistics = |(column, replicated): (usize, &Replicated)| {
        let moments = replicated.whole();
        let names = whole.shares(column).iter().map(|share| percentile_name(*share));
        let percentiles = whole.found(column).map(|found| found.percentiles.clone()).unwrap_or_default();
        Statistics {
            mean: moments.mean(),
            error: replicated.error(whole.design.method),
            sd: moments.deviation(),
            low: moments.ends().map(|[low, _]| low),
            high: moments.ends().map(|[_, high]| high),
            defined: moments.defined(),
            percentiles: names.zip(percentiles).collect(),
        }
    };
    whole.moments.iter().take(amounts).enumerate().map(statistics).collect()
}

/// How likely each condition is; they stand behind that many amounts.
pub fn chances(whole: &Whole, amounts: usize) -> Vec<Chance> {
    let chance = |found: &Replicated| {
        let (known, all) = (found.whole(), found.missing_as_zero());
        let where_known = |figure: Option<f64>| figure.filter(|_| known.count > 0.0);
        Chance {
            value: where_known(all.whole().mean()),
            error: where_known(all.error(whole.design.method)),
            defined: known.defined(),
        }
    };
    whole.moments.iter().skip(amounts).map(chance).collect()
}

/// The value at risk and the mean loss beyond, of a metric of which less is worse.
pub fn risk(whole: &Whole, metric: usize, options: &Options) -> IndexMap<String, Option<f64>> {
    let percent = number::plain(options.confidence * 100.0);
    let tail = whole.found(metric).and_then(|found| found.tail);
    let loss = |at: usize| tail.map(|tail| 0.0 - tail[at]);
    [(format!("var{percent}"), loss(0)), (format!("cvar{percent}"), loss(1))].into_iter().collect()
}
