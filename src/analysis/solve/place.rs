//! One search and what it means: of the whole run, or of one period.

use super::answer::{Ends, Flat, Jump, Nearest, Now, Places, SolutionEstimate};
use super::drawn::{Achieved, Chances};
use super::goal::Goal;
use super::question::{Compiled, compile};
use super::search::{Distance, Found, Target, search};
use super::whole;
use crate::formula::Path;
use crate::model::definition::DefinitionId;
use crate::numeric::design::Design;
use crate::numeric::roots::{Crossing, Interval};
use crate::scenario::{Changes, Scenario};

/// What is searched, and where.
pub struct Question<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The quantity.
    pub quantity: DefinitionId,
    /// What shall hold.
    pub goal: &'a Goal,
    /// Where to search.
    pub between: Interval,
    /// Whether the quantity is counted in whole things.
    pub counted: Counted,
    /// How draws are taken where the goal looks over them.
    pub design: Design,
}

/// Whether a quantity is counted in whole things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// In whole things, such as users.
    Whole,
    /// In any numbers, such as money.
    Any,
}

/// What was found, with the reasons of what was not.
pub struct Answered {
    /// The quantity as the scenario stands.
    pub quantity: Result<f64, String>,
    /// The outcome as the scenario stands.
    pub outcome: Result<f64, String>,
    /// Where the goal is met or passed, ascending.
    pub crossings: Vec<Met>,
    /// The outcome at both ends of the interval.
    pub ends: [Result<f64, String>; 2],
    /// Where it was searched.
    pub between: Interval,
    /// The value that the outcome shall have.
    pub goal: f64,
    /// Everything else that the search found.
    pub found: Found,
}

/// A place at which a goal is met or passed.
pub struct Met {
    /// The place.
    pub crossing: Crossing,
    /// The whole number beside it that reaches the goal, and the outcome there, where one is asked for and there is one.
    pub whole: Option<(f64, f64)>,
    /// What is achieved there, where the goal looks over draws.
    pub achieved: Option<Achieved>,
}

/// Answers a question for a model that is compiled with its outcome; `period` says which period the outcome is of.
pub fn answer(question: &Question<'_>, compiled: &Compiled, period: Option<usize>) -> Answered {
    let Compiled { model, outcome } = compiled;
    let target = Target { quantity: question.quantity, outcome: *outcome, value: question.goal.value };
    let chances = question.goal.over_draws().map(|call| Chances {
        model,
        target,
        statistic: call.statistic,
        design: question.design,
    });
    let (found, achieved) = match &chances {
        Some(chances) => chances.search(question.between),
        None => (search(model, target, question.between), Vec::new()),
    };
    let mut distance = Distance::new(model, target);
    let mut met = |(at, crossing): (usize, &Crossing)| {
        let mut distances = |places: &[f64]| match &chances {
            Some(chances) => chances.distances(places),
            None => distance.at(places),
        };
        let whole = match question.counted {
            Counted::Whole => whole::reaching(*crossing, question.goal.better(), question.between, &mut distances),
            Counted::Any => None,
        };
        let whole = whole.map(|at| (at, distances(&[at])[0] + question.goal.value));
        Met { crossing: *crossing, whole, achieved: achieved.get(at).copied() }
    };
    let crossings = found.crossings.iter().enumerate().map(&mut met).collect();
    let path = &model.definitions()[question.quantity].path;
    let end = |at, value: f64| match &chances {
        _ if value.is_finite() => Ok(value),
        Some(chances) => chances.at(Some(at)).map(|found| found.value),
        None => Err(why(question, path, at, period)),
    };
    let ends = [end(question.between.low(), found.ends[0]), end(question.between.high(), found.ends[1])];
    let values = model.values();
    let quantity = match period {
        None if model.varies(question.quantity) => Err("it has a value of its own in each period".to_owned()),
        _ => values.get(question.quantity, period.unwrap_or(0)),
    };
    Answered {
        quantity,
        outcome: match &chances {
            Some(chances) => chances.at(None).map(|found| found.value),
            None => values.get(*outcome, 0),
        },
        crossings,
        ends,
        between: question.between,
        goal: question.goal.value,
        found,
    }
}

