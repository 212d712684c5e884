//! What is shipped runs: every scenario in every format, with numbers that agree and JSON that keeps its contract.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

fn scenarios() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir("scenarios")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bizmodel")).args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments)).unwrap()
}

/// The objects of an answer: one for each scenario and case.
fn objects(arguments: &[&str]) -> Vec<Value> {
    serde_json::Deserializer::from_str(&run(arguments)).into_iter().map(Result::unwrap).collect()
}

/// The questions that are asked of every scenario.
const QUESTIONS: &[&[&str]] = &[
    &["eval"],
    &["explain", "profit"],
    &["explain", "return_rate"],
    &["check", "--that", "cost > 0"],
    &["review"],
    &["simulate", "--samples", "2k"],
    &["sensitivity"],
    &["solve", "costs.data", "--until", "cost=1B"],
    &["sweep", "costs.data=80..120:20"],
    &["sweep", "costs.operations=0,100", "costs.data=0..2M", "--grid"],
];

/// The questions that are asked of every scenario with periods besides.
const QUESTIONS_OF_TIME: &[&[&str]] =
    &[&["forecast"], &["forecast", "--by", "year", "--lines"], &["explain", "profit", "--period", "0"]];

/// The questions that are asked of a scenario.
fn questions(file: &str) -> impl Iterator<Item = &'static [&'static str]> {
    let timed = fs::read_to_string(file).unwrap().contains("\n[time]\n");
    QUESTIONS.iter().chain(if timed { QUESTIONS_OF_TIME } else { &[] }).copied()
}

fn ask<'a>(question: &[&'a str], file: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    [&question[..1], &[file], &question[1..], options].concat()
}

#[test]
fn every_scenario_answers_every_question_in_every_format() {
    for path in scenarios() {
        let file = path.to_str().unwrap();
        for question in questions(file) {
            for format in ["table", "json", "csv", "ndjson", "markdown"] {
                let answer = run(&ask(question, file, &["--format", format]));
                let mut words = answer.split(|c: char| !c.is_alphanumeric());
                assert!(answer.ends_with('\n') && !words.any(|word| ["NaN", "inf"].contains(&word)), "{file} {format}");
            }
        }
    }
}

#[test]
fn every_answer_keeps_the_schema_that_describes_it() {
    for path in scenarios() {
        let file = path.to_str().unwrap();
        for question in questions(file) {
            let schema = json(&["schema", question[0]]);
            let validator = jsonschema::validator_for(&schema).unwrap();
            let keys = schema["properties"].as_object().unwrap();
            for answer in objects(&ask(question, file, &["--json"])) {
                let wrong: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
                assert!(wrong.is_empty(), "{file} {question:?}: {wrong:?}");
                for key in answer.as_object().unwrap().keys() {
                    assert!(keys.contains_key(key), "{question:?}: the schema does not know `{key}`");
                }
            }
        }
    }
}

#[test]
fn the_catalog_keeps_its_schema_and_speaks_of_no_scenario() {
    let validator = jsonschema::validator_for(&json(&["schema", "catalog"])).unwrap();
    let answer = json(&["catalog", "--json"]);
    let wrong: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty() && answer["scenario"].is_null(), "{wrong:?}");
    assert!(!validator.is_valid(&json(&["eval", "scenarios/copilot.toml", "--json"])));
    for format in ["table", "csv", "ndjson", "markdown"] {
        assert!(run(&["catalog", "--format", format]).contains("h100.flops"), "{format}");
    }
}

#[test]
fn every_scenario_keeps_the_schema_for_editors() {
    let schema = json(&["schema", "scenario"]);
    let validator = jsonschema::validator_for(&schema).unwrap();
    for path in scenarios() {
        let document: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        let document = serde_json::to_value(document).unwrap();
        let wrong: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
    for wrong in [r#"{"user": 1}"#, r#"{"users": [1]}"#, r#"{"costs": {"data": {"amout": 1}}}"#] {
        let document: Value = serde_json::from_str(wrong).unwrap();
        assert!(!validator.is_valid(&document), "{wrong}");
    }
}

/// All numbers of a JSON answer.
fn numbers(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Number(number) => found.extend(number.as_f64()),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        Value::Object(map) => map.values().for_each(|item| numbers(item, found)),
        _ => {}
    }
}

#[test]
fn the_tables_of_csv_carry_every_number_of_json() {
    for path in scenarios() {
        let file = path.to_str().unwrap();
        let mut answer = json(&["eval", file, "--json"]);
        // Without impact there is no table of it.
        let impact = answer.get("impact").map(|_| "impact");
        let names = ["metrics", "lines", "break_even"].into_iter().chain(impact);
        let tables: Vec<String> =
            names.map(|table| run(&["eval", file, "--format", "csv", "--table", table])).collect();
        let tables = tables.join("\n");
        let cells: Vec<f64> = tables.split([',', '\n']).filter_map(|cell| cell.parse().ok()).collect();
        answer.as_object_mut().unwrap().remove("schema");
        let mut expected = Vec::new();
        numbers(&answer, &mut expected);
        for number in expected {
            assert!(cells.contains(&number), "{file}: {number} is not in the tables");
        }
    }
}

#[test]
fn every_scenario_is_a_template_and_every_template_a_scenario() {
    let listing = run(&["init"]);
    for path in scenarios() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(listing.contains(&format!("  {name} ")), "`init` does not offer {name}");
        assert_eq!(run(&["init", name]), fs::read_to_string(&path).unwrap());
    }
    assert_eq!(listing.lines().filter(|line| line.starts_with("  ")).count(), scenarios().len());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = || run(&["eval", "scenarios/copilot.toml", "--json"]);
    assert_eq!(once(), once());
}

#[test]
fn several_files_give_one_report_each_in_order() {
    let files = ["scenarios/copilot.toml", "scenarios/customer-service.toml"];
    let reports = objects(&["eval", files[0], files[1], "--json"]);
    let names: Vec<_> = reports.iter().map(|report| report["scenario"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Support copilot", "Smart customer service"]);
    for (file, report) in files.iter().zip(&reports) {
        assert_eq!(json(&["eval", file, "--json"]), *report);
    }
}

#[test]
fn every_scenario_that_has_checks_meets_them() {
    for path in scenarios() {
        if fs::read_to_string(&path).unwrap().contains("\n[checks]\n") {
            run(&["check", path.to_str().unwrap()]);
        }
    }
}
