//! The functions that formulas may call: one table, from which the parser, the compiler, the help and the schema are
//! derived.

mod ai;
mod fines;
mod limits;
mod meaning;
mod recipe;
mod request;

use std::sync::LazyLock;

use crate::dist::{FAMILIES, Family};
use crate::numeric::kernel::{self, Kernel};

use super::expression::Kind;

pub use super::constants::{Constant, find_constant};
pub use limits::{Allowed, Doubt};
pub use meaning::{Against, Meaning, OfTime, OverDraws, OverPeriods, Service};
pub use recipe::Recipe;
pub use request::REQUEST;

/// A function of formulas.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// How many of the parameters must be given.
    pub required: usize,
    /// Whether the last parameter may be given any number of times more.
    pub rest: bool,
    /// What it yields.
    pub result: Kind,
    /// What the result is counted in; empty for a pure number, and where it follows from the arguments.
    pub unit: &'static str,
    /// What it is, in a line.
    pub help: &'static str,
    /// Where the formula comes from; empty where it is common knowledge.
    pub source: &'static str,
    /// A call, and its value.
    pub example: (&'static str, f64),
    /// What it computes.
    pub meaning: Meaning,
}

/// What a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What may be given.
    pub kind: Kind,
    /// What it is counted in; empty for a pure number, and where anything goes.
    pub unit: &'static str,
    /// Which values make sense.
    pub allowed: Allowed,
    /// What is doubtful in those that do.
    pub doubt: Option<Doubt>,
    /// The value where it is left out: a formula over the parameters before it.
    pub default: Option<&'static str>,
}

/// Functions are the same if they stand in the same place of the table.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.parameters.len() == other.parameters.len()
    }
}

impl Eq for Function {}

impl Function {
    /// The call with the names of its parameters: `clamp(x, low, high)`, `min(a, b, …)`, and brackets around what may be
    /// left out, with the value that it then has.
    pub fn signature(&self) -> String {
        let parameters = self.parameters.iter().enumerate().map(|(index, parameter)| match parameter.default {
            _ if index < self.required => parameter.name.to_owned(),
            Some(default) => format!("[{} = {default}]", parameter.name),
            None => format!("[{}]", parameter.name),
        });
        let rest = self.rest.then(|| "…".to_owned());
        let parameters = parameters.chain(rest).collect::<Vec<_>>();
        if self.is_infix() {
            return parameters.join(&format!(" {} ", self.name));
        }
        format!("{}({})", self.name, parameters.join(", "))
    }

    /// Whether it can be called with that many arguments.
    pub fn takes(&self, arguments: usize) -> bool {
        arguments >= self.required && (self.rest || arguments <= self.parameters.len())
    }

    /// The parameter that takes the argument of that index.
    pub fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        let last = self.rest.then(|| self.parameters.last()).flatten();
        self.parameters.get(index).or(last)
    }

    /// Whether it looks at all periods, so that its argument is a value of each period and its result is not.
    pub fn over_periods(&self) -> bool {
        matches!(self.meaning, Meaning::OverPeriods(_))
    }

    /// Which argument is a value of each period although the result is not.
    pub fn series(&self) -> Option<usize> {
        match self.meaning {
            Meaning::OverPeriods(over) => Some(over.series()),
            _ => None,
        }
    }

    /// Whether its value is left to chance.
    pub fn is_drawn(&self) -> bool {
        matches!(self.meaning, Meaning::Drawn(_) | Meaning::Truncated | Meaning::EachPeriod)
    }

    /// Whether it stands between its arguments: `20k to 60k`.
    pub fn is_infix(&self) -> bool {
        self.name == INTERVAL
    }
}

/// The percentile that a short name stands for: `p5` is the 5th, up to `p99`.
pub(super) fn short_percentile(name: &str) -> Option<(&'static Function, f64)> {
    let is_number = |digits: &&str| digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    let digits = name.strip_prefix('p').filter(is_number)?;
    let percent: u8 = digits.parse().ok().filter(|percent| *percent < 100)?;
    let is_percentile = |function: &&Function| function.meaning == Meaning::OverDraws(OverDraws::Percentile);
    Some((all().find(is_percentile)?, f64::from(percent)))
}

/// The family that is written between its parameters.
const INTERVAL: &str = "to";

/// The function of `low to high`.
pub(super) fn interval() -> Option<&'static Function> {
    all().find(|function| function.is_infix())
}

/// The function of that name; the first where several share it.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

/// The function of that name that can be called with that many arguments.
pub fn find_taking(name: &str, arguments: usize) -> Option<&'static Function> {
    all().find(|function| function.name == name && function.takes(arguments))
}

