//! The operators: how they are written, how tightly they bind, what they take and what they compute.

use crate::numeric::kernel::{self, Kernel};

use super::expression::{BinaryOperator, Kind, UnaryOperator};

/// How tightly an operator binds, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precedence {
    /// `or`
    Or,
    /// `and`
    And,
    /// `not`
    Not,
    /// `== != < <= > >=`
    Comparison,
    /// `to`
    Interval,
    /// `+ -`
    Sum,
    /// `* /`
    Product,
    /// `-` before a value
    Sign,
    /// `^`
    Power,
    /// What needs no parentheses: numbers, names and calls.
    Atom,
}

impl Precedence {
    /// The next that binds tighter.
    #[must_use]
    pub fn tighter(self) -> Self {
        match self {
            Precedence::Or => Precedence::And,
            Precedence::And => Precedence::Not,
            Precedence::Not => Precedence::Comparison,
            Precedence::Comparison => Precedence::Interval,
            Precedence::Interval => Precedence::Sum,
            Precedence::Sum => Precedence::Product,
            Precedence::Product => Precedence::Sign,
            Precedence::Sign => Precedence::Power,
            Precedence::Power | Precedence::Atom => Precedence::Atom,
        }
    }
}

impl UnaryOperator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOperator::Negate => "-",
            UnaryOperator::Not => "not",
        }
    }

    /// How tightly it binds.
    pub fn precedence(self) -> Precedence {
        match self {
            UnaryOperator::Negate => Precedence::Sign,
            UnaryOperator::Not => Precedence::Not,
        }
    }

    /// What it takes, which is also what it yields.
    pub fn kind(self) -> Kind {
        match self {
            UnaryOperator::Negate => Kind::Number,
            UnaryOperator::Not => Kind::Condition,
        }
    }

    /// What it computes.
    pub fn kernel(self) -> Kernel {
        Kernel::One(match self {
            UnaryOperator::Negate => kernel::negate,
            UnaryOperator::Not => kernel::not,
        })
    }
}

impl BinaryOperator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Or => "or",
            BinaryOperator::And => "and",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Less => "<",
            BinaryOperator::LessOrEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterOrEqual => ">=",
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Power => "^",
        }
    }

    /// How tightly it binds.
    pub fn precedence(self) -> Precedence {
        match self {
            BinaryOperator::Or => Precedence::Or,
            BinaryOperator::And => Precedence::And,
            BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => Precedence::Comparison,
            BinaryOperator::Add | BinaryOperator::Subtract => Precedence::Sum,
            BinaryOperator::Multiply | BinaryOperator::Divide => Precedence::Product,
            BinaryOperator::Power => Precedence::Power,
        }
    }

    /// The loosest operator that may stand on its left without parentheses. Comparisons are not chained, and `^` groups
    /// from the right.
    pub fn left(self) -> Precedence {
        match self.precedence() {
            tight @ (Precedence::Comparison | Precedence::Power) => tight.tighter(),
            loose => loose,
        }
    }

    /// The loosest operator that may stand on its right without parentheses.
    pub fn right(self) -> Precedence {
        match self.precedence() {
            Precedence::Power => Precedence::Power,
            other => other.tighter(),
        }
    }

    /// Whether it compares two numbers.
    pub fn compares(self) -> bool {
        self.precedence() == Precedence::Comparison
    }

    /// What it takes on either side.
    pub fn operand(self) -> Kind {
        match self {
            BinaryOperator::Or | BinaryOperator::And => Kind::Condition,
            _ => Kind::Number,
        }
    }

    /// What it yields.
    pub fn result(self) -> Kind {
        if self.compares() { Kind::Condition } else { self.operand() }
    }

    /// What it computes.
    pub fn kernel(self) -> Kernel {
        Kernel::Two(match self {
            BinaryOperator::Or => kernel::or,
            BinaryOperator::And => kernel::and,
            BinaryOperator::Equal => kernel::equal,
            BinaryOperator::NotEqual => kernel::not_equal,
            BinaryOperator::Less => kernel::less,
            BinaryOperator::LessOrEqual => kernel::less_or_equal,
            BinaryOperator::Greater => kernel::greater,
            BinaryOperator::GreaterOrEqual => kernel::greater_or_equal,
            BinaryOperator::Add => kernel::add,
            BinaryOperator::Subtract => kernel::subtract,
            BinaryOperator::Multiply => kernel::multiply,
            BinaryOperator::Divide => kernel::divide,
            BinaryOperator::Power => kernel::power,
        })
    }
}
