//! `sensitivity`: which input matters most?
//!
//! One input at a time goes to its low and its high value while all others stay as they stand, and the inputs are
//! ranked by how far the metric moves between the two (a tornado diagram: T. G. Eschenbach, Spiderplots versus tornado
//! diagrams for sensitivity analysis, 1992). That says nothing of inputs that move together.

pub mod global;
pub mod information;
mod remark;
mod tornado;
mod twins;
mod varied;

pub use twins::LEAST;

use schemars::JsonSchema;
use serde::Serialize;

use varied::{Varied, movable, run};

use super::{layout, notes};
use crate::error::suggest::list;
use crate::error::{Error, Problem};
use crate::formula::Path;
use crate::model::Model;
use crate::model::definition::{DefinitionId, Unit};
use crate::model::metrics;
use crate::report::{Report, number};
use crate::scenario::{Changes, Scenario};

/// The part of its value by which an input goes down and up: above 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step(f64);

impl Step {
    /// A tenth, where nothing else is said.
    pub const TENTH: Self = Self(0.1);

    /// The step of that size, if it is above 0 and at most 1: beyond, a value would change its sign.
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share <= 1.0).then_some(Self(share))
    }
}

/// The answer of `sensitivity`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sensitivity {
    /// The metric that is watched.
    pub metric: String,
    /// The part of its value by which each input goes down and up, where it does not go to the ends of its own range.
    pub by: f64,
    /// The metric's value as the scenario stands.
    pub base: Option<f64>,
    /// The inputs that move the metric, the one with the largest swing first.
    pub inputs: Vec<Input>,
}

/// What the low and the high value of an input are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moves {
    /// The value less and more a part of itself.
    Step,
    /// The values that it stays below in 5 % and in 95 % of all cases.
    Range,
}

/// What one input does to the metric.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Input {
    /// The input's dotted name.
    pub path: String,
    /// Its value as the scenario stands; the mean of what is uncertain.
    pub value: f64,
    /// What its low and high values are.
    pub moves: Moves,
    /// Its low value.
    pub low: f64,
    /// Its high value.
    pub high: f64,
    /// The metric at the low value.
    pub metric_low: Option<f64>,
    /// The metric at the high value.
    pub metric_high: Option<f64>,
    /// How far apart the two are.
    pub swing: Option<f64>,
    /// The relative change of the metric per relative change of the input, measured between the two ends; its sign
    /// follows the sign of the metric.
    pub elasticity: Option<f64>,
    #[serde(skip)]
    unit: Unit,
}

/// Ranks the inputs of a scenario by what they do to a metric: those that are plain numbers, or only the `chosen` ones,
/// which may be formulas. Without a step, what is uncertain goes to the ends of its range, and all else a tenth.
///
/// # Errors
/// A metric or an input that the scenario does not have, a metric with a value in each period, an input that is
/// computed or changes from period to period.
pub fn report(
    scenario: &Scenario,
    model: &Model,
    metric: &Path,
    chosen: &[Path],
    by: Option<Step>,
) -> Result<Report, Problem> {
    let id = of_run(model, metric)?;
    let candidates = varied::candidates(model, chosen)?;
    let mut notes: Vec<String> = notes::of_means(model).into_iter().collect();
    let varied = movable(model, candidates, by, &mut notes);
    let by = by.unwrap_or(Step::TENTH);
    let base = model.values().get(id, 0);
    let ends = run(model, &varied, id);
    let mut undefined: Vec<(String, String)> =
        base.as_ref().err().map(|reason| (metric.to_string(), reason.clone())).into_iter().collect();
    let mut inputs = Vec::new();
    let mut idle = Vec::new();
    for (varied, ends) in varied.iter().zip(ends) {
        if ends.iter().all(|end| base.as_ref().is_ok_and(|base| base == end)) {
            idle.push(varied.path.clone());
            continue;
        }
        let ends: [Result<f64, String>; 2] = std::array::from_fn(|end| {
            if ends[end].is_finite() { Ok(ends[end]) } else { Err(why(scenario, varied, varied.ends[end], metric)) }
        });
        let unit = model.definitions()[varied.definition].unit.clone();
        inputs.push(input(varied, &base, &ends, unit, &mut undefined));
    }
    inputs.sort_by(|a, b| {
        // Inputs that do the same must not be told apart by the last digit of a float.
        let swing = |input: &Input| input.swing.map_or(-1.0, number::significant);
        swing(b).total_cmp(&swing(a)).then_with(|| a.path.cmp(&b.path))
    });
    notes.extend(idle_note(&idle, metric));
    let answer = Sensitivity { metric: metric.to_string(), by: by.0, base: base.ok(), inputs };
    let tables = vec![tornado::table(&answer, &model.definitions()[id], &undefined)];
    Ok(Report {
        undefined,
        notes,
        tables,
        ..Report::new("sensitivity", layout::heading(scenario), layout::data(&answer))
    })
}

