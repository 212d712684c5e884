//! How the outcomes of a simulation are laid out.

use indexmap::IndexMap;

use super::Options;
use super::answer::{Chance, Histogram, Outcomes, RiskOutcome, Statistics, no_deviation, no_mean};
use super::asked::Asked;
use super::float;
use crate::analysis::{bar, draws, layout};
use crate::model::definition::Unit;
use crate::report::{Audience, Cell, Chart, Column, Drawing, Row, Table, number};

/// The tables, the metrics first.
pub fn tables(answer: &Outcomes, asked: &Asked, options: &Options) -> Vec<Table> {
    let mut tables = vec![metrics(answer, asked), probabilities(answer)];
    if !answer.risk.is_empty() {
        tables.push(risk(answer, options));
    }
    if !answer.risks.is_empty() {
        tables.push(risks(answer));
    }
    tables.extend(answer.histogram.as_ref().map(|histogram| self::histogram(histogram, asked)));
    if !answer.correlations.is_empty() {
        tables.push(correlations(answer));
    }
    tables.extend(answer.bands.iter().map(|(name, band)| self::band(answer, name, band, asked)));
    tables
}

/// A number with its unit, or that it has no value in any draw.
fn cell(value: Option<f64>, unit: &Unit) -> Cell {
    because(value, no_mean(0.0), unit)
}

/// A number with its unit, or that reason.
fn because(value: Option<f64>, reason: &str, unit: &Unit) -> Cell {
    layout::cell(&value.ok_or_else(|| reason.to_owned()), unit)
}

fn metrics(answer: &Outcomes, asked: &Asked) -> Table {
    let always = answer.metrics.values().all(|found| found.defined >= 1.0);
    let mut columns = vec![
        Column::new("metric", "metric"),
        Column::new("mean", "mean"),
        Column::new("error", "± error"),
        Column::new("sd", "sd"),
        Column::machine("low"),
    ];
    let percentiles = answer.metrics.values().next().map(|found| found.percentiles.keys()).into_iter().flatten();
    columns.extend(percentiles.map(|name| Column::new(name, name.clone())));
    columns.push(Column::machine("high"));
    columns.push(if always { Column::machine("defined") } else { Column::new("defined", "has a value") });
    let samples = float(answer.samples);
    let spread = |value, defined: f64, unit: &Unit| because(value, no_deviation(defined * samples), unit);
    let row = |((name, found), unit): ((&String, &Statistics), &Unit)| {
        let before = [
            because(found.mean, no_mean(found.defined), unit),
            spread(found.error, found.defined, unit),
            spread(found.sd, found.defined, unit),
            cell(found.low, unit),
        ];
        let percentiles = found.percentiles.values().map(|value| cell(*value, unit));
        let after = [cell(found.high, unit), Cell::Share(found.defined)];
        Row::plain(std::iter::once(Cell::text(name)).chain(before).chain(percentiles).chain(after).collect())
    };
    let units = asked.metrics.iter().map(|metric| &metric.unit);
    let rows = answer.metrics.iter().zip(units).map(row).collect();
    let draws = draws::in_words(answer.samples);
    let title = format!("{draws}, {}, seed {}", answer.method, answer.seed);
    Table { key: "metrics", title, columns, rows }
}

fn probabilities(answer: &Outcomes) -> Table {
    let always = answer.probabilities.values().all(|found| found.defined >= 1.0);
    let defined = if always { Column::machine("defined") } else { Column::new("defined", "has a value") };
    let columns = vec![
        Column::new("condition", "condition"),
        Column::new("probability", "probability"),
        Column::new("error", "± error"),
        defined,
    ];
    let samples = float(answer.samples);
    let row = |(name, found): (&String, &Chance)| {
        let value = because(found.value, no_mean(found.defined), &Unit::Share);
        let error = because(found.error, no_deviation(found.defined * samples), &Unit::Share);
        Row::plain(vec![Cell::text(name), value, error, Cell::Share(found.defined)])
    };
    let rows = answer.probabilities.iter().map(row).collect();
    Table { key: "probabilities", title: "How likely".to_owned(), columns, rows }
}

fn risk(answer: &Outcomes, options: &Options) -> Table {
    let (most, worst) = (percent(options.confidence), percent(1.0 - options.confidence));
    let titles = [format!("VaR: not exceeded in {most}"), format!("CVaR: mean of the worst {worst}")];
    let keys = answer.risk.values().next().map(|found| found.keys().cloned()).into_iter().flatten();
    let mut columns = vec![Column::new("metric", "loss of")];
    columns.extend(keys.zip(titles).map(|(key, title)| Column::new(key, title)));
    let row = |(name, found): (&String, &IndexMap<String, Option<f64>>)| {
        let losses = found.values().map(|value| cell(*value, &Unit::Money));
        Row::plain(std::iter::once(Cell::text(name)).chain(losses).collect())
    };
    let title = "Value at risk, as a loss: below 0 it is a gain".to_owned();
    Table { key: "risk", title, columns, rows: answer.risk.iter().map(row).collect() }
}

