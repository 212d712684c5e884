//! `man`: the manual page.

use super::{Outcome, command, output};

/// Print the manual page, for `bizmodel man | man -l -`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command to describe; the whole program where none is given
    command: Option<String>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    let described = match &args.command {
        Some(name) => super::help::subcommand(name)?,
        None => command(),
    };
    let source = concat!("bizmodel ", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(described).source(source).manual("bizmodel manual").render(&mut bytes)?;
    Ok(Outcome::Text(String::from_utf8_lossy(&bytes).into_owned(), output::Target::Stdout))
}
