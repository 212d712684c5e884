//! Risks: published and closed-form values, and laws that hold for all of them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use bizmodel::analysis::eval;
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;
use serde_json::Value;

const BUSINESS: &str = "users = \"normal(1_000, 100)\"\nprice = 100\n[costs]\noperations = \"40k to 60k\"\n";

/// Two years of months.
const MONTHS: &str = "[time]\nperiods = 24\n[costs]\noperations = 0\n";

fn model(text: &str) -> Model {
    Model::compile(&Scenario::parse("s.toml", text).unwrap()).unwrap()
}

fn value(text: &str, name: &str) -> f64 {
    let model = model(text);
    model.values().get(model.find(&Path::from(name)).unwrap(), 0).unwrap()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
}

/// What a command prints for a scenario on standard input.
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

/// With as many draws as the arguments say, or else few.
fn simulated(scenario: &str, arguments: &[&str]) -> Value {
    let few: &[&str] = if arguments.contains(&"--samples") { &[] } else { &["--samples", "65536"] };
    let arguments = [few, arguments].concat();
    serde_json::from_str(&printed(scenario, &[&["simulate", "--json"], &arguments[..]].concat())).unwrap()
}

/// That a mean of draws lies within five of its standard errors of what it must be, beside a last bit.
fn expected(found: &Value, error: &Value, mean: f64) {
    let (found, error) = (found.as_f64().unwrap(), error.as_f64().unwrap());
    assert!((found - mean).abs() <= 5.0 * error + 1e-9 * mean.abs(), "{found} ± {error}, not {mean}");
}

/// Annualized loss expectancy: an asset of 100,000 of which 25 % are lost is a single loss of 25,000; three times a year,
/// 75,000.
#[test]
fn the_expected_loss_is_the_single_loss_times_the_rate() {
    let once = "[risks.theft]\nprobability = 1\nloss = \"100_000 * 25%\"\n";
    close(value(once, "lines.risks.theft"), 25_000.0);
    close(value(&once.replace("probability = 1", "rate = 3"), "expected_loss"), 75_000.0);
}

/// A rate of 0.3 has P(at least one event) = 1 − e^(−0.3) = 25.92 %; losses of mean 2.0M and deviation 3.0M come to
/// λm = 0.6M with a deviation of √(λ(σ² + m²)) = √(0.3 · (9 + 4)) = 1.975M.
#[test]
fn a_compound_poisson_loss_has_its_mean_and_its_deviation() {
    // Lognormal: σ² of the logarithm is ln(1 + (3/2)²) = ln 3.25, its mean ln 2e6 − ln(3.25)/2.
    let text = "[risks.breach]\nrate = 0.3\nloss = \"lognormal(ln(2e6) - ln(3.25) / 2, sqrt(ln(3.25)))\"\n";
    close(value(text, "expected_loss"), 600_000.0);
    let found = &simulated(text, &["--samples", "1048576", "--method", "random"])["risks"]["breach"];
    expected(&found["happens"]["value"], &found["happens"]["error"], 1.0 - (-0.3_f64).exp());
    expected(&found["loss"]["mean"], &found["loss"]["error"], 600_000.0);
    // The tail is heavy: the deviation of a million draws is steady to about a percent.
    let sd = found["loss"]["sd"].as_f64().unwrap();
    assert!((sd / 1.975e6 - 1.0).abs() < 0.02, "{sd}");
    // Gamma losses of the same mean and deviation (shape (2/3)² = 4/9, scale 4.5e6) have a lighter one.
    let gamma = text.replace("lognormal(ln(2e6) - ln(3.25) / 2, sqrt(ln(3.25)))", "gamma(4 / 9, 4.5e6)");
    let sd = simulated(&gamma, &["--samples", "1048576"])["risks"]["breach"]["loss"]["sd"].as_f64().unwrap();
    assert!((sd / (0.3_f64 * 13.0).sqrt() / 1e6 - 1.0).abs() < 0.005, "{sd}");
}

