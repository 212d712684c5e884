//! Integrals over (0, 1), for what has no closed form.

use std::f64::consts::FRAC_PI_2;

/// How far the transformed axis is followed, and in which steps: what lies beyond is below the last bit.
const REACH: f64 = 3.4;
const STEPS: i32 = 500;

/// The integral of a function over (0, 1), which may rise without bounds at its ends: the double exponential rule of H.
/// Takahasi and M. Mori (Double exponential formulas for numerical integration, 1974). The function is given its argument.
pub fn integral(function: impl Fn(f64) -> f64) -> f64 {
    let step = REACH / f64::from(STEPS);
    let term = |at: i32| {
        let t = f64::from(at) * step;
        let u = FRAC_PI_2 * t.sinh();
        let x = 1.0 / (1.0 + (-2.0 * u).exp());
        let weight = FRAC_PI_2 * t.cosh() / (2.0 * u.cosh() * u.cosh());
        if x > 0.0 && x < 1.0 && weight > 0.0 { weight * function(x) } else { 0.0 }
    };
    // From the ends to the middle, the small terms first.
    let sides: f64 = (1..=STEPS).rev().map(|at| term(at) + term(-at)).sum();
    step * (sides + term(0))
}
