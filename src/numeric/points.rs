//! The values that a sweep goes through, as a person writes them.
//!
//! | written | points |
//! |---|---|
//! | `0..1` | eleven, both ends included |
//! | `0..1:0.25` | from the first end by that step; the other end too, if a step falls on it |
//! | `0..1:x5`, `0..1x5` | that many, both ends included |
//! | `5, 10, 20` | these |
//!
//! Points are computed in decimal integers, each from its own index, so that no error gathers: `0..1:0.1` goes through
//! the very numbers 0.1, 0.2, 0.3.

use std::fmt;

/// The most points there may be.
pub const MOST: usize = 2_000_000_000;

/// How many points a range has if nothing is said of them.
pub const USUAL: usize = 11;

/// The values that a sweep goes through, one or more; those of a range take no space.
#[derive(Clone, Debug, PartialEq)]
pub struct Points(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    List(Vec<f64>),
    Grid(Grid),
}

/// Evenly spaced points: (`first` + index × `rise`) / `divisor` × 10^`exponent`.
#[derive(Clone, Debug, PartialEq)]
struct Grid {
    count: usize,
    first: i128,
    rise: i128,
    divisor: i128,
    exponent: i32,
    /// The first point as it was given, to its last digit.
    low: f64,
    /// The last point as it was given, if the grid ends on it.
    high: Option<f64>,
}

/// Why a text gives no points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is nothing where a number is needed.
    Empty,
    /// A part is not a number.
    NotANumber(String),
    /// A part is a number without end or an undefined one.
    NotFinite(String),
    /// The step is 0.
    StepZero,
    /// The step leads away from the other end.
    StepAway {
        /// The step.
        step: String,
        /// The end where the range begins.
        low: String,
        /// The end where it should lead.
        high: String,
    },
    /// The count is not a whole number.
    NotACount(String),
    /// There are fewer points than the ends need.
    TooFew {
        /// How many were asked for.
        count: usize,
        /// How many are needed.
        least: usize,
    },
    /// There are more points than [`MOST`].
    TooMany(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a number is missing; write `LOW..HIGH:STEP`, `LOW..HIGH:xCOUNT` or `A, B, C`"),
            Self::NotANumber(found) => {
                write!(f, "`{found}` is not a number; a number is written like `100`, `20k`, `3%` or `-5`")
            }
            Self::NotFinite(found) => write!(f, "`{found}` is not finite; every point is a finite number"),
            Self::StepZero => f.write_str("the step is 0; a step leads from the first end to the other"),
            Self::StepAway { step, low, high } => {
                write!(
                    f,
                    "the step `{step}` leads away from `{high}`; a step from `{low}` to `{high}` has the other sign"
                )
            }
            Self::NotACount(found) => write!(f, "`x{found}` is not a count; a count is a whole number, like `x11`"),
            Self::TooFew { count, least } => write!(f, "`x{count}` is too few; the ends need at least `x{least}`"),
            Self::TooMany(found) => write!(f, "`{found}` makes more than 2 billion points, the most there may be"),
        }
    }
}

impl std::error::Error for Failure {}

impl Points {
    /// Reads points; `number` reads one number, as a formula would.
    ///
    /// # Errors
    ///
    /// Where a number is missing, unreadable or not finite, where the step is 0 or leads the wrong way, and where
    /// the count is not a whole number or is too small or too large.
    pub fn parse(text: &str, number: impl Fn(&str) -> Option<f64>) -> Result<Self, Failure> {
        let number = |text: &str| read(text, &number);
        let Some((low, rest)) = text.split_once("..") else {
            let points = text.split(',').map(|part| Ok(number(part)?.value)).collect::<Result<_, _>>()?;
            return Ok(Self(Kind::List(points)));
        };
        let (high, spacing) = match rest.split_once(':') {
            Some((high, spacing)) => (high, Some(spacing.trim())),
            None => rest.find('x').map_or((rest, None), |at| (&rest[..at], Some(&rest[at..]))),
        };
        let (low, high) = (number(low)?, number(high)?);
        let grid = match spacing {
            None if low.value == high.value => Grid::counted(&low, &high, 1),
            None => Grid::counted(&low, &high, USUAL),
            Some(spacing) => match spacing.strip_prefix('x') {
                Some(count) => Grid::counted(&low, &high, read_count(count, low.value == high.value)?),
                None => Grid::stepped(&low, &high, &number(spacing)?)?,
            },
        };
        Ok(Self(Kind::Grid(grid)))
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::List(points) => points.len(),
            Kind::Grid(grid) => grid.count,
        }
    }

    /// Whether there is none, which never happens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The point of that number, from 0.
    pub fn get(&self, index: usize) -> Option<f64> {
        match &self.0 {
            Kind::List(points) => points.get(index).copied(),
            Kind::Grid(grid) => grid.get(index),
        }
    }

    /// The points in their order.
    pub fn iter(&self) -> impl Iterator<Item = f64> {
        (0..self.len()).map_while(|index| self.get(index))
    }
}

