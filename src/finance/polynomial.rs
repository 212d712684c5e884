//! All rates at which a cash flow is worth nothing, by the number of its changes of sign.
//!
//! With `x = ln(1 + r)` the present value is `p(x) = Σ c_t·e^(−t·x)`. Laguerre proved Descartes' rule of signs like
//! this: between two roots of `p` lies a root of the derivative of `e^(s·x)·p(x)`, whose coefficients are
//! `(s − t)·c_t`; for an `s` between two coefficients of opposite sign it has one change of sign less. Down this
//! ladder every function has few changes of sign, and the last has one and so exactly one root; back up, the
//! roots of each rung cut the line into stretches in which the next has at most one root. None is missed.
//!
//! Source: E. Laguerre, "Sur la théorie des équations numériques", Journal de mathématiques pures et appliquées 9
//! (1883); bounds of roots: M. Fujiwara, Tôhoku Mathematical Journal 10 (1916).

use super::discounting::as_f64;
use crate::numeric::roots::{Crossing, Interval, bracketed, scan};

/// Up to so many changes of sign the weights of the ladder stay within floating-point numbers for 1,200 periods.
const LADDER: usize = 64;

/// How often the coefficients change sign; zeros do not count.
pub(super) fn sign_changes(coefficients: &[f64]) -> usize {
    let signs = coefficients.iter().filter(|&&c| c != 0.0).map(|c| c.is_sign_negative());
    signs.clone().zip(signs.skip(1)).filter(|(one, next)| one != next).count()
}

/// The `x` at which `Σ c_t·e^(−t·x)` is 0, ascending, each once. First and last coefficient must not be 0.
///
/// All of them up to [`LADDER`] changes of sign; beyond, those that a [`scan`] sees.
pub(super) fn log_roots(coefficients: &[f64]) -> Vec<f64> {
    if sign_changes(coefficients) > LADDER {
        return scanned(coefficients);
    }
    let ladder = std::iter::successors(Some(coefficients.to_vec()), |rung| next_rung(rung));
    let rungs: Vec<Vec<f64>> = ladder.collect();
    rungs.iter().rev().fold(Vec::new(), |critical, rung| roots_between(rung, &critical))
}

/// The derivative that has one change of sign less, scaled to a largest coefficient near 1; none below two changes.
fn next_rung(coefficients: &[f64]) -> Option<Vec<f64>> {
    if sign_changes(coefficients) < 2 {
        return None;
    }
    let first = coefficients.iter().position(|&c| c != 0.0)?;
    let negative = coefficients[first].is_sign_negative();
    let differs = |&c: &f64| c != 0.0 && c.is_sign_negative() != negative;
    let change = coefficients.iter().position(differs)?;
    let last_before = coefficients[..change].iter().rposition(|&c| c != 0.0)?;
    let middle = f64::midpoint(as_f64(change), as_f64(last_before));
    let weighted: Vec<f64> = coefficients.iter().enumerate().map(|(t, c)| c * (as_f64(t) - middle)).collect();
    Some(scaled(&weighted))
}

/// The same roots, with a largest coefficient from 1 to 2. The divisor is a power of two, so that no digit is lost.
pub(super) fn scaled(coefficients: &[f64]) -> Vec<f64> {
    let largest = coefficients.iter().fold(f64::MIN_POSITIVE, |largest, c| largest.max(c.abs()));
    let power_of_two = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    coefficients.iter().map(|c| c / power_of_two).collect()
}

/// The roots of a function that is monotone, but for a positive factor, between neighboring critical places.
fn roots_between(coefficients: &[f64], critical: &[f64]) -> Vec<f64> {
    let Some((low, high)) = bounds(coefficients) else { return Vec::new() };
    let inside = critical.iter().copied().filter(|x| (low..high).contains(x));
    let places: Vec<f64> = std::iter::once(low).chain(inside).chain([high]).collect();
    let mut roots: Vec<f64> = Vec::new();
    let mut before: Option<f64> = None;
    for &x in &places {
        let sign = sign_at(coefficients, x);
        match before.zip(roots.last().copied()) {
            // A root of higher order is a critical place several times over.
            Some((previous, root))
                if sign == 0.0 && previous == root && sign_at(coefficients, f64::midpoint(root, x)) == 0.0 => {}
            _ if sign == 0.0 => roots.push(x),
            _ => {
                let opposite = before.filter(|&previous| sign_at(coefficients, previous) * sign < 0.0);
                let root = opposite.and_then(|previous| bracketed(|x| value(coefficients, x), previous, x).ok());
                roots.extend(root);
            }
        }
        before = Some(x);
    }
    roots
}

