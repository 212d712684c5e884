//! From bytes to text: byte-order marks, and what is not UTF-8.

use crate::error::{Error, Problem, Source, Sources, Span};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file without its byte-order mark.
///
/// # Errors
/// The place of the first byte that is not UTF-8.
pub fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Error> {
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| not_utf8(name, bytes, error.valid_up_to()))
}

fn not_utf8(name: &str, bytes: &[u8], at: usize) -> Error {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let problem = Problem::nowhere(format!("`{name}` is UTF-16, not UTF-8"));
        return problem.help("save the file as UTF-8").into();
    }
    let text = String::from_utf8_lossy(bytes);
    // The bytes before the place are good, so that offsets up to it are the same in the repaired text.
    let replaced = text[at..].chars().next().map_or(0, char::len_utf8);
    let mut sources = Sources::new();
    let span = Span::new(0, at..at + replaced);
    let problem = Problem::at(span, "the file is not UTF-8 text")
        .label(format!("the byte 0x{:02X}", bytes.get(at).copied().unwrap_or_default()))
        .help("save the file as UTF-8");
    sources.add(Source::new(name, text));
    Error::new(sources, vec![problem])
}
