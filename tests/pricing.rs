//! Prices as they are charged: published examples of price lists, boundaries, and laws that hold for all of them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use bizmodel::analysis::eval;
use bizmodel::formula::Path;
use bizmodel::model::Model;
use bizmodel::scenario::{Changes, Scenario};
use proptest::prelude::*;

fn model(text: &str) -> Model {
    Model::compile(&Scenario::parse("s.toml", text).unwrap()).unwrap()
}

fn value(model: &Model, name: &str) -> Result<f64, String> {
    model.values().get(model.find(&Path::from(name)).unwrap(), 0)
}

/// The revenue of one line at these units.
fn charge(line: &str, units: &[f64]) -> Vec<f64> {
    let model = model(&format!("[revenue.api]\n{line}\nunits = 0\n[costs]\ndata = 1\n"));
    let varied = model.quantity(&Path::from("revenue.api.units")).unwrap();
    let plan = model.plan(&[varied], &[model.find(&Path::from("revenue")).unwrap()]);
    let in_lanes = plan.run(&[units]).remove(0);
    // One engine: a plain run gives what lanes give.
    for (units, lane) in units.iter().zip(&in_lanes) {
        let alone = model.values_at(&[(varied, *units)]).get(model.find(&Path::from("revenue")).unwrap(), 0);
        assert_eq!(alone, Ok(*lane));
    }
    in_lanes
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
    }
}

/// Lago's example of a charge per call: 1,000 calls at $0.05 are $50.
#[test]
fn units_at_a_price() {
    assert_eq!(charge("price = 0.05", &[1_000.0]), [50.0]);
}

const GRADUATED: &str = "tiers = [{ up_to = 100, price = 1 }, { up_to = 200, price = 0.5 }, { price = 0.1 }]";

/// Lago's tiers of $1 to 100, $0.50 to 200, $0.10 beyond. A bound belongs to the tier that it ends:
/// 101 → 100 + 0.5; 200 → 100 + 50; 250 → 150 + 50 · 0.1; 1,000 → 150 + 800 · 0.1.
#[test]
fn graduated_tiers_price_the_units_in_them() {
    let units = [0.0, 1.0, 100.0, 100.5, 101.0, 200.0, 250.0, 1_000.0];
    close(&charge(GRADUATED, &units), &[0.0, 1.0, 100.0, 100.25, 100.5, 150.0, 155.0, 230.0]);
}

/// The fee of every tier that is entered is due, and none where there are no units (Lago's graduated charges).
#[test]
fn a_graduated_tier_charges_its_fee_once_it_is_entered() {
    let tiers = "tiers = [{ up_to = 100, price = 1, fee = 10 }, { up_to = 200, price = 0.5, fee = 20 }, { price = 0.1, fee = 30 }]";
    // 0 → 0; 1 → 1 + 10; 100 → 100 + 10; 101 → 100.5 + 30; 200 → 150 + 30; 201 → 150.1 + 60
    close(&charge(tiers, &[0.0, 1.0, 100.0, 101.0, 200.0, 201.0]), &[0.0, 11.0, 110.0, 130.5, 180.0, 210.1]);
}

/// Lago's graduated percentage: 1 % + $200 to 1,000; 2 % + $300 to 10,000; 3 % + $400 beyond. Transactions of 500, 550
/// and 4,000 add 205.00, 306.00 and 80.00, so that 500 → 205, 1,050 → 511 and 5,050 → 591.
#[test]
fn graduated_tiers_take_shares_of_money() {
    let tiers = "tiers = [{ up_to = 1_000, price = \"1%\", fee = 200 }, { up_to = 10_000, price = \"2%\", fee = 300 }, { price = \"3%\", fee = 400 }]";
    close(&charge(tiers, &[0.0, 500.0, 1_050.0, 5_050.0]), &[0.0, 205.0, 511.0, 591.0]);
}

