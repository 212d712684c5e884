//! Problems drawn with the lines they stand in and a caret under the place, as compilers do.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Error, Problem, Source, Sources, Span};

/// Whether the drawing carries color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// Text with the escape sequences of a color terminal.
    Color,
}

/// How many problems are drawn; the rest are counted. A file with more is of another kind altogether.
const SHOWN: usize = 100;

/// How many bytes of a line are shown on either side of a place; a minified file has lines of megabytes.
const MARGIN: usize = 200;

/// All problems of an error, each with its excerpt, ending in a line break.
pub fn draw(error: &Error, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Color => Renderer::styled(),
    };
    let mut out = String::new();
    for problem in error.problems.iter().take(SHOWN) {
        let _ = writeln!(out, "{}\n", renderer.render(&[group(problem, &error.sources)]));
    }
    let rest = error.problems.len().saturating_sub(SHOWN);
    if rest > 0 {
        let _ = writeln!(out, "error: and {rest} more\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn group<'a>(problem: &'a Problem, sources: &'a Sources) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(problem.message.as_str()));
    let main = problem.span.and_then(|span| Some((span, sources.get(span.source)?)));
    if let Some((span, source)) = main {
        let related: Vec<_> = problem.related.iter().filter(|(other, _)| other.source == span.source).collect();
        let view = view(source, std::iter::once(span).chain(related.iter().map(|(other, _)| *other)));
        let inside = |span: Span| clip(span.start, &view)..clip(span.end, &view);
        // The carriage return of a line break is no character to be shown; a space keeps all offsets.
        let mut snippet = Snippet::source(source.text[view.clone()].trim_end_matches('\r').replace("\r\n", " \n"))
            .line_start(source.line_of(view.start) + 1)
            .path(source.name.as_str())
            .annotation(AnnotationKind::Primary.span(inside(span)).label(problem.label.as_str()));
        for (other, label) in related {
            snippet = snippet.annotation(AnnotationKind::Context.span(inside(*other)).label(label.as_str()));
        }
        group = group.element(snippet);
    }
    for (span, label) in &problem.related {
        if main.is_none_or(|(main, _)| main.source != span.source)
            && let Some((name, position)) = sources.locate(*span)
        {
            group = group.element(Origin::path(name).line(position.line).char_column(position.column));
            group = group.element(Level::NOTE.message(label.as_str()));
        }
    }
    group.elements(problem.help.iter().map(|help| Level::HELP.message(help.as_str())))
}

/// The bytes worth showing: the lines of all spans, cut where a line is very long.
fn view(source: &Source, spans: impl Iterator<Item = Span>) -> Range<usize> {
    let (start, end) = spans.fold((usize::MAX, 0), |(start, end), span| (start.min(span.start), end.max(span.end)));
    let lines = source.line_range(source.line_of(start), source.line_of(end.max(start)));
    let near = |offset: usize| (offset..source.text.len()).find(|&at| source.text.is_char_boundary(at));
    let first = near(start.saturating_sub(MARGIN)).unwrap_or(start).max(lines.start);
    let last = near(end + MARGIN).unwrap_or(source.text.len()).min(lines.end);
    first..last.max(first)
}

fn clip(offset: usize, view: &Range<usize>) -> usize {
    offset.clamp(view.start, view.end) - view.start
}
