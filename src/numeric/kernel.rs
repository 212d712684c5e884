//! Operations over lanes: one function of numbers, run down a column.
//!
//! A kernel is written once as a function of plain numbers and becomes one tight loop per shape of its operands
//! (a column, or one number for all lanes), which the compiler vectorizes.
//!
//! Undefined is NaN and stays undefined: no kernel turns it into a number, save where the operand that is undefined
//! was not needed (the branch of an `if` that was not taken, `false and …`).
//! A condition is 1 where it holds, 0 where it does not, and NaN where that cannot be told.
//!
//! The columns of one call are as long as the result; lanes beyond the end of a shorter one keep what they held.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]

use super::dispatch::dispatched;
use super::elementary;

/// What a kernel reads: a column, or one number that holds for every lane.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    /// The same in every lane.
    Uniform(f64),
    /// One value per lane.
    Lanes(&'a [f64]),
}

impl Operand<'_> {
    /// Its value in a lane.
    pub fn lane(self, lane: usize) -> f64 {
        match self {
            Operand::Uniform(value) => value,
            Operand::Lanes(values) => values[lane],
        }
    }

    /// Writes the operand into a column of the same length.
    pub fn copy_to(self, out: &mut [f64]) {
        match self {
            Operand::Uniform(value) => out.fill(value),
            Operand::Lanes(values) => out.copy_from_slice(values),
        }
    }
}

/// A kernel, by the number of its operands.
#[derive(Clone, Copy, Debug)]
pub enum Kernel {
    /// Of one operand.
    One(fn(Operand<'_>, &mut [f64])),
    /// Of two operands.
    Two(fn(Operand<'_>, Operand<'_>, &mut [f64])),
    /// Of three operands.
    Three(fn(Operand<'_>, Operand<'_>, Operand<'_>, &mut [f64])),
}

impl Kernel {
    /// How many operands it has.
    pub fn inputs(self) -> usize {
        match self {
            Kernel::One(_) => 1,
            Kernel::Two(_) => 2,
            Kernel::Three(_) => 3,
        }
    }
}

impl PartialEq for Kernel {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Kernel::One(a), Kernel::One(b)) => std::ptr::fn_addr_eq(*a, *b),
            (Kernel::Two(a), Kernel::Two(b)) => std::ptr::fn_addr_eq(*a, *b),
            (Kernel::Three(a), Kernel::Three(b)) => std::ptr::fn_addr_eq(*a, *b),
            _ => false,
        }
    }
}

#[inline(always)]
fn map_one(a: Operand<'_>, out: &mut [f64], f: impl Fn(f64) -> f64) {
    match a {
        Operand::Uniform(a) => out.fill(f(a)),
        Operand::Lanes(a) => {
            for (out, &a) in out.iter_mut().zip(a) {
                *out = f(a);
            }
        }
    }
}

/// A uniform operand is bound first, so that every shape ends in a loop over nothing but columns.
#[inline(always)]
fn map_two(a: Operand<'_>, b: Operand<'_>, out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Operand::Uniform(a), b) => map_one(b, out, |b| f(a, b)),
        (a, Operand::Uniform(b)) => map_one(a, out, |a| f(a, b)),
        (Operand::Lanes(a), Operand::Lanes(b)) => {
            for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
                *out = f(a, b);
            }
        }
    }
}

#[inline(always)]
fn map_three(a: Operand<'_>, b: Operand<'_>, c: Operand<'_>, out: &mut [f64], f: impl Fn(f64, f64, f64) -> f64) {
    match (a, b, c) {
        (Operand::Uniform(a), b, c) => map_two(b, c, out, |b, c| f(a, b, c)),
        (a, Operand::Uniform(b), c) => map_two(a, c, out, |a, c| f(a, b, c)),
        (a, b, Operand::Uniform(c)) => map_two(a, b, out, |a, b| f(a, b, c)),
        (Operand::Lanes(a), Operand::Lanes(b), Operand::Lanes(c)) => {
            for (((out, &a), &b), &c) in out.iter_mut().zip(a).zip(b).zip(c) {
                *out = f(a, b, c);
            }
        }
    }
}

