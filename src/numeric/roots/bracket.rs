//! One root between two places where a function has opposite signs.

use std::fmt;

use super::float::{spread_between, steps_between};

/// Why there is no root to find between two places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NotBracketed {
    /// The function has the same sign at both ends, so it need not be 0 between them.
    SameSign,
    /// The function, or an end of the bracket, is undefined here.
    Undefined {
        /// The place.
        at: f64,
    },
}

impl fmt::Display for NotBracketed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameSign => f.write_str("the function has the same sign at both ends"),
            Self::Undefined { at } => write!(f, "the function is undefined at {at}"),
        }
    }
}

impl std::error::Error for NotBracketed {}

/// After so many steps interpolation is not helping, and halving takes over.
const INTERPOLATIONS: usize = 60;

/// The place between `low` and `high` where the function changes sign, to the last bit.
///
/// The answer never leaves the bracket. The function is called at most about 130 times, whatever it is: inverse
/// quadratic interpolation where it is safe (T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm for
/// finding the zero of a nonlinear function without using derivatives", Advances in Engineering Software 28, 1997),
/// then halving of the floating-point numbers that are left, until there are none in between.
/// Of the two neighbors then left the one is returned where the function is nearer to 0.
///
/// # Errors
/// [`NotBracketed`] when the function has the same sign at both ends, or is undefined (NaN) at a place it was
/// asked for.
pub fn bracketed(mut function: impl FnMut(f64) -> f64, low: f64, high: f64) -> Result<f64, NotBracketed> {
    let mut point = |x: f64| match function(x) {
        value if value.is_nan() || x.is_nan() => Err(NotBracketed::Undefined { at: x }),
        value => Ok(Point { x, value }),
    };
    let (low, high) = (point(low)?, point(high)?);
    if low.value == 0.0 {
        return Ok(low.x);
    }
    if high.value == 0.0 {
        return Ok(high.x);
    }
    if low.value.signum() == high.value.signum() {
        return Err(NotBracketed::SameSign);
    }
    let (mut a, mut b) = interpolate(&mut point, low, high)?;
    while a.value != 0.0 && b.value != 0.0 {
        let (left, right) = if a.x < b.x { (a, b) } else { (b, a) };
        let Some(&middle) = spread_between(left.x, right.x, 1).first() else { break };
        let middle = point(middle)?;
        (a, b) = if middle.value.signum() == left.value.signum() { (middle, right) } else { (left, middle) };
    }
    Ok(if a.value.abs() <= b.value.abs() { a.x } else { b.x })
}

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    value: f64,
}

/// Narrows a bracket by interpolation, to two places of opposite sign or to one where the function is 0.
fn interpolate(
    point: &mut impl FnMut(f64) -> Result<Point, NotBracketed>,
    low: Point,
    high: Point,
) -> Result<(Point, Point), NotBracketed> {
    // `newest` and `opposite` hold the root between them; `previous` is the third point of the parabola.
    let (mut newest, mut opposite) = (low, high);
    let mut share = 0.5;
    for _ in 0..INTERPOLATIONS {
        let x = newest.x + share * (opposite.x - newest.x);
        let inside = newest.x.min(opposite.x) < x && x < newest.x.max(opposite.x);
        if !inside || steps_between(newest.x, opposite.x).max(steps_between(opposite.x, newest.x)) <= 4 {
            break;
        }
        let candidate = point(x)?;
        let previous = if candidate.value.signum() == newest.value.signum() {
            newest
        } else {
            std::mem::replace(&mut opposite, newest)
        };
        newest = candidate;
        if newest.value == 0.0 {
            break;
        }
        let smallest = (f64::EPSILON * newest.x.abs() / (opposite.x - newest.x).abs()).min(0.5);
        share = share_of_the_way(newest, opposite, previous).unwrap_or(0.5).clamp(smallest, 1.0 - smallest);
    }
    Ok((newest, opposite))
}

