//! The carbon of electricity, by grid and by fuel, and the price of carbon.
//!
//! Grids change from year to year, and sources differ by up to 27%.

use super::Constant;

const OWID: &str = "Our World in Data, as CodeCarbon has it (commit b05965e)";
const CODECARBON: &str = "CodeCarbon (commit b05965e)";

const fn grid(name: &'static str, value: f64, help: &'static str, remark: &'static str) -> Constant {
    Constant { name, value, unit: "g CO2e/kWh", help, source: OWID, as_of: "2023", remark }
}

const fn fuel(name: &'static str, value: f64, help: &'static str) -> Constant {
    Constant { name, value, unit: "g CO2e/kWh", help, source: CODECARBON, as_of: "commit b05965e", remark: "" }
}

const fn price(
    name: &'static str,
    value: f64,
    unit: &'static str,
    help: &'static str,
    remark: &'static str,
) -> Constant {
    Constant { name, value, unit, help, source: "monthly carbon prices of reccessary.com", as_of: "2025-05", remark }
}

/// The figures, in the order in which they are listed.
pub static CONSTANTS: &[Constant] = &[
    Constant {
        source: "International Energy Agency, as CodeCarbon falls back on it (commit b05965e)",
        as_of: "2019",
        ..grid("grid.world", 475.0, "electricity of the world", "EcoLogits has 473.01")
    },
    grid("grid.usa", 369.473, "electricity of the USA", "EcoLogits has 383.55"),
    grid("grid.china", 582.317, "electricity of China", "EcoLogits has 559.55"),
    grid("grid.germany", 380.95, "electricity of Germany", "EcoLogits has 344.14"),
    grid("grid.france", 56.039, "electricity of France", "EcoLogits has 44.18"),
    grid("grid.uk", 237.589, "electricity of the United Kingdom", "EcoLogits has 210.89"),
    grid("grid.sweden", 40.695, "electricity of Sweden", "EcoLogits has 35.82"),
    grid("grid.india", 713.441, "electricity of India", "EcoLogits has 708.32"),
    grid("grid.canada", 170.043, "electricity of Canada", ""),
    grid("grid.norway", 30.08, "electricity of Norway", ""),
    grid("grid.poland", 661.926, "electricity of Poland", ""),
    grid("grid.japan", 485.392, "electricity of Japan", ""),
    grid("grid.korea", 430.567, "electricity of South Korea", ""),
    grid("grid.singapore", 470.783, "electricity of Singapore", ""),
    grid("grid.ireland", 290.805, "electricity of Ireland", ""),
    grid("grid.finland", 79.158, "electricity of Finland", ""),
    grid("grid.australia", 548.692, "electricity of Australia", ""),
    grid("grid.brazil", 98.348, "electricity of Brazil", ""),
    grid("grid.south_africa", 707.686, "electricity of South Africa", ""),
    fuel("fuel.coal", 995.0, "electricity from coal"),
    fuel("fuel.petroleum", 816.0, "electricity from petroleum"),
    fuel("fuel.gas", 743.0, "electricity from natural gas"),
    fuel("fuel.geothermal", 38.0, "electricity from geothermal heat"),
    fuel("fuel.hydro", 26.0, "electricity from water"),
    fuel("fuel.nuclear", 29.0, "electricity from nuclear fission"),
    fuel("fuel.solar", 48.0, "electricity from sunlight"),
    fuel("fuel.wind", 26.0, "electricity from wind"),
    price("carbon_price.eu", 70.38, "EUR per tonne", "an EU allowance, average of the month", "68.69 in March 2025"),
    price(
        "carbon_price.china",
        70.08,
        "CNY per tonne",
        "a Chinese allowance, average of the month",
        "88.13 in March 2025; a record of 105.66 in November 2024",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The documentation of `CodeCarbon` prints this mix as 731.59 kg per kWh; it is grams.
    #[test]
    fn a_mix_of_fuels_is_in_grams() {
        let value = |name: &str| CONSTANTS.iter().find(|constant| constant.name == name).unwrap().value;
        // 0.25 · 995 + 0.35 · 816 + 0.26 · 743 + 0.14 · 29 = 731.59.
        let mix = 0.25 * value("fuel.coal")
            + 0.35 * value("fuel.petroleum")
            + 0.26 * value("fuel.gas")
            + 0.14 * value("fuel.nuclear");
        assert!((mix - 731.59).abs() < 1e-9, "{mix}");
    }
}
