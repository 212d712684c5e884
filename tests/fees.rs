//! Fees of offices against their published schedules.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;

fn series(time: &str, line: &str) -> Vec<f64> {
    let text = format!("[time]\n{time}\n[costs]\nip = {{ {line} }}\n");
    let model = Model::compile(&Scenario::parse("s.toml", &text).unwrap()).unwrap();
    model.values().series(model.find_periodic(&Path::from("costs.ip")).unwrap())
}

/// Filing 900, publication 50 and examination 2,500 are 3,450; granted after two years, it owes the annuity of its third
/// year then, 900, and 1,200 at the start of each of the next three.
#[test]
fn a_chinese_invention_is_filed_for_3_450_and_owes_annuities_from_its_grant_on() {
    let years = series("period = \"year\"\nperiods = 21", "fees = \"cnipa.invention\"");
    assert_eq!(years[..7], [3_450.0, 0.0, 900.0, 1_200.0, 1_200.0, 1_200.0, 2_000.0]);
    assert_eq!(years[18..], [8_000.0, 8_000.0, 0.0]);
    // 3,450 and the annuities of the years 3 to 20: 82,300 − 2 · 900.
    assert_eq!(years.iter().sum::<f64>(), 83_950.0);
    // In months the same, at the start of each year after filing; a grant within a year owes that year then.
    let months = series("periods = 60", "fees = \"cnipa.invention\", at = 6, granted_after = 30");
    let due: Vec<(usize, f64)> = months.into_iter().enumerate().filter(|(_, fee)| *fee != 0.0).collect();
    assert_eq!(due, [(6, 3_450.0), (36, 900.0), (42, 1_200.0), (54, 1_200.0)]);
}

/// An applicant who is let off 85 % pays 0.15 · (900 + 2,500) + 50 = 560 when filing; two of them, 0.3 · 3,400 + 50.
#[test]
fn a_reduction_spares_what_can_be_reduced() {
    let first =
        |reduction: &str| series("periods = 1", &format!("fees = \"cnipa.invention\", reduction = {reduction}"))[0];
    assert!((first("\"85%\"") - 560.0).abs() < 1e-9);
    assert!((first("\"70%\"") - 1_070.0).abs() < 1e-9);
    assert_eq!(first("0"), 3_450.0);
}

/// The fees of 2025-01-19: 2,000 when filed, 1,290 when issued, then 2,150, 4,040 and 8,280 after 3.5, 7.5 and 11.5 years.
#[test]
fn a_patent_of_the_united_states_is_maintained_thrice() {
    let months = series("periods = 180", "fees = \"uspto.patent.large\", granted_after = 24");
    let due: Vec<(usize, f64)> = months.into_iter().enumerate().filter(|(_, fee)| *fee != 0.0).collect();
    assert_eq!(due, [(0, 2_000.0), (24, 1_290.0), (24 + 42, 2_150.0), (24 + 90, 4_040.0), (24 + 138, 8_280.0)]);
    let small = series("period = \"quarter\"\nperiods = 80", "fees = \"uspto.patent.small\", count = 2, exchange = 7");
    // (800 + 516 + 860 + 1,616 + 3,312) · 2 · 7; half a year is two quarters.
    assert_eq!(small.iter().sum::<f64>(), 99_456.0);
    assert_eq!((small[8], small[8 + 14]), (7_224.0, 12_040.0));
    let micro = series("periods = 1", "fees = \"uspto.patent.micro\"");
    assert_eq!(micro, [400.0]);
}

#[test]
fn without_periods_only_what_is_due_when_filing_is_due() {
    let text = "[costs]\npatents = { fees = \"cnipa.invention\", count = 3 }\nmarks = { fees = \"cnipa.trademark\", count = 2 }\n";
    let model = Model::compile(&Scenario::parse("s.toml", text).unwrap()).unwrap();
    let cost = model.values().get(model.find(&Path::from("cost")).unwrap(), 0);
    assert_eq!(cost, Ok(3.0 * 3_450.0 + 2.0 * 270.0));
}
