//! What a line's amount is made of.

use crate::error::{Problem, Span};
use crate::formula::{self, BinaryOperator, Expression, Path};
use crate::report::number;
use crate::scenario::pricing::Milestone;
use crate::scenario::{Group, Line, Quantity, Scenario, Schedule, Shape};

use super::{Body, DefinitionId, Definitions, LineDefinition, Unit, own};

/// Units and what they cost, whose product is an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// How many there are.
    pub units: DefinitionId,
    /// What each costs; where it is not the same for all, it is known on average only.
    pub price: Option<DefinitionId>,
}

/// A line while it is defined.
pub(super) struct Defining<'a> {
    pub scenario: &'a Scenario,
    pub line: &'a Line,
    /// The line's name.
    pub path: Path,
    /// What its amount is counted in.
    pub unit: Unit,
    /// When it is due.
    pub schedule: Option<usize>,
    /// The users who pay, where these are not all.
    pub payers: Option<DefinitionId>,
    /// Where the scenario speaks of what is defined.
    pub span: Span,
    pub problems: &'a mut Vec<Problem>,
}

impl Defining<'_> {
    /// What prices and fees are counted in.
    pub fn price_unit(&self) -> Unit {
        if self.unit == Unit::Money { Unit::Money } else { Unit::Number }
    }

    /// What units are counted in.
    pub fn units_unit(&self) -> Unit {
        self.line.unit.clone().map_or(Unit::Count, Unit::Named)
    }
}

impl Definitions {
    pub(super) fn line(&mut self, scenario: &Scenario, line: &Line, problems: &mut Vec<Problem>) {
        let unit = match (line.group, &line.unit) {
            (Group::Revenue | Group::Costs | Group::Risks, _) => Unit::Money,
            (Group::Impact, Some(unit)) => Unit::Named(unit.clone()),
            (Group::Impact, None) => Unit::Number,
        };
        let schedule = line.schedule.as_ref().map(|schedule| self.schedule(schedule.clone()));
        let path = line.path();
        let mut defining = Defining { scenario, line, path, unit, schedule, payers: None, span: line.span, problems };
        let payers = match &line.plan {
            Some(members) => self.members(&mut defining, members),
            None => None,
        };
        if line.plan.is_some() && payers.is_none() {
            return;
        }
        defining.payers = payers;
        let Some((amount, product)) = self.shape(&mut defining) else { return };
        self.lines.push(LineDefinition { line: line.clone(), amount, total: amount, product });
    }

    pub(super) fn schedule(&mut self, schedule: Schedule) -> usize {
        self.schedules.push(schedule);
        self.schedules.len() - 1
    }

    fn shape(&mut self, line: &mut Defining<'_>) -> Option<(DefinitionId, Option<Product>)> {
        match &line.line.shape {
            Shape::Amount(quantity) => {
                let body = Body::Quantity(self.requests_priced(quantity));
                let id = self.named(line.path.clone(), body, line.unit.clone(), Some(quantity.span));
                self.names.insert(line.path.child("amount"), id);
                self.all[id].schedule = line.schedule;
                Some((id, None))
            }
            Shape::Product { units, price } => {
                let units = self.units(line, units.as_ref())?;
                let price = self.price(line, price);
                let product = Expression::of_paths(
                    BinaryOperator::Multiply,
                    self.all[units].path.clone(),
                    self.all[price].path.clone(),
                );
                let id = self.named(line.path.clone(), Body::Formula(product), line.unit.clone(), Some(line.span));
                self.all[id].schedule = line.schedule;
                Some((id, Some(Product { units, price: Some(price) })))
            }
            Shape::Fees(fees) => Some((self.fees(line, fees), None)),
            Shape::Risk(risk) => self.risk(line, risk).map(|amount| (amount, None)),
            Shape::Priced(pricing) => self.priced(line, pricing),
            Shape::Credits(credits) => self.credits(line, credits),
            Shape::Internal(internal) => {
                let price = self.price(line, &internal.price);
                let size = number::plain(internal.size);
                let names = [("impact", internal.impact.clone()), ("price", internal.price.path.clone())];
                let (units, unit) = (line.path.child("units"), line.units_unit());
                let text = if internal.size == 1.0 { "impact".to_owned() } else { format!("impact / {size}") };
                let units = self.template(line, (units, unit), &text, &names)?;
                let names = [("units", self.all[units].path.clone()), ("price", internal.price.path.clone())];
                let amount = (line.path.clone(), line.unit.clone());
                let amount = self.template(line, amount, "units * price", &names)?;
                self.internal.push(amount);
                Some((amount, Some(Product { units, price: Some(price) })))
            }
            Shape::Milestones(milestones) => {
                let parts = self.milestones(line, milestones);
                Some((self.named(line.path.clone(), Body::Sum(parts), line.unit.clone(), Some(line.span)), None))
            }
        }
    }

