//! `explain`: where a number comes from, step by step, down to the numbers in the file.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::layout;
use crate::model::definition::{Body, Definition, DefinitionId};
use crate::model::{Model, Values};
use crate::report::{Answer, Cell, Column, Report, Row, Table};
use crate::scenario::{Quantity, Scenario};

/// How deep a JSON reader can be expected to follow; `jq` gives up at 256 levels, and each step takes two.
const DEEPEST: usize = 100;

/// How many parts of a sum are named; more are counted.
const NAMED_PARTS: usize = 4;

/// What `explain` may be asked besides the name.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many steps to go down from the number itself.
    pub depth: usize,
}

/// The answer of `explain`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// The name that was asked for.
    pub path: String,
    /// Its value; null where it has none.
    pub value: Option<f64>,
    /// How it comes about.
    pub explanation: Step,
}

/// One step on the way to a number.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    /// The dotted name.
    pub path: String,
    /// The value; null where it has none.
    pub value: Option<f64>,
    /// What the value is counted in.
    pub unit: Option<String>,
    /// How it is computed; null where the file says the number itself.
    pub formula: Option<String>,
    /// Where the scenario speaks of it.
    pub at: Option<Place>,
    /// Why it has no value; null where it has one.
    pub undefined: Option<String>,
    /// Whether its own steps are told elsewhere in the same tree.
    pub repeated: bool,
    /// What it is computed from.
    pub inputs: Vec<Step>,
    #[serde(skip)]
    cell: Option<Cell>,
}

/// A place in a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Place {
    /// The file, or `--set`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Explains the value of a definition.
pub fn report(scenario: &Scenario, model: &Model, id: DefinitionId, options: Options) -> Report {
    let mut explainer = Explainer { scenario, model, values: model.values(), told: HashSet::new(), cut: false };
    let step = explainer.step(id, options.depth.min(DEEPEST));
    let mut notes = Vec::new();
    if explainer.cut && options.depth > DEEPEST {
        notes.push(format!("steps deeper than {DEEPEST} are left out; explain one of the last ones for the rest"));
    }
    let undefined = step.undefined.iter().map(|reason| (step.path.clone(), reason.clone())).collect();
    let tables = vec![table(&step)];
    let answer = Explanation { path: step.path.clone(), value: step.value, explanation: step };
    Report {
        kind: "explain",
        scenario: layout::heading(scenario),
        data: layout::data(&answer),
        undefined,
        notes,
        tables,
        answer: Answer::Yes,
    }
}

struct Explainer<'m> {
    scenario: &'m Scenario,
    model: &'m Model,
    values: Values<'m>,
    told: HashSet<DefinitionId>,
    cut: bool,
}

impl Explainer<'_> {
    fn step(&mut self, asked: DefinitionId, depth: usize) -> Step {
        let definitions = self.model.definitions();
        let id = self.same(asked);
        let definition = &definitions[id];
        let value = self.values.get(asked, 0);
        let inputs = self.model.inputs(id);
        let repeated = !inputs.is_empty() && !self.told.insert(id);
        self.cut |= depth == 0 && !inputs.is_empty();
        Step {
            path: definitions[asked].path.to_string(),
            value: value.clone().ok(),
            unit: definition.unit.name(self.scenario.currency.as_deref()).map(str::to_owned),
            formula: self.formula(definition),
            at: self.place(definition),
            cell: Some(layout::cell(&value, &definition.unit)),
            undefined: value.err(),
            repeated,
            inputs: if repeated || depth == 0 {
                Vec::new()
            } else {
                inputs.into_iter().map(|input| self.step(input, depth - 1)).collect()
            },
        }
    }

    /// With one period, a sum over the periods is that period's value: the definition that says how it comes about.
    fn same(&self, id: DefinitionId) -> DefinitionId {
        match self.model.inputs(id).as_slice() {
            [only] if self.model.periods() == 1 && self.model.is_outcome(id) && !self.model.is_outcome(*only) => *only,
            _ => id,
        }
    }

    fn formula(&self, definition: &Definition) -> Option<String> {
        match &definition.body {
            Body::Quantity(quantity) => quantity.expression.literal().is_none().then(|| self.as_written(quantity)),
            Body::Formula(expression) => Some(expression.to_string()),
            Body::Sum(parts) if parts.is_empty() => Some("a sum of no lines".to_owned()),
            Body::Sum(parts) if parts.len() <= NAMED_PARTS => {
                let names: Vec<_> = parts.iter().map(|part| self.model.definitions()[*part].path.to_string()).collect();
                Some(names.join(" + ")).filter(|_| parts.len() > 1)
            }
            Body::Sum(parts) => Some(format!("the sum of {} lines", parts.len())),
            Body::Total(_) | Body::Absent(_) => None,
        }
    }

    /// A formula as it stands in the file, on one line.
    fn as_written(&self, quantity: &Quantity) -> String {
        let text = self.scenario.sources.text(quantity.locate(&quantity.expression.root().span));
        match text.split_whitespace().collect::<Vec<_>>().join(" ") {
            text if text.is_empty() || text.starts_with(['"', '\'']) => quantity.expression.to_string(),
            text => text,
        }
    }

    fn place(&self, definition: &Definition) -> Option<Place> {
        let (file, position) = self.scenario.sources.locate(definition.span?)?;
        Some(Place { file: file.to_owned(), line: position.line, column: position.column })
    }
}

fn table(step: &Step) -> Table {
    let mut rows = Vec::new();
    add_rows(step, "", "", 0, &mut rows);
    Table {
        key: "steps",
        title: String::new(),
        columns: vec![
            Column::machine("depth"),
            Column::new("path", ""),
            Column::new("value", ""),
            Column::machine("unit"),
            Column::new("formula", ""),
            Column::new("at", ""),
            Column::machine("reason"),
        ],
        rows,
    }
}

fn add_rows(step: &Step, guide: &str, below: &str, depth: u32, rows: &mut Vec<Row>) {
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let formula = step.formula.as_ref().map_or(Cell::Empty, |formula| Cell::Branch {
        guide: "= ".to_owned(),
        text: if step.repeated { format!("{formula} (see above)") } else { formula.clone() },
    });
    rows.push(Row::plain(vec![
        Cell::Count(f64::from(depth)),
        Cell::Branch { guide: guide.to_owned(), text: step.path.clone() },
        step.cell.clone().unwrap_or(Cell::Empty),
        text(step.unit.clone()),
        formula,
        text(step.at.as_ref().map(|at| format!("{}:{}", at.file, at.line))),
        text(step.undefined.clone()),
    ]));
    let last = step.inputs.len().saturating_sub(1);
    for (at, input) in step.inputs.iter().enumerate() {
        let (branch, trunk) = if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        add_rows(input, &format!("{below}{branch}"), &format!("{below}{trunk}"), depth + 1, rows);
    }
}
