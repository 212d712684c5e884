//! The pure core: named numbers in, named metrics out.
//!
//! ```text
//! Scenario ─define→ definitions ─resolve, order→ ─lower→ nodes ─plan→ program ─run→ columns
//! ```
//!
//! A compiled model cannot fail: every name is known, nothing is circular, and what has no value is NaN with a reason
//! ([`Values::get`]). It touches no file, clock, terminal or global.

mod affine;
mod blocks;
pub mod chance;
mod define;
pub mod definition;
mod draw;
mod fuse;
mod gather;
mod lower;
pub mod metrics;
pub mod need;
mod node;
mod order;
pub mod plan;
mod question;
mod reason;
mod resolve;
pub mod simulation;
pub mod ties;
mod uniform;
mod unknown;

use std::sync::Arc;

use crate::error::suggest::did_you_mean;
use crate::error::{Error, Problem};
use crate::formula::{Expression, Path};
use crate::scenario::files::{Files, NoFiles};
use crate::scenario::{Changes, Draft, Scenario, Schedule};

pub use affine::Affine;
use blocks::Block;
use define::Definitions;
pub use define::{Chance, FREE_USERS, LineDefinition, MEASURES, Product, Question};
use definition::{Body, Definition, DefinitionId};
pub use draw::Draw;
pub use gather::count;
use lower::Lowered;
use node::{Node, NodeId};
pub use plan::Plan;
pub use resolve::{Inputs, Reference};
pub use simulation::Simulation;
pub use ties::Tie;
use uniform::Uniform;

/// A scenario compiled for running.
#[derive(Debug)]
pub struct Model {
    definitions: Definitions,
    flat: Flat,
    /// The node that holds each definition's value.
    values: Vec<NodeId>,
    /// The node by which a run replaces each quantity.
    settable: Vec<NodeId>,
    /// The nodes of the conditions under which each metric has no value.
    guards: Vec<Vec<NodeId>>,
    /// The node that each step of each definition's formula became.
    steps: Vec<Vec<NodeId>>,
}

/// The flat form: nodes in an order in which they can be computed.
#[derive(Debug)]
struct Flat {
    nodes: Vec<Node>,
    /// Whether each node has a value of its own in each period.
    varies: Vec<bool>,
    /// Whether each node belongs to the whole run and is computed after the last period.
    outcome: Vec<bool>,
    /// The nodes of the periods in the order in which their series can be computed.
    blocks: Vec<Block>,
    /// When lines are due: one flag per period.
    schedules: Vec<Schedule>,
    /// What is left to chance.
    draws: Vec<Draw>,
    /// What of it goes together.
    ties: Vec<Tie>,
    periods: usize,
}

/// The values of a model's definitions in one lane.
#[derive(Debug)]
pub struct Values<'m> {
    model: &'m Model,
    uniform: Uniform,
}

impl Model {
    /// Reads a scenario from the bytes of a file and compiles it.
    ///
    /// # Errors
    /// All that is wrong with the file, the case and the settings, and all names that stand for nothing, in the order
    /// of the file.
    pub fn load(name: &str, bytes: &[u8], changes: &Changes) -> Result<(Scenario, Self), Error> {
        Self::load_with(name, bytes, changes, Arc::new(NoFiles))
    }

    /// As [`Model::load`], of a scenario that may name other files.
    ///
    /// # Errors
    /// As [`Model::load`], and what is wrong with those files.
    pub fn load_with(
        name: &str,
        bytes: &[u8],
        changes: &Changes,
        files: Arc<dyn Files>,
    ) -> Result<(Scenario, Self), Error> {
        let Draft { scenario, mut problems } = Scenario::draft(name, bytes, changes, files)?;
        if problems.is_empty() {
            let model = Self::compile(&scenario)?;
            return Ok((scenario, model));
        }
        let definitions = define::checked(&scenario, &mut problems);
        question::unknown_in_checks(&scenario, &definitions, &mut problems);
        Err(Error::new(scenario.sources, problems))
    }

