//! What the names in formulas stand for.

use crate::formula::functions::{self, Meaning, OfTime};
use crate::formula::{Expression, NodeKind, Path};
use crate::scenario::Quantity;

use super::define::Definitions;
use super::definition::{Body, DefinitionId};

/// What a definition is computed from, as its formula shows it.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The values of the same period.
    pub now: Vec<DefinitionId>,
    /// The values of the period before.
    pub before: Vec<DefinitionId>,
}

/// What a definition is computed from, as its formula shows it.
pub fn inputs(definitions: &Definitions, id: DefinitionId) -> Inputs {
    let scope = definitions.scope(id);
    match &definitions.all[id].body {
        Body::Metric(expression, _) => Inputs { now: named(definitions, expression, scope), before: Vec::new() },
        Body::Stock { start, joins, churn } => {
            Inputs { now: vec![*start], before: [Some(id), *joins, *churn].into_iter().flatten().collect() }
        }
        Body::Quantity(Quantity { expression, .. }) | Body::Formula(expression) | Body::Chance(_, expression) => {
            let later = later_steps(expression);
            let before = named_where(definitions, expression, scope, |step| later[step]);
            Inputs { now: references_now(definitions, id), before }
        }
        _ => Inputs { now: references(definitions, id), before: Vec::new() },
    }
}

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
    // Of a line, the whole run has the sum of its amounts.
    let named = || definitions.names.get(path);
    let summed = || named().and_then(|amount| definitions.sums.get(amount)).filter(|_| scope == Scope::Outcome);
    outcome
        .or_else(summed)
        .or_else(named)
        .map(|id| Reference::Definition(*id))
        .or_else(|| functions::find_constant(path).map(|constant| Reference::Constant(constant.value)))
}

/// The scope of each node of a formula: what stands in a sum over the periods is a value of each period, and what is
/// compared with another version or looked at over all draws is a value of the whole run.
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
                let compared = matches!(function.meaning, Meaning::Against(_) | Meaning::OverDraws(_));
                for (index, argument) in arguments.iter().enumerate() {
                    if compared {
                        scopes[*argument] = Scope::Outcome;
                        continue;
                    }
                    let inside = function.series() == Some(index);
                    scopes[*argument] = if inside { Scope::Period } else { scopes[at] };
                }
            }
        }
    }
    scopes
}

/// The steps of a formula that lead to one of them, itself included, in their order.
pub fn steps_of(expression: &Expression, root: usize) -> Vec<usize> {
    let mut steps = vec![root];
    let mut next = 0;
    while let Some(step) = steps.get(next) {
        match &expression.nodes()[*step].kind {
            NodeKind::Number(_) | NodeKind::Path(_) => {}
            NodeKind::Unary(_, a) => steps.push(*a),
            NodeKind::Binary(_, a, b) => steps.extend([*a, *b]),
            NodeKind::Call(_, arguments) => steps.extend(arguments),
        }
        next += 1;
    }
    steps.sort_unstable();
    steps
}

/// Which steps of a formula are of the period before: they stand in the first argument of `prev`, and what they name
/// need not be known yet.
pub fn later_steps(expression: &Expression) -> Vec<bool> {
    let mut later = vec![false; expression.nodes().len()];
    for node in expression.nodes() {
        if let NodeKind::Call(function, arguments) = &node.kind
            && function.meaning == Meaning::Time(OfTime::Previous)
        {
            for step in steps_of(expression, arguments[0]) {
                later[step] = true;
            }
        }
    }
    later
}

/// The definitions that a definition needs.
pub fn references(definitions: &Definitions, id: DefinitionId) -> Vec<DefinitionId> {
    let scope = definitions.scope(id);
    match &definitions.all[id].body {
        Body::Quantity(quantity) => named(definitions, &quantity.expression, scope),
        Body::Formula(expression) | Body::Chance(_, expression) => named(definitions, expression, scope),
        Body::Metric(expression, guards) => {
            let mut found = named(definitions, expression, scope);
            for (guard, _) in guards {
                found.extend(
                    named(definitions, guard, scope).into_iter().filter(|id| !found.contains(id)).collect::<Vec<_>>(),
                );
            }
            found
        }
        Body::Sum(parts) => parts.clone(),
        Body::Stock { start, joins, churn } => [Some(*start), *joins, *churn].into_iter().flatten().collect(),
        Body::Period | Body::Number(_) | Body::Absent(_) => Vec::new(),
    }
}

/// The definitions that must be known before a definition is, in the same period.
pub fn references_now(definitions: &Definitions, id: DefinitionId) -> Vec<DefinitionId> {
    match &definitions.all[id].body {
        Body::Stock { start, .. } => vec![*start],
        Body::Quantity(Quantity { expression, .. }) | Body::Formula(expression) | Body::Chance(_, expression) => {
            let later = later_steps(expression);
            named_where(definitions, expression, definitions.scope(id), |step| !later[step])
        }
        _ => references(definitions, id),
    }
}

fn named(definitions: &Definitions, expression: &Expression, scope: Scope) -> Vec<DefinitionId> {
    named_where(definitions, expression, scope, |_| true)
}

fn named_where(
    definitions: &Definitions,
    expression: &Expression,
    scope: Scope,
    chosen: impl Fn(usize) -> bool,
) -> Vec<DefinitionId> {
    let scopes = scopes(expression, scope);
    let mut found = Vec::new();
    for (step, (node, scope)) in expression.nodes().iter().zip(scopes).enumerate() {
        if let NodeKind::Path(path) = &node.kind
            && chosen(step)
            && let Some(Reference::Definition(id)) = resolve(definitions, path, scope)
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}
