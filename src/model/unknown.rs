//! Names in formulas that stand for nothing where they stand, told with what to do about it.

use std::collections::{HashMap, HashSet};

use crate::error::Problem;
use crate::error::suggest::{is_worth_searching, list, nearest};
use crate::formula::functions::Meaning;
use crate::formula::{Expression, NodeKind, Path, constants, request};
use crate::scenario::prices::PRICES;
use crate::scenario::{Quantity, keys};

use super::define::Definitions;
use super::metrics;
use super::resolve::{Scope, resolve};

/// Where the functions over all draws may stand.
pub(super) const OVER_DRAWS: &str =
    "ask it in `[checks]`, `check --that` or `solve --until`; `simulate` shows all of it";

/// The names of a quantity's formula that stand for nothing.
pub fn unknown_names(
    definitions: &Definitions,
    quantity: &Quantity,
    broken: &HashSet<&Path>,
    problems: &mut Vec<Problem>,
) {
    let time_is_broken = broken.contains(&Path::new(["time"]));
    let models = models_of_requests(definitions, &quantity.expression);
    for (step, node) in quantity.expression.nodes().iter().enumerate() {
        if let Some(wrong) = models.get(&step) {
            let is_broken = matches!(&node.kind, NodeKind::Path(path) if names_part_of(path, broken));
            let told = wrong.clone().filter(|_| !is_broken);
            problems.extend(told.map(|wrong| Problem { span: Some(quantity.locate(&node.span)), ..wrong }));
            continue;
        }
        let (span, name) = match &node.kind {
            NodeKind::Path(path) if resolve(definitions, path, Scope::Period).is_none() => {
                let of_time = path.single().is_some_and(|name| keys::OF_TIME.contains(&name));
                if (of_time && time_is_broken) || names_part_of(path, broken) {
                    continue;
                }
                (quantity.locate(&node.span), path)
            }
            NodeKind::Call(function, _) if matches!(function.meaning, Meaning::Time(_)) && !definitions.timed => {
                if time_is_broken {
                    continue;
                }
                problems.push(
                    Problem::at(quantity.locate(&node.span), format!("`{}` needs periods", function.name))
                        .label("the scenario has no `[time]`")
                        .help("add `[time]` with `periods = 36`"),
                );
                continue;
            }
            NodeKind::Call(function, _) if matches!(function.meaning, Meaning::Against(_)) => {
                problems.push(
                    Problem::at(quantity.locate(&node.span), format!("`{}` is for checks alone", function.name))
                        .label("this looks into another version of the scenario"),
                );
                continue;
            }
            NodeKind::Call(function, _) if matches!(function.meaning, Meaning::OverDraws(_)) => {
                problems.push(
                    Problem::at(quantity.locate(&node.span), format!("`{}` is not for quantities", function.name))
                        .label("this looks over all draws, and a quantity is a value of one draw")
                        .help(OVER_DRAWS),
                );
                continue;
            }
            NodeKind::Call(function, _) if function.over_periods() => {
                problems.push(
                    Problem::at(quantity.locate(&node.span), format!("`{}` is not for quantities", function.name))
                        .label("this looks over all periods, and a quantity is a value of one period"),
                );
                continue;
            }
            _ => continue,
        };
        if name.starts_with(PRICES) {
            problems.push(Problem { span: Some(span), ..definitions.prices.unknown(name) });
            continue;
        }
        let problem = Problem::at(span, format!("there is no {}", name.in_ticks()));
        problems.push(if is_worth_searching(definitions.names.len(), problems.len()) {
            unknown(definitions, name, Scope::Period, problem)
        } else {
            problem
        });
    }
}

/// The steps of a formula that are the models of requests, and of each what is wrong with it, if anything is.
pub(super) fn models_of_requests(
    definitions: &Definitions,
    expression: &Expression,
) -> HashMap<usize, Option<Problem>> {
    let wrong = |service, path: &Path| definitions.prices.rates(service, path).err();
    let named = request::requests(expression).map(|request| (request.model, wrong(request.service, request.path)));
    let unnamed = request::without_model(expression).map(|step| {
        let problem = Problem::nowhere("this is no model of the price book")
            .help("name the model first: `request_cost(prices.\"gpt-4o\", 1_000, 500)`");
        (step, Some(problem))
    });
    named.chain(unnamed).collect()
}

/// Whether a name in a formula stands for one of these or for a part of it; a bare name stands for an input.
pub(super) fn names_part_of(path: &Path, wholes: &HashSet<&Path>) -> bool {
    let bare_input = path.single().is_some_and(|name| wholes.contains(&Path::new(["inputs", name])));
    bare_input || (1..=path.segments().len()).any(|end| wholes.contains(&Path::new(&path.segments()[..end])))
}

pub(super) fn unknown(definitions: &Definitions, path: &Path, scope: Scope, problem: Problem) -> Problem {
    let outcomes = definitions.outcomes.keys().filter(|_| scope == Scope::Outcome);
    let names: Vec<String> = definitions.names.keys().chain(outcomes).map(ToString::to_string).collect();
    let text = path.to_string();
    let figures: Vec<&str> = constants::all()
        .map(|constant| constant.name)
        .filter(|name| name.strip_prefix(&text).is_some_and(|rest| rest.starts_with('.')))
        .collect();
    let known = names.iter().map(String::as_str).chain(constants::all().map(|constant| constant.name));
    match nearest(&text, known) {
        _ if !figures.is_empty() => {
            return problem.help(format!("name one of its figures: {}", list(figures.into_iter())));
        }
        _ if (keys::OF_TIME.contains(&text.as_str()) || metrics::needs_time(&text)) && !definitions.timed => {
            return problem.help("add `[time]` with `periods = 36`: only then there are periods");
        }
        _ if text == "discount_factor" => return problem.help("add `discount_rate = \"8%\"` to `[time]`"),
        _ if text == "cash" => return problem.help("add `[cash]` with `opening = 100_000`"),
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("define it: `[inputs]`, and under it `{} = …`", path.last().unwrap_or("name"))),
    }
    .help("a bare name is an input; anything else is named in full, such as `costs.training.price`")
}
