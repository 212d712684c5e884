//! The parts of a condition that are decided by themselves: comparisons, over the whole run or over its periods.

use crate::formula::functions::{Against, Meaning, OverDraws, OverPeriods};
use crate::formula::{BinaryOperator, Expression, Kind, NodeId, NodeKind, UnaryOperator};
use crate::model::Model;
use crate::model::definition::Unit;

/// A part of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// When it must hold.
    pub over: Over,
    /// What must hold.
    pub claim: Claim,
}

/// When a part must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Once, of the whole run.
    Run,
    /// In every period.
    Every,
    /// In some period.
    Some,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// A relation between the values of two steps.
    Relation(NodeId, Relation, NodeId),
    /// A condition of several comparisons in one period.
    Condition(NodeId),
    /// That such a condition does not hold.
    Not(NodeId),
}

/// How two values must compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Relation {
    fn of(operator: BinaryOperator) -> Option<Self> {
        match operator {
            BinaryOperator::Equal => Some(Relation::Equal),
            BinaryOperator::NotEqual => Some(Relation::Unequal),
            BinaryOperator::Less => Some(Relation::Less),
            BinaryOperator::LessOrEqual => Some(Relation::AtMost),
            BinaryOperator::Greater => Some(Relation::More),
            BinaryOperator::GreaterOrEqual => Some(Relation::AtLeast),
            _ => None,
        }
    }

    fn opposite(self) -> Self {
        match self {
            Relation::Equal => Relation::Unequal,
            Relation::Unequal => Relation::Equal,
            Relation::Less => Relation::AtLeast,
            Relation::AtMost => Relation::More,
            Relation::More => Relation::AtMost,
            Relation::AtLeast => Relation::Less,
        }
    }

    /// The operator of formulas.
    pub fn symbol(self) -> &'static str {
        match self {
            Relation::Equal => "==",
            Relation::Unequal => "!=",
            Relation::Less => "<",
            Relation::AtMost => "<=",
            Relation::More => ">",
            Relation::AtLeast => ">=",
        }
    }

    /// What is expected, before the value: `at least`.
    pub fn words(self) -> &'static str {
        match self {
            Relation::Equal => "exactly",
            Relation::Unequal => "other than",
            Relation::Less => "less than",
            Relation::AtMost => "at most",
            Relation::More => "more than",
            Relation::AtLeast => "at least",
        }
    }
}

/// The parts of a condition, in their order: all of them hold, or some do, as the condition says. A negation is carried
/// into what it negates, which is the same where everything has a value (De Morgan).
pub fn parts(condition: &Expression) -> Vec<Part> {
    let nodes = condition.nodes();
    let mut parts = Vec::new();
    // A chain of `and` is as deep as it is long, so that what is left to read stands on a stack.
    let mut left = vec![(nodes.len() - 1, Over::Run, false)];
    while let Some((step, over, negated)) = left.pop() {
        let whole = || if negated { Claim::Not(step) } else { Claim::Condition(step) };
        let claim = match &nodes[step].kind {
            NodeKind::Unary(UnaryOperator::Not, a) => {
                left.push((*a, over, !negated));
                continue;
            }
            NodeKind::Binary(operator @ (BinaryOperator::And | BinaryOperator::Or), a, b) => {
                let both = (*operator == BinaryOperator::And) != negated;
                // "In every period" may be said of each of two that must both hold, "in some" of each of two of which
                // one must.
                if over == Over::Run || (over == Over::Every) == both {
                    left.extend([(*b, over, negated), (*a, over, negated)]);
                    continue;
                }
                whole()
            }
            NodeKind::Binary(operator, a, b) => match Relation::of(*operator) {
                Some(relation) => Claim::Relation(*a, if negated { relation.opposite() } else { relation }, *b),
                None => whole(),
            },
            NodeKind::Call(function, arguments) if over == Over::Run && function.result == Kind::Condition => {
                let every = (function.meaning == Meaning::OverPeriods(OverPeriods::Lowest)) != negated;
                left.push((arguments[0], if every { Over::Every } else { Over::Some }, negated));
                continue;
            }
            _ => whole(),
        };
        parts.push(Part { over, claim });
    }
    parts
}

impl Part {
    /// The formulas that decide it and tell the figures by which it is decided; `text` gives a step's own formula.
    pub fn questions(&self, text: impl Fn(NodeId) -> String) -> Questions {
        let (holds, sides) = match &self.claim {
            Claim::Relation(a, relation, b) => {
                let (a, b) = (text(*a), text(*b));
                (format!("({a}) {} ({b})", relation.symbol()), Some((a, *relation, b)))
            }
            Claim::Condition(step) => (text(*step), None),
            Claim::Not(step) => (format!("not ({})", text(*step)), None),
        };
        let slack = sides.as_ref().map(|(a, relation, b)| slack(a, *relation, b));
        let (holds, period) = match (self.over, slack) {
            (Over::Run, _) => return Questions { holds, period: None, sides: sides.map(|(a, _, b)| [a, b]) },
            (Over::Every, slack) => {
                let (all, broken) = (format!("all({holds})"), format!("first_when(not ({holds}))"));
                let tightest = slack.map(|slack| format!("if({all}, period_of_min({slack}), {broken})"));
                (all, tightest.unwrap_or(broken))
            }
            (Over::Some, slack) => {
                let (any, met) = (format!("any({holds})"), format!("first_when({holds})"));
                let nearest = slack.map(|slack| format!("if({any}, {met}, period_of_min(-({slack})))"));
                (any, nearest.unwrap_or(met))
            }
        };
        let sides = sides.map(|(a, _, b)| [a, b].map(|side| format!("at({period}, {side})")));
        Questions { holds, period: Some(period), sides }
    }
}

