//! `init`: a scenario to start from.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use bizmodel::scenario::Scenario;
use clap::builder::PossibleValuesParser;

use super::{Outcome, output};

/// Print a scenario to start from
///
/// Without a name, lists the templates.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The template
    #[arg(value_parser = PossibleValuesParser::new(names()))]
    template: Option<String>,

    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write over an existing file
    #[arg(long, requires = "output")]
    force: bool,
}

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

/// The scenarios that are offered, each by its file's name.
const TEMPLATES: &[(&str, &str)] = templates![
    "customer-service",
    "customer-service-streams",
    "customer-service-operations-once",
    "customer-service-operations-monthly",
    "copilot",
    "copilot-seats",
    "inference-api",
    "support-tickets",
    "fraud-screening",
    "radiology",
    "tutoring",
    "city-traffic",
    "case-subscription-api",
    "case-usage-api",
    "case-usage-joint-development",
    "case-usage-subscription",
];

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    let Some(name) = args.template else {
        if args.output.is_some() {
            bail!("say which template to write: `bizmodel init` lists them");
        }
        return Ok(Outcome::Text(listing(), output::Target::Stdout));
    };
    let text = TEMPLATES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    let target = match args.output {
        None => output::Target::Stdout,
        Some(path) if path.exists() && !args.force => {
            bail!("`{}` exists already; write over it with --force", path.display())
        }
        Some(path) => output::Target::File(path),
    };
    Ok(Outcome::Text(text.to_owned(), target))
}

/// Whether a template has that name.
pub fn is_template(name: &str) -> bool {
    names().any(|known| known == name)
}

fn names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(name, _)| *name)
}

fn listing() -> String {
    let width = TEMPLATES.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::from("Templates; print one with `bizmodel init NAME > scenario.toml`\n\n");
    for (name, content) in TEMPLATES {
        let description = Scenario::parse(name, content).ok().and_then(|scenario| scenario.description);
        let _ = writeln!(text, "  {name:width$}  {}", description.unwrap_or_default());
    }
    text
}
