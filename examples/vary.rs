//! Runs a model for many values of one input at once.
//!
//! `cargo run --example vary`

#![allow(clippy::print_stdout, reason = "an example shows its result")]

use bizmodel::error::Error;
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;

const SCENARIO: &str = "
    users = 1_000
    price = 100
    [costs]
    operations = \"20_000 + users * 3\"
";

fn main() -> Result<(), Error> {
    let model = Model::compile(&Scenario::parse("service.toml", SCENARIO)?)?;
    let users = model.quantity(&Path::new(["users"]))?;
    let profit = model.find(&Path::new(["profit"]))?;
    let column = [0.0, 250.0, 500.0, 1_000.0, 2_000.0];
    let profits = model.plan(&[users], &[profit]).run(&[&column]);
    for (users, profit) in column.iter().zip(&profits[0]) {
        println!("{users:>6} users  {profit:>9} profit");
    }
    Ok(())
}
