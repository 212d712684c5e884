//! Numbers over all draws that formulas ask for: `probability(profit > 0)`, `percentile(npv, 5)`.
//!
//! Each comes with its estimates by the independent randomizations of the draws, which tell how far it may be off, and
//! what is computed from it as well (A. B. Owen, Monte Carlo theory, methods and examples, chapter 17).

use indexmap::IndexMap;
use std::collections::HashMap;
use std::ops::ControlFlow;

use super::draws::Sampler;
use super::draws::whole::{self, Whole, Wish, float};
use crate::error::{Error, Problem};
use crate::formula::functions::{Meaning, OverDraws};
use crate::formula::{Expression, NodeId, NodeKind};
use crate::model::definition::DefinitionId;
use crate::model::{Model, Question};
use crate::numeric::design::{BLOCK, Design, REPLICATES};
use crate::numeric::moments::Moments;
use crate::numeric::percentiles::Wanted;
use crate::scenario::Scenario;

/// A number over all draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// How likely a condition is.
    Probability,
    /// The value that this share of the draws does not exceed.
    Percentile(f64),
    /// The mean.
    Expected,
    /// The standard deviation.
    Deviation,
}

/// The call of a function over all draws in a formula.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The step of the call.
    pub step: NodeId,
    /// What is asked.
    pub statistic: Statistic,
    /// The step of what it is asked of.
    pub argument: NodeId,
}

/// The calls of functions over all draws in a formula.
pub fn calls(expression: &Expression) -> impl Iterator<Item = Call> {
    let nodes = expression.nodes();
    nodes.iter().enumerate().filter_map(|(step, node)| {
        let NodeKind::Call(function, arguments) = &node.kind else { return None };
        let Meaning::OverDraws(over) = function.meaning else { return None };
        let percent = arguments.get(1).map(|percent| &nodes[*percent].kind);
        let statistic = match (over, percent) {
            (OverDraws::Percentile, Some(NodeKind::Number(percent))) => Statistic::Percentile(percent / 100.0),
            // Compiling refuses a percentile that is no plain number.
            (OverDraws::Percentile, _) => return None,
            (OverDraws::Probability, _) => Statistic::Probability,
            (OverDraws::Expected, _) => Statistic::Expected,
            (OverDraws::Deviation, _) => Statistic::Deviation,
        };
        Some(Call { step, statistic, argument: arguments[0] })
    })
}

/// A number that is estimated by draws, or computed from such numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// By all draws.
    pub value: f64,
    /// By those of each randomization; NaN where they tell nothing, and nothing of what is no estimate but certain.
    pub apart: Vec<f64>,
    /// The share of the draws that have a value.
    pub defined: f64,
    /// What one draw makes of a probability: it is known no better, however alike the randomizations are.
    pub finest: f64,
}

impl Estimate {
    /// A number that is certain.
    pub fn certain(value: f64) -> Self {
        Self { value, apart: Vec::new(), defined: 1.0, finest: 0.0 }
    }

    /// By the draws of one randomization.
    pub fn by(&self, randomization: usize) -> f64 {
        if self.apart.is_empty() { self.value } else { self.apart.get(randomization).copied().unwrap_or(f64::NAN) }
    }

    /// What follows from two estimates.
    pub fn with(&self, other: &Self, compute: impl Fn(f64, f64) -> f64) -> Self {
        let randomizations = self.apart.len().max(other.apart.len());
        Self {
            value: compute(self.value, other.value),
            apart: (0..randomizations).map(|at| compute(self.by(at), other.by(at))).collect(),
            defined: self.defined.min(other.defined),
            finest: self.finest.max(other.finest),
        }
    }
}

/// The standard error of an estimate, by those of the independent randomizations: s/√R; none of too few of them.
#[expect(clippy::cast_precision_loss, reason = "a handful of randomizations")]
pub fn error(apart: &[f64]) -> Option<f64> {
    let is_known = apart.iter().all(|value| value.is_finite());
    Moments::of(apart).deviation().filter(|_| is_known).map(|deviation| deviation / (apart.len() as f64).sqrt())
}

/// What the calls in some formulas have found.
#[derive(Debug, Default)]
pub struct Estimates {
    /// By the text of the call, its estimate, or why it has no value, as a clause.
    found: IndexMap<String, Result<Estimate, String>>,
}

/// What is asked of the draws of one argument.
struct Column {
    question: Question,
    asked: Vec<(String, Statistic)>,
}

