//! `forecast`: what happens period by period?

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{eval, layout};
use crate::formula::Path;
use crate::model::definition::{Body, DefinitionId};
use crate::model::{Model, Values, count};
use crate::report::{Audience, Cell, Chart, Column, Drawing, Report, Row, Table};
use crate::scenario::{Group, Period, Scenario, Time};

/// How many periods stand in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Each for itself.
    Period,
    /// Those of a quarter, counted from the start.
    Quarter,
    /// Those of a year, counted from the start.
    Year,
}

impl Grouping {
    /// How many periods make one group; none where a period is longer than the group.
    pub fn length(self, period: Period) -> Option<usize> {
        let per_year = usize::try_from(period.per_year()).ok()?;
        match self {
            Grouping::Period => Some(1),
            Grouping::Quarter => (per_year >= 4).then_some(per_year / 4),
            Grouping::Year => Some(per_year),
        }
    }
}

/// Which series are shown to people; machines get every line as well, unless the values are named.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Revenue, cost, profit, cumulative profit, users and cash.
    Main,
    /// Those and every line.
    WithLines,
    /// The values of that name.
    Named(Vec<DefinitionId>),
}

/// The answer of `forecast`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Forecast {
    /// What each period, or group of periods, is called.
    pub periods: Vec<String>,
    /// The values by name, one for each of `periods`; null where one is undefined. Flows are summed over a group,
    /// stocks (users, cash, cumulative profit) are those of its end, and all else is the average.
    pub series: IndexMap<String, Vec<Option<f64>>>,
    /// The figures of `eval` over all periods, with `undefined` for the reasons of those that are null.
    pub totals: Value,
}

/// How the values of several periods become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joining {
    /// Their sum: flows.
    Sum,
    /// The last one: stocks.
    Last,
    /// Their average: prices, rates and free inputs.
    Mean,
}

/// A series to be shown.
struct Series {
    name: String,
    id: DefinitionId,
    joining: Joining,
    values: Vec<f64>,
    /// Whether people see it.
    audience: Audience,
}

impl Series {
    /// Its place in the answer.
    fn key(&self) -> String {
        format!("series.{}", self.name)
    }
}

/// Shows a scenario period by period.
pub fn report(scenario: &Scenario, model: &Model, time: &Time, grouping: (usize, Grouping), choice: &Choice) -> Report {
    let values = model.values();
    let (length, grouping) = grouping;
    let series: Vec<Series> =
        chosen(model, choice).into_iter().map(|chosen| one_series(model, &values, chosen, length)).collect();
    let labels = labels(time, length);
    let evaluation = eval::report(scenario, model);
    let undefined = missing(&values, &series, model);
    let table = table(model, &series, &labels, grouping, &undefined);
    let optional = |values: &[f64]| values.iter().map(|value| value.is_finite().then_some(*value)).collect();
    let forecast = Forecast {
        series: series.iter().map(|series| (series.name.clone(), optional(&series.values))).collect(),
        totals: Value::Object(totals(evaluation.data, &evaluation.undefined)),
        periods: labels.clone(),
    };
    Report {
        undefined,
        notes: evaluation.notes,
        tables: vec![table],
        charts: chart(model, &values, time).into_iter().collect(),
        ..Report::new("forecast", layout::heading(scenario), layout::data(&forecast))
    }
}

/// The figures of the whole run, with the reasons of those that are missing.
fn totals(mut data: Map<String, Value>, undefined: &[(String, String)]) -> Map<String, Value> {
    let reasons = undefined.iter().map(|(name, reason)| (name.clone(), Value::String(reason.clone()))).collect();
    data.insert("undefined".to_owned(), Value::Object(reasons));
    data
}

fn chosen(model: &Model, choice: &Choice) -> Vec<(DefinitionId, Audience)> {
    let find = |name: &str| model.find_periodic(&Path::from(name)).ok();
    let lines_for = match choice {
        Choice::Main => Audience::Machines,
        Choice::WithLines => Audience::Everyone,
        Choice::Named(ids) => return ids.iter().map(|id| (*id, Audience::Everyone)).collect(),
    };
    let main = ["revenue", "cost", "profit", "cumulative", "users", "cash"].into_iter().filter_map(find);
    let lines = model.lines().iter().map(|line| (line.amount, lines_for));
    main.map(|id| (id, Audience::Everyone)).chain(lines).collect()
}

fn one_series(model: &Model, values: &Values<'_>, (id, audience): (DefinitionId, Audience), length: usize) -> Series {
    let path = &model.definitions()[id].path;
    let name = match model.line_of(id) {
        Some(line) => model.definitions()[line.total].path.to_string(),
        None => path.to_string(),
    };
    let joining = joining(model, id);
    let values = values.series(id).chunks(length).map(|group| joined(group, joining)).collect();
    Series { name, id, joining, values, audience }
}

/// What is a level and no flow: of several periods, the last one's counts.
const LEVELS: [&str; 5] = ["users", "users.free", "users.in_plans", "cash", "cumulative"];

