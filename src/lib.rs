//! Does this business work? A scenario in TOML, a correct and explained answer out.
//!
//! ```text
//! TOML ─read→ Scenario ─compile→ Model ─run→ columns        pure: no file, clock, terminal, global
//!                                  │
//!                               analysis ──→ Report
//!                                               │
//!                                            render ──→ bytes
//! ```
//!
//! # Layers
//!
//! Dependencies run one way:
//! [`numeric`], [`error`] ← [`finance`], [`formula`], [`report`] ← [`scenario`] ← [`model`] ← [`analysis`] ← the command line;
//! [`render`] sees only [`report`] (and says its own problems with [`error`]).
//! The command line lives in the binary, so that the compiler itself keeps it, files and printing out of the library.
//!
//! # Invariants
//!
//! - Running a compiled model cannot fail and touches no file, clock, terminal or global.
//! - What is undefined is never shown as a number: it is NaN inside, null or a word outside, and has a reason.
//! - A random source is always passed in.
//! - Only `report/number.rs` rounds; only the command line prints.
//! - Each outside crate has one home, serde's and schemars' derives aside.
//! - A list of things (formats, metrics, functions, keys, commands) stands in one place; all else is derived from it.
//!
//! # Example
//!
//! ```
//! use bizmodel::formula::Path;
//! use bizmodel::model::Model;
//! use bizmodel::scenario::Scenario;
//!
//! let text = "
//!     users = 1_000
//!     price = 100
//!     [costs]
//!     data = 1_000_000
//!     training = 2_000_000
//!     operations = 500_000
//! ";
//! let scenario = Scenario::parse("service.toml", text)?;
//! let model = Model::compile(&scenario)?;
//! let profit = model.find(&Path::new(["profit"]))?;
//! assert_eq!(model.values().get(profit, 0), Ok(-3_400_000.0));
//! # Ok::<(), bizmodel::error::Error>(())
//! ```

pub mod analysis;
pub mod dist;
pub mod error;
pub mod finance;
pub mod formula;
pub mod model;
pub mod numeric;
pub mod render;
pub mod report;
pub mod scenario;
