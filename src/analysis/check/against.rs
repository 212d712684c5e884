//! The numbers that take the place of calls in a condition: of another version of the scenario, for `before(x)` and
//! `change(x)`, and of all draws, for `probability(x > 0)` and others.

use std::collections::HashMap;

use crate::analysis::over_draws::{Estimate, Estimates};
use crate::formula::functions::{Against, Function, Meaning};
use crate::formula::{Expression, NodeId, NodeKind};
use crate::model::{Model, Question};
use crate::numeric::design::Design;
use crate::scenario::{Changes, Scenario};

/// A scenario with its model and what was found over its draws.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its model.
    pub model: &'a Model,
    /// What its draws say of the conditions.
    pub estimates: &'a Estimates,
}

/// The other version, or why there is none: it has no such case.
pub type Other = Result<(Scenario, Model, Estimates), String>;

/// The numbers that take the place of calls in a condition, by their steps.
#[derive(Debug, Default)]
pub struct Numbers(HashMap<NodeId, Estimate>);

impl Numbers {
    /// The number of a step.
    pub fn value(&self, step: NodeId) -> Option<f64> {
        self.0.get(&step).map(|estimate| estimate.value)
    }

    /// The number of a step by one randomization of the draws.
    pub fn by(&self, step: NodeId, randomization: usize) -> Option<f64> {
        self.0.get(&step).map(|estimate| estimate.by(randomization))
    }

    /// How many randomizations stand behind the numbers in parts of a condition; 0 where they are certain, or one of
    /// the randomizations tells nothing.
    pub fn randomizations(&self, condition: &Expression, parts: &[NodeId]) -> usize {
        let numbers = self.within(condition, parts);
        let is_known = numbers.iter().all(|number| number.apart.iter().all(|value| value.is_finite()));
        numbers.iter().map(|number| number.apart.len()).max().filter(|_| is_known).unwrap_or(0)
    }

    /// What one draw makes of the numbers in parts of a condition.
    pub fn finest(&self, condition: &Expression, parts: &[NodeId]) -> f64 {
        self.within(condition, parts).iter().map(|number| number.finest).fold(0.0, f64::max)
    }

    /// The numbers in parts of a condition.
    fn within(&self, condition: &Expression, parts: &[NodeId]) -> Vec<&Estimate> {
        let mut left = parts.to_vec();
        let mut found = Vec::new();
        while let Some(step) = left.pop() {
            match self.0.get(&step) {
                Some(number) => found.push(number),
                None => left.extend(condition.nodes()[step].kind.operands()),
            }
        }
        found
    }
}

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

/// The other version with that case laid over it, and what its draws say of the conditions.
pub fn with_case<'e>(
    other: &Scenario,
    case: Option<&str>,
    conditions: impl Iterator<Item = &'e Expression>,
    design: Design,
) -> Other {
    let changes = Changes { case: case.map(str::to_owned), ..other.changes() };
    let laid = other.with(&changes).map_err(|error| in_words(&error, other))?;
    let model = Model::compile(&laid).map_err(|error| in_words(&error, other))?;
    let compared: Vec<Expression> = conditions
        .flat_map(|condition| comparisons(condition).map(|(_, _, _, x)| condition.part_with(x, |_| None)))
        .collect();
    let estimates = Estimates::of(&laid, &model, &compared, design).map_err(|error| in_words(&error, other))?;
    Ok((laid, model, estimates))
}

fn in_words(error: &crate::error::Error, other: &Scenario) -> String {
    let what = error.problems.first().map_or("it cannot be read", |problem| &problem.message);
    format!("{}: {what}", file(other))
}

/// What the file of a scenario is called.
fn file(scenario: &Scenario) -> &str {
    scenario.sources.get(0).map_or("the other version", |source| &source.name)
}

/// The numbers of all calls of a condition that look over the draws or into the other version.
///
/// # Errors
/// Why one of them has no value, as a clause.
pub fn numbers(condition: &Expression, new: Version<'_>, other: Option<&Other>) -> Result<Numbers, String> {
    let mut numbers = HashMap::new();
    for (step, function, against, argument) in comparisons(condition) {
        let Some(other) = other else { continue };
        let asked = condition.part_with(argument, |_| None);
        let lost = |reason: String| format!("`{}({asked})` has no value: {reason}", function.name);
        let (scenario, model, estimates) = other.as_ref().map_err(|reason| lost(reason.clone()))?;
        let old = Version { scenario, model, estimates };
        let before = ask(old, &asked).map_err(|reason| lost(format!("in {}, {reason}", file(scenario))))?;
        let estimate = match against {
            Against::Before => before,
            Against::Change if before.value == 0.0 => {
                return Err(lost(format!("in {}, `{asked}` is 0", file(scenario))));
            }
            Against::Change => {
                ask(new, &asked).map_err(lost)?.with(&before, |now, before| (now - before) / before.abs())
            }
        };
        numbers.insert(step, estimate);
    }
    numbers.extend(new.estimates.numbers(condition)?);
    Ok(Numbers(numbers))
}

/// The value of a formula as a question of the whole run, once for all draws and once for each randomization of them.
fn ask(version: Version<'_>, asked: &Expression) -> Result<Estimate, String> {
    let numbers = Numbers(version.estimates.numbers(asked)?);
    let root = asked.nodes().len() - 1;
    let randomizations = numbers.randomizations(asked, &[root]);
    let all = asked.part_with(root, |step| numbers.value(step));
    if let Some(problem) = version.model.wrong_in_question(&all).into_iter().next() {
        return Err(problem.message);
    }
    let apart = (0..randomizations).map(|at| asked.part_with(root, |step| numbers.by(step, at)));
    let questions = std::iter::once(all).chain(apart);
    let questions: Vec<Question> =
        questions.map(|expression| Question { name: "compared".to_owned(), expression }).collect();
    let (model, ids) = Model::compile_with(version.scenario, &questions).map_err(|error| error.to_string())?;
    let Some((all, apart)) = ids.split_first() else { return Err("it has no value".to_owned()) };
    let values = model.values();
    Ok(Estimate {
        value: values.get(*all, 0)?,
        apart: apart.iter().map(|id| values.at(*id, 0)).collect(),
        finest: numbers.finest(asked, &[root]),
        ..Estimate::certain(0.0)
    })
}
