//! What is asked of a simulation, compiled together with the scenario.

use crate::analysis::asked::{self, Metric};
use crate::error::{Error, Problem};
use crate::formula::{self, Path};
use crate::model::definition::{Body, Definition, DefinitionId, Unit};
use crate::model::metrics;
use crate::model::need::Need;
use crate::model::{Model, Question, Simulation};
use crate::scenario::{Group, Scenario};

use super::Options;

/// What is shown of a scenario without periods where nothing else is asked for.
const USUAL: [&str; 4] = ["revenue", "cost", "profit", "return_rate"];

/// What is shown besides, as far as the scenario has it.
const OTHERS: [&str; 4] = ["expected_loss", "npv", "payback", "cash_low"];

/// The condition whose probability is told where none is asked for.
const PROFITABLE: &str = "profit > 0";

/// Metrics of which less is worse, so that their low end is a loss at risk.
const AT_RISK: [&str; 2] = ["profit", "npv"];

/// The model with all that is asked of it.
#[derive(Debug)]
pub struct Asked {
    /// The model.
    pub model: Model,
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// The conditions.
    pub conditions: Vec<String>,
    condition_ids: Vec<DefinitionId>,
    /// The risks, by name.
    pub risks: Vec<RiskAsked>,
    /// What is shown period by period.
    pub bands: Vec<Band>,
}

/// A risk of which it is asked whether it happens and what it costs.
#[derive(Debug)]
pub struct RiskAsked {
    /// Its name.
    pub name: String,
    /// What it costs over all periods.
    loss: DefinitionId,
    /// Whether there is an event in some period.
    happens: DefinitionId,
}

/// What is shown period by period.
#[derive(Debug)]
pub struct Band {
    /// Its name, as it was asked.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// A definition for each period.
    pub periods: Vec<DefinitionId>,
}

/// A band before it is compiled: its name, its unit, and a question for each period.
struct Series {
    name: String,
    unit: Unit,
    questions: Vec<Question>,
}

impl Asked {
    /// Compiles the scenario with what is asked of it.
    ///
    /// # Errors
    /// Formulas that cannot be read or name nothing.
    pub fn new(scenario: &Scenario, options: &Options) -> Result<Self, Error> {
        let names = asked::distinct(&options.metrics, &usual(scenario));
        let conditions = asked::distinct(&options.probabilities, &[PROFITABLE]);
        let mut questions = asked::questions("--metric", &names)?;
        questions.extend(asked::conditions("--probability", &conditions)?);
        let series = series(scenario, &Model::compile(scenario)?, options)?;
        questions.extend(series.iter().flat_map(|series| series.questions.iter().cloned()));
        let names_of_risks = names_of_risks(scenario);
        questions.extend(happens(&names_of_risks)?);
        let (model, mut ids) = Model::compile_with(scenario, &questions)?;
        let happens = ids.split_off(ids.len() - names_of_risks.len());
        let (metric_ids, rest) = ids.split_at(names.len());
        let (condition_ids, mut rest) = rest.split_at(conditions.len());
        let mut bands = Vec::with_capacity(series.len());
        for Series { name, unit, questions } in series {
            let (periods, more) = rest.split_at(questions.len());
            bands.push(Band { name, unit, periods: periods.to_vec() });
            rest = more;
        }
        let metrics = asked::metrics(&model, &names, &questions, metric_ids);
        let conditions = conditions.iter().map(ToString::to_string).collect();
        let mut risks = Vec::with_capacity(happens.len());
        for (name, happens) in names_of_risks.into_iter().zip(happens) {
            let loss = model.find(&Path::new(["lines", Group::Risks.key(), &name]))?;
            risks.push(RiskAsked { name, loss, happens });
        }
        Ok(Self { model, metrics, conditions, condition_ids: condition_ids.to_vec(), risks, bands })
    }

    /// The metric that is drawn, by its number: the profit, or else the first.
    pub fn main(&self) -> Option<usize> {
        let profit = self.metrics.iter().position(|metric| metric.name == "profit");
        profit.or((!self.metrics.is_empty()).then_some(0))
    }

