//! Methods that know no business words: numbers in, numbers out.

pub mod chain;
pub mod conditional;
pub mod correlation;
pub mod design;
pub mod dispatch;
pub mod elementary;
pub mod indices;
pub mod information;
pub mod kernel;
pub mod moments;
pub mod normal;
pub mod parallel;
pub mod parts;
pub mod percentiles;
pub mod points;
pub mod random;
pub mod replicates;
pub mod roots;
pub mod shapley;
pub mod sum;
pub mod tile;
