//! `explain`: where a number comes from, step by step, down to the numbers in the file.

mod formula;

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::{layout, notes, terms};
use crate::model::definition::{Body, Definition, DefinitionId};
use crate::model::{Model, Values, count};
use crate::report::{Cell, Column, Place, Report, Row, Table};
use crate::scenario::Scenario;

/// How deep a JSON reader can be expected to follow; `jq` gives up at 256 levels, and each step takes two.
const DEEPEST: usize = 100;

/// What `explain` may be asked besides the name.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many steps to go down from the number itself.
    pub depth: usize,
    /// The period to walk; the whole run where none is chosen.
    pub period: Option<usize>,
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
    /// The period of the value; null where it is a value of the whole run, or there is one period.
    pub period: Option<usize>,
    /// The value; null where it has none, or one in each period.
    pub value: Option<f64>,
    /// The values of all periods, where a value of the whole run is computed from them.
    pub series: Option<Vec<Option<f64>>>,
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
    /// The formula as it is told to people.
    #[serde(skip)]
    told: Option<String>,
    #[serde(skip)]
    cell: Option<Cell>,
    #[serde(skip)]
    definition: DefinitionId,
}

/// Explains the value of a definition.
pub fn report(scenario: &Scenario, model: &Model, id: DefinitionId, options: Options) -> Report {
    let mut explainer = Explainer { scenario, model, values: model.values(), told: HashSet::new(), cut: false };
    let depth = options.depth.min(DEEPEST);
    let walked = options.period.filter(|_| model.periods() > 1);
    let step = match walked {
        _ if model.periods() == 1 => explainer.step(id, When::Only, depth),
        Some(period) => explainer.step(id, When::Period(period), depth),
        None if model.is_outcome(id) || !model.varies(id) => explainer.step(id, When::Whole, depth),
        None => explainer.series(id),
    };
    let mut notes: Vec<String> = notes::of_means(model).into_iter().collect();
    if explainer.cut && options.depth > DEEPEST {
        notes.push(format!("steps deeper than {DEEPEST} are left out; explain one of the last ones for the rest"));
    }
    if model.periods() > 1 && options.period.is_none() {
        notes.push(format!("--period N walks one of the periods 0 to {}", model.periods() - 1));
    }
    notes.extend(terms::of(model, &definitions(&step)));
    let undefined = step.undefined.iter().map(|reason| (step.path.clone(), reason.clone())).collect();
    let tables = vec![table(&step, walked)];
    let answer = Explanation { path: step.path.clone(), value: step.value, explanation: step };
    Report { undefined, notes, tables, ..Report::new("explain", layout::heading(scenario), layout::data(&answer)) }
}

/// Which value of a definition is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum When {
    /// The only one: there is one period.
    Only,
    /// That of the whole run, over several periods.
    Whole,
    /// That of one period among several.
    Period(usize),
}

impl When {
    fn index(self) -> usize {
        match self {
            When::Only | When::Whole => 0,
            When::Period(period) => period,
        }
    }
}

struct Explainer<'m> {
    scenario: &'m Scenario,
    model: &'m Model,
    values: Values<'m>,
    told: HashSet<(DefinitionId, When)>,
    cut: bool,
}

