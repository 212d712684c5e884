//! From the scenario to definitions: what each line, total and metric is made of.

mod credits;
mod fees;
mod lines;
mod plans;
mod prices;
mod risks;
mod time;

use std::collections::HashMap;

use crate::error::{Problem, Span};
use crate::formula::{self, BinaryOperator, Expression, Kind, NodeKind, Path, functions, request};
use crate::scenario::{Class, Group, Line, Prices, Quantity, Scenario, Schedule, Users};

use super::definition::{Body, Definition, DefinitionId, Unit};
use super::metrics::{self, Metric};
use super::resolve::Scope;
use super::unknown;
pub use lines::Product;
pub use plans::FREE_USERS;
pub use risks::{Chance, Severity};

/// A formula over the metrics, the lines and the periods of a run, asked of a model when it is compiled.
#[derive(Clone, Debug)]
pub struct Question {
    /// What the answer is called: the definition `questions.NAME`.
    pub name: String,
    /// The formula; a condition yields 1 where it holds and 0 where it does not.
    pub expression: Expression,
}

/// The definitions of a model and the names by which they are found.
#[derive(Debug, Default)]
pub struct Definitions {
    /// The definitions: those of a period first, then the outcomes.
    pub all: Vec<Definition>,
    /// How many of them are values of a period.
    pub periodic: usize,
    /// What a formula of the scenario may name.
    pub names: HashMap<Path, DefinitionId>,
    /// What a question may name besides: the metrics and the lines' totals.
    pub outcomes: HashMap<Path, DefinitionId>,
    /// The sum over all periods of each line's amount, by the amount.
    pub sums: HashMap<DefinitionId, DefinitionId>,
    /// The lines with their definitions.
    pub lines: Vec<LineDefinition>,
    /// What is owed for credits that were paid ahead, and whose line they are.
    pub owed: Vec<(Group, Path)>,
    /// The costs that are internal prices, which nobody is paid.
    pub internal: Vec<DefinitionId>,
    /// The users of each plan.
    pub members: Vec<DefinitionId>,
    /// The schedules by which definitions are due.
    pub schedules: Vec<Schedule>,
    /// What models cost.
    pub prices: Prices,
    /// Whether there are periods.
    pub timed: bool,
}

/// A line of the scenario as the model has it.
#[derive(Clone, Debug)]
pub struct LineDefinition {
    /// The line as written.
    pub line: Line,
    /// Its amount in a period.
    pub amount: DefinitionId,
    /// Its amount over all periods.
    pub total: DefinitionId,
    /// Its units and their price, where its amount is their product.
    pub product: Option<Product>,
}

/// Defines everything, and tells which names in formulas stand for nothing, also in cases that were not asked for.
pub fn checked(scenario: &Scenario, problems: &mut Vec<Problem>) -> Definitions {
    let definitions = define(scenario, problems);
    let broken = scenario.broken.iter().collect();
    for quantity in scenario.quantities().chain(scenario.cases.values().flat_map(|case| &case.quantities)) {
        unknown::unknown_names(&definitions, quantity, &broken, problems);
    }
    definitions
}

/// Defines everything that the scenario says and everything that follows from it.
fn define(scenario: &Scenario, problems: &mut Vec<Problem>) -> Definitions {
    let (prices, timed) = (scenario.prices.clone(), scenario.time.is_some());
    let mut definitions = Definitions { prices, timed, ..Definitions::default() };
    definitions.quantities(scenario);
    definitions.model_prices();
    for line in &scenario.lines {
        definitions.line(scenario, line, problems);
    }
    definitions.free_users(problems);
    definitions.totals();
    if let Some(time) = &scenario.time {
        definitions.time(scenario, time, problems);
    }
    definitions.periodic = definitions.all.len();
    definitions.outcomes(scenario, problems);
    definitions
}

impl Definitions {
    /// Whether a definition is a value of each period or of the whole run.
    pub fn scope(&self, id: DefinitionId) -> Scope {
        if id < self.periodic { Scope::Period } else { Scope::Outcome }
    }

    fn add(&mut self, path: Path, body: Body, unit: Unit, span: Option<Span>) -> DefinitionId {
        self.all.push(Definition { path, body, unit, schedule: None, span });
        self.all.len() - 1
    }

