//! Signs that other notations use and formulas do not, each with what is written instead.

use super::error::FormulaError;
use super::path::character;

/// A sign, what it is called, and what to do.
struct Sign {
    text: &'static str,
    name: &'static str,
    help: &'static str,
}

const fn sign(text: &'static str, name: &'static str, help: &'static str) -> Sign {
    Sign { text, name, help }
}

const QUOTE: &str =
    "a name in quotes has `\"` on both sides: `costs.\"data sets\"`; in TOML, put such a formula in `'…'`";
const CURRENCY: &str = "amounts stand without their currency, which the scenario names once: `currency = \"USD\"`";
const PARENTHESES: &str = "parts of a formula are grouped by `(` and `)`";

/// Longer signs stand before those that they begin with.
const SIGNS: &[Sign] = &[
    sign("&&", "", "write `and`"),
    sign("&", "", "write `and`"),
    sign("||", "", "write `or`"),
    sign("|", "", "write `or`; the distance from zero is `abs(x)`"),
    sign("**", "", "write `^` for a power"),
    sign("===", "", "write `==`"),
    sign("=>", "", "write `>=` for at least"),
    sign("=<", "", "write `<=` for at most"),
    sign("=", "", "did you mean `==`?"),
    sign("<>", "", "write `!=`"),
    sign("!", "", "write `not`"),
    sign("%", "", "a percentage has its `%` directly behind the digits: `5%`; the remainder is `a - b * floor(a / b)`"),
    sign("?", "", "write `if(condition, yes, no)`"),
    sign(":", "", "write `if(condition, yes, no)`"),
    sign(";", "", "arguments are separated by `,`: `max(a, b)`"),
    sign("[", "", PARENTHESES),
    sign("]", "", PARENTHESES),
    sign("{", "", PARENTHESES),
    sign("}", "", PARENTHESES),
    sign("'", "", QUOTE),
    sign("“", "curly quote", QUOTE),
    sign("”", "curly quote", QUOTE),
    sign("‘", "curly quote", QUOTE),
    sign("’", "curly quote", QUOTE),
    sign("$", "", CURRENCY),
    sign("€", "", CURRENCY),
    sign("£", "", CURRENCY),
    sign("¥", "", CURRENCY),
    sign("￥", "", CURRENCY),
    sign("×", "multiplication sign", "write `*`"),
    sign("∗", "asterisk operator", "write `*`"),
    sign("⋅", "dot operator", "write `*`"),
    sign("÷", "division sign", "write `/`"),
    sign("∕", "division slash", "write `/`"),
    sign("−", "minus sign, U+2212", "write `-`, the hyphen of the keyboard"),
    sign("–", "en dash", "write `-`, the hyphen of the keyboard"),
    sign("—", "em dash", "write `-`, the hyphen of the keyboard"),
    sign("≤", "", "write `<=`"),
    sign("≥", "", "write `>=`"),
    sign("≠", "", "write `!=`"),
    sign("√", "", "write `sqrt(x)`"),
    sign("²", "", "write `^ 2`"),
    sign("³", "", "write `^ 3`"),
    sign("‰", "", "write `/ 1000`"),
    sign("。", "ideographic full stop", "write `.`"),
    sign("、", "ideographic comma", "write `,`"),
    sign("\u{feff}", "byte order mark", "delete this invisible character"),
    sign("\u{200b}", "zero-width space", "delete this invisible character"),
];

/// The error for the character at byte `at`, which begins nothing that formulas know.
pub(super) fn error(text: &str, at: usize) -> FormulaError {
    let rest = &text[at..];
    let meaningless =
        |length: usize| FormulaError::at(at..at + length, format!("`{}` has no meaning in a formula", &rest[..length]));
    if rest.starts_with('=') && text[..at].trim().is_empty() {
        return meaningless(1).help("a formula has no `=` before it: `\"users * 2\"`");
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(sign.text)) {
        return meaningless(sign.text.len()).label(sign.name).help(sign.help);
    }
    let error = meaningless(character(text, at).len());
    let Some(c) = rest.chars().next() else { return error };
    if let Some(narrow) = narrow(c) {
        return error.label("a full-width character").help(format!("write `{narrow}`"));
    }
    if c.is_ascii_graphic() { error } else { error.label(format!("U+{:04X}", u32::from(c))) }
        .help("a formula holds numbers, names, `+ - * / ^`, `== != < <= > >=`, `and or not`, parentheses and calls")
}

/// The character of ASCII that a full-width one is a wide form of
/// (Unicode, Halfwidth and Fullwidth Forms: U+FF01 to U+FF5E are U+0021 to U+007E).
fn narrow(c: char) -> Option<char> {
    let code = u32::from(c);
    (0xFF01..=0xFF5E).contains(&code).then(|| char::from_u32(code - 0xFEE0)).flatten()
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::testing::refusal;

    use super::*;

    #[test]
    fn a_sign_of_another_notation_is_met_with_the_one_of_this() {
        let percent =
            "a percentage has its `%` directly behind the digits: `5%`; the remainder is `a - b * floor(a / b)`";
        let hyphen = "write `-`, the hyphen of the keyboard";
        for (text, sign, place, cure) in [
            ("a = b", "=", "2..3", "did you mean `==`?"),
            ("= b", "=", "0..1", "a formula has no `=` before it: `\"users * 2\"`"),
            ("a === b", "===", "2..5", "write `==`"),
            ("a => b", "=>", "2..4", "write `>=` for at least"),
            ("a =< b", "=<", "2..4", "write `<=` for at most"),
            ("a <> b", "<>", "2..4", "write `!=`"),
            ("a && b", "&&", "2..4", "write `and`"),
            ("a || b", "||", "2..4", "write `or`"),
            ("!a", "!", "0..1", "write `not`"),
            ("a ** b", "**", "2..4", "write `^` for a power"),
            ("5 % 3", "%", "2..3", percent),
            ("x%", "%", "1..2", percent),
            ("a × b", "×", "2..4 multiplication sign", "write `*`"),
            ("a ÷ b", "÷", "2..4 division sign", "write `/`"),
            ("a − b", "−", "2..5 minus sign, U+2212", hyphen),
            ("（1）", "（", "0..3 a full-width character", "write `(`"),
            ("(1）", "）", "2..5 a full-width character", "write `)`"),
            ("max(1，2)", "，", "5..8 a full-width character", "write `,`"),
            ("5％", "％", "1..4 a full-width character", "write `%`"),
            ("１", "１", "0..3 a full-width character", "write `1`"),
            ("$5", "$", "0..1", CURRENCY),
            ("'a b'", "'", "0..1", QUOTE),
            ("a[0]", "[", "1..2", PARENTHESES),
        ] {
            assert_eq!(refusal(text), [&format!("`{sign}` has no meaning in a formula"), place, cure], "{text}");
        }
    }

    #[test]
    fn a_character_that_nobody_expects_is_told_by_its_code_point() {
        let holds =
            "a formula holds numbers, names, `+ - * / ^`, `== != < <= > >=`, `and or not`, parentheses and calls";
        assert_eq!(refusal("a ☃ b"), ["`☃` has no meaning in a formula", "2..5 U+2603", holds]);
        assert_eq!(refusal("a # b"), ["`#` has no meaning in a formula", "2..3", holds]);
    }

    #[test]
    fn longer_signs_stand_before_those_that_they_begin_with() {
        for (at, sign) in SIGNS.iter().enumerate() {
            let hidden = SIGNS[..at].iter().find(|before| sign.text.starts_with(before.text));
            assert!(hidden.is_none(), "{} is never found", sign.text);
        }
    }
}
