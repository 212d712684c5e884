//! `schema`: what stands in a scenario and in the answers, for editors and scripts.

use bizmodel::analysis;
use bizmodel::formula::{constants, functions};
use bizmodel::scenario;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::{Outcome, output};

/// Print the JSON Schema of a scenario or of an answer, or the list of functions
///
/// For completion in an editor: bizmodel schema > scenario.schema.json, and as the first line of a scenario
/// #:schema ./scenario.schema.json
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to describe
    #[arg(default_value = SCENARIO, value_parser = PossibleValuesParser::new(subjects()))]
    subject: String,
}

const SCENARIO: &str = "scenario";
const FUNCTIONS_SUBJECT: &str = "functions";

fn subjects() -> Vec<&'static str> {
    [SCENARIO, FUNCTIONS_SUBJECT].into_iter().chain(analysis::SCHEMAS.iter().map(|(name, _)| *name)).collect()
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let schema = match args.subject.as_str() {
        SCENARIO => scenario::schema::schema(),
        FUNCTIONS_SUBJECT => functions(),
        name => analysis::SCHEMAS.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, schema)| schema()),
    };
    Ok(Outcome::Text(serde_json::to_string_pretty(&schema)? + "\n", output::Target::Stdout))
}

/// The functions and constants of formulas as data.
fn functions() -> Value {
    let functions: Vec<_> = functions::all()
        .map(|function| json!({ "name": function.name, "signature": function.signature(), "help": function.help }))
        .collect();
    let constants: Vec<_> = constants::all()
        .map(|constant| {
            json!({ "name": constant.name, "value": constant.value, "help": constant.help, "source": constant.source })
        })
        .collect();
    json!({ "functions": functions, "constants": constants })
}
