//! The model's figures: worked examples, and laws that hold for every scenario.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::fmt::Write as _;

use bizmodel::error::Error;
use bizmodel::formula::{self, Path};
use bizmodel::model::{Model, Question};
use bizmodel::numeric::kernel;
use bizmodel::scenario::{Changes, Scenario};
use proptest::prelude::*;

fn model(text: &str) -> Model {
    Model::compile(&Scenario::parse("s.toml", text).unwrap()).unwrap()
}

fn value(model: &Model, name: &str) -> Result<f64, String> {
    model.values().get(model.find(&Path::from(name)).unwrap(), 0)
}

const ARTICLE: &str =
    "users = 1_000\nprice = 100\n[costs]\ndata = 1_000_000\ntraining = 2_000_000\noperations = 500_000\n";

/// The worked case of 《AI大模型创业：如何构建未来可持续的商业模式？》, section 4.3.
#[test]
fn the_articles_case() {
    let model = model(ARTICLE);
    // R = N × S = 1,000 × 100
    assert_eq!(value(&model, "revenue"), Ok(100_000.0));
    // C = D + M + O = 1,000,000 + 2,000,000 + 500,000
    assert_eq!(value(&model, "cost"), Ok(3_500_000.0));
    // P = R − C = 100,000 − 3,500,000
    assert_eq!(value(&model, "profit"), Ok(-3_400_000.0));
    // r = P / C = −3,400,000 / 3,500,000 = −34/35; the article rounds it to −0.97.
    assert_eq!(value(&model, "return_rate"), Ok(-34.0 / 35.0));
    // P / R = −3,400,000 / 100,000
    assert_eq!(value(&model, "margin"), Ok(-34.0));
    assert_eq!(value(&model, "revenue_per_user"), Ok(100.0));
    assert_eq!(value(&model, "cost_per_user"), Ok(3_500.0));
}

#[test]
fn without_costs_the_return_rate_has_a_reason_instead_of_a_value() {
    let model = model("users = 1_000\nprice = 100\n[costs]\ndata = 0\ntraining = 0\noperations = 0\n");
    assert_eq!(value(&model, "profit"), Ok(100_000.0));
    assert_eq!(value(&model, "return_rate"), Err("cost is 0".to_owned()));
}

#[test]
fn a_reason_names_the_step_at_which_a_value_was_lost() {
    let reason = |formula: &str| {
        let text =
            format!("users = 0\nprice = 1\n[inputs]\nzero = 0\nchain = \"{formula}\"\n[costs]\ndata = \"chain\"\n");
        value(&model(&text), "profit").unwrap_err()
    };
    assert_eq!(reason("1 / (zero * 3)"), "`inputs.chain` has no value: zero * 3 is 0");
    assert_eq!(reason("ln(zero - 1)"), "`inputs.chain` has no value: there is no logarithm of -1");
    assert_eq!(reason("sqrt(-4)"), "`inputs.chain` has no value: there is no square root of -4");
    assert_eq!(reason("zero ^ -1"), "`inputs.chain` has no value: 0 has no negative power");
    assert_eq!(
        reason("(-8) ^ 0.5"),
        "`inputs.chain` has no value: a negative number has no power that is not whole: -8 ^ 0.5"
    );
    assert_eq!(reason("exp(1_000)"), "`inputs.chain` has no value: `exp(1000)` is too large a number");
    assert_eq!(
        reason("clamp(1, 3, 2)"),
        "`inputs.chain` has no value: the limits of `clamp(1, 3, 2)` are in the wrong order"
    );
    assert_eq!(reason("if(zero == 0, 1 / zero, 1)"), "`inputs.chain` has no value: zero is 0");
}

#[test]
fn what_was_not_needed_takes_no_value_away() {
    let text = "users = 0\nprice = 1\n[inputs]\na = \"if(users > 0, 5 / users, 7)\"\nb = \"if(users > 0 and 5 / users > 1, 1, 2)\"\n\
        [costs]\ndata = \"a + b\"\n";
    assert_eq!(value(&model(text), "cost"), Ok(9.0));
}

