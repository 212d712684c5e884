//! Whether an outcome is a straight line in a quantity, and which: the ground for exact break-even values.

use std::collections::HashMap;

use crate::formula::functions::OverPeriods;
use crate::formula::{BinaryOperator, UnaryOperator};
use crate::numeric::kernel::{self, Kernel, Operand};

use super::gather::{count, gather};
use super::node::{Node, NodeId};
use super::uniform::Uniform;
use super::{DefinitionId, Model, plan};

/// The straight line `constant + slope · x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// The value at x = 0.
    pub constant: f64,
    /// The rise per unit of x.
    pub slope: f64,
}

impl Affine {
    fn flat(constant: f64) -> Self {
        Self { constant, slope: 0.0 }
    }

    /// Where the line takes the value 0, if it does at exactly one place.
    pub fn root(self) -> Option<f64> {
        let root = -self.constant / self.slope;
        // A negative zero would print a sign.
        (self.slope != 0.0 && root.is_finite()).then_some(root + 0.0)
    }
}

/// What a step is as a straight line; none where it bends.
type Line = Option<Affine>;

impl Model {
    /// The outcome as a straight line in the quantity, if every step on the way is one.
    ///
    /// The coefficients are carried through the model step by step, so that nothing is lost to differences of nearly
    /// equal numbers. Steps that bend (a maximum, a floor, a product of two values that both depend on the quantity)
    /// give none, even where the outcome happens to be straight.
    pub fn affine(&self, quantity: DefinitionId, outcome: DefinitionId) -> Option<Affine> {
        let flat = &self.flat;
        let (varied, wanted) = (self.settable[quantity], self.values[outcome]);
        let needed = plan::needed(self, &[wanted], |_| false);
        let reached = plan::reached(self, &[varied]);
        let uniform = Uniform::of_nodes(self, |id| needed[id] && !reached[id]);
        let mut lines = Lines { reached: &reached, uniform, now: vec![None; flat.nodes.len()], period: 0 };
        let reached_by_it: Vec<NodeId> = (0..flat.nodes.len()).filter(|id| needed[*id] && reached[*id]).collect();
        let (after, each): (Vec<_>, Vec<_>) = reached_by_it.iter().copied().partition(|id| flat.outcome[*id]);
        let repeated: Vec<NodeId> = reached_by_it.iter().filter_map(|id| flat.nodes[*id].repeats()).collect();
        let gathered: Vec<NodeId> = reached_by_it.iter().filter_map(|id| flat.nodes[*id].gathers()).collect();
        let mut before: HashMap<NodeId, Line> = HashMap::new();
        let mut history: HashMap<NodeId, Vec<Line>> = HashMap::new();
        for period in 0..flat.periods {
            lines.period = period;
            for &id in each.iter().filter(|id| period == 0 || flat.varies[**id]) {
                lines.now[id] = match &flat.nodes[id] {
                    _ if id == varied => Some(Affine { constant: 0.0, slope: 1.0 }),
                    Node::Due(schedule, value) if flat.schedules[*schedule][period] => lines.of(*value),
                    Node::Due(..) => Some(Affine::flat(0.0)),
                    Node::Previous { first, .. } if period == 0 => lines.of(*first),
                    Node::Previous { value, .. } => before.get(value).copied().flatten(),
                    node => step(node, &lines),
                };
            }
            before = repeated.iter().map(|id| (*id, lines.of(*id))).collect();
            for id in &gathered {
                let series = history.entry(*id).or_default();
                if series.len() == period {
                    series.push(lines.of(*id));
                }
            }
        }
        for id in after {
            lines.now[id] = match &flat.nodes[id] {
                Node::Gather(over, inputs) => gather_lines(*over, &history[&inputs[0]], &inputs[1..], &lines),
                node => step(node, &lines),
            };
        }
        lines.of(wanted)
    }
}

/// The lines of a period; what the quantity does not reach is flat.
struct Lines<'r> {
    reached: &'r [bool],
    uniform: Uniform,
    now: Vec<Line>,
    period: usize,
}

impl Lines<'_> {
    fn of(&self, id: NodeId) -> Line {
        if self.reached[id] { self.now[id] } else { Some(Affine::flat(self.uniform.at(id, self.period))) }
    }
}

