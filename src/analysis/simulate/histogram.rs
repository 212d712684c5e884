//! How often a metric lies in which range.

use super::answer::Histogram;
use crate::model::count;
use crate::numeric::percentiles::percentile;

/// How many ranges there are about.
const RANGES: f64 = 16.0;

/// The part of the draws at either end for which no range of its own is worth its line.
const TAIL: f64 = 0.005;

/// How many times the middle half a range may reach beyond it: what lies farther out would press all others into one
/// (J. W. Tukey, Exploratory data analysis, 1977, calls it far out).
const FAR_OUT: f64 = 3.0;

/// The ranges of a column's values with their shares, between round numbers; none where all values are the same. The
/// first and the last reach to the lowest and the highest value.
pub fn of(metric: &str, mut column: Vec<f64>) -> Option<Histogram> {
    column.retain(|value| value.is_finite());
    column.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| percentile(&column, share);
    let (mut low, mut high) = (at(TAIL)?, at(1.0 - TAIL)?);
    let (quarter, three_quarters) = (at(0.25)?, at(0.75)?);
    let reach = FAR_OUT * (three_quarters - quarter);
    if reach > 0.0 {
        (low, high) = (low.max(quarter - reach), high.min(three_quarters + reach));
    }
    let bounds = bounds([low, high], [*column.first()?, *column.last()?])?;
    let mut shares = Vec::with_capacity(bounds.len());
    let mut before = 0;
    for bound in &bounds[1..bounds.len() - 1] {
        let below = column.partition_point(|value| value < bound);
        shares.push(count(below - before) / count(column.len()));
        before = below;
    }
    shares.push(count(column.len() - before) / count(column.len()));
    Some(Histogram { metric: metric.to_owned(), bounds, shares })
}

/// Round numbers around a range, 0 among them where it lies within: steps of 1, 2 or 5 times a power of ten; the first and
/// the last stand around all values.
fn bounds([low, high]: [f64; 2], [lowest, highest]: [f64; 2]) -> Option<Vec<f64>> {
    let rough = (high - low) / RANGES;
    if !(rough > 0.0 && rough.is_finite()) {
        return None;
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough)?;
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    // Where the numbers are so large that a step is lost in them, there are no ranges to be told apart.
    if first + 1.0 == first || last - 1.0 == last {
        return None;
    }
    let mut bounds = Vec::new();
    let mut at = first;
    while at <= last {
        bounds.push(at * step);
        at += 1.0;
    }
    if let [first, .., last] = bounds.as_mut_slice() {
        *first = first.min((lowest / step).floor() * step);
        *last = last.max((highest / step).ceil() * step);
    }
    (bounds.len() > 2).then_some(bounds)
}
