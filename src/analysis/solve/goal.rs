//! The words of the question: which outcome shall have which value, and between which values of the quantity.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::over_draws::{self, Call};
use crate::error::{Error, Problem, Source, Sources, Span};
use crate::formula::{self, Expression, FormulaError, NodeKind, Path};
use crate::numeric::roots::Interval;

/// What shall hold: an outcome has a value.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The outcome as it was asked for: `profit`, `total(costs.data)`.
    pub metric: String,
    /// The same as a formula.
    pub expression: Expression,
    /// The value that it shall have.
    pub value: f64,
    sources: Sources,
}

/// Which values of an outcome are better, and so which of two whole numbers reaches a goal that neither meets exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Profit: a goal is reached by its value and all above.
    Higher,
    /// Cost: a goal is reached by its value and all below.
    Lower,
}

impl Better {
    /// Which values of an outcome of that name are better.
    pub fn of(path: &Path) -> Self {
        let segments: Vec<&str> = path.segments().iter().map(String::as_str).collect();
        let is_cost = matches!(segments[..], ["costs" | "risks", ..] | ["lines", "costs" | "risks", ..]);
        let is_lower = path.single().is_some_and(|name| LOWER.contains(&name));
        if is_cost || is_lower { Better::Lower } else { Better::Higher }
    }

    /// Whether an outcome at that distance from its goal (the outcome less the goal) reaches it.
    pub fn reaches(self, distance: f64) -> bool {
        match self {
            Better::Higher => distance >= 0.0,
            Better::Lower => distance <= 0.0,
        }
    }
}

/// The metrics of which less is better.
const LOWER: [&str; 12] = [
    "cost",
    "expected_loss",
    "cost_per_user",
    "payback",
    "discounted_payback",
    "break_even_period",
    "funding_need",
    "burn",
    "burn_multiple",
    "churn_rate",
    "cac",
    "cac_payback",
];

impl Goal {
    /// Reads `METRIC=VALUE`: an outcome or a formula over outcomes, and a number.
    ///
    /// # Errors
    /// Where the text is not of that form, with the place in it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut sources = Sources::new();
        let source = sources.add(Source::new("--until", text));
        let wrong = |problem: Problem| Error::new(sources.clone(), vec![problem]);
        let whole = Span::new(source, 0..text.len());
        let example = "write `METRIC=VALUE`, such as `profit=0`, `return_rate=20%` or `payback=12`";
        let Some(equals) = equals_sign(text) else {
            let message = if text.contains('=') { "a goal has one `=`" } else { "this goal has no value" };
            return Err(wrong(Problem::at(whole, message).help(example)));
        };
        let (left, right) = (&text[..equals], &text[equals + 1..]);
        for (side, what) in [(left, "metric"), (right, "value")] {
            if side.trim().is_empty() {
                return Err(wrong(Problem::at(whole, format!("this goal has no {what}")).help(example)));
            }
        }
        let located = |error: FormulaError, from: usize| {
            wrong(error.into_problem(|part: Range<usize>| Span::new(source, part.start + from..part.end + from)))
        };
        let expression = formula::parse_number(left).map_err(|error| located(error, 0))?;
        let number = formula::parse_number(right).map_err(|error| located(error, equals + 1))?;
        let Some(value) = number.literal().filter(|value| value.is_finite()) else {
            let place = Span::new(source, equals + 1..text.len());
            return Err(wrong(
                Problem::at(place, "the value of a goal must be a number")
                    .help("bring what is computed to the other side: `revenue - 2 * cost = 0`"),
            ));
        };
        Ok(Self { metric: left.trim().to_owned(), expression, value, sources })
    }

    /// The name, where the outcome is asked for by its name alone.
    pub fn name(&self) -> Option<&Path> {
        match (&self.expression.root().kind, self.expression.nodes().len()) {
            (NodeKind::Path(path), 1) => Some(path),
            _ => None,
        }
    }

    /// The function over all draws that the outcome is, if it is one.
    pub fn over_draws(&self) -> Option<Call> {
        over_draws::calls(&self.expression).find(|call| call.step == self.expression.nodes().len() - 1)
    }

    /// The outcome's name, or that of which a function over all draws is asked.
    pub fn subject(&self) -> Option<&Path> {
        let step = self.over_draws().map_or(self.expression.nodes().len() - 1, |call| call.argument);
        match &self.expression.nodes()[step].kind {
            NodeKind::Path(path) => Some(path),
            _ => None,
        }
    }

    /// Which values of the outcome are better; of a formula, the higher ones.
    pub fn better(&self) -> Better {
        self.subject().map_or(Better::Higher, Better::of)
    }

    /// Problems with the outcome, shown where it stands.
    pub fn locate(&self, problem: Problem) -> Error {
        let span = problem.span.unwrap_or(Span::new(0, 0..self.metric.len()));
        Error::new(self.sources.clone(), vec![Problem { span: Some(span), ..problem }])
    }
}

