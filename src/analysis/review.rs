//! `review`: what does the scenario speak of, and what does it leave out?
//!
//! The checklist is the article that the tool begins from: the areas of an AI business and its five risks. What a line
//! is for is read off its class, or off what it says with `covers`; nothing is guessed from names, and no number is
//! invented. How much of the revenue hangs on one stream is told by the Herfindahl–Hirschman index, the sum of the
//! squared shares (A. O. Hirschman, The paternity of an index, 1964).

mod layout;

use schemars::JsonSchema;
use serde::Serialize;

use super::{layout as common, notes, sensitivity};
use crate::error::Problem;
use crate::error::suggest::list;
use crate::formula::{NodeKind, Path};
use crate::model::definition::{Body, DefinitionId};
use crate::model::{LineDefinition, Model};
use crate::report::Report;
use crate::scenario::areas::{AREAS, Area};
use crate::scenario::risks::Kind;
use crate::scenario::{Group, Scenario, Shape};

/// How far each assumption is moved to see what it carries.
const STEP: f64 = 0.1;

/// How many assumptions are named.
const NAMED: usize = 5;

/// The answer of `review`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Review {
    /// The areas of a complete business model, and what covers each.
    pub areas: Vec<Covered>,
    /// The areas that nothing covers.
    pub silent: Vec<String>,
    /// The five risks of the article, and what of the scenario speaks of each; then those of other kinds, if there are any.
    pub risks: Vec<CoveredRisk>,
    /// The kinds of risk among the five that nothing speaks of.
    pub silent_risks: Vec<String>,
    /// How much of the revenue hangs on one stream.
    pub revenue: Concentration,
    /// The lines that do not say where their figures come from.
    pub without_source: Vec<Unsourced>,
    /// The numbers that move the profit most, the largest first.
    pub assumptions: Vec<Assumption>,
}

/// An area of a business model, and what covers it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Covered {
    /// Its name.
    pub area: String,
    /// The part of the business that it belongs to.
    pub part: String,
    /// What is asked for.
    pub asks: String,
    /// The lines and quantities that cover it.
    pub covered_by: Vec<String>,
    /// What the cost lines among them come to over all periods; null where there are none. A line that covers several
    /// areas counts in each.
    pub cost: Option<f64>,
    /// What the revenue lines among them come to over all periods; null where there are none.
    pub revenue: Option<f64>,
}

/// A kind of risk, and what of the scenario speaks of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CoveredRisk {
    /// The kind.
    pub kind: String,
    /// What it is.
    pub asks: String,
    /// The risks of the scenario that are of this kind.
    pub covered_by: Vec<String>,
    /// What they are expected to cost over all periods; null where there are none.
    pub expected_loss: Option<f64>,
}

/// How much of the revenue hangs on one stream.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Concentration {
    /// The streams with their shares of the revenue, the largest first.
    pub streams: Vec<Stream>,
    /// The Herfindahl–Hirschman index: 1 where there is one stream, 1/n where n are equal; null where a stream is
    /// negative or there is no revenue.
    pub index: Option<f64>,
}

/// A stream of revenue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Stream {
    /// The line.
    pub line: String,
    /// What it comes to over all periods.
    pub amount: Option<f64>,
    /// Its share of the revenue.
    pub share: Option<f64>,
}

/// A line that does not say where its figures come from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unsourced {
    /// The line.
    pub line: String,
    /// What it comes to over all periods.
    pub amount: Option<f64>,
}

/// A number that the answer hangs on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Assumption {
    /// The quantity.
    pub path: String,
    /// How far the profit moves between the quantity's low and high value.
    pub swing: f64,
    /// Its part of the swings of all.
    pub share: f64,
}

/// Goes through the checklist.
///
/// # Errors
/// The profit cannot be asked for, which does not happen.
pub fn report(scenario: &Scenario, model: &Model) -> Result<Report, Problem> {
    let reviewed = Reviewed::new(model);
    let areas: Vec<Covered> = AREAS.iter().map(|area| reviewed.area(area)).collect();
    let silent = areas.iter().filter(|area| area.covered_by.is_empty()).map(|area| area.area.clone()).collect();
    let risks = reviewed.risks();
    let silent_risks: Vec<String> =
        risks.iter().filter(|risk| risk.covered_by.is_empty()).map(|risk| risk.kind.clone()).collect();
    let mut notes: Vec<String> = notes::of_means(model).into_iter().collect();
    notes.extend(without_risks(&silent_risks));
    let answer = Review {
        silent,
        risks,
        silent_risks,
        revenue: reviewed.concentration(),
        without_source: reviewed.without_source(),
        assumptions: assumptions(scenario, model)?,
        areas,
    };
    Ok(Report {
        notes,
        tables: layout::tables(&answer),
        ..Report::new("review", common::heading(scenario), common::data(&answer))
    })
}