/// A step of one period.
fn step(node: &Node, lines: &Lines<'_>) -> Line {
    match node {
        Node::Constant(value) => Some(Affine::flat(*value)),
        Node::Quantity(value) => lines.of(*value),
        Node::Unary(UnaryOperator::Negate, a) => lines.of(*a).map(|a| scale(a, -1.0)),
        Node::Binary(BinaryOperator::Add, a, b) => add(lines.of(*a), lines.of(*b)),
        Node::Binary(BinaryOperator::Subtract, a, b) => add(lines.of(*a), lines.of(*b).map(|b| scale(b, -1.0))),
        Node::Binary(BinaryOperator::Multiply, a, b) => match (lines.of(*a)?, lines.of(*b)?) {
            (a, b) if a.slope == 0.0 => Some(scale(b, a.constant)),
            (a, b) if b.slope == 0.0 => Some(scale(a, b.constant)),
            _ => None,
        },
        Node::Binary(BinaryOperator::Divide, a, b) => {
            let (a, b) = (lines.of(*a)?, lines.of(*b)?);
            let straight = b.slope == 0.0 && b.constant != 0.0;
            straight.then(|| Affine { constant: a.constant / b.constant, slope: a.slope / b.constant })
        }
        // A choice that does not depend on the quantity is as straight as what is chosen.
        Node::Call(kernel, inputs) if *kernel == Kernel::Three(kernel::select) => {
            let condition = lines.of(inputs[0]).filter(|condition| condition.slope == 0.0)?.constant;
            match condition {
                _ if condition.is_nan() => Some(Affine::flat(f64::NAN)),
                0.0 => lines.of(inputs[2]),
                _ => lines.of(inputs[1]),
            }
        }
        node => constant(node, lines),
    }
}

/// One line from those of all periods.
fn gather_lines(over: OverPeriods, series: &[Line], parameters: &[NodeId], lines: &Lines<'_>) -> Line {
    let total = || series.iter().try_fold(Affine::flat(0.0), |sum, line| add(Some(sum), *line));
    match over {
        OverPeriods::Total => total(),
        OverPeriods::Mean => {
            let (total, periods) = (total()?, count(series.len()));
            Some(Affine { constant: total.constant / periods, slope: total.slope / periods })
        }
        OverPeriods::First => series[0],
        OverPeriods::Last => series[series.len() - 1],
        OverPeriods::At => {
            let period = lines.of(parameters[0]).filter(|period| period.slope == 0.0)?.constant;
            let line = series.iter().enumerate().find(|(at, _)| count(*at) == period);
            line.map_or(Some(Affine::flat(f64::NAN)), |(_, line)| *line)
        }
        _ => {
            let flat = |line: &Line| line.filter(|line| line.slope == 0.0).map(|line| line.constant);
            let series: Option<Vec<f64>> = series.iter().map(flat).collect();
            let parameters: Option<Vec<f64>> = parameters.iter().map(|id| flat(&lines.of(*id))).collect();
            Some(Affine::flat(gather(over, &series?, &parameters?)))
        }
    }
}

/// A step that bends is still a constant where nothing of it depends on the quantity.
fn constant(node: &Node, lines: &Lines<'_>) -> Line {
    let inputs: Option<Vec<f64>> = node
        .inputs()
        .iter()
        .map(|id| lines.of(*id).filter(|line| line.slope == 0.0).map(|line| line.constant))
        .collect();
    let inputs = inputs?;
    let at = |index: usize| Operand::Uniform(inputs[index]);
    let mut out = [f64::NAN];
    match node.kernel()? {
        Kernel::One(run) => run(at(0), &mut out),
        Kernel::Two(run) => run(at(0), at(1), &mut out),
        Kernel::Three(run) => run(at(0), at(1), at(2), &mut out),
    }
    Some(Affine::flat(out[0]))
}

fn add(a: Line, b: Line) -> Line {
    let (a, b) = (a?, b?);
    Some(Affine { constant: a.constant + b.constant, slope: a.slope + b.slope })
}

fn scale(line: Affine, by: f64) -> Affine {
    Affine { constant: line.constant * by, slope: line.slope * by }
}