    fn named(&mut self, path: Path, body: Body, unit: Unit, span: Option<Span>) -> DefinitionId {
        let id = self.add(path.clone(), body, unit, span);
        self.names.insert(path, id);
        id
    }

    fn quantity(&mut self, quantity: &Quantity, unit: Unit) -> DefinitionId {
        let body = Body::Quantity(self.requests_priced(quantity));
        self.named(quantity.path.clone(), body, unit, Some(quantity.span))
    }

    fn quantities(&mut self, scenario: &Scenario) {
        match &scenario.users {
            Some(Users::Quantity(users)) => {
                self.quantity(users, Unit::Count);
            }
            Some(Users::Stock { span, start, joins, churn }) => {
                let start = self.quantity(start, Unit::Count);
                let joins = joins.as_ref().map(|joins| self.quantity(joins, Unit::Count));
                let churn = churn.as_ref().map(|churn| self.quantity(churn, Unit::Share));
                self.named(Path::new(["users"]), Body::Stock { start, joins, churn }, Unit::Count, Some(*span));
            }
            None => {}
        }
        for input in &scenario.inputs {
            let id = self.quantity(input, Unit::Number);
            if let Some(name) = input.path.last() {
                self.names.insert(Path::new([name]), id);
            }
        }
    }

    /// The quantity with prices put into the calls that price a request.
    fn requests_priced(&self, quantity: &Quantity) -> Quantity {
        let mut quantity = quantity.clone();
        if let Some(expression) = self.with_prices(&quantity.expression) {
            quantity.expression = expression;
        }
        quantity
    }

    fn with_prices(&self, expression: &Expression) -> Option<Expression> {
        request::priced(expression, |service, model| self.prices.rates(service, model).ok())
    }

    fn model_prices(&mut self) {
        let quantities: Vec<Quantity> = self.prices.quantities().cloned().collect();
        for quantity in quantities {
            let unit = if quantity.is_price() { Unit::Money } else { Unit::Number };
            self.quantity(&quantity, unit);
        }
    }

    fn sum_of(&mut self, path: &str, chosen: impl Fn(&Line) -> bool) {
        let parts = self.lines.iter().filter(|line| chosen(&line.line)).map(|line| line.amount).collect();
        self.named(Path::from(path), Body::Sum(parts), Unit::Money, None);
    }

    /// The sums of a period.
    fn totals(&mut self) {
        self.sum_of("revenue", |line| line.group == Group::Revenue);
        self.sum_of("cost", |line| matches!(line.group, Group::Costs | Group::Risks));
        if self.lines.iter().any(|line| line.line.group == Group::Risks) {
            self.sum_of("sums.risks", |line| line.group == Group::Risks);
        }
        let profit = Expression::of_paths(BinaryOperator::Subtract, Path::new(["revenue"]), Path::new(["cost"]));
        self.named(Path::new(["profit"]), Body::Formula(profit), Unit::Money, None);
    }

    /// What is asked besides what the scenario and the metrics say.
    pub fn question(&mut self, question: &Question) -> DefinitionId {
        let unit = match question.expression.kind() {
            Kind::Number | Kind::Distribution => Unit::Number,
            Kind::Condition => Unit::Count,
        };
        let path = Path::new(["questions", &question.name]);
        let expression = self.with_prices(&question.expression).unwrap_or_else(|| question.expression.clone());
        self.outcome(path, Body::Formula(expression), unit, None)
    }

    /// A definition by a formula of our own.
    fn formula(&mut self, name: &str, text: &str, unit: Unit, problems: &mut Vec<Problem>) {
        if let Some(expression) = own(name, formula::parse_number(text), problems) {
            self.named(Path::from(name), Body::Formula(expression), unit, None);
        }
    }