#[test]
fn a_line_is_an_amount_or_units_times_price() {
    let text = "users = 10\n[revenue.api]\nunits = \"users * 3\"\nprice = 2\n[revenue.seats]\nprice = 5\n\
        [costs]\nbare = 7\n[costs.table]\namount = \"costs.bare * 2 + revenue.api.units\"\n[impact.energy]\namount = \"costs.table.amount / 4\"\n";
    let model = model(text);
    // 10 × 3 units at 2, and 10 users at 5
    assert_eq!(value(&model, "revenue"), Ok(110.0));
    // 7 + (7 × 2 + 30)
    assert_eq!(value(&model, "cost"), Ok(51.0));
    assert_eq!(value(&model, "lines.impact.energy"), Ok(11.0));
    assert_eq!(value(&model, "revenue.api.units"), Ok(30.0));
    assert_eq!(value(&model, "revenue.seats.units"), Ok(10.0));
}

#[test]
fn a_case_and_then_the_settings_are_laid_over_the_file() {
    let text = "users = 10\nprice = 2\n[inputs]\nx = 3\n[costs]\ndata = \"x\"\n[costs.t]\nunits = 4\nprice = 5\n\
        [cases.c]\nusers = 20\ninputs.x = 6\ncosts.t = 1\n";
    let file = Scenario::parse("s.toml", text).unwrap();
    let profit = |case: Option<&str>, settings: &[&str]| -> Result<f64, Error> {
        let changes =
            Changes { case: case.map(str::to_owned), settings: settings.iter().map(ToString::to_string).collect() };
        Ok(value(&Model::compile(&file.with(&changes)?)?, "profit").unwrap())
    };
    // 10 × 2 − (3 + 4 × 5)
    assert_eq!(profit(None, &[]).unwrap(), -3.0);
    // 20 × 2 − (6 + 1): an amount takes the place of units and price.
    assert_eq!(profit(Some("c"), &[]).unwrap(), 33.0);
    // 20 × 2 − (1 + 1): the setting is laid over the case.
    assert_eq!(profit(Some("c"), &["x=1"]).unwrap(), 38.0);
    assert_eq!(profit(None, &["users=x * 2", "inputs.x=1", "price = 7"]).unwrap(), 2.0 * 7.0 - 21.0);
    assert_eq!(profit(None, &["costs.t.units=1", "costs.data.amount=0"]).unwrap(), 15.0);
    assert!(profit(Some("d"), &[]).is_err());
    assert!(profit(None, &["costs.legal=1"]).is_err());
}

#[test]
fn a_question_may_look_over_all_periods() {
    let text = "users = 10\nprice = \"1 + period\"\n[time]\nperiods = 4\n[costs]\nfixed = { amount = 30, at = 1 }\n";
    let scenario = Scenario::parse("s.toml", text).unwrap();
    // Revenue 10, 20, 30, 40; profit 10, −10, 30, 40; cumulative 10, 0, 30, 70.
    let answer = |text: &str| {
        let question = Question { name: "q".to_owned(), expression: formula::parse(text).unwrap() };
        let (model, asked) = Model::compile_with(&scenario, &[question]).map_err(|error| error.to_string())?;
        model.values().get(asked[0], 0)
    };
    assert_eq!(answer("profit"), Ok(70.0));
    assert_eq!(answer("min(profit) + max(profit)"), Ok(30.0));
    assert_eq!(answer("at(2, cumulative) - first(cumulative)"), Ok(20.0));
    assert_eq!(answer("all(profit >= -10) and not any(cumulative < 0)"), Ok(1.0));
    assert_eq!(answer("costs.fixed / lines.revenue.subscription"), Ok(0.3));
    assert_eq!(answer("at(4, profit)"), Err("there is no period 4: the periods are 0 to 3".to_owned()));
    assert!(answer("price > 1").unwrap_err().contains("`price` has a value in each period, and one is wanted"));
    assert!(answer("prev(profit, 0) > 1").unwrap_err().contains("`prev` has a value in each period"));
    assert_eq!(answer("last(prev(profit, 0))"), Ok(30.0));
    assert!(answer("growth(1%) > 1").unwrap_err().contains("`growth` has a value in each period, and one is wanted"));
    assert_eq!(answer("total(prev(profit, 0))"), Ok(30.0));
    assert!(answer("profits > 1").unwrap_err().contains("did you mean `profit`?"));
}

