//! Schedules: when a line is due.

use crate::error::Problem;
use crate::formula::Path;

use super::keys::{self, Group};
use super::read::Reader;
use super::time::{MOST_PERIODS, Time};
use super::tree::{Entry, Node, Table, Value};

/// When a line is due: one flag per period.
pub type Schedule = Vec<bool>;

impl Reader<'_> {
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
                    .label(format!("it begins in period {from} and ends in period {until}"))
                    .help("`until` is the last period in which the line is due; give one that is not before `from`"),
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
        let horizon = time.describe();
        let (found, message) = match &node.value {
            Value::Number(number) if number.fract() == 0.0 => (
                whole(node).filter(|period| *period < time.periods),
                format!("period {number} is outside of the horizon"),
            ),
            Value::Number(number) => (None, format!("{number} is not a period: periods are whole numbers")),
            Value::Text(label) | Value::Date(label) => {
                (time.find(label), format!("`{label}` is not one of the periods"))
            }
            other => (None, format!("a period is a number or a label, and this is {}", other.describe())),
        };
        if found.is_none() {
            self.problems.push(
                Problem::at(node.span, message)
                    .label(horizon)
                    .help("periods are counted from 0; choose one of them, or raise `time.periods`"),
            );
        }
        found
    }

    /// Reads the schedules again under the horizon of a case, which may cut off what the file's own horizon allows.
    pub(super) fn schedules_of_case(&mut self, document: &Table, name: &str, time: &Time) {
        let known = self.problems.len();
        for group in Group::ALL {
            let Some(Value::Table(lines)) = document.get(group.key()).map(|entry| &entry.node.value) else { continue };
            for (line, entry) in lines {
                if let Value::Table(table) = &entry.node.value {
                    self.schedule(table, &Path::new([group.key(), line]), Some(time));
                }
            }
        }
        for problem in self.problems.split_off(known) {
            let is_told = |told: &Problem| told.span == problem.span && told.message == problem.message;
            if !self.problems.iter().any(is_told) {
                let case = Path::new(["cases", name]).in_ticks();
                self.problems.push(problem.help(format!("this is so in {case}, which sets another `time`")));
            }
        }
    }
}

/// A number that is whole and not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a small whole number")]
pub(super) fn whole(node: &Node) -> Option<usize> {
    match node.value {
        Value::Number(value) if value >= 0.0 && value.fract() == 0.0 && value < 1e9 => Some(value as usize),
        _ => None,
    }
}
