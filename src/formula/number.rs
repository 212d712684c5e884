//! Numbers as formulas write them: `1_000`, `2.5e6`, `20k`, `3%`.

use unicode_ident::is_xid_continue;

use super::error::FormulaError;
use super::path::begins_identifier;

const SUFFIXES: &str = "the suffixes are `k` (thousand), `M` (million), `B` (billion) and `%` (hundredth)";

/// Other abbreviations of powers of ten, what they mean, and how that is written here.
const ABBREVIATIONS: &[(&[&str], &str, &str)] = &[
    (&["K", "th", "千", "thousand"], "thousand", "k"),
    (&["万", "萬"], "ten thousand", "e4"),
    (&["m", "mn", "mm", "MM", "mio", "Mio", "mln", "million", "百万"], "million", "M"),
    (&["亿", "億"], "hundred million", "e8"),
    (&["b", "bn", "Bn", "BN", "bln", "G", "billion"], "billion", "B"),
    (&["t", "T", "tn", "Tn", "trn", "trillion"], "trillion", "e12"),
];

/// Reads the number that begins with the digit at byte `start`, and tells where it ends.
pub(super) fn read(text: &str, start: usize) -> Result<(f64, usize), FormulaError> {
    let whole = digits(text, start)?;
    refuse_leading_zeros(text, start, whole)?;
    let mantissa_end = match text[whole..].strip_prefix('.') {
        Some(_) => fraction(text, start, whole)?,
        None => whole,
    };
    let (exponent, exponent_end) = exponent(text, mantissa_end)?;
    let (power, end) = suffix(text, start, exponent_end)?;

    // The suffix moves the decimal exponent, so that the number is rounded only once: 19.99k is exactly 19990.
    let mantissa = text[start..mantissa_end].replace('_', "");
    let value = format!("{mantissa}e{}", exponent + power).parse().unwrap_or(f64::INFINITY);
    if !f64::is_finite(value) {
        return Err(FormulaError::at(start..end, "the number is too large").help("numbers go up to about 1.8e308"));
    }
    if value == 0.0 && mantissa.contains(|c: char| ('1'..='9').contains(&c)) {
        return Err(FormulaError::at(start..end, "the number is too small to be told from 0")
            .help("numbers other than 0 begin at about 5e-324"));
    }
    Ok((value, end))
}

/// The end of the digits that begin at byte `start`, which may be grouped by `_`.
fn digits(text: &str, start: usize) -> Result<usize, FormulaError> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = start;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'_') if at > start && is_digit(at - 1) && is_digit(at + 1) => at += 1,
            Some(b'_') => {
                return Err(FormulaError::at(at..at + 1, "an `_` in a number stands between two digits")
                    .help("write `1_000` or `1000`"));
            }
            _ => return Ok(at),
        }
    }
}

/// `007` is a slip, and so is the `000` of `max(1,000, 5)`.
fn refuse_leading_zeros(text: &str, start: usize, end: usize) -> Result<(), FormulaError> {
    let digits = &text[start..end];
    if digits.len() == 1 || !digits.starts_with('0') {
        return Ok(());
    }
    Err(FormulaError::at(start..end, "a number does not begin with `0` and another digit")
        .help("digits are grouped with `_`: write `1_000`, not `1,000` or `1 000`"))
}

/// The end of the number's fraction, whose point stands at byte `point`.
fn fraction(text: &str, start: usize, point: usize) -> Result<usize, FormulaError> {
    let end = digits(text, point + 1)?;
    if end == point + 1 {
        let whole = &text[start..point];
        return Err(FormulaError::at(start..end, "a digit is missing behind the point")
            .help(format!("write `{whole}` or `{whole}.0`")));
    }
    if text[end..].starts_with('.') {
        return Err(FormulaError::at(end..end + 1, "a number has one decimal point")
            .help("digits are grouped with `_`: write `1_000_000.5`"));
    }
    Ok(end)
}

/// The exponent that stands at byte `start`, 0 if none does, and its end.
fn exponent(text: &str, start: usize) -> Result<(i64, usize), FormulaError> {
    /// Beyond any number of up to 10,000 digits.
    const LARGEST: i64 = 1_000_000;
    let Some(rest) = text[start..].strip_prefix(['e', 'E']) else { return Ok((0, start)) };
    let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok((0, start));
    }
    let first = text.len() - unsigned.len();
    let end = digits(text, first)?;
    let size = text[first..end].replace('_', "").parse().map_or(LARGEST, |size: i64| size.min(LARGEST));
    Ok((if rest.starts_with('-') { -size } else { size }, end))
}