#[test]
fn a_run_over_lanes_is_many_runs_of_one() {
    let text = "users = 10\nprice = \"20 - users / 1000\"\n[inputs]\nx = \"users ^ 0.5\"\n[costs]\ndata = \"if(users > 300, 100, 5 * x)\"\n\
        operations = \"max(50, users / 3) + 0.1\"\n";
    let model = model(text);
    let users = model.quantity(&Path::from("users")).unwrap();
    let names = ["revenue", "cost", "profit", "return_rate", "margin", "users", "inputs.x", "lines.costs.data"];
    let wanted = names.map(|name| model.find(&Path::from(name)).unwrap());
    // More lanes than one chunk, and not a multiple of it.
    let column: Vec<f64> = (0..1_000).map(f64::from).collect();
    let lanes = model.plan(&[users], &wanted).run(&[&column]);
    let file = Scenario::parse("s.toml", text).unwrap();
    for at in [0, 1, 255, 256, 300, 301, 999] {
        let changes = Changes { case: None, settings: vec![format!("users={at}")] };
        let single = Model::compile(&file.with(&changes).unwrap()).unwrap();
        for (name, column) in names.iter().zip(&lanes) {
            let alone = single.values().at(single.find(&Path::from(*name)).unwrap(), 0);
            assert_eq!(alone.to_bits(), column[at].to_bits(), "{name} at {at}");
        }
    }
}

/// Values of the period before that are read early, late, twice, through a schedule or through each other, sums that are
/// read on the way, and growth by factors that no power of which a number can hold.
#[test]
fn what_is_kept_from_period_to_period_is_the_same_in_lanes_as_alone() {
    let text = "price = \"5 + x\"\n[time]\nperiods = 40\ndiscount_rate = \"8%\"\n[users]\nstart = \"100 + x\"\njoins = \"10 + prev(inputs.a, x)\"\n\
        churn = \"2%\"\n[inputs]\nx = 1\na = \"prev(inputs.b, 3) + x\"\nb = \"prev(inputs.c, x * 2) * 0.5 + users\"\n\
        c = \"a - b + prev(inputs.a, period + x)\"\nsum = \"prev(inputs.sum, 0) + c\"\nlate = \"inputs.sum * 2 + prev(inputs.sum, 1)\"\n\
        steep = \"growth(x)\"\nfalling = \"growth(x / 1000 - 1)\"\nhalf = \"period / 2 - prev(inputs.half, x)\"\n[costs]\n\
        once = { amount = \"a * 2\", at = 3 }\nyearly = { amount = \"x * 7\", every = 12 }\nkept = \"prev(costs.yearly, x) + prev(costs.once, 1)\"\n\
        mixed = \"a * b - c * x\"\nturned = \"x - (a + b) - c\"\nmost = \"max(0, min(a, late)) + half\"\n\
        growing = \"steep + falling\"\n";
    let names = [
        "revenue",
        "cost",
        "profit",
        "return_rate",
        "npv",
        "payback",
        "funding_need",
        "lines.costs.kept",
        "lines.costs.once",
        "lines.costs.mixed",
        "lines.costs.turned",
        "lines.costs.most",
        "lines.costs.growing",
    ];
    assert_lanes_are_alone(text, &names);
}

/// The runs over many values of `inputs.x` at once give these, to the bit, as one run for each value does.
fn assert_lanes_are_alone(text: &str, names: &[&str]) {
    let model = model(text);
    let varied = model.quantity(&Path::from("inputs.x")).unwrap();
    let wanted: Vec<_> = names.iter().map(|name| model.find(&Path::from(*name)).unwrap()).collect();
    let column: Vec<f64> = (0..301).map(|lane| f64::from(lane) * f64::from(lane) * 3.7 - 0.9).collect();
    let lanes = model.plan(&[varied], &wanted).run(&[&column]);
    for (at, x) in column.iter().enumerate() {
        let alone = model.values_at(&[(varied, *x)]);
        for ((name, id), found) in names.iter().zip(&wanted).zip(&lanes) {
            let (alone, found) = (alone.at(*id, 0), found[at]);
            assert!(
                alone.to_bits() == found.to_bits() || (alone.is_nan() && found.is_nan()),
                "{name} at {x}: {found} is not {alone}"
            );
        }
    }
}

