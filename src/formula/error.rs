//! What is wrong in a formula, and where.

use std::fmt;
use std::ops::Range;

use crate::error::{Problem, Span};

/// One thing that is wrong in a formula: a [`Problem`] whose places are bytes of the formula's own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// What is wrong, in one sentence in lower case, names in back-ticks.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// What is allowed and what to do, a sentence each.
    pub help: Vec<String>,
    /// Where it is wrong.
    pub span: Range<usize>,
    /// Other places that matter, each with what stands there.
    pub related: Vec<(Range<usize>, String)>,
}

impl FormulaError {
    /// An error at a place.
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), label: String::new(), help: Vec::new(), span, related: Vec::new() }
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
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
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help.extend(help);
        self
    }

    /// Points at a further place.
    #[must_use]
    pub fn related(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// The problem in the file that the formula stands in, where `place` tells the bytes of the file from those of
    /// the formula.
    pub fn into_problem(self, place: impl Fn(Range<usize>) -> Span) -> Problem {
        Problem {
            message: self.message,
            span: Some(place(self.span)),
            label: self.label,
            related: self.related.into_iter().map(|(span, label)| (place(span), label)).collect(),
            help: self.help,
        }
    }
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FormulaError {}
