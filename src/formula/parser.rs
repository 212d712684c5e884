//! From tokens to a tree: operator precedence parsing (V. Pratt, "Top down operator precedence", POPL 1973).

use std::mem;
use std::ops::Range;

use super::error::FormulaError;
use super::expression::{BinaryOperator, Expression, Kind, Node, NodeId, NodeKind, UnaryOperator};
use super::functions::{self, Function, find_constant};
use super::lexer::{self, Token, TokenKind};
use super::mistakes;
use super::operators::Precedence;

/// The longest text that is read, in characters.
pub const LONGEST: usize = 10_000;

/// The deepest nesting of parentheses, calls, signs and powers.
pub const DEEPEST: usize = 100;

/// Reads a formula that yields a number or a condition.
///
/// # Errors
///
/// The first mistake: what is no formula, a function that does not exist or is called wrongly, a number where a
/// condition is wanted or the other way round, a text beyond [`LONGEST`] or [`DEEPEST`].
pub fn parse(text: &str) -> Result<Expression, FormulaError> {
    if text.chars().count() > LONGEST {
        return Err(mistakes::too_long(text, LONGEST));
    }
    let mut parser = Parser::new(text)?;
    parser.expression(Precedence::Or)?;
    match parser.token.kind {
        TokenKind::End => Ok(Expression::of_nodes(parser.nodes)),
        _ => Err(parser.no_operator()),
    }
}

/// Reads a formula that yields a number.
///
/// # Errors
///
/// As [`parse`], and where the formula yields a condition.
pub fn parse_number(text: &str) -> Result<Expression, FormulaError> {
    parse_kind(text, Kind::Number)
}

/// Reads a formula that yields a condition.
///
/// # Errors
///
/// As [`parse`], and where the formula yields a number.
pub fn parse_condition(text: &str) -> Result<Expression, FormulaError> {
    parse_kind(text, Kind::Condition)
}

fn parse_kind(text: &str, wanted: Kind) -> Result<Expression, FormulaError> {
    let expression = parse(text)?;
    let found = expression.kind();
    if found == wanted {
        return Ok(expression);
    }
    Err(mistakes::wrong_kind(text, expression.root().span.clone(), found, String::new()))
}

struct Parser<'a> {
    text: &'a str,
    /// The token that is looked at.
    token: Token,
    /// The bytes of the token before it.
    before: Range<usize>,
    nodes: Vec<Node>,
    depth: usize,
}

/// A part that has been read, with its bytes, those of its parentheses included.
struct Part {
    id: NodeId,
    span: Range<usize>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, FormulaError> {
        Ok(Self { text, token: lexer::read(text, 0)?, before: 0..0, nodes: Vec::new(), depth: 0 })
    }

    /// Takes the token and looks at the next.
    fn advance(&mut self) -> Result<Token, FormulaError> {
        let next = lexer::read(self.text, self.token.span.end)?;
        let token = mem::replace(&mut self.token, next);
        self.before = token.span.clone();
        Ok(token)
    }

    fn push(&mut self, kind: NodeKind, span: Range<usize>) -> Part {
        self.nodes.push(Node { kind, span: span.clone() });
        Part { id: self.nodes.len() - 1, span }
    }

    /// Reads what stands one level deeper, because of the token at `span`. Whatever makes the parser call itself without
    /// end goes through here.
    fn deeper<T>(
        &mut self,
        span: &Range<usize>,
        read: impl FnOnce(&mut Self) -> Result<T, FormulaError>,
    ) -> Result<T, FormulaError> {
        if self.depth == DEEPEST {
            return Err(mistakes::too_deep(span.clone(), DEEPEST));
        }
        self.depth += 1;
        let part = read(self);
        self.depth -= 1;
        part
    }

    /// Reads values and the operators between them, as long as these bind at least as tightly as `loosest`.
    fn expression(&mut self, loosest: Precedence) -> Result<Part, FormulaError> {
        let mut left = self.value()?;
        loop {
            let operator = match self.token.kind {
                TokenKind::Operator(operator) if operator.precedence() >= loosest => operator,
                TokenKind::To if Precedence::Interval >= loosest => {
                    left = self.interval(&left)?;
                    continue;
                }
                _ => return Ok(left),
            };
            let sign = self.advance()?.span;
            let right = if operator.precedence() == Precedence::Power {
                self.deeper(&sign, |parser| parser.expression(operator.right()))?
            } else {
                self.expression(operator.right())?
            };
            left = self.operation(operator, &sign, &left, &right)?;
        }
    }

