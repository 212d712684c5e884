//! The named constants that formulas may use.

use super::path::Path;

/// A number that has a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    /// Its dotted name.
    pub name: &'static str,
    /// Its value, in `unit`.
    pub value: f64,
    /// The unit; empty for a pure number.
    pub unit: &'static str,
    /// Where the value comes from.
    pub source: &'static str,
    /// What it is, in a line.
    pub help: &'static str,
}

/// All constants, in the order in which they are listed.
pub static CONSTANTS: &[Constant] = &[Constant {
    name: "pi",
    value: std::f64::consts::PI,
    unit: "",
    source: "ISO 80000-2:2019",
    help: "the circumference of a circle in diameters",
}];

/// The constant of that name.
pub fn find_constant(path: &Path) -> Option<&'static Constant> {
    CONSTANTS.iter().find(|constant| constant.name.split('.').eq(path.segments()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_found_by_its_whole_name() {
        assert_eq!(find_constant(&Path::from("pi")).map(|constant| constant.value), Some(std::f64::consts::PI));
        assert_eq!(find_constant(&Path::from("pi.pi")), None);
        assert_eq!(find_constant(&Path::root()), None);
        for constant in CONSTANTS {
            assert_eq!(find_constant(&Path::from(constant.name)), Some(constant));
        }
    }
}