/// That some of the five risks are not spoken of, and how that is done.
fn without_risks(silent: &[String]) -> Option<String> {
    let first = silent.first()?;
    let names = list(silent.iter().map(String::as_str));
    Some(format!(
        "of the five risks the scenario is silent on {names}; a risk is `[risks.{first}]` with a `probability` and a `loss`"
    ))
}

/// A model with the totals of its lines.
struct Reviewed<'m> {
    model: &'m Model,
    /// What each line comes to over all periods.
    totals: Vec<Option<f64>>,
}

impl<'m> Reviewed<'m> {
    fn new(model: &'m Model) -> Self {
        let values = model.values();
        let total = |id: DefinitionId| Some(values.at(id, 0)).filter(|value| value.is_finite());
        Self { model, totals: model.lines().iter().map(|line| total(line.total)).collect() }
    }

    fn area(&self, area: &'static Area) -> Covered {
        let mut covered_by = Vec::new();
        let (mut cost, mut revenue) = (None, None);
        for (line, total) in self.model.lines().iter().zip(&self.totals) {
            let line = &line.line;
            let by_class = line.group == Group::Costs && area.classes.contains(&line.class);
            let by_group = line.group == Group::Impact && line.covers.is_empty() && area.name == "environment";
            if !(by_class || by_group || line.covers.contains(&area)) {
                continue;
            }
            covered_by.push(line.path().to_string());
            let sum = match line.group {
                Group::Costs => &mut cost,
                Group::Revenue => &mut revenue,
                Group::Risks | Group::Impact => continue,
            };
            *sum = total.map(|total| sum.unwrap_or(0.0) + total);
        }
        covered_by.extend(match area.name {
            "pricing_by_cost" => self.prices_by_cost(),
            "pricing_by_demand" => self.demand_by_price(),
            _ => Vec::new(),
        });
        let [name, part, asks] = [area.name, area.part, area.asks].map(str::to_owned);
        Covered { area: name, part, asks, covered_by, cost, revenue }
    }

    /// The five risks, then others.
    fn risks(&self) -> Vec<CoveredRisk> {
        let of_kind = |(kind, asks): (Kind, &str)| {
            let lines = self.model.lines().iter().zip(&self.totals);
            let of_it = lines.filter(|(line, _)| matches!(&line.line.shape, Shape::Risk(risk) if risk.kind == kind));
            let (mut covered_by, mut expected_loss) = (Vec::new(), None);
            for (line, total) in of_it {
                covered_by.push(line.line.path().to_string());
                expected_loss = total.map(|total| expected_loss.unwrap_or(0.0) + total);
            }
            CoveredRisk { kind: kind.name().to_owned(), asks: asks.to_owned(), covered_by, expected_loss }
        };
        let other = Some(of_kind((Kind::Other, "any other"))).filter(|risk| !risk.covered_by.is_empty());
        Kind::FIVE.into_iter().map(of_kind).chain(other).collect()
    }