/// How far a relation is from breaking: below 0 where it is broken.
fn slack(a: &str, relation: Relation, b: &str) -> String {
    match relation {
        Relation::More | Relation::AtLeast => format!("({a}) - ({b})"),
        Relation::Less | Relation::AtMost => format!("({b}) - ({a})"),
        Relation::Equal => format!("-abs(({a}) - ({b}))"),
        Relation::Unequal => format!("abs(({a}) - ({b}))"),
    }
}

/// The formulas that tell all about a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Questions {
    /// Whether it holds.
    pub holds: String,
    /// The period that decides: the first that breaks it, or where none does, the one nearest to it; of what must hold
    /// in some period, the first in which it does, or the one nearest to it.
    pub period: Option<String>,
    /// The values of the two sides, in that period.
    pub sides: Option<[String; 2]>,
}

/// What the value of each step is counted in, as far as it can be told.
pub fn units(model: &Model, expression: &Expression) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(expression.nodes().len());
    for node in expression.nodes() {
        let of = |step: &NodeId| units[*step].clone();
        let either = |a: &NodeId, b: &NodeId| if of(a) == Unit::Number { of(b) } else { of(a) };
        let unit = match &node.kind {
            NodeKind::Path(path) => {
                model.find(path).map_or(Unit::Number, |definition| model.definitions()[definition].unit.clone())
            }
            NodeKind::Unary(_, a) => of(a),
            NodeKind::Binary(BinaryOperator::Add | BinaryOperator::Subtract, a, b) => either(a, b),
            NodeKind::Binary(BinaryOperator::Multiply, a, b)
                if is_plain(expression, *a) || is_plain(expression, *b) =>
            {
                either(a, b)
            }
            NodeKind::Binary(BinaryOperator::Divide, a, b) if is_plain(expression, *b) => of(a),
            NodeKind::Number(_) | NodeKind::Binary(..) => Unit::Number,
            NodeKind::Call(function, arguments) => match (function.meaning, function.name) {
                (Meaning::Against(Against::Change) | Meaning::OverDraws(OverDraws::Probability), _)
                | (_, "irr" | "mirr") => Unit::Share,
                (_, "payback" | "runway") => Unit::Periods,
                (Meaning::OverPeriods(OverPeriods::FirstWhen | OverPeriods::PeriodOfLowest), _) => Unit::Number,
                (Meaning::OverPeriods(over), _) => of(&arguments[over.series()]),
                (_, "if") => either(&arguments[1], &arguments[2]),
                (Meaning::Fold(_) | Meaning::Against(Against::Before) | Meaning::OverDraws(_), _)
                | (_, "abs" | "clamp" | "prev") => of(&arguments[0]),
                _ => Unit::Number,
            },
        };
        units.push(unit);
    }
    units
}

fn is_plain(expression: &Expression, step: NodeId) -> bool {
    matches!(expression.nodes()[step].kind, NodeKind::Number(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::parse_condition;

    /// The parts of a condition as text: when, what.
    fn shown(text: &str) -> Vec<String> {
        let condition = parse_condition(text).unwrap();
        let shown = |part: Part| {
            let over = match part.over {
                Over::Run => "",
                Over::Every => "every ",
                Over::Some => "some ",
            };
            let questions = |step| condition.part(step).to_string();
            match part.claim {
                Claim::Relation(a, relation, b) => {
                    format!("{over}{} {} {}", questions(a), relation.symbol(), questions(b))
                }
                Claim::Condition(step) => format!("{over}{}", questions(step)),
                Claim::Not(step) => format!("{over}not ({})", questions(step)),
            }
        };
        parts(&condition).into_iter().map(shown).collect()
    }

    #[test]
    fn a_condition_is_taken_apart_where_its_parts_are_decided_by_themselves() {
        assert_eq!(shown("profit > 0"), ["profit > 0"]);
        assert_eq!(shown("a > 0 and b < 1 or c == 2"), ["a > 0", "b < 1", "c == 2"]);
        assert_eq!(shown("not (a > 0 and b <= 1)"), ["a <= 0", "b > 1"]);
        assert_eq!(shown("all(a > 0 and b > 0)"), ["every a > 0", "every b > 0"]);
        assert_eq!(shown("all(a > 0 or b > 0)"), ["every a > 0 or b > 0"]);
        assert_eq!(shown("any(a > 0 or b > 0)"), ["some a > 0", "some b > 0"]);
        assert_eq!(shown("any(a > 0 and b > 0)"), ["some a > 0 and b > 0"]);
        // No period in which it holds: in every one it does not.
        assert_eq!(shown("not any(a > 0)"), ["every a <= 0"]);
        // Some period in which neither holds, which is decided within a period.
        assert_eq!(shown("not all(a > 0 or b > 0)"), ["some not (a > 0 or b > 0)"]);
    }

    #[test]
    fn a_long_chain_is_taken_apart() {
        let chain = vec!["1<2"; 1_100].join(" and ");
        assert_eq!(parts(&parse_condition(&chain).unwrap()).len(), 1_100);
    }
}
