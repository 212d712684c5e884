//! How the answer is laid out for people, and the sentence where there is none.

use super::Scope;
use super::place::{Answered, Met, Question};
use crate::analysis::layout::cell;
use crate::analysis::over_draws::Statistic;
use crate::model::Model;
use crate::model::definition::{Definition, Unit};
use crate::numeric::roots::{Crossing, Interval};
use crate::report::{Cell, Column, Emphasis, Row, Table, number};

/// What the answer speaks of: a quantity, an outcome and its goal.
pub struct Subject {
    path: String,
    unit: Unit,
    metric: String,
    metric_unit: Unit,
    value: f64,
    between: Interval,
    /// Whether the goal looks over draws, so that solutions have an error.
    is_drawn: bool,
}

impl Subject {
    /// The names and units of a question.
    pub fn new(question: &Question<'_>, model: &Model, definition: &Definition) -> Self {
        let goal = question.goal;
        let outcome = goal.subject().and_then(|name| model.find(name).ok());
        let call = goal.over_draws();
        let is_probability = call.is_some_and(|call| call.statistic == Statistic::Probability);
        let metric_unit = outcome.map_or(Unit::Number, |id| model.definitions()[id].unit.clone());
        Self {
            path: definition.path.to_string(),
            unit: definition.unit.clone(),
            metric: goal.metric.clone(),
            metric_unit: if is_probability { Unit::Share } else { metric_unit },
            value: goal.value,
            between: question.between,
            is_drawn: call.is_some(),
        }
    }

    /// Why nothing meets the goal, as a clause.
    pub fn reason(&self, answer: &Answered) -> String {
        let Subject { path, metric, .. } = self;
        let goal = self.metric_text(self.value);
        let within = format!("{} to {}", self.text(self.between.low()), self.text(self.between.high()));
        if let Some(line) = answer.found.line {
            return match line.root() {
                Some(root) => {
                    format!("{metric} is {goal} at {path} = {}, which is outside of {within}", self.text(root))
                }
                None => format!(
                    "{metric} does not depend on {path}: it is {}",
                    self.metric_text(line.constant + self.value)
                ),
            };
        }
        let jump = answer.crossings.iter().find_map(|met| match met.crossing {
            Crossing::Jump { at, before, after } => Some((at, before, after)),
            _ => None,
        });
        if let Some((at, before, after)) = jump {
            let [at, before, after] = [self.text(at), self.metric_text(before), self.metric_text(after)];
            return format!("{metric} jumps over {goal} at {path} = {at}, from {before} to {after}");
        }
        match (&answer.ends, answer.found.nearest) {
            (_, None) => format!("{metric} has no value for any {path} from {within}"),
            ([Ok(_), Ok(_)], Some((_, value))) => {
                let side = if value > self.value { "above" } else { "below" };
                format!("{metric} stays {side} {goal} for every {path} from {within}")
            }
            _ => format!("{metric} is never {goal} where it has a value, with {path} from {within}"),
        }
    }

    /// A value of the quantity in words.
    fn text(&self, value: f64) -> String {
        text(value, &self.unit)
    }

    fn metric_text(&self, value: f64) -> String {
        text(value, &self.metric_unit)
    }

    /// The answers as a table: of the whole run a row for each place, of periods a row for each period and place.
    pub fn table(&self, answers: &[(String, Answered)], scope: Scope) -> Table {
        let mut columns = vec![
            Column::new("place", ""),
            Column::new("value", &self.path),
            Column::new("metric", &self.metric),
            Column::machine("reason"),
        ];
        if self.is_drawn {
            columns.insert(2, Column::new("error", "± error"));
        }
        if scope == Scope::EachPeriod {
            columns.insert(0, Column::new("period", "period"));
        }
        let rows = answers.iter().flat_map(|(label, answer)| match scope {
            Scope::WholeRun => self.rows(answer),
            Scope::EachPeriod => self.rows_of_period(label, answer),
        });
        let title = format!("{} = {}", self.metric, self.metric_text(self.value));
        Table { key: "solutions", title, columns, rows: rows.collect() }
    }

    /// What there is now, then what was found, or what there is at the ends where nothing was.
    fn rows(&self, answer: &Answered) -> Vec<Row> {
        let now = self.row("now", &answer.quantity, &answer.outcome);
        let mut rows = vec![Row::plain(now)];
        rows.extend(answer.crossings.iter().flat_map(|met| self.crossing(met)));
        if !answer.is_solved() {
            let ends = [("low end", answer.between.low()), ("high end", answer.between.high())];
            let ends = ends.into_iter().zip(&answer.ends);
            rows.extend(ends.map(|((name, at), outcome)| Row::plain(self.row(name, &Ok(at), outcome))));
            let nearest = answer.nearest().map(|nearest| self.row("nearest", &Ok(nearest.at), &Ok(nearest.value)));
            rows.extend(nearest.map(Row::plain));
        }
        rows
    }

    /// What was found for one period, or that nothing was.
    fn rows_of_period(&self, label: &str, answer: &Answered) -> Vec<Row> {
        let mut rows: Vec<Row> = answer.crossings.iter().flat_map(|met| self.crossing(met)).collect();
        if rows.is_empty() {
            let reason = self.reason(answer);
            let cells = [Cell::text("none"), Cell::Missing(reason.clone()), Cell::Empty, Cell::text(reason)];
            rows.push(Row::plain(cells.into()));
        }
        for row in &mut rows {
            row.cells.insert(0, Cell::text(label));
            // Every row is a result here, so that none stands out.
            row.emphasis = Emphasis::Plain;
        }
        rows
    }

    fn crossing(&self, met: &Met) -> Vec<Row> {
        let row = |place: &str, at: f64, outcome: f64| self.row(place, &Ok(at), &Ok(outcome));
        let mut rows = match met.crossing {
            Crossing::Root(at) => {
                let mut cells = row("solution", at, met.achieved.map_or(self.value, |achieved| achieved.value));
                if let (true, Some(error)) = (self.is_drawn, met.achieved.and_then(|achieved| achieved.error)) {
                    cells[2] = cell(&Ok(error), &self.unit);
                }
                vec![Row::strong(cells)]
            }
            Crossing::Flat { from, to } => {
                vec![Row::strong(row("from", from, self.value)), Row::strong(row("to", to, self.value))]
            }
            Crossing::Jump { at, before, after } => {
                vec![Row::plain(row("before the jump", at, before)), Row::plain(row("after the jump", at, after))]
            }
        };
        if let Some((at, outcome)) = met.whole {
            let cells = row("whole", at, outcome);
            // A solution that is whole already need not be said twice.
            let is_news = !matches!(met.crossing, Crossing::Root(root) if root == at);
            rows.push(if is_news { Row::plain(cells) } else { Row::machine(cells) });
        }
        rows
    }

    fn row(&self, place: &str, at: &Result<f64, String>, outcome: &Result<f64, String>) -> Vec<Cell> {
        let reason = at.as_ref().err().or(outcome.as_ref().err());
        let reason = reason.map_or(Cell::Empty, Cell::text);
        let mut cells = vec![Cell::text(place), cell(at, &self.unit), cell(outcome, &self.metric_unit), reason];
        if self.is_drawn {
            // What is tried is certain; a solution has an error in its place.
            cells.insert(2, Cell::Empty);
        }
        cells
    }
}

/// A value in words, as tables show it.
fn text(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Money => number::money(value),
        Unit::Count | Unit::Periods => number::count(value),
        Unit::Share => number::share(value),
        Unit::Number | Unit::Named(_) => number::number(value),
    }
}
