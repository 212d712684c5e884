//! `completions`: what a shell needs to complete commands and options.

use clap_complete::Shell;

use super::{Outcome, command, output};

/// Print the completions for a shell
///
/// For bash: bizmodel completions bash > ~/.local/share/bash-completion/completions/bizmodel
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

pub fn run(args: &Args) -> Outcome {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "bizmodel", &mut bytes);
    Outcome::Text(String::from_utf8_lossy(&bytes).into_owned(), output::Target::Stdout)
}