    /// Joins two parts by the operator at `sign`.
    fn operation(
        &mut self,
        operator: BinaryOperator,
        sign: &Range<usize>,
        left: &Part,
        right: &Part,
    ) -> Result<Part, FormulaError> {
        self.refuse_chain(operator, [left, right], sign)?;
        let wants = || format!("`{}` takes {}s", operator.symbol(), operator.operand().noun());
        self.want(left, operator.operand(), wants)?;
        self.want(right, operator.operand(), wants)?;
        Ok(self.push(NodeKind::Binary(operator, left.id, right.id), left.span.start..right.span.end))
    }

    /// Reads the rest of a range: `20k to 60k`.
    fn interval(&mut self, low: &Part) -> Result<Part, FormulaError> {
        let word = self.advance()?.span;
        let high = self.expression(Precedence::Interval.tighter())?;
        if self.token.kind == TokenKind::To {
            return Err(mistakes::second_to(self.token.span.clone(), word));
        }
        let Some(function) = functions::interval() else { return Err(self.no_operator()) };
        for bound in [low, &high] {
            self.want(bound, Kind::Number, || "`to` takes numbers".to_owned())?;
        }
        Ok(self.push(NodeKind::Call(function, vec![low.id, high.id]), low.span.start..high.span.end))
    }

    /// Reads a value: what stands between operators.
    fn value(&mut self) -> Result<Part, FormulaError> {
        match self.token.kind {
            TokenKind::Number(value) => {
                let span = self.advance()?.span;
                Ok(self.push(NodeKind::Number(value), span))
            }
            TokenKind::Path(_) => self.name(),
            TokenKind::Open => self.parentheses(),
            TokenKind::Operator(BinaryOperator::Subtract) => self.unary(UnaryOperator::Negate),
            TokenKind::Not => self.unary(UnaryOperator::Not),
            _ => Err(mistakes::no_value(self.text, &self.token)),
        }
    }

    fn unary(&mut self, operator: UnaryOperator) -> Result<Part, FormulaError> {
        let sign = self.advance()?.span;
        let operand = self.deeper(&sign, |parser| parser.expression(operator.precedence()))?;
        self.want(&operand, operator.kind(), || format!("`{}` takes a {}", operator.symbol(), operator.kind().noun()))?;
        Ok(self.push(NodeKind::Unary(operator, operand.id), sign.start..operand.span.end))
    }

    fn parentheses(&mut self) -> Result<Part, FormulaError> {
        let open = self.advance()?.span;
        let inside = self.deeper(&open, |parser| parser.expression(Precedence::Or))?;
        let close = self.close(&open)?;
        Ok(Part { id: inside.id, span: open.start..close.end })
    }

    /// Takes the `)` that belongs to the `(` at `open`.
    fn close(&mut self, open: &Range<usize>) -> Result<Range<usize>, FormulaError> {
        match self.token.kind {
            TokenKind::Close => Ok(self.advance()?.span),
            TokenKind::End => Err(mistakes::unclosed(open.clone(), self.before.end)),
            _ => Err(self.no_operator()),
        }
    }

    /// Reads a path or a call. A function's name without parentheses is just a path.
    fn name(&mut self) -> Result<Part, FormulaError> {
        let Token { kind, span } = self.advance()?;
        let TokenKind::Path(path) = kind else { return Err(self.no_operator()) };
        // A name in quotes is never a function's, and neither is a dotted one: the parser stops at its `(`.
        let bare = &self.text[span.clone()];
        if self.token.kind == TokenKind::Open && path.single() == Some(bare) {
            if let Some(function) = functions::find(bare) {
                return self.call(function, &span);
            }
            let (function, percent) =
                functions::short_percentile(bare).ok_or_else(|| mistakes::unknown_function(self.text, span.clone()))?;
            return self.short_call(function, percent, &span);
        }
        Ok(self.push(NodeKind::Path(path), span))
    }

