//! How a review is laid out.

use super::{Assumption, Covered, CoveredRisk, Review, Stream, Unsourced};
use crate::analysis::{bar, layout};
use crate::model::definition::Unit;
use crate::report::{Cell, Column, Row, Table, number};
use crate::scenario::risks::Kind;

/// What stands in the place of lines where nothing covers an area.
const SILENT: &str = "silent";

/// The tables, the checklist first.
pub fn tables(answer: &Review) -> Vec<Table> {
    let mut tables = vec![areas(answer), risks(answer), revenue(answer)];
    if !answer.assumptions.is_empty() {
        tables.push(assumptions(answer));
    }
    if !answer.without_source.is_empty() {
        tables.push(without_source(answer));
    }
    tables
}

/// An amount, or nothing where there is none to be told.
fn money(value: Option<f64>) -> Cell {
    value.map_or(Cell::Empty, Cell::Money)
}

fn areas(answer: &Review) -> Table {
    let columns = vec![
        Column::machine("part"),
        Column::new("area", "area"),
        Column::new("asks", "asks for"),
        Column::new("covered_by", "covered by"),
        Column::new("cost", "cost"),
        Column::new("revenue", "revenue"),
    ];
    let row = |area: &Covered| {
        let covered = if area.covered_by.is_empty() { SILENT.to_owned() } else { area.covered_by.join(", ") };
        let texts = [&area.part, &area.area, &area.asks, &covered].map(Cell::text);
        Row::plain(texts.into_iter().chain([money(area.cost), money(area.revenue)]).collect())
    };
    let told = answer.areas.len() - answer.silent.len();
    let title = format!("{told} of {} areas are covered", answer.areas.len());
    Table { key: "areas", title, columns, rows: answer.areas.iter().map(row).collect() }
}

fn risks(answer: &Review) -> Table {
    let columns = vec![
        Column::new("kind", "risk"),
        Column::new("asks", "what it is"),
        Column::new("covered_by", "covered by"),
        Column::new("expected_loss", "expected loss"),
    ];
    let row = |risk: &CoveredRisk| {
        let covered = if risk.covered_by.is_empty() { SILENT.to_owned() } else { risk.covered_by.join(", ") };
        let texts = [&risk.kind, &risk.asks, &covered].map(Cell::text);
        Row::plain(texts.into_iter().chain([money(risk.expected_loss)]).collect())
    };
    let five = Kind::FIVE.len();
    let title = format!("{} of {five} risks are covered", five - answer.silent_risks.len());
    Table { key: "risks", title, columns, rows: answer.risks.iter().map(row).collect() }
}

fn revenue(answer: &Review) -> Table {
    let columns = vec![Column::new("line", "revenue"), Column::new("amount", "amount"), Column::new("share", "share")];
    let missing = || "the revenue is not above 0, or a stream has no value".to_owned();
    let row = |stream: &Stream| {
        let share = layout::cell(&stream.share.ok_or_else(missing), &Unit::Share);
        Row::plain(vec![Cell::text(&stream.line), money(stream.amount), share])
    };
    let index = match answer.revenue.index {
        Some(index) => format!("concentration (HHI) {}", number::number(index)),
        None => "no revenue".to_owned(),
    };
    let title = format!("How much hangs on one stream: {index}");
    Table { key: "revenue", title, columns, rows: answer.revenue.streams.iter().map(row).collect() }
}

fn assumptions(answer: &Review) -> Table {
    let columns = vec![
        Column::new("path", "assumption"),
        Column::new("swing", "moves profit by"),
        Column::new("share", "of all"),
        Column::people("bar", ""),
    ];
    let largest = answer.assumptions.first().map_or(0.0, |first| first.share);
    let row = |found: &Assumption| {
        let bar = Cell::text(bar::rightward(found.share, largest));
        Row::plain(vec![Cell::text(&found.path), Cell::Money(found.swing), Cell::Share(found.share), bar])
    };
    let title = "What carries the answer: each number alone, 10% down and up".to_owned();
    Table { key: "assumptions", title, columns, rows: answer.assumptions.iter().map(row).collect() }
}

fn without_source(answer: &Review) -> Table {
    let columns = vec![Column::new("line", "line"), Column::new("amount", "amount")];
    let row = |line: &Unsourced| {
        let amount = layout::cell(&line.amount.ok_or_else(|| "it has no value".to_owned()), &Unit::Number);
        Row::plain(vec![Cell::text(&line.line), amount])
    };
    let title = "Lines without a `source`".to_owned();
    Table { key: "without_source", title, columns, rows: answer.without_source.iter().map(row).collect() }
}
