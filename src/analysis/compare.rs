//! `compare`: how do scenarios differ, and why?
//!
//! Scenarios stand side by side, each with its difference from one of them, the base. Of two scenarios it is also told
//! which changes moved a metric: every change has its Shapley value as its share, and the shares add up to the whole
//! difference. What is uncertain stands at its mean in both; how far the difference may then be from what comes about is
//! told draw by draw.

mod attribution;
mod changes;
mod drivers;
mod ranges;
mod tables;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::draws::Drawn;
use super::{layout, notes};
use crate::error::Problem;
use crate::error::suggest::list;
use crate::formula::Path;
use crate::model::definition::Unit;
use crate::model::{Model, Values, metrics};
use crate::numeric::design::Design;
use crate::report::Report;
use crate::scenario::Scenario;
use drivers::Driver;
pub use ranges::Spread;

/// A scenario to be compared.
#[derive(Debug)]
pub struct Side {
    /// What its column is called.
    pub label: String,
    /// The scenario.
    pub scenario: Scenario,
    /// The scenario, compiled.
    pub model: Model,
}

/// A scenario with its values.
struct Standing<'s> {
    side: &'s Side,
    values: Values<'s>,
}

/// The answer of `compare`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// What is compared, in the order of all lists below.
    pub columns: Vec<Named>,
    /// Which of the columns the others are compared with, counted from 0.
    pub base: usize,
    /// The metrics by name.
    pub metrics: IndexMap<String, Figures>,
    /// The lines by their dotted names; null where a scenario has no such line, which counts as 0 in differences.
    pub lines: IndexMap<String, Figures>,
    /// How the draws were taken that the ranges are of; null where nothing uncertain reaches what is compared.
    pub draws: Option<Drawn>,
    /// How each metric that something uncertain reaches differs from that of the base, draw by draw; null for the base.
    pub ranges: IndexMap<String, Vec<Option<Spread>>>,
    /// Why a metric moved, where two scenarios are compared: by metric, the changes and what each contributes, the
    /// largest first. The effects add up to the difference.
    pub drivers: IndexMap<String, Vec<Driver>>,
}

/// A scenario that is compared.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Named {
    /// What its column is called in tables.
    pub label: String,
    /// The scenario's name.
    pub name: String,
    /// The case laid over it, if any.
    pub case: Option<String>,
}

/// One figure of each scenario.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Figures {
    /// The values.
    pub values: Vec<Option<f64>>,
    /// The values less that of the base.
    pub differences: Vec<Option<f64>>,
    /// The differences as fractions of the size of the base's value; a rise is positive, also from below 0.
    pub changes: Vec<Option<f64>>,
}

/// A row of a comparison.
struct Compared {
    path: Path,
    name: String,
    title: String,
    unit: Unit,
    /// The values, or why there are none.
    values: Vec<Result<f64, String>>,
    differences: Vec<Result<f64, String>>,
    changes: Vec<Result<f64, String>>,
    /// Whether people want to see it.
    matters: bool,
}

impl Compared {
    /// A row with its differences; `counted` is what a value counts as in them.
    fn new(
        path: Path,
        title: String,
        unit: Unit,
        values: Vec<Result<f64, String>>,
        base: usize,
        counted: fn(&Result<f64, String>) -> Option<f64>,
    ) -> Self {
        let missing = || "one of the two values is undefined".to_owned();
        let reference = counted(&values[base]);
        let difference = |value| Some(counted(value)? - reference?).filter(|value| value.is_finite());
        let differences: Vec<_> = values.iter().map(|value| difference(value).ok_or_else(missing)).collect();
        let changes = differences.iter().map(|difference| match (difference, reference) {
            (Ok(difference), Some(reference)) if reference != 0.0 => Ok(difference / reference.abs()),
            (Ok(0.0), Some(_)) => Ok(0.0),
            (Ok(_), Some(_)) if values[base].is_ok() => Err(BASE_IS_0.to_owned()),
            _ => Err(missing()),
        });
        let changes = changes.collect();
        Self { name: path.to_string(), path, title, unit, values, differences, changes, matters: true }
    }

    fn figures(&self) -> Figures {
        let optional = |values: &[Result<f64, String>]| values.iter().map(|value| value.clone().ok()).collect();
        Figures {
            values: optional(&self.values),
            differences: optional(&self.differences),
            changes: optional(&self.changes),
        }
    }

