//! What is wrong with a question asked of a model: names that stand for nothing, and series where one value is wanted.

use std::collections::HashSet;
use std::ops::Range;

use crate::error::suggest::is_worth_searching;
use crate::error::{Problem, Span};
use crate::formula::functions::{Function, Meaning, OverDraws};
use crate::formula::{Expression, NodeKind, Path};
use crate::scenario::Scenario;
use crate::scenario::prices::PRICES;

use super::Model;
use super::define::Definitions;
use super::definition::DefinitionId;
use super::resolve::{self, Reference, Scope};
use super::unknown;

/// What is known of a question besides its formula.
struct Asked<'a> {
    definitions: &'a Definitions,
    /// Where a part of the formula stands, where it stands anywhere.
    place: &'a dyn Fn(&Range<usize>) -> Option<Span>,
    /// Which definitions have a value of their own in each period.
    varies: &'a dyn Fn(DefinitionId) -> bool,
    /// Who asks.
    asker: Asker,
    /// Whether there is time to seek what a name that stands for nothing was meant to be.
    searches: bool,
}

/// Who asks, which decides what the question may speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asker {
    /// A check: of another version of the scenario, and of all draws.
    Check,
    /// Anyone else: of the scenario as it stands.
    Other,
}

/// What is wrong with the formula of a question; those problems have no place.
pub fn wrong(model: &Model, expression: &Expression) -> Vec<Problem> {
    let varies = |id| model.varies(id);
    let definitions = &model.definitions;
    let asked = Asked { definitions, place: &|_| None, varies: &varies, asker: Asker::Other, searches: true };
    asked.wrong(expression).map(|(problem, _)| problem).collect()
}

/// What is wrong with the checks of a model's scenario, and of its cases. A check of another case is only asked for its
/// names, since what has one value here may have several there.
pub fn wrong_checks(scenario: &Scenario, model: &Model) -> Vec<Problem> {
    let mut problems = Vec::new();
    add_wrong_checks(scenario, &model.definitions, &|id| model.varies(id), &mut problems);
    problems
}

/// The names in the checks of a scenario and of its cases that stand for nothing, but for those that stand for what
/// could not be read.
pub fn unknown_in_checks(scenario: &Scenario, definitions: &Definitions, problems: &mut Vec<Problem>) {
    add_wrong_checks(scenario, definitions, &|_| false, problems);
}

fn add_wrong_checks(
    scenario: &Scenario,
    definitions: &Definitions,
    varies: &dyn Fn(DefinitionId) -> bool,
    problems: &mut Vec<Problem>,
) {
    let broken: HashSet<&Path> = scenario.broken.iter().collect();
    // Without its horizon, a scenario lacks all that takes periods.
    let is_broken = |path: &Path| broken.contains(&Path::new(["time"])) || unknown::names_part_of(path, &broken);
    let elsewhere = scenario.cases.values().flat_map(|case| &case.checks).map(|check| (check, false));
    let here = scenario.checks.iter().map(|check| (check, check.concerns(scenario.case.as_deref())));
    for (check, is_asked) in here.chain(elsewhere) {
        let place = |part: &Range<usize>| Some(check.condition.locate(part));
        let never = |_| false;
        let varies = if is_asked { varies } else { &never };
        let searches = is_worth_searching(definitions.names.len(), problems.len());
        let asked = Asked { definitions, place: &place, varies, asker: Asker::Check, searches };
        let told = asked.wrong(&check.condition.expression);
        problems.extend(told.filter(|(_, path)| !path.as_ref().is_some_and(is_broken)).map(|(problem, _)| problem));
    }
}