    /// Compiles a scenario.
    ///
    /// # Errors
    /// Names that stand for nothing, in formulas and checks; units without users; definitions that depend on themselves.
    pub fn compile(scenario: &Scenario) -> Result<Self, Error> {
        Self::compile_with(scenario, &[]).map(|(model, _)| model)
    }

    /// Compiles a scenario together with questions of the whole run; answers the definition of each.
    ///
    /// # Errors
    /// As [`Model::compile`]; and questions that name nothing, or a value of each period where one is wanted. Those
    /// problems have no place in a file: whoever asked knows where the question stands.
    pub fn compile_with(scenario: &Scenario, questions: &[Question]) -> Result<(Self, Vec<DefinitionId>), Error> {
        let mut problems = Vec::new();
        let mut definitions = define::checked(scenario, &mut problems);
        let asked: Vec<DefinitionId> = questions.iter().map(|question| definitions.question(question)).collect();
        let order = order::order(&definitions).map_err(|problem| problems.push(problem)).unwrap_or_default();
        if !problems.is_empty() {
            return Err(Error::new(scenario.sources.clone(), problems));
        }
        let Lowered { nodes, values, settable, guards, steps, draws } = lower::lower(&definitions, &order);
        let (varies, outcome) = node::classify(&nodes);
        let periods = scenario.time.as_ref().map_or(1, |time| time.periods);
        let blocks = blocks::blocks(&nodes, &outcome);
        let flat = Flat {
            nodes,
            varies,
            outcome,
            blocks,
            schedules: definitions.schedules.clone(),
            draws,
            ties: Vec::new(),
            periods,
        };
        let mut model = Self { definitions, flat, values, settable, guards, steps };
        let mut problems = draw::wrong(&model);
        model.flat.ties = ties::ties(scenario, &model, &mut problems);
        problems.extend(question::wrong_checks(scenario, &model));
        problems.extend(questions.iter().flat_map(|question| question::wrong(&model, &question.expression)));
        if problems.is_empty() { Ok((model, asked)) } else { Err(Error::new(scenario.sources.clone(), problems)) }
    }

    /// What is wrong with a formula as a question: names that stand for nothing, and values of each period where one is
    /// wanted. The problems have no place in a file.
    pub fn wrong_in_question(&self, expression: &Expression) -> Vec<Problem> {
        question::wrong(self, expression)
    }

