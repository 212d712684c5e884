//! What can go wrong, told so that it can be mended: what was found, where, what is allowed, what to do.
//!
//! Every error of the library is an [`Error`]: a list of [`Problem`]s in the order of the file,
//! together with the [`Sources`] that they point into. [`excerpt`] draws them with their carets.

pub mod excerpt;
pub mod suggest;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The number of a [`Source`] among the [`Sources`].
pub type SourceId = usize;

/// A range of bytes in one of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which source.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The span of `range` in the source numbered `source`.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start, end: range.end }
    }
}

/// A place as a person names it; both counts begin at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// One text that a scenario is made of: the file, an option of the command line, or a file that it names. Copies share
/// the text.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the user calls it: the file's path, `-`, or `--set`.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The offset at which each line begins.
    lines: Arc<[usize]>,
}

impl Source {
    /// A source of the given name and text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text, lines }
    }

    /// The line (from 0) that holds the byte at `offset`.
    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The line and column of a byte of the text.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.lines[line];
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line: line + 1, column: before.chars().count() + 1 }
    }

    /// The byte that stands in that line and column, both counted from 1, the column in bytes; the last byte where there
    /// is none.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        (start + column.saturating_sub(1)).min(self.text.len())
    }

    /// The bytes of the lines (from 0) `first` to `last`, both included, without the final line break.
    fn line_range(&self, first: usize, last: usize) -> Range<usize> {
        let end = self.lines.get(last + 1).map_or(self.text.len(), |&next| next - 1);
        self.lines[first]..end
    }
}

/// All texts that a scenario is made of, by number.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// No source yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source and gives its number.
    pub fn add(&mut self, source: Source) -> SourceId {
        self.0.push(source);
        self.0.len() - 1
    }

    /// The source of that number.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id)
    }

    /// The name of the source and the line and column at which `span` begins.
    pub fn locate(&self, span: Span) -> Option<(&str, Position)> {
        let source = self.get(span.source)?;
        Some((&source.name, source.position(span.start)))
    }

    /// The text under `span`.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).and_then(|source| source.text.get(span.start..span.end)).unwrap_or_default()
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What is wrong, in one sentence in lower case, names in back-ticks.
    pub message: String,
    /// Where it is wrong; none for what concerns no place in a file.
    pub span: Option<Span>,
    /// What stands there, said beside the caret.
    pub label: String,
    /// Other places that matter, each with what stands there.
    pub related: Vec<(Span, String)>,
    /// What is allowed and what to do, a sentence each.
    pub help: Vec<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::nowhere(message) }
    }

    /// A problem that concerns no place in a file.
    pub fn nowhere(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None, label: String::new(), related: Vec::new(), help: Vec::new() }
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at a further place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Says what is allowed or what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Says what to do where there is something to say.
    #[must_use]
    pub fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

/// Everything that is wrong, in the order of the sources.
#[derive(Clone, Debug)]
pub struct Error {
    /// The texts that the problems point into.
    pub sources: Sources,
    /// The problems, sorted by place.
    pub problems: Vec<Problem>,
}

impl Error {
    /// The error of these problems, put into the order of the sources.
    pub fn new(sources: Sources, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span.map(|span| (span.source, span.start, span.end)));
        // An item that a case changes is read twice; what is wrong with it is said once.
        problems.dedup();
        Self { sources, problems }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::new(Sources::new(), vec![problem])
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&excerpt::draw(self, excerpt::Style::Plain))
    }
}

impl std::error::Error for Error {}