    /// The metrics whose low end is a loss at risk, by their numbers.
    pub fn at_risk(&self) -> impl Iterator<Item = usize> {
        let metrics = self.metrics.iter().enumerate();
        metrics.filter(|(_, metric)| AT_RISK.contains(&metric.name.as_str())).map(|(index, _)| index)
    }

    /// The definitions of the metrics and of what each risk costs, then those of the conditions and of whether each risk
    /// happens.
    pub fn wanted(&self) -> Vec<DefinitionId> {
        let amounts = self.metrics.iter().map(|metric| metric.id).chain(self.risks.iter().map(|risk| risk.loss));
        let conditions = self.condition_ids.iter().copied().chain(self.risks.iter().map(|risk| risk.happens));
        amounts.chain(conditions).collect()
    }

    /// How many of the wanted definitions are amounts, with percentiles.
    pub fn amounts(&self) -> usize {
        self.metrics.len() + self.risks.len()
    }

    /// The uncertain quantities that have one value in a draw.
    pub fn uncertain(&self) -> Vec<DefinitionId> {
        let definitions = self.model.definitions();
        let is_quantity = |id: &DefinitionId| matches!(definitions[*id].body, Body::Quantity(_));
        let uncertain = self.model.uncertain().into_iter().enumerate().filter(|(_, uncertain)| *uncertain);
        let drawn = self.model.draws().iter().filter(|draw| draw.for_each_event);
        let for_each_event: Vec<DefinitionId> = drawn.map(|draw| draw.definition).collect();
        let is_one = |id: &DefinitionId| !self.model.varies(*id) && !for_each_event.contains(id);
        uncertain.map(|(id, _)| id).filter(|id| is_quantity(id) && is_one(id)).collect()
    }

    /// Made ready for draws of these definitions.
    ///
    /// # Errors
    /// A distribution that makes no sense, which compiling has refused already.
    pub fn simulation(&self, wanted: &[DefinitionId]) -> Result<Simulation, Error> {
        self.model.simulation(&[], wanted).map_err(|found| Problem::nowhere(found.wrong.reason).into())
    }
}

/// What is shown where nothing else is asked for.
pub fn usual(scenario: &Scenario) -> Vec<&'static str> {
    let others = metrics::of(scenario).filter(|metric| OTHERS.contains(&metric.name));
    let said = others.filter(|metric| metric.needs.iter().all(|need| need.is_met(scenario)));
    USUAL.into_iter().chain(said.map(|metric| metric.name)).collect()
}

fn names_of_risks(scenario: &Scenario) -> Vec<String> {
    scenario.lines.iter().filter(|line| line.group == Group::Risks).map(|line| line.name.clone()).collect()
}

/// Whether each risk happens, as questions.
fn happens(names: &[String]) -> Result<Vec<Question>, Error> {
    let texts = names.iter().map(|name| format!("any({} > 0)", Path::new([Group::Risks.key(), name, "events"])));
    let texts: Vec<String> = texts.collect();
    asked::conditions("risks", &texts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What is shown period by period: the names, with a question for each period.
fn series(scenario: &Scenario, model: &Model, options: &Options) -> Result<Vec<Series>, Error> {
    let Some(time) = &scenario.time else {
        return match options.bands.first() {
            None => Ok(Vec::new()),
            Some(name) => Err(Problem::nowhere(format!("there are no periods over which to show `{name}`"))
                .help("add `[time]` with `periods = 36` to the scenario")
                .into()),
        };
    };
    let cash = ["cash"].into_iter().filter(|_| Need::Cash.is_met(scenario));
    let usual = cash.chain(["cumulative"]).take(1).collect::<Vec<_>>();
    let mut all = Vec::new();
    for name in asked::distinct(&options.bands, &usual) {
        let path = Path::parse_option(name)
            .map_err(|error| Problem::nowhere(format!("`{name}` is not a name: {}", error.message)))?;
        let Definition { path, unit, .. } = &model.definitions()[model.find_periodic(&path)?];
        let mut questions = Vec::with_capacity(time.periods);
        for period in 0..time.periods {
            let text = format!("at({period}, {path})");
            let expression = formula::parse(&text).map_err(|error| Problem::nowhere(error.message))?;
            questions.push(Question { name: format!("--band {text}"), expression });
        }
        all.push(Series { name: name.to_owned(), unit: unit.clone(), questions });
    }
    Ok(all)
}
