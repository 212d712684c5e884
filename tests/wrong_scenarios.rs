//! The error catalogue: every file under `tests/wrong/` is a scenario with something wrong, and the file beside it holds
//! the exact message. `BLESS=1 cargo test --test wrong_scenarios` writes down what is said now.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bizmodel::model::Model;
use bizmodel::scenario::Changes;
use bizmodel::scenario::files::{File, Files};

/// The files that scenarios name, which stand beside them.
#[derive(Debug)]
struct Beside;

impl Files for Beside {
    fn read(&self, name: &str) -> Result<File, String> {
        let bytes = fs::read(Path::new("tests/wrong").join(name));
        let bytes = bytes.map_err(|error| format!("cannot read `{name}`: {error}"))?;
        Ok(File { name: name.to_owned(), bytes })
    }
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir("tests/wrong")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

/// What is said about a file, under its bare name so that the message does not depend on where it lies.
fn complaint(path: &Path) -> Option<String> {
    let name = path.file_name().unwrap().to_string_lossy();
    let bytes = fs::read(path).unwrap();
    Model::load_with(&name, &bytes, &Changes::default(), Arc::new(Beside)).err().map(|error| error.to_string())
}

#[test]
fn every_wrong_scenario_gets_its_exact_message() {
    let files = files();
    assert!(files.len() >= 40, "the catalogue has {} entries", files.len());
    let mut failed = Vec::new();
    for path in files {
        let Some(found) = complaint(&path) else {
            failed.push(format!("{}: nothing is wrong with it", path.display()));
            continue;
        };
        let beside = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&beside, &found).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if expected != found {
            failed.push(format!("{}\n{}", path.display(), pretty_assertions::StrComparison::new(&expected, &found)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