/// Stripe's example of volume pricing: 1–5 at $7, 6–10 at $6.50, 11 and more at $6.
#[test]
fn volume_tiers_price_all_units_at_the_tier_they_reach() {
    let tiers = "tiering = \"volume\"\ntiers = [{ up_to = 5, price = 7 }, { up_to = 10, price = 6.5 }, { price = 6 }]";
    let units = [0.0, 1.0, 5.0, 6.0, 10.0, 11.0, 20.0, 25.0];
    assert_eq!(charge(tiers, &units), [0.0, 7.0, 35.0, 39.0, 65.0, 66.0, 120.0, 150.0]);
    // A fraction of a unit belongs to the tier above, and no quantity lies between two tiers: 5.5 · 6.5 = 35.75
    assert_eq!(charge(tiers, &[5.5]), [35.75]);
}

const VOLUME: &str = "tiering = \"volume\"\ntiers = [{ up_to = 10_000, price = 0.0010, fee = 10 }, \
    { up_to = 50_000, price = 0.0008, fee = 10 }, { up_to = 100_000, price = 0.0006, fee = 10 }, { price = 0.0004, fee = 10 }]";

/// Lago's example of volume pricing: 65,000 · 0.0006 + 10 = 49; without units there is no fee.
/// 10,000 → 10 + 10 and 10,001 → 8.0008 + 10; 50,000 → 40 + 10 and 50,001 → 30.0006 + 10.
#[test]
fn a_volume_tier_charges_its_own_fee_alone() {
    let units = [0.0, 65_000.0, 10_000.0, 10_001.0, 50_000.0, 50_001.0];
    close(&charge(VOLUME, &units), &[0.0, 49.0, 20.0, 18.0008, 50.0, 40.0006]);
}

#[test]
fn a_total_that_falls_as_units_rise_is_told_with_the_place() {
    let notes = |text: &str| {
        let scenario = Scenario::parse("s.toml", text).unwrap();
        eval::report(&scenario, &Model::compile(&scenario).unwrap()).notes
    };
    let falls = notes(&format!("[revenue.api]\nunits = 1\n{VOLUME}\n"));
    // At 10,000: 20 and then 8 + 10; at 50,000: 50 and then 30 + 10; at 100,000: 70 and then 40 + 10
    let told = "`revenue.api` falls where its units rise above 10,000, at s.toml:4: from 20 to 18; so at 2 more bounds";
    assert_eq!(falls, [told]);
    // 5 · 7 = 35 and 5 · 7.5 = 37.5: no fall
    let rising = "tiering = \"volume\"\ntiers = [{ up_to = 5, price = 7 }, { price = 7.5 }]";
    assert!(notes(&format!("[revenue.api]\nunits = 1\n{rising}\n")).is_empty());
    assert!(notes(&format!("[revenue.api]\nunits = 1\n{GRADUATED}\n")).is_empty());
    let disorder =
        "tiering = \"volume\"\ntiers = [{ up_to = 5, price = 1 }, { up_to = \"2 + 2\", price = 2 }, { price = 3 }]";
    let told = "`revenue.api.tiers.1.up_to` is 4: it must be above `revenue.api.tiers.0.up_to`, which is 5";
    assert_eq!(notes(&format!("[revenue.api]\nunits = 1\n{disorder}\n")), [told]);
}

/// Lago's example of packages: $5 for each 100, the first 100 free: 201 → $10.
#[test]
fn a_package_that_is_begun_is_charged() {
    let package = "free = 100\npackage = { size = 100, price = 5 }";
    let units = [0.0, 99.0, 100.0, 100.5, 101.0, 200.0, 201.0, 300.0, 301.0];
    assert_eq!(charge(package, &units), [0.0, 0.0, 0.0, 5.0, 5.0, 5.0, 10.0, 10.0, 15.0]);
}

/// 100 · 1.1 is 110.00000000000001 in binary, 3 · 0.1 is 0.30000000000000004: neither is past its bound.
#[test]
fn rounding_passes_no_bound() {
    assert_eq!(charge("package = { size = 10, price = 5 }", &[100.0 * 1.1, 110.000_001]), [55.0, 60.0]);
    assert_eq!(charge("package = { size = 0.1, price = 5 }", &[3.0 * 0.1]), [15.0]);
    let volume = "tiering = \"volume\"\ntiers = [{ up_to = 110, price = 2 }, { price = 1 }]";
    close(&charge(volume, &[100.0 * 1.1, 110.000_001]), &[220.0, 110.000_001]);
    let fee = "tiers = [{ up_to = 110, price = 1 }, { price = 1, fee = 7 }]";
    close(&charge(fee, &[100.0 * 1.1, 110.000_001]), &[110.0, 117.000_001]);
}