/// Where the one `=` stands that is no part of `==`, `<=`, `>=` or `!=`.
fn equals_sign(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_part = |at: usize| {
        let before = at.checked_sub(1).is_some_and(|before| b"=<>!".contains(&bytes[before]));
        before || bytes.get(at + 1) == Some(&b'=')
    };
    let mut found = text.match_indices('=').map(|(at, _)| at).filter(|at| !is_part(*at));
    match (found.next(), found.next()) {
        (Some(at), None) => Some(at),
        _ => None,
    }
}

/// Reads `LOW..HIGH`, two numbers.
///
/// # Errors
/// Where the text is not of that form, or the low end is not below the high one.
pub fn interval(text: &str) -> Result<Interval, Error> {
    let mut sources = Sources::new();
    let source = sources.add(Source::new("--between", text));
    let number = |part: &str| formula::parse_number(part).ok().and_then(|part| part.literal());
    let ends = text.split_once("..").and_then(|(low, high)| Some((number(low)?, number(high)?)));
    let message = match ends {
        None => "this is not an interval",
        Some((low, high)) => match Interval::new(low, high) {
            Some(interval) => return Ok(interval),
            None => "the low end must be below the high end",
        },
    };
    let problem = Problem::at(Span::new(source, 0..text.len()), message);
    Err(Error::new(sources, vec![problem.help("write `LOW..HIGH`, such as `0..50k` or `1%..20%`")]))
}

#[cfg(test)]
mod tests {
    use super::{Better, Goal, LOWER, interval};
    use crate::model::metrics;

    #[test]
    fn a_goal_is_an_outcome_and_a_number() {
        let goal = Goal::parse(" return_rate = 20%").unwrap();
        assert_eq!((goal.metric.as_str(), goal.value), ("return_rate", 0.2));
        let goal = Goal::parse("total(costs.data) - 1=-2k").unwrap();
        assert_eq!((goal.metric.as_str(), goal.value, goal.name()), ("total(costs.data) - 1", -2_000.0, None));
    }

    #[test]
    fn what_is_no_goal_is_told_with_its_place() {
        for (text, message, at) in [
            ("profit", "this goal has no value", 0..6),
            ("profit=", "this goal has no value", 0..7),
            ("=0", "this goal has no metric", 0..2),
            ("profit>=0", "a goal has one `=`", 0..9),
            ("profit==0", "a goal has one `=`", 0..9),
            ("profit=cost", "the value of a goal must be a number", 7..11),
        ] {
            let problem = Goal::parse(text).unwrap_err().problems.remove(0);
            let span = problem.span.unwrap();
            assert_eq!((problem.message.as_str(), span.start..span.end), (message, at), "{text}");
        }
        for text in ["", "1 +=0", "profit=1 +", "profit > 0 = 1", "客=客", "…=1"] {
            assert!(Goal::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_interval_is_two_numbers_in_order() {
        let ends = |text: &str| interval(text).map(|interval| (interval.low(), interval.high())).ok();
        assert_eq!(ends("-5%..2k"), Some((-0.05, 2_000.0)));
        assert_eq!(ends("1.5..1e3"), Some((1.5, 1_000.0)));
        for text in ["", "5", "5..3", "2..2", "..3", "a..b", "1..2..3", "1..1e999"] {
            assert_eq!(ends(text), None, "{text}");
        }
    }

    #[test]
    fn what_costs_is_better_low() {
        for name in LOWER {
            assert!(metrics::all().any(|metric| metric.name == name), "{name}");
        }
        let better = |text: &str| Goal::parse(text).unwrap().better();
        assert_eq!(better("payback=12"), Better::Lower);
        assert_eq!(better("costs.data=1"), Better::Lower);
        assert_eq!(better("lines.risks.fire=1"), Better::Lower);
        assert_eq!(better("lines.costs.data=1"), Better::Lower);
        assert_eq!(better("npv=0"), Better::Higher);
        assert_eq!(better("p95(cost)=1"), Better::Lower);
        assert_eq!(better("probability(profit >= 0)=90%"), Better::Higher);
        assert_eq!(better("cost - revenue=0"), Better::Higher);
    }
}
