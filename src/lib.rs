//! Does this business work? A scenario in TOML, a correct and explained answer out.

pub mod error;
pub mod formula;
pub mod numeric;
pub mod render;
pub mod report;