/// Stripe's example of an included quota: 1,000 free, then $0.04 each. Lago's minimum: $50 used of $100 committed takes a
/// true-up of $50.
#[test]
fn free_units_and_bounds_of_the_amount() {
    close(&charge("free = 1_000\nprice = 0.04", &[0.0, 1_000.0, 1_001.0, 1_500.0]), &[0.0, 0.0, 0.04, 20.0]);
    assert_eq!(charge("price = 0.5\nminimum = 100", &[0.0, 100.0, 200.0, 300.0]), [100.0, 100.0, 100.0, 150.0]);
    assert_eq!(charge("price = 0.5\nmaximum = 100", &[0.0, 100.0, 200.0, 300.0]), [0.0, 50.0, 100.0, 100.0]);
    assert_eq!(charge("price = 0.5\nminimum = 40\nmaximum = 100", &[0.0, 100.0, 300.0]), [40.0, 50.0, 100.0]);
    // Tiers and a minimum: 1,000 → 230 as above, and 100 → 100
    close(&charge(&format!("{GRADUATED}\nminimum = 120"), &[100.0, 1_000.0]), &[120.0, 230.0]);
}

/// Lago's percentage charge of 1.2 % + $0.10: an event of $50 costs $0.70. With $500 and 3 events free, the definition
/// is rate · max(0, amount − free) + fixed · max(0, events − free): 1.2 % · (700 − 500) + 0.10 · (5 − 3) = 2.60.
#[test]
fn a_share_with_a_fee_per_transaction() {
    let payments = |of: f64, orders: f64, rest: &str| {
        let text = format!(
            "[inputs]\norders = {orders}\n[costs.payments]\nshare = \"1.2%\"\nof = {of}\nfee = 0.10\ntransactions = {rest}\n"
        );
        value(&model(&text), "cost").unwrap()
    };
    close(&[payments(50.0, 1.0, "\"orders\"")], &[0.7]);
    close(&[payments(700.0, 5.0, "\"max(0, orders - 3)\"\nfree = 500")], &[2.6]);
}

/// A share of the gross is of all that is sold, a share of the net of what is left: 30 % of 1,000 and of 1,000 − 200.
#[test]
fn a_share_says_what_it_is_of() {
    let text = "[revenue]\nsales = 1_000\n[costs]\nrefunds = 200\n\
        [costs.gross]\nshare = \"30%\"\nof = \"revenue.sales\"\n\
        [costs.net]\nshare = \"30%\"\nof = \"revenue.sales - costs.refunds\"\n";
    let model = model(text);
    assert_eq!(value(&model, "lines.costs.gross"), Ok(300.0));
    assert_eq!(value(&model, "lines.costs.net"), Ok(240.0));
}

/// Each of 10 users makes 250 calls: 10 · 155 by Lago's tiers, and not the 380 of 2,500 calls at once; a minimum is of
/// each user as well: 10 · 200.
#[test]
fn what_is_said_per_user_is_priced_for_one_and_paid_by_all() {
    let revenue = |rest: &str| {
        value(&model(&format!("users = 10\n[revenue.api]\nunits = 250\n{GRADUATED}\n{rest}\n")), "revenue").unwrap()
    };
    assert_eq!(revenue("per = \"user\""), 1_550.0);
    assert_eq!(revenue("per = \"user\"\nminimum = 200"), 2_000.0);
    // 2,500 calls at once: 100 + 50 + 2,300 · 0.1
    assert_eq!(value(&model(&format!("[revenue.api]\nunits = 2_500\n{GRADUATED}\n")), "revenue"), Ok(380.0));
}

/// Seats are units: Lago's proration of a seat is a formula, $50 · 22 / 31 = $35.48 for one added on 10 August.
#[test]
fn seats_are_units() {
    let text = "users = 4\n[revenue.seats]\nunits = \"users * 5\"\nprice = 50\n[revenue.added]\nunits = \"22 / 31\"\nprice = 50\n";
    let model = model(text);
    assert_eq!(value(&model, "lines.revenue.seats"), Ok(1_000.0));
    assert_eq!(format!("{:.2}", value(&model, "lines.revenue.added").unwrap()), "35.48");
}

