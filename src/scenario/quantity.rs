//! A quantity: a number, or a formula in quotes.

use std::ops::Range as Bytes;

use crate::error::{Problem, Sources, Span};
use crate::formula::{self, Expression, Path};

use super::tree::{Node, Value};

/// A number or a formula under its dotted name.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// Its dotted name: `costs.training.price`.
    pub path: Path,
    /// Its value.
    pub expression: Expression,
    /// Where the value stands.
    pub span: Span,
    /// Where the formula's first byte stands, if its bytes stand in the source one to one.
    text_start: Option<usize>,
    /// Which values make sense.
    pub range: Range,
}

/// The highest rate per year that is believed: a bare 12 is meant as a percentage.
const HIGHEST_RATE: f64 = 10.0;

/// Which values of a quantity make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// All.
    Any,
    /// 0 and above: counts and prices.
    NotNegative,
    /// Above 0: sizes and bounds.
    Positive,
    /// From 0 to 1.
    Share,
    /// Above −1 and at most 10: a rate per year at which money grows.
    Rate,
}

impl Range {
    /// Whether the value makes sense.
    pub fn contains(self, value: f64) -> bool {
        match self {
            Range::Any => true,
            Range::NotNegative => value >= 0.0,
            Range::Positive => value > 0.0,
            Range::Share => (0.0..=1.0).contains(&value),
            Range::Rate => value > -1.0 && value <= HIGHEST_RATE,
        }
    }

    /// What is allowed, for a sentence that begins with "must be".
    pub fn describe(self) -> &'static str {
        match self {
            Range::Any => "any number",
            Range::NotNegative => "0 or more",
            Range::Positive => "more than 0",
            Range::Share => "between 0 and 1 (0% and 100%)",
            Range::Rate => "above -100% and at most 1,000%; 12 percent is `\"12%\"` or `0.12`",
        }
    }
}

impl Quantity {
    /// Where a part of the formula stands.
    pub fn locate(&self, part: &Bytes<usize>) -> Span {
        place(part, self.text_start, self.span)
    }

    /// A price of a price list: the text under `span` is a number, which the expression begins with.
    pub(super) fn listed(path: Path, expression: Expression, span: Span) -> Self {
        Self { path, expression, span, text_start: Some(span.start), range: Range::NotNegative }
    }

    /// Reads the value that stands at `path`.
    pub(super) fn read(path: Path, node: &Node, range: Range, sources: &Sources) -> Result<Self, Problem> {
        match &node.value {
            Value::Number(value) => Self::of_number(path, *value, node.span, range),
            Value::Text(text) => Self::of_formula(path, text, node.span, range, sources),
            other => Err(Problem::at(node.span, format!("`{path}` must be a number or a formula"))
                .label(format!("this is {}", other.describe()))
                .help("write a number such as `1_000`, or a formula in quotes such as `\"users * 0.5\"`")),
        }
    }

    fn of_number(path: Path, value: f64, span: Span, range: Range) -> Result<Self, Problem> {
        if !value.is_finite() {
            return Err(Problem::at(span, format!("`{path}` must be a finite number"))
                .label("no amount can be computed with this")
                .help("write a number such as `1_000`, or leave the key out"));
        }
        if !range.contains(value) {
            return Err(out_of_range(&path, value, span, range).maybe_help(percent(value, range)));
        }
        if range == Range::Rate && value >= 1.0 {
            return Err(Problem::at(span, format!("`{path}` is {value}, which is {}% per year", value * 100.0))
                .label("probably meant as a percentage")
                .maybe_help(percent(value, range))
                .help(format!("if it is meant, write `\"{}%\"`", value * 100.0)));
        }
        let expression = Expression::number(value, 0..span.end - span.start);
        Ok(Self { path, expression, span, text_start: Some(span.start), range })
    }

    fn of_formula(path: Path, text: &str, span: Span, range: Range, sources: &Sources) -> Result<Self, Problem> {
        let text_start = text_start(text, span, sources);
        let locate = |part: Bytes<usize>| place(&part, text_start, span);
        let expression = formula::parse_number(text).map_err(|error| error.into_problem(locate))?;
        if let Some(value) = expression.literal()
            && !range.contains(value)
        {
            return Err(out_of_range(&path, value, span, range));
        }
        Ok(Self { path, expression, span, text_start, range })
    }
}

/// Where a part of a formula stands: to the character, or where the string was changed by escapes, the whole of it.
pub(super) fn place(part: &Bytes<usize>, text_start: Option<usize>, whole: Span) -> Span {
    match text_start {
        Some(start) => Span::new(whole.source, start + part.start..start + part.end),
        None => whole,
    }
}

fn out_of_range(path: &Path, value: f64, span: Span, range: Range) -> Problem {
    Problem::at(span, format!("`{path}` must be {}", range.describe())).label(format!("{value} is not"))
}

/// What to write instead where a bare number was probably meant as a percentage.
fn percent(value: f64, range: Range) -> Option<String> {
    let probable = matches!(range, Range::Share | Range::Rate) && (1.0..=100.0).contains(&value);
    probable.then(|| format!("for {value} percent, write `\"{value}%\"`"))
}

/// Where the first byte of a string's content stands, if the content stands in the source as it is:
/// not where escapes or line continuations changed it.
pub(super) fn text_start(text: &str, span: Span, sources: &Sources) -> Option<usize> {
    let raw = sources.text(span);
    let opening = ["\"\"\"\r\n", "'''\r\n", "\"\"\"\n", "'''\n", "\"\"\"", "'''", "\"", "'", ""]
        .into_iter()
        .find(|quote| raw.starts_with(quote))?;
    let start = opening.len();
    (raw.get(start..start + text.len()) == Some(text)).then_some(span.start + start)
}
