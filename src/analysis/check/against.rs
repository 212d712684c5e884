//! The numbers of another version of a scenario, for `before(x)` and `change(x)`.

use std::collections::HashMap;

use crate::formula::functions::{Against, Function, Meaning};
use crate::formula::{Expression, NodeId, NodeKind};
use crate::model::{Model, Question};
use crate::scenario::{Changes, Scenario};

/// A scenario with its model.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its model.
    pub model: &'a Model,
}

/// The other version, or why there is none: it has no such case.
pub type Other = Result<(Scenario, Model), String>;

/// The calls of a condition that look into another version.
pub fn comparisons(condition: &Expression) -> impl Iterator<Item = (NodeId, &'static Function, Against, NodeId)> {
    condition.nodes().iter().enumerate().filter_map(|(step, node)| match &node.kind {
        NodeKind::Call(function, arguments) => match function.meaning {
            Meaning::Against(against) => Some((step, *function, against, arguments[0])),
            _ => None,
        },
        _ => None,
    })
}

/// The other version with that case laid over it.
pub fn with_case(other: &Scenario, case: Option<&str>) -> Other {
    let changes = Changes { case: case.map(str::to_owned), ..other.changes() };
    let laid = other.with(&changes).map_err(|error| in_words(&error, other))?;
    let model = Model::compile(&laid).map_err(|error| in_words(&error, other))?;
    Ok((laid, model))
}

fn in_words(error: &crate::error::Error, other: &Scenario) -> String {
    let what = error.problems.first().map_or("it cannot be read", |problem| &problem.message);
    format!("{}: {what}", file(other))
}

/// What the file of a scenario is called.
fn file(scenario: &Scenario) -> &str {
    scenario.sources.get(0).map_or("the other version", |source| &source.name)
}

/// The numbers of all calls of a condition that look into the other version.
///
/// # Errors
/// Why one of them has no value, as a clause.
pub fn numbers(condition: &Expression, new: Version<'_>, other: &Other) -> Result<HashMap<NodeId, f64>, String> {
    let number = |(step, function, against, argument): (NodeId, &Function, Against, NodeId)| {
        let asked = condition.part_with(argument, |_| None);
        let lost = |reason: String| format!("`{}({asked})` has no value: {reason}", function.name);
        let (scenario, model) = other.as_ref().map_err(|reason| lost(reason.clone()))?;
        let old = Version { scenario, model };
        let before = ask(old, &asked).map_err(|reason| lost(format!("in {}, {reason}", file(scenario))))?;
        let value = match against {
            Against::Before => before,
            Against::Change if before == 0.0 => return Err(lost(format!("in {}, `{asked}` is 0", file(scenario)))),
            Against::Change => (ask(new, &asked).map_err(lost)? - before) / before.abs(),
        };
        Ok((step, value))
    };
    comparisons(condition).map(number).collect()
}

/// The value of a formula as a question of the whole run.
fn ask(version: Version<'_>, asked: &Expression) -> Result<f64, String> {
    if let Some(problem) = version.model.wrong_in_question(asked).into_iter().next() {
        return Err(problem.message);
    }
    let question = Question { name: "compared".to_owned(), expression: asked.clone() };
    let (model, ids) = Model::compile_with(version.scenario, &[question]).map_err(|error| error.to_string())?;
    let [id] = ids[..] else { return Err("it has no value".to_owned()) };
    model.values().get(id, 0)
}