/// How far from `a` to `b` the parabola through three points meets 0, where it is trustworthy there.
fn share_of_the_way(a: Point, b: Point, c: Point) -> Option<f64> {
    let place = (a.x - b.x) / (c.x - b.x);
    let height = (a.value - b.value) / (c.value - b.value);
    let trustworthy = height * height < place && (1.0 - height) * (1.0 - height) < 1.0 - place;
    let share = a.value / (b.value - a.value) * c.value / (b.value - c.value)
        + (c.x - a.x) / (b.x - a.x) * a.value / (c.value - a.value) * b.value / (c.value - b.value);
    (trustworthy && share.is_finite()).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::{NotBracketed, bracketed};
    use proptest::prelude::*;

    fn counted(function: impl Fn(f64) -> f64, low: f64, high: f64) -> (f64, usize) {
        let mut calls = 0;
        let root = bracketed(
            |x| {
                calls += 1;
                function(x)
            },
            low,
            high,
        );
        (root.unwrap(), calls)
    }

    #[test]
    fn known_roots_are_found_to_the_last_bit_or_next_to_it() {
        let near = |found: f64, exact: f64| (found - exact).abs() <= exact.abs() * f64::EPSILON;
        assert!(near(bracketed(|x| x * x - 2.0, 0.0, 2.0).unwrap(), std::f64::consts::SQRT_2));
        // The real root of x³ − 2x − 5, Wallis' own example (OEIS A007493).
        assert!(near(bracketed(|x: f64| x.powi(3) - 2.0 * x - 5.0, 2.0, 3.0).unwrap(), 2.094_551_481_542_326_6));
        // The fixed point of the cosine (OEIS A003957).
        assert!(near(bracketed(|x: f64| x.cos() - x, 0.0, 1.0).unwrap(), 0.739_085_133_215_160_6));
        assert!(near(bracketed(|x| x - 1e-6, 0.0, 1e12).unwrap(), 1e-6));
        assert!(near(bracketed(|x| 1e9 - x, 0.0, 1e12).unwrap(), 1e9));
    }

    #[test]
    fn smooth_functions_take_few_calls_and_nasty_ones_a_bounded_number() {
        let (_, calls) = counted(|x| x.exp() - 5.0, 0.0, 4.0);
        assert!(calls <= 20, "{calls}");
        for nasty in [|x: f64| x.powi(21), |x: f64| if x < 1e-300 { -1.0 } else { 1e300 }, |x: f64| (x - 1.0).cbrt()] {
            let (_, calls) = counted(nasty, -1e308, 1e308);
            assert!(calls <= 130, "{calls}");
        }
    }

    #[test]
    fn a_root_at_an_end_is_the_end() {
        assert_eq!(bracketed(|x| x - 3.0, 3.0, 5.0), Ok(3.0));
        assert_eq!(bracketed(|x| x - 5.0, 3.0, 5.0), Ok(5.0));
    }

    #[test]
    fn no_change_of_sign_and_undefined_values_are_reported() {
        assert_eq!(bracketed(|x| x * x + 1.0, -1.0, 1.0), Err(NotBracketed::SameSign));
        let hole = |x: f64| if x == 0.5 { f64::NAN } else { x - 0.25 };
        assert_eq!(bracketed(hole, 0.0, 1.0), Err(NotBracketed::Undefined { at: 0.5 }));
        assert!(matches!(bracketed(|x| x, f64::NAN, 1.0), Err(NotBracketed::Undefined { .. })));
    }

    proptest! {
        #[test]
        fn the_root_of_a_line_is_met_and_the_bracket_is_kept(root in -1e6..1e6_f64, below in 1e-9..1e6_f64, above in 1e-9..1e6_f64) {
            let (low, high) = (root - below, root + above);
            let found = bracketed(|x| x - root, low, high).unwrap();
            prop_assert_eq!(found, root);
            prop_assert!(low <= found && found <= high);
        }

        #[test]
        fn any_values_at_all_end_in_an_answer(low in any::<f64>(), high in any::<f64>(), salt in any::<u64>()) {
            let noise = |x: f64| f64::from_bits(x.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt);
            if let Ok(found) = bracketed(noise, low, high) {
                prop_assert!(low.min(high) <= found && found <= low.max(high));
            }
        }
    }
}
