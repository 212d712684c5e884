//! `sensitivity --global` and `--value-of-information` against closed forms.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::f64::consts::PI;

use bizmodel::analysis::SCHEMAS;
use bizmodel::analysis::sensitivity::{global, information};
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::numeric::design::{Design, Method};
use bizmodel::numeric::parallel;
use bizmodel::render::{self, Format, render};
use bizmodel::report::Report;
use bizmodel::scenario::Scenario;

fn design(samples: u64) -> Design {
    Design { method: Method::Sobol, seed: 1, samples }
}

fn shares(text: &str, samples: u64) -> Report {
    let scenario = Scenario::parse("s.toml", text).unwrap();
    let model = Model::compile(&scenario).unwrap();
    global::report(&scenario, &model, &Path::from("profit"), design(samples)).unwrap()
}

fn worth(text: &str, samples: u64) -> Report {
    let scenario = Scenario::parse("s.toml", text).unwrap();
    let model = Model::compile(&scenario).unwrap();
    information::report(&scenario, &model, &Path::from("profit"), design(samples)).unwrap()
}

/// A figure of an input.
fn figure(report: &Report, path: &str, key: &str) -> f64 {
    let inputs = report.data["inputs"].as_array().unwrap();
    let input = inputs.iter().find(|input| input["path"] == path).unwrap();
    input[key].as_f64().unwrap_or(f64::NAN)
}

fn number(report: &Report, key: &str) -> f64 {
    report.data[key].as_f64().unwrap_or(f64::NAN)
}

/// Inputs `x1`, `x2` and so on, each with that formula, and the revenue made of them.
fn scenario(inputs: &[&str], revenue: &str) -> String {
    let inputs: Vec<String> = inputs.iter().zip(1..).map(|(formula, at)| format!("x{at} = \"{formula}\"")).collect();
    format!("[inputs]\n{}\n[revenue]\ny = \"{revenue}\"\n", inputs.join("\n"))
}

fn holds_indices(report: &Report, expected: &[[f64; 2]], within: f64) {
    for ([first, total], at) in expected.iter().zip(1..) {
        for (key, expected) in [("first", first), ("total", total)] {
            let found = figure(report, &format!("inputs.x{at}"), key);
            assert!((found - expected).abs() < within, "x{at} {key}: {found} is not {expected}");
        }
    }
}

#[test]
fn the_function_of_ishigami_has_its_indices() {
    // T. Ishigami and T. Homma 1990, with 7 and 0.1: V₁ = ½(1 + Bπ⁴/5)², V₂ = A²/8, V₁₃ = 8B²π⁸/225.
    let report =
        shares(&scenario(&["uniform(-pi, pi)"; 3], "sin(x1) + 7 * sin(x2) ^ 2 + 0.1 * x3 ^ 4 * sin(x1)"), 1 << 14);
    let first = 0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2);
    let second = 49.0 / 8.0;
    let both = 8.0 * 0.01 * PI.powi(8) / 225.0;
    let all = first + second + both;
    let expected = [[first / all, (first + both) / all], [second / all, second / all], [0.0, both / all]];
    holds_indices(&report, &expected, 0.01);
    assert!((number(&report, "sd") - all.sqrt()).abs() < 0.01 * all.sqrt());
    assert!((number(&report, "mean") - 3.5).abs() < 0.02);
    // How far off it says it may be is in proportion to how far off it is.
    let margin = figure(&report, "inputs.x1", "first_margin");
    assert!((figure(&report, "inputs.x1", "first") - expected[0][0]).abs() < 2.0 * margin && margin < 0.05);
    let note = report.notes.iter().find(|note| note.contains("acting together")).unwrap();
    assert!(note.starts_with("single inputs explain 7"), "{note}");
}

