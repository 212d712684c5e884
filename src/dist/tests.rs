//! What holds for every distribution, and the values of an independent tool.

#![expect(clippy::unreadable_literal, reason = "as scipy prints them")]

use super::quadrature::integral;
use super::*;

fn made(name: &str, parameters: &[f64]) -> Box<dyn Distribution> {
    (FAMILIES.iter().find(|family| family.name == name).unwrap().make)(parameters).unwrap()
}

fn wrong(name: &str, parameters: &[f64]) -> Wrong {
    (FAMILIES.iter().find(|family| family.name == name).unwrap().make)(parameters).unwrap_err()
}

/// Distributions of every family, gentle and extreme.
fn continuous() -> Vec<(String, Box<dyn Distribution>)> {
    let all: &[(&str, &[f64])] = &[
        ("to", &[10.0, 100.0]),
        ("to", &[-10.0, 100.0]),
        ("normal", &[100.0, 20.0]),
        ("lognormal", &[0.0, 1.0]),
        ("uniform", &[-1.0, 3.0]),
        ("triangular", &[10.0, 20.0, 60.0]),
        ("triangular", &[10.0, 10.0, 60.0]),
        ("triangular", &[10.0, 60.0, 60.0]),
        ("pert", &[10.0, 20.0, 60.0]),
        ("pert", &[0.8e6, 1e6, 1.5e6, 4.0]),
        ("pert", &[10.0, 10.0, 60.0, 20.0]),
        ("beta", &[4.0, 76.0]),
        ("beta", &[0.5, 0.5]),
        ("beta", &[1.0, 1.0]),
        ("beta", &[0.05, 3.0]),
        ("beta", &[500.0, 700.0]),
        ("beta", &[1e4, 1e4]),
        ("gamma", &[3.0, 2.0]),
        ("gamma", &[0.05, 10.0]),
        ("gamma", &[150.0, 1.0]),
        ("gamma", &[2e3, 1e-3]),
        ("exponential", &[12.0]),
    ];
    let plain = all.iter().map(|(name, parameters)| (format!("{name} {parameters:?}"), made(name, parameters)));
    let cut = |name: &str, parameters: &[f64], low, high| truncated(made(name, parameters), low, high).unwrap();
    plain
        .chain([
            ("normal above 0".to_owned(), cut("normal", &[1.0, 1.0], 0.0, 1e9)),
            ("beta in the middle".to_owned(), cut("beta", &[4.0, 76.0], 0.02, 0.08)),
        ])
        .collect()
}

fn discrete() -> Vec<(String, Box<dyn Distribution>)> {
    let all: &[(&str, &[f64])] = &[
        ("bernoulli", &[0.25]),
        ("binomial", &[20.0, 0.25]),
        ("binomial", &[1e9, 0.3]),
        ("poisson", &[3.0]),
        ("poisson", &[1e6]),
        ("choice", &[10.0, 0.5, 20.0, 0.25, 40.0, 0.25]),
        ("empirical", &[10.0, 20.0, 20.0, 50.0]),
    ];
    let plain = all.iter().map(|(name, parameters)| (format!("{name} {parameters:?}"), made(name, parameters)));
    plain.chain([("few".to_owned(), truncated(made("poisson", &[3.0]), 1.0, 5.0).unwrap())]).collect()
}

const PROBABILITIES: [f64; 15] =
    [1e-12, 1e-9, 1e-6, 1e-4, 0.01, 0.05, 0.2, 0.499, 0.5, 0.501, 0.8, 0.95, 0.9999, 0.9999999, 0.999999999999];

#[test]
fn quantiles_invert_the_cumulative_probability() {
    for (name, found) in continuous() {
        for probability in PROBABILITIES {
            let x = found.quantile(probability);
            let back = found.cdf(x);
            // How far the last bits of x and of the functions can move the probability.
            let bits = found.density(x) * x.abs() * 4.0 * f64::EPSILON;
            let tolerance = bits + 2e-10 * probability.min(1.0 - probability) + 1e-15;
            assert!((back - probability).abs() <= tolerance, "{name} at {probability}: {x} gives {back}");
        }
    }
}

