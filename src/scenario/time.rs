//! Time: how long a period is, how many there are, what they are called, and when a line is due.

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Problem, Span};
use crate::formula::Path;

use super::quantity::{Quantity, Range};
use super::read::Reader;
use super::tree::{Entry, Node, Table, Value};
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

/// When a line is due: one flag per period.
pub type Schedule = Vec<bool>;

impl Reader<'_> {
    /// The table `[time]`.
    pub(super) fn time(&mut self, table: &Table) -> Option<Time> {
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
                .label("not a number of periods")
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

    /// When a line is due; none where it recurs in every period.
    pub(super) fn schedule(&mut self, line: &Table, path: &Path, time: Option<&Time>) -> Option<Schedule> {
        let (first, entry) = keys::SCHEDULE.iter().find_map(|key| line.get_key_value(*key))?;
        let Some(time) = time else {
            if self.broken.contains(&Path::new(["time"])) {
                return None;
            }
            self.problems.push(
                Problem::at(entry.key, format!("`{path}` has a schedule, and the scenario has no `[time]`"))
                    .label(format!("`{first}` needs periods to choose from"))
                    .help("add `[time]` with `periods = 36`, or leave the schedule out"),
            );
            return None;
        };
        if let (Some(at), Some((_, other))) =
            (line.get("at"), keys::SCHEDULE[1..].iter().find_map(|key| line.get_key_value(*key)))
        {
            self.problems.push(
                Problem::at(at.key, format!("`{path}` has two schedules"))
                    .label("the periods are listed here")
                    .related(other.key, "and described here")
                    .help("keep `at`, or keep `from`, `until` and `every`"),
            );
            return None;
        }
        if let Some(at) = line.get("at") {
            return self.listed(&at.node, time);
        }
        let period = |reader: &mut Self, key, default| match line.get(key) {
            Some(entry) => reader.one_period(&entry.node, time),
            None => Some(default),
        };
        let from = period(self, "from", 0);
        let until = period(self, "until", time.periods - 1);
        let every = self.every(line);
        let (from, until, every) = (from?, until?, every?);
        if until < from {
            self.problems.push(
                Problem::at(entry.key, format!("`{path}` ends before it begins"))
                    .label(format!("from period {from} until period {until}")),
            );
            return None;
        }
        Some((0..time.periods).map(|at| (from..=until).contains(&at) && (at - from).is_multiple_of(every)).collect())
    }

    fn every(&mut self, line: &Table) -> Option<usize> {
        let Some(Entry { node, .. }) = line.get("every") else { return Some(1) };
        let every = whole(node).filter(|every| (1..=MOST_PERIODS).contains(every));
        if every.is_none() {
            self.problems.push(
                Problem::at(node.span, "`every` must be a whole number of periods, 1 or more")
                    .help("`every = 12` with a period of a month is once a year"),
            );
        }
        every
    }

    fn listed(&mut self, node: &Node, time: &Time) -> Option<Schedule> {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        if items.is_empty() {
            self.problems.push(
                Problem::at(node.span, "`at` lists no period")
                    .help("list the periods, such as `at = [0, 12]`, or leave it out"),
            );
        }
        let mut due = vec![false; time.periods];
        for item in items {
            due[self.one_period(item, time)?] = true;
        }
        (!items.is_empty()).then_some(due)
    }

    /// A period by its number, counted from 0, or by its label.
    fn one_period(&mut self, node: &Node, time: &Time) -> Option<usize> {
        let (found, shown) = match &node.value {
            Value::Number(number) => (whole(node).filter(|period| *period < time.periods), number.to_string()),
            Value::Text(label) | Value::Date(label) => (time.find(label), label.clone()),
            other => (None, other.describe().to_owned()),
        };
        if found.is_none() {
            self.problems.push(
                Problem::at(node.span, format!("period {shown} is outside of the horizon"))
                    .label(time.describe())
                    .help("periods are counted from 0; choose one of them, or raise `time.periods`"),
            );
        }
        found
    }
}

/// A number that is whole and not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a small whole number")]
fn whole(node: &Node) -> Option<usize> {
    match node.value {
        Value::Number(value) if value >= 0.0 && value.fract() == 0.0 && value < 1e9 => Some(value as usize),
        _ => None,
    }
}
