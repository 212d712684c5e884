//! Time: how long a period is, how many there are, and what they are called.

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Problem, Span};
use crate::formula::Path;

use super::quantity::{Quantity, Range};
use super::read::Reader;
use super::schedule::whole;
use super::tree::{Entry, Table, Value};
use super::{keys, label};

/// The most periods a scenario may have: a hundred years of months.
pub const MOST_PERIODS: usize = 1_200;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Seven days.
    Week,
    /// A twelfth of a year.
    Month,
    /// A fourth of a year.
    Quarter,
    /// A year.
    Year,
}

impl Period {
    /// The words for the periods, in the order of the enumeration.
    pub const NAMES: [&'static str; 4] = ["week", "month", "quarter", "year"];

    const ALL: [Period; 4] = [Period::Week, Period::Month, Period::Quarter, Period::Year];

    /// The word for it.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// How many make a year; 52 weeks do.
    pub fn per_year(self) -> u32 {
        match self {
            Period::Week => 52,
            Period::Month => 12,
            Period::Quarter => 4,
            Period::Year => 1,
        }
    }
}

/// The horizon of a scenario.
#[derive(Clone, Debug)]
pub struct Time {
    /// How long a period is.
    pub period: Period,
    /// How many periods there are.
    pub periods: usize,
    /// What each period is called: a date where the scenario says its start, else its number.
    pub labels: Vec<String>,
    /// The annual, effective rate at which later money is worth less.
    pub discount_rate: Option<Quantity>,
    /// The annual rate at which a negative cash flow is financed; the discount rate where not said.
    pub finance_rate: Option<Quantity>,
    /// The annual rate that a positive cash flow earns; the discount rate where not said.
    pub reinvestment_rate: Option<Quantity>,
}

impl Time {
    /// The period of that label or number.
    pub fn find(&self, name: &str) -> Option<usize> {
        let by_label = self.labels.iter().position(|label| label == name);
        by_label.or_else(|| name.parse().ok().filter(|period| *period < self.periods))
    }

    /// The first and the last period, for a sentence.
    pub fn describe(&self) -> String {
        let last = self.periods - 1;
        let (first_label, last_label) = (&self.labels[0], &self.labels[last]);
        if *first_label == "0" {
            format!("the {} periods are 0 to {last}", self.periods)
        } else {
            format!("the {} periods are 0 ({first_label}) to {last} ({last_label})", self.periods)
        }
    }
}

impl Reader<'_> {
    /// The table `[time]`.
    pub(super) fn time(&mut self, table: &Table) -> Option<Time> {
        let time = self.horizon(table);
        if time.is_none() && table.contains_key("time") {
            self.broken.push(Path::new(["time"]));
        }
        time
    }

    fn horizon(&mut self, table: &Table) -> Option<Time> {
        let (time, path) = self.section(table, "time")?;
        self.only(time, keys::TIME, "`[time]`", &path);
        let period = self.period(time, &path);
        let periods = self.periods(time, table.get("time")?.key, &path);
        let rate = |reader: &mut Self, key| reader.quantity(time, key, &path, Range::Rate);
        let (discount_rate, finance_rate, reinvestment_rate) =
            (rate(self, "discount_rate"), rate(self, "finance_rate"), rate(self, "reinvestment_rate"));
        let labels = period.zip(periods).and_then(|(period, periods)| self.labels(time, period, periods));
        let (Some(period), Some(periods), Some(labels)) = (period, periods, labels) else {
            self.broken.push(path);
            return None;
        };
        Some(Time { period, periods, labels, discount_rate, finance_rate, reinvestment_rate })
    }

    fn period(&mut self, time: &Table, path: &Path) -> Option<Period> {
        let Some(entry) = time.get("period") else { return Some(Period::Month) };
        let word = self.text(time, "period", path)?;
        let found = Period::NAMES.iter().position(|name| *name == word).map(|at| Period::ALL[at]);
        if found.is_none() {
            self.problems.push(
                Problem::at(entry.node.span, format!("`{word}` is not a period"))
                    .maybe_help(did_you_mean(&word, Period::NAMES))
                    .help(format!("the periods are {}", list(Period::NAMES))),
            );
        }
        found
    }

    fn periods(&mut self, time: &Table, key: Span, path: &Path) -> Option<usize> {
        let Some(entry) = time.get("periods") else {
            self.problems
                .push(Problem::at(key, "`[time]` does not say how many periods there are").help("add `periods = 36`"));
            return None;
        };
        let periods = whole(&entry.node).filter(|periods| (1..=MOST_PERIODS).contains(periods));
        if periods.is_none() {
            self.problems.push(
                Problem::at(
                    entry.node.span,
                    format!("`{}` must be a whole number from 1 to 1,200", path.child("periods")),
                )
                .label(match &entry.node.value {
                    Value::Number(_) => "not a number of periods".to_owned(),
                    other => format!("this is {}", other.describe()),
                })
                .help("write it without quotes and without a fraction: `periods = 36`"),
            );
        }
        periods
    }

    fn labels(&mut self, time: &Table, period: Period, periods: usize) -> Option<Vec<String>> {
        let Some(Entry { node, .. }) = time.get("start") else {
            return Some((0..periods).map(|at| at.to_string()).collect());
        };
        let text = match &node.value {
            Value::Text(text) | Value::Date(text) => text.clone(),
            Value::Number(year) => year.to_string(),
            _ => String::new(),
        };
        let labels = label::all(period, &text, periods);
        if labels.is_none() {
            let example = label::example(period);
            self.problems.push(
                Problem::at(node.span, format!("`time.start` does not name a {}", period.name()))
                    .label("cannot be read as a date")
                    .help(format!("write it as `\"{example}\"`")),
            );
        }
        labels
    }
}
