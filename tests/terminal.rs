//! What stands on a terminal: tables fit its width, and results stand out unless `NO_COLOR` is set.
//!
//! The terminal is one of `script` from util-linux; where that is missing, only CI insists on it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::process::{Command, Stdio};

/// What `bizmodel` shows on a terminal of that many columns.
fn on_terminal(columns: usize, arguments: &str, no_color: &str) -> Option<String> {
    let found = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        assert!(std::env::var_os("CI").is_none(), "script is missing, and in CI the terminal must be tested");
        return None;
    }
    let command = format!("stty rows 40 cols {columns}; '{}' {arguments}", env!("CARGO_BIN_EXE_bizmodel"));
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir("scenarios")
        .env("SHELL", "/bin/sh")
        .env("TERM", "xterm")
        .env("NO_COLOR", no_color)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // A terminal begins each line at its edge.
    Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"))
}

/// The names of the lines' table, each as it stands.
fn names(shown: &str) -> Vec<&str> {
    shown.lines().filter_map(|line| line.split_whitespace().next()).filter(|word| word.contains('.')).collect()
}

#[test]
fn tables_fit_the_terminal_and_keep_their_names_and_numbers() {
    for columns in [40, 60, 80, 200] {
        let Some(shown) = on_terminal(columns, "eval copilot.toml", "1") else { return };
        assert!(shown.lines().all(|line| line.chars().count() <= columns), "{columns} columns:\n{shown}");
        for whole in ["1,000,000,000", "0.000006", "26,000.00", "H100-hour"] {
            assert!(shown.contains(whole), "{whole} at {columns} columns:\n{shown}");
        }
        assert!(names(&shown).contains(&"revenue.subscription"), "{columns} columns:\n{shown}");
    }
}

#[test]
fn a_narrow_terminal_shows_the_columns_below_each_other() {
    let Some(narrow) = on_terminal(40, "eval copilot.toml", "1") else { return };
    let Some(wide) = on_terminal(120, "eval copilot.toml", "1") else { return };
    let times = |shown: &str| names(shown).iter().filter(|name| **name == "costs.training").count();
    assert_eq!((times(&narrow), times(&wide)), (3, 1), "{narrow}{wide}");
}

#[test]
fn results_stand_out_on_a_terminal_unless_color_is_refused() {
    for (no_color, colored) in [("", true), ("1", false)] {
        for arguments in ["eval customer-service.toml", "eval customer-service.toml --set usrs=5"] {
            let Some(shown) = on_terminal(80, arguments, no_color) else { return };
            assert_eq!(shown.contains("\u{1b}["), colored, "{arguments}, NO_COLOR={no_color:?}:\n{shown}");
        }
    }
}
