//! What the names in formulas stand for, and an order in which everything can be computed.

use crate::error::Problem;
use crate::error::suggest::nearest;
use crate::formula::{Expression, NodeKind, Path, functions};
use crate::scenario::Quantity;

use super::define::Definitions;
use super::definition::{Body, DefinitionId};

/// What a name in a formula stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reference {
    /// Another definition.
    Definition(DefinitionId),
    /// A constant with a source.
    Constant(f64),
}

/// Where a formula stands decides what it may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A value of each period.
    Period,
    /// A value of the whole run: metrics, and sums over the periods.
    Outcome,
}

/// What a name stands for.
pub fn resolve(definitions: &Definitions, path: &Path, scope: Scope) -> Option<Reference> {
    let outcome = match scope {
        Scope::Outcome => definitions.outcomes.get(path),
        Scope::Period => None,
    };
    outcome
        .or_else(|| definitions.names.get(path))
        .map(|id| Reference::Definition(*id))
        .or_else(|| functions::find_constant(path).map(|constant| Reference::Constant(constant.value)))
}

/// The scope of each node of a formula: what stands in a sum over the periods is a value of each period.
pub fn scopes(expression: &Expression, scope: Scope) -> Vec<Scope> {
    let nodes = expression.nodes();
    let mut scopes = vec![scope; nodes.len()];
    for (at, node) in nodes.iter().enumerate().rev() {
        match &node.kind {
            NodeKind::Number(_) | NodeKind::Path(_) => {}
            NodeKind::Unary(_, a) => scopes[*a] = scopes[at],
            NodeKind::Binary(_, a, b) => {
                scopes[*a] = scopes[at];
                scopes[*b] = scopes[at];
            }
            NodeKind::Call(function, arguments) => {
                let inner = if function.over_periods() { Scope::Period } else { scopes[at] };
                for argument in arguments {
                    scopes[*argument] = inner;
                }
            }
        }
    }
    scopes
}

/// The definitions that a definition needs.
pub fn references(definitions: &Definitions, id: DefinitionId) -> Vec<DefinitionId> {
    let scope = definitions.scope(id);
    match &definitions.all[id].body {
        Body::Quantity(quantity) => named(definitions, &quantity.expression, scope),
        Body::Formula(expression) => named(definitions, expression, scope),
        Body::Sum(parts) => parts.clone(),
        Body::Total(part) => vec![*part],
        Body::Absent(_) => Vec::new(),
    }
}

fn named(definitions: &Definitions, expression: &Expression, scope: Scope) -> Vec<DefinitionId> {
    let scopes = scopes(expression, scope);
    let mut found = Vec::new();
    for (node, scope) in expression.nodes().iter().zip(scopes) {
        if let NodeKind::Path(path) = &node.kind
            && let Some(Reference::Definition(id)) = resolve(definitions, path, scope)
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}

/// The names of a quantity's formula that stand for nothing.
pub fn unknown_names(definitions: &Definitions, quantity: &Quantity, broken: &[Path], problems: &mut Vec<Problem>) {
    for node in quantity.expression.nodes() {
        let (span, name) = match &node.kind {
            NodeKind::Path(path) if resolve(definitions, path, Scope::Period).is_none() => {
                if broken.iter().any(|broken| names_part_of(path, broken)) {
                    continue;
                }
                (quantity.locate(&node.span), path)
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
        problems.push(unknown(definitions, name, Problem::at(span, format!("there is no {}", name.in_ticks()))));
    }
}

/// Whether a name in a formula stands for something or for a part of it; a bare name stands for an input.
fn names_part_of(path: &Path, whole: &Path) -> bool {
    let bare_input = path.single().is_some() && whole.starts_with("inputs") && path.last() == whole.last();
    bare_input || path.segments().starts_with(whole.segments())
}

fn unknown(definitions: &Definitions, path: &Path, problem: Problem) -> Problem {
    let mut names: Vec<String> = definitions.names.keys().map(ToString::to_string).collect();
    names.sort_unstable();
    let text = path.to_string();
    match nearest(&text, names.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("define it: `[inputs]`, and under it `{} = …`", path.last().unwrap_or("name"))),
    }
    .help("a bare name is an input; anything else is named in full, such as `costs.training.price`")
}

/// The definitions in an order in which each stands after what it needs.
///
/// # Errors
/// A definition that depends on itself, with every step of the way.
pub fn order(definitions: &Definitions) -> Result<Vec<DefinitionId>, Problem> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; definitions.all.len()];
    let mut order = Vec::with_capacity(marks.len());
    for start in 0..marks.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        // The way from `start` to where the search stands, each with what it has still to visit.
        let mut way = vec![(start, references(definitions, start).into_iter())];
        while let Some((id, rest)) = way.last_mut() {
            let Some(next) = rest.next() else {
                marks[*id] = Mark::Done;
                order.push(*id);
                way.pop();
                continue;
            };
            match marks[next] {
                Mark::Done => {}
                Mark::New => {
                    marks[next] = Mark::Open;
                    way.push((next, references(definitions, next).into_iter()));
                }
                Mark::Open => {
                    let cycle: Vec<_> = way.iter().map(|(id, _)| *id).skip_while(|id| *id != next).collect();
                    return Err(cyclic(definitions, &cycle));
                }
            }
        }
    }
    Ok(order)
}

/// The problem of definitions that depend on each other in a circle.
fn cyclic(definitions: &Definitions, cycle: &[DefinitionId]) -> Problem {
    // Begin with what stands first in the file, so that the message does not depend on where the search began.
    let place = |id: &DefinitionId| definitions.all[*id].span.map_or((usize::MAX, 0), |span| (span.source, span.start));
    let first = (0..cycle.len()).min_by_key(|at| place(&cycle[*at])).unwrap_or(0);
    let ring: Vec<_> = (0..=cycle.len()).map(|step| cycle[(first + step) % cycle.len()]).collect();
    let name = |id: &DefinitionId| definitions.all[*id].path.to_string();
    let way = ring.iter().map(name).collect::<Vec<_>>().join(" → ");
    let mut places = ring.windows(2).filter_map(|step| {
        let span = definitions.all[step[0]].span?;
        Some((span, format!("{} needs {}", name(&step[0]), name(&step[1]))))
    });
    let message = format!("`{}` depends on itself: {way}", name(&ring[0]));
    let problem = match places.next() {
        Some((span, label)) => Problem::at(span, message).label(label),
        None => Problem::nowhere(message),
    };
    places
        .fold(problem, |problem, (span, label)| problem.related(span, label))
        .help("give one of them a value that does not need the others")
}
