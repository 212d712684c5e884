//! Reading `[risks.NAME]`: how often something bad happens, and what it then costs. A risk is a line whose amount is what
//! its events cost: expected where one number is asked for, drawn where chances are.

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Problem, Span};
use crate::formula::Path;

use super::Line;
use super::keys::{self, Class, Group};
use super::pricing::Shape;
use super::quantity::{Quantity, Range};
use super::read::Reader;
use super::time::Time;
use super::tree::{Entry, Table, Value};

/// The keys that say how often a risk happens; a risk has one of them.
pub const OFTEN: [&str; 2] = ["probability", "rate"];

/// The most events a year that are believed to be a risk.
const MOST_EVENTS: f64 = 10_000.0;

/// What kind of risk it is: the five that the article names (its ninth section, third question), or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Data that gets out.
    DataLeak,
    /// A model that does worse on new data than on what it was trained with.
    Overfitting,
    /// Others who win the users.
    Competition,
    /// Laws, regulators and courts.
    Legal,
    /// Technology that fails, comes late or costs more.
    Technical,
    /// Any other.
    Other,
}

impl Kind {
    /// The kinds' names, in the order of the enumeration; the last is not one of the article's.
    pub const NAMES: [&'static str; 6] = ["data_leak", "overfitting", "competition", "legal", "technical", "other"];

    /// The five risks of the article, each with what it is.
    pub const FIVE: [(Kind, &'static str); 5] = [
        (Kind::DataLeak, "data that gets out"),
        (Kind::Overfitting, "a model that does worse on new data than in tests"),
        (Kind::Competition, "others who win the users"),
        (Kind::Legal, "laws, regulators and courts"),
        (Kind::Technical, "technology that fails, comes late or costs more"),
    ];

    /// The kind of that name.
    pub fn find(name: &str) -> Option<Self> {
        let kinds = Self::FIVE.into_iter().map(|(kind, _)| kind).chain([Kind::Other]);
        kinds.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind's name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// A risk.
#[derive(Clone, Debug)]
pub struct Risk {
    /// What kind it is.
    pub kind: Kind,
    /// How often it happens.
    pub often: Often,
    /// What an event costs.
    pub loss: Quantity,
    /// Up to which loss an insurance pays nothing.
    pub deductible: Option<Quantity>,
    /// Up to which loss an insurance pays.
    pub limit: Option<Quantity>,
    /// The most that an event can cost, as where a law bounds a fine.
    pub cap: Option<Quantity>,
}

/// How often a risk happens.
#[derive(Clone, Debug)]
pub enum Often {
    /// The probability that it happens in a year, once; without periods, in the one period.
    Probability(Quantity),
    /// How many events there are per year on average; without periods, in the one period.
    Rate(Quantity),
}

impl Often {
    /// The probability or the rate.
    pub fn quantity(&self) -> &Quantity {
        match self {
            Often::Probability(quantity) | Often::Rate(quantity) => quantity,
        }
    }

    fn quantity_mut(&mut self) -> &mut Quantity {
        match self {
            Often::Probability(quantity) | Often::Rate(quantity) => quantity,
        }
    }
}

impl Risk {
    /// Its quantities, in the order in which they are computed.
    pub fn quantities(&self) -> Vec<&Quantity> {
        let bounds = self.deductible.iter().chain(&self.limit).chain(&self.cap);
        [self.often.quantity(), &self.loss].into_iter().chain(bounds).collect()
    }

    /// As [`Risk::quantities`], to be changed.
    pub fn quantities_mut(&mut self) -> Vec<&mut Quantity> {
        let bounds = self.deductible.iter_mut().chain(&mut self.limit).chain(&mut self.cap);
        [self.often.quantity_mut(), &mut self.loss].into_iter().chain(bounds).collect()
    }
}

impl Reader<'_> {
    /// The risks, in the order of the file, as lines.
    pub(super) fn risks(&mut self, table: &Table, time: Option<&Time>) -> Vec<Line> {
        let Some((risks, path)) = self.section(table, Group::Risks.key()) else { return Vec::new() };
        risks.iter().filter_map(|(name, entry)| self.risk(&path.child(name), name, entry, time)).collect()
    }

    fn risk(&mut self, path: &Path, name: &str, entry: &Entry, time: Option<&Time>) -> Option<Line> {
        let Value::Table(table) = &entry.node.value else {
            self.broken.push(path.clone());
            self.problems.push(
                Problem::at(entry.node.span, format!("{} must be a table", path.in_ticks()))
                    .label(format!("this is {}", entry.node.value.describe()))
                    .help(format!("write `[{path}]` and under it `probability = \"2%\"` and `loss = 100_000`")),
            );
            return None;
        };
        self.only(table, keys::RISK, "a risk", path);
        let often = self.often(table, path, entry.key);
        if !table.contains_key("loss") {
            self.problems.push(
                Problem::at(entry.key, format!("{} does not say what it costs", path.in_ticks()))
                    .help("add what one event costs: `loss = 100_000`, or a range: `loss = \"50k to 2M\"`"),
            );
        }
        let money = |reader: &mut Self, key| reader.quantity(table, key, path, Range::NotNegative);
        let [loss, deductible, limit, cap] = ["loss", "deductible", "limit", "cap"].map(|key| money(self, key));
        self.insured(path, deductible.as_ref(), limit.as_ref());
        let kind = self.kind(table, path).or_else(|| Kind::find(name)).unwrap_or(Kind::Other);
        if often.is_none() || loss.is_none() {
            self.broken.push(path.clone());
        }
        let schedule = self.schedule(table, path, time);
        let [note, source] = ["note", "source"].map(|key| self.text(table, key, path));
        Some(Line {
            group: Group::Risks,
            name: name.to_owned(),
            span: entry.key,
            plan: None,
            shape: Shape::Risk(Box::new(Risk { kind, often: often?, loss: loss?, deductible, limit, cap })),
            class: Class::Other,
            schedule,
            variable: None,
            recurring: None,
            unit: None,
            covers: Vec::new(),
            note,
            source,
        })
    }

    fn often(&mut self, table: &Table, path: &Path, key: Span) -> Option<Often> {
        let probability = self.quantity(table, "probability", path, Range::Share);
        let rate = self.quantity(table, "rate", path, Range::NotNegative);
        let problem = match OFTEN.map(|key| table.get(key)) {
            [Some(_), None] => return probability.map(Often::Probability),
            [None, Some(entry)] => match rate.as_ref().and_then(|rate| rate.expression.literal()) {
                Some(events) if events > MOST_EVENTS => {
                    Problem::at(entry.node.span, format!("{} is {events} events", path.child("rate").in_ticks()))
                        .label("so many events are no risk but a running cost")
                        .help("say them as a line of `[costs]`: `units` with a `price`")
                }
                _ => return rate.map(Often::Rate),
            },
            [Some(probability), Some(rate)] => Problem::at(
                rate.key,
                format!("{} says twice how often it happens", path.in_ticks()),
            )
            .label("once as a number of events")
            .related(probability.key, "and once as a probability")
            .help("keep `probability` for what happens at most once a year, `rate` for what may happen more often"),
            [None, None] => Problem::at(key, format!("{} does not say how often it happens", path.in_ticks()))
                .help("add `probability = \"2%\"`, that it happens in a year")
                .help("or `rate = 0.5`, the events per year, where there may be several"),
        };
        self.problems.push(problem);
        None
    }

    /// Refuses an insurance that would pay below nothing.
    fn insured(&mut self, path: &Path, deductible: Option<&Quantity>, limit: Option<&Quantity>) {
        let (Some(deductible), Some(limit)) = (deductible, limit) else { return };
        if let (Some(from), Some(until)) = (deductible.expression.literal(), limit.expression.literal())
            && from > until
        {
            self.problems.push(
                Problem::at(limit.span, format!("{} has a `limit` below its `deductible`", path.in_ticks()))
                    .label(format!("{until} is less than {from}"))
                    .related(deductible.span, "what is paid oneself")
                    .help("the insurance pays what of a loss lies between the two: let `limit` be the larger one"),
            );
        }
    }

    fn kind(&mut self, table: &Table, path: &Path) -> Option<Kind> {
        let entry = table.get("kind")?;
        let word = self.text(table, "kind", path)?;
        let kind = Kind::find(&word);
        if kind.is_none() {
            self.problems.push(
                Problem::at(entry.node.span, format!("`{word}` is not a kind of risk"))
                    .maybe_help(did_you_mean(&word, Kind::NAMES))
                    .help(format!("the kinds are {}", list(Kind::NAMES))),
            );
        }
        kind
    }
}
