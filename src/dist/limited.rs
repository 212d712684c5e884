//! The mean of a value that is cut down to a bound.

use super::Distribution;
use super::quadrature::integral;

/// E[min(X, bound)], the limited expected value (S. A. Klugman, H. H. Panjer and G. E. Willmot, Loss models): the quantile
/// integrated up to the probability of the bound, and the bound for the rest.
pub fn limited_mean(distribution: &dyn Distribution, bound: f64) -> f64 {
    if bound.is_nan() {
        return f64::NAN;
    }
    if let Some(value) = distribution.constant() {
        return value.min(bound);
    }
    if bound == f64::INFINITY || bound >= distribution.quantile(1.0) {
        return distribution.mean();
    }
    if let Some(mean) = distribution.limited_mean(bound) {
        return mean;
    }
    if let Some(atoms) = distribution.atoms() {
        return atoms.into_iter().map(|(value, probability)| value.min(bound) * probability).sum();
    }
    integrated(distribution, bound)
}

/// The same for what has no closed form.
fn integrated(distribution: &dyn Distribution, bound: f64) -> f64 {
    let below = distribution.cdf(bound);
    if below <= 0.0 {
        return bound;
    }
    below * integral(|part| distribution.quantile(below * part).min(bound)) + bound * (1.0 - below)
}

#[cfg(test)]
mod tests {
    use super::super::FAMILIES;
    use super::*;
    use crate::numeric::normal;

    #[test]
    fn a_lognormal_is_limited_as_its_closed_form_says() {
        // E[min(X, u)] = e^(μ + σ²/2)·Φ((ln u − μ − σ²)/σ) + u·(1 − Φ((ln u − μ)/σ)).
        let family = FAMILIES.iter().find(|family| family.name == "lognormal").unwrap();
        for (mean, sd) in [(0.0_f64, 1.0_f64), (13.9, 1.086), (2.0, 2.5)] {
            let loss = (family.make)(&[mean, sd]).unwrap();
            for at in [-2.0, 0.0, 1.0, 3.0] {
                let bound = (mean + sd * at).exp();
                let expected = (mean + sd * sd / 2.0).exp() * normal::cdf(at - sd) + bound * (1.0 - normal::cdf(at));
                for found in [limited_mean(&*loss, bound), integrated(&*loss, bound)] {
                    assert!((found / expected - 1.0).abs() < 1e-9, "{mean} {sd} {at}: {found}, not {expected}");
                }
            }
            assert_eq!(limited_mean(&*loss, f64::INFINITY), loss.mean());
        }
    }

    #[test]
    fn a_normal_is_limited_as_its_closed_form_says() {
        let normal = (FAMILIES.iter().find(|family| family.name == "normal").unwrap().make)(&[100.0, 20.0]).unwrap();
        // At its mean, half of the deviations below are kept: 100 − 20·φ(0) = 92.021154.
        assert!((limited_mean(&*normal, 100.0) - 92.021_154_391_971_35).abs() < 1e-9);
        for bound in [20.0, 90.0, 130.0] {
            let found = [limited_mean(&*normal, bound), integrated(&*normal, bound)];
            assert!((found[0] / found[1] - 1.0).abs() < 1e-9, "{bound}: {found:?}");
        }
    }

    #[test]
    fn few_values_are_limited_one_by_one() {
        let poisson = (FAMILIES.iter().find(|family| family.name == "poisson").unwrap().make)(&[0.3]).unwrap();
        // E[min(K, 1)] = P(at least one) = 1 − e^(−0.3) = 25.92 %.
        assert!((limited_mean(&*poisson, 1.0) - (1.0 - (-0.3_f64).exp())).abs() < 1e-12);
        assert_eq!(limited_mean(&*poisson, 0.0), 0.0);
    }
}