#[test]
fn the_g_function_of_sobol_has_its_indices() {
    // I. M. Sobol 1993: pᵢ = 1/(3(1 + aᵢ)²), V = Π(1 + pᵢ) − 1, Sᵢ = pᵢ/V, Tᵢ = pᵢ · Π over the others (1 + p)/V.
    let parameters = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    let factors: Vec<String> =
        parameters.iter().zip(1..).map(|(a, at)| format!("(abs(4 * x{at} - 2) + {a}) / {}", 1.0 + a)).collect();
    let report = shares(&scenario(&["uniform(0, 1)"; 8], &factors.join(" * ")), 1 << 14);
    let parts = parameters.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let product: f64 = parts.iter().map(|part| 1.0 + part).product();
    let expected = parts.map(|part| [part / (product - 1.0), part * product / (1.0 + part) / (product - 1.0)]);
    holds_indices(&report, &expected, 0.01);
}

#[test]
fn a_product_and_a_sum_have_theirs() {
    // A product of two uniforms on (0, 1): V = 1/9 − 1/16 = 7/144, each alone 1/4 · 1/12 = 3/144, in all 4/144.
    let report = shares(&scenario(&["uniform(0, 1)"; 2], "x1 * x2"), 1 << 14);
    holds_indices(&report, &[[3.0 / 7.0, 4.0 / 7.0]; 2], 0.01);
    // A sum of independent normals: 9, 4 and 1 parts of 14, and nothing acts together.
    let report = shares(&scenario(&["normal(0, 1)"; 3], "3 * x1 + 2 * x2 + x3"), 1 << 14);
    holds_indices(&report, &[[9.0 / 14.0; 2], [4.0 / 14.0; 2], [1.0 / 14.0; 2]], 0.01);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
}

#[test]
fn all_of_one_quantity_goes_together() {
    // Two uniforms in one formula are one input; four periods drawn anew are one as well. V of each uniform is 1/12:
    // a quantity of two has 2 parts, four periods of one have 4.
    let text = "[time]\nperiods = 4\n[inputs]\nx1 = \"uniform(0, 1) + uniform(0, 1)\"\n\
                x2 = \"each_period(uniform(0, 1))\"\n[revenue]\ny = \"x1 / 4 + x2\"\n";
    holds_indices(&shares(text, 1 << 14), &[[2.0 / 6.0; 2], [4.0 / 6.0; 2]], 0.01);
}

#[test]
fn large_amounts_cost_no_digits() {
    let report = shares(&scenario(&["uniform(0, 1)"; 2], "1e9 + 2 * x1 + x2"), 1 << 14);
    holds_indices(&report, &[[0.8; 2], [0.2; 2]], 0.01);
}

#[test]
fn correlated_inputs_share_what_they_cause_together() {
    // Y = b₁X₁ + b₂X₂ + b₃X₃, unit normals, X₁ and X₂ with normal correlation r, X₃ independent. With two inputs
    // V[E(Y|X₁)] = (b₁ + r·b₂)² and V[E(Y|X₂)] = (b₂ + r·b₁)², and the Shapley value of the first is
    // ½·[(b₁ + r·b₂)² + V₁₂ − (b₂ + r·b₁)²] = ½·[V₁₂ + (b₁² − b₂²)(1 − r²)], where V₁₂ = b₁² + b₂² + 2r·b₁b₂.
    // An independent third adds b₃² to V and to its own part alone. Rank 0.5 is r = 2 sin(π/12).
    let text = scenario(&["normal(0, 1)"; 3], "2 * x1 + x2 + x3")
        + "[[correlations]]\nbetween = [\"inputs.x1\", \"inputs.x2\"]\nrank = 0.5\n";
    let report = shares(&text, 1 << 14);
    let r = 2.0 * (PI / 12.0).sin();
    let pair = 4.0 + 1.0 + 4.0 * r;
    let first = 0.5 * (pair + 3.0 * (1.0 - r * r));
    let expected = [first / (pair + 1.0), (pair - first) / (pair + 1.0), 1.0 / (pair + 1.0)];
    let found: Vec<f64> = (1..=3).map(|at| figure(&report, &format!("inputs.x{at}"), "effect")).collect();
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 0.01, "{found} is not {expected}");
    }
    assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(report.data["shares"], "shapley");
    assert!(report.notes[0].contains("Shapley effects"));
}

