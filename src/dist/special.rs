//! Incomplete beta and gamma functions, and the inversion of what has no closed inverse.

use statrs::function::{beta, gamma};

/// The logarithm of the gamma function.
pub fn ln_gamma(x: f64) -> f64 {
    gamma::ln_gamma(x)
}

/// The probability of at most `x` of a beta distribution: the regularized incomplete beta function.
pub fn beta_cdf(alpha: f64, beta: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        beta::checked_beta_reg(alpha, beta, x).unwrap_or(f64::NAN).clamp(0.0, 1.0)
    }
}

/// The probability of at most `x` of a gamma distribution of scale 1. Of shapes above some thousand it is known to about
/// nine digits.
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x.is_finite() {
        gamma::checked_gamma_lr(shape, x).unwrap_or(f64::NAN).clamp(0.0, 1.0)
    } else {
        1.0
    }
}

/// The probability of more than `x` of a gamma distribution of scale 1.
pub fn gamma_survival(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if x.is_finite() {
        gamma::checked_gamma_ur(shape, x).unwrap_or(f64::NAN).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The logarithm of a power, where nothing to the power of nothing is 1.
pub fn ln_power(ln_base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 { 0.0 } else { exponent * ln_base }
}

/// The most steps of an inversion; halving alone needs no more to go from one end of the floats to the other.
const STEPS: usize = 200;

/// A step of Newton's method after which what is still missing, about its square, is below the last bit.
const LAST_STEP: f64 = 1e-9;

/// The logarithm at which a rising function of it has a value: Newton's method on the logarithm of the function, which for
/// the tails of a power law is one straight step, kept within a bracket that halving narrows where Newton leads outside.
///
/// `function` gives the function and its slope by `x` at e^`logarithm`.
pub fn invert_in_logarithm(wanted: f64, bracket: [f64; 2], start: f64, function: impl Fn(f64) -> (f64, f64)) -> f64 {
    let [mut low, mut high] = bracket;
    let mut at = start.clamp(low, high);
    let target = wanted.ln();
    for _ in 0..STEPS {
        let x = at.exp();
        let (value, slope) = function(x);
        if value < wanted {
            low = at;
        } else {
            high = at;
        }
        let step = (target - value.ln()) * value / (x * slope);
        let next = at + step;
        let is_within = next.is_finite() && next > low && next < high;
        if is_within && step.abs() <= LAST_STEP {
            return next;
        }
        let next = if is_within { next } else { f64::midpoint(low, high) };
        // A step below the last bit of x leads nowhere any more.
        if (next - at).abs() <= f64::EPSILON || high - low <= f64::EPSILON * low.abs() {
            return next;
        }
        at = next;
    }
    at
}
