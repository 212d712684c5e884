//! A model made ready for draws: from columns of uniform random numbers to columns of outcomes.

use std::ops::Range;
use std::sync::Arc;

use crate::dist::{Distribution, Wrong};

use super::definition::DefinitionId;
use super::node::NodeId;
use super::plan::{Plan, Work, needed, reached};
use super::ties::Tie;
use super::{Draw, Model};

/// A model made ready for draws.
#[derive(Debug)]
pub struct Simulation {
    plan: Plan,
    /// The name of each column of uniform numbers.
    names: Vec<String>,
    sources: Vec<Source>,
    /// The ties, each with the columns of its draws.
    ties: Vec<(Tie, Vec<usize>)>,
}

/// What turns columns of uniform numbers into those of one draw.
#[derive(Debug)]
struct Source {
    /// Which of the model's draws it is.
    draw: usize,
    /// Its columns: one, or one for each period.
    columns: Range<usize>,
    /// The distributions of the columns: one for all, or one for each.
    distributions: Vec<Arc<dyn Distribution>>,
}

/// Parameters of a draw that make no sense where quantities have other values than the scenario says.
#[derive(Debug)]
pub struct NoDistribution<'m> {
    /// The draw.
    pub draw: &'m Draw,
    /// What is wrong with its parameters.
    pub wrong: Wrong,
}

impl Model {
    /// What is left to chance, in the order of the definitions.
    pub fn draws(&self) -> &[Draw] {
        &self.flat.draws
    }

    /// Whether each definition depends on what is left to chance.
    pub fn uncertain(&self) -> Vec<bool> {
        let drawn: Vec<NodeId> = self.flat.draws.iter().map(|draw| draw.node).collect();
        let reached = reached(self, &drawn);
        self.values.iter().map(|node| reached[*node]).collect()
    }

    /// Whether each definition depends on one of these, in any period.
    pub fn dependent(&self, on: &[DefinitionId]) -> Vec<bool> {
        let nodes: Vec<NodeId> = on.iter().map(|id| self.values[*id]).collect();
        let reached = reached(self, &nodes);
        self.values.iter().map(|node| reached[*node]).collect()
    }

    /// Prepares draws of the wanted definitions where quantities have these values. Only what the wanted ones need is
    /// drawn.
    ///
    /// # Errors
    /// A distribution whose parameters make no sense at these values.
    pub fn simulation(
        &self,
        settings: &[(DefinitionId, f64)],
        wanted: &[DefinitionId],
    ) -> Result<Simulation, NoDistribution<'_>> {
        let set: Vec<(NodeId, f64)> = settings.iter().map(|(id, value)| (self.settable[*id], *value)).collect();
        let outputs: Vec<NodeId> = wanted.iter().map(|id| self.values[*id]).collect();
        let values = self.values_at(settings);
        let is_needed = self.needed_draws(&needed(self, &outputs, |_| true));
        let mut names = Vec::new();
        let mut sources = Vec::new();
        for (index, draw) in self.flat.draws.iter().enumerate().filter(|(index, _)| is_needed[*index]) {
            let first = names.len();
            if draw.each_period {
                names.extend((0..self.flat.periods).map(|period| format!("{}[{period}]", draw.name)));
            } else {
                names.push(draw.name.clone());
            }
            let varies = draw.parameters.iter().any(|node| self.flat.varies[*node]);
            let distinct = match (draw.as_uniform, varies) {
                (true, _) => 0,
                (false, true) => self.flat.periods,
                (false, false) => 1,
            };
            let distributions = (0..distinct).map(|period| draw.distribution(&values.uniform, period)).collect();
            let distributions = Result::<Vec<_>, _>::map_err(distributions, |wrong| NoDistribution { draw, wrong })?;
            sources.push(Source { draw: index, columns: first..names.len(), distributions });
        }
        let drawn: Vec<NodeId> = sources.iter().map(|source| self.flat.draws[source.draw].node).collect();
        let plan = Plan::new(self, &set, &drawn, &outputs);
        let ties = self.tied_columns(&sources);
        Ok(Simulation { plan, names, sources, ties })
    }

    /// Prepares runs in which quantities and then draws, by their numbers in [`Model::draws`], are columns, as
    /// [`Model::plan`] does. What is drawn anew in each period takes a column for each.
    pub fn plan_with_draws(&self, varied: &[DefinitionId], drawn: &[usize], wanted: &[DefinitionId]) -> Plan {
        let quantities = varied.iter().map(|id| self.settable[*id]);
        let by_chance = drawn.iter().filter_map(|draw| self.flat.draws.get(*draw)).map(|draw| draw.node);
        let wanted: Vec<NodeId> = wanted.iter().map(|id| self.values[*id]).collect();
        Plan::new(self, &[], &quantities.chain(by_chance).collect::<Vec<_>>(), &wanted)
    }

    /// The correlated draws.
    pub fn ties(&self) -> &[Tie] {
        &self.flat.ties
    }

    /// Which draws are needed where these nodes are: their own, and all that are tied to them.
    fn needed_draws(&self, needed: &[bool]) -> Vec<bool> {
        let mut draws: Vec<bool> = self.flat.draws.iter().map(|draw| needed[draw.node]).collect();
        for tie in &self.flat.ties {
            if tie.draws.iter().any(|draw| draws[*draw]) {
                tie.draws.iter().for_each(|draw| draws[*draw] = true);
            }
        }
        draws
    }

    /// The ties with the columns of their draws: one for each, or one for each period.
    fn tied_columns(&self, sources: &[Source]) -> Vec<(Tie, Vec<usize>)> {
        let columns = |draw: &usize| sources.iter().find(|source| source.draw == *draw).map(|source| &source.columns);
        let mut tied = Vec::new();
        for tie in &self.flat.ties {
            let Some(columns) = tie.draws.iter().map(columns).collect::<Option<Vec<_>>>() else { continue };
            let periods = columns.first().map_or(0, |columns| columns.len());
            for period in 0..periods {
                tied.push((tie.clone(), columns.iter().map(|columns| columns.start + period).collect()));
            }
        }
        tied
    }

    /// The distribution of a draw in a period, as the scenario stands.
    ///
    /// # Errors
    /// The draw is not one of the model's.
    pub fn distribution(&self, draw: &Draw, period: usize) -> Result<Arc<dyn Distribution>, Wrong> {
        draw.distribution(&self.values().uniform, period)
    }
}