impl Estimates {
    /// Finds all calls of some formulas by one set of draws.
    ///
    /// # Errors
    /// Formulas that cannot be compiled, where the model has not refused them.
    pub fn of<'e>(
        scenario: &Scenario,
        model: &Model,
        formulas: impl IntoIterator<Item = &'e Expression>,
        design: Design,
    ) -> Result<Self, Error> {
        let mut estimates = Self::default();
        let mut columns: IndexMap<String, Column> = IndexMap::new();
        for formula in formulas {
            for call in calls(formula) {
                let text = formula.part(call.step).to_string();
                let argument = formula.part_with(call.argument, |_| None);
                let key = argument.to_string();
                if let Some(problem) = model.wrong_in_question(&argument).into_iter().next() {
                    estimates.found.insert(text, Err(problem.message));
                    continue;
                }
                let column = columns.entry(key).or_insert_with_key(|key| Column {
                    question: Question { name: key.clone(), expression: argument },
                    asked: Vec::new(),
                });
                if !column.asked.iter().any(|(known, _)| *known == text) {
                    column.asked.push((text, call.statistic));
                }
            }
        }
        if !columns.is_empty() {
            estimates.draw(scenario, &columns.into_values().collect::<Vec<_>>(), design)?;
        }
        Ok(estimates)
    }

    fn draw(&mut self, scenario: &Scenario, columns: &[Column], design: Design) -> Result<(), Error> {
        let questions: Vec<Question> = columns.iter().map(|column| column.question.clone()).collect();
        let (model, ids) = Model::compile_with(scenario, &questions)?;
        let simulation = model.simulation(&[], &ids).map_err(|found| Problem::nowhere(found.wrong.reason))?;
        let wishes: Vec<Wish> =
            columns.iter().map(|column| wish(column.asked.iter().map(|(_, asked)| *asked))).collect();
        let whole = whole::of(&Sampler::new(&simulation, design), &wishes, &mut |_| ControlFlow::Continue(()));
        let uncertain = model.uncertain();
        for (at, (column, id)) in columns.iter().zip(&ids).enumerate() {
            let certain = (!uncertain[*id]).then(|| model.values().get(*id, 0));
            for (text, statistic) in &column.asked {
                let found = match &certain {
                    Some(Err(reason)) => Err(reason.clone()),
                    Some(Ok(_)) => estimate(&whole, at, *statistic).map(|found| Estimate::certain(found.value)),
                    None => estimate(&whole, at, *statistic),
                };
                self.found.insert(text.clone(), found);
            }
        }
        Ok(())
    }

    /// The estimates of all calls of a formula, by their steps.
    ///
    /// # Errors
    /// Why one of them has no value, as a clause.
    pub fn numbers(&self, formula: &Expression) -> Result<HashMap<NodeId, Estimate>, String> {
        let number = |call: Call| {
            let text = formula.part(call.step).to_string();
            let found = self.found.get(&text).cloned().unwrap_or_else(|| Err("it was not asked".to_owned()));
            Ok((call.step, found.map_err(|reason| format!("`{text}` has no value: {reason}"))?))
        };
        calls(formula).map(number).collect()
    }

    /// The calls that have a value, with it.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Estimate)> {
        self.found.iter().filter_map(|(text, found)| Some((text.as_str(), found.as_ref().ok()?)))
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// A number over the draws of a definition, where quantities have these values.
///
/// # Errors
/// Why there is none, as a clause.
pub fn at(
    model: &Model,
    settings: &[(DefinitionId, f64)],
    outcome: DefinitionId,
    statistic: Statistic,
    design: Design,
) -> Result<Estimate, String> {
    let simulation = model.simulation(settings, &[outcome]).map_err(|found| found.wrong.reason)?;
    let whole = whole::of(&Sampler::new(&simulation, design), &[wish([statistic].into_iter())], &mut |_| {
        ControlFlow::Continue(())
    });
    estimate(&whole, 0, statistic)
}

/// What is wanted of a column of which these are asked.
fn wish(asked: impl Iterator<Item = Statistic>) -> Wish {
    let shares: Vec<f64> = asked
        .filter_map(|statistic| match statistic {
            Statistic::Percentile(share) => Some(share),
            _ => None,
        })
        .collect();
    if shares.is_empty() { Wish::Moments } else { Wish::Apart(Wanted { shares, tail: None }) }
}

/// One number over the draws of a column.
///
/// # Errors
/// Why there is none, as a clause.
fn estimate(whole: &Whole, column: usize, statistic: Statistic) -> Result<Estimate, String> {
    let known = &whole.moments[column];
    let (defined, known_mean) = (known.whole().defined(), known.whole().mean());
    // A condition that has no value in a draw does not hold there.
    let moments =
        if statistic == Statistic::Probability && known_mean.is_some() { known.missing_as_zero() } else { *known };
    let all = moments.whole();
    let of = |moments: &Moments| match statistic {
        Statistic::Deviation => moments.deviation(),
        _ => moments.mean(),
    };
    let blocks = usize::try_from(whole.design.samples.div_ceil(BLOCK as u64)).unwrap_or(REPLICATES);
    let randomizations = blocks.min(REPLICATES);
    let (value, apart): (Option<f64>, Vec<Option<f64>>) = match statistic {
        Statistic::Percentile(share) => {
            let of = |found: &crate::numeric::percentiles::Found, shares: &[f64]| {
                let at = shares.iter().position(|known| *known == share)?;
                found.percentiles.get(at).copied().flatten()
            };
            let shares = whole.shares(column);
            (
                whole.found(column).and_then(|found| of(found, shares)),
                whole.apart(column).map(|found| of(found, shares)).collect(),
            )
        }
        _ => (of(&all), moments.apart().iter().map(of).collect()),
    };
    let missing =
        if all.mean().is_none() { "it has no value in any draw" } else { "it takes two draws that have a value" };
    Ok(Estimate {
        value: value.ok_or(missing)?,
        apart: apart.into_iter().take(randomizations).map(|value| value.unwrap_or(f64::NAN)).collect(),
        defined,
        finest: if statistic == Statistic::Probability { 1.0 / float(whole.samples) } else { 0.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_that_between_randomizations() {
        // 1, 3, 1, 3: s = √(4/3), over √4.
        let estimate = Estimate { value: 2.0, apart: vec![1.0, 3.0, 1.0, 3.0], ..Estimate::certain(0.0) };
        assert!((error(&estimate.apart).unwrap() - (4.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-15);
        // What follows from it and a certain number: twice as much.
        let double = estimate.with(&Estimate::certain(2.0), |a, b| a * b);
        assert_eq!((double.value, error(&double.apart)), (4.0, error(&estimate.apart).map(|error| 2.0 * error)));
        // The same draws on both sides leave nothing to chance.
        assert_eq!(error(&estimate.with(&estimate, |a, b| a - b).apart), Some(0.0));
        assert_eq!(error(&Estimate::certain(2.0).apart), None);
        assert_eq!(error(&[1.0, f64::NAN]), None);
    }
}