/// Over the months of a year, a probability comes to itself, and a rate to itself.
#[test]
fn a_year_of_months_is_a_year() {
    let text =
        "[time]\nperiods = 12\n[risks]\na = { probability = \"20%\", loss = 1 }\nb = { rate = 2.4, loss = 10 }\n";
    // 1 − (1 − 0.2)^(1/12) in a month; 2.4 / 12 = 0.2 events.
    let month = 1.0 - 0.8_f64.powf(1.0 / 12.0);
    close(value(text, "lines.risks.a"), 12.0 * month);
    close(value(text, "lines.risks.b"), 24.0);
    close(1.0 - (1.0 - month).powi(12), 0.2);
    let found = &simulated(text, &[])["risks"];
    expected(&found["a"]["happens"]["value"], &found["a"]["happens"]["error"], 0.2);
    expected(&found["b"]["happens"]["value"], &found["b"]["happens"]["error"], 1.0 - (-2.4_f64).exp());
    // Without periods the probability is that of the one period.
    close(value("[risks.a]\nprobability = \"20%\"\nloss = 1\n", "cost"), 0.2);
}

/// What is expected is the mean of the draws, with an insurance and a cap: a loss from 0 to 100 with a deductible of 20, a
/// limit of 80 and a cap of 90 costs 18 + 10²/200 + 10 · 0.1 = 19.5 on average, and twice a year 39.
#[test]
fn what_is_expected_is_the_mean_of_the_draws() {
    let text = "[risks.fire]\nrate = 2\nloss = \"uniform(0, 100)\"\ndeductible = 20\nlimit = 80\ncap = 90\n";
    assert!((value(text, "expected_loss") - 39.0).abs() < 1e-9);
    let found = &simulated(text, &["--method", "random"])["risks"]["fire"]["loss"];
    expected(&found["mean"], &found["error"], 39.0);
    // Where the limit itself is uncertain, it is the same for all events of a draw: 15 or 25 alike, 17.4375 + …
    let uncertain = text.replace("limit = 80", "limit = \"inputs.limit\"") + "[inputs]\nlimit = \"uniform(80, 90)\"\n";
    // E over l in [80, 90] of (90 − l)²/200 + (90 − l) · 0.1 = 100/600 + 0.5.
    let mean = 2.0 * (18.0 + 100.0 / 600.0 + 0.5);
    let found = &simulated(&uncertain, &["--method", "random"])["risks"]["fire"]["loss"];
    expected(&found["mean"], &found["error"], mean);
}

/// A loss that is a formula over an input is the same for all events of a draw: with λ = 4 and a loss of 0 or 2 alike, the
/// mean is 4 and the variance E[λL²] + Var(λL) = 4 · 2 + 16 · 1 = 24; drawn anew for each it is λ · E[L²] = 8.
#[test]
fn a_loss_over_an_input_holds_for_all_events_of_a_draw() {
    let anew = "[risks.a]\nrate = 4\nloss = \"2 * 1\"\n".replace("\"2 * 1\"", "\"choice(0, 0.5, 2, 0.5)\"");
    let held = anew.replace("\"choice", "\"inputs.x\"\n[inputs]\nx = \"choice");
    for (text, variance) in [(&anew, 8.0), (&held, 24.0)] {
        let found = &simulated(text, &["--method", "random"])["risks"]["a"]["loss"];
        expected(&found["mean"], &found["error"], 4.0);
        let sd = found["sd"].as_f64().unwrap();
        assert!((sd * sd / variance - 1.0).abs() < 0.03, "{sd}");
    }
}

/// Risks are a part of the cost, counted once, and what is no risk is as before.
#[test]
fn parts_sum_to_totals_and_a_risk_of_probability_0_changes_nothing() {
    let risks =
        "[risks]\nlegal = { probability = \"5%\", loss = \"10k to 90k\" }\nfire = { rate = 0.1, loss = 8_000 }\n";
    let with = format!("{MONTHS}{risks}");
    close(value(&with, "cost"), value(&with, "lines.risks.legal") + value(&with, "lines.risks.fire"));
    close(value(&with, "expected_loss"), value(&with, "cost"));
    let never = format!("{BUSINESS}[risks.fire]\nprobability = 0\nloss = 8_000\n");
    for name in ["revenue", "cost", "profit", "return_rate"] {
        assert_eq!(value(&never, name).to_bits(), value(BUSINESS, name).to_bits(), "{name}");
    }
    let [before, after] = [BUSINESS, &never].map(|text| simulated(text, &[]));
    assert_eq!(before["metrics"]["profit"], after["metrics"]["profit"]);
}

