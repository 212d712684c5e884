//! The value of a quantity at which profit is 0.
//!
//! Where profit is a straight line in the quantity, the line's coefficients are carried through the model and the
//! answer is exact. Elsewhere the model itself is searched: see [`crate::numeric::roots`].

use crate::formula::Path;
use crate::model::Model;
use crate::numeric::roots::{self, Crossing, Interval};
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
    if let Some(line) = model.affine(id, profit) {
        return match line.root() {
            _ if !line.constant.is_finite() || !line.slope.is_finite() => Err("profit has no value".to_owned()),
            Some(root) if root >= 0.0 => Ok(root),
            None if line.slope == 0.0 && line.constant == 0.0 => Err(format!("profit is 0 at any {quantity}")),
            None if line.slope == 0.0 => Err(format!("profit does not depend on {quantity}")),
            _ if line.slope > 0.0 => Err(format!("profit is above 0 at any {quantity}")),
            _ => Err(format!("profit falls with more {quantity} and is below 0 even at none")),
        };
    }
    let plan = model.plan(&[id], &[profit]);
    let mut values = |points: &[f64]| plan.run(&[points]).swap_remove(0);
    let found = Interval::new(0.0, LARGEST).map(|interval| roots::scan(&mut values, interval)).unwrap_or_default();
    match found.first() {
        Some(Crossing::Root(at)) => Ok(*at),
        Some(Crossing::Flat { from, .. }) => Ok(*from),
        Some(Crossing::Jump { at, before, after }) => Err({
            let [at, before, after] = [*at, *before, *after].map(number::plain);
            format!("profit jumps over 0 at {quantity} = {at}: from {before} to {after}")
        }),
        None => {
            let ends = values(&[0.0, LARGEST]);
            if ends.iter().any(|value| value.is_nan()) {
                return Err(format!("profit is never 0, and has no value for some {quantity} from 0 to 1e12"));
            }
            let side = if ends.iter().all(|value| *value > 0.0) { "above" } else { "below" };
            Err(format!("profit stays {side} 0 for every value of {quantity} from 0 to 1e12"))
        }
    }
}
