//! What holds of every comparison: it keeps its schema, a scenario does not differ from itself, and the effects of the
//! changes add up to the difference.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::process::{Command, Stdio};

use serde_json::Value;

const SCENARIOS: [&str; 3] = ["customer-service.toml", "customer-service-streams.toml", "copilot.toml"];

fn run(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bizmodel"));
    let output = command.arg("compare").args(arguments).current_dir("scenarios").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn answer(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(&[arguments, &["--json"]].concat())).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().filter_map(Value::as_f64).collect()
}

#[test]
fn a_scenario_does_not_differ_from_itself() {
    for file in SCENARIOS {
        let answer = answer(&[file, file]);
        for metric in answer["metrics"].as_object().unwrap().values() {
            assert!(
                numbers(&metric["differences"]).iter().chain(&numbers(&metric["changes"])).all(|moved| *moved == 0.0)
            );
        }
        for drivers in answer["drivers"].as_object().unwrap().values() {
            assert_eq!(drivers.as_array().unwrap().len(), 0);
        }
        assert_eq!(answer["notes"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn the_effects_add_up_to_the_difference() {
    let pairs = [
        ["customer-service.toml", "customer-service-streams.toml"],
        ["customer-service-streams.toml", "customer-service.toml"],
    ];
    for files in pairs {
        let answer = answer(&files);
        for metric in ["profit", "return_rate"] {
            let difference = numbers(&answer["metrics"][metric]["differences"])[1];
            let effects = answer["drivers"][metric].as_array().unwrap();
            let sum: f64 = effects.iter().map(|driver| driver["effect"].as_f64().unwrap()).sum();
            assert!(difference != 0.0 && (sum - difference).abs() <= 1e-9 * difference.abs(), "{files:?} {metric}");
            // The two added lines are all that differs.
            assert_eq!(effects.len(), 2);
        }
    }
}

#[test]
fn answers_keep_their_schema_in_every_format() {
    let output = Command::new(env!("CARGO_BIN_EXE_bizmodel")).args(["schema", "compare"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let asked: [&[&str]; 3] = [
        &["copilot.toml", "--cases"],
        &["copilot.toml", "--cases", "--against", "quiet", "--metric", "lines.costs.marketing"],
        &["customer-service.toml", "customer-service-streams.toml"],
    ];
    for arguments in asked {
        let answer = answer(arguments);
        let wrong: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{arguments:?}: {wrong:?}");
        for format in ["table", "csv", "markdown"] {
            let shown = run(&[arguments, &["--format", format]].concat());
            assert!(!shown.contains("NaN") && !shown.contains("inf,"), "{shown}");
        }
    }
}
