//! The metrics and formulas that a question is asked about.

use crate::error::{Error, Source, Sources, Span};
use crate::formula::{self, Expression, NodeKind};
use crate::model::definition::{DefinitionId, Unit};
use crate::model::{Model, Question};

/// What is computed in each row or draw.
#[derive(Clone, Debug)]
pub struct Metric {
    /// The formula, as it was asked.
    pub name: String,
    /// Its definition in the model.
    pub id: DefinitionId,
    /// Its unit.
    pub unit: Unit,
}

/// The formulas without blanks around them, each once; the usual ones where there are none.
pub fn distinct<'a>(formulas: &'a [String], usual: &[&'a str]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for name in formulas.iter().map(|name| name.trim()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.extend(usual);
    }
    names
}

/// The formulas given by an option as questions, or all that is wrong with them.
pub fn questions(option: &str, texts: &[&str]) -> Result<Vec<Question>, Error> {
    asked(option, texts, formula::parse)
}

/// The conditions given by an option as questions, or all that is wrong with them.
pub fn conditions(option: &str, texts: &[&str]) -> Result<Vec<Question>, Error> {
    asked(option, texts, formula::parse_condition)
}

fn asked(
    option: &str,
    texts: &[&str],
    parse: impl Fn(&str) -> Result<Expression, formula::FormulaError>,
) -> Result<Vec<Question>, Error> {
    let mut sources = Sources::new();
    let (mut questions, mut problems) = (Vec::new(), Vec::new());
    for text in texts {
        let source = sources.add(Source::new(option, *text));
        match parse(text) {
            Ok(expression) => questions.push(Question { name: format!("{option} {text}"), expression }),
            Err(error) => problems.push(error.into_problem(|part| Span::new(source, part))),
        }
    }
    if problems.is_empty() { Ok(questions) } else { Err(Error::new(sources, problems)) }
}

/// What was asked, found in the model that was compiled with it.
pub fn metrics(model: &Model, names: &[&str], questions: &[Question], ids: &[DefinitionId]) -> Vec<Metric> {
    let asked = names.iter().zip(questions.iter().zip(ids));
    asked.map(|(name, (question, id))| metric(model, name, &question.expression, *id)).collect()
}

/// A metric or a line's total has a unit and reasons of its own; any other formula is the question that was asked.
fn metric(model: &Model, name: &str, expression: &Expression, asked: DefinitionId) -> Metric {
    let known = match &expression.root().kind {
        NodeKind::Path(path) => model.find(path).ok(),
        _ => None,
    };
    let known = known.and_then(|id| match model.line_of(id) {
        Some(line) => Some(line.total),
        None => model.is_outcome(id).then_some(id),
    });
    let id = known.unwrap_or(asked);
    Metric { name: name.to_owned(), id, unit: model.definitions()[id].unit.clone() }
}
