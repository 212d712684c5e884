//! What requests cost by the price book: the worked examples of published prices, and what must hold of all of them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it unwraps")]

use std::sync::Arc;

use bizmodel::formula::{Path, functions};
use bizmodel::model::Model;
use bizmodel::scenario::files::{File, Files};
use bizmodel::scenario::{Changes, Scenario};

/// The price list of the transcripts: entries of `LiteLLM` 1.109.1.
#[derive(Debug)]
struct List;

impl Files for List {
    fn read(&self, name: &str) -> Result<File, String> {
        let bytes = std::fs::read(format!("tests/cases/prices/{name}")).map_err(|error| error.to_string())?;
        Ok(File { name: name.to_owned(), bytes })
    }
}

fn load(text: &str) -> (Scenario, Model) {
    Model::load_with("s.toml", text.as_bytes(), &Changes::default(), Arc::new(List)).unwrap()
}

/// What a formula yields with the price list at hand.
fn cost(formula: &str) -> f64 {
    let (_, model) = load(&format!("prices.file = \"model_prices.json\"\n[costs]\nx = '{formula}'\n"));
    model.values().get(model.find(&Path::from("costs.x")).unwrap(), 0).unwrap()
}

fn assert_costs(formula: &str, expected: f64) {
    let found = cost(formula);
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{formula} is {found}, not {expected}");
}

#[test]
fn published_prices_come_out_as_they_are_billed() {
    // 1M · 2.5e-6 + 1M · 1e-5.
    assert_costs("request_cost(prices.\"gpt-4o\", 1M, 1M)", 12.5);
    // 400k · 2.5e-6 + 600k · 1.25e-6.
    assert_costs("request_cost(prices.\"gpt-4o\", 1M, 0, 600k)", 1.75);
    // 1M · 1.25e-6 + 1M · 5e-6, in a batch.
    assert_costs("batch_request_cost(prices.\"gpt-4o\", 1M, 1M)", 6.25);
    // 1M · 2.8e-7 + 2M · 2.8e-8 + 1M · 4.2e-7.
    assert_costs("request_cost(prices.\"deepseek-chat\", 3M, 1M, 2M)", 0.756);
    // The price of a token in a formula: 3M of input.
    assert_costs("3M * prices.\"gpt-4o\".input", 7.5);
    assert_costs("60 * prices.\"whisper-1\".input_cost_per_second", 0.006);
}

#[test]
fn the_examples_of_the_catalog_hold() {
    let requests: Vec<_> = functions::all().filter(|function| function.name.ends_with("request_cost")).collect();
    assert_eq!(requests.len(), 2);
    for function in requests {
        assert_costs(function.example.0, function.example.1);
    }
}

#[test]
fn a_request_above_the_threshold_is_billed_as_a_whole_at_the_higher_prices() {
    // 200,000 · 1.25e-6 + 1,000 · 1e-5.
    assert_costs("request_cost(prices.\"gemini-2.5-pro\", 200_000, 1_000)", 0.26);
    // 200,001 · 2.5e-6 + 1,000 · 1.5e-5: a cliff.
    assert_costs("request_cost(prices.\"gemini-2.5-pro\", 200_001, 1_000)", 0.515_002_5);
    // Of 300,000 tokens, 100,000 from the cache: 200,000 · 2.5e-6 + 100,000 · 2.5e-7.
    assert_costs("request_cost(prices.\"gemini-2.5-pro\", 300_000, 0, 100_000)", 0.525);
    // The whole input decides, cached tokens included: 1,000 · 2.5e-6 + 200,000 · 2.5e-7.
    assert_costs("request_cost(prices.\"gemini-2.5-pro\", 201_000, 0, 200_000)", 0.0525);
}

#[test]
fn tiers_hold_up_to_their_end_and_the_last_one_beyond_it() {
    let request = |input: &str| format!("request_cost(prices.\"dashscope/qwen-plus-2025-07-28\", {input}, 1_000)");
    // 256,000 · 4e-7 + 1,000 · 1.2e-6, and one token more: 256,001 · 1.2e-6 + 1,000 · 3.6e-6.
    assert_costs(&request("256_000"), 0.1036);
    assert_costs(&request("256_001"), 0.310_801_2);
    // Beyond the end of the last: 2M · 1.2e-6 + 1,000 · 3.6e-6.
    assert_costs(&request("2M"), 2.4036);
    // 400 of the 1,000 tokens of output are reasoning: 600 · 1.2e-6 + 400 · 4e-6.
    let reasoning = "request_cost(prices.\"dashscope/qwen-plus-2025-07-28\", 0, 1_000, 0, 0, 400)";
    assert_costs(reasoning, 0.002_32);
    // Cached tokens have no price in these tiers, and are billed as input of the tier.
    let cached = "request_cost(prices.\"dashscope/qwen-plus-2025-07-28\", 300k, 0, 100k)";
    assert_costs(cached, 0.36);
}

