//! The commands, and the one place where their answers are printed and become exit statuses.

mod catalog;
mod check;
mod compare;
mod completions;
mod eval;
mod explain;
mod forecast;
mod help;
mod init;
mod input;
mod man;
mod output;
mod review;
mod schema;
mod sensitivity;
mod simulate;
mod solve;
mod sweep;

use std::process::ExitCode;

use bizmodel::report::{self, Report};
use clap::{CommandFactory as _, Parser, Subcommand};

/// Does this business work?
///
/// A scenario in a TOML file says who pays, how much, and what it costs; the commands answer questions about it.
#[derive(Debug, Parser)]
#[command(name = "bizmodel", version, disable_help_subcommand = true, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Start with `bizmodel init customer-service > scenario.toml`, then `bizmodel eval scenario.toml`.

Exit status: 0 done; 1 done, and the answer is no; 2 could not do it.";

/// The commands; each has a file of its own under `cli/`.
#[derive(Debug, Subcommand)]
enum Command {
    Eval(eval::Args),
    Explain(explain::Args),
    Forecast(forecast::Args),
    Check(check::Args),
    Compare(compare::Args),
    Review(review::Args),
    Sensitivity(sensitivity::Args),
    Simulate(simulate::Args),
    Solve(solve::Args),
    Sweep(sweep::Args),
    Catalog(catalog::Args),
    Init(init::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
    Help(help::Args),
}

/// What a command has to say.
enum Outcome {
    /// Answers to be shown in the format that was asked for.
    Reports(Vec<Report>, output::Args),
    /// An answer that is written while it is computed.
    Rows(output::Writing, output::Args),
    /// A text as it is.
    Text(String, output::Target),
}

impl Command {
    fn run(self) -> anyhow::Result<Outcome> {
        match self {
            Command::Eval(args) => eval::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Forecast(args) => forecast::run(args),
            Command::Check(args) => check::run(args),
            Command::Compare(args) => compare::run(args),
            Command::Review(args) => review::run(args),
            Command::Sensitivity(args) => sensitivity::run(args),
            Command::Simulate(args) => simulate::run(args),
            Command::Solve(args) => solve::run(args),
            Command::Sweep(args) => sweep::run(args),
            Command::Catalog(args) => Ok(catalog::run(args)),
            Command::Init(args) => init::run(args),
            Command::Schema(args) => schema::run(&args),
            Command::Completions(args) => Ok(completions::run(&args)),
            Command::Man(args) => man::run(&args),
            Command::Help(args) => help::run(&args),
        }
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.run().and_then(finish) {
        Ok(report::Answer::Yes) => ExitCode::SUCCESS,
        Ok(report::Answer::No) => ExitCode::from(1),
        Err(error) => {
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}

fn finish(outcome: Outcome) -> anyhow::Result<report::Answer> {
    match outcome {
        Outcome::Reports(reports, args) => {
            output::reports(&reports, &args)?;
            let no = reports.iter().any(|report| report.answer == report::Answer::No);
            Ok(if no { report::Answer::No } else { report::Answer::Yes })
        }
        Outcome::Rows(writing, args) => {
            output::stream(writing, &args)?;
            Ok(report::Answer::Yes)
        }
        Outcome::Text(text, target) => {
            target.write(text.as_bytes())?;
            Ok(report::Answer::Yes)
        }
    }
}

/// The command line as data, for help, completions and the manual.
fn command() -> clap::Command {
    Cli::command()
}
