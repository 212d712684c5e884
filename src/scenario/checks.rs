//! Checks: conditions that the figures of a scenario must meet.

use std::ops::Range as Bytes;

use crate::error::suggest::{did_you_mean, list};
use crate::error::{Error, Problem, Source, Span};
use crate::formula::{self, Expression, Path};

use super::Scenario;
use super::keys;
use super::quantity::{place, text_start};
use super::read::Reader;
use super::tree::{Entry, Node, Table, Value};

/// What a condition of the command line is called in messages.
const OPTION: &str = "--that";

/// Something that must hold.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it is called; an unnamed one by its condition.
    pub name: String,
    /// What must hold.
    pub condition: Condition,
    /// What follows where it does not hold.
    pub severity: Severity,
    /// In which cases it must hold.
    pub cases: Cases,
    /// What to do or to know where it does not hold.
    pub note: Option<String>,
}

/// A condition over the figures of a whole run, as written.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The condition.
    pub expression: Expression,
    /// Its text on one line.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Where its first byte stands, if its bytes stand in the source one to one.
    text_start: Option<usize>,
}

/// What follows where a check does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The answer is no.
    Fail,
    /// It is told, and the answer stays.
    Warn,
}

/// In which cases a check must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cases {
    /// It does not say: wherever it is asked.
    Unsaid,
    /// In this case alone, whose name stands there.
    One(String, Span),
    /// In every case, and in the scenario as it stands.
    All,
}

impl Condition {
    /// Where a part of the condition stands.
    pub fn locate(&self, part: &Bytes<usize>) -> Span {
        place(part, self.text_start, self.span)
    }
}

impl Check {
    /// Whether it speaks of the scenario with that case laid over, or of the scenario as it stands where there is none.
    pub fn concerns(&self, case: Option<&str>) -> bool {
        match &self.cases {
            Cases::Unsaid | Cases::All => true,
            Cases::One(name, _) => case == Some(name),
        }
    }
}

impl Scenario {
    /// Adds a check without a name, as given on the command line.
    ///
    /// # Errors
    /// What is wrong with the condition; what its names stand for is not asked.
    pub fn add_check(&mut self, text: &str) -> Result<(), Error> {
        let source = self.sources.add(Source::new(OPTION, text));
        let span = Span::new(source, 0..text.len());
        let expression = formula::parse_condition(text).map_err(|error| {
            let problem = error.into_problem(|part| Span::new(source, part));
            Error::new(self.sources.clone(), vec![problem])
        })?;
        let condition = Condition { expression, text: on_one_line(text), span, text_start: Some(0) };
        self.checks.push(Check {
            name: condition.text.clone(),
            condition,
            severity: Severity::Fail,
            cases: Cases::Unsaid,
            note: None,
        });
        Ok(())
    }
}

impl Reader<'_> {
    /// The checks, in the order of the file.
    pub(super) fn checks(&mut self, table: &Table) -> Vec<Check> {
        let Some((checks, path)) = self.section(table, "checks") else { return Vec::new() };
        checks.iter().filter_map(|(name, entry)| self.check(&path.child(name), name, entry)).collect()
    }

    fn check(&mut self, path: &Path, name: &str, entry: &Entry) -> Option<Check> {
        let Value::Table(table) = &entry.node.value else { return None };
        self.only(table, keys::CHECK, "a check", path);
        if !table.contains_key("condition") {
            self.problems.push(
                Problem::at(entry.key, format!("{} has no condition", path.in_ticks()))
                    .help("add `condition = \"profit > 0\"`"),
            );
        }
        let condition = table.get("condition").and_then(|entry| self.condition(path, &entry.node));
        let severity = match self.word(table, "level", path, &["fail", "warn"]) {
            Some("warn") => Severity::Warn,
            _ => Severity::Fail,
        };
        let cases = self.check_cases(table, path);
        let note = self.text(table, "note", path);
        Some(Check { name: name.to_owned(), condition: condition?, severity, cases, note })
    }

    fn condition(&mut self, path: &Path, node: &Node) -> Option<Condition> {
        let Value::Text(text) = &node.value else {
            self.problems.push(
                Problem::at(node.span, format!("{} must be a condition in quotes", path.in_ticks()))
                    .label(format!("this is {}", node.value.describe()))
                    .help("write what must hold, such as `\"profit > 0\"`"),
            );
            return None;
        };
        let text_start = text_start(text, node.span, self.sources);
        let parsed = formula::parse_condition(text)
            .map_err(|error| self.problems.push(error.into_problem(|part| place(&part, text_start, node.span))));
        Some(Condition { expression: parsed.ok()?, text: on_one_line(text), span: node.span, text_start })
    }

    fn check_cases(&mut self, table: &Table, path: &Path) -> Cases {
        if let (Some(one), Some(all)) = (table.get("case"), table.get("cases")) {
            self.problems.push(
                Problem::at(one.key, format!("{} says twice in which cases it must hold", path.in_ticks()))
                    .label("in one here")
                    .related(all.key, "and in all here")
                    .help("keep one of the two"),
            );
        }
        if self.word(table, "cases", path, &["all"]).is_some() {
            return Cases::All;
        }
        match (self.text(table, "case", path), table.get("case")) {
            (Some(name), Some(entry)) => Cases::One(name, entry.node.span),
            _ => Cases::Unsaid,
        }
    }

    /// One of some words under a key.
    pub(super) fn word(
        &mut self,
        table: &Table,
        key: &str,
        path: &Path,
        words: &[&'static str],
    ) -> Option<&'static str> {
        let found = self.text(table, key, path)?;
        let word = words.iter().find(|word| **word == found).copied();
        if let (None, Some(entry)) = (word, table.get(key)) {
            self.problems.push(
                Problem::at(entry.node.span, format!("{} cannot be `{found}`", path.child(key).in_ticks()))
                    .maybe_help(did_you_mean(&found, words.iter().copied()))
                    .help(format!("it may be {}", list(words.iter().copied()))),
            );
        }
        word
    }

    /// Refuses checks of cases that there are not.
    pub(super) fn known_cases(&mut self, scenario: &Scenario) {
        let known = || scenario.cases.keys().map(String::as_str);
        for check in scenario.checks.iter().chain(scenario.cases.values().flat_map(|case| &case.checks)) {
            let Cases::One(name, span) = &check.cases else { continue };
            if scenario.cases.contains_key(name) {
                continue;
            }
            self.problems.push(
                Problem::at(*span, format!("there is no case `{name}`")).maybe_help(did_you_mean(name, known())).help(
                    if scenario.cases.is_empty() {
                        format!("add `[cases.{name}]` and under it what differs")
                    } else {
                        format!("the cases are {}", list(known()))
                    },
                ),
            );
        }
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
