//! A first look at some draws that are all kept: what comes period by period, how far correlations are
//! met, and whether quantities leave their range. For these a part of the draws says as much as all of them.

use std::convert::Infallible;

use indexmap::IndexMap;

use super::Options;
use super::answer::{Achieved, percentile_name};
use super::asked::Asked;
use crate::analysis::draws::Sampler;
use crate::error::Error;
use crate::model::count;
use crate::model::definition::{Body, DefinitionId};
use crate::numeric::correlation::rank_correlation;
use crate::numeric::design::Design;
use crate::numeric::moments::Moments;
use crate::numeric::parallel;
use crate::numeric::percentiles::percentiles;
use crate::report::number;

/// The most draws that are looked at, and the most where correlations are to be told to two digits.
const MOST: u64 = 1 << 14;
const MOST_CORRELATED: u64 = 1 << 16;

/// The fewest, however many series there are.
const FEWEST: u64 = 1 << 12;

/// The most numbers that are kept.
const KEPT: u64 = 1 << 20;

/// The percentiles of bands.
pub const BANDS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// What a first look shows.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// How far correlations are met.
    pub correlations: Vec<Achieved>,
    /// By name, the mean and the percentiles in each period.
    pub bands: IndexMap<String, IndexMap<String, Vec<Option<f64>>>>,
    /// Quantities that leave their range.
    pub notes: Vec<String>,
}

/// Takes a first look.
///
/// # Errors
/// A distribution that makes no sense, which compiling has refused already.
pub fn of(asked: &Asked, options: &Options) -> Result<Survey, Error> {
    let uncertain = asked.uncertain();
    let periods = asked.bands.iter().flat_map(|band| band.periods.iter().copied());
    let wanted: Vec<DefinitionId> = uncertain.iter().copied().chain(periods).collect();
    let design = Design { samples: kept(asked, wanted.len()).min(options.design.samples), ..options.design };
    let simulation = asked.simulation(&wanted)?;
    let sampler = Sampler::new(&simulation, design);
    let mut columns = sampler.all(wanted.len()).into_iter();
    let uncertain: Vec<(DefinitionId, Vec<f64>)> = uncertain.into_iter().zip(columns.by_ref()).collect();
    let bands = asked
        .bands
        .iter()
        .map(|shown| (shown.name.clone(), band(&columns.by_ref().take(shown.periods.len()).collect::<Vec<_>>())))
        .collect();
    let correlations = correlations(asked, &uncertain);
    let mut notes: Vec<String> = uncertain.iter().filter_map(|(id, column)| out_of_range(asked, *id, column)).collect();
    if design.samples >= FEWEST {
        notes.extend(correlations.iter().filter_map(fallen_short));
    }
    Ok(Survey { correlations, bands, notes })
}

/// How many draws of so many definitions are kept: a power of two.
fn kept(asked: &Asked, definitions: usize) -> u64 {
    let mut samples = if asked.model.ties().is_empty() { MOST } else { MOST_CORRELATED };
    while samples > FEWEST && samples.saturating_mul(u64::try_from(definitions).unwrap_or(u64::MAX)) > KEPT {
        samples /= 2;
    }
    samples
}

/// The mean and the percentiles of a series: a column for each period.
fn band(columns: &[Vec<f64>]) -> IndexMap<String, Vec<Option<f64>>> {
    let mut band: IndexMap<String, Vec<Option<f64>>> = IndexMap::new();
    let of_period = |period: usize| {
        let mut column: Vec<f64> = columns[period].iter().copied().filter(|value| value.is_finite()).collect();
        let mean = Moments::of(&column).mean();
        (mean, percentiles(&mut column, &BANDS))
    };
    let Ok(()) = parallel::in_order(columns.len(), of_period, |(mean, percentiles)| {
        band.entry("mean".to_owned()).or_default().push(mean);
        for (share, percentile) in BANDS.into_iter().zip(percentiles) {
            band.entry(percentile_name(share)).or_default().push(percentile);
        }
        Ok::<(), Infallible>(())
    });
    band
}

/// The correlations that the scenario says, and those of the draws.
fn correlations(asked: &Asked, uncertain: &[(DefinitionId, Vec<f64>)]) -> Vec<Achieved> {
    let column = |draw: usize| {
        let definition = asked.model.draws().get(draw)?.definition;
        uncertain.iter().find(|(id, _)| *id == definition).map(|(_, column)| column)
    };
    let achieved = |(draws, rank): &([usize; 2], f64)| Achieved {
        between: draws.map(|draw| asked.model.draws()[draw].name.clone()),
        rank: *rank,
        achieved: column(draws[0]).zip(column(draws[1])).and_then(|(a, b)| rank_correlation(a, b)),
    };
    asked.model.ties().iter().flat_map(|tie| tie.said.iter().map(achieved)).collect()
}

/// How much smaller a rank correlation may be in the draws than it is said before it is worth a word.
const SHORT: f64 = 0.02;

/// That a rank correlation is smaller in the draws than it is said.
fn fallen_short(found: &Achieved) -> Option<String> {
    let achieved = found.achieved.filter(|achieved| found.rank.abs() - achieved.abs() > SHORT)?;
    let [first, second] = &found.between;
    Some(format!(
        "the rank correlation of `{first}` and `{second}` is {} in the draws and not {}: where a quantity has few values, \
         many draws have the same rank",
        number::number(achieved),
        number::number(found.rank)
    ))
}

/// That a quantity leaves the range in which it makes sense.
fn out_of_range(asked: &Asked, id: DefinitionId, column: &[f64]) -> Option<String> {
    let definition = &asked.model.definitions()[id];
    let Body::Quantity(quantity) = &definition.body else { return None };
    let outside = column.iter().filter(|value| value.is_finite() && !quantity.range.contains(**value)).count();
    if outside == 0 {
        return None;
    }
    let (path, must) = (definition.path.in_ticks(), quantity.range.describe());
    let share = number::share(count(outside) / count(column.len()));
    Some(format!("{path} must be {must}, and is not in {share} of the draws; `truncate(…, low, high)` cuts it off"))
}

/// The names of the percentiles of bands.
pub fn names() -> impl Iterator<Item = String> {
    BANDS.into_iter().map(percentile_name)
}
