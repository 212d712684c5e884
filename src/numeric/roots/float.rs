//! Floating-point numbers as places in a row: their order, their neighbors, their shortest decimals.

const SIGN: u64 = 1 << 63;

/// The place of a number among all floating-point numbers: neighbors differ by 1.
pub(super) fn ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The number at a place: the inverse of [`ordered`].
pub(super) fn from_ordered(place: u64) -> f64 {
    f64::from_bits(if place & SIGN == 0 { !place } else { place & !SIGN })
}

/// How many steps from neighbor to neighbor lead from one number up to another.
pub(super) fn steps_between(low: f64, high: f64) -> u64 {
    ordered(high).saturating_sub(ordered(low))
}

/// Up to `count` numbers strictly between two others, evenly spread over the floating-point numbers there.
pub(super) fn spread_between(low: f64, high: f64, count: u64) -> Vec<f64> {
    let steps = steps_between(low, high);
    let parts = (count + 1).min(steps);
    let place = |part: u64| {
        // The whole part and the rest apart, so that the product cannot overflow.
        ordered(low) + steps / parts * part + steps % parts * part / parts
    };
    (1..parts).map(|part| from_ordered(place(part))).collect()
}

/// The number rounded to so many significant decimal digits.
pub(crate) fn significant(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value)
}

/// Of several numbers the one with the fewest decimal digits, the first of equals.
pub(super) fn shortest(values: &[f64]) -> Option<f64> {
    let digits = |value: f64| {
        let text = format!("{value:e}");
        text.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit).count()
    };
    values.iter().copied().min_by_key(|&value| digits(value))
}

#[cfg(test)]
mod tests {
    use super::{from_ordered, ordered, shortest, significant, spread_between, steps_between};

    #[test]
    fn places_follow_the_order_of_the_numbers() {
        let ascending = [f64::MIN, -1.0, -f64::MIN_POSITIVE, -0.0, 0.0, 5e-324, 1.0, f64::MAX];
        for pair in ascending.windows(2) {
            assert!(ordered(pair[0]) < ordered(pair[1]), "{pair:?}");
            assert_eq!(from_ordered(ordered(pair[0])).to_bits(), pair[0].to_bits());
        }
        assert_eq!(steps_between(1.0, 1.0 + f64::EPSILON), 1);
    }

    #[test]
    fn numbers_between_stay_inside_and_ascend() {
        for (low, high) in [(f64::MIN, f64::MAX), (0.0, 1e-300), (1.0, 1.0 + 3.0 * f64::EPSILON)] {
            let inside = spread_between(low, high, 15);
            assert!(inside.windows(2).all(|pair| pair[0] < pair[1]), "{inside:?}");
            assert!(inside.iter().all(|&value| low < value && value < high), "{inside:?}");
        }
        assert!(spread_between(1.0, 1.0 + f64::EPSILON, 15).is_empty());
        assert!(spread_between(1.0, 1.0, 15).is_empty());
    }

    #[test]
    fn significant_digits_and_the_shortest_decimal() {
        assert_eq!(significant(35_000.000_000_000_01, 15), 35_000.0);
        assert_eq!(significant(-0.123_456, 2), -0.12);
        assert_eq!(shortest(&[2.999_999_999_999_999_6, 3.0]), Some(3.0));
        assert_eq!(shortest(&[]), None);
    }
}