    /// The prices of revenue lines, with their lines' numbers.
    fn prices(&self) -> impl Iterator<Item = DefinitionId> {
        let revenue = self.model.lines().iter().filter(|line| line.line.group == Group::Revenue);
        let own = |line: &'m LineDefinition| {
            let path = line.line.path();
            let definitions = self.model.definitions().iter().enumerate();
            let is_price = move |path: &Path| path.segments().last().is_some_and(|last| last == "price");
            let plain = line.product.and_then(|product| product.price);
            let tiers = definitions.filter(move |(id, found)| {
                Some(*id) != plain && found.path.segments().starts_with(path.segments()) && is_price(&found.path)
            });
            plain.into_iter().chain(tiers.map(|(id, _)| id))
        };
        revenue.flat_map(own)
    }

    /// The prices that depend on what something costs.
    fn prices_by_cost(&self) -> Vec<String> {
        let costs = self.model.lines().iter().filter(|line| line.line.group == Group::Costs);
        let costs: Vec<DefinitionId> = costs
            .flat_map(|line| std::iter::once(line.amount).chain(line.product.and_then(|product| product.price)))
            .collect();
        let dependent = self.model.dependent(&costs);
        self.prices().filter(|price| dependent[*price]).map(|price| self.name(price)).collect()
    }

    /// The prices, and the inputs that are nothing but a price under another name.
    fn prices_and_names(&self) -> Vec<DefinitionId> {
        let named = |price: DefinitionId| {
            let Body::Quantity(quantity) = &self.model.definitions()[price].body else { return None };
            let NodeKind::Path(path) = &quantity.expression.root().kind else { return None };
            self.model
                .quantity(path)
                .or_else(|_| self.model.quantity(&Path::new(["inputs"]).child(&path.to_string())))
                .ok()
        };
        self.prices().flat_map(|price| std::iter::once(price).chain(named(price))).collect()
    }

    /// The units of revenue lines that depend on a price.
    fn demand_by_price(&self) -> Vec<String> {
        let prices = self.prices_and_names();
        let dependent = self.model.dependent(&prices);
        let revenue = self.model.lines().iter().filter(|line| line.line.group == Group::Revenue);
        let mut found: Vec<String> = Vec::new();
        for product in revenue.filter_map(|line| line.product).filter(|product| dependent[product.units]) {
            let name = self.name(product.units);
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    fn name(&self, id: DefinitionId) -> String {
        self.model.definitions()[id].path.to_string()
    }

    fn concentration(&self) -> Concentration {
        let revenue = self.model.lines().iter().zip(&self.totals).filter(|(line, _)| line.line.group == Group::Revenue);
        let amounts: Vec<(String, Option<f64>)> =
            revenue.map(|(line, total)| (line.line.name.clone(), *total)).collect();
        let sum: Option<f64> = amounts.iter().map(|(_, amount)| *amount).sum();
        let sum = sum
            .filter(|sum| *sum > 0.0 && amounts.iter().all(|(_, amount)| amount.is_some_and(|amount| amount >= 0.0)));
        let share = |amount: Option<f64>| Some(amount? / sum?);
        let mut streams: Vec<Stream> =
            amounts.into_iter().map(|(line, amount)| Stream { line, amount, share: share(amount) }).collect();
        streams.sort_by(|a, b| b.share.unwrap_or(0.0).total_cmp(&a.share.unwrap_or(0.0)));
        let squares: Option<f64> = streams.iter().map(|stream| stream.share.map(|share| share * share)).sum();
        Concentration { index: squares.filter(|_| sum.is_some()), streams }
    }

    fn without_source(&self) -> Vec<Unsourced> {
        let lines = self.model.lines().iter().zip(&self.totals).filter(|(line, _)| line.line.source.is_none());
        lines.map(|(line, amount)| Unsourced { line: line.line.path().to_string(), amount: *amount }).collect()
    }
}

/// The numbers that move the profit most, each by a tenth of its value, one at a time.
fn assumptions(scenario: &Scenario, model: &Model) -> Result<Vec<Assumption>, Problem> {
    let Some(step) = sensitivity::Step::new(STEP) else { return Ok(Vec::new()) };
    let ranked = sensitivity::swings(scenario, model, &Path::new(["profit"]), step)?;
    let all: f64 = ranked.iter().map(|(_, swing)| swing).sum();
    let assumption = |(path, swing): (String, f64)| Assumption { share: swing / all, path, swing };
    Ok(ranked.into_iter().take(NAMED).filter(|_| all > 0.0).map(assumption).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reviewed(text: &str) -> serde_json::Map<String, serde_json::Value> {
        let scenario = Scenario::parse("s.toml", text).unwrap();
        report(&scenario, &Model::compile(&scenario).unwrap()).unwrap().data
    }

    fn area<'r>(review: &'r serde_json::Map<String, serde_json::Value>, name: &str) -> &'r serde_json::Value {
        review["areas"].as_array().unwrap().iter().find(|area| area["area"] == name).unwrap()
    }

    #[test]
    fn the_bare_case_of_the_article_is_silent_on_what_the_article_itself_asks_for() {
        let review = reviewed(include_str!("../../scenarios/customer-service.toml"));
        let silent: Vec<&str> =
            review["silent"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        // Its formula knows data, training and operations alone; its six steps ask for the rest.
        let expected: Vec<&str> = AREAS
            .iter()
            .map(|area| area.name)
            .filter(|name| !["data_acquisition", "training", "deployment"].contains(name))
            .collect();
        assert_eq!(silent, expected);
        assert_eq!(area(&review, "training")["cost"], 2_000_000.0);
        // Its third question names five risks, and the case none of them.
        let five = ["data_leak", "overfitting", "competition", "legal", "technical"];
        assert_eq!(review["silent_risks"], serde_json::json!(five));
    }

    #[test]
    fn a_risk_covers_its_kind_by_its_name_or_by_what_it_says() {
        let text = "[risks]\ndata_leak = { probability = \"10%\", loss = 500 }\n\
            fine = { kind = \"legal\", rate = 2, loss = 30 }\nlawsuit = { kind = \"legal\", rate = 1, loss = 40 }\n\
            fire = { probability = 0.5, loss = 8 }\n";
        let review = reviewed(text);
        let kinds: Vec<_> = review["risks"].as_array().unwrap().iter().map(|risk| &risk["expected_loss"]).collect();
        // 0.1 · 500; 2 · 30 + 1 · 40; 0.5 · 8, of another kind.
        assert_eq!(serde_json::json!(kinds), serde_json::json!([50.0, null, null, 100.0, null, 4.0]));
        assert_eq!(review["silent_risks"], serde_json::json!(["overfitting", "competition", "technical"]));
    }

    #[test]
    fn a_line_covers_what_it_says_and_what_its_class_says() {
        let text = "[revenue]\nfees = { amount = 9, covers = \"pricing_by_value\" }\n[impact]\nenergy = 5\n\
            helped = { amount = 7, covers = \"society\" }\n[costs]\ndata = { amount = 3, covers = [\"privacy\", \"data_destruction\"] }\n\
            audits = { amount = 4, class = \"compliance\", covers = \"privacy\" }\n";
        let review = reviewed(text);
        let by = |name: &str| area(&review, name)["covered_by"].clone();
        assert_eq!(by("privacy"), serde_json::json!(["costs.data", "costs.audits"]));
        assert_eq!(area(&review, "privacy")["cost"], 7.0);
        assert_eq!(by("data_acquisition"), serde_json::json!(["costs.data"]));
        assert_eq!(by("governance"), serde_json::json!(["costs.audits"]));
        assert_eq!(by("environment"), serde_json::json!(["impact.energy"]));
        assert_eq!(by("society"), serde_json::json!(["impact.helped"]));
        assert_eq!(area(&review, "pricing_by_value")["revenue"], 9.0);
    }

    #[test]
    fn how_a_price_comes_about_is_read_off_its_formula() {
        let text = "users = \"1_000 - 2 * price\"\nprice = \"costs.support * 1.3\"\n[costs]\nsupport = 100\n";
        let review = reviewed(text);
        assert_eq!(area(&review, "pricing_by_cost")["covered_by"], serde_json::json!(["price"]));
        assert_eq!(area(&review, "pricing_by_demand")["covered_by"], serde_json::json!(["users"]));
    }

    #[test]
    fn concentration_is_the_sum_of_squared_shares() {
        // 0.6² + 0.3² + 0.1² = 0.46.
        let review = reviewed("[revenue]\na = 10\nb = 60\nc = 30\n");
        assert!((review["revenue"]["index"].as_f64().unwrap() - 0.46).abs() < 1e-15);
        assert_eq!(review["revenue"]["streams"][0]["line"], "b");
        let refunds = reviewed("[revenue]\na = 10\nb = -60\n");
        assert_eq!(refunds["revenue"]["index"], serde_json::Value::Null);
    }

    #[test]
    fn what_has_no_source_is_named() {
        let review = reviewed("[costs]\na = { amount = 1, source = \"https://example.com\" }\nb = 2\n");
        assert_eq!(review["without_source"], serde_json::json!([{ "line": "costs.b", "amount": 2.0 }]));
    }
}
