//! `solve`: a solved value, evaluated, gives the goal, and every place is found.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fmt::Write as _;

use bizmodel::analysis::SCHEMAS;
use bizmodel::analysis::solve::goal::{Goal, interval};
use bizmodel::analysis::solve::{self, Options, Rounding, Scope};
use bizmodel::formula::Path;
use bizmodel::model::{Model, Question};
use bizmodel::numeric::design::{Design, Method};
use bizmodel::render::{self, Format, render};
use bizmodel::report::{Answer, Report};
use bizmodel::scenario::{Changes, Scenario};
use proptest::prelude::*;
use serde_json::Value;

/// The report of a question put as on the command line: the quantity, the goal, and where to search.
fn ask(scenario: &Scenario, path: &str, goal: &str, between: Option<&str>, scope: Scope) -> Report {
    let options = Options {
        path: Path::parse_option(path).unwrap(),
        goal: Goal::parse(goal).unwrap(),
        between: between.map(|between| interval(between).unwrap()),
        rounding: Rounding::Counted,
        scope,
        design: Design { method: Method::Sobol, seed: 1, samples: solve::SAMPLES },
    };
    solve::report(scenario, &options).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn solutions(scenario: &Scenario, path: &str, goal: &str, between: Option<&str>) -> Vec<f64> {
    numbers(&ask(scenario, path, goal, between, Scope::WholeRun).data["solutions"])
}

/// The outcome where the scenario sets the quantity to a value.
fn evaluated(scenario: &Scenario, setting: &str, outcome: &str) -> f64 {
    let changes = Changes { case: None, settings: vec![setting.to_owned()] };
    let scenario = scenario.with(&changes).unwrap();
    let goal = Goal::parse(&format!("{outcome}=0")).unwrap();
    let question = Question { name: "q".to_owned(), expression: goal.expression };
    let (model, asked) = Model::compile_with(&scenario, &[question]).unwrap();
    model.values().at(asked[0], 0)
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse("s.toml", text).unwrap()
}

const ARTICLE: &str =
    "users = 1_000\nprice = 100\n[costs]\ndata = 1_000_000\ntraining = 2_000_000\noperations = 500_000\n";

/// Three years of months: users who join and leave, one investment, costs per user, marketing.
const YEARS: &str = "[time]\nperiods = 36\ndiscount_rate = \"12%\"\n[users]\nstart = 200\njoins = 40\nchurn = \"3%\"\n\
    [revenue]\nsubscription = { price = 20 }\n[costs]\ndata = { amount = 100_000, at = 0 }\n\
    operations = \"200 + users * 4\"\nmarketing = 4_800\n";

#[test]
fn the_articles_case_breaks_even_exactly() {
    let article = scenario(ARTICLE);
    // 100·N = 3,500,000; 1,000·S = 3,500,000; 100·N = 3,500,000 · 1.2
    assert_eq!(solutions(&article, "users", "profit=0", None), [35_000.0]);
    assert_eq!(solutions(&article, "price", "profit=0", None), [3_500.0]);
    assert_eq!(solutions(&article, "users", "return_rate=0.2", None), [42_000.0]);
    assert_eq!(solutions(&article, "users", "revenue - cost=0", None), [35_000.0]);
    assert_eq!(ask(&article, "users", "return_rate=-2", None, Scope::WholeRun).answer, Answer::No);
}

#[test]
fn an_exact_answer_is_exact_in_spite_of_binary_fractions() {
    // 0.1·N = 0.3, where 0.3 / 0.1 is 2.9999999999999996.
    let cents = scenario("users = 1\nprice = 0.1\n[costs]\ndata = 0.3\n");
    assert_eq!(solutions(&cents, "users", "profit=0", None), [3.0]);
    // 19.99·N·(1 − 2.9 %) = 19,410.29
    let fee = scenario("users = 1\nprice = 19.99\n[costs]\nfee = \"users * price * 2.9%\"\ndata = 19_410.29\n");
    assert_eq!(solutions(&fee, "users", "profit=0", None), [1_000.0]);
    // What is searched is as exact: N·(N + 1) = 7,500 · 7,501.
    let square = scenario("users = 1\nprice = \"users + 1\"\n[costs]\ndata = 56_257_500\n");
    assert_eq!(solutions(&square, "users", "profit=0", None), [7_500.0]);
}

#[test]
fn whole_things_are_rounded_to_the_number_that_reaches_the_goal() {
    let whole = |path: &str, goal: &str, text: &str| {
        ask(&scenario(text), path, goal, None, Scope::WholeRun).data["whole"].to_string()
    };
    // 12·N = 35,000 at 2,916.67; a cost of 2·N = 33 at 16.5, where less is better.
    assert_eq!(whole("users", "profit=0", "users = 1\nprice = 12\n[costs]\ndata = 35_000\n"), "[2917.0]");
    assert_eq!(whole("users", "cost=33", "users = 1\n[costs]\ndata = \"2 * users\"\n"), "[16.0]");
    assert_eq!(whole("price", "profit=0", ARTICLE), "[]");
}

/// The values were computed with mpmath 1.3 (findroot, 40 digits) on the sums written out in Python.
#[test]
fn a_plan_of_three_years_is_solved_as_by_an_independent_tool() {
    let years = scenario(YEARS);
    for (path, goal, expected) in EXPECTED {
        let found = solutions(&years, path, goal, None);
        assert!(matches!(found[..], [x] if (x / expected - 1.0).abs() < 1e-12), "{path} {goal}: {found:?}");
    }
}

const EXPECTED: [(&str, &str, f64); 6] = [
    ("users.start", "npv=0", 47.703_152_481_966_04),
    ("users.joins", "npv=0", 32.034_547_603_991_78),
    ("price", "npv=0", 17.474_313_261_076_322),
    ("users.churn", "npv=0", 0.047_631_624_234_218_79),
    ("users.churn", "ltv_to_cac=3", 0.043_439_924_495_544_55),
    // The cumulative profit of periods 0 to 12 is 0.
    ("price", "payback=12", 37.125_722_676_347_38),
];

#[test]
fn each_period_is_solved_for_itself() {
    let text = "users = 10\nprice = 2\n[time]\nperiods = 3\n[costs]\ndata = \"30 * (period + 1)\"\nlegal = { amount = 7, at = 1 }\n";
    let report = ask(&scenario(text), "users", "profit=0", None, Scope::EachPeriod);
    // 2·N = 30, 60 + 7 and 90
    let found: Vec<_> =
        report.data["periods"].as_array().unwrap().iter().map(|one| numbers(&one["solutions"])).collect();
    assert_eq!(found, [[15.0], [33.5], [45.0]]);
    let whole: Vec<_> = report.data["periods"].as_array().unwrap().iter().map(|one| numbers(&one["whole"])).collect();
    assert_eq!(whole, [[15.0], [34.0], [45.0]]);
    assert!(!report.data.contains_key("solutions"));
}

#[test]
fn every_kind_of_answer_keeps_the_schema() {
    let (_, schema) = SCHEMAS.iter().find(|(name, _)| *name == "solve").unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let jump = "users = 10\nprice = 1\n[costs]\nservers = \"90 * ceil(users / 100)\"\n";
    let flat = "[inputs]\nx = 4\n[revenue]\nsales = \"max(0, x - 10) * 5\"\n";
    for (text, path, goal, scope) in [
        (ARTICLE, "users", "profit=0", Scope::WholeRun),
        (ARTICLE, "users", "return_rate=-2", Scope::WholeRun),
        (ARTICLE, "users", "1 / (cost - 3.5M)=0", Scope::WholeRun),
        (jump, "users", "profit=0", Scope::WholeRun),
        (flat, "x", "profit=0", Scope::WholeRun),
        (YEARS, "users.start", "profit=0", Scope::EachPeriod),
    ] {
        let report = ask(&scenario(text), path, goal, None, scope);
        let json = render(&[report], Format::Json, &render::Options::default()).unwrap();
        let answer: Value = serde_json::from_slice(&json).unwrap();
        let wrong: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{path} {goal}: {wrong:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_straight_line_of_whole_numbers_is_solved_exactly(users in 1..100_000_u32, price in 1..1_000_u32, fixed in 0..1_000_u32) {
        // (price + 1)·N − N − price·users − fixed + fixed: no rounding anywhere.
        let (users, price, fixed) = (u64::from(users), u64::from(price), u64::from(fixed));
        let text = format!(
            "users = 7\nprice = {}\n[revenue]\ngrant = {fixed}\n[costs]\nserving = \"users\"\ndata = {}\n",
            price + 1,
            price * users + fixed
        );
        let scenario = scenario(&text);
        let found = solutions(&scenario, "users", "profit=0", None);
        let expected: f64 = users.to_string().parse().unwrap();
        prop_assert_eq!(&found, &[expected]);
        prop_assert_eq!(evaluated(&scenario, &format!("users={}", found[0]), "profit"), 0.0);
    }

    #[test]
    fn a_solved_value_evaluated_gives_the_goal(
        users in 1.0..1e6_f64,
        price in 0.01..1e4_f64,
        fixed in 1.0..1e9_f64,
        serving in 0.0..1e3_f64,
        goal in -0.9..5.0_f64,
    ) {
        let text = format!(
            "users = {users}\nprice = {price}\n[costs]\ndata = {fixed}\nserving = \"users * {serving:e} + 5 * sqrt(users)\"\n"
        );
        let scenario = scenario(&text);
        for (path, metric, value) in
            [("price", "profit", 0.0), ("price", "return_rate", goal), ("users", "return_rate", goal), ("costs.data", "margin", goal - 1.0)]
        {
            let found = solutions(&scenario, path, &format!("{metric}={value}"), None);
            let scale = if metric == "profit" { fixed } else { 1.0 + value.abs() };
            for solution in &found {
                let reached = evaluated(&scenario, &format!("{path}={solution}"), metric);
                prop_assert!((reached - value).abs() <= 1e-9 * scale, "{} {}: {} gives {}", path, metric, solution, reached);
            }
            prop_assert!(found.len() == 1 || path != "price", "{} {} = {}: {:?}", path, metric, value, found);
        }
    }

    #[test]
    fn all_planted_places_are_found(mut planted in prop::collection::vec(-400..400_i32, 1..6)) {
        planted.sort_unstable();
        planted.dedup();
        let mut product = String::from("1");
        for root in &planted {
            write!(product, " * (x - ({}))", f64::from(*root) / 4.0).unwrap();
        }
        let scenario = scenario(&format!("[inputs]\nx = 1\n[revenue]\nsales = \"{product}\"\n"));
        let expected: Vec<f64> = planted.iter().map(|root| f64::from(*root) / 4.0).collect();
        prop_assert_eq!(solutions(&scenario, "x", "profit=0", Some("-200..200")), expected.clone());
        prop_assert_eq!(solutions(&scenario, "x", "profit=0", None), expected);
    }
}

proptest! {
    // A search over many periods is as long as many others.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_goal_over_many_periods_is_met(churn in 0.01..0.5_f64, share in 0.1..0.9_f64) {
        let years = scenario(YEARS);
        // A value that the outcome is known to take.
        let goal = evaluated(&years, &format!("users.churn={churn}"), "npv");
        let found = solutions(&years, "users.churn", &format!("npv={goal}"), None);
        prop_assert!(found.iter().any(|solution| (solution / churn - 1.0).abs() < 1e-9), "{} {:?}", churn, found);
        let price = 20.0 + 20.0 * share;
        let goal = evaluated(&years, &format!("price={price}"), "irr");
        let found = solutions(&years, "price", &format!("irr={goal}"), None);
        prop_assert!(found.iter().any(|solution| (solution / price - 1.0).abs() < 1e-9), "{} {:?}", price, found);
    }
}