#[test]
fn many_inputs_share_by_random_orders() {
    // Nine unit normals added up, two of them with normal correlation r: V = 9 + 2r, of which by symmetry each of the
    // two has 1 + r and each other 1.
    let inputs: Vec<String> = (1..=9).map(|at| format!("x{at}")).collect();
    let text = scenario(&["normal(0, 1)"; 9], &inputs.join(" + "))
        + "[[correlations]]\nbetween = [\"inputs.x4\", \"inputs.x7\"]\nrank = 0.5\n";
    let report = shares(&text, 1 << 13);
    let r = 2.0 * (PI / 12.0).sin();
    let mut sum = 0.0;
    for at in 1..=9 {
        let found = figure(&report, &format!("inputs.x{at}"), "effect");
        let expected = if at == 4 || at == 7 { (1.0 + r) / (9.0 + 2.0 * r) } else { 1.0 / (9.0 + 2.0 * r) };
        assert!((found - expected).abs() < 0.03, "x{at}: {found} is not {expected}");
        sum += found;
    }
    assert!((sum - 1.0).abs() < 1e-12);
}

#[test]
fn what_does_not_vary_or_is_undefined_is_told() {
    let report = shares(&scenario(&["uniform(0, 1)"], "5 + 0 * x1"), 1 << 12);
    assert!(report.data["inputs"].as_array().unwrap().is_empty());
    assert_eq!(report.notes, ["`profit` is the same in all draws: there is nothing to share out"]);
    let report = shares(&scenario(&["uniform(0, 1)"; 2], "sqrt(x1 - 0.25) + x2 / 10"), 1 << 12);
    // A draw counts where A, B and the mixtures are defined: both x₁ are above a quarter, 9/16 of the draws.
    assert!((number(&report, "undefined_share") - 7.0 / 16.0).abs() < 0.02);
    assert!(report.notes.iter().any(|note| note.contains("no value in 4")), "{:?}", report.notes);
    let report = shares(&scenario(&["uniform(0, 1)"], "sqrt(x1 - 2)"), 1 << 12);
    assert!(report.data["mean"].is_null());
    assert_eq!(report.undefined[0].0, "mean");
}

#[test]
fn nothing_uncertain_is_an_error_that_tells_how_to_write_a_range() {
    let told = |text: &str| {
        let scenario = Scenario::parse("s.toml", text).unwrap();
        let model = Model::compile(&scenario).unwrap();
        let metric = Path::from("profit");
        let of_shares = global::report(&scenario, &model, &metric, design(1 << 12)).unwrap_err().message;
        assert_eq!(information::report(&scenario, &model, &metric, design(1 << 12)).unwrap_err().message, of_shares);
        of_shares
    };
    assert_eq!(told("users = 1\nprice = 2\n"), "nothing in the scenario is uncertain");
    assert_eq!(
        told("users = 1\nprice = 2\n[inputs]\nx = \"uniform(0, 1)\"\n"),
        "`profit` depends on nothing that is uncertain"
    );
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let text = scenario(&["uniform(0, 1)"; 3], "x1 * x2 + x3");
    let tied = format!("{text}[[correlations]]\nbetween = [\"inputs.x1\", \"inputs.x2\"]\nrank = 0.3\n");
    for text in [&text, &tied] {
        let answers = || (shares(text, 1 << 12).data, worth(text, 1 << 12).data);
        assert_eq!(parallel::on_threads(1, answers).unwrap(), parallel::on_threads(3, answers).unwrap());
    }
}

