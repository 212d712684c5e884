//! The standard normal distribution: density, cumulative probability and quantile.

#![expect(clippy::inline_always, reason = "so that a loop over a column becomes one of vectors")]
#![expect(clippy::excessive_precision, reason = "the coefficients stand as they were published")]

use std::f64::consts::{PI, SQRT_2};

use super::dispatch::dispatched;
use super::elementary::ln;

/// The density at `x`: e^(−x²/2) / √(2π).
pub fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// The probability of at most `x`: erfc(−x/√2) / 2.
pub fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / SQRT_2)
}

/// How far from one half the rational function of the middle reaches.
const MIDDLE: f64 = 0.425;

/// The number below which a normal number lies with a probability: algorithm AS 241 of M. J. Wichura (The percentage points
/// of the normal distribution, 1988), whose relative error is about 10⁻¹⁶. The probabilities 0 and 1 give the infinities.
pub fn quantile(probability: f64) -> f64 {
    if is_in_middle(probability) {
        middle(probability - 0.5)
    } else if smaller(probability) < FAR {
        far_tail(probability)
    } else {
        near_tail(probability)
    }
}

dispatched! {
    /// Each probability of a column replaced by its quantile: the same bits as [`quantile`] gives.
    pub fn quantiles(column: &mut [f64]) {
        let mut tails = Tails { places: [0; GROUP], values: [0.5; GROUP] };
        for group in column.chunks_mut(GROUP) {
            many(group, &mut tails);
        }
    }
}

/// How many quantiles are computed at a time: enough that those in the tails fill vectors.
const GROUP: usize = 256;

/// How many numbers of the tails are computed beside each other, a power of two.
const ROW: usize = 8;

/// Those of a group that lie in the tails, side by side, and their places.
struct Tails {
    places: [u8; GROUP],
    values: [f64; GROUP],
}

/// The middle for all, and the tails for those that lie there: loops without branches.
#[inline(always)]
fn many(column: &mut [f64], tails: &mut Tails) {
    let count = set_aside(column, tails);
    for value in column.iter_mut() {
        *value = middle(*value - 0.5);
    }
    // The last row is filled up with numbers of which nothing is asked.
    let filled = count.next_multiple_of(ROW);
    tails.values[count..filled].fill(0.5);
    let mut far = 0_u64;
    for tail in &tails.values[..filled] {
        far += u64::from(smaller(*tail) < FAR);
    }
    let (rows, _) = tails.values[..filled].as_chunks_mut::<ROW>();
    if far > 0 {
        rows.as_flattened_mut().iter_mut().for_each(|tail| *tail = quantile(*tail));
    } else {
        for row in rows {
            for tail in row {
                *tail = near_tail(*tail);
            }
        }
    }
    for (place, tail) in tails.places[..count].iter().zip(&tails.values) {
        column[usize::from(*place)] = *tail;
    }
}

/// Writes down the numbers of a group that lie in the tails, and tells how many there are.
#[inline(always)]
fn set_aside(column: &[f64], Tails { places, values }: &mut Tails) -> usize {
    let mut count = 0;
    for (part, first) in column.chunks(64).zip((0..=u8::MAX).step_by(64)) {
        let mut mask = 0_u64;
        for (place, probability) in part.iter().enumerate() {
            mask |= u64::from(!is_in_middle(*probability)) << place;
        }
        while mask != 0 {
            #[expect(clippy::cast_possible_truncation, reason = "a place in 64 bits")]
            let place = mask.trailing_zeros() as u8;
            // The remainder says that there are no more than places.
            (places[count % GROUP], values[count % GROUP]) = (first + place, part[usize::from(place)]);
            count += 1;
            mask &= mask - 1;
        }
    }
    count
}

#[inline(always)]
fn is_in_middle(probability: f64) -> bool {
    (probability - 0.5).abs() <= MIDDLE
}

/// The probability on the nearer side.
#[inline(always)]
fn smaller(probability: f64) -> f64 {
    if probability < 0.5 { probability } else { 1.0 - probability }
}

#[inline(always)]
fn middle(offset: f64) -> f64 {
    let r = MIDDLE * MIDDLE - offset * offset;
    offset * polynomial(&A, r) / polynomial(&B, r)
}

/// The probability beyond which another rational function holds: e⁻²⁵.
const FAR: f64 = 1.388_794_386_496_402e-11;

#[inline(always)]
fn near_tail(probability: f64) -> f64 {
    // The logarithm of NaN is a number above 0, whose negative has no root.
    let r = (-ln(smaller(probability))).sqrt() - 1.6;
    signed(polynomial(&C, r) / polynomial(&D, r), probability)
}

