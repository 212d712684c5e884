//! Whether an outcome is a straight line in a quantity, and which: the ground for exact break-even values.

use crate::formula::{BinaryOperator, UnaryOperator};
use crate::numeric::kernel::{Kernel, Operand};

use super::node::{Node, NodeId};
use super::uniform::count;
use super::{DefinitionId, Model};

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

impl Model {
    /// The outcome as a straight line in the quantity, if every step on the way is one.
    ///
    /// The coefficients are carried through the model step by step, so that nothing is lost to differences of nearly
    /// equal numbers. Steps that bend (a maximum, a floor, a product of two values that both depend on the quantity)
    /// give none, even where the outcome happens to be straight.
    pub fn affine(&self, quantity: DefinitionId, outcome: DefinitionId) -> Option<Affine> {
        let (varied, wanted) = (self.lowered[quantity], self.lowered[outcome]);
        let mut lines: Vec<Option<Affine>> = vec![None; wanted.max(varied) + 1];
        let mut totals = vec![Some(Affine::flat(0.0)); lines.len()];
        for period in 0..self.periods {
            for id in (0..lines.len()).filter(|id| !self.outcome[*id]) {
                if period > 0 && !self.varies[id] {
                    continue;
                }
                lines[id] =
                    if id == varied { Some(Affine { constant: 0.0, slope: 1.0 }) } else { self.step(id, &lines) };
            }
            for (id, total) in totals.iter_mut().enumerate() {
                if let Node::Total(of) | Node::Mean(of) = self.nodes[id]
                    && of < lines.len()
                {
                    *total = add(*total, lines[of]);
                }
            }
        }
        for id in (0..lines.len()).filter(|id| self.outcome[*id]) {
            lines[id] = match &self.nodes[id] {
                Node::Total(_) => totals[id],
                Node::Mean(_) => totals[id].map(|total| scale(total, 1.0 / count(self.periods))),
                _ => self.step(id, &lines),
            };
        }
        lines[wanted]
    }

    fn step(&self, id: NodeId, lines: &[Option<Affine>]) -> Option<Affine> {
        match &self.nodes[id] {
            Node::Constant(value) => Some(Affine::flat(*value)),
            Node::Quantity(value) => lines[*value],
            Node::Unary(UnaryOperator::Negate, a) => lines[*a].map(|a| scale(a, -1.0)),
            Node::Binary(BinaryOperator::Add, a, b) => add(lines[*a], lines[*b]),
            Node::Binary(BinaryOperator::Subtract, a, b) => add(lines[*a], lines[*b].map(|b| scale(b, -1.0))),
            Node::Binary(BinaryOperator::Multiply, a, b) => match (lines[*a]?, lines[*b]?) {
                (a, b) if a.slope == 0.0 => Some(scale(b, a.constant)),
                (a, b) if b.slope == 0.0 => Some(scale(a, b.constant)),
                _ => None,
            },
            Node::Binary(BinaryOperator::Divide, a, b) => {
                let (a, b) = (lines[*a]?, lines[*b]?);
                let straight = b.slope == 0.0 && b.constant != 0.0;
                straight.then(|| Affine { constant: a.constant / b.constant, slope: a.slope / b.constant })
            }
            node => constant(node, lines),
        }
    }
}

/// A step that bends is still a constant where nothing of it depends on the quantity.
fn constant(node: &Node, lines: &[Option<Affine>]) -> Option<Affine> {
    let inputs: Option<Vec<f64>> =
        node.inputs().iter().map(|id| lines[*id].filter(|line| line.slope == 0.0).map(|line| line.constant)).collect();
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

fn add(a: Option<Affine>, b: Option<Affine>) -> Option<Affine> {
    let (a, b) = (a?, b?);
    Some(Affine { constant: a.constant + b.constant, slope: a.slope + b.slope })
}

fn scale(line: Affine, by: f64) -> Affine {
    Affine { constant: line.constant * by, slope: line.slope * by }
}
