//! `low to high`: what someone expects in nine of ten cases, 5 % below low and 5 % above high. The quickest honest way to
//! say an estimate.
//!
//! The lognormal with that interval where both ends are above 0, as amounts mostly are multiples of what was expected;
//! otherwise the normal. With z the normal quantile of 95 %: μ = (ln low + ln high)/2, σ = (ln high − ln low)/2z.

use super::lognormal::Lognormal;
use super::normal::Normal;
use super::point::Point;
use super::{Distribution, Family, Wrong, parameters, rising};

/// `low to high`.
pub static FAMILY: Family = Family {
    name: "to",
    parameters: &["low", "high"],
    required: 2,
    rest: false,
    help: "nine of ten outcomes lie inside: lognormal where both ends are above 0, else normal; the quickest way to say an estimate",
    source: "by definition: 5% below low and 5% above high, at 1.645 deviations from the middle",
    // μ = ln √1000 and σ = ln 10 / 2z = 0.699936, so that the mean is e^(μ + σ²/2).
    example: ("10 to 100", 40.400_128_269_457_27),
    make,
};

/// The normal quantile of 95 %.
const Z: f64 = 1.644_853_626_951_472_2;

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [low, high] = parameters(given)?;
    rising(1, low, high)?;
    Ok(if low == high {
        Box::new(Point(low))
    } else if low > 0.0 {
        let (a, b) = (low.ln(), high.ln());
        Box::new(Lognormal { log_mean: f64::midpoint(a, b), log_sd: (b - a) / (2.0 * Z) })
    } else {
        Box::new(Normal { mean: f64::midpoint(low, high), sd: (high - low) / (2.0 * Z) })
    })
}
