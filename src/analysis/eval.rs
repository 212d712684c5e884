//! `eval`: what are revenue, cost, profit and return rate, and what would break even?

mod impact;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::{break_even, layout, notes};
use crate::formula::Path;
use crate::model::definition::{DefinitionId, Unit};
use crate::model::metrics::{self, Metric};
use crate::model::{LineDefinition, Model, Product, Values, count};
use crate::report::{Cell, Column, Report, Row, Table};
use crate::scenario::{Group, Scenario};

/// The answer of `eval`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Evaluation {
    /// The metrics by name; null where one has no value.
    #[serde(flatten)]
    #[schemars(schema_with = "super::schema::metrics")]
    pub metrics: IndexMap<&'static str, Option<f64>>,
    /// The lines' amounts, by group and name.
    pub lines: IndexMap<&'static str, IndexMap<String, Option<f64>>>,
    /// The impact, by name; without impact lines there is no such key.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(default)]
    pub impact: IndexMap<String, Impact>,
    /// What the lines are made of, in the order of reports.
    pub details: Vec<Detail>,
    /// The value of each quantity at which profit is 0; null where there is none.
    pub break_even: IndexMap<&'static str, Option<f64>>,
}

/// What is done that is not money, over all periods.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Impact {
    /// How much it is.
    pub amount: Option<f64>,
    /// How much it is per user; the users are those of the metric `users`, on average over the periods.
    pub per_user: Option<f64>,
    /// How much it is per 1,000 of revenue, in the scenario's currency.
    pub per_1000_revenue: Option<f64>,
    /// What it is measured in.
    pub unit: Option<String>,
    /// The areas of a business model that it stands for, such as `society`.
    pub covers: Vec<&'static str>,
}

/// What a line is made of.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Detail {
    /// The line's dotted name.
    pub path: String,
    /// What kind of cost it is; null outside of costs.
    pub class: Option<&'static str>,
    /// How many are sold or bought, where the line says so.
    pub units: Option<f64>,
    /// What each costs, where the line says so.
    pub price: Option<f64>,
    /// The line's amount.
    pub amount: Option<f64>,
    /// What the units are counted in.
    pub unit: Option<String>,
    /// The amount as a share of its group's sum.
    pub share: Option<f64>,
}

/// The quantities that `eval` seeks the break-even of.
const BREAK_EVEN: [(&str, &str, Unit); 2] = [("users", "Users", Unit::Count), ("price", "Price", Unit::Money)];

/// Evaluates a scenario.
pub fn report(scenario: &Scenario, model: &Model) -> Report {
    let values = model.values();
    let metrics: Vec<_> = metrics::of(scenario).map(|metric| (metric, metric_value(&values, model, metric))).collect();
    let lines: Vec<_> = model.lines().iter().map(|line| LineValues::new(model, &values, line)).collect();
    let impact = impact::of(model, &values);
    let break_even: Vec<_> = BREAK_EVEN
        .iter()
        .map(|(name, title, unit)| (*name, *title, unit, break_even::of_profit(model, name)))
        .collect();

    let mut undefined = Vec::new();
    let mut keep =
        |name: String, value: &Result<f64, String>| value.clone().map_err(|reason| undefined.push((name, reason))).ok();
    let answer = Evaluation {
        metrics: metrics.iter().map(|(metric, value)| (metric.name, keep(metric.name.to_owned(), value))).collect(),
        lines: Group::ALL
            .into_iter()
            .map(|group| (group.key(), lines_of(group, &lines, &mut keep)))
            .filter(|(key, lines)| [Group::Revenue, Group::Costs].map(Group::key).contains(key) || !lines.is_empty())
            .collect(),
        impact: impact.iter().map(|of| (of.name().to_owned(), of.answer(&mut keep))).collect(),
        details: lines.iter().map(LineValues::detail).collect(),
        break_even: break_even
            .iter()
            .map(|(name, _, _, value)| (*name, keep(format!("break_even.{name}"), value)))
            .collect(),
    };
    let mut tables = vec![metrics_table(scenario, &metrics), lines_table(&lines)];
    tables.extend(impact::table(scenario, &impact));
    tables.push(break_even_table(model, &values, &break_even));
    Report {
        undefined,
        notes: notes::of_run(scenario, model, &values),
        tables,
        ..Report::new("eval", layout::heading(scenario), layout::data(&answer))
    }
}

