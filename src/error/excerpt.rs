//! Problems drawn with the lines they stand in and a caret under the place, as compilers do.

use std::borrow::Cow;
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

/// How many characters of a sentence are shown.
const LONGEST: usize = 2_000;

/// All problems of an error, each with its excerpt, ending in a line break.
pub fn draw(error: &Error, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Color => Renderer::styled(),
    };
    let mut out = String::new();
    for problem in error.problems.iter().take(SHOWN) {
        let drawing = renderer.render(&[group(problem, &error.sources)]);
        let lines = drawing.lines().filter(|line| problem.span.is_some() || !is_gutter(line));
        lines.for_each(|line| out.extend([line, "\n"]));
        out.push('\n');
    }
    let rest = error.problems.len().saturating_sub(SHOWN);
    if rest > 0 {
        let _ = writeln!(out, "error: and {rest} more\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Whether a line is nothing but the stroke that leads to an excerpt; without an excerpt it leads nowhere.
fn is_gutter(line: &str) -> bool {
    let mut visible = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        visible.push_str(before);
        rest = behind.split_once('m').map_or("", |(_, rest)| rest);
    }
    visible.push_str(rest);
    visible.trim() == "|"
}

/// A sentence without the middle of what is too long to read, such as a name of a megabyte.
fn brief(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let half = LONGEST / 2;
    let first_end = text.char_indices().nth(half).map_or(text.len(), |(at, _)| at);
    let last_start = text.char_indices().rev().nth(half - 1).map_or(0, |(at, _)| at);
    if first_end >= last_start {
        return Cow::Borrowed(text);
    }
    let (first, last) = (&text[..first_end], &text[last_start..]);
    Cow::Owned(format!("{first} … {last}"))
}

fn group<'a>(problem: &'a Problem, sources: &'a Sources) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(brief(&problem.message)));
    let main = problem.span.and_then(|span| Some((span, sources.get(span.source)?)));
    if let Some((span, source)) = main {
        let related: Vec<_> = problem.related.iter().filter(|(other, _)| other.source == span.source).collect();
        let view = view(source, std::iter::once(span).chain(related.iter().map(|(other, _)| *other)));
        let inside = |span: Span| clip(span.start, &view)..clip(span.end, &view);
        // The carriage return of a line break is no character to be shown; a space keeps all offsets.
        let mut snippet = Snippet::source(source.text[view.clone()].trim_end_matches('\r').replace("\r\n", " \n"))
            .line_start(source.line_of(view.start) + 1)
            .path(source.name.as_str())
            .annotation(AnnotationKind::Primary.span(inside(span)).label(brief(&problem.label)));
        for (other, label) in related {
            snippet = snippet.annotation(AnnotationKind::Context.span(inside(*other)).label(brief(label)));
        }
        group = group.element(snippet);
    }
    for (span, label) in &problem.related {
        if main.is_none_or(|(main, _)| main.source != span.source)
            && let Some((name, position)) = sources.locate(*span)
        {
            group = group.element(Origin::path(name).line(position.line).char_column(position.column));
            group = group.element(Level::NOTE.message(brief(label)));
        }
    }
    group.elements(problem.help.iter().map(|help| Level::HELP.message(brief(help))))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_place_there_is_no_stroke_that_leads_nowhere() {
        let error = Error::from(Problem::nowhere("there is no case `x`").help("the cases are `a`, `b`"));
        assert_eq!(draw(&error, Style::Plain), "error: there is no case `x`\n = help: the cases are `a`, `b`\n");
        let colored = draw(&error, Style::Color);
        assert_eq!(colored.lines().count(), 2, "{colored:?}");
    }

    #[test]
    fn the_middle_of_a_sentence_that_is_too_long_is_left_out() {
        assert_eq!(brief("short"), "short");
        let shown = brief(&"é".repeat(1_000_000)).into_owned();
        assert_eq!(shown, format!("{0} … {0}", "é".repeat(LONGEST / 2)));
        let just_short = "é".repeat(LONGEST);
        assert_eq!(brief(&just_short), just_short);
    }
}