/// Beyond these `x` the first, or the last, coefficient outweighs all others together by far.
fn bounds(coefficients: &[f64]) -> Option<(f64, f64)> {
    let logs: Vec<(f64, f64)> =
        (0u32..).zip(coefficients).filter(|(_, c)| **c != 0.0).map(|(t, c)| (f64::from(t), c.abs().ln())).collect();
    let (&(first, first_log), &(last, last_log)) = (logs.first()?, logs.last()?);
    let steepest = |slopes: &mut dyn Iterator<Item = f64>| slopes.fold(f64::NEG_INFINITY, f64::max);
    let high = steepest(&mut logs[1..].iter().map(|(t, log)| (log - first_log) / (t - first)));
    let low = steepest(&mut logs[..logs.len() - 1].iter().map(|(t, log)| (log - last_log) / (last - t)));
    // With a ratio of 1/4 from term to term all others come to less than 1/3 of the one that outweighs them.
    let margin = 4f64.ln();
    (high.is_finite() && low.is_finite()).then_some((-low - margin, high + margin))
}

/// `Σ c_t·e^(−t·x)` times a positive factor that keeps it from overflowing.
fn value(coefficients: &[f64], x: f64) -> f64 {
    let ratio = (-x.abs()).exp();
    let horner = |sum: f64, c: &f64| sum * ratio + c;
    if x >= 0.0 { coefficients.iter().rev().fold(0.0, horner) } else { coefficients.iter().fold(0.0, horner) }
}

/// The sign of the function, 0 where its value may be nothing but rounding.
fn sign_at(coefficients: &[f64], x: f64) -> f64 {
    let sum = value(coefficients, x);
    let ratio = (-x.abs()).exp();
    let horner = |sum: f64, c: &f64| sum * ratio + c.abs();
    let turnover =
        if x >= 0.0 { coefficients.iter().rev().fold(0.0, horner) } else { coefficients.iter().fold(0.0, horner) };
    let rounding = f64::EPSILON * (4.0 + as_f64(coefficients.len())) * turnover;
    if sum.abs() <= rounding { 0.0 } else { sum.signum() }
}

fn scanned(coefficients: &[f64]) -> Vec<f64> {
    let Some(interval) = bounds(coefficients).and_then(|(low, high)| Interval::new(low, high)) else {
        return Vec::new();
    };
    let mut batch = |xs: &[f64]| xs.iter().map(|&x| value(coefficients, x)).collect();
    scan(&mut batch, interval).into_iter().map(Crossing::start).collect()
}

#[cfg(test)]
mod tests {
    use super::{log_roots, next_rung, scanned, sign_changes};

    #[test]
    fn zeros_are_no_change_of_sign() {
        assert_eq!(sign_changes(&[0.0, -1.0, 0.0, -2.0, 3.0, 0.0, -1.0]), 2);
        assert_eq!(sign_changes(&[]), 0);
    }

    #[test]
    fn each_rung_has_one_change_of_sign_less() {
        let mut rung = vec![-1.0, 0.0, 2.0, -3.0, 3.0, 0.0, 0.0, -5.0, 1.0];
        for changes in (1..5).rev() {
            rung = next_rung(&rung).unwrap();
            assert_eq!(sign_changes(&rung), changes);
        }
        assert_eq!(next_rung(&rung), None);
    }

    #[test]
    fn a_ladder_and_a_scan_find_the_same() {
        // −(v − 1/2)(v − 1)(v − 3), so x = −ln v.
        let coefficients = [1.5, -5.0, 4.5, -1.0];
        let expected = [-(3f64.ln()), 0.0, 2f64.ln()];
        for found in [log_roots(&coefficients), scanned(&coefficients)] {
            assert_eq!(found.len(), 3, "{found:?}");
            assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-14), "{found:?}");
        }
    }

    #[test]
    fn double_and_triple_roots_are_found_once() {
        for coefficients in [&[1.0, -2.0, 1.0][..], &[-1.0, 3.0, -3.0, 1.0]] {
            let found = log_roots(coefficients);
            assert!(matches!(found[..], [x] if x.abs() < 1e-5), "{found:?}");
        }
    }
}
