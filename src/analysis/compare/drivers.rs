//! The changes that moved a metric, told as a sentence and drawn as a waterfall.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::attribution::{self, Attribution, Change, Effect};
use super::changes::{self, Part};
use super::{Compared, Side};
use crate::analysis::{bar, layout};
use crate::error::suggest::list;
use crate::formula::Path;
use crate::model::definition::Unit;
use crate::report::{Cell, Column, Row, Table, number};
use crate::scenario::Users;

/// A change and what it contributes to a difference.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Driver {
    /// What changed, by its dotted name; several names where the changes cannot be told apart.
    pub path: String,
    /// What the base says: a number, a formula or a description; of a line as a whole its total. Null where the base
    /// does not speak of it.
    pub from: Option<Said>,
    /// What the other scenario says.
    pub to: Option<Said>,
    /// What the change contributes to the difference.
    pub effect: f64,
    /// The standard error of the effect, where there are too many changes to weigh all their combinations; else null.
    pub error: Option<f64>,
}

/// What a scenario says of something.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Said {
    /// A number.
    Number(f64),
    /// A formula or a description.
    Text(String),
}

/// Why metrics moved.
#[derive(Default)]
pub struct Told {
    pub drivers: IndexMap<String, Vec<Driver>>,
    pub table: Option<Table>,
    pub notes: Vec<String>,
    pub undefined: Vec<(String, String)>,
}

/// How many changes a sentence names.
const NAMED: usize = 4;

/// Explains the differences of figures between two scenarios.
pub fn explain(pair: [&Side; 2], figures: &[&Compared], base: usize) -> Told {
    let mut told = Told::default();
    let metrics: Vec<Path> = figures.iter().map(|figure| figure.path.clone()).collect();
    let ends = [base, 1 - base]
        .map(|at| figures.iter().map(|figure| figure.values[at].clone().unwrap_or(f64::NAN)).collect::<Vec<f64>>());
    let scenarios = pair.map(|side| &side.scenario);
    let attributed = attribution::attribute(scenarios[0], scenarios[1], &metrics, [&ends[0], &ends[1]]);
    let rows: Vec<Waterfall> = figures
        .iter()
        .zip(&attributed.effects)
        .enumerate()
        .filter_map(|(at, (figure, effects))| match effects {
            Ok(effects) => Some(Waterfall::new(figure, [ends[0][at], ends[1][at]], &attributed, effects, pair)),
            Err(reason) => {
                told.undefined.push((format!("drivers of {}", figure.name), reason.clone()));
                None
            }
        })
        .collect();
    if attributed.changes.is_empty() {
        told.notes.push("the two scenarios say the same: nothing that moves a number differs".to_owned());
    } else {
        told.notes.extend(rows.iter().map(|row| row.sentence(pair[0])));
        told.notes.extend(sampled(&rows));
        told.table = (!rows.is_empty()).then(|| table(&rows));
    }
    told.drivers = figures.iter().map(|figure| (figure.name.clone(), Vec::new())).collect();
    for row in rows {
        told.drivers.insert(row.name, row.drivers.into_iter().map(|(driver, _)| driver).collect());
    }
    told
}

fn sampled(rows: &[Waterfall]) -> Option<String> {
    let is_sampled = rows.iter().any(|row| row.drivers.iter().any(|(driver, _)| driver.error.is_some()));
    is_sampled.then(|| {
        "there are too many changes to weigh all their combinations: the effects are known from a sample, each with \
         the standard error beside it"
            .to_owned()
    })
}

/// A metric's difference and the changes that make it up.
struct Waterfall {
    name: String,
    title: String,
    unit: Unit,
    ends: [f64; 2],
    /// The changes, the largest first, each with what its numbers are counted in.
    drivers: Vec<(Driver, Unit)>,
}

