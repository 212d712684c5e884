//! The beta distribution: an uncertain share; a conversion or a churn of which `alpha − 1` yes and `beta − 1` no were seen.
//!
//! Density x^(α−1)·(1−x)^(β−1)/B(α, β) on (0, 1); mean α/(α+β), variance αβ/((α+β)²(α+β+1)) (N. L. Johnson, S. Kotz and
//! N. Balakrishnan, Continuous univariate distributions, volume 2, 1995).

use std::sync::OnceLock;

use super::special::{beta_cdf, invert_in_logarithm, ln_gamma, ln_power};
use super::table::Table;
use super::{Distribution, Family, Wrong, parameters, positive};

/// `beta(alpha, beta)`.
pub static FAMILY: Family = Family {
    name: "beta",
    parameters: &["alpha", "beta"],
    required: 2,
    rest: false,
    help: "an uncertain share, of mean alpha / (alpha + beta): a conversion or a churn of which alpha - 1 yes and beta - 1 no were seen",
    source: "Johnson, Kotz and Balakrishnan 1995, Continuous univariate distributions 2",
    example: ("beta(4, 76)", 0.05),
    make,
};

/// The largest parameter: beyond, all that is left of the distribution is its mean.
const LARGEST: f64 = 1e6;

/// A beta distribution.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "the parameter is called so everywhere")]
pub struct Beta {
    alpha: f64,
    beta: f64,
    /// The logarithm of the density's constant factor.
    factor: f64,
    table: OnceLock<Table>,
}

fn make(given: &[f64]) -> Result<Box<dyn Distribution>, Wrong> {
    let [alpha, beta] = parameters(given)?;
    for (at, name, value) in [(0, "alpha", alpha), (1, "beta", beta)] {
        positive(at, name, value)?;
        if value > LARGEST {
            return Err(Wrong::new(at, format!("{name}, {value}, must be at most {LARGEST}")));
        }
    }
    Ok(Box::new(Beta::new(alpha, beta)))
}

impl Beta {
    /// A beta distribution of parameters above 0.
    pub fn new(alpha: f64, beta: f64) -> Self {
        let factor = ln_gamma(alpha + beta) - ln_gamma(alpha) - ln_gamma(beta);
        Self { alpha, beta, factor, table: OnceLock::new() }
    }

    /// The distribution of what is missing to 1.
    fn mirrored(&self) -> (f64, f64) {
        (self.beta, self.alpha)
    }

    /// The logarithm of the value below which a probability of at most one half lies, searched from `near` on.
    fn lower(&self, (alpha, beta): (f64, f64), probability: f64, near: Option<f64>) -> f64 {
        // Near 0 the probability is x^α over α·B(α, β).
        let start = near.unwrap_or_else(|| (probability.ln() + alpha.ln() - self.factor) / alpha);
        let slope = |x: f64| (self.factor + (alpha - 1.0) * x.ln() + (beta - 1.0) * (-x).ln_1p()).exp();
        invert_in_logarithm(probability, [-745.0 / alpha.min(1.0), 0.0], start, |x| {
            (beta_cdf(alpha, beta, x), slope(x))
        })
    }

    fn table(&self) -> Table {
        // From one probability to the next it is not far.
        let following = |shape: (f64, f64)| {
            let mut near = None;
            move |probability: f64| near.insert(self.lower(shape, probability, near)).exp()
        };
        let mut mirrored = following(self.mirrored());
        Table::new(following((self.alpha, self.beta)), |missing| 1.0 - mirrored(missing), [0.0, 1.0])
    }
}

impl Distribution for Beta {
    fn density(&self, x: f64) -> f64 {
        if !(0.0..=1.0).contains(&x) {
            return 0.0;
        }
        (self.factor + ln_power(x.ln(), self.alpha - 1.0) + ln_power((-x).ln_1p(), self.beta - 1.0)).exp()
    }

    fn cdf(&self, x: f64) -> f64 {
        beta_cdf(self.alpha, self.beta, x)
    }

    fn quantile(&self, probability: f64) -> f64 {
        if probability <= 0.0 {
            0.0
        } else if probability >= 1.0 {
            1.0
        } else if probability <= 0.5 {
            self.lower((self.alpha, self.beta), probability, None).exp()
        } else {
            1.0 - self.lower(self.mirrored(), 1.0 - probability, None).exp()
        }
    }

    fn mean(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    fn variance(&self) -> f64 {
        let sum = self.alpha + self.beta;
        self.alpha / sum * (self.beta / sum) / (sum + 1.0)
    }

    fn fill(&self, column: &mut [f64]) {
        self.table.get_or_init(|| self.table()).fill(column, |probability| self.quantile(probability));
    }
}
