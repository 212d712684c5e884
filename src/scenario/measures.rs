//! Units of one kind that differ by a factor, so that a thousandfold slip between them is not possible.

/// The units of mass in grams, and those of energy in watt hours.
const KINDS: [&[(&str, f64)]; 2] = [
    &[("g", 1.0), ("kg", 1e3), ("t", 1e6), ("tonne", 1e6), ("kt", 1e9)],
    &[("Wh", 1.0), ("kWh", 1e3), ("MWh", 1e6), ("GWh", 1e9)],
];

/// How many of `unit` make one of `other`: 1,000 of `kg CO2e` one of `t`. What is measured (`CO2e`) may be left out of
/// either, and must agree where both say it. None where nothing is known of the two.
pub fn ratio(unit: &str, other: &str) -> Option<f64> {
    let [(unit, what), (other, of)] = [unit, other].map(parts);
    if !what.is_empty() && !of.is_empty() && what != of {
        return None;
    }
    if unit == other {
        return Some(1.0);
    }
    KINDS.iter().find_map(|kind| {
        let size = |name: &str| kind.iter().find(|(known, _)| *known == name).map(|(_, size)| *size);
        Some(size(other)? / size(unit)?)
    })
}

/// The units into which that unit can be brought, itself first.
pub fn like(unit: &str) -> Vec<String> {
    let (own, what) = parts(unit);
    let named = |name: &str| if what.is_empty() { name.to_owned() } else { format!("{name} {what}") };
    let kind = KINDS.iter().find(|kind| kind.iter().any(|(known, _)| *known == own));
    let others = kind.into_iter().flat_map(|kind| kind.iter()).map(|(known, _)| *known).filter(|known| *known != own);
    std::iter::once(own).chain(others).map(named).collect()
}

/// A unit and what is measured in it: `kg` and `CO2e`.
fn parts(unit: &str) -> (&str, &str) {
    let (unit, what) = unit.trim().split_once(char::is_whitespace).unwrap_or((unit.trim(), ""));
    (unit, what.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_a_kind_differ_by_their_factor_and_others_are_strangers() {
        for (unit, other, expected) in [
            ("kg CO2e", "t", Some(1e3)),
            ("kg CO2e", "t CO2e", Some(1e3)),
            ("kg", "tonne CO2e", Some(1e3)),
            ("g CO2e", "t", Some(1e6)),
            ("t CO2e", "kg", Some(1e-3)),
            ("kWh", "MWh", Some(1e3)),
            ("t CO2e", "t CO2e", Some(1.0)),
            ("trees", "trees", Some(1.0)),
            ("kg CO2e", "kg CH4", None),
            ("kg CO2e", "kWh", None),
            ("trees", "tree", None),
            ("kg", "ton", None),
        ] {
            assert_eq!(ratio(unit, other), expected, "{unit} {other}");
        }
        assert_eq!(like("kWh"), ["kWh", "Wh", "MWh", "GWh"]);
        assert_eq!(like("students"), ["students"]);
    }
}
