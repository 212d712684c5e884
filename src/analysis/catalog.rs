//! `catalog`: the functions and constants of formulas, and the fees of offices, with units, sources and dates.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::layout;
use crate::error::suggest::did_you_mean;
use crate::formula::constants::{self, Constant};
use crate::formula::functions::{self, Function};
use crate::report::{Answer, Cell, Column, Heading, Report, Row, Table, number};
use crate::scenario::fees::{self, FeeSchedule};

/// The answer of `catalog`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Catalog {
    /// The words that were looked for; empty where everything was asked for.
    pub text: String,
    /// The functions that speak of them.
    pub functions: Vec<FunctionEntry>,
    /// The constants that speak of them.
    pub constants: Vec<ConstantEntry>,
    /// The fees of offices that speak of them, for lines with `fees`.
    pub fees: Vec<FeeEntry>,
}

/// The fees of one office for one kind of right.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeeEntry {
    /// Its name, as `fees` has it.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub help: &'static str,
    /// The currency.
    pub currency: &'static str,
    /// The fees by name, in the order in which they are due.
    pub amounts: IndexMap<&'static str, f64>,
    /// From when on they hold; empty where that is not known.
    pub as_of: &'static str,
    /// Where they come from.
    pub source: &'static str,
    /// What a careful reader should know; may be empty.
    pub remark: &'static str,
}

/// A function of formulas.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FunctionEntry {
    /// Its name.
    pub name: &'static str,
    /// The call, with brackets around what may be left out.
    pub signature: String,
    /// What it is, in a line.
    pub help: &'static str,
    /// What it takes, in order.
    pub parameters: Vec<ParameterEntry>,
    /// What the result is counted in; empty for a pure number, and where it follows from the arguments.
    pub unit: &'static str,
    /// The formula by which it is computed; null where it is built in.
    pub formula: Option<&'static str>,
    /// Where the formula comes from; empty where it is common knowledge.
    pub source: &'static str,
    /// A call, and its value.
    pub example: Example,
}

/// What a function takes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ParameterEntry {
    /// Its name.
    pub name: &'static str,
    /// What it is counted in; empty for a pure number, and where anything goes.
    pub unit: &'static str,
    /// The value where it is left out; null where it must be given, or may just be missing.
    pub default: Option<&'static str>,
}

/// A call, and its value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Example {
    /// The call.
    pub formula: &'static str,
    /// Its value, to four digits or more; null where it has none.
    pub value: Option<f64>,
}

/// A constant of formulas.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConstantEntry {
    /// Its dotted name.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// What it is counted in; empty for a pure number.
    pub unit: &'static str,
    /// What it is, in a line.
    pub help: &'static str,
    /// Where the value comes from.
    pub source: &'static str,
    /// The year that the value is of, or the version of the source; empty for what does not change.
    pub as_of: &'static str,
    /// What a careful reader should know, above all where sources differ; may be empty.
    pub remark: &'static str,
}

/// The functions and constants that speak of all words of a text, in any case; all of them where it has none.
pub fn report(text: &str) -> Report {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let speaks = |texts: &[&str]| {
        let whole = texts.join("\n").to_lowercase();
        words.iter().all(|word| whole.contains(word))
    };
    let functions: Vec<FunctionEntry> = functions::all().map(function).filter(|entry| speaks(&entry.texts())).collect();
    let constants: Vec<ConstantEntry> = constants::all().map(constant).filter(|entry| speaks(&entry.texts())).collect();
    let told = if functions.len() <= FEW { functions.as_slice() } else { &[] };
    let fees: Vec<FeeEntry> = fees::SCHEDULES.iter().map(fee).filter(|entry| speaks(&entry.texts())).collect();
    let tables: Vec<Table> =
        [constants_table(&constants), fees_table(&fees), functions_table(&functions), details_table(told)]
            .into_iter()
            .filter(|table| !table.rows.is_empty())
            .collect();
    let nothing = tables.is_empty();
    let notes = if nothing { vec![not_found(text)] } else { Vec::new() };
    let answer = if nothing { Answer::No } else { Answer::Yes };
    let data = layout::data(&Catalog { text: text.to_owned(), functions, constants, fees });
    Report { scenario: None, notes, tables, answer, ..Report::new("catalog", Heading::default(), data) }
}