impl Explainer<'_> {
    fn step(&mut self, asked: DefinitionId, when: When, depth: usize) -> Step {
        let id = if when == When::Only { self.same(asked) } else { asked };
        let below = self.below(id, when);
        let repeated = !below.is_empty() && !self.told.insert((id, when));
        self.cut |= depth == 0 && !below.is_empty();
        let mut step = self.alone(id, when);
        step.path = self.model.definitions()[asked].path.to_string();
        step.repeated = repeated;
        if !repeated && depth > 0 {
            step.inputs = below.into_iter().map(|below| self.descend(below, depth - 1)).collect();
        }
        step
    }

    fn descend(&mut self, below: Below, depth: usize) -> Step {
        match below {
            Below::Step(id, when) => self.step(id, when, depth),
            Below::Before(id, period) => self.alone(id, When::Period(period)),
            Below::Series(id) => self.series(id),
        }
    }

    /// A step without those that it is computed from.
    fn alone(&self, id: DefinitionId, when: When) -> Step {
        let definition = &self.model.definitions()[id];
        let value = self.values.get(id, when.index());
        let period = match when {
            When::Period(period) if self.model.varies(id) => Some(period),
            _ => None,
        };
        Step {
            path: definition.path.to_string(),
            period,
            value: value.clone().ok(),
            series: None,
            unit: definition.unit.name(self.scenario).map(str::to_owned),
            told: self.told(definition),
            formula: self.formula(definition),
            at: self.place(definition),
            cell: Some(layout::cell(&value, &definition.unit)),
            definition: id,
            undefined: value.err(),
            repeated: false,
            inputs: Vec::new(),
        }
    }

    /// A definition with a value in each period, seen from the whole run.
    fn series(&self, id: DefinitionId) -> Step {
        if !self.model.varies(id) {
            return self.alone(id, When::Whole);
        }
        let values = self.values.series(id);
        let cell = Cell::text(format!("{} values", values.len()));
        let series = values.into_iter().map(|value| value.is_finite().then_some(value)).collect();
        Step { value: None, series: Some(series), cell: Some(cell), undefined: None, ..self.alone(id, When::Whole) }
    }

    /// What a definition's value is computed from.
    fn below(&self, id: DefinitionId, when: When) -> Vec<Below> {
        let inputs = self.model.inputs(id);
        match when {
            When::Only => inputs.now.into_iter().map(|id| Below::Step(id, when)).collect(),
            When::Period(0) => inputs.now.into_iter().map(|id| Below::Step(id, when)).collect(),
            When::Period(period) => {
                let stock = matches!(self.model.definitions()[id].body, Body::Stock { .. });
                let now = if stock { Vec::new() } else { inputs.now };
                let before = inputs.before.into_iter().map(|id| Below::Before(id, period - 1));
                now.into_iter().map(|id| Below::Step(id, when)).chain(before).collect()
            }
            When::Whole => inputs.now.into_iter().flat_map(|id| self.below_whole(id)).collect(),
        }
    }

    /// What a value of the whole run is computed from: other such values, the lines' sums in place of a sum of lines,
    /// and series.
    fn below_whole(&self, id: DefinitionId) -> Vec<Below> {
        if self.model.is_outcome(id)
            || !self.model.varies(id) && !matches!(self.model.definitions()[id].body, Body::Sum(_))
        {
            return vec![Below::Step(id, When::Whole)];
        }
        match &self.model.definitions()[id].body {
            Body::Sum(parts) if parts.iter().all(|part| self.model.line_of(*part).is_some()) => {
                let total = |part: &DefinitionId| self.model.line_of(*part).map(|line| line.total);
                parts.iter().filter_map(total).map(|total| Below::Step(total, When::Whole)).collect()
            }
            _ => vec![Below::Series(id)],
        }
    }

    /// With one period, a sum over the periods is that period's value: the definition that says how it comes about.
    fn same(&self, id: DefinitionId) -> DefinitionId {
        match self.model.inputs(id).now.as_slice() {
            [only] if self.model.is_outcome(id) && !self.model.is_outcome(*only) => *only,
            _ => id,
        }
    }

    fn place(&self, definition: &Definition) -> Option<Place> {
        layout::place(self.scenario, definition.span?)
    }
}

/// The definitions that a tree speaks of, from top to bottom.
fn definitions(step: &Step) -> Vec<DefinitionId> {
    std::iter::once(step.definition).chain(step.inputs.iter().flat_map(definitions)).collect()
}

/// What stands below a step.
#[derive(Clone, Copy, Debug)]
enum Below {
    /// A value with its own steps.
    Step(DefinitionId, When),
    /// A value of the period before, which is where the walk through one period ends.
    Before(DefinitionId, usize),
    /// A value of each period.
    Series(DefinitionId),
}

fn table(step: &Step, walked: Option<usize>) -> Table {
    let mut rows = Vec::new();
    add_rows(step, walked, "", "", 0, &mut rows);
    Table {
        key: "steps",
        title: String::new(),
        columns: vec![
            Column::machine("depth"),
            Column::new("path", ""),
            Column::machine("period"),
            Column::new("value", ""),
            Column::machine("unit"),
            Column::new("formula", ""),
            Column::new("at", ""),
            Column::machine("reason"),
        ],
        rows,
    }
}

fn add_rows(step: &Step, walked: Option<usize>, guide: &str, below: &str, depth: u32, rows: &mut Vec<Row>) {
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let label = match step.period {
        Some(period) if walked.is_some_and(|walked| walked != period) => format!("{} (period {period})", step.path),
        _ => step.path.clone(),
    };
    let formula = step.told.as_ref().map_or(Cell::Empty, |formula| Cell::Branch {
        guide: "= ".to_owned(),
        text: if step.repeated { format!("{formula} (see above)") } else { formula.clone() },
    });
    rows.push(Row::plain(vec![
        Cell::Count(f64::from(depth)),
        Cell::Branch { guide: guide.to_owned(), text: label },
        step.period.map_or(Cell::Empty, |period| Cell::Count(count(period))),
        step.cell.clone().unwrap_or(Cell::Empty),
        text(step.unit.clone()),
        formula,
        text(step.at.as_ref().map(|at| format!("{}:{}", at.file, at.line))),
        text(step.undefined.clone()),
    ]));
    let last = step.inputs.len().saturating_sub(1);
    for (at, input) in step.inputs.iter().enumerate() {
        let (branch, trunk) = if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        add_rows(input, walked, &format!("{below}{branch}"), &format!("{below}{trunk}"), depth + 1, rows);
    }
}
