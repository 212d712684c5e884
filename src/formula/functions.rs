//! The functions that formulas may call: one table, from which the parser, the compiler, the help and the schema are
//! derived.

use crate::numeric::kernel::{self, Kernel};

use super::expression::Kind;

pub use super::constants::{CONSTANTS, Constant, find_constant};

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
    /// What it is, in a line.
    pub help: &'static str,
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
}

/// How a function is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// By a kernel, of as many operands as the function has parameters.
    Kernel(Kernel),
    /// By a kernel of two operands, from the first argument on: `min(a, b, c)` is `min(min(a, b), c)`.
    Fold(Kernel),
    /// As the sum of its argument over all periods.
    Total,
    /// As the average of its argument over all periods.
    Mean,
}

/// Functions are the same if their names are.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl Function {
    /// The call with the names of its parameters: `clamp(x, low, high)`, `min(a, b, …)`, and brackets around what may be
    /// left out.
    pub fn signature(&self) -> String {
        let parameters = self.parameters.iter().enumerate().map(|(index, parameter)| {
            if index < self.required { parameter.name.to_owned() } else { format!("[{}]", parameter.name) }
        });
        let rest = self.rest.then(|| "…".to_owned());
        format!("{}({})", self.name, parameters.chain(rest).collect::<Vec<_>>().join(", "))
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
        matches!(self.meaning, Meaning::Total | Meaning::Mean)
    }
}

/// The function of that name.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const A: Parameter = number("a");
const B: Parameter = number("b");
const X: Parameter = number("x");

const fn number(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Number }
}

const fn condition(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Condition }
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
    Function { name, parameters, required: parameters.len(), rest, result: Kind::Number, help, example, meaning }
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

/// All functions, in the order in which they are listed.
pub static FUNCTIONS: &[Function] = &[
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
    function("total", &[X], Meaning::Total, "the sum of x over all periods", ("total(5)", 5.0)),
    function("mean", &[X], Meaning::Mean, "the average of x over all periods", ("mean(5)", 5.0)),
];

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use crate::formula::testing::value;

    use super::*;

    #[test]
    fn every_example_has_its_value() {
        for function in FUNCTIONS {
            let (call, expected) = function.example;
            assert!(call.starts_with(function.name), "{call}");
            assert_eq!(value(call), expected, "{call}");
        }
    }

    #[test]
    fn every_function_is_found_by_its_own_name_and_fits_its_kernel() {
        for function in FUNCTIONS {
            assert!(find(function.name).is_some_and(|found| std::ptr::eq(found, function)), "{}", function.name);
            let operands = match function.meaning {
                Meaning::Kernel(Kernel::One(_)) | Meaning::Total | Meaning::Mean => 1,
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
    fn a_signature_shows_what_repeats_and_what_may_be_left_out() {
        assert_eq!(find("clamp").map(Function::signature).as_deref(), Some("clamp(x, low, high)"));
        assert_eq!(find("min").map(Function::signature).as_deref(), Some("min(a, b, …)"));
        let optional = Function { required: 1, ..FUNCTIONS[2] };
        assert_eq!(optional.signature(), "clamp(x, [low], [high])");
        assert_eq!([0, 1, 3, 4].map(|count| optional.takes(count)), [false, true, true, false]);
    }
}
