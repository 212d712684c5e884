//! Published figures, written as scenarios that anyone can read: every file under `tests/known/` says where its figures
//! come from, and its checks hold them. And none of its inputs is there for show.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn scenarios() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir("tests/known").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn check(file: &str, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bizmodel"));
    command.args(["check", file]).args(options).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn every_published_figure_is_met() {
    assert!(scenarios().len() >= 9);
    for path in scenarios() {
        let output = check(path.to_str().unwrap(), &[]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
}

#[test]
fn a_quarter_more_of_any_input_misses_a_figure() {
    for path in scenarios() {
        let file = path.to_str().unwrap();
        let document: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        for (name, value) in document["inputs"].as_table().unwrap() {
            let number =
                value.as_float().or_else(|| value.as_integer().and_then(|whole| whole.to_string().parse().ok()));
            let Some(number) = number else { continue };
            let output = check(file, &["--set", &format!("inputs.{name}={}", number * 1.25)]);
            assert_eq!(output.status.code(), Some(1), "{file}: nothing depends on `{name}`");
        }
    }
}