/// Lago's other prorations: after a trial that ends on 6 of 30 days, $50 · 25 / 30 = $41.67; an upgrade on 11 May from a plan
/// of $20 that is paid to one of $40, $40 · 21 / 31 = $27.10, less $20, is $7.10.
#[test]
fn a_trial_and_an_upgrade_are_prorated() {
    let model = model(
        "[inputs]\ndays_left = 21\n[revenue]\ntrial = \"50 * 25 / 30\"\nupgrade = \"40 * days_left / 31 - 20\"\n",
    );
    assert_eq!(format!("{:.2}", value(&model, "lines.revenue.trial").unwrap()), "41.67");
    assert_eq!(format!("{:.2}", value(&model, "lines.revenue.upgrade").unwrap()), "7.10");
}

/// Cost-plus: 40 at a markup of 25 % is 50, which is the price whose margin is 20 %, as markup = margin / (1 - margin).
#[test]
fn a_price_follows_from_its_cost() {
    let text = "users = 10\n[inputs]\nunit_cost = 40\nmargin = \"20%\"\n\
        [revenue.markup]\nprice = \"unit_cost * (1 + 25%)\"\n[revenue.margin]\nprice = \"unit_cost * (1 + margin / (1 - margin))\"\n\
        [costs]\nservice = { price = \"unit_cost\" }\n";
    let model = model(text);
    assert_eq!(value(&model, "lines.revenue.markup"), Ok(500.0));
    assert_eq!(value(&model, "lines.revenue.margin"), Ok(500.0));
    assert_eq!(value(&model, "lines.costs.service"), Ok(400.0));
}

/// Advertising is users · sessions · impressions · fill · eCPM / 1,000: 10,000 · 20 · 5 · 80 % · 2.50 / 1,000 = 2,000.
/// A value-added service is users · attach rate · price: 10,000 · 3 % · 9 = 2,700.
#[test]
fn advertising_and_value_added_services_are_lines() {
    let text = "users = 10_000\n[revenue.advertising]\nunits = \"users * 20 * 5 * 80% / 1_000\"\nprice = 2.50\n\
        unit = \"thousand impressions\"\n[revenue.export]\nunits = \"users * 3%\"\nprice = 9\n";
    let model = model(text);
    assert_eq!(value(&model, "lines.revenue.advertising"), Ok(2_000.0));
    assert_eq!(value(&model, "lines.revenue.export"), Ok(2_700.0));
}

/// A license with joint development: upfront + milestones + min(cap, max(guarantee, royalty · sales)).
/// Sales of 0, 4,000, 10,000 at 5 % are 0, 200, 500, held between 100 and 400; 1,000 upfront, 500 in period 2.
#[test]
fn a_license_has_milestones_and_a_royalty_between_bounds() {
    let text = "[time]\nperiods = 3\n[revenue.license]\nshare = \"5%\"\nof = \"if(period == 0, 0, if(period == 1, 4_000, 10_000))\"\n\
        minimum = 100\nmaximum = 400\nmilestones = [{ at = 0, amount = 1_000 }, { at = 2, amount = 500 }]\n\
        [revenue.other]\nmilestones = [{ at = [0, 1], amount = 7 }]\n";
    let model = model(text);
    let series = |name: &str| model.values().series(model.find_periodic(&Path::from(name)).unwrap());
    assert_eq!(series("revenue.license"), [1_100.0, 200.0, 900.0]);
    assert_eq!(series("revenue.other"), [7.0, 7.0, 0.0]);
    // A schedule is of what recurs, and the milestones have their own.
    let later = text.replace("minimum = 100", "from = 1\nminimum = 100");
    let model = self::model(&later);
    let license = model.find_periodic(&Path::from("revenue.license")).unwrap();
    assert_eq!(model.values().series(license), [1_000.0, 200.0, 900.0]);
}