impl Waterfall {
    fn new(figure: &Compared, ends: [f64; 2], attributed: &Attribution, effects: &[Effect], pair: [&Side; 2]) -> Self {
        let driver = |(change, effect): (&Change, &Effect)| {
            let [from, to] = pair.map(|side| said(change, side));
            let driver = Driver { path: name(change), from, to, effect: effect.value, error: effect.error };
            (driver, unit(change, pair))
        };
        let mut drivers: Vec<_> = attributed.changes.iter().zip(effects).map(driver).collect();
        drivers.sort_by(|(a, _), (b, _)| b.effect.abs().total_cmp(&a.effect.abs()).then_with(|| a.path.cmp(&b.path)));
        Self { name: figure.name.clone(), title: figure.title.clone(), unit: figure.unit.clone(), ends, drivers }
    }

    fn difference(&self) -> f64 {
        self.ends[1] - self.ends[0]
    }

    /// `Return rate fell by 4.00 points: price −6.10, churn +2.10`.
    fn sentence(&self, base: &Side) -> String {
        let unit = match &self.unit {
            Unit::Share => Some("points"),
            unit => unit.name(&base.scenario),
        };
        let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
        let moved = match self.difference() {
            0.0 => format!("{} did not move", self.title),
            up if up > 0.0 => format!("{} rose by {}{unit}", self.title, self.amount(up)),
            down => format!("{} fell by {}{unit}", self.title, self.amount(-down)),
        };
        let matter: Vec<&Driver> =
            self.drivers.iter().map(|(driver, _)| driver).filter(|driver| driver.effect != 0.0).collect();
        // A single other change is named as well: it takes no more room than its count.
        let named = if matter.len() == NAMED + 1 { NAMED + 1 } else { NAMED };
        let mut parts: Vec<String> =
            matter.iter().take(named).map(|driver| format!("{} {}", driver.path, self.signed(driver.effect))).collect();
        let rest = matter.get(named..).unwrap_or_default();
        if !rest.is_empty() {
            let sum = rest.iter().map(|driver| driver.effect).sum();
            parts.push(format!("{} others {}", rest.len(), self.signed(sum)));
        }
        let idle: Vec<&str> = self
            .drivers
            .iter()
            .filter(|(driver, _)| driver.effect == 0.0)
            .map(|(driver, _)| driver.path.as_str())
            .collect();
        let idle = match idle.len() {
            0 => String::new(),
            1..=NAMED => format!("; no effect: {}", list(idle)),
            count => format!("; {count} changes have no effect"),
        };
        if parts.is_empty() { moved + &idle } else { format!("{moved}: {}{idle}", parts.join(", ")) }
    }

    /// A size of this metric for a sentence; shares in points.
    fn amount(&self, value: f64) -> String {
        match self.unit {
            Unit::Money => number::money(value),
            Unit::Share => number::share(value).trim_end_matches('%').to_owned(),
            Unit::Count | Unit::Periods => number::count(value),
            Unit::Number | Unit::Named(_) => number::number(value),
        }
    }

    fn signed(&self, value: f64) -> String {
        format!("{}{}", if value < 0.0 { '−' } else { '+' }, self.amount(value.abs()))
    }

    /// The metric, and below it the changes that moved it.
    fn rows(&self) -> Vec<Row> {
        let cell = |value: f64| layout::cell(&Ok(value), &self.unit);
        let largest = self.drivers.iter().map(|(driver, _)| driver.effect.abs()).fold(0.0, f64::max);
        let mut rows = vec![Row::strong(vec![
            Cell::text(&self.name),
            Cell::Empty,
            Cell::text(&self.title),
            cell(self.ends[0]),
            cell(self.ends[1]),
            cell(self.difference()),
            Cell::Empty,
            Cell::Empty,
        ])];
        let seen = self.drivers.iter().filter(|(driver, _)| driver.effect != 0.0).count();
        for (at, (driver, unit)) in self.drivers.iter().enumerate() {
            let guide = if at + 1 == seen { "└─ " } else { "├─ " }.to_owned();
            let cells = vec![
                Cell::text(&self.name),
                Cell::text(&driver.path),
                Cell::Branch { guide, text: driver.path.clone() },
                said_cell(driver.from.as_ref(), unit),
                said_cell(driver.to.as_ref(), unit),
                cell(driver.effect),
                driver.error.map_or(Cell::Empty, cell),
                Cell::text(bar::signed(driver.effect, largest)),
            ];
            rows.push(if driver.effect == 0.0 { Row::machine(cells) } else { Row::plain(cells) });
        }
        rows
    }
}

