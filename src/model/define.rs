//! From the scenario to definitions: what each line, total and metric is made of.

use std::collections::HashMap;

use crate::error::{Problem, Span};
use crate::formula::{self, BinaryOperator, Expression, Path};
use crate::scenario::{Group, Line, Quantity, Scenario, Shape};

use super::definition::{Body, Definition, DefinitionId, Unit};
use super::metrics::{METRICS, Need};
use super::resolve::{self, Scope};

/// The definitions of a model and the names by which they are found.
#[derive(Debug, Default)]
pub struct Definitions {
    /// The definitions: those of a period first, then the outcomes.
    pub all: Vec<Definition>,
    /// How many of them are values of a period.
    pub periodic: usize,
    /// What a formula of the scenario may name.
    pub names: HashMap<Path, DefinitionId>,
    /// What a question may name besides: the metrics and the lines' totals.
    pub outcomes: HashMap<Path, DefinitionId>,
    /// The lines with their definitions.
    pub lines: Vec<LineDefinition>,
}

/// A line of the scenario as the model has it.
#[derive(Clone, Debug)]
pub struct LineDefinition {
    /// The line as written.
    pub line: Line,
    /// Its amount in a period.
    pub amount: DefinitionId,
    /// Its amount over all periods.
    pub total: DefinitionId,
    /// Its units and their price, where its amount is their product.
    pub product: Option<(DefinitionId, DefinitionId)>,
}

/// Defines everything, and tells which names in formulas stand for nothing, also in cases that were not asked for.
pub fn checked(scenario: &Scenario, problems: &mut Vec<Problem>) -> Definitions {
    let definitions = define(scenario, problems);
    for quantity in scenario.quantities().chain(scenario.cases.values().flat_map(|case| &case.quantities)) {
        resolve::unknown_names(&definitions, quantity, &scenario.broken, problems);
    }
    definitions
}

/// Defines everything that the scenario says and everything that follows from it.
fn define(scenario: &Scenario, problems: &mut Vec<Problem>) -> Definitions {
    let mut definitions = Definitions::default();
    definitions.quantities(scenario);
    for line in &scenario.lines {
        definitions.line(scenario, line, problems);
    }
    definitions.totals();
    definitions.periodic = definitions.all.len();
    definitions.outcomes(scenario, problems);
    definitions
}

impl Definitions {
    /// Whether a definition is a value of each period or of the whole run.
    pub fn scope(&self, id: DefinitionId) -> Scope {
        if id < self.periodic { Scope::Period } else { Scope::Outcome }
    }

    fn add(&mut self, path: Path, body: Body, unit: Unit, span: Option<Span>) -> DefinitionId {
        self.all.push(Definition { path, body, unit, span });
        self.all.len() - 1
    }

    fn named(&mut self, path: Path, body: Body, unit: Unit, span: Option<Span>) -> DefinitionId {
        let id = self.add(path.clone(), body, unit, span);
        self.names.insert(path, id);
        id
    }

    fn quantity(&mut self, quantity: &Quantity, unit: Unit) -> DefinitionId {
        self.named(quantity.path.clone(), Body::Quantity(quantity.clone()), unit, Some(quantity.span))
    }

    fn quantities(&mut self, scenario: &Scenario) {
        if let Some(users) = &scenario.users {
            self.quantity(users, Unit::Count);
        }
        for input in &scenario.inputs {
            let id = self.quantity(input, Unit::Number);
            if let Some(name) = input.path.last() {
                self.names.insert(Path::new([name]), id);
            }
        }
    }

    fn line(&mut self, scenario: &Scenario, line: &Line, problems: &mut Vec<Problem>) {
        let path = line.path();
        let unit = match (line.group, &line.unit) {
            (Group::Revenue | Group::Costs, _) => Unit::Money,
            (Group::Impact, Some(unit)) => Unit::Named(unit.clone()),
            (Group::Impact, None) => Unit::Number,
        };
        let (amount, product) = match &line.shape {
            Shape::Amount(quantity) => {
                let body = Body::Quantity(quantity.clone());
                let id = self.named(path.clone(), body, unit.clone(), Some(quantity.span));
                self.names.insert(path.child("amount"), id);
                (id, None)
            }
            Shape::Product { units, price } => {
                let Some(units) = self.units(scenario, line, units.as_ref(), problems) else { return };
                let price = self.quantity(price, if unit == Unit::Money { Unit::Money } else { Unit::Number });
                self.names.insert(path.child("price"), price);
                let product = Expression::of_paths(
                    BinaryOperator::Multiply,
                    self.all[units].path.clone(),
                    self.all[price].path.clone(),
                );
                let id = self.named(path.clone(), Body::Formula(product), unit.clone(), Some(line.span));
                (id, Some((units, price)))
            }
        };
        self.lines.push(LineDefinition { line: line.clone(), amount, total: amount, product });
    }

    fn units(
        &mut self,
        scenario: &Scenario,
        line: &Line,
        units: Option<&Quantity>,
        problems: &mut Vec<Problem>,
    ) -> Option<DefinitionId> {
        let path = line.path();
        if let Some(units) = units {
            let unit = line.unit.clone().map_or(Unit::Count, Unit::Named);
            return Some(self.quantity(units, unit));
        }
        if scenario.users.is_none() {
            problems.push(
                Problem::at(
                    line.span,
                    format!("{} is paid per user, and the scenario has no `users`", path.in_ticks()),
                )
                .help("add `users = 1_000` at the top, or say the line's `units`"),
            );
            return None;
        }
        let users = *self.names.get(&Path::new(["users"]))?;
        self.names.insert(path.child("units"), users);
        Some(users)
    }

    /// The sums of a period.
    fn totals(&mut self) {
        for (group, name) in [(Group::Revenue, "revenue"), (Group::Costs, "cost")] {
            let parts = self.lines.iter().filter(|line| line.line.group == group).map(|line| line.amount).collect();
            self.named(Path::new([name]), Body::Sum(parts), Unit::Money, None);
        }
        let profit = Expression::of_paths(BinaryOperator::Subtract, Path::new(["revenue"]), Path::new(["cost"]));
        self.named(Path::new(["profit"]), Body::Formula(profit), Unit::Money, None);
    }

    fn outcome(&mut self, path: Path, body: Body, unit: Unit, span: Option<Span>) -> DefinitionId {
        let id = self.add(path.clone(), body, unit, span);
        self.outcomes.insert(path, id);
        id
    }

    /// The metrics and the lines' totals.
    fn outcomes(&mut self, scenario: &Scenario, problems: &mut Vec<Problem>) {
        for metric in METRICS {
            let missing = metric.needs.iter().find(|need| !says(scenario, **need));
            let body = match missing {
                Some(need) => Body::Absent(need.reason().to_owned()),
                None => match formula::parse_number(metric.formula) {
                    Ok(expression) => Body::Formula(expression),
                    Err(error) => {
                        problems.push(Problem::nowhere(format!("the metric `{}`: {}", metric.name, error.message)));
                        continue;
                    }
                },
            };
            self.outcome(Path::new([metric.name]), body, metric.unit.clone(), None);
        }
        for at in 0..self.lines.len() {
            let LineDefinition { line, amount, .. } = &self.lines[at];
            let path = Path::new(["lines", line.group.key(), line.name.as_str()]);
            let (span, amount) = (line.span, *amount);
            let unit = self.all[amount].unit.clone();
            self.lines[at].total = self.outcome(path, Body::Total(amount), unit, Some(span));
        }
    }
}

fn says(scenario: &Scenario, need: Need) -> bool {
    match need {
        Need::Users => scenario.users.is_some(),
    }
}