/// 100 credits are sold at 2 in each of three periods, and 60 are used per period. What is sold is cash; what is used is
/// earned: 120 per period, until in period 4 all 300 are used.
#[test]
fn credits_are_cash_when_sold_and_earned_when_used() {
    let text = "[time]\nperiods = 6\ndiscount_rate = 0\n[cash]\nopening = 0\n[revenue.credits]\n\
        credits = { sold = \"if(period < 3, 100, 0)\", used = 60 }\nprice = 2\n";
    let model = model(text);
    let series = |name: &str| model.values().series(model.find_periodic(&Path::from(name)).unwrap());
    close(&series("revenue.credits"), &[120.0, 120.0, 120.0, 120.0, 120.0, 0.0]);
    close(&series("cash"), &[200.0, 400.0, 600.0, 600.0, 600.0, 600.0]);
    // 200 paid and 120 earned: 80, 160, 240 are owed, and then 120 less in each period
    close(&series("revenue.credits.credits.owed")[..4], &[80.0, 160.0, 240.0, 120.0]);
    // At no discount the value of the cash flow is all that was paid.
    close(&[value(&model, "npv").unwrap()], &[600.0]);
    // Bought instead of sold, they are cash that goes out first.
    let bought = self::model(&text.replace("revenue.credits", "costs.credits"));
    let cash = bought.values().series(bought.find_periodic(&Path::from("cash")).unwrap());
    close(&cash, &[-200.0, -400.0, -600.0, -600.0, -600.0, -600.0]);
}

/// 100 credits at 1 in period 0, 10 used per period, valid for 3 periods: 10, 10, and at the end of period 2 the 10 used
/// and the 70 that lapse. No more is used than there is.
#[test]
fn credits_that_lapse_are_earned() {
    let earned = |credits: &str| {
        let model = model(&format!("[time]\nperiods = 4\n[revenue.credits]\ncredits = {{ {credits} }}\nprice = 1\n"));
        model.values().series(model.find_periodic(&Path::from("revenue.credits")).unwrap())
    };
    let sold = "sold = \"if(period == 0, 100, 0)\"";
    close(&earned(&format!("{sold}, used = 10, valid_for = 3")), &[10.0, 10.0, 80.0, 0.0]);
    close(&earned(&format!("{sold}, used = 10, valid_for = 1")), &[100.0, 0.0, 0.0, 0.0]);
    close(&earned(&format!("{sold}, used = 10")), &[10.0, 10.0, 10.0, 10.0]);
    close(&earned(&format!("{sold}, used = 80")), &[80.0, 20.0, 0.0, 0.0]);
    // At the end of the last of 4 periods, or after the horizon
    close(&earned(&format!("{sold}, used = 10, valid_for = 4")), &[10.0, 10.0, 10.0, 70.0]);
    close(&earned(&format!("{sold}, used = 10, valid_for = 5")), &[10.0, 10.0, 10.0, 10.0]);
    // Sold in periods 0 and 2 and used oldest first: in period 2 the 40 left of the first 100 lapse but for the 30 used.
    let twice = "sold = \"if(period == 0 or period == 2, 100, 0)\", used = 30, valid_for = 3";
    close(&earned(twice), &[30.0, 30.0, 40.0, 30.0]);
}

/// Credits at different prices are worth their average: 100 at 1 and, with 50 of them left, 50 at 3: (50 + 150) / 100 = 2.
#[test]
fn credits_that_are_held_are_worth_their_average() {
    let text = "[time]\nperiods = 3\n[revenue.credits]\nprice = \"if(period == 0, 1, 3)\"\n\
        credits = { sold = \"if(period == 0, 100, if(period == 1, 50, 0))\", used = 50 }\n";
    let model = model(text);
    let earned = model.values().series(model.find_periodic(&Path::from("revenue.credits")).unwrap());
    close(&earned, &[50.0, 100.0, 100.0]);
}

