//! Stub, replaced soon.

use std::fmt::Debug;

/// A distribution whose parameters are fixed.
pub trait Distribution: Debug + Send + Sync {
    /// density
    fn density(&self, x: f64) -> f64;
    /// cdf
    fn cdf(&self, x: f64) -> f64;
    /// quantile
    fn quantile(&self, probability: f64) -> f64;
    /// mean
    fn mean(&self) -> f64;
    /// variance
    fn variance(&self) -> f64;
    /// fill
    fn fill(&self, column: &mut [f64]) {
        for x in column {
            *x = self.quantile(*x);
        }
    }
    /// constant
    fn constant(&self) -> Option<f64> {
        None
    }
}
/// family
#[derive(Debug)]
pub struct Family {
    /// name
    pub name: &'static str,
    /// parameters
    pub parameters: &'static [&'static str],
    /// required
    pub required: usize,
    /// rest
    pub rest: bool,
    /// help
    pub help: &'static str,
    /// example
    pub example: (&'static str, f64),
    /// make
    pub make: Make,
}
/// make
pub type Make = fn(&[f64]) -> Result<Box<dyn Distribution>, Wrong>;
/// wrong
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// which
    pub parameter: usize,
    /// why
    pub reason: String,
}
#[derive(Debug)]
struct Uniform(f64, f64);
impl Distribution for Uniform {
    fn density(&self, _: f64) -> f64 {
        1.0 / (self.1 - self.0)
    }
    fn cdf(&self, x: f64) -> f64 {
        (x - self.0) / (self.1 - self.0)
    }
    fn quantile(&self, p: f64) -> f64 {
        self.0 + (self.1 - self.0) * p
    }
    fn mean(&self) -> f64 {
        f64::midpoint(self.0, self.1)
    }
    fn variance(&self) -> f64 {
        (self.1 - self.0) * (self.1 - self.0) / 12.0
    }
}
fn uniform(p: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    if p[0] > p[1] {
        return Err(Wrong { parameter: 1, reason: format!("high, {}, is below low, {}", p[1], p[0]) });
    }
    Ok(Box::new(Uniform(p[0], p[1])))
}
/// truncated
/// # Errors
/// e
pub fn truncated(_inner: Box<dyn Distribution>, low: f64, high: f64) -> Result<Box<dyn Distribution>, Wrong> {
    uniform(&[low, high])
}
static TO: Family = Family {
    name: "to",
    parameters: &["low", "high"],
    required: 2,
    rest: false,
    help: "h",
    example: ("10 to 100", 55.0),
    make: uniform,
};
static UNIFORM: Family = Family {
    name: "uniform",
    parameters: &["low", "high"],
    required: 2,
    rest: false,
    help: "h",
    example: ("uniform(1, 2)", 1.5),
    make: uniform,
};
static NORMAL: Family = Family {
    name: "normal",
    parameters: &["mean", "sd"],
    required: 2,
    rest: false,
    help: "h",
    example: ("normal(1, 2)", 1.5),
    make: uniform,
};
/// families
pub static FAMILIES: &[&Family] = &[&TO, &UNIFORM, &NORMAL];

impl PartialEq for Family {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