    /// What each unit of a line costs, under the name `price` of the line as well.
    pub(super) fn price(&mut self, line: &Defining<'_>, price: &Quantity) -> DefinitionId {
        let id = self.quantity(price, line.price_unit());
        self.names.insert(line.path.child("price"), id);
        id
    }

    /// A line's units: its own, which are due when the line is, or the users.
    pub(super) fn units(&mut self, line: &mut Defining<'_>, units: Option<&Quantity>) -> Option<DefinitionId> {
        let Some(units) = units else {
            let users = self.users(line)?;
            self.names.insert(line.path.child("units"), users);
            return Some(users);
        };
        let id = self.quantity(units, line.units_unit());
        self.all[id].schedule = line.schedule;
        Some(id)
    }

    /// The users, who pay the line.
    pub(super) fn users(&mut self, line: &mut Defining<'_>) -> Option<DefinitionId> {
        if line.payers.is_some() {
            return line.payers;
        }
        if line.scenario.users.is_none() {
            let own = line.path.child("units");
            if !line.scenario.broken.iter().any(|broken| broken.starts_with("users") || *broken == own) {
                let message = format!("{} is paid per user, and the scenario has no `users`", line.path.in_ticks());
                let what = match &line.line.shape {
                    _ if line.line.plan.is_some() => "make it a line of `[revenue]` with `units`",
                    shape if shape.is_per_user() => "leave `per` out",
                    _ => "say the line's `units`",
                };
                line.problems.push(
                    Problem::at(line.line.span, message).help(format!("add `users = 1_000` at the top, or {what}")),
                );
            }
            return None;
        }
        self.names.get(&Path::new(["users"])).copied()
    }

    /// What is due once, each in periods of its own.
    pub(super) fn milestones(&mut self, line: &Defining<'_>, milestones: &[Milestone]) -> Vec<DefinitionId> {
        let periods = line.scenario.time.as_ref().map_or(1, |time| time.periods);
        let mut parts = Vec::with_capacity(milestones.len());
        for Milestone { amount, at } in milestones {
            let id = self.quantity(amount, line.unit.clone());
            let schedule = self.schedule((0..periods).map(|period| at.contains(&period)).collect());
            self.all[id].schedule = Some(schedule);
            parts.push(id);
        }
        parts
    }

    /// A definition by a formula of our own, whose names stand for those that are given, and others for themselves.
    pub(super) fn template(
        &mut self,
        line: &mut Defining<'_>,
        (path, unit): (Path, Unit),
        text: &str,
        names: &[(&str, Path)],
    ) -> Option<DefinitionId> {
        let written = own(&path.to_string(), formula::parse_number(text), line.problems)?;
        let expression = written.renamed(|path| {
            let given = path.single().and_then(|name| names.iter().find(|(known, _)| *known == name));
            given.map_or_else(|| path.clone(), |(_, meant)| meant.clone())
        });
        Some(self.named(path, Body::Formula(expression), unit, Some(line.span)))
    }
}