#[test]
fn a_price_list_can_be_set_item_by_item_or_as_a_whole() {
    let text = format!(
        "[inputs]\nbound = 100\n[revenue.api]\nunits = 250\n{GRADUATED}\n[cases.cheap]\nrevenue.api.tiers.0.price = 0.8\n\
        [cases.flat]\nrevenue.api.price = 2\n[cases.list]\nrevenue.api.tiers = [{{ up_to = 50, price = 1 }}, {{ price = 2 }}]\n"
    );
    let revenue = |case: Option<&str>, settings: &[&str]| {
        let changes = Changes {
            case: case.map(str::to_owned),
            settings: settings.iter().map(|text| (*text).to_owned()).collect(),
        };
        let scenario = Scenario::read("s.toml", text.as_bytes(), &changes).unwrap();
        value(&Model::compile(&scenario).unwrap(), "revenue").unwrap()
    };
    // 100 · 0.8 + 50 + 5
    close(&[revenue(Some("cheap"), &[])], &[135.0]);
    close(&[revenue(Some("flat"), &[])], &[500.0]);
    // 50 + 200 · 2
    close(&[revenue(Some("list"), &[])], &[450.0]);
    // 150 · 1 + 50 · 0.5 + 5
    close(&[revenue(None, &["revenue.api.tiers.0.up_to=bound * 1.5"])], &[180.0]);
    close(&[revenue(None, &["revenue.api.tiers.2.price=revenue.api.tiers.1.price"])], &[175.0]);
    close(&[revenue(None, &["revenue.api.package={ size = 100, price = 7 }"])], &[21.0]);
    close(&[revenue(None, &["revenue.api.amount=3"])], &[3.0]);
}

#[test]
fn bounds_that_do_not_rise_take_the_value_away_with_a_reason() {
    let model = model(&format!("[revenue.api]\nunits = 250\n{GRADUATED}\n"));
    let bound = model.quantity(&Path::from("revenue.api.tiers.0.up_to")).unwrap();
    let reason = model.values_at(&[(bound, 300.0)]).get(model.find(&Path::from("revenue")).unwrap(), 0).unwrap_err();
    assert!(reason.ends_with("are in the wrong order"), "{reason}");
}

/// The price lists of the README are lines of one scenario, for the reader and for the schema.
#[test]
fn the_readmes_price_lists_are_a_scenario() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let section = readme.split("## Prices as they are charged").nth(1).unwrap();
    let lists = section.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    let text = format!(
        "users = 200\n[time]\nperiods = 12\n[inputs]\ncalls = 12_000\nseats_per_team = 3\npartner_sales = 400_000\n{lists}\n\
         [cases.cheap]\nrevenue.api.tiers.0.up_to = 2e6\nrevenue.license.milestones.1.amount = 1\n"
    );
    let model = model(&text);
    let first = |name: &str| model.values().at(model.find_periodic(&Path::from(name)).unwrap(), 0);
    // 2,400,000 calls: 1,400,000 · 2e-6; all at 2e-6; 200 · max(11,000 · 0.002, 5); 600 seats; 16,000 credits
    close(&[first("revenue.api"), first("revenue.bulk"), first("revenue.usage")], &[2.8, 4.8, 4_400.0]);
    close(&[first("revenue.seats"), first("revenue.credits")], &[7_200.0, 160.0]);
    // min(5 % of 400,000, 50,000) + 100,000 upfront; 60 in packages of 100; 2.9 % · 7,200 + 0.30 · 200
    close(&[first("revenue.license"), first("costs.storage"), first("costs.payments")], &[120_000.0, 4.0, 268.8]);
    // 30 % of what is left
    close(&[first("costs.partner")], &[0.3 * (7_200.0 - 268.8)]);
    let document: toml::Table = text.parse().unwrap();
    let validator = jsonschema::validator_for(&bizmodel::scenario::schema::schema()).unwrap();
    let document = serde_json::to_value(document).unwrap();
    let wrong: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Rising bounds, and a price for each tier and the units beyond.
fn price_lists() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0.01..1e6_f64, 0.0..1e3_f64), 1..8).prop_map(|mut tiers| {
        tiers.sort_by(|a, b| a.0.total_cmp(&b.0));
        tiers.dedup_by(|a, b| a.0 == b.0);
        tiers
    })
}

/// The list as a key; the last bound is left out.
fn written(list: &[(f64, f64)]) -> String {
    let items = list.iter().enumerate().map(|(at, (up_to, price))| {
        let end = if at + 1 == list.len() { String::new() } else { format!("up_to = {up_to:?}, ") };
        format!("{{ {end}price = {price:?} }}")
    });
    format!("tiers = [{}]", items.collect::<Vec<_>>().join(", "))
}

