//! The value of a quantity at which profit is 0.

use super::solve::search::{Found, Target, search};
use crate::formula::Path;
use crate::model::{Affine, Model};
use crate::numeric::roots::{Crossing, Interval};
use crate::report::number;

/// The largest value that is searched: more users than people, more money than there is.
const LARGEST: f64 = 1e12;

/// The smallest value of the quantity, from 0 up, at which profit is 0.
///
/// # Errors
/// Why there is none, as a clause: `profit is below 0 for any number of users`.
pub fn of_profit(model: &Model, quantity: &str) -> Result<f64, String> {
    let Ok(id) = model.quantity(&Path::new([quantity])) else {
        return Err(match model.find_periodic(&Path::new([quantity])) {
            Ok(_) => format!("`{quantity}` is a stock; ask for what feeds it, such as `{quantity}.start`"),
            Err(_) => format!("the scenario does not say `{quantity}`"),
        });
    };
    let Ok(profit) = model.find(&Path::new(["profit"])) else { return Err("there is no profit".to_owned()) };
    let Some(interval) = Interval::new(0.0, LARGEST) else { return Err("there is nothing to search".to_owned()) };
    let found = search(model, Target { quantity: id, outcome: profit, value: 0.0 }, interval);
    match found.crossings.first() {
        Some(Crossing::Root(at)) => Ok(*at),
        Some(Crossing::Flat { .. }) if found.line.is_some() => Err(format!("profit is 0 at any {quantity}")),
        Some(Crossing::Flat { from, .. }) => Ok(*from),
        Some(Crossing::Jump { at, before, after }) => Err({
            let [at, before, after] = [*at, *before, *after].map(number::plain);
            format!("profit jumps over 0 at {quantity} = {at}: from {before} to {after}")
        }),
        // A straight line needs no search, so that nothing is too far.
        None => match found.line.and_then(Affine::root).filter(|root| *root >= 0.0) {
            Some(root) => Ok(root),
            None => Err(why_not(&found, quantity)),
        },
    }
}

fn why_not(found: &Found, quantity: &str) -> String {
    match found.line {
        Some(line) if line.slope == 0.0 => format!("profit does not depend on {quantity}"),
        Some(line) if line.slope > 0.0 => format!("profit is above 0 at any {quantity}"),
        Some(_) => format!("profit falls with more {quantity} and is below 0 even at none"),
        None if found.ends.iter().all(|value| value.is_nan()) => "profit has no value".to_owned(),
        None if found.ends.iter().any(|value| value.is_nan()) => {
            format!("profit is never 0, and has no value for some {quantity} from 0 to 1e12")
        }
        None => {
            let side = if found.ends.iter().all(|value| *value > 0.0) { "above" } else { "below" };
            format!("profit stays {side} 0 for every value of {quantity} from 0 to 1e12")
        }
    }
}
