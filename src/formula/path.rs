//! Dotted names: `costs.training.price`.

use std::fmt;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use unicode_ident::{is_xid_continue, is_xid_start};

use super::error::FormulaError;

/// The words that formulas keep for themselves; a name of that spelling is written in quotes.
pub const RESERVED: &[&str] = &["and", "or", "not", "to", "true", "false"];

/// A dotted name, part by part. The path without parts is the scenario itself. Copies share the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    segments: Arc<[String]>,
}

/// How a part may be written without quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// As an identifier, as in formulas, where `-` subtracts.
    Identifier,
    /// As a key of TOML: it may also hold `-` and begin with a digit.
    Key,
}

impl Path {
    /// The path of these parts.
    pub fn new<S: Into<String>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self { segments: segments.into_iter().map(Into::into).collect() }
    }

    /// The path of the scenario itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a path as options of the command line have it: as in formulas, but a part may also hold `-`, begin with
    /// a digit or be a reserved word, as keys of TOML may.
    ///
    /// # Errors
    ///
    /// Where a part is missing, is not closed by its quote or holds a character that needs quotes.
    pub fn parse_option(text: &str) -> Result<Self, FormulaError> {
        let end = text.trim_end().len();
        let mut at = text.len() - text.trim_start().len();
        if at >= end {
            return Err(FormulaError::at(0..text.len(), "the name is empty").help("write a name: `costs.data`"));
        }
        let mut segments = Vec::new();
        loop {
            let (segment, next) = read_segment(text, at, Bare::Key)?;
            segments.push(segment);
            if next >= end {
                return Ok(Self { segments: segments.into() });
            }
            if !text[next..].starts_with('.') {
                return Err(misplaced(text, next));
            }
            at = next + 1;
        }
    }

    /// Whether it is the path of the scenario itself.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// The parts.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The first part.
    pub fn first(&self) -> Option<&str> {
        self.segments.first().map(String::as_str)
    }

    /// The last part.
    pub fn last(&self) -> Option<&str> {
        self.segments.last().map(String::as_str)
    }

    /// The only part of a path that has just one.
    pub fn single(&self) -> Option<&str> {
        match self.segments() {
            [name] => Some(name),
            _ => None,
        }
    }

    /// Whether the first part is `name`.
    pub fn starts_with(&self, name: &str) -> bool {
        self.first() == Some(name)
    }

    /// The path of something inside of what this path names.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self::new(self.segments.iter().map(String::as_str).chain([name]))
    }

    /// The path in back-ticks, for a message.
    pub fn in_ticks(&self) -> String {
        format!("`{self}`")
    }
}

/// Splits at every dot: for names in our own code. What a user wrote is read by [`Path::parse_option`] or by the parser
/// of formulas, which know of quotes.
impl From<&str> for Path {
    fn from(dotted: &str) -> Self {
        Self::new(dotted.split('.'))
    }
}

/// As formulas write it: a part that is no identifier, or is a reserved word, in quotes, but for a number inside of a name.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                f.write_char('.')?;
            }
            let bare = is_identifier(segment) && !RESERVED.contains(&segment.as_str());
            if bare || (index > 0 && is_number(segment)) {
                f.write_str(segment)?;
            } else {
                write_quoted(segment, f)?;
            }
        }
        Ok(())
    }
}

/// Whether a character may begin an identifier.
pub(super) fn begins_identifier(c: char) -> bool {
    c == '_' || is_xid_start(c)
}

fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(begins_identifier) && characters.all(is_xid_continue)
}

/// Whether a part is the number of an item in a list: `tiers.0`.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes a basic string of TOML.
fn write_quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

