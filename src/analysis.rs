//! The questions that can be asked of a model, one file each: its options, its method with the source, its answer, and
//! how the answer is laid out as a [`crate::report::Report`].

mod asked;
mod bar;
pub mod break_even;
pub mod catalog;
pub mod check;
pub mod compare;
mod draws;
pub mod eval;
pub mod explain;
pub mod forecast;
mod layout;
mod notes;
mod over_draws;
pub mod review;
mod schema;
pub mod sensitivity;
pub mod simulate;
pub mod solve;
pub mod sweep;
mod terms;

use serde_json::Value;

/// A report's name, and the JSON Schema of its answers.
pub type NamedSchema = (&'static str, fn() -> Value);

/// The JSON Schemas of the answers.
pub static SCHEMAS: &[NamedSchema] = &[
    ("catalog", schema::without_scenario::<catalog::Catalog>),
    ("check", schema::of::<check::Checks>),
    ("compare", schema::of::<compare::Comparison>),
    ("eval", schema::of::<eval::Evaluation>),
    ("explain", schema::of::<explain::Explanation>),
    ("forecast", schema::of::<forecast::Forecast>),
    ("global-sensitivity", schema::of::<sensitivity::global::GlobalSensitivity>),
    ("review", schema::of::<review::Review>),
    ("sensitivity", schema::of::<sensitivity::Sensitivity>),
    ("simulate", schema::of::<simulate::Outcomes>),
    ("solve", schema::of::<solve::answer::Solution>),
    ("sweep", schema::of::<sweep::Answer>),
    ("value-of-information", schema::of::<sensitivity::information::ValueOfInformation>),
];