#[test]
fn the_quantile_of_whole_numbers_is_the_smallest_that_reaches_the_probability() {
    for (name, found) in discrete() {
        for probability in PROBABILITIES {
            let x = found.quantile(probability);
            assert!(found.cdf(x) >= probability, "{name} at {probability}");
            let below = x - x.abs().max(1.0) * 1e-12;
            assert!(found.cdf(below) < probability, "{name} at {probability}: {x}");
        }
    }
}

#[test]
fn mean_and_variance_are_the_integrals_of_the_quantile() {
    for (name, found) in continuous() {
        let mean = integral(|probability| found.quantile(probability));
        let square = |value: f64| (value - found.mean()) * (value - found.mean());
        let variance = integral(|probability| square(found.quantile(probability)));
        let scale = found.mean().abs() + found.variance().sqrt();
        assert!((mean - found.mean()).abs() <= 1e-8 * scale, "{name}: {mean} {}", found.mean());
        assert!((variance / found.variance() - 1.0).abs() <= 1e-5, "{name}: {variance} {}", found.variance());
    }
    for (name, found) in discrete() {
        let atoms = found.atoms().unwrap();
        let total: f64 = atoms.iter().map(|(_, weight)| weight).sum();
        let mean: f64 = atoms.iter().map(|(value, weight)| value * weight).sum();
        let square = |(value, weight): &(f64, f64)| weight * (value - mean) * (value - mean);
        let variance: f64 = atoms.iter().map(square).sum();
        assert!((total - 1.0).abs() < 1e-12 && (mean / found.mean() - 1.0).abs() < 1e-9, "{name}: {mean}");
        assert!((variance / found.variance() - 1.0).abs() < 1e-9, "{name}: {variance}");
    }
}

#[test]
fn the_density_is_the_slope_of_the_cumulative_probability() {
    for (name, found) in continuous() {
        for probability in [0.1, 0.3, 0.6, 0.9] {
            let x = found.quantile(probability);
            let [below, above] =
                [probability - 0.05, probability + 0.05].map(|share| (found.quantile(share) - x).abs());
            let step = 1e-4 * below.min(above);
            let slope = (found.cdf(x + step) - found.cdf(x - step)) / (2.0 * step);
            assert!((slope / found.density(x) - 1.0).abs() < 1e-5, "{name} at {probability}: {slope}");
        }
    }
}

#[test]
fn a_column_is_filled_with_the_quantiles_of_its_probabilities() {
    const COUNT: usize = 4_096;
    for (name, found) in continuous().into_iter().chain(discrete()) {
        let probabilities: Vec<f64> = (0..COUNT).map(|at| (count(at) + 0.5) / count(COUNT)).collect();
        let mut column = [probabilities.as_slice(), &[1e-9, 0.999999999]].concat();
        found.fill(&mut column);
        let range = found.quantile(0.999) - found.quantile(0.001);
        for (probability, value) in probabilities.iter().chain(&[1e-9, 0.999999999]).zip(&column) {
            let expected = found.quantile(*probability);
            assert!((value - expected).abs() <= 1e-11 * range, "{name} at {probability}: {value} {expected}");
        }
        // Stratified probabilities give the mean to well below one standard error of plain draws, σ/64.
        let mean = column[..COUNT].iter().sum::<f64>() / count(COUNT);
        assert!((mean - found.mean()).abs() <= 0.1 * found.variance().sqrt() / 64.0, "{name}: {mean}");
    }
}

/// Shapes so small that most draws are all but 0: below it lies none, and above 1 no share.
#[test]
fn a_column_stays_within_what_is_possible() {
    let cases: &[(&str, &[f64])] =
        &[("gamma", &[0.001, 1.0]), ("gamma", &[0.01, 5.0]), ("beta", &[0.01, 0.01]), ("beta", &[0.001, 3.0])];
    for (name, parameters) in cases {
        let found = made(name, parameters);
        let mut column: Vec<f64> = (0..65_536).map(|at| (count(at) + 0.5) / 65_536.0).collect();
        found.fill(&mut column);
        let [low, high] = [found.quantile(0.0), found.quantile(1.0)];
        assert!(column.iter().all(|value| (low..=high).contains(value)), "{name} {parameters:?}");
    }
}

