//! Time: the article's case month by month, the worked values of the measures through whole scenarios, and laws that
//! hold for every horizon.
//!
//! Expected values come from closed forms and from the sources named beside them; those with many digits were computed
//! with mpmath.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fmt::Write as _;
use std::fs;

use bizmodel::analysis::forecast::{self, Choice, Grouping};
use bizmodel::analysis::{eval, explain};
use bizmodel::formula::Path;
use bizmodel::model::{Model, metrics};
use bizmodel::scenario::{Changes, Scenario};
use proptest::prelude::*;
use serde_json::Value;

fn read(text: &str, settings: &[String]) -> (Scenario, Model) {
    let changes = Changes { case: None, settings: settings.to_vec() };
    Model::load("s.toml", text.as_bytes(), &changes).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn model(text: &str) -> Model {
    read(text, &[]).1
}

/// A metric, or why it has no value.
fn metric(model: &Model, name: &str) -> Result<f64, String> {
    model.values().get(model.find(&Path::from(name)).unwrap(), 0)
}

/// The values of all periods.
fn series(model: &Model, name: &str) -> Vec<f64> {
    model.values().series(model.find_periodic(&Path::from(name)).unwrap())
}

#[track_caller]
fn assert_near(found: Result<f64, String>, expected: f64, tolerance: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

/// A scenario whose profit in each year is the given cash flow.
fn flows(flow: &[f64], time: &str) -> String {
    let text = format!("[time]\nperiod = \"year\"\nperiods = {}\n{time}\n", flow.len());
    let mut lines = [String::from("[revenue]\n"), String::from("[costs]\nnothing = 0\n")];
    for (at, value) in flow.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        let group = &mut lines[usize::from(*value < 0.0)];
        writeln!(group, "flow_{at} = {{ amount = {:?}, at = {at} }}", value.abs()).unwrap();
    }
    text + &lines.concat()
}

fn shipped(name: &str, case: Option<&str>) -> (Scenario, Model) {
    let bytes = fs::read(format!("scenarios/{name}.toml")).unwrap();
    let changes = Changes { case: case.map(str::to_owned), settings: Vec::new() };
    Model::load(name, &bytes, &changes).unwrap()
}

mod article {
    use super::*;

    fn months(name: &str, periods: u32) -> Model {
        let text = fs::read_to_string(format!("scenarios/{name}.toml")).unwrap();
        read(&text, &[format!("time.periods={periods}")]).1
    }

    const ONCE: &str = "customer-service-operations-once";
    const MONTHLY: &str = "customer-service-operations-monthly";

    #[test]
    fn a_year_with_all_costs_paid_once() {
        let year = months(ONCE, 12);
        // R = 12 × 1,000 × 100; C = 1,000,000 + 2,000,000 + 500,000
        assert_eq!(metric(&year, "revenue"), Ok(1_200_000.0));
        assert_eq!(metric(&year, "profit"), Ok(-2_300_000.0));
        // r = −2,300,000 / 3,500,000 = −23/35 = −0.657142857142857
        assert_eq!(metric(&year, "return_rate"), Ok(-23.0 / 35.0));
        let never = metric(&year, "break_even_period").unwrap_err();
        assert_eq!(never, "cumulative profit stays below 0 in every period");
    }

    #[test]
    fn thirty_five_months_break_even_exactly() {
        // 35 × 100,000 = 3,500,000
        let months = months(ONCE, 35);
        assert_eq!(metric(&months, "profit"), Ok(0.0));
        assert_eq!(metric(&months, "return_rate"), Ok(0.0));
        // The last of the 35 periods, which are counted from 0.
        assert_eq!(metric(&months, "break_even_period"), Ok(34.0));
        assert_eq!(metric(&months, "payback"), Ok(34.0));
    }

    #[test]
    fn operations_of_every_month_are_never_earned_back_and_it_says_so() {
        for periods in [12, 36, 1_200] {
            let model = months(MONTHLY, periods);
            // Each month earns 100,000 and costs 500,000.
            let expected = -3_000_000.0 - 400_000.0 * f64::from(periods);
            assert_eq!(metric(&model, "profit"), Ok(expected));
            let never = metric(&model, "break_even_period").unwrap_err();
            assert_eq!(never, "every period makes a loss, so that it never breaks even as it stands");
            assert!(metric(&model, "payback").is_err());
        }
        // With 5,000 users, a month pays for its own operations and for nothing else: −3,000,000 stay.
        let text = fs::read_to_string(format!("scenarios/{MONTHLY}.toml")).unwrap();
        let even = read(&text, &["users=5_000".to_owned()]).1;
        assert_eq!(series(&even, "profit")[1..], [0.0; 11]);
        assert_eq!(metric(&even, "profit"), Ok(-3_000_000.0));
    }

    /// 35,000 / 12 = 2,916.7, 35,000 / 24 = 1,458.3 and 35,000 / 36 = 972.2 users pay for what is paid once; with
    /// operations every month it is (3,000,000 + T × 500,000) / (T × 100): 7,500, 6,250 and 5,833.3.
    #[test]
    fn the_cases_choose_the_horizon_and_with_it_the_users_to_break_even() {
        let expected = [(ONCE, [2_917.0, 1_459.0, 973.0]), (MONTHLY, [7_500.0, 6_250.0, 5_834.0])];
        for (name, users) in expected {
            for (case, users) in [None, Some("24-months"), Some("36-months")].into_iter().zip(users) {
                let (scenario, model) = shipped(name, case);
                let report = eval::report(&scenario, &model);
                assert_eq!(report.data["break_even"]["users"].as_f64().map(f64::ceil), Some(users), "{name} {case:?}");
            }
        }
    }
}

mod investment {
    use super::*;

    /// numpy-financial's example of `npv`: an investment of 40,000 at 8 %.
    const PROJECT: [f64; 5] = [-40_000.0, 5_000.0, 8_000.0, 12_000.0, 30_000.0];

    #[test]
    fn net_present_value_leaves_the_first_flow_undiscounted() {
        let npv =
            |flow: &[f64], rate: &str| metric(&model(&flows(flow, &format!("discount_rate = \"{rate}\""))), "npv");
        assert_near(npv(&PROJECT, "8%"), 3_065.222_668_179_53, 1e-9);
        // numpy-financial's example of three rates and two projects.
        let projects = [[-4_000.0, 500.0, 800.0], [-5_000.0, 600.0, 900.0]];
        let expected = [
            ("0%", [-2_700.0, -3_500.0]),
            ("5%", [-2_798.185_941_043_08, -3_612.244_897_959_18]),
            ("10%", [-2_884.297_520_661_16, -3_710.743_801_652_89]),
        ];
        for (rate, values) in expected {
            for (project, value) in projects.iter().zip(values) {
                assert_near(npv(project, rate), value, 1e-9);
            }
        }
        // Excel's own example: NPV(10%, −10000, 3000, 4200, 6800) is 1,188.44 there, as it discounts the first flow too;
        // × 1.10 that is 1,307.29.
        assert_near(npv(&[-10_000.0, 3_000.0, 4_200.0, 6_800.0], "10%"), 1_307.287_753_568_74, 1e-9);
    }

    #[test]
    fn a_rate_per_year_becomes_the_effective_rate_of_a_month() {
        let text = "[time]\nperiods = 13\ndiscount_rate = \"12%\"\n[costs]\na = 1\n";
        let factors = series(&model(text), "discount_factor");
        // 1.12^(1/12) − 1 = 0.9488792934583 %, and not 1 %; a year later, 1 / 1.12.
        assert!((1.0 / factors[1] - 1.009_488_792_934_583).abs() < 1e-14);
        assert!((factors[12] - 1.0 / 1.12).abs() < 1e-15);
    }

    #[test]
    fn internal_rate_of_return_has_one_value_or_none_or_a_list() {
        let irr = |flow: &[f64]| metric(&model(&flows(flow, "")), "irr");
        // numpy-financial's examples of `irr`; the second is 0.74^(1/3) − 1.
        assert_near(irr(&[-100.0, 39.0, 59.0, 55.0, 20.0]), 0.280_948_421_159_961, 1e-12);
        assert_near(irr(&[-100.0, 0.0, 0.0, 74.0]), -0.095_495_830_348_972_5, 1e-12);
        assert_eq!(irr(&[100.0, 39.0]), Err("the cash flow never changes sign".to_owned()));
        // −100 + 230 / x − 132 / x² = 0 at x = 1.1 and x = 1.2.
        let several = "several rates per year make the present value 0: 10.00%, 20.00%".to_owned();
        assert_eq!(irr(&[-100.0, 230.0, -132.0]), Err(several));
    }

    #[test]
    fn the_rate_of_months_is_told_per_year() {
        let text = flows(&[-100.0, 101.0], "").replace("\"year\"", "\"month\"");
        // 1 % per month is 1.01^12 − 1 = 12.6825 % per year.
        assert_near(metric(&model(&text), "irr"), 1.01_f64.powi(12) - 1.0, 1e-12);
    }

    #[test]
    fn modified_internal_rate_of_return_uses_two_rates() {
        let rates = "finance_rate = \"10%\"\nreinvestment_rate = \"12%\"";
        let mirr = |flow: &[f64], time: &str| metric(&model(&flows(flow, time)), "mirr");
        // numpy-financial's test of `mirr`.
        assert_near(mirr(&[-100.0, 50.0, -60.0, 70.0], rates), -0.039_093_665_9, 1e-10);
        // Both default to the discount rate: ((5,000·1.08³ + 8,000·1.08² + 12,000·1.08 + 30,000) / 40,000)^(1/4) − 1
        let later = 5_000.0 * 1.08_f64.powi(3) + 8_000.0 * 1.08_f64.powi(2) + 12_000.0 * 1.08 + 30_000.0;
        let expected = (later / 40_000.0_f64).powf(0.25) - 1.0;
        assert_near(mirr(&PROJECT, "discount_rate = \"8%\""), expected, 1e-12);
        assert!(mirr(&[100.0, 50.0], rates).is_err());
        assert!(mirr(&PROJECT, "finance_rate = \"10%\"").unwrap_err().contains("neither"));
    }

    #[test]
    fn payback_is_counted_in_proportion_and_told_where_it_does_not_last() {
        let project = model(&flows(&PROJECT, "discount_rate = \"8%\""));
        // −40,000 + 5,000 + 8,000 + 12,000 = −15,000 after year 3; 15,000 of the 30,000 of year 4 are half of it.
        assert_eq!(metric(&project, "payback"), Ok(3.5));
        assert_eq!(metric(&project, "break_even_period"), Ok(4.0));
        assert_near(metric(&project, "discounted_payback"), 3.860_993_28, 1e-8);
        // It pays at once where the first flow is not negative.
        assert_eq!(metric(&model(&flows(&[0.0, -5.0, 9.0], "")), "payback"), Ok(0.0));
        assert!(metric(&model(&flows(&[-5.0, 4.0], "")), "payback").is_err());
        // −100 + 150 crosses 0 after 100 / 150 of year 1; −80 then takes it to −30.
        let (scenario, passing) = read(&flows(&[-100.0, 150.0, -80.0, 40.0], ""), &[]);
        assert_near(metric(&passing, "payback"), 2.0 / 3.0, 1e-15);
        let notes = eval::report(&scenario, &passing).notes;
        assert_eq!(notes, ["the payback does not last: the cumulative profit falls below 0 again"]);
    }

    #[test]
    fn profitability_index_weighs_all_outflows() {
        let index = |flow: &[f64]| metric(&model(&flows(flow, "discount_rate = \"8%\"")), "profitability_index");
        // 1 + 3,065.22 / 40,000
        assert_near(index(&PROJECT), 1.076_630_566_704_49, 1e-12);
        // Two outflows: 150 / 1.08² ÷ (50 + 54 / 1.08) = 128.600823 / 100
        assert_near(index(&[-50.0, -54.0, 150.0]), 150.0 / 1.08 / 1.08 / 100.0, 1e-12);
        assert!(index(&[50.0, 1.0]).is_err());
    }
}

mod customers {
    use super::*;

    #[test]
    fn a_stock_follows_its_recurrence() {
        let text = "price = 1\n[time]\nperiods = 1200\n[users]\nstart = 1_000\njoins = 50\nchurn = \"3%\"\n";
        let users = series(&model(text), "users");
        assert_eq!(users[0], 1_000.0);
        // 1,000 × 0.97 + 50
        assert_eq!(users[1], 1_020.0);
        // After 12 months 1,204.105, in the end 50 / 0.03 = 1,666.67 (difference equation, computed with mpmath).
        assert!((users[12] - 1_204.105_092_669_71).abs() < 1e-9);
        assert!((users[1_199] - 50.0 / 0.03).abs() < 1e-9);
        // Period t is billed on users(t).
        assert_eq!(series(&model(text), "revenue"), users);
    }

    /// David Skok's definitions with ARPA 100, a gross margin of 80 %, churn of 5 % and CAC 400: 1,000 users of whom 50
    /// leave and 50 join, inference at 20 a user, marketing of 50 × 400.
    const SKOK: &str = "price = 100\n[time]\nperiods = 12\n[users]\nstart = 1_000\njoins = 50\nchurn = \"5%\"\n\
        [costs]\ninference = { amount = \"users * 20\", variable = true }\nmarketing = 20_000\n";

    #[test]
    fn unit_economics_are_skoks() {
        let model = model(SKOK);
        let expected = [
            ("arpu", 100.0),
            ("gross_margin", 0.8),
            ("contribution_margin", 0.8),
            ("churn_rate", 0.05),
            // 1 / 5 %
            ("customer_lifetime", 20.0),
            // 100 × 80 % / 5 %
            ("ltv", 1_600.0),
            ("cac", 400.0),
            ("ltv_to_cac", 4.0),
            // 400 / (100 × 80 %)
            ("cac_payback", 5.0),
            // 1,000 × 100, and 12 times that
            ("mrr", 100_000.0),
            ("arr", 1_200_000.0),
            // As many join as leave.
            ("quick_ratio", 1.0),
        ];
        for (name, value) in expected {
            assert_near(metric(&model, name), value, 1e-9 * value);
        }
    }

    #[test]
    fn quick_ratio_is_won_over_lost() {
        // 18,000 won and 7,000 lost of 100,000: 18 / 7 = 2.571.
        let text = "price = 1\n[time]\nperiods = 1\n[users]\nstart = 100_000\njoins = 18_000\nchurn = \"7%\"\n";
        assert_near(metric(&model(text), "quick_ratio"), 18.0 / 7.0, 1e-12);
    }

    #[test]
    fn where_nobody_leaves_nothing_is_counted_from_it() {
        let text = SKOK.replace("5%", "0%");
        for name in ["customer_lifetime", "ltv", "quick_ratio", "ltv_to_cac"] {
            assert!(metric(&model(&text), name).is_err(), "{name}");
        }
        assert_eq!(metric(&model(&text), "customer_lifetime"), Err("no user ever leaves".to_owned()));
    }

    #[test]
    fn what_is_not_said_is_not_guessed() {
        let (scenario, model) = read("users = 10\nprice = 2\n[time]\nperiods = 3\n", &[]);
        let absent = [
            "npv",
            "mirr",
            "discounted_payback",
            "profitability_index",
            "cash_low",
            "cash_low_period",
            "runway",
            "churn_rate",
            "customer_lifetime",
            "ltv",
            "cac",
            "ltv_to_cac",
            "cac_payback",
            "quick_ratio",
            "gross_margin",
            "contribution_margin",
            "rule_of_40",
        ];
        for name in absent {
            let reason = metric(&model, name).unwrap_err();
            assert!(
                reason.contains("does not say")
                    || reason.contains("no ")
                    || reason.contains("neither")
                    || reason.contains("takes"),
                "{name}: {reason}"
            );
        }
        let report = eval::report(&scenario, &model);
        for name in absent {
            assert_eq!(report.data[name], Value::Null, "{name}");
            assert!(report.undefined.iter().any(|(undefined, _)| undefined == name), "{name}");
        }
    }
}

mod cash {
    use super::*;

    #[test]
    fn burn_runway_and_burn_multiple() {
        // 6,000,000 at 250,000 a month last 24 months.
        let text = "[time]\nperiods = 36\n[cash]\nopening = \"6M\"\n[costs]\na = \"250k\"\n";
        assert_eq!(metric(&model(text), "runway"), Ok(24.0));
        assert_eq!(metric(&model(text), "burn"), Ok(250_000.0));
        assert_eq!(metric(&model(text), "cash_low"), Ok(-3_000_000.0));
        assert_eq!(metric(&model(text), "cash_low_period"), Ok(35.0));
        // Net burn of 2M against 1M of net new ARR: David Sacks' 2.0. Revenue of 1M, then 2M; costs of 2.5M a year.
        let text =
            "[time]\nperiod = \"year\"\nperiods = 2\n[revenue]\na = \"1M * (1 + period)\"\n[costs]\nb = \"2.5M\"\n";
        assert_eq!(metric(&model(text), "burn_multiple"), Ok(2.0));
    }

    #[test]
    fn a_runway_without_end_is_unlimited_and_not_zero() {
        let text = "[time]\nperiods = 12\n[cash]\nopening = 100\n[revenue]\na = 5\n";
        let reason = metric(&model(text), "runway").unwrap_err();
        assert_eq!(reason, "unlimited: cash never runs out within the 12 periods");
        assert_eq!(metric(&model(text), "cash_low"), Ok(105.0));
        assert_eq!(metric(&model(text), "burn_multiple"), Err("no cash is burned".to_owned()));
    }

    #[test]
    fn rule_of_40_adds_growth_and_margin() {
        // Revenue grows from 100 to 160 a year, 60 %, and the second year loses 40 of 160, 25 %: 35 %.
        let text = "[time]\nperiod = \"year\"\nperiods = 2\n[revenue]\na = \"100 + 60 * period\"\n[costs]\nb = \"step(0, 200, 1)\"\n";
        assert_near(metric(&model(text), "rule_of_40"), 0.35, 1e-15);
    }
}

#[test]
fn a_stock_below_zero_and_a_churn_above_one_are_noted_with_their_period() {
    let text = "price = 1\n[time]\nperiods = 6\nstart = \"2026-01\"\n[users]\nstart = 10\nchurn = \"period * 0.4\"\n";
    let (scenario, model) = read(text, &[]);
    // Churn is 0, 0.4, 0.8, 1.2, 1.6, 2: users are 10, 10, 6, 1.2, −0.24 and 0.144.
    let notes = eval::report(&scenario, &model).notes;
    assert!(
        notes.iter().any(|note| note.starts_with("`users.churn` is 1.2") && note.contains("in period 3 (2026-04)")),
        "{notes:?}"
    );
    assert!(
        notes.iter().any(|note| note.starts_with("`users` is -0.2") && note.contains("in period 4 (2026-05)")),
        "{notes:?}"
    );
}

#[test]
fn schedules_say_when_a_line_is_due() {
    let text = "[time]\nperiods = 8\nstart = \"2026-01\"\n[costs]\nonce = { amount = 1, at = 2 }\ntwice = { amount = 1, at = [0, \"2026-06\"] }\n\
        later = { amount = 1, from = 5 }\nearly = { amount = 1, until = \"2026-02\" }\nquarterly = { amount = 1, from = 1, every = 3 }\n\
        [costs.units]\nunits = 2\nprice = 3\nat = 7\n";
    let model = model(text);
    let due = |name: &str| series(&model, &format!("costs.{name}"));
    assert_eq!(due("once"), [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(due("twice"), [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(due("later"), [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!(due("early"), [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(due("quarterly"), [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    assert_eq!(due("units"), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 6.0]);
}

#[test]
fn functions_of_time_have_their_closed_forms() {
    let text = "[time]\nperiods = 5\nperiod = \"quarter\"\n[inputs]\ng = \"growth(10%)\"\nr = \"ramp(1, 9, 1, 3)\"\ns = \"step(2, 7, 3)\"\n\
        p = \"prev(g, 100)\"\ntwice = \"prev(prev(period, -1) * 10, -7)\"\nfibonacci = \"prev(fibonacci + prev(fibonacci, 0), 1)\"\n\
        [costs]\na = \"year * 10 + period / periods\"\n";
    let model = model(text);
    let is = |name: &str, expected: [f64; 5]| {
        for (found, expected) in series(&model, &format!("inputs.{name}")).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{name}: {found} is not {expected}");
        }
    };
    is("g", [1.0, 1.1, 1.21, 1.331, 1.4641]);
    is("r", [1.0, 1.0, 5.0, 9.0, 9.0]);
    is("s", [2.0, 2.0, 2.0, 7.0, 7.0]);
    is("p", [100.0, 1.0, 1.1, 1.21, 1.331]);
    is("twice", [-7.0, -10.0, 0.0, 10.0, 20.0]);
    is("fibonacci", [1.0, 1.0, 2.0, 3.0, 5.0]);
    assert_eq!(series(&model, "costs.a"), [0.0, 0.2, 0.4, 0.6, 10.8]);
}

/// A business with all that time offers, from a few numbers.
#[derive(Clone, Debug)]
struct Business {
    periods: usize,
    word: &'static str,
    start: f64,
    joins: f64,
    churn: f64,
    price: f64,
    rate: f64,
    opening: f64,
    training: f64,
    at: usize,
    every: usize,
}

prop_compose! {
    fn business()(
        periods in 1_usize..40, word in prop::sample::select(vec!["week", "month", "quarter", "year"]), start in 0.0..1e4, joins in 0.0..500.0,
        churn in 0.0..0.5, price in 0.1..100.0, rate in 0.0..0.5, opening in 0.0..1e6, training in 0.0..1e6, at in 0_usize..40, every in 1_usize..15,
    ) -> Business {
        Business { periods, word, start, joins, churn, price, rate, opening, training, at: at % periods, every }
    }
}

impl Business {
    fn text(&self) -> String {
        let Business { periods, word, start, joins, churn, price, rate, opening, training, at, every } = self;
        format!(
            "price = \"{price:?} * growth(0.5%)\"\n[time]\nperiod = \"{word}\"\nperiods = {periods}\ndiscount_rate = {rate:?}\n\
             [inputs]\nload = \"ramp(1, 2, 2, 9)\"\npeak = \"max(prev(peak, 0), users)\"\n\
             [users]\nstart = {start:?}\njoins = \"{joins:?} + prev(users, 0) * 0.01\"\nchurn = {churn:?}\n[cash]\nopening = {opening:?}\n\
             [revenue.setup]\nunits = \"users.joins\"\nprice = 30\nrecurring = false\n\
             [costs]\ntraining = {{ amount = {training:?}, at = {at} }}\naudit = {{ amount = 500, from = {at}, every = {every} }}\n\
             inference = {{ amount = \"users * load\", variable = true }}\noperations = \"100 + peak * 0.1\"\nmarketing = \"users.joins * 40\"\n\
             [impact.energy]\namount = \"users * load / 7\"\nunit = \"kWh\"\n"
        )
    }
}

/// A number's neighborhood: sums in another order round differently.
fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * scale.max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_sum_to_totals_in_every_period(business in business()) {
        let model = model(&business.text());
        let sum = |names: &[&str], period: usize| names.iter().map(|name| series(&model, name)[period]).sum::<f64>();
        let (revenue, cost, profit) = (series(&model, "revenue"), series(&model, "cost"), series(&model, "profit"));
        let (cumulative, cash, users) = (series(&model, "cumulative"), series(&model, "cash"), series(&model, "users"));
        let (joins, churn) = (series(&model, "users.joins"), series(&model, "users.churn"));
        let mut running = 0.0;
        for at in 0..business.periods {
            prop_assert_eq!(revenue[at], sum(&["revenue.subscription", "revenue.setup"], at));
            prop_assert_eq!(cost[at], sum(&["costs.training", "costs.audit", "costs.inference", "costs.operations", "costs.marketing"], at));
            prop_assert_eq!(profit[at], revenue[at] - cost[at]);
            running += profit[at];
            prop_assert_eq!(cumulative[at], running);
            prop_assert!(near(cash[at], business.opening + running, business.opening + cost.iter().sum::<f64>()));
            if at + 1 < business.periods {
                prop_assert_eq!(users[at + 1], users[at] * (1.0 - churn[at]) + joins[at]);
            }
        }
        for (name, series) in [("revenue", &revenue), ("cost", &cost)] {
            prop_assert_eq!(metric(&model, name), Ok(series.iter().sum::<f64>()));
        }
    }

    #[test]
    fn one_period_is_no_time(users in 0.0..1e6, price in 0.0..1e3, cost in 0.0..1e6, share in 0.0..1.0) {
        let text = format!(
            "users = {users:?}\nprice = {price:?}\n[costs]\na = {cost:?}\nb = \"users * {share:?}\"\n[costs.c]\nunits = 3\nprice = 7\n[impact]\nd = \"users ^ 0.5\"\n"
        );
        let without = model(&text);
        let with = model(&format!("{text}[time]\nperiods = 1\n"));
        let names = metrics::all().map(|metric| metric.name).filter(|name| metrics::is_everywhere(name));
        for name in names.chain(["lines.costs.a", "lines.costs.b", "lines.costs.c", "lines.impact.d"]) {
            prop_assert_eq!(metric(&with, name), metric(&without, name), "{}", name);
        }
    }

    #[test]
    fn at_a_rate_of_zero_the_present_value_is_the_total_profit(business in business()) {
        let model = model(&Business { rate: 0.0, ..business }.text());
        prop_assert!(near(metric(&model, "npv").unwrap(), metric(&model, "profit").unwrap(), metric(&model, "cost").unwrap()));
    }

    #[test]
    fn at_the_internal_rate_the_present_value_is_zero(flow in prop::collection::vec(-1e5..1e5, 2..24), word in prop::sample::select(vec!["month", "year"])) {
        let text = flows(&flow, "discount_rate = 0").replace("\"year\"", &format!("\"{word}\""));
        if let Ok(irr) = metric(&model(&text), "irr") {
            // A rate so high or so low that floats cannot hold the discount factors proves nothing.
            prop_assume!(irr > -0.9 && irr < 10.0);
            let model = read(&text, &[format!("time.discount_rate=\"0 + {irr:?}\"")]).1;
            let factors = series(&model, "discount_factor");
            let scale: f64 = flow.iter().zip(&factors).map(|(flow, factor)| (flow * factor).abs()).sum();
            prop_assert!(near(metric(&model, "npv").unwrap(), 0.0, scale));
        }
    }

    #[test]
    fn periods_without_flows_at_either_end_do_not_move_the_internal_rate(
        flow in prop::collection::vec(-1e5..1e5, 2..12), before in 0_usize..6, after in 0_usize..6)
    {
        let padded = [vec![0.0; before], flow.clone(), vec![0.0; after]].concat();
        match (metric(&model(&flows(&flow, "")), "irr"), metric(&model(&flows(&padded, "")), "irr")) {
            (Ok(bare), Ok(padded)) => prop_assert!(near(bare, padded, bare.abs())),
            (bare, padded) => prop_assert_eq!(bare.is_err(), padded.is_err()),
        }
    }

    #[test]
    fn quarters_and_years_sum_to_the_same_totals(business in business()) {
        let (scenario, model) = read(&business.text(), &[]);
        let time = scenario.time.as_ref().unwrap();
        let report = |grouping: Grouping| {
            let length = grouping.length(time.period)?;
            Some(forecast::report(&scenario, &model, time, (length, grouping), &Choice::WithLines).data)
        };
        let bare = report(Grouping::Period).unwrap();
        let numbers = |value: &Value| value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect::<Vec<_>>();
        for grouped in [Grouping::Quarter, Grouping::Year].into_iter().filter_map(report) {
            prop_assert_eq!(&grouped["totals"], &bare["totals"]);
            for (name, values) in grouped["series"].as_object().unwrap() {
                let (each, joined) = (numbers(&bare["series"][name]), numbers(values));
                prop_assert_eq!(grouped["periods"].as_array().unwrap().len(), joined.len());
                if ["users", "cash", "cumulative"].contains(&name.as_str()) {
                    prop_assert_eq!(each.last(), joined.last());
                } else {
                    prop_assert!(near(each.iter().sum(), joined.iter().sum(), each.iter().map(|value| value.abs()).sum()), "{}", name);
                }
            }
        }
    }

    #[test]
    fn a_run_over_lanes_equals_single_runs_to_the_bit(business in business(), prices in prop::collection::vec(0.0..100.0, 1..5)) {
        let text = business.text();
        let (scenario, model) = read(&text, &[]);
        let find = |name: &str| model.find(&Path::from(name)).unwrap();
        let names: Vec<&str> = metrics::of(&scenario).map(|metric| metric.name).chain(["lines.costs.audit", "lines.impact.energy"]).collect();
        let wanted: Vec<_> = names.iter().map(|name| find(name)).collect();
        let varied = ["users.start", "users.churn", "price", "time.discount_rate", "cash.opening"];
        let ids = varied.map(|name| model.quantity(&Path::from(name)).unwrap());
        // Each quantity has a column; the lanes differ in all of them, and there are more lanes than one chunk holds.
        let lane = |at: usize| {
            let x = prices[at % prices.len()] + f64::from(u32::try_from(at).unwrap()) / 7.0;
            [x * 11.0, x / 250.0, x, x / 300.0, x * 1_000.0]
        };
        let columns: Vec<Vec<f64>> = (0..varied.len()).map(|column| (0..300).map(|at| lane(at)[column]).collect()).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let lanes = model.plan(&ids, &wanted).run(&columns);
        for at in [0, 1, 299] {
            let settings: Vec<String> = varied.iter().zip(lane(at)).map(|(name, value)| format!("{name}={value:?}")).collect();
            let single = read(&text, &settings).1;
            for (name, column) in names.iter().zip(&lanes) {
                let alone = single.values().at(single.find(&Path::from(*name)).unwrap(), 0);
                prop_assert!(alone.to_bits() == column[at].to_bits() || (alone.is_nan() && column[at].is_nan()), "{} at {}: {} is not {}", name, at, column[at], alone);
            }
        }
    }
}

/// What `forecast` lists is what `explain` walks.
#[test]
fn the_series_of_a_forecast_are_the_values_that_are_explained() {
    for name in ["customer-service-operations-once", "copilot-seats", "inference-api"] {
        let (scenario, model) = shipped(name, None);
        let time = scenario.time.as_ref().unwrap();
        let data = forecast::report(&scenario, &model, time, (1, Grouping::Period), &Choice::Main).data;
        let series = data["series"].as_object().unwrap();
        assert!(series.len() > model.lines().len());
        for (name, values) in series {
            let id = model.find_periodic(&Path::from(name.as_str())).unwrap();
            for period in [0, 1, model.periods() - 1] {
                let options = explain::Options { depth: 1, period: Some(period) };
                let explained = explain::report(&scenario, &model, id, options).data;
                assert_eq!(explained["value"], values[period], "{name} in period {period}");
            }
        }
    }
}
