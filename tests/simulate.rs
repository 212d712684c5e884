//! Draws against published and closed-form truths, and what they must not depend on.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a command prints on standard output for a scenario on standard input.
fn printed(scenario: &str, arguments: &[&str]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bizmodel"))
        .args(&arguments[..1])
        .arg("-")
        .args(&arguments[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(scenario.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn simulated(scenario: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(scenario, &[&["simulate", "--json"], arguments].concat())).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The draws themselves, a column for each name.
fn draws(scenario: &str, arguments: &[&str]) -> Vec<(String, Vec<String>)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("draws.csv");
    let out = ["--samples-out", file.to_str().unwrap()];
    printed(scenario, &[&["simulate", "--quiet"], &out[..], arguments].concat());
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let mut columns: Vec<(String, Vec<String>)> =
        lines.next().unwrap().split(',').map(|name| (name.to_owned(), Vec::new())).collect();
    for line in lines {
        for (column, value) in columns.iter_mut().zip(line.split(',')) {
            column.1.push(value.to_owned());
        }
    }
    columns
}

fn column(columns: &[(String, Vec<String>)], name: &str) -> Vec<f64> {
    columns.iter().find(|(found, _)| found == name).unwrap().1.iter().map(|value| value.parse().unwrap()).collect()
}

/// The first digits of both quantities' numbers are the same in these draws of seed 43, so that they correlate.
#[test]
fn a_seed_that_fits_two_quantities_badly_is_told() {
    let scenario = "users = \"normal(1000, 100)\"\nprice = \"normal(30, 5)\"\n[costs]\nx = 28000\n";
    let notes = |arguments: &[&str]| simulated(scenario, arguments)["notes"].to_string();
    let at = ["--samples", "16384", "--seed"];
    assert!(notes(&[&at[..], &["43"]].concat()).contains("the draws of `users` and `price` are correlated"));
    assert_eq!(notes(&[&at[..], &["44"]].concat()), "[]");
    assert_eq!(notes(&[&at[..], &["43", "--method", "lhs"]].concat()), "[]");
}

const M1: &str = include_str!("../benches/reference/m1.toml");
const M2: &str = include_str!("../benches/reference/m2.toml");

/// A metric of a reference model: its name, its mean, deviation, and 5 %, 50 % and 95 % points, by 10⁹ random draws.
type Truth = (&'static str, f64, f64, [f64; 3]);

const M1_TRUTHS: &[Truth] = &[
    ("revenue", 2_520_197.96, 1_393_760.84, [942_887.71, 2_204_779.84, 5_161_096.62]),
    ("cost", 3_768_938.89, 500_445.49, [3_022_003.94, 3_728_388.68, 4_653_729.37]),
    ("profit", -1_248_740.93, 1_480_854.19, [-3_101_666.98, -1_511_623.46, 1_486_990.24]),
    ("return_rate", -0.319_703, 0.389_749, [-0.754_417, -0.409_848, 0.418_724]),
];

const M2_TRUTHS: &[Truth] = &[
    ("profit", 2_282_922.59, 4_144_510.17, [-2_518_656.33, 1_431_073.88, 10_006_887.34]),
    ("npv", 1_240_046.33, 3_358_066.12, [-2_703_875.43, 569_370.99, 7_483_601.11]),
    ("return_rate", 0.393_117, 0.687_397, [-0.424_637, 0.251_023, 1.690_715]),
    ("min(cumulative)", -3_217_701.13, 569_932.71, [-4_097_850.0, -3_159_946.68, -2_490_797.9]),
];

#[test]
fn the_reference_models_have_their_known_means_and_percentiles() {
    const SAMPLES: f64 = 65_536.0;
    for (model, truths) in [(M1, M1_TRUTHS), (M2, M2_TRUTHS)] {
        let mut arguments = vec!["--samples".to_owned(), "65_536".to_owned()];
        for (name, _, _, points) in truths {
            arguments.extend(["--metric".to_owned(), (*name).to_owned()]);
            arguments
                .extend(points.iter().flat_map(|point| ["--probability".to_owned(), format!("{name} <= {point}")]));
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let found = simulated(model, &arguments);
        let shares = found["probabilities"].as_object().unwrap();
        for (at, (name, mean, sd, points)) in truths.iter().enumerate() {
            let statistics = &found["metrics"][name];
            // Four standard errors of plain draws: of the mean s/√n, of the share below a point √(p(1 − p)/n). The truths
            // themselves are known to about a hundredth of that.
            let error = 4.0 * sd / SAMPLES.sqrt();
            assert!((number(&statistics["mean"]) - mean).abs() < error, "{name}: {}", statistics["mean"]);
            for (share, (_, chance)) in [0.05, 0.5, 0.95].into_iter().zip(shares.iter().skip(3 * at)) {
                let error = 4.0 * (share * (1.0_f64 - share) / SAMPLES).sqrt();
                assert!((number(&chance["value"]) - share).abs() < error, "{name} at {share}: {}", chance["value"]);
            }
            // The percentiles lie within what such a share makes of them: between those of p ± 4 errors.
            let range = points[2] - points[0];
            for (key, point) in ["p5", "p50", "p95"].into_iter().zip(points) {
                assert!((number(&statistics[key]) - point).abs() < 0.02 * range, "{name} {key}");
            }
        }
    }
}

#[test]
fn evenly_placed_draws_need_less_than_an_eighth_of_what_random_ones_need() {
    // The mean squared error of the mean over some seeds against that of plain draws, s²/n.
    let (_, mean, sd, _) = M2_TRUTHS[0];
    let squared = |seed: u32| {
        let found = simulated(M2, &["--samples", "16_384", "--metric", "profit", "--seed", &seed.to_string()]);
        (number(&found["metrics"]["profit"]["mean"]) - mean).powi(2)
    };
    let error = (1..=8).map(squared).sum::<f64>() / 8.0;
    assert!(error < sd * sd / 16_384.0 / 8.0, "{error}");
}

#[test]
fn the_error_that_is_told_is_the_error_that_is_made() {
    // Sixteen randomizations give Student's t of 15 degrees of freedom, of which 97.6 % lie within 2.5: of 24 runs, fewer
    // than 21 are met once in two thousand times.
    let (_, mean, ..) = M1_TRUTHS[0];
    let is_within = |seed: &u32| {
        let found = simulated(M1, &["--samples", "8_192", "--metric", "revenue", "--seed", &seed.to_string()]);
        let statistics = &found["metrics"]["revenue"];
        (number(&statistics["mean"]) - mean).abs() < 2.5 * number(&statistics["error"])
    };
    let within = (1..=24).filter(is_within).count();
    assert!(within >= 21, "{within}");
}

const PAIR: &str = "users = \"normal(1_000, 200)\"\nprice = \"normal(100, 10)\"\n";

#[test]
fn revenue_of_two_independent_normals_has_its_closed_form() {
    // Var = μN²σS² + μS²σN² + σN²σS², so that the deviation is 22,449.94; its error at n draws is about sd/√(2n).
    let found = simulated(PAIR, &["--samples", "65_536", "--metric", "revenue"]);
    let revenue = &found["metrics"]["revenue"];
    assert!((number(&revenue["mean"]) - 100_000.0).abs() < 4.0 * 22_449.94 / 256.0);
    assert!((number(&revenue["sd"]) - 22_449.94).abs() < 4.0 * 22_449.94 / 362.0);
}

#[test]
fn correlated_inputs_show_their_rank_correlation_and_their_product_its_closed_form() {
    let scenario = format!("{PAIR}[[correlations]]\nbetween = [\"users\", \"price\"]\nrank = 0.7\n");
    let found = simulated(&scenario, &["--samples", "100_000", "--metric", "revenue"]);
    let achieved = number(&found["correlations"][0]["achieved"]);
    assert!((achieved - 0.7).abs() < 0.01, "{achieved}");
    // With ρ = 2·sin(0.7·π/6) = 0.716736 between the normals, Var = μN²σS² + μS²σN² + 2·μNμSρσNσS + σN²σS²(1 + ρ²)
    // = 10⁸ + 4·10⁸ + 2·10⁵·0.716736·2,000 + 4·10⁶·1.51371 = 792,749,239, and the mean is 10⁵ + ρσNσS = 101,433.47.
    let revenue = &found["metrics"]["revenue"];
    assert!((number(&revenue["mean"]) - 101_433.47).abs() < 4.0 * 28_156.0 / 316.0);
    assert!((number(&revenue["sd"]) - 792_749_239.0_f64.sqrt()).abs() < 4.0 * 28_156.0 / 447.0);
    let columns = draws(&scenario, &["--samples", "100_000", "--metric", "revenue"]);
    let found =
        bizmodel::numeric::correlation::rank_correlation(&column(&columns, "users"), &column(&columns, "price"));
    assert!((found.unwrap() - 0.7).abs() < 0.01, "{found:?}");
}

#[test]
fn value_at_risk_of_a_normal_profit_has_its_closed_form() {
    // Profit N(10, 20): VaR 95 % = 1.644854·20 − 10 = 22.897, CVaR = 20·φ(1.644854)/0.05 − 10 = 31.254.
    let scenario = "[revenue]\nsales = \"normal(10, 20)\"\n";
    let found = simulated(scenario, &["--samples", "65_536", "--metric", "profit"]);
    let risk = &found["risk"]["profit"];
    assert!((number(&risk["var95"]) - 22.897).abs() < 0.5);
    assert!((number(&risk["cvar95"]) - 31.254).abs() < 0.5);
    let other = simulated(scenario, &["--samples", "65_536", "--metric", "profit", "--confidence", "80%"]);
    // 0.841621·20 − 10 = 6.832.
    assert!((number(&other["risk"]["profit"]["var80"]) - 6.832).abs() < 0.3);
}

#[test]
fn what_is_drawn_anew_in_each_period_averages_out_and_what_is_drawn_once_does_not() {
    // Twelve draws of deviation 10: the sum has √12·10 = 34.64 where they are independent, 120 where they are one.
    let time = "[time]\nperiods = 12\n[revenue]\nsales = ";
    let sd = |formula: &str| {
        let found = simulated(&format!("{time}\"{formula}\"\n"), &["--samples", "32k", "--metric", "revenue"]);
        number(&found["metrics"]["revenue"]["sd"])
    };
    let error = 4.0 / (2.0 * 32_000.0_f64).sqrt();
    assert!((sd("each_period(normal(100, 10))") / 34.641 - 1.0).abs() < error);
    assert!((sd("normal(100, 10)") / 120.0 - 1.0).abs() < error);
}

#[test]
fn an_unrelated_uncertain_input_leaves_all_other_draws_the_same_to_the_byte() {
    let more =
        format!("[inputs]\naaa = \"normal(0, 1)\"\nzzz = \"1 to 2\"\n{}", M1.split_once("[inputs]\n").unwrap().1);
    for method in ["sobol", "lhs", "random"] {
        let arguments = ["--samples", "1_000", "--method", method];
        let (without, with) = (draws(M1, &arguments), draws(&more, &arguments));
        assert_eq!(with.len(), without.len() + 2);
        for (name, values) in &without {
            assert_eq!(&with.iter().find(|(found, _)| found == name).unwrap().1, values, "{method} {name}");
        }
    }
}

#[test]
fn the_order_of_the_file_and_the_number_of_threads_make_no_difference() {
    let mut lines: Vec<&str> = M1.split_once("[inputs]\n").unwrap().1.lines().collect();
    let inputs = lines.iter().position(|line| line.is_empty()).unwrap();
    lines[..inputs].reverse();
    let turned = format!("name = \"Reference model 1: one period\"\n\n[inputs]\n{}\n", lines.join("\n"));
    let arguments = ["simulate", "--json", "--samples", "100_000"];
    let expected = printed(M1, &arguments);
    assert_eq!(printed(&turned, &arguments), expected);
    for threads in ["1", "2", "8"] {
        assert_eq!(printed(M1, &[&arguments[..], &["--threads", threads]].concat()), expected, "{threads}");
    }
}

#[test]
fn a_range_without_width_is_the_plain_run_to_the_byte() {
    let time = "[time]\nperiods = 24\ndiscount_rate = \"12%\"\n[costs]\nsetup = { amount = 900, at = 0 }\nrun = \"users * 3\"\n";
    let plain = format!("price = 19.99\n[users]\nstart = 100\njoins = \"7 * growth(3.1%)\"\nchurn = 0.07\n{time}");
    let wide = format!(
        "price = \"19.99 to 19.99\"\n[users]\nstart = \"normal(100, 0)\"\njoins = \"uniform(7, 7) * growth(triangular(3.1%, 3.1%, 3.1%))\"\n\
        churn = \"pert(0.07, 0.07, 0.07)\"\n{time}"
    );
    assert_eq!(printed(&wide, &["eval", "--json"]), printed(&plain, &["eval", "--json"]));
    let evaluated: Value = serde_json::from_str(&printed(&plain, &["eval", "--json"])).unwrap();
    let found = simulated(&wide, &["--samples", "1_000"]);
    let metrics = found["metrics"].as_object().unwrap();
    assert!(metrics.contains_key("npv") && metrics.contains_key("payback"));
    for (name, statistics) in metrics {
        for key in ["mean", "low", "p5", "p50", "p95", "high"] {
            assert_eq!(statistics[key], evaluated[name], "{name} {key}");
        }
        assert_eq!(number(&statistics["sd"]), 0.0);
    }
}

#[test]
fn draws_without_a_value_are_counted_apart() {
    // Payback exists where 10 a month repays an investment between 50 and 250 within 12 months: in 0.35 of the draws.
    let scenario =
        "[time]\nperiods = 12\n[revenue]\nsales = 10\n[costs]\nsetup = { amount = \"uniform(50, 250)\", at = 0 }\n";
    let found = simulated(scenario, &["--samples", "32_768", "--metric", "payback", "--probability", "payback <= 6"]);
    let payback = &found["metrics"]["payback"];
    assert!((number(&payback["defined"]) - 0.35).abs() < 0.005, "{payback}");
    // Of those, the investments lie evenly between 50 and 120: repaid within 6 months up to 60 or so, never counted as 0.
    assert!(number(&payback["p5"]) > 4.0);
    // Where nothing is paid back, it is not paid back within 6 months: it is in 0.1 of all draws, those of up to 70, since
    // 10 come in at once; and not in 0.1 / 0.35 of them.
    let chance = &found["probabilities"]["payback <= 6"];
    assert!((number(&chance["defined"]) - 0.35).abs() < 0.005);
    assert!((number(&chance["value"]) - 0.1).abs() < 0.005, "{chance}");
}

#[test]
fn a_run_goes_on_until_it_is_precise_enough() {
    let found = simulated(M1, &["--precision", "0.05%", "--metric", "cost", "--metric", "revenue"]);
    for statistics in found["metrics"].as_object().unwrap().values() {
        assert!(number(&statistics["error"]) <= 0.000_5 * number(&statistics["mean"]).abs());
    }
    assert!(found["samples"].as_u64().unwrap() < 262_144);
}

#[test]
fn a_run_to_a_precision_says_what_it_took_and_writes_the_draws_that_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("draws.csv");
    let out = ["--samples-out", file.to_str().unwrap(), "--metric", "cost", "--precision"];
    let found = simulated(M1, &[&out[..], &["0.1%"]].concat());
    let rows = fs::read_to_string(&file).unwrap().lines().count() - 1;
    assert_eq!(found["samples"].as_u64(), u64::try_from(rows).ok());
    assert!(found["notes"][0].as_str().unwrap().contains("draws are enough"), "{}", found["notes"]);
    // So few draws cannot be so precise, and the limit is told.
    let found = simulated(M1, &[&out[..], &["0.0001%", "--samples", "2_000"]].concat());
    assert_eq!(found["samples"], 2_000);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 2_001);
    assert!(found["notes"][0].as_str().unwrap().contains("2,000 draws are too few"), "{}", found["notes"]);
}

#[test]
fn percentiles_may_be_said_in_any_way_and_end_at_the_lowest_and_the_highest_draw() {
    let found = simulated(M1, &["--metric", "profit", "--percentiles", "0,5%,p50,97.5,100", "--samples", "300_000"]);
    let profit = &found["metrics"]["profit"];
    assert_eq!((&profit["p0"], &profit["p100"]), (&profit["low"], &profit["high"]));
    let plain = simulated(M1, &["--metric", "profit", "--percentiles", "5,50,97.5", "--samples", "300_000"]);
    for name in ["p5", "p50", "p97.5"] {
        assert_eq!(profit[name], plain["metrics"]["profit"][name], "{name}");
    }
}

/// Of 1 to a million, nine in ten, the highest of some thousand draws lies far beyond; every draw lies in its range.
#[test]
fn a_histogram_holds_all_draws_and_shows_the_middle_of_heavy_tails() {
    let scenario = "[revenue]\nsales = \"1 to 1_000_000\"\n";
    let found = simulated(scenario, &["--samples", "16_384", "--metric", "revenue"]);
    let histogram = &found["histogram"];
    let bounds: Vec<f64> = histogram["bounds"].as_array().unwrap().iter().map(number).collect();
    let shares: Vec<f64> = histogram["shares"].as_array().unwrap().iter().map(number).collect();
    let revenue = &found["metrics"]["revenue"];
    assert!(bounds[0] <= number(&revenue["low"]) && bounds[bounds.len() - 1] >= number(&revenue["high"]));
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    // What is drawn below the second bound is what the first range holds.
    let condition = format!("revenue < {}", bounds[1]);
    let asked = simulated(scenario, &["--samples", "16_384", "--metric", "revenue", "--probability", &condition]);
    assert_eq!(asked["probabilities"][&condition]["value"], shares[0]);
    // Between the 0.5 % and the 99.5 % point, 98 of 100 would stand in one range.
    assert!(shares[0] < 0.9, "{shares:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_tells_what_was_done_so_far() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bizmodel"))
        .args(["simulate", "benches/reference/m1.toml", "--samples", "1_000B", "--metric", "profit", "--json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    if !sent.is_ok_and(|sent| sent.success()) {
        child.kill().unwrap();
        panic!("no signal could be sent");
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let samples = found["samples"].as_u64().unwrap();
    assert!(0 < samples && samples < 1_000_000_000_000);
    assert!(found["notes"][0].as_str().unwrap().starts_with("stopped after"), "{}", found["notes"]);
    // Where nobody looks on, nothing is drawn on standard error.
    assert!(output.stderr.is_empty());
}
