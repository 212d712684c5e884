//! The document as a tree in which every key and value knows its place.
//!
//! The one home of the TOML reader. Its tree is copied into one of ours so that a case, or an option of the command
//! line, can be laid over the file while each value keeps the place it came from.

use std::ops::Range;

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeFloat, DeInteger, DeTable, DeValue};

use crate::error::{Problem, SourceId, Span};
use crate::formula;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// A value as written.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer or a float; may be infinite or not a number, as TOML allows.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or a time, as written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// The keys of a table in the order of the file.
pub type Table = IndexMap<String, Entry>;

/// A value in a table, with the place of its key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key stands.
    pub key: Span,
    /// The value.
    pub node: Node,
}

impl Value {
    /// What kind of value it is, for a sentence.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Number(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Reads a text as TOML; what could be read is returned beside what is wrong.
pub fn parse(text: &str, source: SourceId) -> (Node, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let problems = errors.iter().map(|error| syntax_problem(error, text, source)).collect();
    let span = Span::new(source, table.span());
    (Node { value: Value::Table(convert_table(table.into_inner(), source)), span }, problems)
}

/// Reads one value, as it may stand behind a `key =`.
pub fn parse_value(text: &str, source: SourceId, offset: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    let mut node = convert(value, source);
    shift(&mut node, offset);
    Some(node)
}

fn shift(node: &mut Node, offset: usize) {
    node.span.start += offset;
    node.span.end += offset;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, offset)),
        Value::Table(table) => table.values_mut().for_each(|entry| {
            entry.key.start += offset;
            entry.key.end += offset;
            shift(&mut entry.node, offset);
        }),
        _ => {}
    }
}

fn syntax_problem(error: &toml::de::Error, text: &str, source: SourceId) -> Problem {
    let range = error.span().map_or(0..0, |span| within(span, text));
    let (message, help) = describe(error.message(), text, &range);
    Problem::at(Span::new(source, range), message).help(help)
}

/// What is wrong and what to do, in our words where the reader's are too general.
fn describe(found: &str, text: &str, range: &Range<usize>) -> (String, String) {
    let (message, help) = if found.contains("recurs") {
        ("the file nests too deep", "lists and tables may nest 80 levels".to_owned())
    } else if found.contains("duplicate key") {
        ("this key is given twice", "keep one of the two, or give the other a name of its own".to_owned())
    } else if found.contains("must be quoted") {
        let value = text.get(range.clone()).unwrap_or_default().trim();
        let is_formula = value.len() <= LONGEST_EXAMPLE && !value.contains('"') && formula::parse_number(value).is_ok();
        let example = if is_formula { format!(": `\"{value}\"`") } else { String::new() };
        ("a value is missing or not in quotes", format!("write a number, or text and formulas in quotes{example}"))
    } else if is_comma_in_number(text, range.start) {
        ("a number has no `,`", "group digits by `_` or not at all: `1_000`".to_owned())
    } else {
        let open =
            ["`]`", "`}`", "`\"`", "`'`"].into_iter().find(|close| found.ends_with(&format!("expected {close}")));
        let help = match open {
            Some(close) => format!("close what is open with {close}"),
            None => "each line is `key = value`, `[table]`, or a comment behind `#`".to_owned(),
        };
        return (format!("this is not TOML: {found}"), help);
    };
    (message.to_owned(), help)
}

/// The longest value that a message repeats.
const LONGEST_EXAMPLE: usize = 40;

fn is_comma_in_number(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at_checked(at).unwrap_or_default();
    let rest = behind.strip_prefix(',').unwrap_or_default();
    before.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit())
}

/// The place, kept inside of the text.
fn within(span: Range<usize>, text: &str) -> Range<usize> {
    let end = span.end.min(text.len());
    span.start.min(end)..end
}

fn convert_table(table: DeTable<'_>, source: SourceId) -> Table {
    table
        .into_iter()
        .map(|(key, value)| {
            let span = Span::new(source, key.span());
            (key.into_inner().into_owned(), Entry { key: span, node: convert(value, source) })
        })
        .collect()
}

fn convert(value: Spanned<DeValue<'_>>, source: SourceId) -> Node {
    let span = Span::new(source, value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => Value::Number(integer_value(&integer)),
        DeValue::Float(float) => Value::Number(float_value(&float)),
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| convert(item, source)).collect()),
        DeValue::Table(table) => Value::Table(convert_table(table, source)),
    };
    Node { value, span }
}

/// The nearest float; an integer of any length has one.
fn integer_value(integer: &DeInteger<'_>) -> f64 {
    if integer.radix() == 10 {
        return integer.as_str().parse().unwrap_or(f64::NAN);
    }
    i64::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::NAN, |value| {
        #[expect(clippy::cast_precision_loss, reason = "quantities are floats")]
        let value = value as f64;
        value
    })
}

fn float_value(float: &DeFloat<'_>) -> f64 {
    float.as_str().parse().unwrap_or(f64::NAN)
}
