//! What every command does with good, broken and missing input, a closed pipe and an unwritable output.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::io::{Read as _, Write as _};
use std::process::{Command, Output, Stdio};

fn bizmodel(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bizmodel"));
    command.args(arguments).current_dir("scenarios");
    command
}

fn run(arguments: &[&str]) -> Output {
    bizmodel(arguments).stdin(Stdio::null()).output().unwrap()
}

fn run_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child =
        bizmodel(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input may close it first.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The commands that read a scenario, each with the arguments behind the file.
const ASKING: &[(&str, &[&str])] = &[
    ("eval", &[]),
    ("explain", &["profit"]),
    ("compare", &["customer-service.toml"]),
    ("sensitivity", &[]),
    ("solve", &["price"]),
    ("sweep", &["users=0..2_000"]),
    ("sweep", &["users=0..2_000", "--format", "csv", "--quiet"]),
];

/// The commands that read none.
const TELLING: &[&[&str]] =
    &[&["init", "copilot"], &["schema"], &["completions", "bash"], &["man"], &["help", "formulas"]];

fn asking(command: &str, file: &str, rest: &[&str]) -> Vec<String> {
    [command, file].iter().chain(rest).map(ToString::to_string).collect()
}

#[test]
fn exit_statuses_are_as_documented() {
    for (command, rest) in ASKING {
        let status = |file: &str, input: &[u8]| {
            let arguments = asking(command, file, rest);
            let output = run_with_input(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), input);
            (output.status.code(), output.stdout.is_empty(), output.stderr.is_empty())
        };
        assert_eq!(status("customer-service.toml", b""), (Some(0), false, true), "{command}, good");
        assert_eq!(status("-", b"users = 1\nprice = 2\n"), (Some(0), false, true), "{command}, standard input");
        assert_eq!(status("-", b"users = \n"), (Some(2), true, false), "{command}, broken");
        assert_eq!(status("missing.toml", b""), (Some(2), true, false), "{command}, missing");
        assert_eq!(status(".", b""), (Some(2), true, false), "{command}, a folder");
    }
    for arguments in TELLING {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
    for usage in [&["eval"][..], &["evil", "x"], &["eval", "customer-service.toml", "--format", "yaml"], &[]] {
        assert_eq!(run(usage).status.code(), Some(2), "{usage:?}");
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let commands = ASKING.iter().map(|(command, rest)| asking(command, "customer-service.toml", rest));
    let telling = TELLING.iter().map(|arguments| arguments.iter().map(ToString::to_string).collect());
    for arguments in commands.chain(telling) {
        let mut child = bizmodel(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_status_2() {
    for (command, rest) in ASKING {
        let arguments = asking(command, "customer-service.toml", rest);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = bizmodel(&arguments).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"), "{command}");

        let missing = [&arguments[..], &["--output", "no/such/folder/x.csv"]].concat();
        assert_eq!(run(&missing).status.code(), Some(2), "{command}");
    }
}

#[test]
fn a_file_is_written_whole_with_the_format_of_its_extension() {
    let folder = tempfile::tempdir().unwrap();
    for (extension, begins) in [("json", "{\n"), ("csv", "metric,"), ("md", "## "), ("txt", "Smart")] {
        let path = folder.path().join(format!("answer.{extension}"));
        let path = path.to_str().unwrap();
        let output = run(&["eval", "customer-service.toml", "--quiet", "--output", path]);
        assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(0), 0, 0));
        assert!(std::fs::read_to_string(path).unwrap().starts_with(begins), "{extension}");
    }
    let unknown = folder.path().join("answer.xyz");
    assert_eq!(run(&["eval", "customer-service.toml", "--output", unknown.to_str().unwrap()]).status.code(), Some(2));
    assert!(!unknown.exists());
}

#[test]
fn rows_are_the_same_bytes_on_any_number_of_threads() {
    let arguments = ["sweep", "copilot.toml", "inputs.visitors=0..90k:x900", "price=18..22:0.1", "--metric", "margin"];
    for format in ["csv", "ndjson", "json"] {
        let on = |threads: &str| {
            let mut command = bizmodel(&[&arguments[..], &["--format", format]].concat());
            command.env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
        };
        let alone = on("1");
        assert!(alone.len() > 900 * 41);
        for threads in ["2", "8"] {
            assert!(on(threads) == alone, "{format} on {threads} threads");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        let written = run(&[&arguments[..], &["--format", format, "--output", path.to_str().unwrap()]].concat());
        assert_eq!((written.status.code(), written.stdout.len()), (Some(0), 0));
        assert!(std::fs::read(&path).unwrap() == alone, "{format} into a file");
    }
}

#[test]
fn a_failed_command_leaves_an_existing_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer.json");
    std::fs::write(&path, "precious").unwrap();
    let path = path.to_str().unwrap();
    assert_eq!(run(&["eval", "missing.toml", "--output", path]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "precious");
    assert_eq!(run(&["init", "copilot", "--output", path]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "precious");
    assert_eq!(run(&["init", "copilot", "--output", path, "--force"]).status.code(), Some(0));
    assert!(std::fs::read_to_string(path).unwrap().contains("Support copilot"));
}

#[test]
fn a_scenario_is_never_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    let text = "users = 1_000 # N\r\nprice = 2\r\n";
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    assert!(run(&["eval", path, "--set", "users=5"]).status.success());
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
}
