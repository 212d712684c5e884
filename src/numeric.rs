//! Methods that know no business words: numbers in, numbers out.

pub mod kernel;
pub mod parallel;
pub mod points;
pub mod roots;
pub mod sum;
