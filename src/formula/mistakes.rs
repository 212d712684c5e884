//! What the parser says where a formula makes no sense.

use std::ops::Range;

use unicode_ident::is_xid_continue;

use crate::error::suggest::did_you_mean;

use super::error::FormulaError;
use super::expression::Kind;
use super::functions::{self, Allowed, Function, Parameter};
use super::lexer::{Token, TokenKind, reserved};
use super::path::begins_identifier;

/// Functions of other notations, and what is written instead.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["pow", "power"], "write `a ^ b` for a power"),
    (&["log"], "write `ln(x)` for the natural logarithm, `log10(x)` for the one to base 10"),
    (&["mod", "rem"], "write `a - b * floor(a / b)` for the remainder"),
    (&["not", "and", "or"], "write `and`, `or` and `not` between and before conditions: `a > 1 and not b > 1`"),
    (&["trunc", "int"], "write `floor(x)` or `ceil(x)`"),
    (&["avg", "average"], "write `(a + b) / 2`"),
    (&["sum"], "write `a + b`"),
];

/// The text of a part, unless it is too long to be said again in a sentence.
fn quote(text: &str, span: Range<usize>) -> &str {
    const LONGEST: usize = 40;
    let part = text.get(span).unwrap_or_default();
    if part.chars().count() > LONGEST || part.contains(char::is_control) { "…" } else { part }
}

pub(super) fn too_long(text: &str, longest: usize) -> FormulaError {
    let length = text.chars().count();
    let end = text.char_indices().nth(longest).map_or(text.len(), |(at, _)| at);
    FormulaError::at(end..text.len(), format!("the formula has {length} characters; at most {longest} are allowed"))
        .help("give its parts names of their own under `[inputs]`")
}

pub(super) fn too_deep(span: Range<usize>, deepest: usize) -> FormulaError {
    FormulaError::at(span, format!("the formula is nested more than {deepest} levels deep"))
        .help("give its parts names of their own under `[inputs]`")
}

/// The error for a token that stands where a value is wanted.
pub(super) fn no_value(text: &str, token: &Token) -> FormulaError {
    let span = token.span.clone();
    let found = &text[span.clone()];
    let error = match token.kind {
        TokenKind::Reserved => return reserved(text, span),
        TokenKind::End if text.trim().is_empty() => FormulaError::at(0..text.len(), "the formula is empty"),
        TokenKind::End => FormulaError::at(span, "the formula ends where a value is wanted"),
        _ => FormulaError::at(span, format!("`{found}` stands where a value is wanted")),
    };
    match found {
        "+" => error.help("a `+` before a value says nothing: leave it out"),
        _ => error.help("write a number, a name, a call or something in parentheses"),
    }
}

/// The error for a token behind a complete value, where only an operator or the end makes sense. `before` is the token
/// in front of it.
pub(super) fn no_operator(text: &str, before: &Range<usize>, token: &Token) -> FormulaError {
    let span = token.span.clone();
    let found = &text[span.clone()];
    match &token.kind {
        TokenKind::Reserved => reserved(text, span),
        TokenKind::Comma => misplaced_comma(text, span),
        TokenKind::Close => {
            FormulaError::at(span, "`)` closes nothing").help("delete it, or write the `(` that it belongs to")
        }
        TokenKind::Not => FormulaError::at(span, "an operator is missing before `not`")
            .help("join conditions with `and` or `or`: `a > 1 and not b > 1`"),
        TokenKind::Open if is_name(&text[before.clone()]) => {
            let name = &text[before.clone()];
            FormulaError::at(before.clone(), format!("`{name}` is not a function"))
                .help(format!("to multiply, write `{name} * (…)`"))
                .help("`bizmodel help formulas` lists the functions")
        }
        _ => {
            let error = FormulaError::at(span, format!("an operator is missing before `{found}`"));
            let left = &text[before.clone()];
            let word = found.to_lowercase();
            if ["and", "or", "to"].contains(&word.as_str()) {
                error.help(format!("did you mean `{word}`?"))
            } else if left.ends_with('%') {
                error
                    .help("`%` makes a percentage of the number before it; the remainder is `a - b * floor(a / b)`")
                    .help(format!("to multiply, write `{left} * …`"))
            } else if is_group(found) && is_digit(left.chars().next_back()) {
                error.help(format!("digits are grouped with `_`: `{left}_{found}`; to multiply, write `*`"))
            } else {
                error.help("write an operator such as `*` between values, and `,` between arguments")
            }
        }
    }
}

