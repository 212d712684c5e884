//! Expressions as text.

use std::fmt;

use super::expression::{Node, NodeId, NodeKind, UnaryOperator};
use super::functions::{self, Function};
use super::operators::Precedence;

/// What is still to be written.
enum Piece {
    Text(&'static str),
    /// A node, and the loosest operator that may stand there without parentheses.
    Node(NodeId, Precedence),
}

/// A part of an expression, to be displayed.
pub(super) struct Part<'a> {
    /// The nodes of the whole expression.
    pub nodes: &'a [Node],
    /// The root of the part.
    pub root: NodeId,
}

/// What is to be written stands on a stack of its own, since a chain of operators is as deep as it is long.
impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pieces = vec![Piece::Node(self.root, Precedence::Or)];
        while let Some(piece) = pieces.pop() {
            let (id, loosest) = match piece {
                Piece::Text(text) => {
                    f.write_str(text)?;
                    continue;
                }
                Piece::Node(id, loosest) => (id, loosest),
            };
            let kind = &self.nodes[id].kind;
            let enclosed = precedence(kind) < loosest;
            if enclosed {
                f.write_str("(")?;
                pieces.push(Piece::Text(")"));
            }
            match kind {
                NodeKind::Number(value) => write_number(*value, f)?,
                NodeKind::Path(path) => write!(f, "{path}")?,
                NodeKind::Unary(operator, a) => {
                    f.write_str(match operator {
                        UnaryOperator::Negate => "-",
                        UnaryOperator::Not => "not ",
                    })?;
                    pieces.push(Piece::Node(*a, operator.precedence()));
                }
                NodeKind::Binary(operator, a, b) => {
                    // A sign needs no parentheses behind an operator, however tightly that binds: `2 ^ -1`.
                    let right = operator.right();
                    let signed = matches!(self.nodes[*b].kind, NodeKind::Unary(UnaryOperator::Negate, _));
                    pieces.extend([
                        Piece::Node(*b, if signed { right.min(Precedence::Sign) } else { right }),
                        Piece::Text(" "),
                        Piece::Text(operator.symbol()),
                        Piece::Text(" "),
                        Piece::Node(*a, operator.left()),
                    ]);
                }
                NodeKind::Call(function, arguments) if function.is_infix() => {
                    for (index, argument) in arguments.iter().enumerate().rev() {
                        pieces.push(Piece::Node(*argument, Precedence::Interval.tighter()));
                        if index > 0 {
                            pieces.extend([Piece::Text(" "), Piece::Text(function.name), Piece::Text(" ")]);
                        }
                    }
                }
                NodeKind::Call(function, arguments) => {
                    let short = short_name(self.nodes, function, arguments);
                    let shown = if short.is_some() { &arguments[..1] } else { arguments.as_slice() };
                    write!(f, "{}(", short.as_deref().unwrap_or(function.name))?;
                    pieces.push(Piece::Text(")"));
                    for (index, argument) in shown.iter().enumerate().rev() {
                        pieces.push(Piece::Node(*argument, Precedence::Or));
                        if index > 0 {
                            pieces.push(Piece::Text(", "));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The short name of a call that has one: `p5` of `percentile(x, 5)`.
fn short_name(nodes: &[Node], function: &Function, arguments: &[NodeId]) -> Option<String> {
    let [_, percent] = arguments else { return None };
    let NodeKind::Number(percent) = nodes[*percent].kind else { return None };
    let name = format!("p{percent}");
    functions::short_percentile(&name).filter(|(named, _)| *named == function).map(|_| name)
}

fn precedence(kind: &NodeKind) -> Precedence {
    match kind {
        NodeKind::Call(function, _) if function.is_infix() => Precedence::Interval,
        NodeKind::Number(_) | NodeKind::Path(_) | NodeKind::Call(..) => Precedence::Atom,
        NodeKind::Unary(operator, _) => operator.precedence(),
        NodeKind::Binary(operator, ..) => operator.precedence(),
    }
}

/// Writes the shortest decimal that reads as the same number; `{:?}` gives it, with an exponent where that is shorter.
fn write_number(value: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = format!("{value:?}");
    f.write_str(text.strip_suffix(".0").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    use crate::formula::functions::{Allowed, Meaning};
    use crate::formula::path::RESERVED;
    use crate::formula::testing::steps;
    use crate::formula::{BinaryOperator, Expression, Kind, Path, parse};

    use super::*;

    #[test]
    fn only_needed_parentheses_are_written() {
        for (text, printed) in [
            ("((a + b)) * (c)", "(a + b) * c"),
            ("(a * b) + c", "a * b + c"),
            ("a - (b - c)", "a - (b - c)"),
            ("(a - b) - c", "a - b - c"),
            ("(a^b)^c", "(a ^ b) ^ c"),
            ("a^(b^c)", "a ^ b ^ c"),
            ("(-a)^b", "(-a) ^ b"),
            ("-(a^b)", "-a ^ b"),
            ("-(a*b)", "-(a * b)"),
            ("a^(-b)", "a ^ -b"),
            ("a*(-b)", "a * -b"),
            ("not (a<b)", "not a < b"),
            ("not (a<b and c<d)", "not (a < b and c < d)"),
            ("a<b and (c<d or e<f)", "a < b and (c < d or e < f)"),
            ("a<b and (c<d and e<f)", "a < b and (c < d and e < f)"),
            ("max((a + b), c,-d)", "max(a + b, c, -d)"),
            ("1_000 + 3% + 2B + 1e-9 + 1e300", "1000 + 0.03 + 2000000000 + 1e-9 + 1e300"),
            (r#"costs."a b"."c""#, r#"costs."a b".c"#),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn a_part_is_printed_alone() {
        let expression = parse("(a + b) * c").unwrap();
        assert_eq!(expression.part(2).to_string(), "a + b");
        let revenue = Expression::of_paths(BinaryOperator::Multiply, Path::from("users"), Path::from("price"));
        assert_eq!(revenue.to_string(), "users * price");
        assert_eq!(steps(&revenue), steps(&parse("users * price").unwrap()));
    }

    #[test]
    fn a_part_with_numbers_in_the_place_of_steps_is_a_formula_of_its_own() {
        let formula = parse("max(a, b * c) ^ (d - e)").unwrap();
        let at = |text: &str| (0..formula.nodes().len()).find(|id| formula.part(*id).to_string() == text).unwrap();
        let whole = formula.nodes().len() - 1;
        let with = |root, step, number| formula.part_with(root, |id| (id == step).then_some(number)).to_string();
        assert_eq!(with(whole, at("b * c"), 2.0), "max(a, 2) ^ (d - e)");
        assert_eq!(with(at("b * c"), at("c"), -2.5), "b * -2.5");
        assert_eq!(with(whole, at("max(a, b * c)"), -3.0), "(-3) ^ (d - e)");
        assert_eq!(formula.part_with(at("d - e"), |_| None).to_string(), "d - e");
    }

    #[test]
    fn a_chain_of_thousands_is_printed() {
        let chain = "1-".repeat(4_999) + "1";
        assert_eq!(parse(&chain).unwrap().to_string().replace(' ', ""), chain);
    }

    /// A formula to be, of the kind that is asked for where it is built.
    #[derive(Clone, Debug)]
    enum Tree {
        Number(f64),
        Path(Path),
        Unary(UnaryOperator, Box<Tree>),
        Binary(BinaryOperator, Box<Tree>, Box<Tree>),
        Call(&'static Function, Vec<Tree>),
    }

    const NO_PLACE: Range<usize> = 0..0;

    fn build(tree: &Tree, nodes: &mut Vec<Node>) -> NodeId {
        let kind = match tree {
            Tree::Number(value) => NodeKind::Number(*value),
            Tree::Path(path) => NodeKind::Path(path.clone()),
            Tree::Unary(operator, a) => NodeKind::Unary(*operator, build(a, nodes)),
            Tree::Binary(operator, a, b) => {
                let a = build(a, nodes);
                NodeKind::Binary(*operator, a, build(b, nodes))
            }
            Tree::Call(function, arguments) => {
                NodeKind::Call(function, arguments.iter().map(|argument| build(argument, nodes)).collect())
            }
        };
        nodes.push(Node { kind, span: NO_PLACE });
        nodes.len() - 1
    }

    fn path() -> impl Strategy<Value = Path> {
        let segment = prop_oneof![
            "[a-z_][a-z0-9_]{0,5}",
            ".{0,6}",
            proptest::collection::vec(any::<char>(), 0..4).prop_map(String::from_iter),
            proptest::sample::select(RESERVED).prop_map(str::to_owned),
            Just("max".to_owned()),
        ];
        proptest::collection::vec(segment, 1..4).prop_map(Path::new)
    }

    fn leaf() -> BoxedStrategy<Tree> {
        prop_oneof![
            any::<f64>().prop_map(f64::abs).prop_filter("finite", |value| value.is_finite()).prop_map(Tree::Number),
            (0_u32..10_000).prop_map(|whole| Tree::Number(f64::from(whole) / 100.0)),
            path().prop_map(Tree::Path),
        ]
        .boxed()
    }

    fn binary(
        operators: &'static [BinaryOperator],
        left: BoxedStrategy<Tree>,
        right: BoxedStrategy<Tree>,
    ) -> BoxedStrategy<Tree> {
        (proptest::sample::select(operators), left, right)
            .prop_map(|(operator, a, b)| Tree::Binary(operator, Box::new(a), Box::new(b)))
            .boxed()
    }

    fn unary(operator: UnaryOperator, operand: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
        operand.prop_map(move |a| Tree::Unary(operator, Box::new(a))).boxed()
    }

    fn call(result: Kind, depth: u32) -> BoxedStrategy<Tree> {
        // The parser refuses numbers that make no sense as an argument.
        let any = |function: &&Function| function.parameters.iter().all(|found| found.allowed == Allowed::Any);
        calls(functions::all().filter(|function| function.result == result).filter(any).collect(), depth)
    }

    fn calls(functions: Vec<&'static Function>, depth: u32) -> BoxedStrategy<Tree> {
        (proptest::sample::select(functions), 0..3_usize)
            .prop_flat_map(move |(function, more)| {
                let count = function.parameters.len() + if function.rest { more } else { 0 };
                let kinds = (0..count).map(|index| function.parameter(index).map_or(Kind::Number, |found| found.kind));
                let arguments: Vec<_> = kinds.map(|kind| tree(kind, depth)).collect();
                arguments.prop_map(move |arguments| Tree::Call(function, arguments))
            })
            .boxed()
    }

    /// The functions that yield a distribution as it stands; those that take one only where they may nest further.
    fn distributions(depth: u32) -> Vec<&'static Function> {
        let stands = |function: &&Function| match function.meaning {
            Meaning::Drawn(_) => true,
            Meaning::Truncated => depth > 0,
            _ => false,
        };
        functions::all().filter(stands).collect()
    }

    fn tree(kind: Kind, depth: u32) -> BoxedStrategy<Tree> {
        use BinaryOperator::{
            Add, And, Divide, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or, Power,
            Subtract,
        };
        const COMPARISONS: &[BinaryOperator] = &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];
        let inner = depth.saturating_sub(1);
        let number = || tree(Kind::Number, inner);
        match (kind, depth) {
            (Kind::Number, 0) => leaf(),
            (Kind::Condition, 0) => binary(COMPARISONS, leaf(), leaf()),
            (Kind::Distribution, _) => calls(distributions(depth), inner),
            (Kind::Number, _) => prop_oneof![
                2 => leaf(),
                6 => binary(&[Add, Subtract, Multiply, Divide, Power], number(), number()),
                2 => unary(UnaryOperator::Negate, number()),
                1 => call(Kind::Number, inner),
            ]
            .boxed(),
            (Kind::Condition, _) => {
                let condition = || tree(Kind::Condition, inner);
                prop_oneof![
                    2 => binary(COMPARISONS, number(), number()),
                    2 => binary(&[Or, And], condition(), condition()),
                    1 => unary(UnaryOperator::Not, condition()),
                    1 => call(Kind::Condition, inner),
                ]
                .boxed()
            }
        }
    }

    fn expression() -> impl Strategy<Value = Expression> {
        prop_oneof![tree(Kind::Number, 4), tree(Kind::Condition, 4)].prop_map(|tree| {
            let mut nodes = Vec::new();
            build(&tree, &mut nodes);
            Expression::of_nodes(nodes)
        })
    }

    /// Any text, or a row of things that formulas are made of.
    fn text() -> impl Strategy<Value = String> {
        let token = proptest::sample::select(vec![
            "1",
            "1_0",
            "2.5",
            "3%",
            "4k",
            "1e9",
            "5.",
            ".",
            ",",
            "(",
            ")",
            "-",
            "+",
            "*",
            "/",
            "^",
            "<",
            "<=",
            "==",
            "!=",
            "=",
            "and",
            "or",
            "not",
            "to",
            "true",
            "max",
            "if",
            "abs",
            "users",
            "costs.data",
            "\"a b\"",
            "\"",
            "\\",
            "x",
            "é",
            "访客",
            "％",
            " ",
            "\n",
            "max(",
            "if(a > b, ",
            "#",
        ]);
        prop_oneof![
            any::<String>(),
            proptest::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat()),
            proptest::collection::vec(("[a-c0-9.(]{0,3}", "[-+*/^<>=)% ,]{0,2}"), 0..8)
                .prop_map(|parts| parts.into_iter().map(|(a, b)| a + &b).collect()),
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same_formula(expression in expression()) {
            let printed = expression.to_string();
            prop_assume!(printed.chars().count() <= crate::formula::parser::LONGEST);
            let again = parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
            prop_assert_eq!(steps(&again), steps(&expression), "{}", printed);
        }

        #[test]
        fn a_printed_path_reads_as_the_same_path(path in path()) {
            prop_assert_eq!(Path::parse_option(&path.to_string()), Ok(path.clone()));
        }

        #[test]
        fn no_text_is_too_strange_to_be_answered(text in text()) {
            for error in [parse(&text).err(), Path::parse_option(&text).err()].into_iter().flatten() {
                let places = error.related.into_iter().map(|(span, _)| span).chain([error.span]);
                for place in places {
                    prop_assert!(text.get(place.clone()).is_some(), "{place:?} of {text:?}");
                }
            }
            if let Ok(expression) = parse(&text) {
                let again = parse(&expression.to_string()).unwrap();
                prop_assert_eq!(steps(&again), steps(&expression));
            }
        }
    }
}