fn metric_value(values: &Values<'_>, model: &Model, metric: &Metric) -> Result<f64, String> {
    let id = model.find(&Path::new([metric.name])).map_err(|problem| problem.message)?;
    values.get(id, 0)
}

/// A line with its values.
struct LineValues<'m> {
    definition: &'m LineDefinition,
    unit: &'m Unit,
    amount: Result<f64, String>,
    product: Option<(Result<f64, String>, Result<f64, String>)>,
    share: Option<f64>,
}

impl<'m> LineValues<'m> {
    fn new(model: &'m Model, values: &Values<'_>, definition: &'m LineDefinition) -> Self {
        let get = |id: DefinitionId| values.get(id, 0);
        let sum = match definition.line.group {
            Group::Revenue => Some("revenue"),
            Group::Costs | Group::Risks => Some("cost"),
            Group::Impact => None,
        };
        let sum = sum.and_then(|name| model.find(&Path::new([name])).ok()).and_then(|id| get(id).ok());
        let amount = get(definition.total);
        let share = match (&amount, sum) {
            (Ok(amount), Some(sum)) if sum != 0.0 => Some(amount / sum),
            _ => None,
        };
        Self {
            definition,
            unit: &model.definitions()[definition.amount].unit,
            product: definition.product.map(|product| billed(model, values, definition, product, &amount)),
            amount,
            share,
        }
    }

    /// What the units are counted in; where all that is said is of one user, the units are the users.
    fn unit_name(&self) -> Option<&str> {
        let line = &self.definition.line;
        if line.shape.is_per_user() { Some("user") } else { line.unit.as_deref() }
    }

    fn detail(&self) -> Detail {
        let line = &self.definition.line;
        Detail {
            path: line.path().to_string(),
            class: (line.group == Group::Costs).then(|| line.class.name()),
            units: self.product.as_ref().and_then(|(units, _)| units.clone().ok()),
            price: self.product.as_ref().and_then(|(_, price)| price.clone().ok()),
            amount: self.amount.clone().ok(),
            unit: self.unit_name().map(str::to_owned),
            share: self.share,
        }
    }
}

/// The units of a line over all periods in which it is due, and their price; on average, where it changes.
fn billed(
    model: &Model,
    values: &Values<'_>,
    definition: &LineDefinition,
    Product { units, price }: Product,
    amount: &Result<f64, String>,
) -> (Result<f64, String>, Result<f64, String>) {
    let periods = 0..model.periods();
    let due = |period: &usize| definition.line.schedule.as_ref().is_none_or(|due| due[*period]);
    let total = periods.filter(due).try_fold(0.0, |sum, period| Ok(sum + values.get(units, period)?));
    let price = match (price.filter(|price| !model.varies(*price)), amount, &total) {
        (Some(price), _, _) => values.get(price, 0),
        (None, Ok(amount), Ok(total)) if *total != 0.0 => Ok(amount / total),
        (None, _, _) => Err("nothing is billed".to_owned()),
    };
    (total, price)
}

