//! Methods that know no business words: numbers in, numbers out.

pub mod kernel;
pub mod roots;
pub mod sum;
