//! From definitions to the flat form.

mod events;
mod inlined;

use std::collections::HashMap;

use crate::formula::functions::{Meaning, OfTime};
use crate::formula::{BinaryOperator, Expression, NodeKind};
use crate::numeric::kernel::{self, Kernel};

use super::define::Definitions;
use super::definition::{Body, DefinitionId};
use super::draw::{self, Draw};
use super::node::{Inputs, Node, NodeId};
use super::resolve::{self, Reference, Scope};

/// The flat form of definitions.
#[derive(Debug, Default)]
pub struct Lowered {
    /// The nodes, each after those it needs, but for what it needs of the period before.
    pub nodes: Vec<Node>,
    /// The node that holds each definition's value.
    pub values: Vec<NodeId>,
    /// The node by which a run replaces each quantity: its value before a schedule is laid over it.
    pub settable: Vec<NodeId>,
    /// The nodes of the conditions under which each metric has no value.
    pub guards: Vec<Vec<NodeId>>,
    /// The node that each step of each definition's formula became.
    pub steps: Vec<Vec<NodeId>>,
    /// What is left to chance.
    pub draws: Vec<Draw>,
}

/// What is flattened after everything else, because it may need everything else: the value that a node repeats one
/// period later.
struct Deferred {
    /// The node that repeats it.
    previous: NodeId,
    /// The definition in whose formula it stands.
    id: DefinitionId,
    /// The step of that formula.
    step: usize,
}

/// Flattens the definitions in the given order.
pub fn lower(definitions: &Definitions, order: &[DefinitionId]) -> Lowered {
    let count = definitions.all.len();
    let values = vec![0; count];
    let none = vec![Vec::new(); count];
    let lowered = Lowered {
        nodes: Vec::new(),
        settable: values.clone(),
        values,
        guards: none.clone(),
        steps: none,
        draws: Vec::new(),
    };
    let mut lowering = Lowering { definitions, lowered, deferred: Vec::new(), bodies: HashMap::new() };
    for &id in order {
        lowering.definition(id);
    }
    lowering.finish(order)
}

struct Lowering<'d> {
    definitions: &'d Definitions,
    lowered: Lowered,
    deferred: Vec<Deferred>,
    /// The formulas of functions, by their text; each is read once.
    bodies: HashMap<&'static str, Option<Expression>>,
}

