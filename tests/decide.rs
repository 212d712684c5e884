//! Decisions under uncertainty: conditions over all draws, goals over them, and differences draw by draw, against closed
//! forms.
//!
//! The scenario of all: N = normal(1000, 200) users pay 100 each, against costs of 90,000, so that the profit is normal
//! with mean 10,000 and standard deviation 20,000. Φ and its inverse are those of tables: Φ(0.5) = 0.6914625,
//! Φ⁻¹(0.9) = 1.2815516, Φ⁻¹(0.95) = 1.6448536.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

const PILOT: &str = "users = \"normal(1_000, 200)\"\nprice = 100\n[costs]\noperations = 90_000\n";

/// Runs a command in a folder of these files.
fn run(files: &[(&str, &str)], arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    Command::new(env!("CARGO_BIN_EXE_bizmodel")).args(arguments).current_dir(folder.path()).output().unwrap()
}

fn answer(files: &[(&str, &str)], arguments: &[&str]) -> Value {
    let output = run(files, &[arguments, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Each method with a number of draws.
const METHODS: [(&str, &str); 3] = [("sobol", "65_536"), ("lhs", "65_536"), ("random", "256k")];

#[test]
fn conditions_over_draws_find_the_closed_forms() {
    // What is asked, what it is, and its standard error with 256k plain random draws (√(p(1 − p)/n), σ√(p(1 − p)/n)/φ,
    // σ/√n, σ/√(2n)), which no method exceeds.
    let n = 256_000_f64;
    let density_at_p5 = 0.103_135_6; // φ(1.6448536)
    let cases = [
        ("probability(profit > 0)", 0.691_462_5, (0.6915 * 0.3085 / n).sqrt()),
        ("p5(profit)", 10_000.0 - 20_000.0 * 1.644_853_6, 20_000.0 * (0.05 * 0.95 / n).sqrt() / density_at_p5),
        (
            "percentile(profit, 95)",
            10_000.0 + 20_000.0 * 1.644_853_6,
            20_000.0 * (0.05 * 0.95 / n).sqrt() / density_at_p5,
        ),
        ("p50(profit)", 10_000.0, 20_000.0 * (0.25 / n).sqrt() / 0.398_942_3),
        ("expected(profit)", 10_000.0, 20_000.0 / n.sqrt()),
        ("deviation(profit)", 20_000.0, 20_000.0 / (2.0 * n).sqrt()),
        // The middle 90 %: 2 · 1.6448536 · 20,000, of two percentiles whose errors do not add up to more than twice one.
        ("p95(profit) - p5(profit)", 65_794.144, 2.0 * 20_000.0 * (0.05 * 0.95 / n).sqrt() / density_at_p5),
    ];
    let conditions: Vec<String> = cases.iter().map(|(asked, ..)| format!("--that={asked} > 0")).collect();
    for (method, samples) in METHODS {
        let mut arguments = vec!["check", "s.toml", "--method", method, "--samples", samples];
        arguments.extend(conditions.iter().map(String::as_str));
        let answer = answer(&[("s.toml", PILOT)], &arguments);
        for ((asked, truth, plain), check) in cases.iter().zip(answer["checks"].as_array().unwrap()) {
            let (found, error) = (number(&check["found"]), number(&check["error"]));
            // Four of the standard errors of plain random draws, and no more than twice that is claimed.
            assert!((found - truth).abs() <= 4.0 * plain, "{method} {asked}: {found} is not {truth}");
            assert!(error > 0.0 && error <= 2.0 * plain, "{method} {asked}: {error}");
        }
    }
}

#[test]
fn the_standard_error_that_is_told_covers_the_truth() {
    // 40 seeds: with 15 degrees of freedom 95 % of them lie within 2.13 standard errors. Fewer than 33 would do so by
    // chance once in 100 (binomial).
    let within = (1..=40).filter(|seed: &u32| {
        let found = answer(
            &[("s.toml", PILOT)],
            &[
                "check",
                "s.toml",
                "--that",
                "p5(profit) > 0",
                "--method",
                "random",
                "--samples",
                "8k",
                "--seed",
                &seed.to_string(),
            ],
        );
        let check = &found["checks"][0];
        (number(&check["found"]) - (10_000.0 - 20_000.0 * 1.644_853_6)).abs() <= 2.13 * number(&check["error"])
    });
    let within = within.count();
    assert!(within >= 33, "{within}");
}

#[test]
fn a_verdict_says_what_simulate_says() {
    let files = [("s.toml", PILOT)];
    let simulated = answer(&files, &["simulate", "s.toml", "--probability", "profit > 0", "--seed", "7"]);
    let checked = answer(
        &files,
        &["check", "s.toml", "--that", "probability(profit > 0) > 0", "--that", "p5(profit) > 0", "--seed", "7"],
    );
    assert_eq!(checked["checks"][0]["found"], simulated["probabilities"]["profit > 0"]["value"]);
    assert_eq!(checked["checks"][1]["found"], simulated["metrics"]["profit"]["p5"]);
    assert_eq!(checked["draws"]["samples"], simulated["samples"]);
}

#[test]
fn a_verdict_is_the_same_on_any_number_of_threads() {
    let with = |threads| {
        let arguments = [
            "check",
            "s.toml",
            "--that",
            "p5(profit) > 0 or probability(profit > 1k) > 40%",
            "--json",
            "--threads",
            threads,
        ];
        run(&[("s.toml", PILOT)], &arguments).stdout
    };
    assert_eq!(with("1"), with("2"));
    assert_eq!(with("1"), with("8"));
}

#[test]
fn what_is_certain_is_0_or_1_and_its_own_percentile() {
    let certain = PILOT.replace("\"normal(1_000, 200)\"", "1_000");
    let arguments = [
        "check",
        "s.toml",
        "--that",
        "probability(profit > 0) == 1",
        "--that",
        "p5(profit) == 10_000",
        "--that",
        "deviation(profit) == 0",
    ];
    let found = answer(&[("s.toml", &certain)], &arguments);
    assert_eq!((&found["passed"], &found["checks"][0]["error"]), (&Value::from(3), &Value::Null));
    assert!(found["notes"][0].as_str().unwrap().starts_with("nothing is uncertain"));
}

/// The only solution, and its standard error.
fn solved(path: &str, goal: &str, more: &[&str]) -> (f64, f64) {
    let found = answer(&[("s.toml", PILOT)], &[&["solve", "s.toml", path, "--until", goal], more].concat());
    assert_eq!(found["solutions"].as_array().unwrap().len(), 1, "{found}");
    (number(&found["solutions"][0]), number(&found["estimates"][0]["error"]))
}

#[test]
fn a_goal_over_draws_is_met_where_the_closed_form_meets_it() {
    // P(price · N > 90,000) = 90 % where 90,000 / price is the 10th percentile of N: 1000 − 1.2815516 · 200.
    let price = 90_000.0 / (1_000.0 - 1.281_551_6 * 200.0);
    // √(0.1 · 0.9 / 16k) / φ(1.2815516) standard deviations of N, of which one moves the price by 200 · price² / 90,000.
    let plain = (0.09_f64 / 16_000.0).sqrt() / 0.175_498_3 * 200.0 * price * price / 90_000.0;
    for method in ["sobol", "random"] {
        for goal in ["probability(profit > 0)=90%", "p10(profit)=0"] {
            let (found, error) =
                solved("price", goal, &["--method", method, "--samples", "16k", "--between", "50..500"]);
            assert!((found - price).abs() <= 4.0 * plain, "{method} {goal}: {found} is not {price}");
            assert!(error > 0.0 && error <= 2.0 * plain, "{method} {goal}: {error}");
        }
    }
    // What is paid whatever comes moves every percentile alike: costs of p10(revenue) = 100 · (1000 − 1.2815516 · 200).
    let (found, error) = solved("costs.operations", "p10(profit)=0", &["--samples", "16k"]);
    assert!((found - 74_368.968).abs() <= 4.0 * 100.0 * 200.0 * (0.09_f64 / 16_000.0).sqrt() / 0.175_498_3, "{found}");
    assert!(error > 0.0);
}

#[test]
fn a_goal_over_draws_has_all_its_places_and_is_met_there() {
    // A price that drives users away: (1000 − 4 · price) · price · N(1, 0.1) − 40,000 is 0 in the middle at
    // price = 125 ± √(125² − 10,000) = 50 and 200.
    let scenario = "users = \"(1_000 - 4 * price) * luck\"\nprice = 100\n[inputs]\nluck = \"normal(1, 0.1)\"\n[costs]\ndata = 40_000\n";
    let found = answer(
        &[("s.toml", scenario)],
        &[
            "solve",
            "s.toml",
            "price",
            "--until",
            "probability(profit > 0)=50%",
            "--between",
            "0..250",
            "--samples",
            "8k",
        ],
    );
    let solutions: Vec<f64> = found["solutions"].as_array().unwrap().iter().map(number).collect();
    assert_eq!(solutions.len(), 2, "{found}");
    // The median of 8k draws of luck is within 4 · 0.1 · √(π / 2 / 8000) = 0.0056 of 1, which moves the prices by less
    // than 0.4.
    assert!((solutions[0] - 50.0).abs() < 0.4 && (solutions[1] - 200.0).abs() < 0.4, "{solutions:?}");
}

#[test]
fn differences_are_those_of_shared_draws() {
    let dear = PILOT.replace("price = 100", "price = 101");
    let files = [("s.toml", PILOT), ("dear.toml", dear.as_str())];
    // The difference is 1 · N: mean 1000, standard deviation 200, middle 90 % within 1000 ∓ 328.97. Independent draws
    // would have a deviation of √(20,000² + 20,200²) = 28,426.
    let n = 65_536_f64;
    let plain = 200.0 * (0.05 * 0.95 / n).sqrt() / 0.103_135_6;
    for method in ["sobol", "lhs", "random"] {
        let found = answer(&files, &["compare", "s.toml", "dear.toml", "--method", method, "--samples", "65_536"]);
        let spread = &found["ranges"]["profit"][1];
        assert_eq!(found["ranges"]["profit"][0], Value::Null);
        assert!((number(&spread["mean"]) - 1_000.0).abs() <= 4.0 * 200.0 / n.sqrt(), "{method} {spread}");
        assert!(number(&spread["error"]) <= 1.1 * 200.0 / n.sqrt(), "{method} {spread}");
        assert!((number(&spread["sd"]) - 200.0).abs() <= 4.0 * 200.0 / (2.0 * n).sqrt(), "{method} {spread}");
        assert!((number(&spread["p5"]) - 671.029).abs() <= 4.0 * plain, "{method} {spread}");
        assert!((number(&spread["p95"]) - 1_328.971).abs() <= 4.0 * plain, "{method} {spread}");
        // N is above 0 but for five standard deviations: 3 of ten million.
        assert!(number(&spread["better"]) >= 0.9999, "{method} {spread}");
        // What is the same in both does not differ, and less cost is better.
        assert!(found["ranges"]["cost"].is_null());
    }
}

#[test]
fn which_is_better_follows_the_metric() {
    // Costs of 100 per user against 90,000: they are lower where N < 900, Φ(−0.5) = 0.3085375 of the draws, and the
    // profit is then higher.
    let per_user = PILOT.replace("90_000", "\"users * 100\"");
    let files = [("s.toml", PILOT), ("per_user.toml", per_user.as_str())];
    let found = answer(&files, &["compare", "s.toml", "per_user.toml", "--metric", "cost", "--metric", "profit"]);
    for metric in ["cost", "profit"] {
        let better = number(&found["ranges"][metric][1]["better"]);
        // Four standard errors of 262,144 plain random draws.
        assert!((better - 0.308_537_5).abs() <= 4.0 * (0.3085 * 0.6915 / 262_144_f64).sqrt(), "{metric} {better}");
    }
}

/// An investment of uniform(50, 250) against 10 a month is paid back within 6 months where it is at most 70, in 0.1 of the
/// draws, and at all within the 12 months up to 120, in 0.35 of them: it is not paid back in time in 0.1 / 0.35 of them.
#[test]
fn what_has_no_value_in_a_draw_does_not_hold_there() {
    let scenario =
        "[time]\nperiods = 12\n[revenue]\nsales = 10\n[costs]\nsetup = { amount = \"uniform(50, 250)\", at = 0 }\n";
    let arguments = ["check", "s.toml", "--samples", "16_384", "--that", "probability(payback <= 6) >= 20%"];
    let found = answer(&[("s.toml", scenario)], &arguments);
    assert_eq!(found["checks"][0]["ok"], false);
    assert!((number(&found["checks"][0]["found"]) - 0.1).abs() < 0.005, "{found}");
    assert!(found["notes"].to_string().contains("does not hold in the others"), "{}", found["notes"]);
}