    /// All definitions; a [`DefinitionId`] is an index into them.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions.all
    }

    /// The lines, in the order of reports.
    pub fn lines(&self) -> &[LineDefinition] {
        &self.definitions.lines
    }

    /// How many periods the model has.
    pub fn periods(&self) -> usize {
        self.flat.periods
    }

    /// The definition that a question names: a metric, a line, or any quantity.
    ///
    /// # Errors
    /// The name stands for nothing.
    pub fn find(&self, path: &Path) -> Result<DefinitionId, Problem> {
        let Definitions { names, outcomes, .. } = &self.definitions;
        outcomes.get(path).or_else(|| names.get(path)).copied().ok_or_else(|| {
            let mut known: Vec<String> = outcomes.keys().chain(names.keys()).map(ToString::to_string).collect();
            known.sort_unstable();
            let text = path.to_string();
            Problem::nowhere(format!("the scenario has no {}", path.in_ticks()))
                .maybe_help(did_you_mean(&text, known.iter().map(String::as_str)))
                .help("name a metric such as `profit`, a line such as `costs.data`, or a quantity of the scenario")
        })
    }

    /// The definition that a question about one period names.
    ///
    /// # Errors
    /// The name stands for nothing, or for a value of the whole run.
    pub fn find_periodic(&self, path: &Path) -> Result<DefinitionId, Problem> {
        if let Some(id) = self.definitions.names.get(path) {
            return Ok(*id);
        }
        let whole = self.find(path)?;
        // A line's sum is named as in answers, `lines.costs.data`; of a period, that is its amount.
        if let Some(line) = self.definitions.lines.iter().find(|line| line.total == whole) {
            return Ok(line.amount);
        }
        Err(Problem::nowhere(format!("{} is a value of the whole run, not of one period", path.in_ticks()))
            .help("leave the period out, or name a value of each period, such as `profit`, `cumulative` or a line"))
    }

    /// Whether something of each period has that name.
    pub fn has_periodic(&self, path: &Path) -> bool {
        self.definitions.names.contains_key(path)
    }

    /// The line whose amount is that definition.
    pub fn line_of(&self, amount: DefinitionId) -> Option<&LineDefinition> {
        self.definitions.lines.iter().find(|line| line.amount == amount)
    }

    /// Whether a definition has a value of its own in each period.
    pub fn varies(&self, id: DefinitionId) -> bool {
        self.flat.varies[self.values[id]]
    }

    /// The definition of a quantity, which a run may replace by a column.
    ///
    /// # Errors
    /// The name stands for nothing, or for something that is computed.
    pub fn quantity(&self, path: &Path) -> Result<DefinitionId, Problem> {
        let id = match self.definitions.names.get(path) {
            Some(id) => *id,
            None => self.find(path)?,
        };
        if matches!(self.definitions.all[id].body, Body::Quantity(_)) {
            return Ok(id);
        }
        Err(Problem::nowhere(format!("{} is computed, so it cannot be varied", path.in_ticks()))
            .help("name a quantity that the scenario says, such as `users` or `costs.data`"))
    }

    /// What a name stands for in the formula of the given definition.
    pub fn reference(&self, from: DefinitionId, path: &Path) -> Option<Reference> {
        resolve::resolve(&self.definitions, path, self.definitions.scope(from))
    }

    /// The definitions that a definition is computed from.
    pub fn inputs(&self, id: DefinitionId) -> Inputs {
        resolve::inputs(&self.definitions, id)
    }

    /// Whether a definition is a value of the whole run, and not of each period.
    pub fn is_outcome(&self, id: DefinitionId) -> bool {
        self.definitions.scope(id) == resolve::Scope::Outcome
    }

    /// The value of everything, as the scenario stands.
    pub fn values(&self) -> Values<'_> {
        Values { model: self, uniform: Uniform::of_nodes(self, |_| true) }
    }

    /// The value of everything where quantities have these values, in all periods, in place of those that the scenario
    /// says.
    pub fn values_at(&self, settings: &[(DefinitionId, f64)]) -> Values<'_> {
        let set: Vec<(NodeId, f64)> = settings.iter().map(|(id, value)| (self.settable[*id], *value)).collect();
        Values { model: self, uniform: Uniform::with(self, &set, |_| true) }
    }

    /// Prepares runs in which quantities are columns; the answer has a column for each wanted definition.
    pub fn plan(&self, varied: &[DefinitionId], wanted: &[DefinitionId]) -> Plan {
        let nodes = |ids: &[DefinitionId], of: &[NodeId]| ids.iter().map(|id| of[*id]).collect::<Vec<_>>();
        Plan::new(self, &[], &nodes(varied, &self.settable), &nodes(wanted, &self.values))
    }
}

impl Values<'_> {
    /// How many periods there are.
    pub fn periods(&self) -> usize {
        self.model.periods()
    }

    /// A definition's value in a period; NaN where it has none.
    pub fn at(&self, id: DefinitionId, period: usize) -> f64 {
        self.uniform.at(self.model.values[id], period)
    }

    /// The value in a period of a step of a definition's formula; NaN where it has none.
    pub fn of_step(&self, id: DefinitionId, step: usize, period: usize) -> f64 {
        let node = self.model.steps[id].get(step).copied().filter(|node| *node < self.model.flat.nodes.len());
        node.map_or(f64::NAN, |node| self.uniform.at(node, period))
    }

    /// A definition's values in all periods, the same in each where it is a value of the whole run.
    pub fn series(&self, id: DefinitionId) -> Vec<f64> {
        self.uniform.series(self.model.values[id], self.model.periods())
    }

    /// A definition's value, or why it has none.
    ///
    /// # Errors
    /// The reason, as a clause: `cost is 0`.
    pub fn get(&self, id: DefinitionId, period: usize) -> Result<f64, String> {
        let value = self.at(id, period);
        if value.is_finite() { Ok(value) } else { Err(reason::why(self, id, period)) }
    }
}
