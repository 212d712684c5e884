//! The other files that a scenario names. The library opens none itself: whoever reads a scenario passes in how.

use std::fmt;

/// How the files that a scenario names are read.
pub trait Files: fmt::Debug + Send + Sync {
    /// Reads the file of that name, as the scenario writes it.
    ///
    /// # Errors
    /// Why it cannot be read, as a sentence without a full stop: "cannot read `prices.json`: no such file".
    fn read(&self, name: &str) -> Result<File, String>;
}

/// A file that a scenario names.
#[derive(Clone, Debug)]
pub struct File {
    /// What people call it: its path as seen from where they are.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// No files at all.
#[derive(Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, name: &str) -> Result<File, String> {
        Err(format!("cannot read `{name}`: no other files are at hand here"))
    }
}
