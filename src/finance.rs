//! The formulas of finance and of unit economics: pure functions of numbers and of cash flows.
//!
//! A cash flow is a slice: what comes in (positive) or goes out (negative) in period 0, 1, 2, …; period 0 is now and
//! is not discounted. Rates and shares are fractions: 0.05 is 5 %. A rate is effective, and per period unless its
//! name says otherwise. A measure that has no value is an [`Undefined`] with its reason, never 0 or NaN.

pub mod cash;
pub mod discounting;
pub mod internal_rate;
pub mod payback;
mod polynomial;
pub mod recurring;
mod undefined;
pub mod unit_economics;

pub use undefined::Undefined;

use undefined::{above_zero, finite, share};