    /// What is undefined, under the row's name: for all scenarios at once where the reason is the same.
    fn undefined(&self, sides: &[Side]) -> Vec<(String, String)> {
        let of = |suffix: &str, values: &[Result<f64, String>]| {
            let reasons: Vec<_> = values.iter().map(|value| value.as_ref().err()).collect();
            let same = reasons.windows(2).all(|two| two[0] == two[1]);
            let named = reasons.iter().zip(sides).filter_map(|(reason, side)| {
                let name =
                    if same { self.name.clone() + suffix } else { format!("{}{suffix} ({})", self.name, side.label) };
                reason.map(|reason| (name, reason.clone()))
            });
            named.take(if same { 1 } else { sides.len() }).collect::<Vec<_>>()
        };
        let mut found = of("", &self.values);
        if self.values.iter().all(Result::is_ok) {
            found.extend(of(" change", &self.changes));
        }
        found
    }
}

/// Compares scenarios with the one at `base`; `asked` are the metrics to be compared and explained, or none for all
/// of them to be compared, and profit and return rate to be explained. `design` says how draws are taken where something
/// is uncertain.
///
/// # Errors
/// Names that a scenario does not have or that are values of each period, and scenarios in different currencies.
pub fn report(sides: &[Side], base: usize, asked: &[Path], design: Design) -> Result<Report, Problem> {
    let currencies: Vec<&str> = sides.iter().filter_map(|side| side.scenario.currency.as_deref()).collect();
    if let Some(other) = currencies.iter().find(|currency| **currency != currencies[0]) {
        return Err(Problem::nowhere(format!("the scenarios are in {} and {other}", currencies[0]))
            .help("nothing is converted; bring both to one currency"));
    }
    let standing: Vec<Standing<'_>> = sides.iter().map(|side| Standing { side, values: side.model.values() }).collect();
    let figures = if asked.is_empty() { all_metrics(&standing, base) } else { chosen(&standing, base, asked)? };
    let lines = lines(&standing, base);
    let undefined = figures.iter().chain(&lines).flat_map(|row| row.undefined(sides));
    let mut undefined: Vec<_> = undefined.filter(|(_, reason)| reason != NO_LINE).collect();
    let mut tables = vec![
        tables::side_by_side("metrics", String::new(), sides, base, &figures),
        tables::side_by_side("lines", "Lines".to_owned(), sides, base, &lines),
    ];
    let (ranges, of_draws) = ranges::of(sides, base, &figures, asked, design)?;
    undefined.extend(ranges::undefined(&ranges));
    tables.extend(of_draws);
    let mut notes = kinds(sides);
    notes.extend(sides.iter().find_map(|side| notes::of_means(&side.model)));
    let mut found = IndexMap::new();
    if let [_, _] = sides {
        let explained =
            if asked.is_empty() { vec![Path::from("profit"), Path::from("return_rate")] } else { asked.to_vec() };
        let pair = [&sides[base], &sides[1 - base]];
        let explained: Vec<&Compared> =
            explained.iter().filter_map(|path| figures.iter().find(|row| row.name == path.to_string())).collect();
        let told = drivers::explain(pair, &explained, base);
        undefined.extend(told.undefined);
        notes.extend(told.notes);
        tables.extend(told.table);
        found = told.drivers;
    }
    let answer = Comparison {
        columns: sides.iter().map(named).collect(),
        base,
        metrics: figures.iter().map(|row| (row.name.clone(), row.figures())).collect(),
        lines: lines.iter().map(|row| (row.name.clone(), row.figures())).collect(),
        draws: (!ranges.is_empty()).then(|| Drawn::of(design)),
        ranges,
        drivers: found,
    };
    let heading = layout::heading(&sides[base].scenario);
    Ok(Report { undefined, notes, tables, ..Report::new("compare", heading, layout::data(&answer)) })
}

fn named(side: &Side) -> Named {
    Named { label: side.label.clone(), name: side.scenario.name.clone(), case: side.scenario.case.clone() }
}

