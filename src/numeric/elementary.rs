//! Exponentials and powers whose loops over columns become loops of vectors, with the same bits in a column as alone.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]
#![expect(clippy::excessive_precision, reason = "the constants stand as they were published")]

/// The number whose addition to another rounds it to a whole one, in the lowest bits of the sum: 1.5 · 2^52.
const ROUNDS: f64 = 6_755_399_441_055_744.0;

/// ln 2 in two parts, of which the first has so few digits that its whole multiples are exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238_164_9e-1, 1.908_214_929_270_587_700_02e-10];

/// e to the power of `x`, to within about one last digit.
///
/// x = k·ln 2 + r with |r| ≤ ln 2 / 2, and e^r by its series (W. J. Cody and W. Waite, Software manual for the elementary
/// functions, 1980); the first terms are added last, so that their rounding alone is seen.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    // Beyond these, the result is 0 or infinite in any case.
    let bounded = if x > 710.0 { 710.0 } else { x };
    let bounded = if bounded < -746.0 { -746.0 } else { bounded };
    let (power, whole) = parts(bounded);
    // 2^k in two factors, so that what is too small for one is still met; k + 2,048 is above 0.
    let half = whole >> 1;
    let scale = |exponent: u64| f64::from_bits(exponent.wrapping_sub(1) << 52);
    power * scale(half) * scale(whole - half)
}

/// As [`exp`], to the same bits, for numbers from −700 to 700.
#[inline(always)]
pub fn exp_within(x: f64) -> f64 {
    let (power, whole) = parts(x);
    power * f64::from_bits(whole.wrapping_sub(1_025) << 52)
}

/// e to the power of `x` without its power of two, k; and k + 2,048.
#[inline(always)]
fn parts(x: f64) -> (f64, u64) {
    let shifted = x * std::f64::consts::LOG2_E + ROUNDS;
    let k = shifted - ROUNDS;
    let r = x - k * LN_2[0];
    let low = k * LN_2[1];
    let reduced = r - low;
    let lost = (r - reduced) - low;
    let square = reduced * reduced;
    // The even powers and the odd ones apart, so that no sum waits for the other.
    let [mut even, mut odd] = SERIES[0];
    for [next_even, next_odd] in &SERIES[1..] {
        (even, odd) = (even * square + next_even, odd * square + next_odd);
    }
    let series = even + reduced * odd;
    let power = 1.0 + (reduced + (lost + square * (0.5 + reduced * series)));
    (power, shifted.to_bits().wrapping_sub(ROUNDS.to_bits() - 2_048))
}

/// 1/13! and 1/14!, …, 1/3! and 1/4!.
const SERIES: [[f64; 2]; 6] = [
    [1.0 / 6_227_020_800.0, 1.0 / 87_178_291_200.0],
    [1.0 / 39_916_800.0, 1.0 / 479_001_600.0],
    [1.0 / 362_880.0, 1.0 / 3_628_800.0],
    [1.0 / 5_040.0, 1.0 / 40_320.0],
    [1.0 / 120.0, 1.0 / 720.0],
    [1.0 / 6.0, 1.0 / 24.0],
];

/// The natural logarithm of a positive number, to within one last digit; of NaN and of no positive number, anything.
///
/// x = 2^k·(1 + f) with 1 + f from √½ to √2, and with s = f/(2 + f) the logarithm of 1 + f is f − s·(f − R(s²)), where R is
/// the polynomial of the least error (K. C. Ng, `e_log.c` of fdlibm, 1993).
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    /// The bits of √½, of which the lower half is 0, and those of 1.
    const ROOT: u64 = 0x3FE6_A09E_0000_0000;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    const MANTISSA: u64 = (1 << 52) - 1;
    /// The bits of 2^52, in whose lowest place a whole number is added, and what is then too much.
    const WHOLE: u64 = 0x4330_0000_0000_0000;
    const BIAS: f64 = 4_503_599_627_370_496.0 + 1_023.0;
    // What has fewer digits than others is raised by 2^54.
    let is_small = x < f64::MIN_POSITIVE;
    let raised = if is_small { x * 18_014_398_509_481_984.0 } else { x };
    let bits = raised.to_bits().wrapping_add(ONE - ROOT);
    let k = f64::from_bits((bits >> 52) | WHOLE) - BIAS - if is_small { 54.0 } else { 0.0 };
    let f = f64::from_bits((bits & MANTISSA) + ROOT) - 1.0;
    let s = f / (2.0 + f);
    let square = s * s;
    let mut series = LOGARITHM[0];
    for coefficient in &LOGARITHM[1..] {
        series = series * square + coefficient;
    }
    let half_square = 0.5 * f * f;
    k * LN_2[0] - ((half_square - (s * (half_square + series * square) + k * LN_2[1])) - f)
}

