//! `help`: of a command, or of the language of formulas.

use anyhow::bail;
use bizmodel::error::suggest::{did_you_mean, list};
use bizmodel::formula::functions::{CONSTANTS, FUNCTIONS};
use std::fmt::Write as _;

use super::{Outcome, command, output};

/// Explain a command, or how formulas are written
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A command, or `formulas`
    topic: Option<String>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let text = match args.topic.as_deref() {
        None => command().render_long_help().to_string(),
        Some("formulas") => formulas(),
        Some(name) => subcommand(name)?.render_long_help().to_string(),
    };
    Ok(Outcome::Text(text, output::Target::Stdout))
}

/// The command of that name, as it is reached from the shell.
pub fn subcommand(name: &str) -> anyhow::Result<clap::Command> {
    let mut whole = command();
    whole.build();
    if let Some(found) = whole.find_subcommand(name) {
        return Ok(found.clone().display_name(format!("bizmodel-{name}")));
    }
    let names: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).chain(["formulas"]).collect();
    let suggestion = did_you_mean(name, names.iter().copied()).map(|text| format!("; {text}")).unwrap_or_default();
    bail!("there is no help on `{name}`{suggestion}; there is on {}", list(names.iter().copied()));
}

const GRAMMAR: &str = "\
A formula stands in quotes where a number may stand: `operations = \"50_000 + users * 0.02\"`.

Numbers      1_000  2.5e6  20k (thousand)  1.5M (million)  2B (billion)  3% (0.03)
Names        a bare name is an input: `visitors`; anything else is named in full: `costs.training.units`;
             a segment that is no plain word stands in quotes: `revenue.\"value-added\"`
Built in     users  price  revenue  cost  profit
Operators    from the loosest to the tightest:
             or   and   not   == != < <= > >=   + -   * /   - (before a number)   ^
Conditions   are not numbers: write if(users > 1_000, 0.8, 1)
Undefined    what cannot be computed (a division by zero, the logarithm of 0) has no value, and neither has what
             needs it; reports give the reason
";

fn formulas() -> String {
    let mut text = String::from(GRAMMAR);
    let width = FUNCTIONS.iter().map(|function| function.signature().chars().count()).max().unwrap_or(0);
    text.push_str("\nFunctions\n");
    for function in FUNCTIONS {
        let _ = writeln!(text, "  {:width$}  {}", function.signature(), function.help);
    }
    text.push_str("\nConstants\n");
    for constant in CONSTANTS {
        let _ = writeln!(text, "  {:width$}  {} ({})", constant.name, constant.help, constant.source);
    }
    text
}
