//! What every command does with good, broken and missing input, a closed pipe and an unwritable output.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn bizmodel(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bizmodel"));
    command.args(arguments).current_dir("scenarios");
    command
}

fn run(arguments: &[&str]) -> Output {
    bizmodel(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The commands that read a scenario, each with the arguments behind the file.
const ASKING: &[(&str, &[&str])] = &[
    ("eval", &[]),
    ("explain", &["profit"]),
    ("check", &["--that", "users > 0"]),
    ("compare", &["customer-service.toml"]),
    ("review", &[]),
    ("sensitivity", &[]),
    ("simulate", &["--samples", "1k"]),
    ("solve", &["price"]),
    ("sweep", &["users=0..2_000"]),
    ("sweep", &["users=0..2_000", "--format", "csv", "--quiet"]),
];

/// The commands whose answer may be no, with the arguments behind the file for which it is.
const REFUSING: &[(&str, &[&str])] =
    &[("check", &["--that", "users < 0"]), ("solve", &["users", "--until", "return_rate=-200%"])];

/// The commands that read none.
const TELLING: &[&[&str]] =
    &[&["catalog"], &["init", "copilot"], &["schema"], &["completions", "bash"], &["man"], &["help", "formulas"]];

fn asking(command: &str, file: &str, rest: &[&str]) -> Vec<String> {
    [command, file].iter().chain(rest).map(ToString::to_string).collect()
}

/// What a command meets.
#[derive(Clone, Copy, Debug)]
enum Situation {
    Good,
    StandardInput,
    /// The answer is no.
    Failing,
    Broken,
    Missing,
    Folder,
    /// The reader of standard output has gone.
    ClosedPipe,
    /// Standard output is full.
    #[cfg(target_os = "linux")]
    Full,
    /// The folder of `--output` does not exist.
    Unwritable,
}

const SITUATIONS: &[Situation] = &[
    Situation::Good,
    Situation::StandardInput,
    Situation::Failing,
    Situation::Broken,
    Situation::Missing,
    Situation::Folder,
    Situation::ClosedPipe,
    #[cfg(target_os = "linux")]
    Situation::Full,
    Situation::Unwritable,
];

impl Situation {
    /// The status, and whether something is written to standard output and to standard error.
    fn expected(self) -> (i32, bool, bool) {
        match self {
            Situation::Good | Situation::StandardInput => (0, true, false),
            Situation::Failing => (1, true, false),
            Situation::ClosedPipe => (0, false, false),
            Situation::Broken | Situation::Missing | Situation::Folder | Situation::Unwritable => (2, false, true),
            #[cfg(target_os = "linux")]
            Situation::Full => (2, false, true),
        }
    }

    fn file(self) -> &'static str {
        match self {
            Situation::StandardInput | Situation::Broken => "-",
            Situation::Missing => "missing.toml",
            Situation::Folder => ".",
            _ => "customer-service.toml",
        }
    }

    fn input(self) -> &'static [u8] {
        match self {
            Situation::StandardInput => b"users = 1\nprice = 2\n",
            Situation::Broken => b"users = \n",
            _ => b"",
        }
    }

    /// What a command does in it: its status, and what it writes to standard output and to standard error.
    fn run(self, arguments: &[&str]) -> (i32, bool, bool) {
        let mut child = bizmodel(arguments);
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        match self {
            #[cfg(target_os = "linux")]
            Situation::Full => {
                child.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
            }
            Situation::Unwritable => {
                child.args(["--output", "no/such/folder/x.csv"]);
            }
            _ => {}
        }
        let mut child = child.spawn().unwrap();
        if matches!(self, Situation::ClosedPipe) {
            drop(child.stdout.take());
        }
        // A command that does not read its input may close it first.
        let _ = child.stdin.take().unwrap().write_all(self.input());
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), !output.stdout.is_empty(), !output.stderr.is_empty())
    }
}

#[test]
fn every_command_ends_with_the_status_of_its_situation() {
    for situation in SITUATIONS {
        let commands = if matches!(situation, Situation::Failing) { REFUSING } else { ASKING };
        for (command, rest) in commands {
            let arguments = asking(command, situation.file(), rest);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            assert_eq!(situation.run(&arguments), situation.expected(), "{command}: {situation:?}");
        }
    }
    for arguments in TELLING {
        for situation in [Situation::Good, Situation::ClosedPipe] {
            assert_eq!(situation.run(arguments), situation.expected(), "{arguments:?}: {situation:?}");
        }
    }
    for usage in [&["eval"][..], &["evil", "x"], &["eval", "customer-service.toml", "--format", "yaml"], &[]] {
        assert_eq!(run(usage).status.code(), Some(2), "{usage:?}");
    }
}

#[test]
fn a_forecast_needs_periods_and_is_otherwise_as_any_answer() {
    let status = |arguments: &[&str]| run(arguments).status.code();
    assert_eq!(status(&["forecast", "copilot-seats.toml"]), Some(0));
    assert_eq!(status(&["forecast", "-", "--by", "year"]), Some(2));
    let output = run(&["forecast", "customer-service.toml"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("add `[time]` with `periods = 36`"));
    for wrong in [&["--metric", "profits"][..], &["--metric", "npv"], &["--by", "decade"], &["--case", "boom"]] {
        assert_eq!(status(&[&["forecast", "copilot-seats.toml"], wrong].concat()), Some(2), "{wrong:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_told() {
    for (command, rest) in ASKING {
        let arguments = asking(command, "customer-service.toml", rest);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = bizmodel(&arguments).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"), "{command}");
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
