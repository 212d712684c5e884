//! How numbers are written, for machines and for people. Nothing else in the crate rounds.
//!
//! Every number is first cut to 15 significant decimal digits, as spreadsheets do, which removes the dust of
//! binary fractions: 19.99 × 1000 is 19990 and 0.1 + 0.2 is 0.3. People then get fewer digits, rounded
//! **half away from zero on those 15 decimal digits**: 0.125 reads 0.13, and 1.005 reads 1.01 although the
//! binary number nearest to it is smaller.

mod machine;

use crate::report::Cell;

pub use machine::write_plain;

/// What stands in the place of a number that does not exist.
pub const MISSING: &str = "—";

/// How many decimal digits of a number are kept; any decimal of so many digits survives a 64-bit float.
const DIGITS: i32 = 15;

/// From this power of ten on, a number is written with its exponent.
const HUGE: i32 = 15;

/// Below this power of ten, a number is written with its exponent: more zeros cannot be counted at a glance.
const TINY: i32 = -7;

/// Significant digits of amounts that are too small for two decimals.
const SMALL_DIGITS: i32 = 3;

/// Significant digits of numbers of no particular kind.
const GENERAL_DIGITS: i32 = 6;

/// The number rounded to 15 significant digits; `-0` becomes `0`, what is not finite stays.
///
/// The largest floats would round up beyond the range; they stay too.
pub fn significant(value: f64) -> f64 {
    match format!("{value:.14e}").parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => rounded + 0.0,
        _ => value,
    }
}

/// An amount beside an axis: three significant digits, as much as a drawing shows.
pub fn axis(value: f64) -> String {
    money(format!("{value:.2e}").parse().unwrap_or(value))
}