/// Between −9 and −8 the normal distribution has Φ(−8) − Φ(−9) = 6.22 · 10⁻¹⁶ of its probability, and all of its digits:
/// the quantiles below are those of mpmath at 40 digits. Between 8 and 9 it has none of them to tell.
#[test]
fn a_tail_near_0_can_be_cut_out_and_one_near_1_is_refused() {
    let tail = truncated(made("normal", &[0.0, 1.0]), -9.0, -8.0).unwrap();
    for (probability, expected) in [(0.05, -8.360554716618325), (0.5, -8.084888899018166), (0.95, -8.006312250405542)] {
        assert!((tail.quantile(probability) - expected).abs() < 1e-9, "{probability}: {}", tail.quantile(probability));
    }
    let refused = truncated(made("normal", &[0.0, 1.0]), 8.0, 9.0).unwrap_err();
    assert_eq!(refused.reason, "next to nothing of the distribution lies between 8 and 9");
}

#[test]
fn values_are_those_of_scipy() {
    // scipy.stats: quantiles at 0.05, 0.5 and 0.95.
    let cases: &[(&str, &[f64], [f64; 3])] = &[
        ("pert", &[10.0, 20.0, 60.0], [12.948869380590862, 23.833612969625946, 41.06383620080952]),
        ("beta", &[4.0, 76.0], [0.01747771271950733, 0.04628460778323, 0.09522930786397449]),
        ("beta", &[0.05, 3.0], [2.1934957510612626e-27, 2.1934966675234358e-07, 0.09921222864313502]),
        ("beta", &[500.0, 700.0], [0.393344895246081, 0.4166203552040237, 0.4401464289923238]),
        ("gamma", &[3.0, 2.0], [1.6353828943279067, 5.348120627447118, 12.591587243743977]),
        ("gamma", &[0.05, 10.0], [5.573875481878825e-26, 5.573878440746256e-06, 2.659323024258409]),
        ("gamma", &[150.0, 1.0], [130.43906194002417, 149.66679867460903, 170.69755605438436]),
        ("exponential", &[12.0], [0.6155195326506064, 8.317766166719343, 35.94878728264788]),
        ("normal", &[100.0, 20.0], [67.10292746097053, 100.0, 132.89707253902944]),
        ("lognormal", &[0.0, 1.0], [0.19304081669873652, 1.0, 5.180251602233013]),
        ("binomial", &[20.0, 0.25], [2.0, 5.0, 8.0]),
        ("poisson", &[3.0], [1.0, 3.0, 6.0]),
        ("poisson", &[1000000.0], [998355.0, 1000000.0, 1001645.0]),
    ];
    for (name, parameters, expected) in cases {
        let found = made(name, parameters);
        for (probability, expected) in [0.05, 0.5, 0.95].into_iter().zip(expected) {
            let value = found.quantile(probability);
            assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{name} {parameters:?}: {value} {expected}");
        }
    }
}

