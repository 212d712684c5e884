//! Formulas: from text to a tree with positions, and the tables of what may be said in them.
//!
//! ```text
//! text → lexer → parser → Expression (nodes in post-order, each with its bytes in the text)
//! ```
//!
//! The tree is checked for kinds ([`Kind`]: a number or a condition) while it is built, so that whoever
//! receives an [`Expression`] can compile it without further questions but one: what its paths name.

pub mod constants;
pub mod error;
pub mod expression;
mod foreign;
pub mod functions;
mod lexer;
mod mistakes;
mod number;
pub mod operators;
pub mod parser;
pub mod path;
mod print;
pub mod request;
#[cfg(test)]
mod testing;

pub use error::FormulaError;
pub use expression::{BinaryOperator, Expression, Kind, Node, NodeId, NodeKind, UnaryOperator};
pub use operators::Precedence;
pub use parser::{parse, parse_condition, parse_number};
pub use path::Path;