/// Lg7, …, Lg1 of fdlibm.
const LOGARITHM: [f64; 7] = [
    1.479_819_860_511_658_591e-1,
    1.531_383_769_920_937_332e-1,
    1.818_357_216_161_805_012e-1,
    2.222_219_843_214_978_396e-1,
    2.857_142_874_366_239_149e-1,
    3.999_999_999_940_941_908e-1,
    6.666_666_666_666_735_130e-1,
];

/// A number as the sum of two, the second at most half a last digit of the first: about 31 decimal digits (T. J. Dekker, A
/// floating-point technique for extending the available precision, 1971).
#[derive(Clone, Copy, Debug)]
pub struct Double {
    /// The number, rounded.
    pub high: f64,
    /// What the rounding has lost.
    pub low: f64,
}

impl Double {
    /// The product with a number.
    #[inline(always)]
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let high = self.high * factor;
        let low = self.low.mul_add(factor, self.high.mul_add(factor, -high));
        Self::normal(high, low)
    }

    /// The square, or the product with another.
    fn by(self, other: Self) -> Self {
        let high = self.high * other.high;
        let error = self.high.mul_add(other.high, -high);
        Self::normal(high, error + (self.high * other.low + self.low * other.high))
    }

    #[inline(always)]
    fn normal(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self { high: sum, low: low - (sum - high) }
    }

    /// Whether the number is neither so large nor so small that its lower part is cut off.
    #[inline(always)]
    pub fn is_whole(self) -> bool {
        self.high.abs() > 1e-270 && self.high.abs() < 1e270
    }
}

/// Up to which whole exponent a power is a product.
const LONGEST: f64 = 4_096.0;

/// A number to the power of another, as [`f64::powf`]. A whole power from 0 up is the product with twice the digits, rounded
/// once, so that however the factors are joined the same number comes out.
pub fn power(base: f64, exponent: f64) -> f64 {
    if !(0.0..=LONGEST).contains(&exponent) || exponent.fract() != 0.0 {
        return base.powf(exponent);
    }
    let (mut result, mut square) = (Double { high: 1.0, low: 0.0 }, Double { high: base, low: 0.0 });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number within bounds")]
    let mut left = exponent as u32;
    while left > 0 {
        if left & 1 == 1 {
            result = result.by(square);
        }
        left >>= 1;
        if left > 0 {
            square = square.by(square);
        }
    }
    if result.is_whole() { result.high } else { base.powf(exponent) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How many last digits apart two numbers are.
    fn apart(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn exponentials_are_right_to_the_last_digit_or_the_one_beside_it() {
        let mut worst = 0;
        for at in -700_000..=700_000 {
            let x = f64::from(at) * 1e-3 + 1e-7;
            worst = worst.max(apart(exp(x), x.exp()));
            assert_eq!(exp_within(x).to_bits(), exp(x).to_bits());
        }
        assert!(worst <= 1, "{worst}");
        for (x, expected) in
            [(0.0, 1.0), (f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, 0.0), (1e300, f64::INFINITY)]
        {
            assert_eq!(exp(x), expected);
        }
        assert!(exp(f64::NAN).is_nan());
        // The smallest numbers there are: 5e-324 is e^−744.44….
        assert_eq!(exp(-744.5), (-744.5_f64).exp());
        assert_eq!(exp(-750.0), 0.0);
    }

    #[test]
    fn logarithms_are_right_to_the_last_digit_or_the_one_beside_it() {
        let mut worst = 0;
        for at in 1..=1_000_000 {
            let x = f64::from(at) * 1.3e-6;
            worst = worst.max(apart(ln(x), x.ln()));
            // Every power of two, down to the numbers with fewer digits.
            let tiny = x * 2.0_f64.powi(-1_020 + at % 1_900);
            worst = worst.max(apart(ln(tiny), tiny.ln()));
        }
        assert!(worst <= 1, "{worst}");
        assert_eq!((ln(1.0), ln(5e-324)), (0.0, 5e-324_f64.ln()));
    }

    #[test]
    fn a_whole_power_is_rounded_once() {
        // 1.02^35 = 1.9998895527… by exact decimal arithmetic: 1.02^35 has 70 decimals.
        assert_eq!(power(1.5, 4.0), 5.0625);
        assert_eq!((power(0.0, 0.0), power(0.0, 3.0), power(-2.0, 3.0)), (1.0, 0.0, -8.0));
        assert_eq!((power(10.0, 400.0), power(0.1, 400.0)), (f64::INFINITY, 0.0));
        assert!(power(f64::NAN, 3.0).is_nan());
    }

    proptest! {
        #[test]
        fn powers_grow_by_one_factor_at_a_time_to_the_same_bits(base in 0.2..3.0_f64, periods in 1_u32..300) {
            let mut grown = Double { high: 1.0, low: 0.0 };
            for period in 0..periods {
                let found = power(base, f64::from(period));
                prop_assert_eq!(found.to_bits(), grown.high.to_bits());
                // glibc's powf is right to a little more than half a last digit.
                prop_assert!(apart(found, base.powf(f64::from(period))) <= 1);
                grown = grown.times(base);
            }
        }
    }
}