impl Asked<'_> {
    /// The problems, each with the name that stands for nothing.
    fn wrong(&self, expression: &Expression) -> impl Iterator<Item = (Problem, Option<Path>)> {
        let scopes = resolve::scopes(expression, Scope::Outcome);
        let around = around(expression);
        let models = unknown::models_of_requests(self.definitions, expression);
        let nodes = expression.nodes().iter().enumerate();
        nodes.filter_map(move |(step, node)| {
            let (problem, path) = match &node.kind {
                kind if models.contains_key(&step) => {
                    let path = if let NodeKind::Path(path) = kind { Some(path.clone()) } else { None };
                    (models[&step].clone()?, path)
                }
                NodeKind::Path(path) => self.wrong_name(path, scopes[step])?,
                NodeKind::Call(function, arguments) => {
                    let wrong = self.wrong_call(function, scopes[step], around[step]);
                    (wrong.or_else(|| wrong_percent(expression, function, arguments))?, None)
                }
                _ => return None,
            };
            Some((Problem { span: (self.place)(&node.span), ..problem }, path))
        })
    }

    fn wrong_name(&self, path: &Path, scope: Scope) -> Option<(Problem, Option<Path>)> {
        let name = path.in_ticks();
        match resolve::resolve(self.definitions, path, scope) {
            None if path.starts_with(PRICES) => Some((self.definitions.prices.unknown(path), Some(path.clone()))),
            None => {
                let problem = Problem::nowhere(format!("there is no {name}"));
                let problem = if self.searches {
                    unknown::unknown(self.definitions, path, Scope::Outcome, problem)
                } else {
                    problem
                };
                Some((problem, Some(path.clone())))
            }
            Some(Reference::Definition(id)) if scope == Scope::Outcome && (self.varies)(id) => {
                let problem =
                    Problem::nowhere(format!("{name} has a value in each period, and one is wanted")).help(format!(
                        "say which: `total({path})`, `mean({path})`, `min({path})`, `last({path})` or `at(0, {path})`"
                    ));
                Some((problem, None))
            }
            Some(_) => None,
        }
    }

    fn wrong_call(&self, function: &Function, scope: Scope, around: Option<&Function>) -> Option<Problem> {
        let name = function.name;
        match (function.meaning, around) {
            (Meaning::Time(_), _) if scope == Scope::Outcome => {
                let message = format!("`{name}` has a value in each period, and one is wanted");
                Some(Problem::nowhere(message).help(format!("say which: `last({})`", function.signature())))
            }
            (Meaning::Against(_), _) if self.asker == Asker::Other => Some(
                Problem::nowhere(format!("`{name}` is for checks alone"))
                    .help("it looks into another version of the scenario: `bizmodel check FILE --against OLD`"),
            ),
            (Meaning::OverDraws(_), _) if self.asker == Asker::Other => Some(
                Problem::nowhere(format!("`{name}` looks over all draws, and this is asked of one run"))
                    .help(unknown::OVER_DRAWS),
            ),
            _ if function.is_drawn() => Some(
                Problem::nowhere(format!("`{name}` is a distribution, and this is a question"))
                    .help("what is left to chance stands in a quantity of the scenario, such as an input"),
            ),
            (Meaning::Against(_), Some(Function { meaning: Meaning::Against(_), .. })) => {
                Some(Problem::nowhere(format!("`{name}` stands within another comparison with the other version")))
            }
            (Meaning::OverDraws(_), Some(Function { name: around, meaning: Meaning::OverDraws(_), .. })) => Some(
                Problem::nowhere(format!("`{name}` stands within `{around}`"))
                    .help("what looks over all draws is one number, which has no draws of its own"),
            ),
            (Meaning::Against(_), Some(Function { name: around, .. })) => Some(
                Problem::nowhere(format!("`{name}` stands within `{around}`"))
                    .help(format!("compare what is found over all draws: `{name}({around}(…))`"))
                    .help("`compare` tells how two versions differ draw by draw"),
            ),
            _ => None,
        }
    }
}

/// That a percentile is not given by a plain number.
fn wrong_percent(expression: &Expression, function: &Function, arguments: &[usize]) -> Option<Problem> {
    let percent = arguments.get(1).filter(|_| function.meaning == Meaning::OverDraws(OverDraws::Percentile))?;
    let is_plain = matches!(expression.nodes()[*percent].kind, NodeKind::Number(_));
    (!is_plain).then(|| {
        Problem::nowhere(format!("the `percent` of `{}` must be a plain number", function.name))
            .help("write `percentile(x, 5)` or `p5(x)`")
    })
}

/// The innermost function around each step that compares with another version or looks over all draws.
fn around(expression: &Expression) -> Vec<Option<&'static Function>> {
    let mut around = vec![None; expression.nodes().len()];
    // The nodes stand in post-order, so that the outer ones come first from behind.
    for (step, node) in expression.nodes().iter().enumerate().rev() {
        let inside = match &node.kind {
            NodeKind::Call(function, _) if matches!(function.meaning, Meaning::Against(_) | Meaning::OverDraws(_)) => {
                Some(*function)
            }
            _ => around[step],
        };
        for operand in node.kind.operands() {
            around[operand] = inside;
        }
    }
    around
}