/// Defines kernels: `name(operands) = value;` becomes the function that computes `value` in every lane.
macro_rules! kernels {
    ($($(#[$doc:meta])* $name:ident($($operand:ident),+) = $value:expr;)+) => {
        $(kernels!(@one $(#[$doc])* $name($($operand),+) = $value);)+
    };
    (@one $(#[$doc:meta])* $name:ident($a:ident) = $value:expr) => {
        dispatched! {
            $(#[$doc])*
            pub fn $name($a: Operand<'_>, out: &mut [f64]) {
                map_one($a, out, |$a| $value);
            }
        }
    };
    (@one $(#[$doc:meta])* $name:ident($a:ident, $b:ident) = $value:expr) => {
        dispatched! {
            $(#[$doc])*
            pub fn $name($a: Operand<'_>, $b: Operand<'_>, out: &mut [f64]) {
                map_two($a, $b, out, |$a, $b| $value);
            }
        }
    };
    (@one $(#[$doc:meta])* $name:ident($a:ident, $b:ident, $c:ident) = $value:expr) => {
        dispatched! {
            $(#[$doc])*
            pub fn $name($a: Operand<'_>, $b: Operand<'_>, $c: Operand<'_>, out: &mut [f64]) {
                map_three($a, $b, $c, out, |$a, $b, $c| $value);
            }
        }
    };
}

kernels! {
    /// `a + b`
    add(a, b) = a + b;
    /// `a - b`
    subtract(a, b) = a - b;
    /// `a · b`
    multiply(a, b) = a * b;
    /// `a / b`; undefined where `b` is 0.
    divide(a, b) = if b == 0.0 { f64::NAN } else { a / b };
    /// `a` to the power of `b`; undefined for 0 to a negative power and for a negative number to a fraction.
    power(a, b) = raised(a, b);
    /// `-a`
    negate(a) = -a;

    /// Whether `a` does not hold.
    not(a) = 1.0 - a;
    /// Whether both hold. False where one is false, even if the other is undefined (Kleene's strong logic).
    and(a, b) = if a == 0.0 || b == 0.0 { 0.0 } else { a * b };
    /// Whether one of both holds. True where one is true, even if the other is undefined (Kleene's strong logic).
    or(a, b) = if a == 1.0 || b == 1.0 { 1.0 } else { a + b };
    /// Whether `a` equals `b`, exactly.
    equal(a, b) = compared(a, b, a == b);
    /// Whether `a` differs from `b`, however little.
    not_equal(a, b) = compared(a, b, a != b);
    /// Whether `a` is less than `b`.
    less(a, b) = compared(a, b, a < b);
    /// Whether `a` is at most `b`.
    less_or_equal(a, b) = compared(a, b, a <= b);
    /// Whether `a` is greater than `b`.
    greater(a, b) = compared(a, b, a > b);
    /// Whether `a` is at least `b`.
    greater_or_equal(a, b) = compared(a, b, a >= b);

    /// Whether `x` is above `bound` by more than the rounding of both.
    exceeds(x, bound) = compared(x, bound, x - bound > ROUNDING * bound.abs());
    /// How much of `x` lies above `low` and up to `high`; undefined where `low` is above `high`.
    part_between(x, low, high) = between(x, low, high);
    /// How much of `x` lies above `low`.
    part_above(x, low) = above(x, low);
    /// `x` where it lies above `low` and up to `high`, but for rounding, else 0.
    if_between(x, low, high) = all_between(x, low, high);
    /// `x` where it lies above `low` by more than rounding, else 0.
    if_above(x, low) = all_above(x, low);
    /// How many packages of a size hold `units`, the last one perhaps in part; none where there are no units, undefined
    /// where the size is not above 0.
    packages(units, size) = whole_packages(units, size);

    /// The smaller of both; undefined where either is.
    min(a, b) = smaller(a, b);
    /// The larger of both; undefined where either is.
    max(a, b) = larger(a, b);
    /// `x` held between `low` and `high`; undefined where `low` is above `high`.
    clamp(x, low, high) = if low <= high { smaller(larger(x, low), high) } else { f64::NAN };
    /// `yes` where the condition holds, else `no`; the other one may be undefined.
    select(condition, yes, no) = chosen(condition, yes, no);

    /// `x` where it is above 0; else undefined.
    if_positive(x) = if x > 0.0 { x } else { f64::NAN };
    /// `x` where it is 0 or above; else undefined.
    if_not_negative(x) = if x >= 0.0 { x } else { f64::NAN };
    /// `x` where it is above 0 and at most 1; else undefined.
    if_positive_share(x) = if x > 0.0 && x <= 1.0 { x } else { f64::NAN };
    /// `x` where it is from 0 to 1; else undefined.
    if_share(x) = if (0.0..=1.0).contains(&x) { x } else { f64::NAN };
    /// `x` where it is 1 or above; else undefined.
    if_at_least_one(x) = if x >= 1.0 { x } else { f64::NAN };

    /// The distance from 0.
    abs(x) = x.abs();
    /// The square root; undefined below 0.
    sqrt(x) = x.sqrt();
    /// e to the power of `x`.
    exp(x) = elementary::exp(x);
    /// The natural logarithm; undefined at 0 and below.
    ln(x) = if x > 0.0 { x.ln() } else { f64::NAN };
    /// The logarithm to base 10; undefined at 0 and below.
    log10(x) = if x > 0.0 { x.log10() } else { f64::NAN };
    /// The sine of an angle in radians.
    sin(x) = x.sin();
    /// The cosine of an angle in radians.
    cos(x) = x.cos();
    /// The nearest whole number at or below `x`.
    floor(x) = x.floor();
    /// The nearest whole number at or above `x`.
    ceil(x) = x.ceil();
    /// The nearest whole number; halves go away from 0.
    round(x) = x.round();
}

/// How far a value may lie from a bound, relative to it, and still be taken to lie on it: what 15 digits do not show, so
/// that 100 times 1.1, which is 110.00000000000001, does not pass 110.
pub(super) const ROUNDING: f64 = 8.0 * f64::EPSILON;

// A comparison with what is undefined fails, and here it then yields what is undefined.

#[inline(always)]
pub(super) fn between(x: f64, low: f64, high: f64) -> f64 {
    let raised = if low > x { low } else { x };
    let held = if high < raised { high } else { raised };
    if low <= high { held - low } else { f64::NAN }
}

#[inline(always)]
pub(super) fn above(x: f64, low: f64) -> f64 {
    let over = x - low;
    if 0.0 > over { 0.0 } else { over }
}

#[inline(always)]
pub(super) fn all_between(x: f64, low: f64, high: f64) -> f64 {
    let is_inside = (x - low > ROUNDING * low.abs()) & (x - high <= ROUNDING * high.abs());
    if is_inside | x.is_nan() { x } else { nothing(low, high) }
}

#[inline(always)]
pub(super) fn all_above(x: f64, low: f64) -> f64 {
    if (x - low > ROUNDING * low.abs()) | x.is_nan() { x } else { nothing(low, low) }
}

/// 0, or undefined where a bound is.
#[inline(always)]
fn nothing(low: f64, high: f64) -> f64 {
    if low.is_nan() || high.is_nan() { f64::NAN } else { 0.0 }
}

#[inline]
fn whole_packages(units: f64, size: f64) -> f64 {
    let count = larger(units, 0.0) / size;
    let nearest = count.round();
    let whole = if (count - nearest).abs() <= ROUNDING * count { nearest } else { count.ceil() };
    if size > 0.0 { whole } else { f64::NAN }
}

/// IEEE 754 has `1^NaN = NaN^0 = 1` and `0^-1 = ∞`; here what is undefined stays so, and a pole is undefined.
#[inline(always)]
fn raised(base: f64, exponent: f64) -> f64 {
    let undefined = base.is_nan() || exponent.is_nan() || (base == 0.0 && exponent < 0.0);
    if undefined { f64::NAN } else { elementary::power(base, exponent) }
}

/// Computes anew the powers of a whole exponent that are too large or too small to have grown factor by factor, and those of
/// what is undefined.
pub fn redo_powers(bases: &[f64], exponent: f64, powers: &mut [f64]) {
    let mut grown = 0;
    count_grown(bases, powers, &mut grown);
    if grown == powers.len() {
        return;
    }
    for (base, power) in bases.iter().zip(powers) {
        if !has_grown(*base, *power) {
            *power = raised(*base, exponent);
        }
    }
}

dispatched! {
    fn count_grown(bases: &[f64], powers: &[f64], grown: &mut usize) {
        *grown = bases.iter().zip(powers).map(|(base, power)| usize::from(has_grown(*base, *power))).sum();
    }
}

#[inline(always)]
fn has_grown(base: f64, power: f64) -> bool {
    elementary::Double { high: power, low: 0.0 }.is_whole() & !base.is_nan()
}

#[inline(always)]
fn compared(a: f64, b: f64, holds: bool) -> f64 {
    let condition = if holds { 1.0 } else { 0.0 };
    if a.is_nan() || b.is_nan() { f64::NAN } else { condition }
}

/// Unlike [`f64::min`], which ignores NaN. The comparison fails where `b` is NaN, and so yields it.
#[inline(always)]
pub fn smaller(a: f64, b: f64) -> f64 {
    if a < b || a.is_nan() { a } else { b }
}

/// Unlike [`f64::max`], which ignores NaN.
#[inline(always)]
pub fn larger(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

#[inline(always)]
fn chosen(condition: f64, yes: f64, no: f64) -> f64 {
    let taken = if condition == 0.0 { no } else { yes };
    if condition.is_nan() { condition } else { taken }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNDEFINED: f64 = f64::NAN;

    type Two = fn(Operand<'_>, Operand<'_>, &mut [f64]);
    type Three = fn(Operand<'_>, Operand<'_>, Operand<'_>, &mut [f64]);

    fn same(a: f64, b: f64) -> bool {
        a == b || (a.is_nan() && b.is_nan())
    }

    fn one(kernel: fn(Operand<'_>, &mut [f64]), a: f64) -> f64 {
        let (mut uniform, mut lanes) = ([7.0; 3], [7.0; 3]);
        kernel(Operand::Uniform(a), &mut uniform);
        kernel(Operand::Lanes(&[a; 3]), &mut lanes);
        assert!(uniform.iter().chain(&lanes).all(|&x| same(x, lanes[0])), "{a}: {uniform:?} {lanes:?}");
        lanes[0]
    }

    /// Runs a kernel in all shapes, which must agree.
    fn two(kernel: Two, a: f64, b: f64) -> f64 {
        let (columns_a, columns_b) = ([a; 3], [b; 3]);
        let mut results = Vec::new();
        for left in [Operand::Uniform(a), Operand::Lanes(&columns_a)] {
            for right in [Operand::Uniform(b), Operand::Lanes(&columns_b)] {
                let mut out = [7.0; 3];
                kernel(left, right, &mut out);
                results.extend(out);
            }
        }
        assert!(results.iter().all(|&x| same(x, results[0])), "{a}, {b}: {results:?}");
        results[0]
    }

    /// Runs a kernel in all shapes, which must agree.
    fn three(kernel: Three, a: f64, b: f64, c: f64) -> f64 {
        let columns = [[a; 3], [b; 3], [c; 3]];
        let shapes = |value: f64, at: usize| [Operand::Uniform(value), Operand::Lanes(&columns[at])];
        let mut results = Vec::new();
        for a in shapes(a, 0) {
            for b in shapes(b, 1) {
                for c in shapes(c, 2) {
                    let mut out = [7.0; 3];
                    kernel(a, b, c, &mut out);
                    results.extend(out);
                }
            }
        }
        assert!(results.iter().all(|&x| same(x, results[0])), "{a}, {b}, {c}: {results:?}");
        results[0]
    }

    #[test]
    fn operands_stay_in_their_places_in_every_shape() {
        assert_eq!(two(subtract, 10.0, 4.0), 6.0);
        assert_eq!(two(divide, 10.0, 4.0), 2.5);
        assert_eq!(two(power, 2.0, 10.0), 1024.0);
        assert_eq!(three(clamp, 12.0, 0.0, 10.0), 10.0);
        assert_eq!(three(clamp, -2.0, 0.0, 10.0), 0.0);
        assert_eq!(three(clamp, 5.0, 0.0, 10.0), 5.0);
    }

    #[test]
    fn lanes_do_not_mix() {
        let mut out = [0.0; 3];
        select(
            Operand::Lanes(&[1.0, 0.0, UNDEFINED]),
            Operand::Lanes(&[1.0, 2.0, 3.0]),
            Operand::Lanes(&[4.0, 5.0, 6.0]),
            &mut out,
        );
        assert_eq!(out[..2], [1.0, 5.0]);
        assert!(out[2].is_nan());
    }

    #[test]
    fn and_or_and_not_follow_the_tables_of_kleene() {
        const F: f64 = 0.0;
        const T: f64 = 1.0;
        const U: f64 = UNDEFINED;
        // S. C. Kleene, Introduction to Metamathematics (1952), § 64: a, b, a and b, a or b.
        let table = [
            (T, T, T, T),
            (T, F, F, T),
            (T, U, U, T),
            (F, T, F, T),
            (F, F, F, F),
            (F, U, F, U),
            (U, T, U, T),
            (U, F, F, U),
            (U, U, U, U),
        ];
        for (a, b, both, either) in table {
            assert!(same(two(and, a, b), both), "{a} and {b}");
            assert!(same(two(or, a, b), either), "{a} or {b}");
        }
        assert_eq!(one(not, T), F);
        assert_eq!(one(not, F), T);
        assert!(one(not, U).is_nan());
    }

    #[test]
    fn comparisons_hold_or_do_not() {
        // Below, equal and above: -1, 0, 1 against 0.
        let expected: [(Two, [f64; 3]); 6] = [
            (equal, [0.0, 1.0, 0.0]),
            (not_equal, [1.0, 0.0, 1.0]),
            (less, [1.0, 0.0, 0.0]),
            (less_or_equal, [1.0, 1.0, 0.0]),
            (greater, [0.0, 0.0, 1.0]),
            (greater_or_equal, [0.0, 1.0, 1.0]),
        ];
        for (kernel, row) in expected {
            assert_eq!([-1.0, 0.0, 1.0].map(|a| two(kernel, a, 0.0)), row);
        }
    }

    #[test]
    fn what_is_undefined_stays_undefined() {
        let twos: [Two; 13] = [
            add,
            subtract,
            multiply,
            divide,
            power,
            equal,
            not_equal,
            less,
            less_or_equal,
            greater,
            greater_or_equal,
            min,
            max,
        ];
        for kernel in twos {
            for other in [0.0, 1.0, -1.0, UNDEFINED] {
                assert!(two(kernel, UNDEFINED, other).is_nan());
                assert!(two(kernel, other, UNDEFINED).is_nan());
            }
        }
        for kernel in [negate, abs, sqrt, exp, ln, log10, sin, cos, floor, ceil, round] {
            assert!(one(kernel, UNDEFINED).is_nan());
        }
        assert!(three(clamp, UNDEFINED, 0.0, 1.0).is_nan());
        assert!(three(clamp, 0.5, UNDEFINED, 1.0).is_nan());
        assert!(three(clamp, 0.5, 0.0, UNDEFINED).is_nan());
        assert!(three(select, UNDEFINED, 1.0, 1.0).is_nan());
        assert!(three(select, 1.0, UNDEFINED, 1.0).is_nan());
        assert!(three(select, 0.0, 1.0, UNDEFINED).is_nan());
    }

    #[test]
    fn a_branch_that_is_not_taken_may_be_undefined() {
        assert_eq!(three(select, 1.0, 5.0, UNDEFINED), 5.0);
        assert_eq!(three(select, 0.0, UNDEFINED, 6.0), 6.0);
    }

    #[test]
    fn what_mathematics_leaves_undefined_is_undefined() {
        for (a, b) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 0.0), (1.0, -0.0)] {
            assert!(two(divide, a, b).is_nan(), "{a} / {b}");
        }
        for (a, b) in [(0.0, -1.0), (-0.0, -0.5), (-8.0, 1.0 / 3.0)] {
            assert!(two(power, a, b).is_nan(), "{a} ^ {b}");
        }
        assert!(one(sqrt, -1.0).is_nan());
        for x in [0.0, -0.0, -1.0] {
            assert!(one(ln, x).is_nan(), "ln {x}");
            assert!(one(log10, x).is_nan(), "log10 {x}");
        }
        assert!(three(clamp, 5.0, 10.0, 0.0).is_nan());
    }

    #[test]
    fn powers_that_are_defined_are_computed() {
        assert_eq!(two(power, 0.0, 0.0), 1.0);
        assert_eq!(two(power, -2.0, 3.0), -8.0);
        assert_eq!(two(power, 2.0, -1.0), 0.5);
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!([-2.5, -0.5, 0.5, 1.5, 2.5, 2.4].map(|x| one(round, x)), [-3.0, -1.0, 1.0, 2.0, 3.0, 2.0]);
        assert_eq!([-1.5, 1.5].map(|x| one(floor, x)), [-2.0, 1.0]);
        assert_eq!([-1.5, 1.5].map(|x| one(ceil, x)), [-1.0, 2.0]);
    }

    #[test]
    fn the_smaller_and_the_larger_do_not_depend_on_the_order() {
        for (a, b) in [(1.0, 2.0), (2.0, 1.0), (f64::NEG_INFINITY, 3.0)] {
            assert_eq!(two(min, a, b), f64::min(a, b));
            assert_eq!(two(max, a, b), f64::max(a, b));
        }
    }
}