/// All metrics that some scenario has.
fn all_metrics(standing: &[Standing<'_>], base: usize) -> Vec<Compared> {
    let has = |side: &Side, name: &str| metrics::of(&side.scenario).any(|metric| metric.name == name);
    let some = |name: &str| standing.iter().any(|one| has(one.side, name));
    let row = |metric: &metrics::Metric| {
        let path = Path::new([metric.name]);
        let values = standing.iter().map(|one| one.value(&path)).collect();
        let title = metric.title.to_owned();
        let matters = standing
            .iter()
            .map(|one| one.side)
            .any(|side| has(side, metric.name) && metric.needs.iter().all(|need| need.is_met(&side.scenario)));
        Compared { matters, ..Compared::new(path, title, metric.unit.clone(), values, base, as_is) }
    };
    metrics::all().filter(|metric| some(metric.name)).map(row).collect()
}

/// The named figures, which every scenario must have.
fn chosen(standing: &[Standing<'_>], base: usize, asked: &[Path]) -> Result<Vec<Compared>, Problem> {
    let row = |path: &Path| {
        for Standing { side, .. } in standing {
            let id = side
                .model
                .find(path)
                .map_err(|problem| problem.help(format!("this is said of {}", list([side.label.as_str()]))))?;
            if side.model.varies(id) {
                return Err(Problem::nowhere(format!("{} has a value in each period", path.in_ticks()))
                    .help("name a value of the whole run: a metric such as `profit`, or a line's total such as `lines.costs.data`"));
            }
        }
        let unit = standing[base].unit(path);
        let title = metrics::all().find(|metric| path.single() == Some(metric.name));
        let title = title.map_or_else(|| path.to_string(), |metric| metric.title.to_owned());
        let values = standing.iter().map(|one| one.value(path)).collect();
        Ok(Compared::new(path.clone(), title, unit, values, base, as_is))
    };
    asked.iter().map(row).collect()
}

/// The lines that some scenario has, those of the base first.
fn lines(standing: &[Standing<'_>], base: usize) -> Vec<Compared> {
    let mut found: IndexMap<String, (Path, Unit)> = IndexMap::new();
    for Standing { side, .. } in std::iter::once(&standing[base]).chain(standing) {
        for line in side.model.lines() {
            let total = &side.model.definitions()[line.total];
            found.entry(line.line.path().to_string()).or_insert_with(|| (total.path.clone(), total.unit.clone()));
        }
    }
    let absent_is_nothing = |value: &Result<f64, String>| match value {
        Err(reason) if reason == NO_LINE => Some(0.0),
        value => as_is(value),
    };
    let row = |(name, (path, unit)): (String, (Path, Unit))| {
        let values = standing.iter().map(|one| match one.side.model.find(&path) {
            Ok(_) => one.value(&path),
            Err(_) => Err(NO_LINE.to_owned()),
        });
        let row = Compared::new(path.clone(), name.clone(), unit, values.collect(), base, absent_is_nothing);
        Compared { name, ..row }
    };
    found.into_iter().map(row).collect()
}

/// Why there is no relative change.
const BASE_IS_0: &str = "the base is 0";

/// Why a line has no value in a scenario that does not speak of it.
const NO_LINE: &str = "the scenario has no such line";

fn as_is(value: &Result<f64, String>) -> Option<f64> {
    value.as_ref().ok().copied()
}

impl Standing<'_> {
    fn value(&self, path: &Path) -> Result<f64, String> {
        let id = self.side.model.find(path).map_err(|problem| problem.message)?;
        self.values.get(id, 0)
    }

    fn unit(&self, path: &Path) -> Unit {
        self.side.model.find(path).map_or(Unit::Number, |id| self.side.model.definitions()[id].unit.clone())
    }
}

/// What keeps the scenarios from being alike in kind.
fn kinds(sides: &[Side]) -> Vec<String> {
    let horizon = |side: &Side| match &side.scenario.time {
        None => "one period without time".to_owned(),
        Some(time) => format!("{} periods of a {}", time.periods, time.period.name()),
    };
    let horizons: Vec<String> = sides.iter().map(horizon).collect();
    if horizons.windows(2).all(|two| two[0] == two[1]) {
        return Vec::new();
    }
    let each: Vec<String> =
        sides.iter().zip(&horizons).map(|(side, horizon)| format!("`{}` has {horizon}", side.label)).collect();
    vec![format!("the horizons differ: {}", each.join(", "))]
}
