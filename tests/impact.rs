//! Impact: sums, measures and internal prices, whose arithmetic can be followed by hand.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::Scenario;

fn value(text: &str, path: &str) -> f64 {
    let model = Model::compile(&Scenario::parse("s.toml", text).unwrap()).unwrap();
    model.values().get(model.find(&Path::from(path)).unwrap(), 0).unwrap()
}

/// 100 users at 10 over two months earn 2,000 against 1,000; each month has 2,500 kg.
fn scenario(internal_price: &str) -> String {
    format!(
        "users = 100\nprice = 10\n[time]\nperiods = 2\ndiscount_rate = 0\n[cash]\nopening = 50\n\
         [costs]\noperations = 500\n[impact.carbon]\namount = 2_500\nunit = \"kg CO2e\"\n{internal_price}\n"
    )
}

#[test]
fn impact_is_measured_per_user_and_per_thousand_of_revenue() {
    // 5,000 kg over 100 users, and over 2 thousands of revenue.
    let text = scenario("");
    assert_eq!(value(&text, "lines.impact.carbon"), 5_000.0);
    assert_eq!(value(&text, "lines.impact.carbon.per_user"), 50.0);
    assert_eq!(value(&text, "lines.impact.carbon.per_1000_revenue"), 2_500.0);
}

#[test]
fn an_internal_price_is_a_cost_once_whatever_the_unit_it_is_said_in() {
    for per in ["price = 80, per = \"t\"", "price = 0.08, per = \"kg\"", "price = 80e3, per = \"kt CO2e\""] {
        let text = scenario(&format!("internal_price = {{ {per} }}"));
        // 5 t at 80.
        assert!((value(&text, "lines.costs.carbon_price") - 400.0).abs() < 1e-9, "{per}");
        assert!((value(&text, "cost") - 1_400.0).abs() < 1e-9, "{per}");
        assert!((value(&text, "profit") - 600.0).abs() < 1e-9, "{per}");
        // Without discounting, what the plan is worth is its profit.
        assert!((value(&text, "npv") - 600.0).abs() < 1e-9, "{per}");
    }
}

#[test]
fn an_internal_price_leaves_the_account_as_it_is() {
    // 2.5 t at 400 a month are 1,000: a loss of 500 a month, while 500 of money come in.
    let text = scenario("internal_price = { price = 400, per = \"t\" }");
    assert_eq!(value(&text, "profit"), -1_000.0);
    assert_eq!(value(&text, "cash_low"), 550.0);
    assert_eq!(value(&text, "burn"), -500.0);
    assert_eq!(value(&text, "funding_need"), 0.0);
    assert_eq!(value(&text, "npv"), -1_000.0);
    // A tax that is paid is a cost line of one's own, and moves it.
    let paid = scenario("").replace("operations = 500", "operations = 1_500");
    assert_eq!(value(&paid, "cash_low"), -950.0);
    assert_eq!(value(&paid, "funding_need"), 1_000.0);
}

#[test]
fn an_internal_price_is_due_when_its_impact_is() {
    let text = scenario("at = 1\ninternal_price = { price = 80, per = \"t\" }");
    assert_eq!(value(&text, "lines.costs.carbon_price"), 200.0);
    let model = Model::compile(&Scenario::parse("s.toml", &text).unwrap()).unwrap();
    let line = model.find_periodic(&Path::from("costs.carbon_price")).unwrap();
    assert_eq!(model.values().series(line), [0.0, 200.0]);
}
