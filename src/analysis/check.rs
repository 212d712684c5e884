//! `check`: does a scenario still meet its expectations?
//!
//! A condition is asked of the model as it is written. To tell what was found, it is taken apart into comparisons, whose
//! two sides are asked as well; a comparison over the periods is told by the period that decides it. What a condition
//! asks of all draws, `probability(profit > 0)`, is found first, and its number put in its place.

mod against;
mod layout;
mod part;
mod remarks;
mod verdict;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, Problem};
use crate::formula::{self, Expression, NodeId};
use crate::model::definition::{DefinitionId, Unit};
use crate::model::{Model, Question, Values, count};
use crate::numeric::design::Design;
use crate::report::{Level, Place, Report};
use crate::scenario::checks::Cases;
use crate::scenario::{Changes, Check, Scenario};

pub use super::draws::Drawn;
use super::over_draws::{self, Estimates};
use against::{Numbers, Other, Version};
use part::{Claim, Over, Part};
use verdict::{Decided, Figures};

/// What `check` may be asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which cases are checked where the scenario has none laid over it.
    pub which: Which,
    /// Conditions besides those of the scenario.
    pub conditions: Vec<String>,
    /// Another version of the scenario.
    pub against: Option<Scenario>,
    /// How draws are taken for conditions that look over them.
    pub design: Design,
}

/// Which cases are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The scenario as it stands, and the cases that a check speaks of.
    #[default]
    Said,
    /// The scenario as it stands, and every case.
    Every,
}

/// The answer of `check`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Checks {
    /// How many checks hold.
    pub passed: usize,
    /// How many checks of level `fail` do not.
    pub failed: usize,
    /// How many checks of level `warn` do not.
    pub warned: usize,
    /// How the draws were taken that conditions look over; null where none does.
    pub draws: Option<Drawn>,
    /// The checks, in the order of the file.
    pub checks: Vec<Checked>,
}

/// What a check found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Checked {
    /// The check's name.
    pub name: String,
    /// The condition as it is written.
    pub condition: String,
    /// What follows where it does not hold.
    pub level: Level,
    /// Whether it holds; a condition without a value does not.
    pub ok: bool,
    /// The value on the left of the comparison that decides; null where the condition has no value, or is no comparison
    /// of two values.
    pub found: Option<f64>,
    /// The value on the right.
    pub expected: Option<f64>,
    /// How the two must compare: `>=`.
    pub relation: Option<&'static str>,
    /// Found − expected.
    pub difference: Option<f64>,
    /// The difference as a fraction of the expected value; null where that is 0.
    pub relative: Option<f64>,
    /// The standard error of the difference, where it comes of draws and there are enough of them to tell; else null.
    pub error: Option<f64>,
    /// The label of the period that decides: the first that breaks a condition on every period.
    pub period: Option<String>,
    /// What was expected and what was found, in a sentence.
    pub message: String,
    /// The case in which it was asked.
    pub case: Option<String>,
    /// What to do or to know where it does not hold, as the scenario says it.
    pub note: Option<String>,
    /// Where the condition stands; null where it does not stand in a file.
    pub place: Option<Place>,
}

/// Checks a scenario: one report for it as it stands, and one for each case. Where a case is laid over it already, it
/// is checked with that case alone.
///
/// # Errors
/// There is nothing to check; a condition cannot be read, or names nothing; a condition speaks of another version of
/// the scenario, and there is none.
pub fn reports(scenario: &Scenario, options: &Options) -> Result<Vec<Report>, Error> {
    let mut reports = Vec::new();
    for case in cases(scenario, options.which) {
        // Where nobody chose the case, only checks that speak of it are meant.
        let chosen = options.which == Which::Every || case == scenario.case;
        let laid = laid_over(scenario, case.as_ref(), &options.conditions)?;
        let meant = |check: &&Check| check.concerns(case.as_deref()) && (chosen || check.cases != Cases::Unsaid);
        let checks: Vec<&Check> = laid.checks.iter().filter(meant).collect();
        if !checks.is_empty() {
            reports.push(report(&laid, &checks, options)?);
        }
    }
    if reports.is_empty() {
        let file = scenario.sources.get(0).map_or("the scenario", |source| &source.name);
        return Err(Problem::nowhere(format!("`{file}` has nothing to check"))
            .help("add `[checks]` and under it what must hold: `profitable = \"profit > 0\"`")
            .help("or say it here: `--that \"profit > 0\"`")
            .into());
    }
    Ok(reports)
}