impl Grid {
    /// The points of a range from `low` to `high`, both included; with a count of 1, `low` alone.
    fn counted(low: &Given, high: &Given, count: usize) -> Self {
        let exponent = common_exponent(&[low, high]);
        let (first, last) = (low.decimal.scaled(exponent), high.decimal.scaled(exponent));
        let divisor = count.saturating_sub(1).max(1) as i128;
        let high = Some(high.value);
        Self { count, first: first * divisor, rise: last - first, divisor, exponent, low: low.value, high }
    }

    /// The points from `low` towards `high`, `step` apart.
    fn stepped(low: &Given, high: &Given, step: &Given) -> Result<Self, Failure> {
        let texts = || (step.text.clone(), low.text.clone(), high.text.clone());
        let exponent = common_exponent(&[low, high, step]);
        let [first, last, rise] = [low, high, step].map(|given| given.decimal.scaled(exponent));
        if step.value == 0.0 {
            return Err(Failure::StepZero);
        }
        if low.value != high.value && (low.value < high.value) != (step.value > 0.0) {
            let (step, low, high) = texts();
            return Err(Failure::StepAway { step, low, high });
        }
        // A step that is lost beside its ends is far too small to be counted.
        let steps = (last - first).checked_div(rise).and_then(|steps| usize::try_from(steps).ok());
        let Some(count) = steps.and_then(|steps| steps.checked_add(1)).filter(|&count| count <= MOST) else {
            let (step, low, high) = texts();
            return Err(Failure::TooMany(format!("{low}..{high}:{step}")));
        };
        let high = ((last - first) % rise == 0).then_some(high.value);
        Ok(Self { count, first, rise, divisor: 1, exponent, low: low.value, high })
    }

    /// The point of that number, from 0.
    fn get(&self, index: usize) -> Option<f64> {
        if index >= self.count {
            return None;
        }
        if index == 0 {
            return Some(self.low);
        }
        if let (Some(high), true) = (self.high, index + 1 == self.count) {
            return Some(high);
        }
        let scaled = self.first + index as i128 * self.rise;
        if scaled % self.divisor == 0 {
            return nearest(scaled / self.divisor, self.exponent);
        }
        #[expect(clippy::cast_precision_loss, reason = "the quotient is rounded to 15 digits")]
        let quotient = Decimal::of(scaled as f64 / self.divisor as f64)?;
        nearest(quotient.digits, quotient.exponent + self.exponent)
    }
}

/// A number as it was given.
struct Given {
    text: String,
    value: f64,
    decimal: Decimal,
}

/// A decimal: `digits` × 10^`exponent`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    /// How many significant digits are kept: every decimal of so many digits has a double of its own.
    const SIGNIFICANT: i32 = 15;

    /// How many digits of the largest number of a grid are kept: with [`MOST`] points, sums stay below 2¹²⁷.
    const ROOM: i32 = 28;

    /// The decimal of at most 15 digits that is nearest to a number; none where the number is not finite.
    fn of(value: f64) -> Option<Self> {
        let text = format!("{value:.14e}");
        let (digits, exponent) = text.split_once('e')?;
        let mut digits: i128 = digits.replace('.', "").parse().ok()?;
        let mut exponent = exponent.parse::<i32>().ok()? - (Self::SIGNIFICANT - 1);
        while digits != 0 && digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        Some(Self { digits, exponent })
    }

    /// The number in units of 10^`exponent`; what is smaller is dropped.
    fn scaled(self, exponent: i32) -> i128 {
        let shift = self.exponent.abs_diff(exponent);
        match 10_i128.checked_pow(shift) {
            Some(power) if self.exponent >= exponent => self.digits * power,
            Some(power) => self.digits / power,
            None => 0,
        }
    }

    /// The exponent of the digit before the first one.
    fn top(self) -> i32 {
        self.exponent + self.digits.unsigned_abs().checked_ilog10().map_or(0, |last| last.cast_signed() + 1)
    }
}

/// The exponent in whose units these numbers are whole, or as near to it as leaves room to count in.
fn common_exponent(given: &[&Given]) -> i32 {
    let decimals = || given.iter().map(|given| given.decimal).filter(|decimal| decimal.digits != 0);
    let finest = decimals().map(|decimal| decimal.exponent).min().unwrap_or(0);
    let top = decimals().map(Decimal::top).max().unwrap_or(0);
    finest.max(top - Decimal::ROOM)
}

