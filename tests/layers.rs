//! The house: which part of the library may know which, read off the `use` lines and paths of the source.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each part and what it may use. The order is the direction: no part knows one below it.
const MAY_USE: &[(&str, &[&str])] = &[
    ("numeric", &[]),
    ("finance", &["numeric"]),
    ("dist", &["numeric"]),
    ("error", &[]),
    ("report", &["error"]),
    ("formula", &["dist", "error", "numeric"]),
    ("scenario", &["error", "formula"]),
    ("model", &["dist", "error", "finance", "formula", "numeric", "report", "scenario"]),
    ("analysis", &["dist", "error", "finance", "formula", "model", "numeric", "report", "scenario"]),
    ("render", &["error", "report"]),
];

/// The outside crates and the files that may name them; serde's and schemars' derives may stand anywhere.
const HOMES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["src/error/excerpt.rs"]),
    ("anyhow", &["src/cli.rs", "src/cli/"]),
    ("clap", &["src/cli.rs", "src/cli/"]),
    ("clap_complete", &["src/cli/completions.rs"]),
    ("clap_mangen", &["src/cli/man.rs"]),
    ("comfy_table", &["src/render/table.rs", "src/render/layout.rs"]),
    ("csv", &["src/render/csv.rs", "src/render.rs"]),
    ("ctrlc", &["src/cli/simulate/progress.rs"]),
    ("indicatif", &["src/cli/simulate/progress.rs"]),
    ("jiff", &["src/scenario/label.rs"]),
    ("libm", &["src/numeric/normal.rs"]),
    ("rayon", &["src/numeric/parallel.rs"]),
    ("statrs", &["src/dist/special.rs"]),
    ("strsim", &["src/error/suggest.rs"]),
    ("tempfile", &["src/cli/output.rs"]),
    ("terminal_size", &["src/cli/output.rs"]),
    ("toml", &["src/scenario/tree.rs"]),
    ("unicode_ident", &["src/formula/"]),
    ("unicode_width", &["src/render/"]),
    ("zmij", &["src/report/number/machine.rs"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The lines of code of a file: no comments, no tests.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(str::to_owned)
        .collect()
}

fn part(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn dependencies_run_one_way() {
    let allowed: HashMap<_, _> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in sources(Path::new("src")) {
        let part = part(&path);
        let Some(allowed) = allowed.get(part.as_str()) else { continue };
        for line in code(&path) {
            for (other, _) in MAY_USE.iter().filter(|(other, _)| *other != part && !allowed.contains(other)) {
                if line.contains(&format!("crate::{other}::")) || line.contains(&format!("crate::{other};")) {
                    wrong.push(format!("{}: `{part}` may not know `{other}`: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_outside_crate_has_one_home() {
    let mut wrong = Vec::new();
    for path in sources(Path::new("src")) {
        let name = path.to_string_lossy().into_owned();
        for line in code(&path) {
            for (krate, homes) in HOMES {
                let named =
                    [format!("use {krate}::"), format!(" {krate}::"), format!("({krate}::"), format!("<{krate}::")];
                let inside = homes.iter().any(|home| name.starts_with(home));
                if !inside && named.iter().any(|text| line.contains(text)) && !line.contains(&format!("mod {krate}")) {
                    wrong.push(format!("{name}: {krate} lives in {}: {}", homes.join(", "), line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_is_known_here() {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    for line in section.lines().filter_map(|line| line.split_once(" = ")) {
        let name = line.0.replace('-', "_");
        let everywhere = ["serde", "serde_json", "schemars", "indexmap"].contains(&name.as_str());
        assert!(everywhere || HOMES.iter().any(|(krate, _)| *krate == name), "`{name}` has no home in this test");
    }
}

#[test]
fn the_pure_core_touches_no_file_clock_terminal_or_process() {
    for path in sources(Path::new("src")) {
        let part = part(&path);
        if ["main", "cli"].contains(&part.as_str()) {
            continue;
        }
        for line in code(&path) {
            for taboo in ["std::fs", "std::env", "std::process", "std::io::std", "std::time", "Instant::", "SystemTime"]
            {
                assert!(!line.contains(taboo), "{}: {}", path.display(), line.trim());
            }
        }
    }
}
