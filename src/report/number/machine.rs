//! Numbers for machines, fast: a sweep writes millions of them.
//!
//! The shortest text that reads back as a number is found by `zmij`. Where it has at most 15 digits it is the answer, as
//! decimals of so many digits and floats go one to one. Where it has more, it is rounded to 15 digits, which gives the
//! same as rounding the number itself: were there a decimal half-way between two of 15 digits, that is one of 16 digits,
//! between the number and its shortest text, then it would have been the shortest text. Only where the shortest text
//! is half-way itself does the number decide, and is asked.

use super::plain_of_any_size;

/// The numbers that are written without an exponent, whose digits all count.
const ORDINARY: std::ops::Range<f64> = 1e-5..1e15;

/// The most digits that are written.
const DIGITS: u32 = 15;

/// Appends what [`plain`](super::plain) gives.
pub fn write_plain(value: f64, bytes: &mut Vec<u8>) {
    if ORDINARY.contains(&value.abs())
        && let Some(decimal) = Decimal::of(value)
    {
        decimal.write(bytes);
    } else {
        bytes.extend_from_slice(plain_of_any_size(value).as_bytes());
    }
}

/// A decimal of at most 15 digits: ± `digits` / 10^`places`.
struct Decimal {
    negative: bool,
    digits: u64,
    places: u32,
}

impl Decimal {
    /// The decimal that is nearest to a number; none where two are equally near to its shortest text.
    fn of(value: f64) -> Option<Self> {
        let mut buffer = zmij::Buffer::new();
        let (mut digits, mut places, mut after_point) = (0_u64, 0, false);
        for byte in buffer.format_finite(value.abs()).bytes() {
            match byte {
                b'0'..=b'9' => {
                    digits = digits * 10 + u64::from(byte - b'0');
                    places += u32::from(after_point);
                }
                b'.' => after_point = true,
                _ => return None,
            }
        }
        let count = digits.checked_ilog10()? + 1;
        if let Some(dropped) = count.checked_sub(DIGITS).filter(|dropped| *dropped > 0) {
            let power = 10_u64.pow(dropped);
            let rest = digits % power;
            if rest * 2 == power || places < dropped {
                return None;
            }
            digits = digits / power + u64::from(rest * 2 > power);
            places -= dropped;
        }
        Some(Self { negative: value < 0.0, digits, places })
    }

    fn write(mut self, bytes: &mut Vec<u8>) {
        while self.places > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.places -= 1;
        }
        // From the last digit to the first, the point and the sign in their places: 20 digits at most, and both.
        let mut text = [0_u8; 24];
        let mut start = text.len();
        let mut push = |byte: u8| {
            start -= 1;
            text[start] = byte;
        };
        let mut written = 0;
        while self.digits > 0 || written <= self.places {
            if written == self.places && written > 0 {
                push(b'.');
            }
            push(b"0123456789"[usize::try_from(self.digits % 10).unwrap_or_default()]);
            self.digits /= 10;
            written += 1;
        }
        if self.negative {
            push(b'-');
        }
        bytes.extend_from_slice(&text[start..]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::plain_of_any_size;
    use super::*;
    use proptest::prelude::*;

    fn written(value: f64) -> String {
        let mut bytes = Vec::new();
        write_plain(value, &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn numbers_at_the_edges_are_written_as_by_the_slow_way() {
        let mut values = vec![0.0, 0.1 + 0.2, 19.99 * 1000.0, 0.1, 100.0, 9.5, 1e-5, 1e14, 999_999_999_999_999.9];
        values.extend([999_999_999_999_999.6, 99_999_999_999_999.95, 0.999_999_999_999_999_9, 5e-324, f64::MAX]);
        values.extend([1.000_000_000_000_000_2e-5, 0.000_012_345_678_901_234_567, 123_456_789_012_345.67]);
        values.extend(
            [1e15, 1e-5, 1e16, 1.0, 10.0].iter().flat_map(|edge: &f64| [edge.next_down(), *edge, edge.next_up()]),
        );
        values.extend([f64::NAN, f64::INFINITY, f64::MIN_POSITIVE]);
        for value in values {
            assert_eq!(written(value), plain_of_any_size(value));
            assert_eq!(written(-value), plain_of_any_size(-value));
        }
    }

    #[test]
    fn where_the_shortest_text_is_half_way_the_number_itself_decides() {
        // Of the floats next to these decimals of 16 digits that end in 5, some lie above them and some below.
        let mut both = [0, 0];
        for digits in (1_000_000_000_000_005_u64..1_000_000_000_001_005).step_by(10) {
            for power in 1..=20 {
                let value: f64 = format!("{digits}e-{power}").parse().unwrap();
                assert_eq!(written(value), plain_of_any_size(value));
                let up = written(value).parse::<f64>().unwrap() > value;
                both[usize::from(up)] += 1;
            }
        }
        assert!(both[0] > 100 && both[1] > 100, "{both:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_096))]

        #[test]
        fn any_number_is_written_as_by_the_slow_way(
            value in any::<f64>(), ordinary in -1e15..1e15, size in -6..17_i32, cents in -1_000_000_000..1_000_000_000,
        ) {
            for value in [value, ordinary, ordinary * 10_f64.powi(-size), f64::from(cents) / 100.0, f64::from(cents)] {
                prop_assert_eq!(written(value), plain_of_any_size(value));
            }
        }
    }
}
