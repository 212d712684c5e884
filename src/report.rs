//! What an analysis answers, ready to be shown in any format: titled tables of typed cells, notes,
//! and the same answer as a JSON object whose keys are the contract with scripts.
//!
//! A renderer knows nothing but this module; an analysis knows nothing of formats.

pub mod number;

use serde::Serialize;
use serde_json::{Map, Value};

/// The version of the JSON contract; it rises when a key changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// One question's answer.
#[derive(Clone, Debug)]
pub struct Report {
    /// The name of the question: `eval`, `explain`.
    pub kind: &'static str,
    /// The scenario that was asked; none where the question is asked of no scenario.
    pub scenario: Option<Heading>,
    /// The keys of the JSON object between its head and `undefined`.
    pub data: Map<String, Value>,
    /// What has no value, and why, by name.
    pub undefined: Vec<(String, String)>,
    /// Remarks that a reader of the numbers needs.
    pub notes: Vec<String>,
    /// The tables, the main one first.
    pub tables: Vec<Table>,
    /// Drawings for whoever looks at a terminal; they repeat what the tables say.
    pub charts: Vec<Chart>,
    /// Whether the answer is yes; commands end with status 1 where it is no.
    pub answer: Answer,
    /// What each check found, in the order of the file; empty for every question but `check`.
    pub findings: Vec<Finding>,
}

impl Report {
    /// A report without tables, notes or drawings, whose answer is yes.
    pub fn new(kind: &'static str, scenario: Heading, data: Map<String, Value>) -> Self {
        Self {
            kind,
            scenario: Some(scenario),
            data,
            undefined: Vec::new(),
            notes: Vec::new(),
            tables: Vec::new(),
            charts: Vec::new(),
            answer: Answer::Yes,
            findings: Vec::new(),
        }
    }

    /// What stands above the report; empty where the question is asked of no scenario.
    pub fn heading(&self) -> &Heading {
        const NONE: &Heading = &Heading { name: String::new(), currency: None, case: None };
        self.scenario.as_ref().unwrap_or(NONE)
    }
}

/// What one check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The check's name.
    pub name: String,
    /// The condition as it is written.
    pub condition: String,
    /// What follows where the condition does not hold.
    pub level: Level,
    /// Whether the condition holds; a condition without a value does not.
    pub ok: bool,
    /// What was expected, what was found and how far apart they are.
    pub message: String,
    /// Where the check stands; none where it does not stand in a file.
    pub place: Option<Place>,
}

/// What follows where a check's condition does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The answer is no.
    Fail,
    /// It is told, and the answer stays.
    Warn,
}

/// A place in a file, as editors name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Place {
    /// The file as the user named it, or the option, such as `--set`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A drawing over the periods.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What is drawn.
    pub title: String,
    /// What is drawn of each period.
    pub drawing: Drawing,
    /// What the first and the last value are called.
    pub ends: [String; 2],
}

/// What a chart shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// A value in each period, as columns above and below 0.
    Columns(Vec<f64>),
    /// Five rising values in each period: a wide range around a narrow one around a middle.
    Fan(Vec<[f64; 5]>),
}

/// Which scenario a report speaks of.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Heading {
    /// The scenario's name, or the file's where it has none.
    pub name: String,
    /// The currency of all money, if the scenario says it.
    pub currency: Option<String>,
    /// The case laid over the scenario, if any.
    pub case: Option<String>,
}

impl Heading {
    /// The scenario's name and its case: `Support copilot (pessimistic)`.
    pub fn label(&self) -> String {
        match &self.case {
            Some(case) => format!("{} ({case})", self.name),
            None => self.name.clone(),
        }
    }
}

/// Whether a question that can be answered with no was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done.
    Yes,
    /// Done, and the answer is no: a check failed, or nothing solves it.
    No,
}

/// A titled table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name by which `--table` chooses it.
    pub key: &'static str,
    /// The title for people; empty for none.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has one cell per column.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name in machine-read formats.
    pub key: String,
    /// The name for people; empty where it goes without saying.
    pub title: String,
    /// Whether people need to see it; machine-read formats carry every column.
    pub audience: Audience,
}

/// Whom a column or a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// People and machines.
    Everyone,
    /// Machine-read formats alone: what people see by the layout (a unit, a depth).
    Machines,
    /// Formats for people alone: what merely repeats others (a bar, a drawing).
    People,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell per column.
    pub cells: Vec<Cell>,
    /// How it stands out.
    pub emphasis: Emphasis,
    /// Whether people need to see it.
    pub audience: Audience,
}

/// How a row stands out among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    /// Not at all.
    Plain,
    /// A sum or a result.
    Strong,
}

/// A typed cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing belongs here.
    Empty,
    /// A word or a sentence.
    Text(String),
    /// A step of a tree: what is drawn before the text, and the text.
    Branch {
        /// The lines that lead to the step, such as `│  └─ `.
        guide: String,
        /// The text itself.
        text: String,
    },
    /// An amount of the scenario's currency.
    Money(f64),
    /// A number of things: users, hours, periods.
    Count(f64),
    /// A fraction shown as a percentage: 0.05 reads 5 %.
    Share(f64),
    /// Any other number.
    Number(f64),
    /// A value that does not exist, with the reason.
    Missing(String),
}

impl Cell {
    /// A text cell.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The number in the cell, if it holds one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Money(value) | Self::Count(value) | Self::Share(value) | Self::Number(value) => Some(*value),
            Self::Empty | Self::Text(_) | Self::Branch { .. } | Self::Missing(_) => None,
        }
    }
}

impl Column {
    /// A column that everyone sees.
    pub fn new(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self { key: key.into(), title: title.into(), audience: Audience::Everyone }
    }

    /// A column for machine-read formats alone.
    pub fn machine(key: impl Into<String>) -> Self {
        let key = key.into();
        Self { title: key.clone(), key, audience: Audience::Machines }
    }

    /// A column for people alone.
    pub fn people(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self { key: key.into(), title: title.into(), audience: Audience::People }
    }
}

impl Row {
    /// An ordinary row.
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self { cells, emphasis: Emphasis::Plain, audience: Audience::Everyone }
    }

    /// A row that stands out.
    pub fn strong(cells: Vec<Cell>) -> Self {
        Self { cells, emphasis: Emphasis::Strong, audience: Audience::Everyone }
    }

    /// A row for machine-read formats alone.
    pub fn machine(cells: Vec<Cell>) -> Self {
        Self { cells, emphasis: Emphasis::Plain, audience: Audience::Machines }
    }
}