/// All functions, in the order in which they are listed.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let fixed = FUNCTIONS.iter().chain(ai::FUNCTIONS).chain(request::FUNCTIONS).chain(fines::FUNCTIONS);
    fixed.chain(std::iter::once_with(|| DISTRIBUTIONS.iter()).flatten())
}

const A: Parameter = number("a");
const B: Parameter = number("b");
const X: Parameter = number("x");

const fn parameter(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, unit: "", allowed: Allowed::Any, doubt: None, default: None }
}

const fn number(name: &'static str) -> Parameter {
    parameter(name, Kind::Number)
}

const fn condition(name: &'static str) -> Parameter {
    parameter(name, Kind::Condition)
}

/// A function of numbers that yields a number.
const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    meaning: Meaning,
    help: &'static str,
    example: (&'static str, f64),
) -> Function {
    let rest = matches!(meaning, Meaning::Fold(_));
    let (unit, source) = ("", "");
    let required = parameters.len();
    Function { name, parameters, required, rest, result: Kind::Number, unit, help, source, example, meaning }
}

/// A function of one number.
const fn of_one(
    name: &'static str,
    kernel: fn(kernel::Operand<'_>, &mut [f64]),
    help: &'static str,
    example: (&'static str, f64),
) -> Function {
    function(name, &[X], Meaning::Kernel(Kernel::One(kernel)), help, example)
}

/// A function of a series that yields a number.
const fn over_periods(
    name: &'static str,
    parameters: &'static [Parameter],
    over: OverPeriods,
    help: &'static str,
    example: (&'static str, f64),
) -> Function {
    function(name, parameters, Meaning::OverPeriods(over), help, example)
}

const DISTRIBUTION: Parameter = parameter("distribution", Kind::Distribution);

/// The distributions as functions, from the list of their families.
static DISTRIBUTIONS: LazyLock<Vec<Function>> = LazyLock::new(|| FAMILIES.iter().map(|family| drawn(family)).collect());

fn drawn(family: &'static Family) -> Function {
    let Family { name, required, rest, help, source, example, .. } = *family;
    let parameters = family.parameters.iter().map(|name| number(name)).collect::<Vec<_>>().leak();
    Function { required, rest, source, ..function(name, parameters, Meaning::Drawn(family), help, example) }
}

/// The functions of every business; those of AI and the distributions have tables of their own.
static FUNCTIONS: &[Function] = &[
    function(
        "min",
        &[A, B],
        Meaning::Fold(Kernel::Two(kernel::min)),
        "the smallest of its arguments",
        ("min(3, 1, 2)", 1.0),
    ),
    function(
        "max",
        &[A, B],
        Meaning::Fold(Kernel::Two(kernel::max)),
        "the largest of its arguments",
        ("max(3, 1, 2)", 3.0),
    ),
    function(
        "clamp",
        &[X, number("low"), number("high")],
        Meaning::Kernel(Kernel::Three(kernel::clamp)),
        "x, but at least low and at most high",
        ("clamp(12, 0, 10)", 10.0),
    ),
    function(
        "if",
        &[condition("condition"), number("yes"), number("no")],
        Meaning::Kernel(Kernel::Three(kernel::select)),
        "yes where the condition holds, else no",
        ("if(2 > 1, 10, 20)", 10.0),
    ),
    of_one("abs", kernel::abs, "the distance from 0", ("abs(-3)", 3.0)),
    of_one("sqrt", kernel::sqrt, "the square root; undefined below 0", ("sqrt(9)", 3.0)),
    of_one("exp", kernel::exp, "e to the power of x", ("exp(0)", 1.0)),
    of_one("ln", kernel::ln, "the natural logarithm; undefined at 0 and below", ("ln(exp(2))", 2.0)),
    of_one("log10", kernel::log10, "the logarithm to base 10; undefined at 0 and below", ("log10(1000)", 3.0)),
    of_one("sin", kernel::sin, "the sine of an angle in radians", ("sin(0)", 0.0)),
    of_one("cos", kernel::cos, "the cosine of an angle in radians", ("cos(0)", 1.0)),
    of_one("floor", kernel::floor, "the nearest whole number at or below x", ("floor(2.7)", 2.0)),
    of_one("ceil", kernel::ceil, "the nearest whole number at or above x", ("ceil(2.1)", 3.0)),
    of_one("round", kernel::round, "the nearest whole number; halves go away from 0", ("round(2.5)", 3.0)),
    function(
        "packages",
        &[number("units"), number("size")],
        Meaning::Kernel(Kernel::Two(kernel::packages)),
        "how many whole packages of a size it takes to hold the units",
        ("packages(201, 100)", 3.0),
    ),
    function(
        "part_between",
        &[X, number("low"), number("high")],
        Meaning::Kernel(Kernel::Three(kernel::part_between)),
        "how much of x lies above low and up to high, as in a tier of prices",
        ("part_between(250, 100, 200)", 100.0),
    ),
    function(
        "part_above",
        &[X, number("low")],
        Meaning::Kernel(Kernel::Two(kernel::part_above)),
        "how much of x lies above low",
        ("part_above(250, 200)", 50.0),
    ),
    function(
        "if_between",
        &[X, number("low"), number("high")],
        Meaning::Kernel(Kernel::Three(kernel::if_between)),
        "x where it lies above low and up to high, else 0",
        ("if_between(150, 100, 200)", 150.0),
    ),
    function(
        "if_above",
        &[X, number("low")],
        Meaning::Kernel(Kernel::Two(kernel::if_above)),
        "x where it lies above low, else 0",
        ("if_above(250, 200)", 250.0),
    ),
    Function {
        result: Kind::Condition,
        ..function(
            "exceeds",
            &[X, number("bound")],
            Meaning::Kernel(Kernel::Two(kernel::exceeds)),
            "whether x is above bound by more than rounding: 100 * 1.1 does not exceed 110",
            ("exceeds(100 * 1.1, 110)", 0.0),
        )
    },
    function(
        "growth",
        &[number("rate")],
        Meaning::Time(OfTime::Growth),
        "(1 + rate) ^ period: 1 in period 0, growing by rate per period",
        ("growth(3%)", 1.0),
    ),
    function(
        "ramp",
        &[number("low"), number("high"), number("from"), number("until")],
        Meaning::Time(OfTime::Ramp),
        "low up to period from, high from period until on, a straight line between",
        ("ramp(5, 10, 0, 12)", 5.0),
    ),
    function(
        "step",
        &[number("before"), number("after"), number("from")],
        Meaning::Time(OfTime::Step),
        "before, and from period from on, after",
        ("step(5, 10, 6)", 5.0),
    ),
    function(
        "prev",
        &[X, number("first")],
        Meaning::Time(OfTime::Previous),
        "the value of x in the period before; first in period 0",
        ("prev(5, 3)", 3.0),
    ),
    over_periods("total", &[X], OverPeriods::Total, "the sum of x over all periods", ("total(5)", 5.0)),
    over_periods("mean", &[X], OverPeriods::Mean, "the average of x over all periods", ("mean(5)", 5.0)),
    over_periods("min", &[X], OverPeriods::Lowest, "the smallest value of x in any period", ("min(5)", 5.0)),
    over_periods("max", &[X], OverPeriods::Highest, "the largest value of x in any period", ("max(5)", 5.0)),
    over_periods("first", &[X], OverPeriods::First, "x in period 0", ("first(5)", 5.0)),
    over_periods("last", &[X], OverPeriods::Last, "x in the last period", ("last(5)", 5.0)),
    over_periods("at", &[number("period"), X], OverPeriods::At, "x in a period", ("at(0, 5)", 5.0)),
    Function {
        result: Kind::Condition,
        ..over_periods(
            "all",
            &[condition("condition")],
            OverPeriods::Lowest,
            "whether the condition holds in every period",
            ("all(2 > 1)", 1.0),
        )
    },
    Function {
        result: Kind::Condition,
        ..over_periods(
            "any",
            &[condition("condition")],
            OverPeriods::Highest,
            "whether the condition holds in some period",
            ("any(2 > 3)", 0.0),
        )
    },
    over_periods(
        "first_when",
        &[condition("condition")],
        OverPeriods::FirstWhen,
        "the first period in which the condition holds; undefined where it never does",
        ("first_when(2 > 1)", 0.0),
    ),
    over_periods(
        "period_of_min",
        &[X],
        OverPeriods::PeriodOfLowest,
        "the first period in which x is smallest",
        ("period_of_min(5)", 0.0),
    ),
    over_periods(
        "irr",
        &[X, number("periods_per_year")],
        OverPeriods::InternalRate,
        "the internal rate of return of a cash flow, per year; undefined where there is none or several",
        ("irr(-5, 12)", f64::NAN),
    ),
    over_periods(
        "mirr",
        &[X, number("finance_rate"), number("reinvestment_rate")],
        OverPeriods::ModifiedInternalRate,
        "the modified internal rate of return of a cash flow, per period, at rates per period",
        ("mirr(-5, 3%, 3%)", f64::NAN),
    ),
    over_periods(
        "payback",
        &[X],
        OverPeriods::Payback,
        "after how many periods a cash flow has brought back what it took; undefined where it never does",
        ("payback(5)", 0.0),
    ),
    over_periods(
        "runway",
        &[X, number("opening")],
        OverPeriods::Runway,
        "after how many periods a balance falls below 0; undefined where it never does",
        ("runway(5, 5)", f64::NAN),
    ),
    function(
        "before",
        &[X],
        Meaning::Against(Against::Before),
        "in checks against another version of the scenario: x in that version",
        ("before(5)", 5.0),
    ),
    function(
        "change",
        &[X],
        Meaning::Against(Against::Change),
        "in checks against another version: (x - before(x)) / abs(before(x)); undefined where x was 0",
        ("change(5)", 0.0),
    ),
    function(
        "probability",
        &[condition("condition")],
        Meaning::OverDraws(OverDraws::Probability),
        "how likely the condition is: the share of the draws in which it holds",
        ("probability(2 > 1)", 1.0),
    ),
    function(
        "percentile",
        &[X, Parameter { allowed: Allowed::Percent, ..number("percent") }],
        Meaning::OverDraws(OverDraws::Percentile),
        "the value that x does not exceed in so many percent of the draws; for short, p5(x) to p95(x)",
        ("percentile(3, 5)", 3.0),
    ),
    function(
        "expected",
        &[X],
        Meaning::OverDraws(OverDraws::Expected),
        "the mean of x over the draws; x alone is its value where everything uncertain is at its mean",
        ("expected(3)", 3.0),
    ),
    function(
        "deviation",
        &[X],
        Meaning::OverDraws(OverDraws::Deviation),
        "the standard deviation of x over the draws",
        ("deviation(3)", 0.0),
    ),
    function(
        "truncate",
        &[DISTRIBUTION, number("low"), number("high")],
        Meaning::Truncated,
        "a distribution cut off below low and above high",
        ("truncate(uniform(0, 10), 0, 5)", 2.5),
    ),
    function(
        "each_period",
        &[DISTRIBUTION],
        Meaning::EachPeriod,
        "a distribution that is drawn anew in each period; without it, a value holds over all periods",
        ("each_period(uniform(0, 10))", 5.0),
    ),
];

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::testing::value;

    use super::*;

    #[test]
    fn every_example_has_its_value() {
        for function in all() {
            let (call, expected) = function.example;
            assert!(call.contains(function.name), "{call}");
            // Those that price a request need a price book; `tests/prices.rs` has one.
            if matches!(function.meaning, Meaning::Request(_)) {
                continue;
            }
            let found = value(call);
            // The costs of AI are long numbers; an example shows the first digits.
            let same = (found - expected).abs() <= 1e-4 * expected.abs();
            assert!(same || (found.is_nan() && expected.is_nan()), "{call} is {found}");
        }
    }

    #[test]
    fn every_function_is_found_by_its_own_name_and_fits_its_kernel() {
        for function in all() {
            let found = find_taking(function.name, function.parameters.len());
            assert!(found.is_some_and(|found| std::ptr::eq(found, function)), "{}", function.name);
            let operands = match function.meaning {
                Meaning::Time(_) | Meaning::OverPeriods(_) | Meaning::Against(_) | Meaning::OverDraws(_) => {
                    function.parameters.len()
                }
                Meaning::Drawn(_)
                | Meaning::Truncated
                | Meaning::EachPeriod
                | Meaning::Formula(_)
                | Meaning::Request(_) => continue,
                Meaning::Kernel(Kernel::One(_)) => 1,
                Meaning::Kernel(Kernel::Two(_)) | Meaning::Fold(Kernel::Two(_)) => 2,
                Meaning::Kernel(Kernel::Three(_)) => 3,
                Meaning::Fold(_) => 0,
            };
            assert_eq!(function.parameters.len(), operands, "{}", function.name);
            assert_eq!(function.rest, matches!(function.meaning, Meaning::Fold(_)), "{}", function.name);
        }
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn percentiles_have_short_names() {
        for (name, percent) in [("p1", Some(1.0)), ("p5", Some(5.0)), ("p50", Some(50.0)), ("p99", Some(99.0))] {
            assert_eq!(short_percentile(name).map(|(_, percent)| percent), percent, "{name}");
        }
        for name in ["p", "p0", "p05", "p100", "p-5", "p+5", "q5", "p5x", "P5"] {
            assert_eq!(short_percentile(name).map(|(_, percent)| percent), None, "{name}");
        }
    }

    #[test]
    fn a_signature_shows_what_repeats_and_what_may_be_left_out() {
        assert_eq!(find("clamp").map(Function::signature).as_deref(), Some("clamp(x, low, high)"));
        assert_eq!(find("min").map(Function::signature).as_deref(), Some("min(a, b, …)"));
        let optional = Function { required: 1, ..FUNCTIONS[2] };
        assert_eq!(optional.signature(), "clamp(x, [low], [high])");
        assert_eq!([0, 1, 3, 4].map(|count| optional.takes(count)), [false, true, true, false]);
    }
}