/// Reads the part that begins at byte `start`, and tells where it ends.
pub(super) fn read_segment(text: &str, start: usize, bare: Bare) -> Result<(String, usize), FormulaError> {
    let rest = &text[start..];
    if rest.starts_with('"') {
        return read_quoted(text, start);
    }
    let first = rest.chars().next();
    let word = &rest[..rest.find(|c| !is_xid_continue(c)).unwrap_or(rest.len())];
    if is_number(word) && start > 0 && bare == Bare::Identifier {
        return Ok((word.to_owned(), start + word.len()));
    }
    let begins = first.is_some_and(|c| begins_identifier(c) || (bare == Bare::Key && is_in_key(c)));
    if !begins {
        return Err(missing(text, start, bare));
    }
    let holds = |c: char| is_xid_continue(c) || (bare == Bare::Key && is_in_key(c));
    let length = rest.find(|c| !holds(c)).unwrap_or(rest.len());
    Ok((rest[..length].to_owned(), start + length))
}

fn is_in_key(c: char) -> bool {
    c == '-' || c.is_ascii_digit()
}

/// The span of the character at byte `at`; empty at the end of the text.
pub(super) fn character(text: &str, at: usize) -> Range<usize> {
    at..at + text[at..].chars().next().map_or(0, char::len_utf8)
}

fn missing(text: &str, at: usize, bare: Bare) -> FormulaError {
    let message = if at == 0 { "a name is missing before `.`" } else { "a name is missing after `.`" };
    let span = character(text, at);
    match text[at..].chars().next() {
        None | Some('.') => FormulaError::at(span, message).help("a name has its parts joined by dots: `costs.data`"),
        Some(c) if bare == Bare::Identifier && c.is_ascii_digit() => {
            let digits = text[at..].find(|c: char| !is_xid_continue(c)).map_or(text.len(), |length| at + length);
            FormulaError::at(at..digits, "a name does not begin with a digit")
                .help(format!("put this part of the name in quotes: `\"{}\"`", &text[at..digits]))
        }
        Some(_) if bare == Bare::Key => misplaced(text, at),
        Some(_) => FormulaError::at(span, message)
            .help("a name has its parts joined by dots, without spaces: `costs.data`")
            .help("a part with other characters stands in quotes: `costs.\"data sets\"`"),
    }
}

fn misplaced(text: &str, at: usize) -> FormulaError {
    let span = character(text, at);
    FormulaError::at(span.clone(), format!("`{}` may not stand in a name", &text[span]))
        .help("a part of a name with other characters stands in quotes: `costs.\"data sets\".price`")
}

/// Reads a basic string of TOML: what stands between quotes, with its escapes (<https://toml.io/en/v1.0.0#string>).
fn read_quoted(text: &str, start: usize) -> Result<(String, usize), FormulaError> {
    let mut segment = String::new();
    let mut at = start + 1;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '"' => return Ok((segment, at + 1)),
            '\\' => {
                let (c, next) = read_escape(text, at)?;
                segment.push(c);
                at = next;
            }
            c => {
                segment.push(c);
                at += c.len_utf8();
            }
        }
    }
    Err(FormulaError::at(start..text.len(), "the quote is never closed")
        .label("opened here")
        .help("write `\"` behind the name"))
}