    /// The impact of a line per user, and per 1,000 of revenue, over the whole run.
    fn measures(&mut self, total: DefinitionId, problems: &mut Vec<Problem>) {
        let Definition { path: sum, unit, span, .. } = self.all[total].clone();
        for (name, formula) in MEASURES {
            let Some(written) = own(name, formula::parse_number(formula), problems) else { continue };
            let expression =
                written.renamed(|path| if path.single() == Some("sum") { sum.clone() } else { path.clone() });
            // What is not said is told in the same words of all that needs it.
            let unsaid = expression.nodes().iter().find_map(|node| match &node.kind {
                NodeKind::Path(path) => self.outcomes.get(path).and_then(|id| match &self.all[*id].body {
                    Body::Absent(reason) => Some(reason.clone()),
                    _ => None,
                }),
                _ => None,
            });
            let body = unsaid.map_or(Body::Formula(expression), Body::Absent);
            self.outcome(sum.child(name), body, unit.clone(), span);
        }
    }

    fn outcome(&mut self, path: Path, body: Body, unit: Unit, span: Option<Span>) -> DefinitionId {
        let id = self.add(path.clone(), body, unit, span);
        self.outcomes.insert(path, id);
        id
    }

    /// The metrics and the lines' totals.
    fn outcomes(&mut self, scenario: &Scenario, problems: &mut Vec<Problem>) {
        for metric in metrics::of(scenario) {
            let unmet = metric.needs.iter().find(|need| !need.is_met(scenario));
            let body = match unmet {
                Some(need) => Body::Absent(need.reason().to_owned()),
                None => match metric_body(metric, problems) {
                    Some(Body::Formula(expression)) => Body::Formula(self.following(metric.name, &expression)),
                    Some(Body::Metric(expression, guards)) => {
                        let followed = |(guard, reason)| (self.following(metric.name, &guard), reason);
                        let guards = guards.into_iter().map(followed).collect();
                        Body::Metric(self.following(metric.name, &expression), guards)
                    }
                    Some(body) => body,
                    None => continue,
                },
            };
            self.outcome(Path::new([metric.name]), body, metric.unit.clone(), None);
        }
        for at in 0..self.lines.len() {
            let LineDefinition { line, amount, .. } = &self.lines[at];
            let path = Path::new(["lines", line.group.key(), line.name.as_str()]);
            let (span, amount) = (line.span, *amount);
            let unit = self.all[amount].unit.clone();
            let Some(total) = functions::find("total") else { continue };
            let body = Body::Formula(Expression::of_call(total, self.all[amount].path.clone()));
            self.lines[at].total = self.outcome(path, body, unit, Some(span));
            self.sums.insert(amount, self.lines[at].total);
            if self.lines[at].line.group == Group::Impact {
                self.measures(self.lines[at].total, problems);
            }
        }
    }
}

/// What impact is measured by besides its sum: the name within the line, and the formula of it.
pub const MEASURES: [(&str, &str); 2] = [("per_user", "sum / users"), ("per_1000_revenue", "1_000 * sum / revenue")];

fn metric_body(metric: &Metric, problems: &mut Vec<Problem>) -> Option<Body> {
    let expression = own(metric.name, formula::parse_number(metric.formula), problems)?;
    let mut guards = Vec::with_capacity(metric.undefined.len());
    for (condition, reason) in metric.undefined {
        guards.push((own(metric.name, formula::parse_condition(condition), problems)?, *reason));
    }
    Some(if guards.is_empty() { Body::Formula(expression) } else { Body::Metric(expression, guards) })
}

/// A formula of our own, or the problem that it has.
fn own<T>(name: &str, parsed: Result<T, formula::FormulaError>, problems: &mut Vec<Problem>) -> Option<T> {
    parsed.map_err(|error| problems.push(Problem::nowhere(format!("the definition of `{name}`: {error}")))).ok()
}

/// Whether a line counts as recurring revenue: where it does not say, if it is due in every period of a stretch.
pub fn recurs(line: &Line) -> bool {
    let without_gaps = line.schedule.as_ref().is_none_or(|due| {
        let first = due.iter().position(|due| *due).unwrap_or(0);
        let last = due.iter().rposition(|due| *due).unwrap_or(0);
        last > first && due[first..=last].iter().all(|due| *due)
    });
    line.group == Group::Revenue && line.recurring.unwrap_or(without_gaps)
}

/// Whether a line is a cost of what is sold: computing answers, and running the service.
pub fn is_cost_of_revenue(line: &Line) -> bool {
    matches!(line.class, Class::Inference | Class::Operations)
}

/// Whether a line is a cost of winning users.
pub fn is_marketing(line: &Line) -> bool {
    line.class == Class::Marketing
}
