//! One number from the values of all periods.

use crate::finance::internal_rate::{Irr, internal_rates_of_return};
use crate::finance::{Undefined, discounting, payback};
use crate::formula::functions::OverPeriods;

/// The number that a series yields, NaN where there is none.
pub fn gather(over: OverPeriods, series: &[f64], parameters: &[f64]) -> f64 {
    match over {
        OverPeriods::Total => total(series),
        OverPeriods::Mean => total(series) / count(series.len()),
        OverPeriods::Lowest => series.iter().copied().fold(f64::INFINITY, smaller),
        OverPeriods::Highest => -series.iter().map(|value| -value).fold(f64::INFINITY, smaller),
        OverPeriods::First => series[0],
        OverPeriods::Last => series[series.len() - 1],
        _ => measure(over, series, parameters).unwrap_or(f64::NAN),
    }
}

/// The number that a series yields, or why there is none, as a clause.
pub fn measure(over: OverPeriods, series: &[f64], parameters: &[f64]) -> Result<f64, String> {
    let undefined = |reason: Undefined| reason.to_string();
    match over {
        OverPeriods::At => at(series, parameters[0]),
        OverPeriods::PeriodOfLowest => {
            let lowest = series.iter().copied().fold(f64::INFINITY, smaller);
            position(series, |value| value == lowest).ok_or_else(|| "a value of some period is missing".to_owned())
        }
        OverPeriods::FirstWhen => match series.iter().find(|value| value.is_nan() || **value != 0.0) {
            Some(value) if value.is_nan() => Err("the condition has no value in some period".to_owned()),
            Some(_) => position(series, |value| value != 0.0).ok_or_else(String::new),
            None => Err(format!("the condition holds in none of the {} periods", series.len())),
        },
        OverPeriods::InternalRate => match internal_rates_of_return(series) {
            Irr::None(reason) => Err(undefined(reason)),
            Irr::One(rate) => discounting::annualize(rate, parameters[0]).map_err(undefined),
            Irr::Several(rates) => {
                let per_year = |rate: &f64| discounting::annualize(*rate, parameters[0]).unwrap_or(f64::NAN);
                let shown: Vec<_> = rates.iter().map(|rate| format!("{:.2}%", per_year(rate) * 100.0)).collect();
                Err(format!("several rates per year make the present value 0: {}", shown.join(", ")))
            }
        },
        OverPeriods::ModifiedInternalRate => {
            discounting::modified_internal_rate_of_return(series, parameters[0], parameters[1]).map_err(undefined)
        }
        OverPeriods::Payback => payback::payback(series).map(|payback| payback.at).map_err(undefined),
        OverPeriods::Runway => runway(series, parameters[0]),
        _ => Ok(gather(over, series, parameters)),
    }
}

/// The sum in the order of the periods, the same in one lane and in many.
pub fn total(series: &[f64]) -> f64 {
    series.iter().fold(0.0, |sum, value| sum + value)
}

fn smaller(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

fn position(series: &[f64], holds: impl Fn(f64) -> bool) -> Option<f64> {
    series.iter().position(|value| holds(*value)).map(count)
}

fn at(series: &[f64], period: f64) -> Result<f64, String> {
    let found = (0..series.len()).find(|index| count(*index) == period);
    found
        .map(|index| series[index])
        .ok_or_else(|| format!("there is no period {period}: the periods are 0 to {}", series.len() - 1))
}

/// After how many periods a balance falls below 0, in proportion within the period in which it does.
///
/// With an opening balance of 6 and −1 in each period, the balance is 5, 4, 3, 2, 1, 0, −1: it lasts 6 periods.
fn runway(balance: &[f64], opening: f64) -> Result<f64, String> {
    if balance.iter().chain([&opening]).any(|value| !value.is_finite()) {
        return Err("a balance of some period is missing".to_owned());
    }
    if opening < 0.0 {
        return Err("there is no cash to begin with".to_owned());
    }
    let Some(below) = balance.iter().position(|value| *value < 0.0) else {
        return Err(format!("unlimited: cash never runs out within the {} periods", balance.len()));
    };
    let before = below.checked_sub(1).map_or(opening, |index| balance[index]);
    Ok(count(below) + before / (before - balance[below]))
}

/// A number of periods as a float; there are at most 1,200.
#[expect(clippy::cast_precision_loss, reason = "small counts are exact")]
pub fn count(periods: usize) -> f64 {
    periods as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runway_is_counted_in_proportion() {
        // 6 at first, 1 burned in each period: 5, 4, 3, 2, 1, 0, −1.
        assert_eq!(runway(&[5.0, 4.0, 3.0, 2.0, 1.0, 0.0, -1.0], 6.0), Ok(6.0));
        // 1 left after the second period, 2 burned in the third: half of it.
        assert_eq!(runway(&[3.0, 1.0, -1.0], 5.0), Ok(2.5));
        // 10 at first and 40 burned in the first period: a fourth of it; with nothing at first, it is over at once.
        assert_eq!(runway(&[-30.0, -70.0], 10.0), Ok(0.25));
        assert_eq!(runway(&[-30.0, -70.0], 0.0), Ok(0.0));
        assert_eq!(runway(&[-30.0, 70.0], -1.0), Err("there is no cash to begin with".to_owned()));
        assert_eq!(runway(&[1.0, 0.0], 2.0), Err("unlimited: cash never runs out within the 2 periods".to_owned()));
    }

    #[test]
    fn what_is_undefined_in_one_period_is_undefined_in_all() {
        let series = [1.0, f64::NAN, 0.0];
        for over in [OverPeriods::Total, OverPeriods::Mean, OverPeriods::Lowest, OverPeriods::Highest] {
            assert!(gather(over, &series, &[]).is_nan(), "{over:?}");
        }
        assert_eq!(gather(OverPeriods::Lowest, &[3.0, -1.0, 2.0], &[]), -1.0);
        assert_eq!(gather(OverPeriods::Highest, &[3.0, -1.0, 2.0], &[]), 3.0);
        assert_eq!(gather(OverPeriods::PeriodOfLowest, &[3.0, -1.0, -1.0], &[]), 1.0);
        assert_eq!(gather(OverPeriods::FirstWhen, &[0.0, 0.0, 1.0], &[]), 2.0);
        assert_eq!(gather(OverPeriods::At, &[3.0, -1.0], &[1.0]), -1.0);
        assert!(gather(OverPeriods::At, &[3.0, -1.0], &[1.5]).is_nan());
    }
}