fn read_escape(text: &str, start: usize) -> Result<(char, usize), FormulaError> {
    let letter = text[start + 1..].chars().next();
    let plain = match letter {
        Some(c @ ('"' | '\\')) => Some(c),
        Some('b') => Some('\u{8}'),
        Some('t') => Some('\t'),
        Some('n') => Some('\n'),
        Some('f') => Some('\u{c}'),
        Some('r') => Some('\r'),
        _ => None,
    };
    if let Some(c) = plain {
        return Ok((c, start + 2));
    }
    let digits = match letter {
        Some('u') => 4,
        Some('U') => 8,
        _ => 0,
    };
    let end = start + 2 + digits;
    // The digits are asked for one by one, since `from_str_radix` would take a sign.
    let code = text
        .get(start + 2..end)
        .filter(|hex| !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .and_then(char::from_u32);
    code.map(|c| (c, end)).ok_or_else(|| {
        let span = start..character(text, start + 1).end;
        FormulaError::at(span.clone(), format!("`{}` is not an escape", &text[span]))
            .help("a backslash is written `\\\\`; the escapes are those of TOML: `\\\"`, `\\n`, `\\t`, `\\u00E9`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn refused(text: &str) -> (String, Range<usize>, Vec<String>) {
        let error = Path::parse_option(text).unwrap_err();
        (error.message, error.span, error.help)
    }

    #[test]
    fn an_option_names_parts_as_toml_does() {
        for (text, segments) in [
            ("users", vec!["users"]),
            ("costs.value-added.price", vec!["costs", "value-added", "price"]),
            ("cases.2026.users", vec!["cases", "2026", "users"]),
            ("costs.to", vec!["costs", "to"]),
            ("inputs.访客", vec!["inputs", "访客"]),
            (r#"costs."data sets".price"#, vec!["costs", "data sets", "price"]),
            (r#"costs."a.b""#, vec!["costs", "a.b"]),
            (r#""".x"#, vec!["", "x"]),
            (r#""\"\\\t\u00e9\U0001F600""#, vec!["\"\\\té😀"]),
            (" users ", vec!["users"]),
        ] {
            assert_eq!(Path::parse_option(text), Ok(Path::new(segments)), "{text}");
        }
    }

    #[test]
    fn an_option_that_names_nothing_is_refused() {
        let quoting = "a part of a name with other characters stands in quotes: `costs.\"data sets\".price`";
        let joined = "a name has its parts joined by dots: `costs.data`";
        let escape = "a backslash is written `\\\\`; the escapes are those of TOML: `\\\"`, `\\n`, `\\t`, `\\u00E9`";
        for (text, message, span, help) in [
            ("", "the name is empty", 0..0, "write a name: `costs.data`"),
            ("  ", "the name is empty", 0..2, "write a name: `costs.data`"),
            (".a", "a name is missing before `.`", 0..1, joined),
            ("a.", "a name is missing after `.`", 2..2, joined),
            ("a..b", "a name is missing after `.`", 2..3, joined),
            ("a b", "` ` may not stand in a name", 1..2, quoting),
            ("a.$", "`$` may not stand in a name", 2..3, quoting),
            ("a[0]", "`[` may not stand in a name", 1..2, quoting),
            ("a.\"b", "the quote is never closed", 2..4, "write `\"` behind the name"),
            (r#""\q""#, "`\\q` is not an escape", 1..3, escape),
            (r#""\u+123""#, "`\\u` is not an escape", 1..3, escape),
            (r#""\uD800""#, "`\\u` is not an escape", 1..3, escape),
            (r#""\é""#, "`\\é` is not an escape", 1..4, escape),
        ] {
            assert_eq!(refused(text), (message.to_owned(), span, vec![help.to_owned()]), "{text}");
        }
    }

    #[test]
    fn what_is_no_identifier_is_shown_in_quotes() {
        for (segments, shown) in [
            (vec!["costs", "data"], "costs.data"),
            (vec!["inputs", "访客"], "inputs.访客"),
            (vec!["costs", "value-added"], r#"costs."value-added""#),
            (vec!["2026"], r#""2026""#),
            (vec!["revenue", "api", "tiers", "0", "price"], "revenue.api.tiers.0.price"),
            (vec!["costs", "2x"], r#"costs."2x""#),
            (vec!["to", "if"], r#""to".if"#),
            (vec![""], r#""""#),
            (vec!["\u{7f}\u{85}"], r#""\u007F\u0085""#),
            (vec!["a\"b\\c\n\u{1}"], r#""a\"b\\c\n\u0001""#),
        ] {
            assert_eq!(Path::new(segments).to_string(), shown);
        }
    }

    #[test]
    fn parts_are_told_apart() {
        let path = Path::from("costs.training.price");
        assert_eq!(path, Path::new(["costs", "training", "price"]));
        assert_eq!((path.first(), path.last(), path.single()), (Some("costs"), Some("price"), None));
        assert_eq!(Path::from("users").single(), Some("users"));
        assert!(path.starts_with("costs") && !path.starts_with("cost"));
        assert_eq!(Path::root().child("costs").child("training").child("price"), path);
        assert!(Path::root().is_root() && !path.is_root());
    }
}
