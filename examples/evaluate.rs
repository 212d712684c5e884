//! Evaluates a scenario and prints its profit and return rate.
//!
//! `cargo run --example evaluate scenarios/customer-service.toml`

#![allow(clippy::print_stdout, reason = "an example shows its result")]

use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "scenarios/customer-service.toml".to_owned());
    let scenario = Scenario::parse(&file, &std::fs::read_to_string(&file)?)?;
    let model = Model::compile(&scenario)?;
    let values = model.values();
    for name in ["profit", "return_rate"] {
        let metric = model.find(&Path::new([name])).map_err(bizmodel::error::Error::from)?;
        match values.get(metric, 0) {
            Ok(value) => println!("{name}: {value}"),
            Err(reason) => println!("{name}: undefined, {reason}"),
        }
    }
    Ok(())
}