#[test]
fn the_worked_values_of_the_literature() {
    // PERT (10, 20, 60): deviation 8.66025, not (60 − 10)/6. Triangular: deviation 10.8012, median 28.3772.
    assert!((made("pert", &[10.0, 20.0, 60.0]).variance().sqrt() - 75.0_f64.sqrt()).abs() < 1e-12);
    let triangular = made("triangular", &[10.0, 20.0, 60.0]);
    assert!((triangular.variance().sqrt() - 10.801234497346433).abs() < 1e-12);
    for (probability, expected) in [(0.05, 15.0), (0.5, 28.377223398316207), (0.95, 50.0)] {
        assert!((triangular.quantile(probability) - expected).abs() < 1e-12);
    }
    // 10 to 100: median √1000, mean 40.4001, and the ends at 5 % and 95 %.
    let interval = made("to", &[10.0, 100.0]);
    assert!((interval.mean() - 40.4001).abs() < 1e-4);
    for (probability, expected) in [(0.05, 10.0), (0.5, 1000.0_f64.sqrt()), (0.95, 100.0)] {
        assert!((interval.quantile(probability) - expected).abs() < 1e-12);
    }
    // The half-normal has the mean √(2/π) and the variance 1 − 2/π.
    let half = truncated(made("normal", &[0.0, 1.0]), 0.0, 1e3).unwrap();
    assert!((half.mean() - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-10);
    assert!((half.variance() - (1.0 - 2.0 / std::f64::consts::PI)).abs() < 1e-9);
}

#[test]
fn what_has_no_width_is_its_value_to_the_bit() {
    let value = 0.1 + 0.2;
    let same: &[(&str, &[f64], f64)] = &[
        ("to", &[value, value], value),
        ("normal", &[value, 0.0], value),
        ("lognormal", &[0.0, 0.0], 1.0),
        ("uniform", &[value, value], value),
        ("triangular", &[value, value, value], value),
        ("pert", &[value, value, value], value),
        ("gamma", &[2.0, 0.0], 0.0),
        ("exponential", &[0.0], 0.0),
        ("bernoulli", &[1.0], 1.0),
        ("binomial", &[7.0, 1.0], 7.0),
        ("binomial", &[0.0, 0.5], 0.0),
        ("poisson", &[0.0], 0.0),
        ("choice", &[value, 0.5, value, 0.5], value),
        ("empirical", &[value, value, value], value),
    ];
    for (name, parameters, expected) in same {
        let found = made(name, parameters);
        let mut column = [0.1, 0.9];
        found.fill(&mut column);
        assert_eq!((found.constant(), found.mean(), column), (Some(*expected), *expected, [*expected; 2]), "{name}");
        assert_eq!(found.variance(), 0.0);
    }
}

#[test]
fn parameters_that_make_no_sense_are_blamed_with_the_reason() {
    let cases: &[(&str, &[f64], usize, &str)] = &[
        ("to", &[60.0, 20.0], 1, "high, 20, is below low, 60"),
        ("normal", &[100.0, -1.0], 1, "the standard deviation, -1, is below 0"),
        ("triangular", &[10.0, 5.0, 60.0], 1, "the mode, 5, must lie between 10 and 60"),
        ("pert", &[60.0, 20.0, 10.0], 2, "high, 10, is below low, 60"),
        ("pert", &[10.0, 20.0, 60.0, -1.0], 3, "the weight, -1, is below 0"),
        ("beta", &[0.0, 1.0], 0, "alpha, 0, must be above 0"),
        ("gamma", &[-1.0, 1.0], 0, "the shape, -1, must be above 0"),
        ("bernoulli", &[1.5], 0, "the probability, 1.5, must lie between 0 and 1 (0% and 100%)"),
        ("binomial", &[2.5, 0.5], 0, "the number of trials, 2.5, must be whole"),
        ("poisson", &[1e12], 0, "so many outcomes are as good as normal: write `normal(1000000000000, 1000000)`"),
        ("choice", &[1.0, 0.5, 2.0], 2, "this value has no probability: they stand in pairs, value and probability"),
        ("choice", &[1.0, 0.5, 2.0, 0.25], 3, "the probabilities sum to 0.75, not to 1"),
        ("uniform", &[0.0, f64::NAN], 1, "it is not a finite number"),
    ];
    for (name, parameters, parameter, reason) in cases {
        assert_eq!(wrong(name, parameters), Wrong::new(*parameter, *reason), "{name}");
    }
    let nothing = truncated(made("uniform", &[0.0, 1.0]), 2.0, 3.0).unwrap_err();
    assert_eq!(nothing.reason, "nothing of the distribution lies between 2 and 3");
}

#[test]
fn nothing_is_lost_or_panics_at_the_ends() {
    for (name, found) in continuous().into_iter().chain(discrete()) {
        for probability in [0.0, 1.0, f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0] {
            assert!(!found.quantile(probability).is_nan(), "{name} at {probability}");
        }
        for x in [f64::NEG_INFINITY, -1e300, 0.0, 1e300, f64::INFINITY] {
            assert!((0.0..=1.0).contains(&found.cdf(x)) && !found.density(x).is_nan(), "{name} at {x}");
        }
    }
}
