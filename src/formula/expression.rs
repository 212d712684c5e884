//! The tree of a formula.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::functions::{Function, Meaning};
use super::path::Path;
use super::print;

/// The index of a node in its expression.
pub type NodeId = usize;

/// What an expression yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// Something that holds or does not.
    Condition,
    /// A number that is left to chance, written as the call of a distribution.
    Distribution,
}

/// A formula as a tree: nodes in post-order, so that every node stands after the nodes it uses and the last is the
/// root. A loop over them needs no recursion, however deep the formula is. Copies share the nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    nodes: Arc<[Node]>,
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
        Self { nodes: Arc::new([Node { kind: NodeKind::Number(value), span }]) }
    }

    /// The expression that is just a name. It has no text, so that its span is empty.
    pub fn path(path: Path) -> Self {
        Self { nodes: Arc::new([Node { kind: NodeKind::Path(path), span: 0..0 }]) }
    }

    /// The expression of a number times what a name stands for; `span` is that of the number.
    pub fn multiple(value: f64, path: Path, span: Range<usize>) -> Self {
        let kinds = [NodeKind::Number(value), NodeKind::Path(path), NodeKind::Binary(BinaryOperator::Multiply, 0, 1)];
        Self { nodes: kinds.into_iter().map(|kind| Node { kind, span: span.clone() }).collect() }
    }

    /// The expression of an operator between two names, of an operator that takes numbers. It has no text, so that its
    /// spans are empty.
    pub fn of_paths(operator: BinaryOperator, left: Path, right: Path) -> Self {
        let kinds = [NodeKind::Path(left), NodeKind::Path(right), NodeKind::Binary(operator, 0, 1)];
        Self { nodes: kinds.into_iter().map(|kind| Node { kind, span: 0..0 }).collect() }
    }

    /// The expression of a function of one name. It has no text, so that its spans are empty.
    pub fn of_call(function: &'static Function, path: Path) -> Self {
        let kinds = [NodeKind::Path(path), NodeKind::Call(function, vec![0])];
        Self { nodes: kinds.into_iter().map(|kind| Node { kind, span: 0..0 }).collect() }
    }

    /// The same expression with other names.
    #[must_use]
    pub fn renamed(&self, name: impl Fn(&Path) -> Path) -> Self {
        let renamed = |node: &Node| match &node.kind {
            NodeKind::Path(path) => Node { kind: NodeKind::Path(name(path)), span: node.span.clone() },
            _ => node.clone(),
        };
        Self { nodes: self.nodes.iter().map(renamed).collect() }
    }

    /// The expression of these nodes, which are at least one, in post-order.
    pub(super) fn of_nodes(nodes: Vec<Node>) -> Self {
        Self { nodes: nodes.into() }
    }

    /// The nodes, in post-order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node that yields the expression's value.
    pub fn root(&self) -> &Node {
        &self.nodes[self.nodes.len() - 1]
    }

    /// What the expression yields.
    pub fn kind(&self) -> Kind {
        self.root().kind.kind()
    }

    /// The value of an expression that is just a number, with or without a sign.
    pub fn literal(&self) -> Option<f64> {
        match self.nodes() {
            [Node { kind: NodeKind::Number(value), .. }] => Some(*value),
            [
                Node { kind: NodeKind::Number(value), .. },
                Node { kind: NodeKind::Unary(UnaryOperator::Negate, _), .. },
            ] => Some(-value),
            _ => None,
        }
    }

    /// The part whose root is the node `root`, with numbers in the place of the steps for which there is one.
    #[must_use]
    pub fn part_with(&self, root: NodeId, number: impl Fn(NodeId) -> Option<f64>) -> Self {
        let mut kept = vec![root];
        let mut next = 0;
        while let Some(&step) = kept.get(next) {
            if number(step).is_none() {
                kept.extend(self.nodes[step].kind.operands());
            }
            next += 1;
        }
        kept.sort_unstable();
        let mut places = HashMap::new();
        let mut nodes: Vec<Node> = Vec::with_capacity(kept.len());
        for step in kept {
            let Node { kind, span } = &self.nodes[step];
            match number(step) {
                // A formula has no negative numbers, only a sign before them.
                Some(value) if value < 0.0 => {
                    nodes.push(Node { kind: NodeKind::Number(-value), span: span.clone() });
                    let sign = NodeKind::Unary(UnaryOperator::Negate, nodes.len() - 1);
                    nodes.push(Node { kind: sign, span: span.clone() });
                }
                Some(value) => nodes.push(Node { kind: NodeKind::Number(value), span: span.clone() }),
                None => {
                    let moved = kind.moved(|step| places.get(&step).copied().unwrap_or_default());
                    nodes.push(Node { kind: moved, span: span.clone() });
                }
            }
            places.insert(step, nodes.len() - 1);
        }
        Self::of_nodes(nodes)
    }

    /// The part whose root is the node `id`, to be displayed.
    pub fn part(&self, id: NodeId) -> impl fmt::Display {
        print::Part { nodes: &self.nodes, root: id }
    }
}

/// With as few parentheses as the precedence of the operators allows; [`parse`](super::parse) gives the same nodes
/// again, but for their spans.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part(self.nodes.len() - 1).fmt(f)
    }
}

impl NodeKind {
    /// The steps that it is computed from.
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            NodeKind::Number(_) | NodeKind::Path(_) => Vec::new(),
            NodeKind::Unary(_, a) => vec![*a],
            NodeKind::Binary(_, a, b) => vec![*a, *b],
            NodeKind::Call(_, arguments) => arguments.clone(),
        }
    }

    /// The same step of operands that stand at other places.
    pub(super) fn moved(&self, place: impl Fn(NodeId) -> NodeId) -> Self {
        let moved = |step: &NodeId| place(*step);
        match self {
            NodeKind::Number(_) | NodeKind::Path(_) => self.clone(),
            NodeKind::Unary(operator, a) => NodeKind::Unary(*operator, moved(a)),
            NodeKind::Binary(operator, a, b) => NodeKind::Binary(*operator, moved(a), moved(b)),
            NodeKind::Call(function, arguments) => NodeKind::Call(function, arguments.iter().map(moved).collect()),
        }
    }

    /// Whether the step is a distribution as it stands, not one repeated in each period.
    pub fn is_distribution(&self) -> bool {
        matches!(self, NodeKind::Call(function, _) if matches!(function.meaning, Meaning::Drawn(_) | Meaning::Truncated))
    }

    /// What the step yields. Whatever a path names is a number.
    pub fn kind(&self) -> Kind {
        match self {
            NodeKind::Number(_) | NodeKind::Path(_) => Kind::Number,
            NodeKind::Unary(operator, _) => operator.kind(),
            NodeKind::Binary(operator, ..) => operator.result(),
            NodeKind::Call(function, _) => function.result,
        }
    }
}

impl Kind {
    /// The kind's name: `number`.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Condition => "condition",
            Kind::Distribution => "distribution",
        }
    }
}