/// The inputs of a scenario that are plain numbers or uncertain, with how far each moves a metric, the largest first.
///
/// # Errors
/// A metric that the scenario does not have, or one with a value in each period.
pub fn swings(scenario: &Scenario, model: &Model, metric: &Path, by: Step) -> Result<Vec<(String, f64)>, Problem> {
    let report = report(scenario, model, metric, &[], Some(by))?;
    let inputs = report.data.get("inputs").and_then(|inputs| inputs.as_array()).into_iter().flatten();
    let swing = |input: &serde_json::Value| Some((input["path"].as_str()?.to_owned(), input["swing"].as_f64()?));
    Ok(inputs.filter_map(swing).collect())
}

/// The definition of a metric of the whole run.
fn of_run(model: &Model, metric: &Path) -> Result<DefinitionId, Problem> {
    let id = model.find(metric)?;
    if model.varies(id) {
        return Err(Problem::nowhere(format!("{} has a value in each period", metric.in_ticks())).help(
            "name a value of the whole run: a metric such as `profit`, or a line's total such as `lines.costs.data`",
        ));
    }
    Ok(id)
}

/// What a metric is called in a heading.
fn title(metric: &str) -> &str {
    metrics::all().find(|known| known.name == metric).map_or(metric, |known| known.title)
}

/// A value for a heading.
fn amount(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Money => number::money(value),
        Unit::Share => number::share(value),
        Unit::Count | Unit::Periods => number::count(value),
        Unit::Number | Unit::Named(_) => number::number(value),
    }
}

fn input(
    varied: &Varied,
    base: &Result<f64, String>,
    ends: &[Result<f64, String>; 2],
    unit: Unit,
    undefined: &mut Vec<(String, String)>,
) -> Input {
    let path = varied.path.clone();
    let [low, high] = ends;
    let both = || Ok((low.clone()?, high.clone()?));
    let swing = both().map(|(low, high): (f64, f64)| (high - low).abs());
    let elasticity = both().and_then(|(low, high)| match base {
        Err(reason) => Err(reason.clone()),
        Ok(0.0) => Err("the metric is 0".to_owned()),
        Ok(_) if varied.value == 0.0 => Err("the input is 0".to_owned()),
        // One division, so that simple numbers give simple answers.
        Ok(base) => Some((high - low) * varied.value / (base * (varied.ends[1] - varied.ends[0])))
            .filter(|elasticity| elasticity.is_finite())
            .ok_or_else(|| "a number on the way is too large".to_owned()),
    });
    let mut keep = |name: &str, value: &Result<f64, String>| {
        value.clone().map_err(|reason| undefined.push((self::name(&path, name), reason))).ok()
    };
    let (metric_low, metric_high) = (keep("metric_low", low), keep("metric_high", high));
    let (swing, elasticity) = (keep("swing", &swing), keep("elasticity", &elasticity));
    let [low, high] = varied.ends;
    Input {
        value: varied.value,
        moves: varied.moves,
        low,
        high,
        metric_low,
        metric_high,
        swing,
        elasticity,
        unit,
        path,
    }
}

/// What a figure of an input is called where it is undefined.
fn name(path: &str, figure: &str) -> String {
    format!("{path} {figure}")
}

/// Why the metric has no value at an end of an input.
fn why(scenario: &Scenario, varied: &Varied, value: f64, metric: &Path) -> String {
    let Changes { case, mut settings } = scenario.changes();
    settings.push(format!("{}={value}", varied.path));
    let reason = || -> Result<Option<String>, Error> {
        let model = Model::compile(&scenario.with(&Changes { case, settings })?)?;
        let id = model.find(metric).map_err(Error::from)?;
        Ok(model.values().get(id, 0).err())
    };
    reason().ok().flatten().unwrap_or_else(|| "it has no value there".to_owned())
}

/// A step for people: `10%`.
fn percent(share: f64) -> String {
    format!("{}%", number::number(share * 100.0))
}

