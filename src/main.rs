//! The command line of `bizmodel`: parse, run, print, exit status.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::main()
}