fn not_found(text: &str) -> String {
    let names = functions::all().map(|function| function.name).chain(constants::all().map(|constant| constant.name));
    let near = did_you_mean(text, names).map(|near| format!("; {near}")).unwrap_or_default();
    format!("no function, no constant and no fee speaks of `{text}`{near}")
}

fn function(function: &'static Function) -> FunctionEntry {
    let (formula, value) = function.example;
    let parameters = function.parameters.iter();
    FunctionEntry {
        name: function.name,
        signature: function.signature(),
        help: function.help,
        parameters: parameters
            .map(|parameter| ParameterEntry { name: parameter.name, unit: parameter.unit, default: parameter.default })
            .collect(),
        unit: function.unit,
        formula: function.recipe().map(|recipe| recipe.formula),
        source: function.source,
        example: Example { formula, value: value.is_finite().then_some(value) },
    }
}

fn constant(constant: &'static Constant) -> ConstantEntry {
    let Constant { name, value, unit, help, source, as_of, remark } = *constant;
    ConstantEntry { name, value, unit, help, source, as_of, remark }
}

fn fee(schedule: &'static FeeSchedule) -> FeeEntry {
    let FeeSchedule { name, help, currency, fees, as_of, source, remark } = *schedule;
    let amounts = fees.iter().map(|fee| (fee.name, fee.amount)).collect();
    FeeEntry { name, help, currency, amounts, as_of, source, remark }
}

impl FeeEntry {
    /// The texts in which words are looked for.
    fn texts(&self) -> [&str; 6] {
        ["fees", self.name, self.help, self.currency, self.source, self.remark]
    }
}