/// How many names a note lists.
const NAMED: usize = 6;

fn idle_note(idle: &[String], metric: &Path) -> Option<String> {
    let names = match idle.len() {
        0 => return None,
        count if count <= NAMED => format!(": {}", list(idle.iter().map(String::as_str))),
        _ => String::new(),
    };
    let inputs = if idle.len() == 1 { "input makes" } else { "inputs make" };
    Some(format!("{} {inputs} no difference to {}{names}", idle.len(), metric.in_ticks()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn found(text: &str, metric: &str, inputs: &[&str], by: f64) -> Result<Report, Problem> {
        let scenario = Scenario::parse("s.toml", text).unwrap();
        let model = Model::compile(&scenario).unwrap();
        let inputs: Vec<Path> = inputs.iter().map(|name| Path::from(*name)).collect();
        report(&scenario, &model, &Path::from(metric), &inputs, Some(Step::new(by).unwrap()))
    }

    /// The inputs with their swings.
    fn swings(report: &Report) -> Vec<(&str, f64)> {
        let inputs = report.data["inputs"].as_array().unwrap();
        let swing = |input: &serde_json::Value| number::significant(input["swing"].as_f64().unwrap());
        inputs.iter().map(|input| (input["path"].as_str().unwrap(), swing(input))).collect()
    }

    const ARTICLE: &str = include_str!("../../scenarios/customer-service.toml");

    #[test]
    fn the_levers_of_the_article_are_ranked() {
        // Profit is 1,000 × 100 − 3,500,000. Ten percent of users or of the price are worth 10,000 each way; of the
        // costs, 200,000, 100,000 and 50,000.
        let report = found(ARTICLE, "profit", &[], 0.1).unwrap();
        let expected = [
            ("costs.training", 400_000.0),
            ("costs.data", 200_000.0),
            ("costs.operations", 100_000.0),
            ("price", 20_000.0),
            ("users", 20_000.0),
        ];
        assert_eq!(swings(&report), expected);
        let inputs = report.data["inputs"].as_array().unwrap();
        assert_eq!(inputs[0]["metric_low"].as_f64(), Some(-3_200_000.0));
        assert_eq!(inputs[4]["metric_high"].as_f64(), Some(-3_390_000.0));
        // Users: 20,000 / −3,400,000 over 0.2 is −1/34.
        assert!((inputs[4]["elasticity"].as_f64().unwrap() + 1.0 / 34.0).abs() < 1e-15);
    }

    #[test]
    fn a_product_has_elasticity_one_in_each_factor_and_a_ratio_minus_one_below() {
        let report = found("users = 1_000\nprice = 100\ncosts.a = 7\n", "revenue", &[], 0.1).unwrap();
        for input in report.data["inputs"].as_array().unwrap() {
            assert!((input["elasticity"].as_f64().unwrap() - 1.0).abs() < 1e-12);
        }
        assert_eq!(report.notes, ["1 input makes no difference to `revenue`: `costs.a`"]);
    }

    #[test]
    fn what_is_0_does_not_move_and_is_named() {
        let report = found("users = 10\nprice = 1\ncosts.a = 0\n", "profit", &[], 0.1).unwrap();
        assert_eq!(swings(&report).len(), 2);
        assert_eq!(report.notes, ["a percentage does not move what is 0: `costs.a` is left out"]);
    }

    #[test]
    fn a_share_stops_at_all_of_it() {
        let text = "price = 1\n[time]\nperiods = 2\n[users]\nstart = 100\nchurn = 0.95\n";
        let report = found(text, "profit", &["users.churn"], 0.1).unwrap();
        // 100 + 100 · (1 − churn) users are billed: 100 at the high end, 114.5 at 85.5 %.
        assert!((swings(&report)[0].1 - 14.5).abs() < 1e-9);
        assert_eq!(report.data["inputs"][0]["high"].as_f64(), Some(1.0));
        assert_eq!(report.notes, ["`users.churn` goes up to 100% only: it is a share"]);
    }

    #[test]
    fn low_is_below_high_for_what_is_below_0() {
        let report = found("revenue.refunds = -200\n", "profit", &[], 0.5).unwrap();
        let input = &report.data["inputs"][0];
        assert_eq!((input["low"].as_f64(), input["high"].as_f64()), (Some(-300.0), Some(-100.0)));
        assert_eq!(input["elasticity"].as_f64(), Some(1.0));
    }

    #[test]
    fn a_formula_is_varied_by_its_numbers_or_as_a_whole_where_that_is_asked() {
        let text = "users = \"visitors * 0.02 + 100\"\nprice = 1\n[inputs]\nvisitors = 5_000\n";
        assert_eq!(swings(&found(text, "profit", &[], 0.1).unwrap()), [("price", 40.0), ("inputs.visitors", 20.0)]);
        assert_eq!(swings(&found(text, "profit", &["users"], 0.1).unwrap()), [("users", 40.0)]);
    }

    fn unasked(text: &str, inputs: &[&str]) -> Report {
        let scenario = Scenario::parse("s.toml", text).unwrap();
        let model = Model::compile(&scenario).unwrap();
        let inputs: Vec<Path> = inputs.iter().map(|name| Path::from(*name)).collect();
        report(&scenario, &model, &Path::from("profit"), &inputs, None).unwrap()
    }

    const RANGES: &str = "users = \"uniform(0, 100)\"\nprice = 2\ncosts.a = \"10 * uniform(5, 15)\"\n";

    #[test]
    fn what_is_uncertain_goes_to_the_ends_of_its_range_and_the_rest_a_tenth() {
        // 90 % of uniform(0, 100) lie between 5 and 95, of uniform(5, 15) between 5.5 and 14.5.
        let report = unasked(RANGES, &[]);
        assert_eq!(swings(&report), [("users", 180.0), ("costs.a: uniform(5, 15)", 90.0), ("price", 20.0)]);
        let inputs = report.data["inputs"].as_array().unwrap();
        assert_eq!((&inputs[0]["moves"], &inputs[2]["moves"]), (&"range".into(), &"step".into()));
        assert_eq!(inputs[0]["low"].as_f64().map(number::significant), Some(5.0));
        assert_eq!(swings(&unasked(RANGES, &["users"])), [("users", 180.0)]);
    }

    #[test]
    fn a_step_that_is_asked_for_holds_for_what_is_uncertain_as_well() {
        // Users ±50 % of 50 at 2 each, costs ±50 % of 10 · 10.
        let report = found(RANGES, "profit", &[], 0.5).unwrap();
        assert_eq!(swings(&report), [("costs.a: uniform(5, 15)", 100.0), ("price", 100.0), ("users", 100.0)]);
    }

    #[test]
    fn what_has_no_sensible_range_is_left_out_and_named() {
        let text = "price = 1\n[time]\nperiods = 2\n[users]\nstart = 9\nchurn = \"uniform(-1, 1)\"\n\
                    joins = \"each_period(uniform(0, 1))\"\n";
        let report = unasked(text, &[]);
        assert_eq!(swings(&report).len(), 2);
        let asked = found(text, "profit", &["users.joins"], 0.1).unwrap_err();
        assert!(asked.message.contains("changes from period to period"), "{}", asked.message);
        assert!(report.notes.iter().any(|note| note.starts_with("`users.joins` is drawn anew")), "{:?}", report.notes);
        assert!(report.notes.iter().any(|note| note.starts_with("`users.churn` is left out: at its 5%")));
    }

    #[test]
    fn an_end_without_a_value_says_why() {
        let report =
            found("revenue.a = 10\ncosts.b = \"5 - x\"\n[inputs]\nx = 4\n", "return_rate", &["x"], 0.25).unwrap();
        let input = &report.data["inputs"][0];
        assert!(input["metric_high"].is_null() && input["swing"].is_null() && input["elasticity"].is_null());
        assert_eq!(report.undefined[0], ("inputs.x metric_high".to_owned(), "cost is 0".to_owned()));
    }

    #[test]
    fn what_cannot_be_asked_is_told() {
        let told = |metric: &str, input: &[&str]| {
            let text = "price = 1\n[time]\nperiods = 2\n[users]\nstart = 1\njoins = \"period\"\n";
            found(text, metric, input, 0.1).unwrap_err().message
        };
        assert!(told("profits", &[]).contains("no `profits`"));
        assert!(told("revenue.subscription", &[]).contains("a value in each period"));
        assert!(told("profit", &["users"]).contains("is computed"));
        assert!(told("profit", &["users.joins"]).contains("changes from period to period"));
        assert_eq!(Step::new(0.0), None);
        assert_eq!(Step::new(1.1), None);
        assert_eq!(Step::new(f64::NAN), None);
    }
}
