//! Whole outputs: every transcript under `tests/cases/` and every console block of the README is run, and what is
//! printed must be what stands there, to the byte.
//!
//! A transcript is a text of commands and what they print:
//!
//! ```text
//! $ bizmodel eval customer-service.toml
//! … standard output, then standard error …
//! [status 2]
//! ```
//!
//! The status is written where it is not 0; a line that begins with `-- ` is a comment. Commands run in a shell in a fresh folder that holds the scenarios and
//! the files beside the transcript, with the binary on the path. `BLESS=1 cargo test --test transcripts` writes down what is printed now.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a command line as a person would; gives what stands on the screen and the status.
fn run(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_bizmodel")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    let mut screen = String::from_utf8(output.stdout).unwrap();
    if !screen.is_empty() && !screen.ends_with('\n') {
        screen.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(status) => writeln!(screen, "[status {status}]").unwrap(),
        None => writeln!(screen, "[killed]").unwrap(),
    }
    screen
}

/// A transcript's commands, run again: the same text where everything is as it was.
fn replay(transcript: &str, folder: &Path) -> String {
    let mut out = String::new();
    let mut lines = transcript.lines().peekable();
    while let Some(line) = lines.next() {
        writeln!(out, "{line}").unwrap();
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && !line.starts_with("-- ")) {
            expected.push(line);
        }
        // Blank lines between a command's output and the next command are layout.
        let layout = expected.iter().rev().take_while(|line| line.is_empty()).count();
        if command.contains("jq ") && !has_jq() {
            for line in expected {
                writeln!(out, "{line}").unwrap();
            }
            continue;
        }
        let screen = run(command, folder);
        for line in screen.trim_end_matches('\n').lines() {
            writeln!(out, "{line}").unwrap();
        }
        out.push_str(&"\n".repeat(layout));
    }
    out
}

fn has_jq() -> bool {
    let found = Command::new("jq").arg("--version").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "jq is missing, and in CI the commands that use it must run");
    found
}

/// A fresh folder with the scenarios and the files that stand beside a transcript.
fn workplace(beside: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for source in [Path::new("scenarios"), beside] {
        for entry in fs::read_dir(source).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.extension().is_none_or(|extension| extension != "txt") {
                fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    fs::create_dir(folder.path().join("scenarios")).unwrap();
    for entry in fs::read_dir("scenarios").unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join("scenarios").join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn transcripts(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(transcripts(&path));
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn check(file: &Path, expected: &str, found: &str, failed: &mut Vec<String>) {
    if expected == found {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, found).unwrap();
        return;
    }
    failed.push(format!("{}\n{}", file.display(), pretty_assertions::StrComparison::new(expected, found)));
}

#[test]
fn every_transcript_prints_what_it_says() {
    let mut failed = Vec::new();
    for file in transcripts(Path::new("tests/cases")) {
        let expected = fs::read_to_string(&file).unwrap();
        let folder = workplace(file.parent().unwrap());
        check(&file, &expected, &replay(&expected, folder.path()), &mut failed);
    }
    assert!(failed.is_empty(), "{} transcripts differ:\n{}", failed.len(), failed.join("\n"));
}

/// The console blocks of the README are one session.
#[test]
fn every_command_of_the_readme_prints_what_it_says() {
    let file = Path::new("README.md");
    let readme = fs::read_to_string(file).unwrap();
    let folder = workplace(Path::new("scenarios"));
    let mut found = String::new();
    let mut block: Option<String> = None;
    for line in readme.lines() {
        match (&mut block, line) {
            (None, "```console") => block = Some(String::new()),
            (Some(text), "```") => {
                found.push_str(&replay(text, folder.path()));
                block = None;
            }
            (Some(text), line) => {
                writeln!(text, "{line}").unwrap();
                continue;
            }
            (None, _) => {}
        }
        writeln!(found, "{line}").unwrap();
    }
    let mut failed = Vec::new();
    check(file, &readme, &found, &mut failed);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
