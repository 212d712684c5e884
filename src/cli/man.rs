//! `man`: the manual page.

use super::{Outcome, command, output};

/// Print the manual page, for `bizmodel man | man -l -`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command to describe; all of them where none is given
    command: Option<String>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    let whole = command();
    match &args.command {
        Some(name) => clap_mangen::Man::new(super::help::subcommand(name)?).render(&mut bytes)?,
        None => clap_mangen::Man::new(whole).render(&mut bytes)?,
    }
    Ok(Outcome::Text(String::from_utf8_lossy(&bytes).into_owned(), output::Target::Stdout))
}