/// Whether a text may be a group of a number's digits: `000`.
fn is_group(text: &str) -> bool {
    text.len() == 3 && is_number(text)
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

/// Whether a token's text is a name rather than a number or a parenthesis.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c == '"' || begins_identifier(c))
}

/// `1,000` groups digits and `1,5` writes a fraction as other places do.
fn misplaced_comma(text: &str, comma: Range<usize>) -> FormulaError {
    let in_word = |c: &char| is_xid_continue(*c) || matches!(c, ',' | '.');
    let start = comma.start - text[..comma.start].chars().rev().take_while(in_word).map(char::len_utf8).sum::<usize>();
    let end = comma.end + text[comma.end..].chars().take_while(in_word).map(char::len_utf8).sum::<usize>();
    let groups: Vec<&str> = text[start..end].split(',').collect();
    let cure = match groups.as_slice() {
        [first, rest @ .., last]
            if is_number(first)
                && rest.iter().all(|group| is_group(group))
                && is_group(last.split('.').next().unwrap_or(last)) =>
        {
            format!("digits are grouped with `_`: write `{}`", groups.join("_"))
        }
        [whole, fraction] if is_number(whole) && is_number(fraction) => {
            format!("the decimal point is `.`: write `{whole}.{fraction}`")
        }
        _ => {
            return FormulaError::at(comma, "a `,` stands outside of a call")
                .help("commas separate the arguments of a function: `max(a, b)`");
        }
    };
    FormulaError::at(start..end, "a number has no `,`").help(cure)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The error for a parenthesis that is not closed before the end.
pub(super) fn unclosed(open: Range<usize>, end: usize) -> FormulaError {
    FormulaError::at(end..end, "a `)` is missing")
        .related(open, "this `(` is not closed")
        .help("write `)` where it ends")
}

/// The error for a value of one kind where the other is wanted; `wants` says what wants it.
pub(super) fn wrong_kind(text: &str, span: Range<usize>, found: Kind, wants: impl Into<String>) -> FormulaError {
    let part = quote(text, span.clone());
    let error = |wanted: Kind| {
        FormulaError::at(span, format!("a {} stands where a {} is wanted", found.noun(), wanted.noun())).label(wants)
    };
    match found {
        Kind::Condition => error(Kind::Number).help(format!("write `if({part}, 1, 0)`")),
        Kind::Number | Kind::Distribution => error(Kind::Condition).help(format!("compare it: `{part} > 0`")),
    }
}

/// The error for a value that is no distribution where one is wanted; `wants` says what wants it.
pub(super) fn no_distribution(text: &str, span: Range<usize>, wants: impl Into<String>) -> FormulaError {
    let part = quote(text, span.clone());
    FormulaError::at(span, format!("`{part}` is not a distribution"))
        .label(wants)
        .help("write one here, such as `normal(100, 20)` or `80 to 120`")
}

/// The error for `a to b to c`.
pub(super) fn second_to(second: Range<usize>, first: Range<usize>) -> FormulaError {
    FormulaError::at(second, "a range has two bounds")
        .label("a third one follows here")
        .related(first, "the range begins here")
        .help("90% of outcomes lie between the bounds of `low to high`; for a most likely value, write `triangular(low, mode, high)` or `pert(low, mode, high)`")
}

/// The error for `a < b < c`, told by the spans of the three values and of the two operators.
pub(super) fn chained(text: &str, values: [Range<usize>; 3], operators: [Range<usize>; 2]) -> FormulaError {
    let [a, b, c] = values.map(|value| quote(text, value));
    let [first, second] = operators;
    let (sign, next) = (&text[first.clone()], &text[second.clone()]);
    FormulaError::at(second.clone(), "comparisons are not chained")
        .label("the second comparison")
        .related(first.clone(), "the first comparison")
        .help(format!("write `{a} {sign} {b} and {b} {next} {c}`"))
}

pub(super) fn unknown_function(text: &str, span: Range<usize>) -> FormulaError {
    let name = &text[span.clone()];
    let elsewhere = ELSEWHERE.iter().find(|(names, _)| names.contains(&name.to_lowercase().as_str()));
    let cure = elsewhere
        .map(|(_, cure)| (*cure).to_owned())
        .or_else(|| did_you_mean(name, functions::all().map(|function| function.name)));
    FormulaError::at(span, format!("there is no function `{name}`"))
        .help(cure.unwrap_or_else(|| format!("to multiply, write `{name} * (…)`")))
        .help("`bizmodel help formulas` lists the functions")
}

pub(super) fn wrong_count(function: &Function, span: Range<usize>, found: usize) -> FormulaError {
    let most = function.parameters.len();
    let wanted = match (function.rest, function.required == most) {
        (true, _) => format!("at least {}", count(function.required)),
        (false, true) => count(most),
        (false, false) => format!("{} to {}", function.required, count(most)),
    };
    FormulaError::at(span, format!("`{}` takes {wanted}, and here {} given", function.name, given(found)))
        .help(format!("write `{}`", function.signature()))
}

/// The error for a number that makes no sense as an argument; `refusal` says why.
pub(super) fn refused_argument(
    function: &Function,
    parameter: &Parameter,
    span: Range<usize>,
    value: f64,
    refusal: &str,
) -> FormulaError {
    let share = matches!(parameter.allowed, Allowed::PositiveShare | Allowed::Share);
    let error = FormulaError::at(span, format!("the `{}` of `{}` {refusal}", parameter.name, function.name))
        .label(format!("this is {value}"));
    // Less than 2 is rather a share that is too large.
    let error = if share && (2.0..=100.0).contains(&value) {
        error.help(format!("for {value} percent, write `{value}%`"))
    } else {
        error
    };
    error.help(format!("`{}`: `bizmodel catalog {}` explains it", function.signature(), function.name))
}

fn count(arguments: usize) -> String {
    if arguments == 1 { "1 argument".to_owned() } else { format!("{arguments} arguments") }
}

fn given(arguments: usize) -> String {
    match arguments {
        0 => "none is".to_owned(),
        1 => "1 is".to_owned(),
        several => format!("{several} are"),
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::testing::refusal;
    use crate::formula::{parse_condition, parse_number};

    const VALUE: &str = "write a number, a name, a call or something in parentheses";
    const BETWEEN: &str = "write an operator such as `*` between values, and `,` between arguments";
    const LISTED: &str = "`bizmodel help formulas` lists the functions";

    #[test]
    fn a_missing_value_is_named_with_its_place() {
        for (text, said) in [
            ("", ["the formula is empty", "0..0", VALUE]),
            (" \n ", ["the formula is empty", "0..3", VALUE]),
            ("1 +", ["the formula ends where a value is wanted", "3..3", VALUE]),
            ("not", ["the formula ends where a value is wanted", "3..3", VALUE]),
            ("* 3", ["`*` stands where a value is wanted", "0..1", VALUE]),
            ("a and or b", ["`or` stands where a value is wanted", "6..8", VALUE]),
            ("()", ["`)` stands where a value is wanted", "1..2", VALUE]),
            ("max(1,,2)", ["`,` stands where a value is wanted", "6..7", VALUE]),
            ("max(1, 2,)", ["`)` stands where a value is wanted", "9..10", VALUE]),
            (
                "2 * +3",
                ["`+` stands where a value is wanted", "4..5", "a `+` before a value says nothing: leave it out"],
            ),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }

    #[test]
    fn a_missing_operator_is_named_with_its_place() {
        let percent = "`%` makes a percentage of the number before it; the remainder is `a - b * floor(a / b)`";
        let grouped = "digits are grouped with `_`: `1_200`; to multiply, write `*`";
        let negated = "join conditions with `and` or `or`: `a > 1 and not b > 1`";
        for (text, said) in [
            ("2 x", vec!["an operator is missing before `x`", "2..3", BETWEEN]),
            ("2(3)", vec!["an operator is missing before `(`", "1..2", BETWEEN]),
            ("(a)(b)", vec!["an operator is missing before `(`", "3..4", BETWEEN]),
            ("max(1 2)", vec!["an operator is missing before `2`", "6..7", BETWEEN]),
            ("1 200", vec!["an operator is missing before `200`", "2..5", grouped]),
            ("5%3", vec!["an operator is missing before `3`", "2..3", percent, "to multiply, write `5% * …`"]),
            ("a > 1 AND b > 1", vec!["an operator is missing before `AND`", "6..9", "did you mean `and`?"]),
            ("a > 1 not b > 1", vec!["an operator is missing before `not`", "6..9", negated]),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }

    #[test]
    fn parentheses_must_match() {
        let add = "write `)` where it ends";
        for (text, said) in [
            ("(1 + 2", vec!["a `)` is missing", "6..6", "0..1 this `(` is not closed", add]),
            ("((1)", vec!["a `)` is missing", "4..4", "0..1 this `(` is not closed", add]),
            ("max(1, 2 ", vec!["a `)` is missing", "8..8", "3..4 this `(` is not closed", add]),
            ("1 + 2)", vec!["`)` closes nothing", "5..6", "delete it, or write the `(` that it belongs to"]),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }

    #[test]
    fn a_comma_is_told_from_a_group_of_digits_and_from_a_fraction() {
        let separate = "commas separate the arguments of a function: `max(a, b)`";
        let zeros = "a number does not begin with `0` and another digit";
        let groups = "digits are grouped with `_`: write `1_000`, not `1,000` or `1 000`";
        for (text, said) in [
            ("1,000", ["a number has no `,`", "0..5", "digits are grouped with `_`: write `1_000`"]),
            ("(2,500.5 + 2)", ["a number has no `,`", "1..8", "digits are grouped with `_`: write `2_500.5`"]),
            ("1,234,567 * a", ["a number has no `,`", "0..9", "digits are grouped with `_`: write `1_234_567`"]),
            ("1,5", ["a number has no `,`", "0..3", "the decimal point is `.`: write `1.5`"]),
            ("a, b", ["a `,` stands outside of a call", "1..2", separate]),
            ("a1,000", ["a `,` stands outside of a call", "2..3", separate]),
            ("访,5", ["a `,` stands outside of a call", "3..4", separate]),
            ("max(1,000, 5)", [zeros, "6..9", groups]),
            ("1 000", [zeros, "2..5", groups]),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }

    #[test]
    fn a_function_that_does_not_exist_is_met_with_what_does() {
        for (text, name, span, cure) in [
            ("maxx(1, 2)", "maxx", "0..4", "did you mean `max`?"),
            ("MAX(1, 2)", "MAX", "0..3", "did you mean `max`?"),
            ("1 + pow(2, 3)", "pow", "4..7", "write `a ^ b` for a power"),
            ("Log(2)", "Log", "0..3", "write `ln(x)` for the natural logarithm, `log10(x)` for the one to base 10"),
            ("users(3)", "users", "0..5", "to multiply, write `users * (…)`"),
        ] {
            assert_eq!(refusal(text), [&format!("there is no function `{name}`"), span, cure, LISTED], "{text}");
        }
        for (text, name) in [("a.b(3)", "a.b"), ("\"max\"(1, 2)", "\"max\"")] {
            let said = [format!("`{name}` is not a function"), format!("to multiply, write `{name} * (…)`")];
            assert_eq!(refusal(text), [&said[0], &format!("0..{}", name.len()), &said[1], LISTED], "{text}");
        }
    }

    #[test]
    fn the_number_of_arguments_is_checked() {
        for (text, said) in [
            ("max()", ["`max` takes at least 2 arguments, and here none is given", "0..5", "write `max(a, b, …)`"]),
            ("1 + max()", ["`max` takes at least 2 arguments, and here none is given", "4..9", "write `max(a, b, …)`"]),
            ("sqrt(1, 2)", ["`sqrt` takes 1 argument, and here 2 are given", "0..10", "write `sqrt(x)`"]),
            (
                "clamp(1, 2)",
                ["`clamp` takes 3 arguments, and here 2 are given", "0..11", "write `clamp(x, low, high)`"],
            ),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }

    const WANTS_NUMBER: &str = "a condition stands where a number is wanted";
    const WANTS_CONDITION: &str = "a number stands where a condition is wanted";

    #[test]
    fn numbers_and_conditions_are_not_mixed() {
        let long = "a".repeat(41);
        for (text, said) in [
            ("(a < b) < c", [WANTS_NUMBER, "1..6 `<` takes numbers", "write `if(a < b, 1, 0)`"]),
            ("a + (b > c) * 2", [WANTS_NUMBER, "5..10 `*` takes numbers", "write `if(b > c, 1, 0)`"]),
            ("-(a > b)", [WANTS_NUMBER, "2..7 `-` takes a number", "write `if(a > b, 1, 0)`"]),
            ("max(1, a > b)", [WANTS_NUMBER, "7..12 `b` of `max(a, b, …)`", "write `if(a > b, 1, 0)`"]),
            ("a < b and c", [WANTS_CONDITION, "10..11 `and` takes conditions", "compare it: `c > 0`"]),
            ("a + 1 or b > 1", [WANTS_CONDITION, "0..5 `or` takes conditions", "compare it: `a + 1 > 0`"]),
            ("1 + not a", [WANTS_CONDITION, "8..9 `not` takes a condition", "compare it: `a > 0`"]),
            ("if(1, 2, 3)", [WANTS_CONDITION, "3..4 `condition` of `if(condition, yes, no)`", "compare it: `1 > 0`"]),
            (&format!("not {long}"), [WANTS_CONDITION, "4..45 `not` takes a condition", "compare it: `… > 0`"]),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }

    #[test]
    fn a_whole_formula_of_the_wrong_kind_is_refused() {
        let error = parse_number(" (users > 3) ").unwrap_err();
        assert_eq!((error.message.as_str(), error.span), (WANTS_NUMBER, 2..11));
        assert_eq!(error.help, ["write `if(users > 3, 1, 0)`"]);
        let error = parse_condition("profit").unwrap_err();
        assert_eq!((error.message.as_str(), error.span), (WANTS_CONDITION, 0..6));
        assert_eq!(error.help, ["compare it: `profit > 0`"]);
        assert!(parse_number("users * 3").is_ok() && parse_condition("users > 3").is_ok());
    }

    #[test]
    fn comparisons_are_not_chained() {
        let (chained, first) = ("comparisons are not chained", "2..3 the first comparison");
        let second = |span: &str| format!("{span} the second comparison");
        assert_eq!(refusal("a < b < c"), [chained, &second("6..7"), first, "write `a < b and b < c`"]);
        assert_eq!(refusal("a > b + 1 >= c"), [chained, &second("10..12"), first, "write `a > b + 1 and b + 1 >= c`"]);
    }

    #[test]
    fn a_formula_has_a_longest_length_and_a_deepest_nesting() {
        let cure = "give its parts names of their own under `[inputs]`";
        let longest = "1+".repeat(4_999) + "10";
        assert!(parse_number(&longest).is_ok());
        let long = "é".repeat(10_001);
        assert_eq!(
            refusal(&long),
            ["the formula has 10001 characters; at most 10000 are allowed", "20000..20002", cure]
        );
        for (open, value, close) in [
            ("(", "1", ")"),
            ("abs(", "1", ")"),
            ("-", "1", ""),
            ("not ", "1 > 0", ""),
            ("2^", "1", ""),
            ("(a > 1 or a > 1 and a + 1 * ", "1", " > 1)"),
        ] {
            let nested = |depth: usize| open.repeat(depth) + value + &close.repeat(depth);
            // The last pattern is of the wrong kind from the second level on; what matters is how deep it goes.
            let deepest = crate::formula::parse(&nested(100)).err().map(|error| error.message);
            assert!(deepest.is_none_or(|message| message == WANTS_NUMBER), "{open}");
            let said = refusal(&nested(101));
            assert_eq!([&said[0], &said[2]], ["the formula is nested more than 100 levels deep", cure], "{open}");
            assert!(nested(500).len() > 10_000 || refusal(&nested(500))[0] == said[0], "{open}");
        }
    }
}