/// The amounts for people: of fees of one kind that follow each other and are the same, the first and the last.
fn told(amounts: &IndexMap<&'static str, f64>) -> String {
    let kind = |name: &'static str| name.rsplit_once('_').map(|(kind, _)| kind);
    let mut runs: Vec<(&str, &'static str, f64)> = Vec::new();
    for (name, amount) in amounts {
        match runs.last_mut() {
            Some((_, last, same)) if same == amount && kind(last).is_some() && kind(last) == kind(name) => *last = name,
            _ => runs.push((name, name, *amount)),
        }
    }
    let run = |(first, last, amount): (&str, &str, f64)| {
        let names = if first == last { first.to_owned() } else { format!("{first} to {last}") };
        format!("{names} {}", number::plain(amount))
    };
    runs.into_iter().map(run).collect::<Vec<_>>().join(", ")
}

fn fees_table(entries: &[FeeEntry]) -> Table {
    let row = |entry: &FeeEntry| {
        let amounts = told(&entry.amounts);
        let texts = [entry.name, entry.currency, entry.help, &amounts, entry.as_of, entry.source, entry.remark];
        Row::plain(texts.map(Cell::text).to_vec())
    };
    let columns = [
        ("name", "fees"),
        ("currency", "in"),
        ("help", "what for"),
        ("amounts", "how much"),
        ("as_of", "as of"),
        ("source", "source"),
        ("remark", "remark"),
    ];
    Table {
        key: "fees",
        title: "Fees of offices".to_owned(),
        columns: columns.map(|(key, title)| Column::new(key, title)).to_vec(),
        rows: entries.iter().map(row).collect(),
    }
}

impl FunctionEntry {
    /// What the parameters are counted in.
    fn units(&self) -> String {
        let counted = self.parameters.iter().filter(|parameter| !parameter.unit.is_empty());
        counted.map(|parameter| format!("{}: {}", parameter.name, parameter.unit)).collect::<Vec<_>>().join(", ")
    }

    /// The texts in which words are looked for.
    fn texts(&self) -> [&str; 5] {
        [&self.signature, self.help, self.unit, self.source, self.example.formula]
    }
}

impl ConstantEntry {
    /// The texts in which words are looked for.
    fn texts(&self) -> [&str; 5] {
        [self.name, self.help, self.unit, self.source, self.remark]
    }
}

/// How many functions are told in detail; of more, each has a line.
const FEW: usize = 5;

fn functions_table(entries: &[FunctionEntry]) -> Table {
    let row = |entry: &FunctionEntry| {
        Row::plain(vec![
            Cell::text(entry.name),
            Cell::text(entry.signature.clone()),
            Cell::text(entry.unit),
            Cell::text(entry.help),
            entry.formula.map_or(Cell::Empty, Cell::text),
            Cell::text(entry.units()),
            Cell::text(entry.example.formula),
            entry.example.value.map_or(Cell::Empty, Cell::Number),
            Cell::text(entry.source),
        ])
    };
    Table {
        key: "functions",
        title: "Functions".to_owned(),
        columns: vec![
            Column::new("name", "function"),
            Column::machine("signature"),
            Column::new("unit", "in"),
            Column::new("help", "what it is"),
            Column::machine("formula"),
            Column::machine("units"),
            Column::machine("example"),
            Column::machine("value"),
            Column::machine("source"),
        ],
        rows: entries.iter().map(row).collect(),
    }
}

/// All that is known of each function, line by line.
fn details_table(entries: &[FunctionEntry]) -> Table {
    let rows = |entry: &FunctionEntry| {
        let value = entry.example.value.map_or_else(|| "undefined".to_owned(), number::plain);
        let known = [
            ("call", entry.signature.clone()),
            ("takes", entry.units()),
            ("formula", entry.formula.unwrap_or_default().to_owned()),
            ("example", format!("{} is {value} {}", entry.example.formula, entry.unit).trim_end().to_owned()),
            ("source", entry.source.to_owned()),
        ];
        let known = known.into_iter().filter(|(_, text)| !text.is_empty());
        let row = |(part, text): (&str, String)| Row::plain([entry.name, part, &text].map(Cell::text).to_vec());
        known.map(row).collect::<Vec<_>>()
    };
    Table {
        key: "details",
        title: "Details".to_owned(),
        columns: vec![Column::new("name", "function"), Column::new("part", ""), Column::new("text", "")],
        rows: entries.iter().flat_map(rows).collect(),
    }
}

fn constants_table(entries: &[ConstantEntry]) -> Table {
    let row = |entry: &ConstantEntry| {
        Row::plain(vec![
            Cell::text(entry.name),
            Cell::Number(entry.value),
            Cell::text(entry.unit),
            Cell::text(entry.help),
            Cell::text(entry.as_of),
            Cell::text(entry.source),
            Cell::text(entry.remark),
        ])
    };
    Table {
        key: "constants",
        title: "Constants".to_owned(),
        columns: vec![
            Column::new("name", "constant"),
            Column::new("value", "value"),
            Column::new("unit", "unit"),
            Column::new("help", "what it is"),
            Column::new("as_of", "as of"),
            Column::new("source", "source"),
            Column::new("remark", "remark"),
        ],
        rows: entries.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let report = report(text);
        let list = |key: &str| report.data[key].as_array().unwrap().clone();
        let entries = list("functions").into_iter().chain(list("constants"));
        entries.map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_word_must_occur_in_any_case() {
        assert_eq!(names("electricity SWEDEN"), ["grid.sweden"]);
        assert_eq!(names("fine-tuning adapter lora"), ["finetune_flops", "finetune.lora"]);
        assert!(names("h100").contains(&"h100_nvl.memory".to_owned()));
    }

    #[test]
    fn without_words_everything_is_listed() {
        assert_eq!(names("").len(), functions::all().count() + constants::all().count());
        assert_eq!(report(" ").answer, Answer::Yes);
    }

    #[test]
    fn nothing_found_is_a_no_with_what_was_probably_meant() {
        let report = report("h100.flop5");
        assert_eq!(report.answer, Answer::No);
        assert_eq!(
            report.notes,
            ["no function, no constant and no fee speaks of `h100.flop5`; did you mean `h100.flops`?"]
        );
    }
}
