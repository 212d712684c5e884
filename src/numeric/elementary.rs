//! Exponentials and powers whose loops over columns become loops of vectors, with the same bits in a column as alone.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]
#![expect(clippy::excessive_precision, reason = "the constants stand as they were published")]

use super::dispatch::dispatched;

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
    let shifted = bounded * std::f64::consts::LOG2_E + ROUNDS;
    let k = shifted - ROUNDS;
    let r = bounded - k * LN_2[0];
    let low = k * LN_2[1];
    let reduced = r - low;
    let lost = (r - reduced) - low;
    let mut series = 0.0;
    for coefficient in SERIES {
        series = series * reduced + coefficient;
    }
    let square = reduced * reduced;
    let power = 1.0 + (reduced + (lost + square * (0.5 + reduced * series)));
    // 2^k in two factors, so that what is too small for one is still met.
    let whole = shifted.to_bits().wrapping_sub(ROUNDS.to_bits()).cast_signed();
    let half = whole >> 1;
    let scale = |exponent: i64| f64::from_bits(exponent.wrapping_add(1023).cast_unsigned() << 52);
    power * scale(half) * scale(whole - half)
}

/// 1/13!, …, 1/4!, 1/3!.
const SERIES: [f64; 11] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
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

dispatched! {
    /// One more factor to each of the powers that are held in two columns; and the powers before it.
    pub fn grow(factors: &[f64], high: &mut [f64], low: &mut [f64]) {
        for ((factor, high), low) in factors.iter().zip(high).zip(low) {
            let next = Double { high: *high, low: *low }.times(*factor);
            *high = next.high;
            *low = next.low;
        }
    }
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
            let (mut high, mut low) = ([1.0_f64], [0.0_f64]);
            for period in 0..periods {
                let found = power(base, f64::from(period));
                prop_assert_eq!(found.to_bits(), high[0].to_bits());
                // glibc's powf is right to a little more than half a last digit.
                prop_assert!(apart(found, base.powf(f64::from(period))) <= 1);
                grow(&[base], &mut high, &mut low);
            }
        }
    }
}