/// The cases to look at, the scenario as it stands first.
fn cases(scenario: &Scenario, which: Which) -> Vec<Option<String>> {
    if scenario.case.is_some() {
        return vec![scenario.case.clone()];
    }
    let spoken_of = |name: &String| {
        which == Which::Every
            || scenario.checks.iter().any(|check| match &check.cases {
                Cases::One(one, _) => one == name,
                Cases::All => true,
                Cases::Unsaid => false,
            })
    };
    std::iter::once(None).chain(scenario.cases.keys().filter(|name| spoken_of(name)).cloned().map(Some)).collect()
}

/// The scenario with a case laid over it and the conditions added.
fn laid_over(scenario: &Scenario, case: Option<&String>, conditions: &[String]) -> Result<Scenario, Error> {
    let mut laid = scenario.with(&Changes { case: case.cloned(), ..scenario.changes() })?;
    for condition in conditions {
        laid.add_check(condition)?;
    }
    Ok(laid)
}

fn report(scenario: &Scenario, checks: &[&Check], options: &Options) -> Result<Report, Error> {
    let model = Model::compile(scenario)?;
    let conditions = || checks.iter().map(|check| &check.condition.expression);
    let other = match &options.against {
        Some(other) => Some(against::with_case(other, scenario.case.as_deref(), conditions(), options.design)),
        None => refuse_comparisons(scenario, checks).map(|()| None)?,
    };
    let estimates = Estimates::of(scenario, &model, conditions(), options.design)?;
    let version = Version { scenario, model: &model, estimates: &estimates };
    let mut questions = Vec::new();
    let asked: Vec<_> = checks.iter().map(|check| Asked::new(check, version, other.as_ref(), &mut questions)).collect();
    let (model, ids) = Model::compile_with(scenario, &questions)?;
    let answers = Answers { values: model.values(), ids };
    let verdicts = asked.into_iter().map(|asked| asked.decide(&answers)).collect::<Vec<_>>();
    let drawn = (!estimates.is_empty()).then_some(options.design);
    let report = layout::report(scenario, checks, &verdicts, drawn);
    Ok(Report {
        notes: remarks::of(&model, &estimates, checks, &verdicts, drawn).chain(report.notes).collect(),
        ..report
    })
}

/// Refuses conditions that look into another version where there is none.
fn refuse_comparisons(scenario: &Scenario, checks: &[&Check]) -> Result<(), Error> {
    let problems: Vec<_> = checks
        .iter()
        .filter_map(|check| {
            let (step, function, ..) = against::comparisons(&check.condition.expression).next()?;
            let span = check.condition.locate(&check.condition.expression.nodes()[step].span);
            Some(
                Problem::at(span, format!("`{}` looks into another version of the scenario", function.name))
                    .label("and there is none")
                    .help("say which: `--against OLD.toml`"),
            )
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::new(scenario.sources.clone(), problems)) }
}

/// What was asked about a check: the numbers of its questions.
struct Asked {
    condition: Result<usize, String>,
    parts: Vec<AskedPart>,
}

struct AskedPart {
    part: Part,
    subject: String,
    unit: Unit,
    holds: Option<usize>,
    period: Option<usize>,
    sides: Option<[usize; 2]>,
    /// The difference of the two sides by each randomization of the draws, where they depend on draws.
    apart: Vec<usize>,
    /// The smallest that the error of the difference can be.
    finest: f64,
}

/// What is known of a check after it was asked.
struct Verdict {
    /// Whether the condition holds, or why that is undefined.
    holds: Result<bool, String>,
    /// Its parts, those first that decide: the broken ones where it is broken.
    parts: Vec<Decided>,
}