/// The double nearest to a decimal.
fn nearest(digits: i128, exponent: i32) -> Option<f64> {
    format!("{digits}e{exponent}").parse().ok()
}

/// Reads one number of a text.
fn read(text: &str, number: impl Fn(&str) -> Option<f64>) -> Result<Given, Failure> {
    let text = text.trim().to_owned();
    if text.is_empty() {
        return Err(Failure::Empty);
    }
    let Some(value) = number(&text) else { return Err(Failure::NotANumber(text)) };
    match Decimal::of(value) {
        // A negative zero would be written with its sign.
        Some(decimal) => Ok(Given { text, value: value + 0.0, decimal }),
        None => Err(Failure::NotFinite(text)),
    }
}

/// Reads a count; one point is enough only where both ends are the same.
fn read_count(text: &str, same: bool) -> Result<usize, Failure> {
    let digits = text.trim().replace('_', "");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::NotACount(text.trim().to_owned()));
    }
    let least = if same { 1 } else { 2 };
    match digits.parse() {
        Ok(count) if count < least => Err(Failure::TooFew { count, least }),
        Ok(count) if count <= MOST => Ok(count),
        _ => Err(Failure::TooMany(format!("x{}", text.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A stand-in for the numbers of formulas.
    fn number(text: &str) -> Option<f64> {
        let text = text.replace('_', "");
        let (digits, power) = match text.chars().last()? {
            'k' => (&text[..text.len() - 1], 3),
            'M' => (&text[..text.len() - 1], 6),
            '%' => (&text[..text.len() - 1], -2),
            _ => (&text[..], 0),
        };
        if digits.contains('e') { digits.parse().ok() } else { format!("{digits}e{power}").parse().ok() }
    }

    fn points(text: &str) -> Vec<f64> {
        Points::parse(text, number).unwrap().iter().collect()
    }

    fn failure(text: &str) -> String {
        Points::parse(text, number).unwrap_err().to_string()
    }

    #[test]
    fn decimal_steps_give_the_numbers_that_one_would_write() {
        assert_eq!(points("0..1:0.1"), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        assert_eq!(points("-0.3..0.3:0.1"), [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]);
        assert_eq!(points("1%..7%:2%"), [0.01, 0.03, 0.05, 0.07]);
        assert_eq!(points("20k..1M:490k"), [20e3, 510e3, 1e6]);
        assert_eq!(points("1e-7..4e-7:1e-7"), [1e-7, 2e-7, 3e-7, 4e-7]);
    }

    #[test]
    fn the_other_end_is_a_point_only_where_a_step_falls_on_it() {
        assert_eq!(points("0..1:0.3"), [0.0, 0.3, 0.6, 0.9]);
        assert_eq!(points("0..0.9:0.3"), [0.0, 0.3, 0.6, 0.9]);
        assert_eq!(points("0..1:5"), [0.0]);
        assert_eq!(points("3..3:-1"), [3.0]);
    }

    #[test]
    fn a_falling_range_takes_a_negative_step() {
        assert_eq!(points("1_000..-500:-500"), [1000.0, 500.0, 0.0, -500.0]);
        assert_eq!(points("1..0:x5"), [1.0, 0.75, 0.5, 0.25, 0.0]);
    }

    #[test]
    fn a_count_includes_both_ends() {
        assert_eq!(points("0..1"), points("0..1:0.1"));
        assert_eq!(points("10..20:x3"), [10.0, 15.0, 20.0]);
        assert_eq!(points("10..20x3"), [10.0, 15.0, 20.0]);
        assert_eq!(points(" 10 .. 20 : x 1_1 ").len(), 11);
        assert_eq!(points("0..1:x4"), [0.0, 0.333_333_333_333_333, 0.666_666_666_666_667, 1.0]);
        assert_eq!(points("5..5:x3"), [5.0; 3]);
        assert_eq!(points("5..5"), [5.0]);
    }

    #[test]
    fn a_list_is_taken_as_it_is() {
        assert_eq!(points("5, 20k,3%,-1"), [5.0, 20e3, 0.03, -1.0]);
        assert_eq!(points("7"), [7.0]);
        assert_eq!(points("0.12345678901234567"), [0.123_456_789_012_345_67]);
    }

    #[test]
    fn ends_keep_their_last_digit() {
        assert_eq!(
            points("0.12345678901234567..0.9876543210987654:x2"),
            [0.123_456_789_012_345_67, 0.987_654_321_098_765_4]
        );
        assert!(points("-0..1:1")[0].is_sign_positive());
    }

    #[test]
    fn numbers_of_any_size_make_points() {
        assert_eq!(points("1e-300..1:0.5"), [1e-300, 0.5, 1.0]);
        assert_eq!(points("-1e308..1e308:x3"), [-1e308, 0.0, 1e308]);
        assert_eq!(points("-1.7e308..1.7e308:1.7e308"), [-1.7e308, 0.0, 1.7e308]);
        assert_eq!(points("5e-324..2e-323:x2"), [5e-324, 2e-323]);
        let near = Points::parse("123456789012345..123456789012346:0.000000001", number).unwrap();
        assert_eq!((near.len(), near.get(500_000_000)), (1_000_000_001, Some(123_456_789_012_345.5)));
    }

    #[test]
    fn a_range_of_a_billion_points_takes_no_space() {
        let points = Points::parse("0..1M:0.001", number).unwrap();
        assert_eq!(points.len(), 1_000_000_001);
        assert_eq!(points.get(123_456_789), Some(123_456.789));
        assert_eq!(points.get(1_000_000_000), Some(1e6));
        assert_eq!(points.get(1_000_000_001), None);
        assert_eq!(points.get(usize::MAX), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_allowed() {
        let missing = "a number is missing; write `LOW..HIGH:STEP`, `LOW..HIGH:xCOUNT` or `A, B, C`";
        for text in ["", " ", "1,,2", "1,2,", "..", "1..", "..1", "1..2:", "..2:x3"] {
            assert_eq!(failure(text), missing, "{text:?}");
        }
        assert_eq!(failure("1..two"), "`two` is not a number; a number is written like `100`, `20k`, `3%` or `-5`");
        assert_eq!(failure("1..2,5"), "`2,5` is not a number; a number is written like `100`, `20k`, `3%` or `-5`");
        assert_eq!(failure("0..1e999"), "`1e999` is not finite; every point is a finite number");
        assert_eq!(failure("1,-1e999"), "`-1e999` is not finite; every point is a finite number");
        assert_eq!(failure("0..1:0"), "the step is 0; a step leads from the first end to the other");
        assert_eq!(
            failure("0..10:-1"),
            "the step `-1` leads away from `10`; a step from `0` to `10` has the other sign"
        );
        assert_eq!(failure("10..0:1"), "the step `1` leads away from `0`; a step from `10` to `0` has the other sign");
        for (text, found) in [("0..1:x", ""), ("0..1:x1.5", "1.5"), ("0..1x-3", "-3"), ("0..1:x３", "３")] {
            assert_eq!(failure(text), format!("`x{found}` is not a count; a count is a whole number, like `x11`"));
        }
        assert_eq!(failure("0..1:x0"), "`x0` is too few; the ends need at least `x2`");
        assert_eq!(failure("0..1:x1"), "`x1` is too few; the ends need at least `x2`");
        assert_eq!(failure("1..1:x0"), "`x0` is too few; the ends need at least `x1`");
        let many = "makes more than 2 billion points, the most there may be";
        for (text, found) in [
            ("0..1:1e-12", "0..1:1e-12"),
            ("0..1e300:1e-300", "0..1e300:1e-300"),
            ("0..2000000000:1", "0..2000000000:1"),
            ("0..1:x2000000001", "x2000000001"),
            ("0..1:x99999999999999999999999999", "x99999999999999999999999999"),
        ] {
            assert_eq!(failure(text), format!("`{found}` {many}"));
        }
        assert_eq!(MOST, 2_000_000_000);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[-0-9.,:x_kM%e ]{0,24}", index: usize) {
            if let Ok(points) = Points::parse(&text, number) {
                prop_assert!(!points.is_empty() && points.len() <= MOST);
                prop_assert_eq!(points.get(index).is_some(), index < points.len());
                prop_assert!(points.get(points.len() - 1).is_some_and(f64::is_finite));
            }
        }

        #[test]
        fn any_decimal_grid_goes_through_its_literals(
            low in -100_000_i64..100_000, step in 1_i64..5_000, count in 2_i64..50, places in 0..9_i32,
        ) {
            let literal = |whole: i64| format!("{whole}e-{places}");
            let high = literal(low + step * (count - 1));
            let written: Vec<f64> = (0..count).map(|index| literal(low + step * index).parse().unwrap()).collect();
            prop_assert_eq!(points(&format!("{}..{high}:{}", literal(low), literal(step))), written.clone());
            prop_assert_eq!(points(&format!("{}..{high}:x{count}", literal(low))), written);
        }

        #[test]
        fn any_two_numbers_make_a_rising_grid(a: f64, b: f64, count in 2_usize..30) {
            prop_assume!(a.is_finite() && b.is_finite());
            let points = points(&format!("{a:e}..{b:e}:x{count}"));
            prop_assert_eq!((points[0], points[count - 1], points.len()), (a, b, count));
            let rising = if a <= b { points } else { points.into_iter().rev().collect() };
            prop_assert!(rising.is_sorted(), "{rising:?}");
        }
    }
}
