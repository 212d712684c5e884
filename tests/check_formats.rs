//! What `check` prints for machines is valid by the rules of its formats, and all formats tell the same.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::process::{Command, Stdio};

use serde_json::Value;

const SCENARIOS: &[&str] = &[
    "tests/cases/check/plan.toml",
    "tests/cases/check/passing.toml",
    "scenarios/copilot.toml",
    "tests/cases/check/hostile.toml",
];

/// What `check` prints, and its status.
fn check(file: &str, format: &str) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_bizmodel"))
        .args(["check", file, "--cases", "--quiet", "--format", format])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

/// How many checks passed, failed and warned, in all scenarios and cases of a file.
fn counts(file: &str) -> [u64; 3] {
    let (text, status) = check(file, "json");
    let mut counts = [0; 3];
    for report in serde_json::Deserializer::from_str(&text).into_iter::<Value>().map(Result::unwrap) {
        for (count, key) in counts.iter_mut().zip(["passed", "failed", "warned"]) {
            *count += report[key].as_u64().unwrap();
        }
    }
    assert_eq!(status, i32::from(counts[1] > 0), "{file}");
    counts
}

#[test]
fn sarif_keeps_its_schema_and_has_a_result_for_each_failed_check() {
    let schema: Value = serde_json::from_str(include_str!("schemas/sarif-2.1.0-subset.json")).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for file in SCENARIOS {
        let log: Value = serde_json::from_str(&check(file, "sarif").0).unwrap();
        let wrong: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{file}: {wrong:?}");
        let results = log["runs"][0]["results"].as_array().unwrap();
        let [_, failed, warned] = counts(file);
        let of = |level: &str| results.iter().filter(|result| result["level"] == level).count() as u64;
        assert_eq!([of("error"), of("warning")], [failed, warned], "{file}");
    }
}

#[test]
fn junit_has_a_case_for_each_check_and_counts_that_add_up() {
    for file in SCENARIOS {
        let text = check(file, "junit").0;
        let document = roxmltree::Document::parse(&text).unwrap();
        let [passed, failed, warned] = counts(file);
        let of = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count() as u64;
        assert_eq!(
            [of("testcase"), of("failure"), of("skipped")],
            [passed + failed + warned, failed, warned],
            "{file}"
        );
        let said = |name: &str| document.root_element().attribute(name).unwrap().parse::<u64>().unwrap();
        assert_eq!([said("tests"), said("failures"), said("errors")], [passed + failed + warned, failed, 0], "{file}");
    }
}

#[test]
fn github_has_a_line_for_each_failed_check() {
    for file in SCENARIOS {
        let text = check(file, "github").0;
        let [_, failed, warned] = counts(file);
        let of = |begin: &str| text.lines().filter(|line| line.starts_with(begin)).count() as u64;
        assert_eq!([of("::error "), of("::warning ")], [failed, warned], "{file}");
        assert_eq!(text.lines().count() as u64, failed + warned, "{file}");
    }
}