proptest! {
    #[test]
    fn graduated_totals_rise_with_the_units(list in price_lists(), a in 0.0..2e6_f64, b in 0.0..2e6_f64) {
        let found = charge(&written(&list), &[a.min(b), a.max(b)]);
        prop_assert!(found[0] <= found[1]);
    }

    /// Over a bound, the total moves by no more than the units times the highest price, but for rounding.
    #[test]
    fn graduated_totals_do_not_jump(list in price_lists(), step in 1e-6..1e-3_f64) {
        let highest = list.iter().fold(0.0_f64, |highest, tier| highest.max(tier.1));
        for (bound, _) in &list[..list.len() - 1] {
            let found = charge(&written(&list), &[*bound, bound + step]);
            prop_assert!(found[1] - found[0] <= step * highest * 1.001 + 1e-13 * found[1]);
        }
    }

    #[test]
    fn a_single_tier_is_a_flat_price_to_the_byte(price in 0.0..1e6_f64, units in 0.0..1e9_f64) {
        let flat = charge(&format!("price = {price:?}"), &[units]);
        for tiering in ["graduated", "volume"] {
            let tier = format!("tiering = \"{tiering}\"\ntiers = [{{ price = {price:?} }}]");
            prop_assert_eq!(charge(&tier, &[units])[0].to_bits(), flat[0].to_bits());
        }
    }

    #[test]
    fn tiers_of_one_price_are_a_flat_price(list in price_lists(), price in 0.0..1e3_f64, units in 0.0..2e6_f64) {
        let list: Vec<_> = list.iter().map(|(bound, _)| (*bound, price)).collect();
        let volume = format!("tiering = \"volume\"\n{}", written(&list));
        close(&charge(&written(&list), &[units]), &[units * price]);
        close(&charge(&volume, &[units]), &[units * price]);
    }

    #[test]
    fn with_one_user_what_is_said_per_user_is_all(list in price_lists(), units in 0.0..2e6_f64, minimum in 0.0..1e6_f64) {
        let text = format!("users = 1\n[revenue.api]\nunits = {units:?}\nminimum = {minimum:?}\n{}\n", written(&list));
        let alone = value(&model(&text), "revenue").unwrap();
        let each = value(&model(&text.replace("[revenue.api]\n", "[revenue.api]\nper = \"user\"\n")), "revenue").unwrap();
        prop_assert_eq!(alone.to_bits(), each.to_bits());
    }

    /// At a bound the tier that it ends prices all units, and just above it the next one.
    #[test]
    fn a_volume_bound_belongs_to_the_tier_that_it_ends(list in price_lists()) {
        let volume = format!("tiering = \"volume\"\n{}", written(&list));
        for pair in list.windows(2) {
            let (bound, above) = (pair[0].0, pair[0].0 * (1.0 + 1e-12));
            prop_assume!(above < pair[1].0);
            let found = charge(&volume, &[bound, above]);
            prop_assert_eq!(&found, &[bound * pair[0].1, above * pair[1].1]);
        }
    }

    /// All that is paid is owed or earned, whatever is sold and used at whichever price, and no credit is earned twice.
    #[test]
    fn what_is_paid_for_credits_is_owed_or_earned(
        sold in 0.0..1e4_f64, used in 0.0..1e4_f64, price in 0.01..100.0_f64, valid_for in 1_usize..14, growth in -0.2..0.2_f64,
    ) {
        let text = format!(
            "[time]\nperiods = 12\n[revenue.credits]\nprice = \"{price:?} * growth({growth:?})\"\n\
             credits = {{ sold = {sold:?}, used = \"{used:?} * growth({growth:?})\", valid_for = {valid_for} }}\n"
        );
        let model = model(&text);
        let series = |name: &str| model.values().series(model.find_periodic(&Path::from(name)).unwrap());
        let (paid, earned) = (series("revenue.credits.credits.paid"), series("revenue.credits"));
        let owed = series("revenue.credits.credits.owed");
        let (paid, all_earned): (f64, f64) = (paid.iter().sum(), earned.iter().sum());
        prop_assert!((paid - all_earned - owed[11]).abs() <= 1e-9 * paid.max(1.0));
        prop_assert!(earned.iter().all(|earned| *earned >= -1e-9 * paid) && owed[11] >= -1e-9 * paid);
    }
}

const PLANS: &str = "users = 1_000\n[plans.pro]\nshare = \"3%\"\nprice = 20\n\
    [plans.team]\nshare = \"1%\"\nusage = 250\ntiers = [{ up_to = 100, price = 1 }, { up_to = 200, price = 0.5 }, { price = 0.1 }]\n";