fn table(rows: &[Waterfall]) -> Table {
    let is_sampled = sampled(rows).is_some();
    let error = if is_sampled { Column::new("error", "± error") } else { Column::machine("error") };
    Table {
        key: "drivers",
        title: "Why".to_owned(),
        columns: vec![
            Column::machine("metric"),
            Column::machine("path"),
            Column::people("change", "change"),
            Column::new("from", "from"),
            Column::new("to", "to"),
            Column::new("effect", "effect"),
            error,
            Column::people("bar", ""),
        ],
        rows: rows.iter().flat_map(Waterfall::rows).collect(),
    }
}

/// The names of what changed.
fn name(change: &Change) -> String {
    change.parts.iter().map(|part| part.path().to_string()).collect::<Vec<_>>().join(" and ")
}

/// What the numbers of a change are counted in.
fn unit(change: &Change, pair: [&Side; 2]) -> Unit {
    let [part] = change.parts.as_slice() else { return Unit::Number };
    let find = |side: &Side| {
        let id = side.model.find(&part.path()).ok()?;
        Some(side.model.definitions()[id].unit.clone())
    };
    pair.into_iter().find_map(find).unwrap_or(Unit::Number)
}

/// What a scenario says of what changed.
fn said(change: &Change, side: &Side) -> Option<Said> {
    if let [part] = change.parts.as_slice() {
        return said_of(part, side);
    }
    let text = |part: &Part| match said_of(part, side) {
        None => "nothing".to_owned(),
        Some(Said::Number(value)) => number::number(value),
        Some(Said::Text(text)) => text,
    };
    Some(Said::Text(change.parts.iter().map(text).collect::<Vec<_>>().join("; ")))
}

fn said_of(part: &Part, side: &Side) -> Option<Said> {
    let scenario = &side.scenario;
    let quantity = |quantity: &crate::scenario::Quantity| match quantity.expression.literal() {
        Some(value) => Said::Number(value),
        None => Said::Text(quantity.expression.to_string()),
    };
    match part {
        Part::Quantity(path) => changes::find_quantity(scenario, path).as_ref().map(quantity),
        Part::Line(path) => {
            let line = side.model.lines().iter().find(|line| line.line.path() == *path)?;
            let total = side.model.values().get(line.total, 0).ok().map(Said::Number);
            total.or(Some(Said::Text("undefined".to_owned())))
        }
        Part::Users => scenario.users.as_ref().map(|users| match users {
            Users::Quantity(users) => quantity(users),
            Users::Stock { start, .. } => Said::Text(format!("a stock from {}", start.expression)),
        }),
        Part::Time => {
            scenario.time.as_ref().map(|time| Said::Text(format!("{} × {}", time.periods, time.period.name())))
        }
        Part::Cash => scenario.opening_cash.as_ref().map(quantity),
        Part::Model(name) => {
            let model = scenario.prices.models.get(name)?;
            Some(Said::Text(format!("{} prices", model.figures.len())))
        }
    }
}

fn said_cell(said: Option<&Said>, unit: &Unit) -> Cell {
    match said {
        None => Cell::Empty,
        Some(Said::Number(value)) => layout::cell(&Ok(*value), unit),
        Some(Said::Text(text)) => Cell::text(text),
    }
}
