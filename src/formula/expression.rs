//! The tree of a formula.

use std::ops::Range;

use super::functions::Function;
use super::path::Path;

/// The index of a node in its expression.
pub type NodeId = usize;

/// What an expression yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// Something that holds or does not.
    Condition,
}

/// A formula as a tree: nodes in post-order, so that every node stands after the nodes it uses and the last is the
/// root. A loop over them needs no recursion, however deep the formula is.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    nodes: Vec<Node>,
}

/// One step of a formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes in the text of the formula.
    pub span: Range<usize>,
}

/// What a step of a formula is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A number, its suffix already applied: `3%` is 0.03.
    Number(f64),
    /// A name of something else.
    Path(Path),
    /// An operator before its operand.
    Unary(UnaryOperator, NodeId),
    /// An operator between its operands.
    Binary(BinaryOperator, NodeId, NodeId),
    /// A function and its arguments.
    Call(&'static Function, Vec<NodeId>),
}

/// The operators that stand before their operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-a`
    Negate,
    /// `not a`
    Not,
}

/// The operators that stand between their operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `a or b`
    Or,
    /// `a and b`
    And,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// `a < b`
    Less,
    /// `a <= b`
    LessOrEqual,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterOrEqual,
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a ^ b`
    Power,
}

impl Expression {
    /// The expression that is just a number.
    pub fn number(value: f64, span: Range<usize>) -> Self {
        Self { nodes: vec![Node { kind: NodeKind::Number(value), span }] }
    }

    /// The nodes, in post-order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node that yields the expression's value.
    pub fn root(&self) -> &Node {
        &self.nodes[self.nodes.len() - 1]
    }
}