#[test]
fn what_is_worth_knowing_of_a_sum_of_uniforms_is_a_triangle() {
    // Y = x₁ + x₂ − 160 with means 100 and 50: leave it. Who knows x₁ goes above 110, where E[Y | x₁] = x₁ − 110 is up to
    // 90: 90² / 2 / 200 = 20.25. Who knows x₂ goes above 60: 40² / 2 / 100 = 8.
    let text = scenario(&["uniform(0, 200)", "uniform(0, 100)"], "x1 + x2 - 160");
    let report = worth(&text, 1 << 16);
    assert_eq!(report.data["decision"], "leave");
    for (path, expected) in [("inputs.x1", 20.25), ("inputs.x2", 8.0)] {
        let found = figure(&report, path, "value");
        assert!((found - expected).abs() < 0.1, "{path}: {found} is not {expected}");
    }
}

#[test]
fn what_is_worth_knowing_of_a_sum_of_normals_has_its_closed_form() {
    // Y = 10 + x₁ + x₂ with deviations 30 and 20: go. E[Y | x₁] is normal with mean 10 and deviation 30, so that knowing x₁
    // is worth E[max(0, 10 + 30z)] − 10 = 30·φ(1/3) − 10·Φ(−1/3) (H. Raiffa and R. Schlaifer, Applied statistical decision
    // theory, 1961); and so for x₂ with 20, and for both with √1300. φ and Φ are those of mpmath:
    // 30 · 0.377383 − 10 · 0.369441 = 7.62708; 20 · 0.352065 − 10 · 0.308538 = 3.95593; 36.0555 · 0.383890 − 10 · 0.390756 = 9.93378.
    let report = worth(&scenario(&["normal(0, 30)", "normal(0, 20)"], "10 + x1 + x2"), 1 << 16);
    assert_eq!(report.data["decision"], "go");
    for (path, expected) in [("inputs.x1", 7.627_08), ("inputs.x2", 3.955_93)] {
        let found = figure(&report, path, "value");
        assert!((found - expected).abs() < 0.05, "{path}: {found} is not {expected}");
    }
    assert!((number(&report, "perfect") - 9.933_78).abs() < 0.05, "{}", report.data["perfect"]);
}

#[test]
fn what_is_worth_knowing_may_lie_in_the_middle() {
    // E[Y | x₁] = 1 − (x₁ − 5)² is above 0 between 4 and 6 only: ∫ over (4, 6) is 4/3, a tenth of which is 2/15. The mean
    // is 1 − 25/3. To know x₂ alone, which moves Y by at most 0.5, changes nothing.
    let report = worth(&scenario(&["uniform(0, 10)", "uniform(-0.5, 0.5)"], "1 - (x1 - 5) ^ 2 + x2"), 1 << 16);
    assert!((number(&report, "mean") - (1.0 - 25.0 / 3.0)).abs() < 0.05);
    assert!((figure(&report, "inputs.x1", "value") - 2.0 / 15.0).abs() < 0.003);
    assert_eq!(figure(&report, "inputs.x2", "value"), 0.0);
}

#[test]
fn every_kind_of_answer_keeps_the_schema() {
    let independent = scenario(&["uniform(0, 1)"; 2], "x1 + x2");
    let tied = format!("{independent}[[correlations]]\nbetween = [\"inputs.x1\", \"inputs.x2\"]\nrank = 0.3\n");
    let undefined = scenario(&["uniform(0, 1)"], "sqrt(x1 - 2)");
    for text in [independent, tied, undefined] {
        for report in [shares(&text, 1 << 12), worth(&text, 1 << 12)] {
            let (_, schema) = SCHEMAS.iter().find(|(name, _)| *name == report.kind).unwrap();
            let validator = jsonschema::validator_for(&schema()).unwrap();
            let json = render(&[report], Format::Json, &render::Options::default()).unwrap();
            let answer: serde_json::Value = serde_json::from_slice(&json).unwrap();
            let wrong: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }
}

#[test]
fn only_money_is_worth_something() {
    let scenario = Scenario::parse("s.toml", "users = \"uniform(1, 2)\"\nprice = 2\ncosts.a = 1\n").unwrap();
    let model = Model::compile(&scenario).unwrap();
    let wrong = information::report(&scenario, &model, &Path::from("return_rate"), design(1 << 12)).unwrap_err();
    assert_eq!(wrong.message, "`return_rate` is not an amount of money");
}
