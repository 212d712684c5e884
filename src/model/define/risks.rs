//! Risks: how many events a period has, and what they cost.
//!
//! A probability p per year is 1 − (1 − p)^(1/m) in a period of a year's mth part, so that it is p over the year; a rate
//! is divided by m. Of a loss up to its cap, an insurance pays what lies between its deductible and its limit.

use crate::formula::Path;
use crate::model::chance::{self, Count};
use crate::scenario::risks::{Often, Risk};

use super::lines::Defining;
use super::{Body, DefinitionId, Definitions, Unit};

/// What is computed by chance where draws are made, and by its mean elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chance {
    /// How many events a period has.
    Events(Count),
    /// What is paid of the loss of one event, on average.
    PerEvent(Severity),
    /// What is paid of the losses of all events of a period.
    Losses {
        /// How many events there are.
        events: DefinitionId,
        /// What each of them costs.
        severity: Severity,
    },
}

/// A loss that is drawn anew for each event, and what bounds the part of it that is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severity {
    /// The loss.
    pub loss: DefinitionId,
    /// The most that an event can cost.
    pub cap: Option<DefinitionId>,
    /// Up to which loss an insurance pays nothing.
    pub deductible: Option<DefinitionId>,
    /// Up to which loss it pays.
    pub limit: Option<DefinitionId>,
}

/// What the names in formulas of our own stand for.
type Names<'n> = &'n [(&'n str, Path)];

impl Definitions {
    /// What a risk costs in a period.
    pub(super) fn risk(&mut self, line: &mut Defining<'_>, risk: &Risk) -> Option<DefinitionId> {
        let path = line.path.clone();
        let (count, unit, said) = match &risk.often {
            Often::Probability(_) => (Count::AtMostOne, Unit::Share, "probability"),
            Often::Rate(_) => (Count::Any, Unit::Number, "rate"),
        };
        let own_names = ["loss", "cap", "deductible", "limit", "per_period", "events", "per_event"];
        let names: Vec<(&str, Path)> =
            own_names.into_iter().chain([said]).map(|name| (name, path.child(name))).collect();
        self.quantity(risk.often.quantity(), unit.clone());
        let money = line.unit.clone();
        let loss = self.quantity(&risk.loss, money.clone());
        let [cap, deductible, limit] = [&risk.cap, &risk.deductible, &risk.limit]
            .map(|bound| bound.as_ref().map(|bound| self.quantity(bound, money.clone())));
        let often = match (&risk.often, line.scenario.time.is_some()) {
            (_, false) => said,
            (often, true) => {
                let text = match often {
                    Often::Probability(_) => "1 - (1 - probability) ^ (1 / periods_per_year)",
                    Often::Rate(_) => "rate / periods_per_year",
                };
                self.template(line, (path.child("per_period"), unit), text, &names)?;
                "per_period"
            }
        };
        let events = (path.child("events"), Unit::Number);
        let events = self.by_chance(line, events, often, &names, Some(Chance::Events(count)))?;
        self.all[events].schedule = line.schedule;
        let severity = Severity { loss, cap, deductible, limit };
        let for_each = chance::is_drawn(&risk.loss.expression);
        let paid = severity.paid();
        if paid != "loss" {
            let per_event = (path.child("per_event"), money.clone());
            self.by_chance(line, per_event, &paid, &names, for_each.then_some(Chance::PerEvent(severity)))?;
        }
        let text = if paid == "loss" { "events * loss" } else { "events * per_event" };
        let losses = for_each.then_some(Chance::Losses { events, severity });
        let amount = self.by_chance(line, (path, money), text, &names, losses)?;
        self.all[amount].schedule = line.schedule;
        Some(amount)
    }

    /// A definition by a formula of our own that holds on average, where chance is left something.
    fn by_chance(
        &mut self,
        line: &mut Defining<'_>,
        defined: (Path, Unit),
        text: &str,
        names: Names<'_>,
        chance: Option<Chance>,
    ) -> Option<DefinitionId> {
        let id = self.template(line, defined, text, names)?;
        if let (Some(chance), Body::Formula(expression)) = (chance, &self.all[id].body) {
            self.all[id].body = Body::Chance(chance, expression.clone());
        }
        Some(id)
    }
}

impl Severity {
    /// What is paid of a loss, as a formula.
    fn paid(&self) -> String {
        let loss = if self.cap.is_some() { "min(loss, cap)" } else { "loss" };
        match (self.deductible, self.limit) {
            (None, None) => loss.to_owned(),
            (Some(_), None) => format!("min({loss}, deductible)"),
            (None, Some(_)) => format!("max({loss} - limit, 0)"),
            (Some(_), Some(_)) => format!("min({loss}, deductible) + max({loss} - limit, 0)"),
        }
    }
}