    fn call(&mut self, function: &'static Function, name: &Range<usize>) -> Result<Part, FormulaError> {
        let open = self.advance()?.span;
        let arguments = match self.token.kind {
            TokenKind::Close => Vec::new(),
            _ => self.deeper(&open, Self::arguments)?,
        };
        let span = name.start..self.close(&open)?.end;
        let function = functions::find_taking(function.name, arguments.len()).unwrap_or(function);
        if !function.takes(arguments.len()) {
            return Err(mistakes::wrong_count(function, span, arguments.len()));
        }
        for (index, argument) in arguments.iter().enumerate() {
            let Some(parameter) = function.parameter(index) else { break };
            self.want(argument, parameter.kind, || format!("`{}` of `{}`", parameter.name, function.signature()))?;
            if let Some((value, refusal)) =
                self.plain(argument.id).and_then(|value| Some((value, parameter.allowed.refusal(value)?)))
            {
                let span = self.nodes[argument.id].span.clone();
                return Err(mistakes::refused_argument(function, parameter, span, value, refusal));
            }
        }
        let arguments = arguments.into_iter().map(|argument| argument.id).collect();
        Ok(self.push(NodeKind::Call(function, arguments), span))
    }

    /// Reads the call of a function of two arguments whose second stands in its name: `p5(x)` is `percentile(x, 5)`.
    fn short_call(
        &mut self,
        function: &'static Function,
        second: f64,
        name: &Range<usize>,
    ) -> Result<Part, FormulaError> {
        let open = self.advance()?.span;
        let first = self.deeper(&open, |parser| parser.expression(Precedence::Or))?;
        let span = name.start..self.close(&open)?.end;
        self.want(&first, Kind::Number, || format!("`{}`", &self.text[name.clone()]))?;
        let second = self.push(NodeKind::Number(second), name.clone());
        Ok(self.push(NodeKind::Call(function, vec![first.id, second.id]), span))
    }

    /// The value of a part that is a number or a constant, with or without signs; signs nest no deeper than formulas.
    fn plain(&self, id: NodeId) -> Option<f64> {
        match &self.nodes[id].kind {
            NodeKind::Number(value) => Some(*value),
            NodeKind::Unary(UnaryOperator::Negate, of) => self.plain(*of).map(|value| -value),
            NodeKind::Path(path) => find_constant(path).map(|constant| constant.value),
            _ => None,
        }
    }

    fn arguments(&mut self) -> Result<Vec<Part>, FormulaError> {
        let mut arguments = vec![self.expression(Precedence::Or)?];
        while self.token.kind == TokenKind::Comma {
            self.advance()?;
            arguments.push(self.expression(Precedence::Or)?);
        }
        Ok(arguments)
    }

    /// Refuses a part of the wrong kind; `wants` says what wants the right one.
    fn want(&self, part: &Part, kind: Kind, wants: impl FnOnce() -> String) -> Result<(), FormulaError> {
        let node = &self.nodes[part.id];
        let found = node.kind.kind();
        if kind == Kind::Distribution && !node.kind.is_distribution() {
            return Err(mistakes::no_distribution(self.text, node.span.clone(), wants()));
        }
        if found == kind || kind == Kind::Distribution {
            Ok(())
        } else {
            Err(mistakes::wrong_kind(self.text, node.span.clone(), found, wants()))
        }
    }

    /// Refuses a comparison whose result is compared again without parentheses: `a < b < c`.
    fn refuse_chain(
        &mut self,
        operator: BinaryOperator,
        [a, b]: [&Part; 2],
        first: &Range<usize>,
    ) -> Result<(), FormulaError> {
        match self.token.kind {
            TokenKind::Operator(next) if operator.compares() && next.compares() => {
                let second = self.advance()?.span;
                let c = self.expression(next.right())?;
                let values = [a.span.clone(), b.span.clone(), c.span];
                Err(mistakes::chained(self.text, values, [first.clone(), second]))
            }
            _ => Ok(()),
        }
    }

