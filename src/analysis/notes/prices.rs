//! Remarks on the prices of models: another currency, prices of 0, and requests that no model takes.

use crate::formula::functions::REQUEST;
use crate::formula::{Expression, NodeKind, Path};
use crate::model::definition::Body;
use crate::model::{Model, Values};
use crate::report::number;
use crate::scenario::{Prices, Quantity, Scenario};

use super::when;

/// The currency of price lists.
const LISTED: &str = "USD";

/// What there is to know of the prices that a scenario uses.
pub fn of_prices(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes: Vec<String> = not_converted(scenario).into_iter().collect();
    notes.extend(of_nothing(scenario));
    notes.extend(too_long(scenario, model, values));
    notes
}

/// Whether a price stands in the price list, and not in the scenario.
fn is_listed(scenario: &Scenario, price: &Quantity) -> bool {
    let source = scenario.sources.get(price.span.source).map(|source| source.name.as_str());
    price.is_price() && source.is_some() && source == scenario.prices.file.as_deref()
}

fn not_converted(scenario: &Scenario) -> Option<String> {
    let (currency, file) = (scenario.currency.as_deref()?, scenario.prices.file.as_deref()?);
    let is_used = scenario.prices.quantities().any(|price| is_listed(scenario, price));
    let differs = !currency.trim().eq_ignore_ascii_case(LISTED) && scenario.prices.exchange.is_none();
    (is_used && differs).then(|| {
        format!(
            "the prices of `{file}` are in US dollars and are not converted into {currency}; `exchange = …` under \
             `[prices]` says how much a dollar is"
        )
    })
}

/// Models that cost nothing in the price list, where that says as little as nothing.
fn of_nothing(scenario: &Scenario) -> Vec<String> {
    let mut notes = Vec::new();
    for (name, model) in &scenario.prices.models {
        let mut prices = ["input", "output"].into_iter().filter_map(|kind| model.figures.get(&Path::new([kind])));
        let is_nothing = |price: &Quantity| {
            is_listed(scenario, price) && price.expression.nodes().iter().any(|node| node.kind == NodeKind::Number(0.0))
        };
        if prices.clone().count() > 0 && prices.all(is_nothing) {
            let file = scenario.prices.file.as_deref().unwrap_or_default();
            let path = Path::new(["prices", name, "input"]);
            notes.push(format!(
                "`{file}` has prices of 0 for `{name}`, which needs confirmation: is it free, or hosted by yourself? \
                 `{path} = 0` in the scenario confirms it"
            ));
        }
    }
    notes
}

/// Requests whose input is longer than their model takes: the prices are those of one request, and not of a month.
fn too_long(scenario: &Scenario, model: &Model, values: &Values<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (id, definition) in model.definitions().iter().enumerate() {
        let Body::Quantity(Quantity { expression, .. }) = &definition.body else { continue };
        for node in expression.nodes() {
            let NodeKind::Call(function, arguments) = &node.kind else { continue };
            if **function != REQUEST {
                continue;
            }
            let Some((name, most)) = most_input(scenario, expression, arguments[1]) else { continue };
            let input = |period: &usize| values.of_step(id, arguments[0], *period);
            let Some(period) = (0..model.periods()).find(|period| input(period) > most) else { continue };
            let varies = (0..model.periods()).any(|other| input(&other) != input(&period));
            let when = if varies { when(scenario, period) } else { String::new() };
            notes.push(format!(
                "`{}`: the `input` of `{}` is {} tokens{when}, and `{name}` takes at most {} in a request: is it the sum \
                 of several?",
                definition.path,
                function.name,
                number::plain(input(&period)),
                number::plain(most)
            ));
        }
    }
    notes
}

/// The model of a price, and how many tokens of input it takes at most.
fn most_input<'s>(scenario: &'s Scenario, expression: &Expression, price: usize) -> Option<(&'s str, f64)> {
    let Prices { models, .. } = &scenario.prices;
    let part = expression.part_with(price, |_| None);
    let named = part.nodes().iter().find_map(|node| match &node.kind {
        NodeKind::Path(path) if path.starts_with("prices") => path.segments().get(1).cloned(),
        _ => None,
    })?;
    let (name, model) = models.get_key_value(&named)?;
    let most = model.figures.get(&Path::new(["max_input_tokens"]))?.expression.literal()?;
    Some((name, most))
}