fn lines_of(
    group: Group,
    lines: &[LineValues<'_>],
    keep: &mut impl FnMut(String, &Result<f64, String>) -> Option<f64>,
) -> IndexMap<String, Option<f64>> {
    lines
        .iter()
        .filter(|line| line.definition.line.group == group)
        .map(|line| {
            let name = &line.definition.line.name;
            let path = Path::new(["lines", group.key(), name]);
            (name.clone(), keep(path.to_string(), &line.amount))
        })
        .collect()
}

fn metrics_table(scenario: &Scenario, metrics: &[(&Metric, Result<f64, String>)]) -> Table {
    let row = |(metric, value): &(&Metric, Result<f64, String>)| {
        let cells = vec![
            Cell::text(metric.name),
            Cell::text(title(scenario, metric, value)),
            layout::cell(value, &metric.unit),
            layout::unit_cell(&metric.unit, scenario),
            value.as_ref().map_or_else(Cell::text, |_| Cell::Empty),
        ];
        // What the scenario does not speak of is told once, below, and not in a row of its own.
        match metric.needs.iter().all(|need| need.is_met(scenario)) {
            false => Row::machine(cells),
            true if metric.name == "profit" => Row::strong(cells),
            true => Row::plain(cells),
        }
    };
    Table {
        key: "metrics",
        title: String::new(),
        columns: vec![
            Column::machine("metric"),
            Column::people("title", ""),
            Column::new("value", ""),
            Column::machine("unit"),
            Column::machine("reason"),
        ],
        rows: metrics.iter().map(row).collect(),
    }
}

/// A metric's name for people: with its unit where it counts periods, and the label where it is one of them.
fn title(scenario: &Scenario, metric: &Metric, value: &Result<f64, String>) -> String {
    let Some(time) = &scenario.time else { return metric.title.to_owned() };
    match (metric.unit == Unit::Periods, value) {
        (true, _) => format!("{}, {}s", metric.title, time.period.name()),
        (false, Ok(value)) if metric.name.ends_with("_period") => {
            let label = time.labels.iter().enumerate().find(|(at, _)| count(*at) == *value);
            match label.map(|(at, label)| (at.to_string() == *label, label)) {
                Some((false, label)) => format!("{} ({label})", metric.title),
                _ => metric.title.to_owned(),
            }
        }
        _ if metric.name == "users" => format!("{}, on average", metric.title),
        _ => metric.title.to_owned(),
    }
}

fn lines_table(lines: &[LineValues<'_>]) -> Table {
    let row = |line: &LineValues<'_>| {
        let money = |value: &Result<f64, String>, unit: &Unit| layout::cell(value, unit);
        let (units, price) = match &line.product {
            Some((units, price)) => (money(units, &Unit::Count), money(price, line.unit)),
            None => (Cell::Empty, Cell::Empty),
        };
        let written = &line.definition.line;
        let cells = vec![
            Cell::text(written.path().to_string()),
            if written.group == Group::Costs { Cell::text(written.class.name()) } else { Cell::Empty },
            units,
            price,
            layout::cell(&line.amount, line.unit),
            line.share.map_or(Cell::Empty, Cell::Share),
            line.unit_name().map_or(Cell::Empty, Cell::text),
        ];
        // People find impact in a table of its own.
        if written.group == Group::Impact { Row::machine(cells) } else { Row::plain(cells) }
    };
    let is_money = |line: &&LineValues<'_>| line.definition.line.group != Group::Impact;
    let has = |test: fn(&LineValues<'_>) -> bool| lines.iter().filter(is_money).any(test);
    let column =
        |key: &str, title: &str, shown: bool| if shown { Column::new(key, title) } else { Column::machine(key) };
    let products = has(|line| line.product.is_some());
    Table {
        key: "lines",
        title: "Lines".to_owned(),
        columns: vec![
            Column::new("line", "line"),
            Column::machine("class"),
            column("units", "units", products),
            column("price", "price", products),
            Column::new("amount", "amount"),
            Column::new("share", "share"),
            column("unit", "unit", has(|line| line.unit_name().is_some())),
        ],
        rows: lines.iter().map(row).collect(),
    }
}

fn break_even_table(
    model: &Model,
    values: &Values<'_>,
    break_even: &[(&str, &str, &Unit, Result<f64, String>)],
) -> Table {
    let row = |(name, title, unit, value): &(&str, &str, &Unit, Result<f64, String>)| {
        let now = model.quantity(&Path::new([*name])).ok().map(|id| values.get(id, 0));
        Row::plain(vec![
            Cell::text(*name),
            Cell::text(*title),
            layout::cell(value, unit),
            now.map_or(Cell::Empty, |now| layout::cell(&now, unit)),
            value.as_ref().map_or_else(Cell::text, |_| Cell::Empty),
        ])
    };
    Table {
        key: "break_even",
        title: "Break-even".to_owned(),
        columns: vec![
            Column::machine("quantity"),
            Column::people("title", "profit is 0 at"),
            Column::new("value", "value"),
            Column::new("now", "now"),
            Column::machine("reason"),
        ],
        rows: break_even.iter().map(row).collect(),
    }
}
