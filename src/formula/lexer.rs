//! From text to tokens, one at a time.

use std::ops::Range;

use super::error::FormulaError;
use super::expression::BinaryOperator;
use super::path::{Bare, Path, RESERVED, begins_identifier, read_segment};
use super::{foreign, number};

/// What the parser reads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    Path(Path),
    /// `-` is [`BinaryOperator::Subtract`] wherever it stands.
    Operator(BinaryOperator),
    Not,
    /// `to`, between the bounds of a range.
    To,
    /// A word that is reserved and has no use yet.
    Reserved,
    Open,
    Close,
    Comma,
    /// The end of the text.
    End,
}

/// The operators that are signs; longer ones stand before those that they begin with.
const SIGNS: &[(&str, TokenKind)] = &[
    ("==", TokenKind::Operator(BinaryOperator::Equal)),
    ("!=", TokenKind::Operator(BinaryOperator::NotEqual)),
    ("<=", TokenKind::Operator(BinaryOperator::LessOrEqual)),
    (">=", TokenKind::Operator(BinaryOperator::GreaterOrEqual)),
    ("<", TokenKind::Operator(BinaryOperator::Less)),
    (">", TokenKind::Operator(BinaryOperator::Greater)),
    ("+", TokenKind::Operator(BinaryOperator::Add)),
    ("-", TokenKind::Operator(BinaryOperator::Subtract)),
    ("*", TokenKind::Operator(BinaryOperator::Multiply)),
    ("/", TokenKind::Operator(BinaryOperator::Divide)),
    ("^", TokenKind::Operator(BinaryOperator::Power)),
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    (",", TokenKind::Comma),
];

/// What looks like one of the [`SIGNS`], or like two of them, and is neither.
const LOOKALIKES: &[&str] = &["===", "**", "<>"];

/// The token that stands at byte `from` or behind the white space there.
pub(super) fn read(text: &str, from: usize) -> Result<Token, FormulaError> {
    let rest = text[from..].trim_start();
    let start = text.len() - rest.len();
    let Some(first) = rest.chars().next() else {
        return Ok(Token { kind: TokenKind::End, span: start..start });
    };
    if first.is_ascii_digit() {
        let (value, end) = number::read(text, start)?;
        return Ok(Token { kind: TokenKind::Number(value), span: start..end });
    }
    if first == '"' || begins_identifier(first) {
        return read_word(text, start);
    }
    if first == '.' {
        return Err(lone_point(text, start));
    }
    let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
    match sign {
        Some((sign, kind)) if !LOOKALIKES.iter().any(|lookalike| rest.starts_with(lookalike)) => {
            Ok(Token { kind: kind.clone(), span: start..start + sign.len() })
        }
        _ => Err(foreign::error(text, start)),
    }
}

/// A path, or a word that formulas keep for themselves.
fn read_word(text: &str, start: usize) -> Result<Token, FormulaError> {
    let (segment, mut end) = read_segment(text, start, Bare::Identifier)?;
    if let Some(kind) = keyword(&text[start..end]) {
        return Ok(Token { kind, span: start..end });
    }
    let mut segments = vec![segment];
    while text[end..].starts_with('.') {
        let from = end + 1;
        let (segment, next) = read_segment(text, from, Bare::Identifier)?;
        if RESERVED.contains(&&text[from..next]) {
            return Err(reserved(text, from..next));
        }
        segments.push(segment);
        end = next;
    }
    Ok(Token { kind: TokenKind::Path(Path::new(segments)), span: start..end })
}

fn keyword(word: &str) -> Option<TokenKind> {
    match word {
        "and" => Some(TokenKind::Operator(BinaryOperator::And)),
        "or" => Some(TokenKind::Operator(BinaryOperator::Or)),
        "not" => Some(TokenKind::Not),
        "to" => Some(TokenKind::To),
        word => RESERVED.contains(&word).then_some(TokenKind::Reserved),
    }
}

/// The error for a reserved word where a name stands.
pub(super) fn reserved(text: &str, span: Range<usize>) -> FormulaError {
    let word = &text[span.clone()];
    let error = FormulaError::at(span, format!("`{word}` is a reserved word"));
    let error = match word {
        "true" => error.help("a condition that always holds is `1 == 1`"),
        "false" => error.help("a condition that never holds is `1 == 0`"),
        _ => error,
    };
    error.help(format!("a name of that spelling stands in quotes: `\"{word}\"`"))
}

fn lone_point(text: &str, at: usize) -> FormulaError {
    let digits = text[at + 1..].chars().take_while(char::is_ascii_digit).count();
    if digits > 0 {
        let end = at + 1 + digits;
        return FormulaError::at(at..end, "a digit is missing before the point")
            .help(format!("write `0{}`", &text[at..end]));
    }
    FormulaError::at(at..at + 1, "a `.` stands alone")
        .help("a name has its parts joined by dots, without spaces: `costs.data`")
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::testing::refusal;

    #[test]
    fn reserved_words_are_no_names() {
        for word in ["to", "true", "false"] {
            let reserved = format!("`{word}` is a reserved word");
            let quoted = format!("a name of that spelling stands in quotes: `\"{word}\"`");
            let dotted = refusal(&format!("costs.{word}"));
            assert_eq!([&dotted[0], dotted.last().unwrap()], [&reserved, &quoted]);
        }
        for word in ["true", "false"] {
            let alone = refusal(word);
            assert_eq!(alone[0], format!("`{word}` is a reserved word"));
            assert_eq!(alone[alone.len() - 1], format!("a name of that spelling stands in quotes: `\"{word}\"`"));
        }
        assert_eq!(refusal("to 2")[0], "`to` stands where a value is wanted");
        assert_eq!(refusal("true")[2], "a condition that always holds is `1 == 1`");
        assert_eq!(refusal("false")[2], "a condition that never holds is `1 == 0`");
    }

    #[test]
    fn a_name_that_stops_at_its_dot_is_refused() {
        let joined = "a name has its parts joined by dots: `costs.data`";
        let spaces = "a name has its parts joined by dots, without spaces: `costs.data`";
        let others = "a part with other characters stands in quotes: `costs.\"data sets\"`";
        let digits = "put this part of the name in quotes: `\"2x\"`";
        for (text, said) in [
            ("costs.", vec!["a name is missing after `.`", "6..6", joined]),
            ("costs..x", vec!["a name is missing after `.`", "6..7", joined]),
            ("costs. x", vec!["a name is missing after `.`", "6..7", spaces, others]),
            ("costs .x", vec!["a `.` stands alone", "6..7", spaces]),
            ("costs.2x", vec!["a name does not begin with a digit", "6..8", digits]),
            ("\"abc", vec!["the quote is never closed", "0..4 opened here", "write `\"` behind the name"]),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }
}