#[test]
fn cached_tokens_without_a_price_are_billed_as_input_also_above_a_threshold() {
    let own = |input: &str, cached: &str| {
        let (_, model) = load(&format!(
            "[prices.own]\ninput = 1\noutput = 5\ninput_above_200k = 2\ninput_above_1000k = 3\n\
             [costs]\nx = 'request_cost(prices.own, {input}, 10, {cached})'\n"
        ));
        model.values().get(model.find(&Path::from("costs.x")).unwrap(), 0).unwrap()
    };
    for cached in ["0", "1", "50k", "200k"] {
        // Output has no price of its own above the thresholds, and keeps the one it has.
        assert_eq!(own("200k", cached), 200_000.0 + 50.0);
    }
    assert_eq!(own("200_001", "70k"), 2.0 * 200_001.0 + 50.0);
    assert_eq!(own("1_000_000", "70k"), 2.0 * 1e6 + 50.0);
    assert_eq!(own("1_000_001", "70k"), 3.0 * 1_000_001.0 + 50.0);
}

#[test]
fn a_price_of_the_scenario_takes_the_place_of_the_listed_one_and_follows_cases() {
    let text = "prices.file = \"model_prices.json\"\n[costs]\nx = '1M * prices.\"gpt-4o\".input'\n\
                [cases.cheap.prices]\n\"gpt-4o\".input = 1e-6\n";
    let (scenario, _) = load(text);
    let cost = |changes: &Changes| {
        let model = Model::compile(&scenario.with(changes).unwrap()).unwrap();
        model.values().get(model.find(&Path::from("cost")).unwrap(), 0).unwrap()
    };
    assert_eq!(cost(&Changes::default()), 2.5);
    assert_eq!(cost(&Changes { case: Some("cheap".to_owned()), ..Changes::default() }), 1.0);
    let settings = vec!["prices.\"gpt-4o\".input=4e-6".to_owned(), "prices.exchange=7".to_owned()];
    // What is set is in the scenario's currency, and is not exchanged.
    assert_eq!(cost(&Changes { settings, ..Changes::default() }), 4.0);
    let exchanged = cost(&Changes { settings: vec!["prices.exchange=7".to_owned()], ..Changes::default() });
    assert!((exchanged - 17.5).abs() <= 1e-12, "{exchanged}");
}

#[test]
fn one_number_and_columns_of_them_are_priced_alike_on_both_sides_of_a_threshold() {
    let text = "prices.file = \"model_prices.json\"\n[inputs]\ntokens = 1\n[costs]\n\
                x = 'request_cost(prices.\"gemini-2.5-pro\", tokens, tokens / 100, tokens / 2)'\n";
    let (_, model) = load(text);
    let [tokens, x] = ["inputs.tokens", "costs.x"].map(|path| model.find(&Path::from(path)).unwrap());
    let column = [0.0, 1.0, 199_999.0, 200_000.0, 200_001.0, 900_000.0];
    let found = model.plan(&[tokens], &[x]).run(&[&column]);
    for (tokens, found) in column.into_iter().zip(&found[0]) {
        let [input, cached, output] =
            if tokens > 200_000.0 { [2.5e-6, 2.5e-7, 1.5e-5] } else { [1.25e-6, 1.25e-7, 1e-5] };
        let expected = tokens / 2.0 * (input + cached) + tokens / 100.0 * output;
        assert!((found - expected).abs() <= 1e-12, "{tokens}: {found}, not {expected}");
    }
}

#[test]
fn without_files_a_price_list_is_told_to_be_missing() {
    let error = Scenario::parse("s.toml", "users = 1\nprice = 1\nprices.file = \"list.json\"\n").unwrap_err();
    assert_eq!(error.problems.len(), 1);
    assert_eq!(error.problems[0].message, "cannot read `list.json`: no other files are at hand here");
}