impl Asked {
    fn new(check: &Check, version: Version<'_>, other: Option<&Other>, questions: &mut Vec<Question>) -> Self {
        let condition = &check.condition.expression;
        let numbers = match against::numbers(condition, version, other) {
            Ok(numbers) => numbers,
            Err(reason) => return Self { condition: Err(reason), parts: Vec::new() },
        };
        let number = |step: NodeId| numbers.value(step);
        let mut ask = |expression| {
            questions.push(Question { name: questions.len().to_string(), expression });
            questions.len() - 1
        };
        let whole = ask(condition.part_with(condition.nodes().len() - 1, number));
        let units = part::units(version.model, condition);
        let text = |step| condition.part_with(step, number).to_string();
        // A formula that grew too long to be read is not asked, and what it would have told is left out.
        let mut ask_text = |text: &str| formula::parse(text).ok().map(&mut ask);
        let parts = part::parts(condition);
        let several = parts.len() > 1;
        let mut asked = |part: Part| {
            let asked = part.questions(text);
            let unit = match part.claim {
                Claim::Relation(a, _, b) if units[a] == Unit::Number => units[b].clone(),
                Claim::Relation(a, ..) => units[a].clone(),
                Claim::Condition(_) | Claim::Not(_) => Unit::Number,
            };
            let sides = asked.sides.and_then(|[a, b]| Some([ask_text(&a)?, ask_text(&b)?]));
            let finest = match part.claim {
                Claim::Relation(a, _, b) => numbers.finest(condition, &[a, b]),
                Claim::Condition(_) | Claim::Not(_) => 0.0,
            };
            let apart = differences(condition, &part, &numbers).iter().filter_map(|text| ask_text(text)).collect();
            let subject = match part.claim {
                Claim::Condition(step) => condition.part(step).to_string(),
                Claim::Not(step) => format!("not ({})", condition.part(step)),
                Claim::Relation(a, ..) if several => condition.part(a).to_string(),
                Claim::Relation(..) => String::new(),
            };
            let holds = ask_text(&asked.holds);
            let period = asked.period.and_then(|period| ask_text(&period));
            AskedPart { part, subject, unit, holds, period, sides, apart, finest }
        };
        let parts = parts.into_iter().map(&mut asked).collect();
        Self { condition: Ok(whole), parts }
    }

    fn decide(self, answers: &Answers<'_>) -> Verdict {
        let holds = self.condition.and_then(|question| answers.get(question)).map(|value| value == 1.0);
        let mut parts: Vec<_> = self.parts.into_iter().map(|part| part.decide(answers)).collect();
        if let Ok(holds) = holds {
            // The sort is stable: within the two, the order is the author's.
            parts.sort_by_key(|part| part.holds != Some(holds));
        }
        Verdict { holds, parts }
    }
}

/// The difference of the two sides of a part by each randomization of the draws that they depend on.
fn differences(condition: &Expression, part: &Part, numbers: &Numbers) -> Vec<String> {
    let Part { over: Over::Run, claim: Claim::Relation(a, _, b) } = part else { return Vec::new() };
    let side = |step: NodeId, at: usize| condition.part_with(step, |step| numbers.by(step, at)).to_string();
    let randomizations = numbers.randomizations(condition, &[*a, *b]);
    (0..randomizations).map(|at| format!("({}) - ({})", side(*a, at), side(*b, at))).collect()
}

impl AskedPart {
    fn decide(self, answers: &Answers<'_>) -> Decided {
        let value = |question: usize| answers.get(question).ok();
        let figures = match (self.part.claim, self.sides.map(|sides| sides.map(value))) {
            (Claim::Relation(_, relation, _), Some([Some(found), Some(expected)])) => {
                let apart: Vec<f64> = self.apart.iter().map(|question| value(*question).unwrap_or(f64::NAN)).collect();
                let error = over_draws::error(&apart).map(|error| error.max(self.finest));
                Some(Figures { found, expected, relation, unit: self.unit, error })
            }
            _ => None,
        };
        let periods = answers.values.periods();
        let period = self.period.and_then(value).filter(|_| periods > 1);
        Decided {
            over: self.part.over,
            holds: self.holds.and_then(value).map(|value| value == 1.0),
            period: period.and_then(|number| (0..periods).find(|period| count(*period) == number)),
            figures,
            subject: self.subject,
        }
    }
}

/// The answers to questions, by their numbers.
struct Answers<'m> {
    values: Values<'m>,
    ids: Vec<DefinitionId>,
}

impl Answers<'_> {
    fn get(&self, question: usize) -> Result<f64, String> {
        match self.ids.get(question) {
            Some(id) => self.values.get(*id, 0),
            None => Err("it was not asked".to_owned()),
        }
    }
}