/// 3 % of 1,000 users pay 20; 1 % use 250 calls each, which are 155 by Lago's tiers; the other 96 % are free.
#[test]
fn a_plan_is_a_line_that_some_users_pay() {
    let model = model(PLANS);
    assert_eq!(value(&model, "plans.pro.users"), Ok(30.0));
    assert_eq!(value(&model, "users.free"), Ok(960.0));
    assert_eq!(value(&model, "lines.revenue.pro"), Ok(600.0));
    assert_eq!(value(&model, "lines.revenue.team"), Ok(1_550.0));
    assert_eq!(value(&model, "revenue"), Ok(2_150.0));
}

/// 1,000 users, of whom a tenth is lost and replaced per period; 3 % of the free ones convert:
/// 0; (0 + 30) · 0.9 = 27; (27 + 973 · 3 %) · 0.9 = 50.571; and without churn 0, 30, 30 + 970 · 3 % = 59.1.
#[test]
fn free_users_convert_period_by_period() {
    let members = |users: &str| {
        let text = format!("{users}\n[time]\nperiods = 3\n[plans.pro]\nconversion = \"3%\"\nprice = 20\n");
        let model = model(&text);
        model.values().series(model.find_periodic(&Path::from("plans.pro.users")).unwrap())
    };
    close(&members("users = { start = 1_000, joins = 100, churn = \"10%\" }"), &[0.0, 27.0, 50.571]);
    close(&members("users = 1_000"), &[0.0, 30.0, 59.1]);
}

#[test]
fn a_case_changes_who_is_in_a_plan_and_what_it_costs() {
    let text = format!("{PLANS}[cases.more]\nplans.pro.share = \"5%\"\nplans.team.price = 3\n");
    let revenue = |case: Option<&str>, settings: &[&str]| {
        let settings = settings.iter().map(|text| (*text).to_owned()).collect();
        let changes = Changes { case: case.map(str::to_owned), settings };
        Scenario::read("s.toml", text.as_bytes(), &changes)
            .map(|scenario| value(&Model::compile(&scenario).unwrap(), "revenue").unwrap())
    };
    // 50 · 20 + 10 · 250 · 3
    assert_eq!(revenue(Some("more"), &[]).unwrap(), 8_500.0);
    assert_eq!(revenue(None, &["plans.pro.price=30"]).unwrap(), 2_450.0);
    assert!(revenue(None, &["plans.pro.share=99.5%"]).unwrap_err().to_string().contains("sum to 100.5%"));
}

#[test]
fn plans_with_more_users_than_there_are_get_a_note() {
    let scenario = Scenario::parse("s.toml", &PLANS.replace("\"3%\"", "\"users / 1_000\"")).unwrap();
    let notes = eval::report(&scenario, &Model::compile(&scenario).unwrap()).notes;
    assert_eq!(notes, ["the plans have 10 users more than there are"]);
}

proptest! {
    /// With all users in it and no usage, a plan is the subscription of the smallest scenario.
    #[test]
    fn a_plan_of_all_users_is_a_subscription(users in 0.0..1e9_f64, price in 0.0..1e4_f64) {
        let plan = model(&format!("users = {users:?}\n[plans.all]\nshare = 1\nprice = {price:?}\n"));
        let line = model(&format!("users = {users:?}\nprice = {price:?}\n"));
        prop_assert_eq!(value(&plan, "revenue").unwrap().to_bits(), value(&line, "revenue").unwrap().to_bits());
    }

    #[test]
    fn no_conversion_puts_more_users_into_plans_than_there_are(
        one in 0.0..0.5_f64, other in 0.0..0.5_f64, churn in 0.0..1.0_f64, joins in 0.0..1e3_f64,
    ) {
        let text = format!("[time]\nperiods = 24\n[users]\nstart = 1_000\njoins = {joins:?}\nchurn = {churn:?}\n\
            [plans.one]\nconversion = {one:?}\nprice = 1\n[plans.other]\nconversion = {other:?}\nprice = 2\n");
        let model = model(&text);
        let free = model.values().series(model.find_periodic(&Path::from("users.free")).unwrap());
        prop_assert!(free.iter().all(|free| *free >= -1e-9), "{free:?}");
    }
}