/// What is not due is left out of the run; here with few kinds of periods, which have steps of their own, and with more kinds
/// than have them.
#[test]
fn what_is_not_due_is_the_same_in_lanes_as_alone() {
    let names = ["revenue", "cost", "profit", "return_rate", "npv", "payback", "funding_need", "cash_low"];
    let start = "price = \"5 + x\"\n[time]\nperiods = 30\ndiscount_rate = \"8%\"\n[users]\nstart = \"100 + x\"\njoins = 10\nchurn = \"2%\"\n\
        [cash]\nopening = 1000\n[inputs]\nx = 1\nold = \"prev(inputs.sum, 0)\"\nsum = \"old + x\"\n[revenue]\nfee = \"x * 3\"\n";
    let few = "[costs]\nserving = \"users * x\"\nfirst = { amount = \"x * 40\", at = 0 }\nyearly = { amount = \"x * 7\", every = 12 }\n\
        until = { amount = \"x - 5\", until = 3 }\n\
        product = \"max(0, x) * costs.yearly\"\nlate = { amount = \"old * x\", at = 7 }\nlast = { amount = \"users * 2 - x\", at = 29 }\n";
    let mut many = String::from("[costs]\nserving = \"users * x\"\n");
    for at in 0..20 {
        writeln!(many, "line{at} = {{ amount = \"x * {at} + prev(costs.line{}, 3)\", at = {at} }}", at.max(1) - 1)
            .unwrap();
    }
    assert_lanes_are_alone(&format!("{start}{few}"), &names);
    assert_lanes_are_alone(&format!("{start}{many}"), &names);
}

#[test]
fn an_input_that_is_not_varied_is_the_same_in_every_lane() {
    let model = model("users = 10\nprice = 2\n[inputs]\nx = 3\n[costs]\ndata = \"x\"\n");
    let x = model.quantity(&Path::from("x")).unwrap();
    let revenue = model.find(&Path::from("revenue")).unwrap();
    let cost = model.find(&Path::from("cost")).unwrap();
    assert_eq!(model.plan(&[x], &[revenue, cost]).run(&[&[1.0, 2.0]]), [[20.0, 20.0], [1.0, 2.0]]);
}

#[test]
fn a_chain_of_many_inputs_neither_overflows_nor_loses_its_way() {
    let mut text = String::from("users = 1\nprice = 1\n[inputs]\n");
    // Each needs the next, so that a search in the order of the file goes all the way down at once.
    for at in 0..20_000 {
        writeln!(text, "x{at} = \"x{} + 1\"", at + 1).unwrap();
    }
    text.push_str("x20000 = 0\n[costs]\ndata = \"x0\"\n");
    assert_eq!(value(&model(&text), "cost"), Ok(20_000.0));
}

#[test]
fn kernels_are_the_ones_that_the_formulas_name() {
    // A guard for the reader of this file: 7 / 0 has no value here, where floats say infinity.
    let mut out = [0.0];
    kernel::divide(kernel::Operand::Uniform(7.0), kernel::Operand::Uniform(0.0), &mut out);
    assert!(out[0].is_nan());
}

proptest! {
    #[test]
    fn parts_sum_to_totals(users in 0.0..1e6, price in 0.0..1e4, costs in proptest::collection::vec(-1e7..1e7, 1..6)) {
        let mut text = format!("users = {users:?}\nprice = {price:?}\n[costs]\n");
        for (at, cost) in costs.iter().enumerate() {
            writeln!(text, "c{at} = {cost:?}").unwrap();
        }
        let model = model(&text);
        let values = model.values();
        let get = |name: &str| values.at(model.find(&Path::from(name)).unwrap(), 0);
        let sum: f64 = (0..costs.len()).map(|at| get(&format!("lines.costs.c{at}"))).sum();
        prop_assert_eq!(get("cost"), sum);
        prop_assert_eq!(get("revenue"), get("lines.revenue.subscription"));
        prop_assert_eq!(get("profit"), get("revenue") - get("cost"));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Model::load("s.toml", &bytes, &Changes::default());
    }

    #[test]
    fn no_text_of_the_right_words_makes_the_reader_panic(words in proptest::collection::vec(
        prop::sample::select(vec![
            "users", "price", "=", " = ", "\n", "[costs]", "[inputs]\n", "[cases.a]\n", "[revenue.x]\n", "data", "x", ".", "\"", "'",
            "\"users * 2\"", "\"x + 1\"", "1", "-5", "nan", "1e400", "{ amount = 3 }", "{ units = 2, price = 1 }", "amount", "units",
            "[", "]", "true", "2026-01-01", "#", "\"\"\"\n", "访客", "\u{feff}", "\r\n", "costs.data", "class = \"data\"\n",
        ]), 0..40))
    {
        let text = words.concat();
        let _ = Model::load("s.toml", text.as_bytes(), &Changes { case: Some("a".into()), settings: vec!["x=1".into(), text.clone()] });
    }
}
