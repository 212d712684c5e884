//! The named constants that formulas may use. Each says where it comes from; all may be replaced by numbers of one's own.

mod accelerators;
mod carbon;
mod facilities;
mod training;

use super::path::Path;

pub use accelerators::dense_peak_of;

/// A number that has a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    /// Its dotted name.
    pub name: &'static str,
    /// Its value, in `unit`.
    pub value: f64,
    /// The unit; empty for a pure number.
    pub unit: &'static str,
    /// What it is, in a line.
    pub help: &'static str,
    /// Where the value comes from.
    pub source: &'static str,
    /// The year that the value is of, or the version of the source; empty for what does not change.
    pub as_of: &'static str,
    /// What a careful reader should know, above all where sources differ; may be empty.
    pub remark: &'static str,
}

/// The constants of mathematics.
static MATHEMATICS: &[Constant] = &[Constant {
    name: "pi",
    value: std::f64::consts::PI,
    unit: "",
    help: "the circumference of a circle in diameters",
    source: "ISO 80000-2:2019",
    as_of: "",
    remark: "",
}];

/// All constants, in the order in which they are listed.
pub fn all() -> impl Iterator<Item = &'static Constant> {
    [MATHEMATICS, accelerators::CONSTANTS, training::CONSTANTS, facilities::CONSTANTS, carbon::CONSTANTS]
        .into_iter()
        .flatten()
}

/// The constant of that name.
pub fn find_constant(path: &Path) -> Option<&'static Constant> {
    all().find(|constant| constant.name.split('.').eq(path.segments()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_constant_is_found_by_its_whole_name() {
        assert_eq!(find_constant(&Path::from("pi")).map(|constant| constant.value), Some(std::f64::consts::PI));
        assert_eq!(find_constant(&Path::from("pi.pi")), None);
        assert_eq!(find_constant(&Path::from("h100")), None);
        assert_eq!(find_constant(&Path::root()), None);
        for constant in all() {
            assert_eq!(find_constant(&Path::from(constant.name)), Some(constant));
        }
    }

    #[test]
    fn every_constant_has_a_name_of_its_own_a_source_and_a_date() {
        let mut names = HashSet::new();
        for constant in all() {
            assert!(names.insert(constant.name), "{}", constant.name);
            assert!(constant.value.is_finite() && constant.value > 0.0, "{}", constant.name);
            assert!(!constant.source.is_empty() && !constant.help.is_empty(), "{}", constant.name);
            assert!(!constant.as_of.is_empty() || constant.name == "pi", "{}", constant.name);
        }
    }
}
