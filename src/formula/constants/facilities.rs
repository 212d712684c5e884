//! Data centers: what a facility takes for each kWh of its machines (power usage effectiveness).

use super::Constant;

const UPTIME: &str = "Uptime Institute, global data center survey";
const ECOLOGITS: &str = "EcoLogits (commit 2d0a1c7), by provider";
const EPOCH: &str = "Cottier et al. 2024 (arXiv 2405.21015)";

const fn pue(
    name: &'static str,
    value: f64,
    help: &'static str,
    source: &'static str,
    as_of: &'static str,
    remark: &'static str,
) -> Constant {
    Constant { name, value, unit: "kWh per kWh", help, source, as_of, remark }
}

/// The figures, in the order in which they are listed.
pub static CONSTANTS: &[Constant] = &[
    pue("pue.average", 1.56, "average data center", UPTIME, "2024", "1.58 in 2023, and 1.55 to 1.59 since 2020"),
    pue("pue.hyperscaler", 1.1, "data center of a large cloud, as a round figure", EPOCH, "2024", ""),
    pue("pue.other", 1.25, "other data center for accelerators, as a round figure", EPOCH, "2024", ""),
    pue("pue.google", 1.09, "Google", ECOLOGITS, "commit 2d0a1c7", ""),
    pue("pue.microsoft", 1.16, "Microsoft, Sweden", ECOLOGITS, "commit 2d0a1c7", ""),
    pue("pue.azure", 1.2, "Azure, as for OpenAI", ECOLOGITS, "commit 2d0a1c7", ""),
];