impl Simulation {
    /// The names of the columns of uniform numbers that a run takes.
    pub fn columns(&self) -> &[String] {
        &self.names
    }

    /// What is drawn: each draw's number in [`Model::draws`], and its columns.
    pub fn drawn(&self) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        self.sources.iter().map(|source| (source.draw, source.columns.clone()))
    }

    /// The ties, each with the columns of its draws; a tie of draws in each period comes once for each.
    pub fn tied(&self) -> &[(Tie, Vec<usize>)] {
        &self.ties
    }

    /// Turns columns of uniform numbers between 0 and 1, all of one length, into those of the wanted definitions, in a
    /// workspace that is used again.
    pub fn run(&self, work: &mut Work, columns: &mut [Vec<f64>], outcomes: &mut Vec<Vec<f64>>) {
        self.correlate(columns);
        self.distribute(columns);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        self.outcomes_in(work, &columns, outcomes);
    }

    /// Turns columns of independent uniform numbers into correlated ones, in place.
    pub fn correlate(&self, columns: &mut [Vec<f64>]) {
        for (tie, places) in &self.ties {
            tie.correlate(columns, places);
        }
    }

    /// Turns columns of uniform numbers into those of what is left to chance, in place.
    pub fn distribute(&self, columns: &mut [Vec<f64>]) {
        for (at, column) in columns.iter_mut().enumerate() {
            self.distribute_one(at, column);
        }
    }

    /// Turns one column of uniform numbers, by its number, into that of what is left to chance, in place.
    pub fn distribute_one(&self, number: usize, column: &mut [f64]) {
        let Some(source) = self.sources.iter().find(|source| source.columns.contains(&number)) else { return };
        let at = number - source.columns.start;
        if let Some(distribution) = source.distributions.get(at).or(source.distributions.first()) {
            distribution.fill(column);
        }
    }

    /// The wanted definitions where what is left to chance has these values.
    pub fn outcomes(&self, columns: &[&[f64]]) -> Vec<Vec<f64>> {
        let mut outcomes = Vec::new();
        self.outcomes_in(&mut Work::default(), columns, &mut outcomes);
        outcomes
    }

    fn outcomes_in(&self, work: &mut Work, columns: &[&[f64]], outcomes: &mut Vec<Vec<f64>>) {
        let lanes = columns.first().map_or(1, |column| column.len());
        outcomes.resize_with(self.plan.outputs(), Vec::new);
        outcomes.iter_mut().for_each(Vec::clear);
        self.plan.run_in(work, columns, outcomes);
        // Where nothing is left to chance, one lane says it all.
        for column in outcomes.iter_mut().filter(|column| column.len() < lanes) {
            let value = column.first().copied().unwrap_or(f64::NAN);
            column.resize(lanes, value);
        }
    }
}