/// Why the outcome has no value where the quantity has that one.
fn why(question: &Question<'_>, path: &Path, at: f64, period: Option<usize>) -> String {
    let Changes { case, mut settings } = question.scenario.changes();
    settings.push(format!("{path}={at}"));
    let run = question.scenario.with(&Changes { case, settings });
    let run = run.and_then(|scenario| compile(&scenario, question.goal, period));
    let reason = run.ok().and_then(|Compiled { model, outcome }| model.values().get(outcome, 0).err());
    reason.unwrap_or_else(|| "it is undefined there".to_owned())
}

impl Met {
    /// What is known of a solution that was found by draws.
    fn estimate(&self) -> Option<SolutionEstimate> {
        let Achieved { value, error } = self.achieved?;
        matches!(self.crossing, Crossing::Root(_)).then_some(SolutionEstimate { achieved: value, error })
    }
}

impl Answered {
    /// Whether the goal is met anywhere.
    pub fn is_solved(&self) -> bool {
        self.crossings.iter().any(|met| !matches!(met.crossing, Crossing::Jump { .. }))
    }

    /// The place at which the outcome comes nearer to a goal that it never meets than at both ends.
    pub fn nearest(&self) -> Option<Nearest> {
        let (at, value) = self.found.nearest?;
        let size = |value: f64| (value - self.goal).abs();
        let is_nearer = |end: &f64| !end.is_finite() || size(value) < size(*end) * (1.0 - 1e-12);
        self.found.ends.iter().all(is_nearer).then_some(Nearest { at, value })
    }

    /// The answer as scripts see it.
    pub fn places(&self, counted: Counted) -> Places {
        let roots = self.crossings.iter().filter_map(|met| match met.crossing {
            Crossing::Root(at) => Some((at, met.whole.map(|(at, _)| at))),
            _ => None,
        });
        let (solutions, whole): (Vec<f64>, Vec<Option<f64>>) = roots.unzip();
        let mut places = Places {
            now: Now { quantity: self.quantity.clone().ok(), metric: self.outcome.clone().ok() },
            solutions,
            whole: if counted == Counted::Whole { whole } else { Vec::new() },
            estimates: self.crossings.iter().filter_map(Met::estimate).collect(),
            jumps: Vec::new(),
            flats: Vec::new(),
            ends: None,
            nearest: self.nearest(),
        };
        for met in &self.crossings {
            let whole = met.whole.map(|(at, _)| at);
            match met.crossing {
                Crossing::Root(_) => {}
                Crossing::Jump { at, before, after } => places.jumps.push(Jump { at, before, after, whole }),
                Crossing::Flat { from, to } => places.flats.push(Flat { from, to, whole }),
            }
        }
        if !self.is_solved() {
            let [low, high] = self.ends.clone().map(Result::ok);
            places.ends = Some(Ends { low, high });
        }
        places
    }

    /// The reasons of what has no value, by the keys of the answer; `none` is the reason where nothing meets the goal.
    pub fn undefined(&self, counted: Counted, none: String) -> Vec<(String, String)> {
        let mut undefined = Vec::new();
        let mut keep = |key: String, value: &Result<f64, String>| {
            undefined.extend(value.clone().err().map(|reason| (key, reason)));
        };
        keep("now.quantity".to_owned(), &self.quantity);
        keep("now.metric".to_owned(), &self.outcome);
        if !self.is_solved() {
            keep("solutions".to_owned(), &Err(none));
            keep("ends.low".to_owned(), &self.ends[0]);
            keep("ends.high".to_owned(), &self.ends[1]);
        }
        let roots = self.crossings.iter().filter(|met| matches!(met.crossing, Crossing::Root(_)));
        for (at, _) in roots.enumerate().filter(|(_, met)| counted == Counted::Whole && met.whole.is_none()) {
            keep(format!("whole[{at}]"), &Err("no whole number beside it reaches the goal".to_owned()));
        }
        undefined
    }
}