fn far_tail(probability: f64) -> f64 {
    let smaller = smaller(probability);
    if smaller <= 0.0 {
        return signed(f64::INFINITY, probability);
    }
    let r = (-smaller.ln()).sqrt() - 5.0;
    signed(polynomial(&E, r) / polynomial(&F, r), probability)
}

#[inline(always)]
fn signed(size: f64, probability: f64) -> f64 {
    if probability < 0.5 { -size } else { size }
}

/// The even powers and the odd ones apart, so that no sum waits for the other.
#[inline(always)]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    let square = x * x;
    let even = (coefficients[6] * square + coefficients[4]) * square + coefficients[2];
    let odd = (coefficients[7] * square + coefficients[5]) * square + coefficients[3];
    (even * square + coefficients[0]) + x * (odd * square + coefficients[1])
}

const A: [f64; 8] = [
    3.387_132_872_796_366_608,
    133.141_667_891_784_377_45,
    1_971.590_950_306_551_442_7,
    13_731.693_765_509_461_125,
    45_921.953_931_549_871_457,
    67_265.770_927_008_700_853,
    33_430.575_583_588_128_105,
    2_509.080_928_730_122_672_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_911_252,
    687.187_007_492_057_908_3,
    5_394.196_021_424_751_107_7,
    21_213.794_301_586_595_867,
    39_307.895_800_092_710_61,
    28_729.085_735_721_942_674,
    5_226.495_278_852_854_561,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_9,
    5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    0.241_780_725_177_450_611_77,
    0.022_723_844_989_269_184_583_3,
    7.745_450_142_783_414_076_4e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_4,
    0.689_767_334_985_100_004_55,
    0.148_103_976_427_480_074_59,
    0.015_198_666_563_616_457_196_6,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103_777_2,
    5.463_784_911_164_114_369_9,
    1.784_826_539_917_291_335_8,
    0.296_560_571_828_504_891_23,
    0.026_532_189_526_576_123_093,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_937_69,
    0.136_929_880_922_735_805_31,
    0.014_875_361_290_850_614_852_5,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(found: f64, expected: f64, tolerance: f64) -> bool {
        (found - expected).abs() <= tolerance * expected.abs()
    }

    #[test]
    #[expect(clippy::unreadable_literal, reason = "as scipy prints them")]
    fn quantiles_are_those_of_scipy() {
        // scipy.special.ndtri.
        let expected = [
            (1e-300, -37.0470962993612),
            (1e-20, -9.262340089798409),
            (1e-12, -7.034483825301131),
            (1e-06, -4.753424308822899),
            (0.001, -3.090232306167813),
            (0.025, -1.9599639845400545),
            (0.05, -1.6448536269514729),
            (0.074, -1.4466320671589785),
            (0.076, -1.4325027208258116),
            (0.25, -0.6744897501960817),
            (0.4, -0.2533471031357997),
            (0.6, 0.2533471031357997),
            (0.924, 1.432502720825812),
            (0.926, 1.446632067158979),
            (0.95, 1.6448536269514722),
            (0.975, 1.959963984540054),
            (0.999999, 4.753424308817087),
        ];
        for (probability, expected) in expected {
            assert!(is_near(quantile(probability), expected, 5e-16), "{probability}: {}", quantile(probability));
            // The last bit of x moves the probability by about x² times as much.
            let tolerance = 5e-16 * (1.0 + expected * expected);
            assert!(is_near(cdf(expected), probability, tolerance), "{probability}: {}", cdf(expected));
        }
        assert_eq!((quantile(0.5), quantile(0.0), quantile(1.0)), (0.0, f64::NEG_INFINITY, f64::INFINITY));
        assert!(quantile(f64::NAN).is_nan());
    }

    #[test]
    fn a_column_has_the_same_bits_as_each_of_its_numbers() {
        for length in [0, 1, 63, 64, 65, 200, 256] {
            let probabilities: Vec<f64> = (0..length).map(|at| (f64::from(at) + 0.5) / f64::from(length)).collect();
            let mut column = probabilities.clone();
            quantiles(&mut column);
            for (probability, found) in probabilities.iter().zip(&column) {
                assert_eq!(found.to_bits(), quantile(*probability).to_bits());
            }
        }
        let mut column = [f64::NAN, 0.0, 1.0];
        quantiles(&mut column);
        assert!(column[0].is_nan());
        assert_eq!(column[1..], [f64::NEG_INFINITY, f64::INFINITY]);
    }

    #[test]
    fn the_density_is_the_slope_of_the_cumulative_probability() {
        for x in [-3.0, -1.0, 0.0, 0.5, 2.0] {
            let slope = (cdf(x + 1e-5) - cdf(x - 1e-5)) / 2e-5;
            assert!((slope - density(x)).abs() < 1e-9);
        }
        assert!(is_near(density(0.0), 0.398_942_280_401_432_7, 1e-15));
    }
}