/// The power of ten of the suffix that stands at byte `at`, 0 if none does, and its end.
fn suffix(text: &str, start: usize, at: usize) -> Result<(i64, usize), FormulaError> {
    let length = text[at..].find(|c: char| !is_xid_continue(c)).unwrap_or(text.len() - at);
    let end = at + length;
    match &text[at..end] {
        "" if text[at..].starts_with('%') => Ok((-2, at + 1)),
        "" => Ok((0, at)),
        "k" => Ok((3, end)),
        "M" => Ok((6, end)),
        "B" => Ok((9, end)),
        suffix => Err(unknown_suffix(&text[start..at], suffix, at)),
    }
}

fn unknown_suffix(number: &str, suffix: &str, at: usize) -> FormulaError {
    let error = FormulaError::at(at..at + suffix.len(), format!("`{suffix}` is not a suffix of numbers"));
    let known = ABBREVIATIONS.iter().find(|(spellings, ..)| spellings.contains(&suffix));
    let error = match known {
        Some((_, meaning, cure)) => error.help(format!("for {number} {meaning}, write `{number}{cure}`")),
        None if suffix.starts_with(begins_identifier) && !matches!(suffix, "e" | "E") => {
            error.help(format!("to multiply, write `{number} * {suffix}`"))
        }
        None => error,
    };
    error.help(SUFFIXES)
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::testing::{refusal, value};

    use super::SUFFIXES;

    #[test]
    fn numbers_are_rounded_once() {
        // Rust's own literals are the nearest doubles to their decimals.
        for (text, expected) in [
            ("0", 0.0),
            ("1_000", 1000.0),
            ("1_234_567.890_1", 1_234_567.890_1),
            ("2.5e6", 2_500_000.0),
            ("1e-6", 0.000_001),
            ("1E+3", 1000.0),
            ("1e1_0", 1e10),
            ("20k", 20_000.0),
            ("1.5M", 1_500_000.0),
            ("2B", 2e9),
            ("3%", 0.03),
            ("19.99k", 19_990.0),
            ("1.005k", 1005.0),
            ("0.07%", 0.000_7),
            ("33.3%", 0.333),
            ("1e3%", 10.0),
            ("2e3k", 2e6),
            ("9007199254740993", 9_007_199_254_740_992.0),
            ("1.7976931348623157e308", f64::MAX),
            ("5e-324", 5e-324),
            ("0e99999999999999999999", 0.0),
            ("1e-308k", 1e-305),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn a_number_may_be_as_long_as_a_formula() {
        assert_eq!(value(&("1".to_owned() + &"0".repeat(300))), 1e300);
        assert_eq!(value(&format!("0.{}1e9000", "0".repeat(8_999))), 1.0);
    }

    #[test]
    fn a_suffix_of_another_notation_is_met_with_the_one_of_this() {
        for (text, suffix, cure) in [
            ("20K", "K", "for 20 thousand, write `20k`"),
            ("3m", "m", "for 3 million, write `3M`"),
            ("5bn", "bn", "for 5 billion, write `5B`"),
            ("1.5T", "T", "for 1.5 trillion, write `1.5e12`"),
            ("3万", "万", "for 3 ten thousand, write `3e4`"),
            ("10x", "x", "to multiply, write `10 * x`"),
        ] {
            let start = text.len() - suffix.len();
            let message = format!("`{suffix}` is not a suffix of numbers");
            assert_eq!(refusal(text), [&message, &format!("{start}..{}", text.len()), cure, SUFFIXES], "{text}");
        }
        assert_eq!(refusal("2e"), ["`e` is not a suffix of numbers", "1..2", SUFFIXES]);
    }

    #[test]
    fn a_slip_in_a_number_is_refused() {
        let (between, cure) = ("an `_` in a number stands between two digits", "write `1_000` or `1000`");
        let zeros = "a number does not begin with `0` and another digit";
        let groups = "digits are grouped with `_`: write `1_000`, not `1,000` or `1 000`";
        let points = "digits are grouped with `_`: write `1_000_000.5`";
        let small = "the number is too small to be told from 0";
        for (text, said) in [
            ("1_", [between, "1..2", cure]),
            ("1__0", [between, "1..2", cure]),
            ("1_k", [between, "1..2", cure]),
            ("1_.5", [between, "1..2", cure]),
            ("1._5", [between, "2..3", cure]),
            ("1e5_", [between, "3..4", cure]),
            ("5.", ["a digit is missing behind the point", "0..2", "write `5` or `5.0`"]),
            (".5", ["a digit is missing before the point", "0..2", "write `0.5`"]),
            ("1.2.3", ["a number has one decimal point", "3..4", points]),
            ("007", [zeros, "0..3", groups]),
            ("1e400", ["the number is too large", "0..5", "numbers go up to about 1.8e308"]),
            ("1e300B", ["the number is too large", "0..6", "numbers go up to about 1.8e308"]),
            ("1e-400", [small, "0..6", "numbers other than 0 begin at about 5e-324"]),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }
}