impl Lowering<'_> {
    fn push(&mut self, node: Node) -> NodeId {
        self.lowered.nodes.push(node);
        self.lowered.nodes.len() - 1
    }

    fn definition(&mut self, id: DefinitionId) {
        let definition = &self.definitions.all[id];
        let value = match &definition.body {
            Body::Quantity(quantity) => {
                let value = self.expression(id, &quantity.expression);
                self.push(Node::Quantity(value))
            }
            Body::Formula(expression) => self.expression(id, expression),
            Body::Chance(chance, expression) => self.chance(id, *chance, expression),
            Body::Metric(expression, guards) => self.metric(id, expression, guards),
            Body::Sum(parts) => self.sum(parts),
            Body::Stock { start, .. } => {
                let first = self.lowered.values[*start];
                // The value is set when all that it needs is there.
                self.push(Node::Previous { first, value: first })
            }
            Body::Period => self.push(Node::Period),
            Body::Number(value) => self.push(Node::Constant(*value)),
            Body::Absent(_) => self.push(Node::Constant(f64::NAN)),
        };
        self.lowered.settable[id] = value;
        self.lowered.values[id] = match definition.schedule {
            Some(schedule) => self.push(Node::Due(schedule, value)),
            None => value,
        };
    }

    /// A metric's formula where none of the conditions holds under which it has no value.
    fn metric(&mut self, id: DefinitionId, expression: &Expression, guards: &[(Expression, &'static str)]) -> NodeId {
        let mut conditions = Vec::with_capacity(guards.len());
        for (guard, _) in guards {
            conditions.push(self.expression(id, guard));
        }
        let mut value = self.expression(id, expression);
        for condition in &conditions {
            let none = self.push(Node::Constant(f64::NAN));
            value = self.push(Node::Call(Kernel::Three(kernel::select), Inputs::new(&[*condition, none, value])));
        }
        self.lowered.guards[id] = conditions;
        value
    }

    fn sum(&mut self, parts: &[DefinitionId]) -> NodeId {
        let Some((first, rest)) = parts.split_first() else { return self.push(Node::Constant(0.0)) };
        rest.iter().fold(self.lowered.values[*first], |sum, part| {
            self.push(Node::Binary(BinaryOperator::Add, sum, self.lowered.values[*part]))
        })
    }

    fn expression(&mut self, id: DefinitionId, expression: &Expression) -> NodeId {
        let nodes = expression.nodes();
        self.lowered.steps[id] = vec![NodeId::MAX; nodes.len()];
        let scopes = resolve::scopes(expression, self.definitions.scope(id));
        let later = resolve::later_steps(expression);
        let inner = draw::inner_steps(expression);
        for step in (0..nodes.len()).filter(|step| !later[*step] && !inner[*step]) {
            self.step(id, expression, step, scopes[step]);
        }
        self.lowered.steps[id][nodes.len() - 1]
    }

    fn step(&mut self, id: DefinitionId, expression: &Expression, step: usize, scope: Scope) {
        let steps = |lowering: &Self, of: &[usize]| -> Vec<NodeId> {
            of.iter().map(|step| lowering.lowered.steps[id][*step]).collect()
        };
        let node = match &expression.nodes()[step].kind {
            NodeKind::Number(value) => self.push(Node::Constant(*value)),
            NodeKind::Path(path) => match resolve::resolve(self.definitions, path, scope) {
                Some(Reference::Definition(named)) => self.lowered.values[named],
                Some(Reference::Constant(value)) => self.push(Node::Constant(value)),
                None => self.push(Node::Constant(f64::NAN)),
            },
            NodeKind::Unary(operator, a) => {
                let [a] = steps(self, &[*a])[..] else { return };
                self.push(Node::Unary(*operator, a))
            }
            NodeKind::Binary(operator, a, b) => {
                let [a, b] = steps(self, &[*a, *b])[..] else { return };
                self.push(Node::Binary(*operator, a, b))
            }
            NodeKind::Call(function, arguments) => {
                let given = steps(self, arguments);
                match function.meaning {
                    Meaning::Kernel(kernel) => self.push(Node::Call(kernel, Inputs::new(&given))),
                    Meaning::Fold(kernel) => self.fold(kernel, &given),
                    Meaning::Formula(recipe) => self.inlined(function, recipe, &given),
                    Meaning::Time(OfTime::Previous) => {
                        let previous = self.push(Node::Previous { first: given[1], value: given[1] });
                        self.deferred.push(Deferred { previous, id, step: arguments[0] });
                        previous
                    }
                    Meaning::Time(of) => self.of_time(of, &given),
                    Meaning::Drawn(_) | Meaning::Truncated | Meaning::EachPeriod => self.draw(id, expression, step),
                    // Where the prices are known, a formula over them has taken its place; whoever asks puts the numbers
                    // of the other version, or of all draws, there.
                    Meaning::Request(_) | Meaning::Against(_) | Meaning::OverDraws(_) => {
                        self.push(Node::Constant(f64::NAN))
                    }
                    Meaning::OverPeriods(over) => {
                        let series = over.series();
                        let mut inputs = vec![given[series]];
                        inputs.extend(given.iter().enumerate().filter(|(at, _)| *at != series).map(|(_, node)| *node));
                        self.push(Node::Gather(over, Inputs::new(&inputs)))
                    }
                }
            }
        };
        self.lowered.steps[id][step] = node;
    }

    /// A value that is left to chance; the parts of its distribution have its value as well.
    fn draw(&mut self, id: DefinitionId, expression: &Expression, step: usize) -> NodeId {
        let Some(written) = draw::written(expression, step) else { return self.push(Node::Constant(f64::NAN)) };
        let steps = &self.lowered.steps[id];
        let parameters = written.arguments().iter().map(|argument| steps[*argument]).collect();
        let draw = self.lowered.draws.len();
        let node = self.push(Node::Draw { draw, each_period: written.each_period(), parameters });
        for inner in &written.inner {
            self.lowered.steps[id][*inner] = node;
        }
        let path = &self.definitions.all[id].path;
        let before = self.lowered.draws.iter().filter(|draw| draw.definition == id).count();
        let name = if before == 0 { path.to_string() } else { format!("{path} ({})", before + 1) };
        self.lowered.draws.push(written.draw(name, id, step, &self.lowered.steps[id], node));
        node
    }

    fn fold(&mut self, kernel: Kernel, given: &[NodeId]) -> NodeId {
        given
            .iter()
            .copied()
            .reduce(|folded, next| self.push(Node::Call(kernel, Inputs::new(&[folded, next]))))
            .unwrap_or(0)
    }

    fn binary(&mut self, operator: BinaryOperator, a: NodeId, b: NodeId) -> NodeId {
        self.push(Node::Binary(operator, a, b))
    }

    fn of_time(&mut self, of: OfTime, given: &[NodeId]) -> NodeId {
        use BinaryOperator::{Add, Divide, GreaterOrEqual, Multiply, Power, Subtract};
        let period = self.push(Node::Period);
        match (of, given) {
            // (1 + rate) ^ period
            (OfTime::Growth, [rate]) => {
                let one = self.push(Node::Constant(1.0));
                let factor = self.binary(Add, one, *rate);
                self.binary(Power, factor, period)
            }
            // low + (high − low) · clamp((period − from) / (until − from), 0, 1)
            (OfTime::Ramp, [low, high, from, until]) => {
                let (zero, one) = (self.push(Node::Constant(0.0)), self.push(Node::Constant(1.0)));
                let passed = self.binary(Subtract, period, *from);
                let length = self.binary(Subtract, *until, *from);
                let share = self.binary(Divide, passed, length);
                let held = self.push(Node::Call(Kernel::Three(kernel::clamp), Inputs::new(&[share, zero, one])));
                let rise = self.binary(Subtract, *high, *low);
                let risen = self.binary(Multiply, rise, held);
                self.binary(Add, *low, risen)
            }
            // if(period >= from, after, before)
            (OfTime::Step, [before, after, from]) => {
                let reached = self.binary(GreaterOrEqual, period, *from);
                self.push(Node::Call(Kernel::Three(kernel::select), Inputs::new(&[reached, *after, *before])))
            }
            _ => self.push(Node::Constant(f64::NAN)),
        }
    }

    /// Flattens what was put off, and closes the circles over time.
    fn finish(mut self, order: &[DefinitionId]) -> Lowered {
        while let Some(Deferred { previous, id, step }) = self.deferred.pop() {
            let expression = match &self.definitions.all[id].body {
                Body::Quantity(quantity) => &quantity.expression,
                Body::Formula(expression) | Body::Chance(_, expression) => expression,
                _ => continue,
            };
            let inner_steps = draw::inner_steps(expression);
            for inner in resolve::steps_of(expression, step) {
                if !inner_steps[inner] && self.lowered.steps[id][inner] == NodeId::MAX {
                    self.step(id, expression, inner, Scope::Period);
                }
            }
            self.repeat(previous, self.lowered.steps[id][step]);
        }
        for &id in order {
            if let Body::Stock { joins, churn, .. } = self.definitions.all[id].body {
                let next = self.next_stock(id, joins, churn);
                self.repeat(self.lowered.settable[id], next);
            }
        }
        self.lowered
    }

    /// `users · (1 − churn) + joins`, of the period that ends.
    fn next_stock(&mut self, id: DefinitionId, joins: Option<DefinitionId>, churn: Option<DefinitionId>) -> NodeId {
        let users = self.lowered.values[id];
        let kept = match churn {
            Some(churn) => {
                let one = self.push(Node::Constant(1.0));
                let share = self.binary(BinaryOperator::Subtract, one, self.lowered.values[churn]);
                self.binary(BinaryOperator::Multiply, users, share)
            }
            None => users,
        };
        match joins {
            Some(joins) => self.binary(BinaryOperator::Add, kept, self.lowered.values[joins]),
            None => kept,
        }
    }

    fn repeat(&mut self, previous: NodeId, repeated: NodeId) {
        if let Node::Previous { value, .. } = &mut self.lowered.nodes[previous] {
            *value = repeated;
        }
    }
}