fn risks(answer: &Outcomes) -> Table {
    let mut columns = vec![
        Column::new("name", "risk"),
        Column::new("happens", "happens"),
        Column::new("error", "± error"),
        Column::new("mean", "mean loss"),
        Column::new("sd", "sd"),
    ];
    let percentiles = answer.risks.values().next().map(|found| found.loss.percentiles.keys()).into_iter().flatten();
    columns.extend(percentiles.map(|name| Column::new(name, name.clone())));
    columns.push(Column::new("high", "highest"));
    let samples = float(answer.samples);
    let spread = |value, defined: f64, unit: &Unit| because(value, no_deviation(defined * samples), unit);
    let row = |(name, found): (&String, &RiskOutcome)| {
        let RiskOutcome { happens, loss } = found;
        let before = [
            cell(happens.value, &Unit::Share),
            spread(happens.error, happens.defined, &Unit::Share),
            because(loss.mean, no_mean(loss.defined), &Unit::Money),
            spread(loss.sd, loss.defined, &Unit::Money),
        ];
        let percentiles = loss.percentiles.values().map(|value| cell(*value, &Unit::Money));
        let after = [cell(loss.high, &Unit::Money)];
        Row::plain(std::iter::once(Cell::text(name)).chain(before).chain(percentiles).chain(after).collect())
    };
    let title = "Risks: whether they happen, and what they cost".to_owned();
    Table { key: "risks", title, columns, rows: answer.risks.iter().map(row).collect() }
}

fn percent(share: f64) -> String {
    format!("{}%", number::number(share * 100.0))
}

fn histogram(histogram: &Histogram, asked: &Asked) -> Table {
    let unit = asked.main().map_or(&Unit::Number, |main| &asked.metrics[main].unit);
    let largest = histogram.shares.iter().copied().fold(0.0, f64::max);
    let columns = vec![
        Column::new("from", "from"),
        Column::new("to", "to"),
        Column::new("share", "share"),
        Column::people("bar", ""),
    ];
    let row = |(bounds, share): (&[f64], &f64)| {
        let bound = |value| layout::cell(&Ok(value), unit);
        let bar = Cell::text(bar::rightward(*share, largest));
        Row::plain(vec![bound(bounds[0]), bound(bounds[1]), Cell::Share(*share), bar])
    };
    let rows = histogram.bounds.windows(2).zip(&histogram.shares).map(row).collect();
    Table { key: "histogram", title: format!("Draws of {}", histogram.metric), columns, rows }
}

fn correlations(answer: &Outcomes) -> Table {
    let columns = vec![
        Column::new("first", "quantity"),
        Column::new("second", "goes with"),
        Column::new("rank", "rank correlation"),
        Column::new("achieved", "in the draws"),
    ];
    let row = |found: &super::Achieved| {
        let [first, second] = found.between.each_ref().map(Cell::text);
        let achieved = found.achieved.ok_or_else(|| "one of them does not vary".to_owned());
        Row::plain(vec![first, second, Cell::Number(found.rank), layout::cell(&achieved, &Unit::Number)])
    };
    let rows = answer.correlations.iter().map(row).collect();
    Table { key: "correlations", title: "What goes together".to_owned(), columns, rows }
}

/// The most periods that people are shown.
const SHOWN: usize = 12;

/// The bands of a series, a row for each period.
fn band(answer: &Outcomes, name: &str, band: &IndexMap<String, Vec<Option<f64>>>, asked: &Asked) -> Table {
    let unit = asked.bands.iter().find(|found| found.name == name).map_or(&Unit::Number, |found| &found.unit);
    let mut columns = vec![Column::new("series", ""), Column::new("period", "period")];
    columns[0].audience = Audience::Machines;
    // People see the shape; every period stands in the formats for machines.
    let step = answer.periods.len().div_ceil(SHOWN).max(1);
    columns.extend(band.keys().map(|key| Column::new(key, key.clone())));
    let row = |(at, period): (usize, &String)| {
        let values = band.values().map(|values| cell(values.get(at).copied().flatten(), unit));
        let row = Row::plain([Cell::text(name), Cell::text(period)].into_iter().chain(values).collect());
        let is_shown = (answer.periods.len() - 1 - at).is_multiple_of(step);
        Row { audience: if is_shown { Audience::Everyone } else { Audience::Machines }, ..row }
    };
    let rows = answer.periods.iter().enumerate().map(row).collect();
    Table { key: "bands", title: format!("{name}, period by period"), columns, rows }
}

/// The first band, drawn.
pub fn fan(answer: &Outcomes) -> Vec<Chart> {
    let ends = answer.periods.first().zip(answer.periods.last());
    let Some(((name, band), (first, last))) = answer.bands.first().zip(ends) else { return Vec::new() };
    let at = |period: usize| {
        let mut values = super::survey::names().map(|name| band.get(&name)?.get(period).copied().flatten());
        let mut points = [0.0; 5];
        points.iter_mut().try_for_each(|point| values.next().flatten().map(|value| *point = value))?;
        Some(points)
    };
    let points: Option<Vec<[f64; 5]>> = (0..answer.periods.len()).map(at).collect();
    let title = format!("{name}: the middle half of the draws, and nine in ten");
    points
        .map(|points| Chart { title, drawing: Drawing::Fan(points), ends: [first.clone(), last.clone()] })
        .into_iter()
        .collect()
}