/// The number for machines, valid in JSON and CSV: 15 significant digits, the shortest text that reads back
/// as [`significant`], with an exponent only above 1e15 and below 1e-5. Empty for what is not finite.
pub fn plain(value: f64) -> String {
    let mut bytes = Vec::new();
    write_plain(value, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// As [`plain`], for numbers of any size.
fn plain_of_any_size(value: f64) -> String {
    let value = significant(value);
    let size = value.abs();
    if !value.is_finite() {
        String::new()
    } else if size == 0.0 || (1e-5..=1e15).contains(&size) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// An amount of money for people: thousands separated; no decimals when whole, else two; three significant
/// digits below 0.01, so that the price of a token can be read.
pub fn money(value: f64) -> String {
    alone(Kind::Money, value)
}

/// A number of things for people: as [`money`], but with no more decimals than it has.
pub fn count(value: f64) -> String {
    alone(Kind::Count, value)
}

/// A fraction as a percentage for people: two decimals, three significant digits below 0.01 %.
pub fn share(value: f64) -> String {
    alone(Kind::Share, value)
}

/// Any other number for people: six significant digits, but never fewer than stand before the point.
pub fn number(value: f64) -> String {
    alone(Kind::Number, value)
}

/// A column's numbers for people, nothing for cells that hold none.
///
/// Cells of one kind get equally many decimals, so that their points stand below each other.
pub fn column(cells: &[&Cell]) -> Vec<Option<String>> {
    let numbers: Vec<_> = cells.iter().map(|cell| kind(cell)).collect();
    let shared = |wanted: Kind| {
        let alike = numbers.iter().flatten().filter(|(kind, _)| *kind == wanted);
        alike.map(|&(kind, value)| decimals(kind, value)).max().unwrap_or(0)
    };
    let (money, count, share) = (shared(Kind::Money), shared(Kind::Count), shared(Kind::Share));
    let show = |(kind, value)| match kind {
        Kind::Money => write(kind, value, money),
        Kind::Count => write(kind, value, count),
        Kind::Share => write(kind, value, share),
        Kind::Number => write(kind, value, 0),
    };
    numbers.into_iter().map(|number| number.map(show)).collect()
}

/// The kinds of numbers that are written differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Money,
    Count,
    Share,
    Number,
}

/// The number in a cell and its kind.
fn kind(cell: &Cell) -> Option<(Kind, f64)> {
    match cell {
        Cell::Money(value) => Some((Kind::Money, *value)),
        Cell::Count(value) => Some((Kind::Count, *value)),
        Cell::Share(value) => Some((Kind::Share, *value)),
        Cell::Number(value) => Some((Kind::Number, *value)),
        Cell::Empty | Cell::Text(_) | Cell::Branch { .. } | Cell::Missing(_) => None,
    }
}

/// A number that stands in no column.
fn alone(kind: Kind, value: f64) -> String {
    write(kind, value, decimals(kind, value))
}

/// The decimals that a number of that kind asks for; none where it is too small or too large for them.
fn decimals(kind: Kind, value: f64) -> i32 {
    match (kind, Decimal::new(value)) {
        (Kind::Share, _) => 2,
        (Kind::Money, Some(value)) if value.is_ordinary() && !value.is_whole() => 2,
        (Kind::Count, Some(value)) if value.is_ordinary() => match value.scaled(2) % 100 {
            0 => 0,
            hundredths if hundredths % 10 == 0 => 1,
            _ => 2,
        },
        _ => 0,
    }
}

/// The number in the manner of its kind, with that many decimals where it is neither too small nor too large.
fn write(kind: Kind, value: f64, decimals: i32) -> String {
    let Some(decimal) = Decimal::new(value) else { return MISSING.to_owned() };
    match kind {
        Kind::Money | Kind::Count => decimal.amount(decimals),
        Kind::Share => format!("{}%", decimal.hundredfold().amount(decimals)),
        Kind::Number => decimal.general(),
    }
}

/// A number as decimal digits: ± `digits` × 10^(`exponent` − 14), where `digits` has 15 digits or is 0.
#[derive(Clone, Copy)]
struct Decimal {
    negative: bool,
    digits: u128,
    exponent: i32,
}

impl Decimal {
    /// The 15 significant digits of a finite number.
    fn new(value: f64) -> Option<Self> {
        let text = format!("{:.14e}", value.abs());
        let (mantissa, exponent) = text.split_once('e')?;
        let digits = mantissa.replace('.', "").parse().ok()?;
        Some(Self { negative: value < 0.0, digits, exponent: exponent.parse().ok()? })
    }

    /// The number times 100.
    fn hundredfold(self) -> Self {
        Self { exponent: self.exponent + 2, ..self }
    }

    /// Whether two decimals show it well: it is 0, or 0.01 or more and not huge.
    fn is_ordinary(self) -> bool {
        self.digits == 0 || (-2..HUGE).contains(&self.exponent)
    }

    /// Whether nothing stands after the decimal point.
    fn is_whole(self) -> bool {
        self.digits.is_multiple_of(power(DIGITS - 1 - self.exponent))
    }

    /// The absolute value times 10^`decimals`, rounded to an integer half up.
    fn scaled(self, decimals: i32) -> u128 {
        let dropped = DIGITS - 1 - self.exponent - decimals;
        if dropped <= 0 { self.digits * power(-dropped) } else { (self.digits + power(dropped) / 2) / power(dropped) }
    }

    /// An amount: so many decimals, except where it is too small or too large for them.
    fn amount(self, decimals: i32) -> String {
        if self.is_ordinary() { self.fixed(decimals) } else { self.with_digits(SMALL_DIGITS) }
    }

    /// Any number.
    fn general(self) -> String {
        self.with_digits(GENERAL_DIGITS)
    }

    /// So many significant digits or all before the point, without zeros at the end of the decimals.
    fn with_digits(self, digits: i32) -> String {
        if self.digits == 0 {
            self.fixed(0)
        } else if self.exponent < TINY {
            self.scientific(digits)
        } else if self.exponent >= HUGE {
            self.scientific(GENERAL_DIGITS)
        } else {
            trimmed(&self.fixed((digits - 1 - self.exponent).max(0))).to_owned()
        }
    }

    /// So many decimals, thousands separated.
    fn fixed(self, decimals: i32) -> String {
        let scaled = self.scaled(decimals);
        let sign = if self.negative && scaled > 0 { "-" } else { "" };
        let unit = power(decimals);
        let whole = grouped(&(scaled / unit).to_string());
        match usize::try_from(decimals) {
            Ok(places @ 1..) => format!("{sign}{whole}.{:0>places$}", scaled % unit),
            _ => format!("{sign}{whole}"),
        }
    }

    /// So many significant digits and the power of ten: `1.5e21`.
    fn scientific(self, digits: i32) -> String {
        let unit = Self { exponent: 0, ..self };
        // Rounding up can carry into a further digit: 9.999 becomes 10.
        let (unit, exponent) = if unit.scaled(digits - 1) == power(digits) {
            (Self { digits: power(DIGITS - 1), ..unit }, self.exponent + 1)
        } else {
            (unit, self.exponent)
        };
        format!("{}e{exponent}", trimmed(&unit.fixed(digits - 1)))
    }
}

/// The power of ten, held within what the digits of a [`Decimal`] can tell apart.
fn power(exponent: i32) -> u128 {
    10_u128.pow(exponent.clamp(0, 2 * DIGITS).unsigned_abs())
}

/// The text without zeros at the end of its decimals.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// The digits with a comma before each group of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_dust_of_binary_fractions_is_gone() {
        assert_eq!(significant(19.99 * 1000.0), 19990.0);
        assert_eq!(significant(0.1 + 0.2), 0.3);
        assert_eq!(significant(-34.0 / 35.0), -0.971_428_571_428_571);
        assert!(significant(-0.0).is_sign_positive());
        assert_eq!(significant(f64::MAX), f64::MAX);
        assert!(significant(f64::NAN).is_nan());
    }

    #[test]
    fn machines_get_the_shortest_text() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (100_000.0, "100000"),
            (-3_400_000.0, "-3400000"),
            (1e15, "1000000000000000"),
            (1.5e15, "1.5e15"),
            (1e21, "1e21"),
            (4e-6, "4e-6"),
            (0.000_01, "0.00001"),
            (0.1 + 0.2, "0.3"),
            (19.99 * 1000.0, "19990"),
            (-34.0 / 35.0, "-0.971428571428571"),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
        ];
        for (value, text) in cases {
            assert_eq!(plain(value), text, "{value:e}");
        }
    }

    #[test]
    fn halves_round_away_from_zero_on_the_decimal_digits() {
        // The decimals as written, rounded by ROUND_HALF_UP of Python's decimal module.
        for (value, text) in
            [(0.125, "0.13"), (2.675, "2.68"), (1.005, "1.01"), (-1.005, "-1.01"), (0.135, "0.14"), (1.004_999, "1.00")]
        {
            assert_eq!(money(value), text);
        }
    }

    #[test]
    fn money_is_read_at_any_size() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (100.0, "100"),
            (1_000.0, "1,000"),
            (-3_400_000.0, "-3,400,000"),
            (1_234.5, "1,234.50"),
            (999.999, "1,000.00"),
            (0.01, "0.01"),
            (0.009_999, "0.01"),
            (0.000_004, "0.000004"),
            (-0.001_234_56, "-0.00123"),
            (0.000_000_15, "0.00000015"),
            (0.000_000_015, "1.5e-8"),
            (9.999e-9, "1e-8"),
            (999_999_999_999_999.0, "999,999,999,999,999"),
            (1e15, "1e15"),
            (-1.234_567_89e18, "-1.23457e18"),
            (9.999_999_9e20, "1e21"),
            (f64::NAN, "—"),
        ];
        for (value, text) in cases {
            assert_eq!(money(value), text, "{value:e}");
        }
    }

    #[test]
    fn counts_have_no_more_decimals_than_they_need() {
        for (value, text) in
            [(35_000.0, "35,000"), (12.5, "12.5"), (12.345, "12.35"), (0.001_25, "0.00125"), (-2.0, "-2"), (3.001, "3")]
        {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn shares_read_as_percentages() {
        let cases = [
            (-34.0 / 35.0, "-97.14%"),
            (0.05, "5.00%"),
            (0.0, "0.00%"),
            (12.345_6, "1,234.56%"),
            (0.000_012_3, "0.00123%"),
            (0.290_05, "29.01%"),
            (1e14, "1e16%"),
        ];
        for (value, text) in cases {
            assert_eq!(share(value), text, "{value:e}");
        }
    }

    #[test]
    fn other_numbers_keep_six_digits_and_all_before_the_point() {
        let cases = [
            (std::f64::consts::PI, "3.14159"),
            (1_234_567.89, "1,234,568"),
            (0.5, "0.5"),
            (0.000_123_456_78, "0.000123457"),
            (1.2e-10, "1.2e-10"),
            (-1e300, "-1e300"),
            (f64::MAX, "1.79769e308"),
            (5e-324, "4.94066e-324"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value:e}");
        }
    }

    #[test]
    fn a_column_has_equally_many_decimals() {
        let cells = [Cell::Money(100.0), Cell::Money(2.5), Cell::Count(3.0), Cell::text("x"), Cell::Money(0.000_004)];
        let shown = column(&cells.iter().collect::<Vec<_>>());
        let expected = [Some("100.00"), Some("2.50"), Some("3"), None, Some("0.000004")];
        assert_eq!(shown, expected.map(|text| text.map(str::to_owned)));

        let whole = [Cell::Money(100.0), Cell::Money(0.000_004), Cell::Count(1.25), Cell::Count(3.0)];
        let shown = column(&whole.iter().collect::<Vec<_>>());
        assert_eq!(shown, ["100", "0.000004", "1.25", "3.00"].map(|text| Some(text.to_owned())));
    }

    proptest! {
        #[test]
        fn plain_reads_back_as_significant(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            prop_assert_eq!(plain(value).parse::<f64>(), Ok(significant(value)));
            prop_assert_eq!(significant(significant(value)), significant(value));
            prop_assert!((significant(value) - value).abs() <= 1e-14 * value.abs() || value.abs() < 1e-300);
        }

        #[test]
        fn people_get_a_text_for_every_float(value in any::<f64>()) {
            for form in [money, count, share, number] {
                prop_assert!(!form(value).is_empty());
            }
        }

        #[test]
        fn money_is_within_half_a_cent(cents in -1_000_000_000_000_i64..1_000_000_000_000, dust in -0.49..0.49) {
            #[expect(clippy::cast_precision_loss, reason = "the cents are far below 2^53")]
            let value = (cents as f64 + dust) / 100.0;
            let read: f64 = money(value).replace(',', "").parse().unwrap();
            prop_assert!((read - value).abs() <= 0.005 + 1e-9 * value.abs());
        }
    }
}