/// Whatever risk is added, all other draws stay the same to the byte.
#[test]
fn a_risk_leaves_all_other_draws_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let draws = |text: &str, name: &str| {
        let file = folder.path().join(name);
        let arguments = ["--metric", "users", "--metric", "lines.costs.operations", "--samples", "5000"];
        let out = ["--samples-out", file.to_str().unwrap()];
        printed(text, &[&["simulate", "--quiet"], &arguments[..], &out[..]].concat());
        std::fs::read_to_string(file).unwrap()
    };
    let risk = "[risks.fire]\nrate = 2\nloss = \"10 to 90\"\n";
    assert_eq!(draws(BUSINESS, "before.csv"), draws(&format!("{BUSINESS}{risk}"), "after.csv"));
    // And another risk leaves a risk as it is.
    let other = "[risks.flood]\nprobability = 0.5\nloss = 7\n";
    let [alone, both] = [format!("{MONTHS}{risk}"), format!("{MONTHS}{other}{risk}")].map(|text| simulated(&text, &[]));
    assert_eq!(alone["risks"]["fire"], both["risks"]["fire"]);
}

/// A plain run, a lane and a setting give the same: in sweeps and solves over the numbers of a risk.
#[test]
fn lanes_give_what_plain_runs_give() {
    let text = format!(
        "{MONTHS}[risks.fire]\nrate = 2\nloss = \"10 to 90\"\ndeductible = 20\nlimit = 60\n\
         [risks.bound]\nprobability = 0.3\nloss = \"each_period(uniform(0, 10 + period))\"\ncap = \"3 + prev(cost, 0) / 1e6\"\n"
    );
    let model = model(&text);
    let cost = model.find(&Path::from("cost")).unwrap();
    for (name, values) in [
        ("risks.fire.rate", [0.0, 2.0, 50.0]),
        ("risks.fire.loss", [5.0, 40.0, 100.0]),
        ("risks.fire.limit", [30.0, 60.0, 1e6]),
        ("risks.bound.probability", [0.0, 0.3, 1.0]),
        ("risks.bound.loss", [0.0, 2.0, 50.0]),
    ] {
        let varied = model.quantity(&Path::from(name)).unwrap();
        let lanes = model.plan(&[varied], &[cost]).run(&[&values]).remove(0);
        for (value, lane) in values.iter().zip(lanes) {
            let alone = model.values_at(&[(varied, *value)]).get(cost, 0).unwrap();
            close(lane, alone);
        }
    }
    // A certain loss is what a range without width is.
    let fixed = format!("{MONTHS}[risks.fire]\nrate = 2\nloss = 50\ndeductible = 20\n");
    close(value(&fixed, "cost"), value(&fixed.replace("loss = 50", "loss = \"uniform(50, 50)\""), "cost"));
}

/// A risk happens only between `from` and `until`.
#[test]
fn a_risk_may_be_one_of_some_periods() {
    let text = format!("{MONTHS}[risks.launch]\nrate = 12\nloss = 5\nfrom = 3\nuntil = 6\n");
    close(value(&text, "cost"), 4.0 * 5.0);
    let report = {
        let scenario = Scenario::parse("s.toml", &text).unwrap();
        eval::report(&scenario, &Model::compile(&scenario).unwrap())
    };
    close(report.data["lines"]["risks"]["launch"].as_f64().unwrap(), 20.0);
    let happens = &simulated(&text, &[])["risks"]["launch"]["happens"];
    expected(&happens["value"], &happens["error"], 1.0 - (-4.0_f64).exp());
}