    fn no_operator(&self) -> FormulaError {
        mistakes::no_operator(self.text, &self.before, &self.token)
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::Path;
    use crate::formula::testing::{steps, value};

    use super::*;

    /// Each formula, and the same with every parenthesis written out.
    #[test]
    fn operators_bind_by_their_precedence() {
        for (text, explicit) in [
            ("a + b * c", "a + (b * c)"),
            ("a * b + c", "(a * b) + c"),
            ("a - b - c", "(a - b) - c"),
            ("a - b + c", "(a - b) + c"),
            ("a / b / c", "(a / b) / c"),
            ("a / b * c", "(a / b) * c"),
            ("a ^ b ^ c", "a ^ (b ^ c)"),
            ("a * b ^ c", "a * (b ^ c)"),
            ("-a ^ b", "-(a ^ b)"),
            ("a ^ -b", "a ^ (-b)"),
            ("a ^ -b ^ c", "a ^ (-(b ^ c))"),
            ("a ^ -b * c", "(a ^ (-b)) * c"),
            ("-a * b", "(-a) * b"),
            ("a * -b", "a * (-b)"),
            ("a--b", "a - (-b)"),
            ("--a", "-(-a)"),
            ("-a + b", "(-a) + b"),
            ("a + b < c * d", "(a + b) < (c * d)"),
            ("a < b and c > d", "(a < b) and (c > d)"),
            ("a < b or c > d and e == f", "(a < b) or ((c > d) and (e == f))"),
            ("a < b and c > d or e != f", "((a < b) and (c > d)) or (e != f)"),
            ("not a < b", "not (a < b)"),
            ("not a < b and c > d", "(not (a < b)) and (c > d)"),
            ("a < b and not c >= d", "(a < b) and (not (c >= d))"),
            ("not not a <= b", "not (not (a <= b))"),
            ("a<b or c<d or e<f", "((a < b) or (c < d)) or (e < f)"),
        ] {
            let (parsed, explicit) = (parse(text).unwrap(), parse(explicit).unwrap());
            assert_eq!(steps(&parsed), steps(&explicit), "{text}");
        }
    }

    #[test]
    fn formulas_have_their_values() {
        for (text, expected) in [
            ("-2^2", -4.0),
            ("2^-1", 0.5),
            ("2^3^2", 512.0),
            ("(2^3)^2", 64.0),
            ("1 - 2 - 3", -4.0),
            ("100 / 10 / 5", 2.0),
            ("2 + 3 * 4", 14.0),
            ("max (1, 2, 3) * 2", 6.0),
            ("if(1 < 2 and not 3 < 2, 7, 8)", 7.0),
            ("2 * pi", std::f64::consts::TAU),
            ("1\t+\n2\u{3000}+ 3", 6.0),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_read_part_by_part() {
        for (text, segments) in [
            ("users", vec!["users"]),
            ("costs.training.price", vec!["costs", "training", "price"]),
            ("costs.\"data sets\".price", vec!["costs", "data sets", "price"]),
            ("访客", vec!["访客"]),
            ("_x1", vec!["_x1"]),
            ("max", vec!["max"]),
            ("costs.if", vec!["costs", "if"]),
            ("\"to\"", vec!["to"]),
            ("\"and\".\"\"", vec!["and", ""]),
        ] {
            assert_eq!(parse(text).unwrap().root().kind, NodeKind::Path(Path::new(segments)), "{text}");
        }
    }

    #[test]
    fn every_step_knows_its_place() {
        let text = "(a + 1k) * max(b, -2)";
        let places: Vec<_> = parse(text).unwrap().nodes().iter().map(|node| &text[node.span.clone()]).collect();
        assert_eq!(places, ["a", "1k", "a + 1k", "b", "2", "-2", "max(b, -2)", text]);
    }

    #[test]
    fn the_short_name_of_a_percentile_is_its_call() {
        assert_eq!(steps(&parse("p5(a + b)").unwrap()), steps(&parse("percentile(a + b, 5)").unwrap()));
        assert!(
            ["p5()", "p5(a, b)", "p5(a > b)", "p5(a", "p0(a)", "percentile(a, 5%)"]
                .iter()
                .all(|text| parse(text).is_err())
        );
    }

    #[test]
    fn a_formula_yields_a_number_or_a_condition() {
        for text in ["1", "users", "-users", "1 + 2", "if(1 > 2, 3, 4)"] {
            assert_eq!(parse(text).unwrap().kind(), Kind::Number, "{text}");
        }
        for text in ["1 > 2", "1 == 2", "not 1 > 2", "1 > 2 or 2 > 1"] {
            assert_eq!(parse(text).unwrap().kind(), Kind::Condition, "{text}");
        }
    }

    #[test]
    fn a_literal_is_a_number_with_or_without_a_sign() {
        for (text, literal) in [
            ("3%", Some(0.03)),
            ("-5", Some(-5.0)),
            ("(5)", Some(5.0)),
            ("--5", None),
            ("1 + 1", None),
            ("users", None),
        ] {
            assert_eq!(parse(text).unwrap().literal(), literal, "{text}");
        }
    }
}
