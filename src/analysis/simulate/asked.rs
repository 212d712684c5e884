//! What is asked of a simulation, compiled together with the scenario.

use crate::analysis::asked::{self, Metric};
use crate::error::{Error, Problem};
use crate::formula::{self, Path};
use crate::model::definition::{Body, Definition, DefinitionId, Unit};
use crate::model::metrics;
use crate::model::need::Need;
use crate::model::{Model, Question, Simulation};
use crate::scenario::Scenario;

use super::Options;

/// What is shown of a scenario without periods where nothing else is asked for.
const USUAL: [&str; 4] = ["revenue", "cost", "profit", "return_rate"];

/// What is shown besides where there are periods, as far as the scenario has it.
const OVER_TIME: [&str; 3] = ["npv", "payback", "cash_low"];

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
    /// What is shown period by period.
    pub bands: Vec<Band>,
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
        let (model, ids) = Model::compile_with(scenario, &questions)?;
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
        Ok(Self { model, metrics, conditions, condition_ids: condition_ids.to_vec(), bands })
    }

    /// The metric that is drawn: the profit, or else the first.
    pub fn main(&self) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.name == "profit").or(self.metrics.first())
    }

    /// The metrics whose low end is a loss at risk, by their numbers.
    pub fn at_risk(&self) -> impl Iterator<Item = usize> {
        let metrics = self.metrics.iter().enumerate();
        metrics.filter(|(_, metric)| AT_RISK.contains(&metric.name.as_str())).map(|(index, _)| index)
    }

    /// The definitions of the metrics, then those of the conditions.
    pub fn wanted(&self) -> Vec<DefinitionId> {
        self.metrics.iter().map(|metric| metric.id).chain(self.condition_ids.iter().copied()).collect()
    }

    /// The uncertain quantities that have one value in a draw.
    pub fn uncertain(&self) -> Vec<DefinitionId> {
        let definitions = self.model.definitions();
        let is_quantity = |id: &DefinitionId| matches!(definitions[*id].body, Body::Quantity(_));
        let uncertain = self.model.uncertain().into_iter().enumerate().filter(|(_, uncertain)| *uncertain);
        uncertain.map(|(id, _)| id).filter(|id| is_quantity(id) && !self.model.varies(*id)).collect()
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
    let over_time = metrics::of(scenario).filter(|metric| OVER_TIME.contains(&metric.name));
    let said = over_time.filter(|metric| metric.needs.iter().all(|need| need.is_met(scenario)));
    USUAL.into_iter().chain(said.map(|metric| metric.name)).collect()
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