/// How a definition's values of several periods become one.
fn joining(model: &Model, id: DefinitionId) -> Joining {
    let definition = &model.definitions()[id];
    let name = definition.path.to_string();
    let is_units = model.lines().iter().any(|line| line.product.is_some_and(|product| product.units == id));
    let is_members = model
        .lines()
        .iter()
        .any(|line| line.line.plan.is_some() && line.product.is_some_and(|product| product.units == id));
    if is_members || LEVELS.contains(&name.as_str()) {
        Joining::Last
    } else if is_units
        || model.line_of(id).is_some()
        || matches!(definition.body, Body::Sum(_))
        || ["profit", "users.joins"].contains(&name.as_str())
    {
        Joining::Sum
    } else {
        Joining::Mean
    }
}

fn joined(group: &[f64], joining: Joining) -> f64 {
    match joining {
        Joining::Sum => group.iter().sum(),
        Joining::Last => group[group.len() - 1],
        Joining::Mean => group.iter().sum::<f64>() / count(group.len()),
    }
}

/// What the groups are called: a year or a quarter of the calendar by its name, else by its first and last period.
fn labels(time: &Time, length: usize) -> Vec<String> {
    let label = |group: &[String]| match group {
        [only] => only.clone(),
        [first, .., last] => calendar_name(first, last).unwrap_or_else(|| format!("{first} – {last}")),
        [] => String::new(),
    };
    time.labels.chunks(length).map(label).collect()
}

/// The periods of the calendar that groups of months or quarters may be: first and last period, and the name.
const CALENDAR: [(&str, &str, &str); 6] = [
    ("-01", "-12", ""),
    ("-Q1", "-Q4", ""),
    ("-01", "-03", "-Q1"),
    ("-04", "-06", "-Q2"),
    ("-07", "-09", "-Q3"),
    ("-10", "-12", "-Q4"),
];

/// The name of a year or a quarter of the calendar, from what its first and last period are called.
fn calendar_name(first: &str, last: &str) -> Option<String> {
    let year = first.get(..4).filter(|year| last.get(..4) == Some(year))?;
    let same = |(begin, end, _): &&(&str, &str, &str)| first[4..] == **begin && last[4..] == **end;
    CALENDAR.iter().find(same).map(|(_, _, name)| format!("{year}{name}"))
}

/// Why values are missing, once for each series.
fn missing(values: &Values<'_>, series: &[Series], model: &Model) -> Vec<(String, String)> {
    let reason = |series: &Series| {
        let period = (0..model.periods()).find(|period| !values.at(series.id, *period).is_finite())?;
        let reason = values.get(series.id, period).err()?;
        Some((series.key(), reason))
    };
    series.iter().filter_map(reason).collect()
}

fn table(
    model: &Model,
    series: &[Series],
    labels: &[String],
    grouping: Grouping,
    undefined: &[(String, String)],
) -> Table {
    let cell = |series: &Series, value: f64| {
        // One reason for the whole series: the periods after the first that is undefined mostly follow from it.
        let reason = || undefined.iter().find(|(key, _)| *key == series.key()).map(|(_, reason)| reason.clone());
        let value = if value.is_finite() { Ok(value) } else { Err(reason().unwrap_or_default()) };
        layout::cell(&value, &model.definitions()[series.id].unit)
    };
    let mut rows: Vec<Row> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let values = series.iter().map(|series| cell(series, series.values[at]));
            Row::plain(std::iter::once(Cell::text(label)).chain(values).collect())
        })
        .collect();
    let total = |series: &Series| match series.joining {
        Joining::Sum => cell(series, series.values.iter().sum()),
        Joining::Last | Joining::Mean => Cell::Empty,
    };
    if series.iter().any(|series| series.joining == Joining::Sum && series.audience == Audience::Everyone) {
        let total = Row::strong(std::iter::once(Cell::text("total")).chain(series.iter().map(total)).collect());
        rows.push(Row { audience: Audience::People, ..total });
    }
    let title = match grouping {
        Grouping::Period => "period",
        Grouping::Quarter => "quarter",
        Grouping::Year => "year",
    };
    let short = |name: &str| {
        let shortened = Group::ALL.iter().find_map(|group| name.strip_prefix(&format!("lines.{}.", group.key())));
        shortened.unwrap_or(name).to_owned()
    };
    let columns = series
        .iter()
        .map(|series| Column { audience: series.audience, ..Column::new(series.name.clone(), short(&series.name)) });
    Table {
        key: "periods",
        title: String::new(),
        columns: std::iter::once(Column::new("period", title)).chain(columns).collect(),
        rows,
    }
}

/// The cumulative profit, drawn.
fn chart(model: &Model, values: &Values<'_>, time: &Time) -> Option<Chart> {
    let id = model.find_periodic(&Path::new(["cumulative"])).ok()?;
    let ends = [time.labels.first()?.clone(), time.labels.last()?.clone()];
    Some(Chart { title: "Cumulative profit".to_owned(), drawing: Drawing::Columns(values.series(id)), ends })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_and_years_of_the_calendar_have_names_and_others_their_ends() {
        let name = |first, last| calendar_name(first, last);
        assert_eq!(name("2026-01", "2026-12").as_deref(), Some("2026"));
        assert_eq!(name("2026-Q1", "2026-Q4").as_deref(), Some("2026"));
        assert_eq!(name("2026-10", "2026-12").as_deref(), Some("2026-Q4"));
        // A year from July, a year that the horizon cuts short, and weeks.
        assert_eq!(name("2026-07", "2027-06"), None);
        assert_eq!(name("2026-01", "2026-11"), None);
        assert_eq!(name("2026-01-05", "2026-03-30"), None);
        assert_eq!(name("0", "11"), None);
    }
}
