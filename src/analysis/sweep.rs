//! `sweep`: what if quantities take these values?
//!
//! Every combination of the points is one lane of the model, the last path's points changing fastest. Rows are computed
//! in blocks, on all cores, and come in their order, so that a sweep of any length needs the memory of a few blocks.

mod table;

use std::convert::Infallible;
use std::ops::Range;

use super::asked::{self, Metric};
use super::notes;
use crate::error::{Error, Problem, Sources};
use crate::formula::Path;
use crate::model::definition::{Body, Definition, DefinitionId, Unit};
use crate::model::{Model, Plan};
use crate::numeric::parallel;
use crate::numeric::points::Points;
use crate::report::number;
use crate::scenario::Scenario;

pub use table::{Answer, grid, report};

/// How many rows are computed at a time.
const BLOCK: usize = 1_024;

/// Up to so many points of a path are kept; more are computed where they are needed.
const KEPT_POINTS: usize = 65_536;

/// How many rows of a column without a value are asked for their reason.
const ASKED: usize = 20;

/// What is shown where nothing else is asked for.
const USUAL: [&str; 4] = ["revenue", "cost", "profit", "return_rate"];

/// A model and the rows to be computed of it: a column for each path, then one for each metric.
#[derive(Debug)]
pub struct Sweep {
    model: Model,
    plan: Plan,
    axes: Vec<Axis>,
    metrics: Vec<Metric>,
    rows: usize,
}

/// A quantity and the values that it takes.
#[derive(Debug)]
struct Axis {
    name: String,
    id: DefinitionId,
    unit: Unit,
    points: Points,
    /// The points, where they are few.
    kept: Vec<f64>,
    /// How many rows pass before the next point.
    stride: usize,
    /// What it is in the scenario; nothing where that differs between periods, or has no value.
    base: Option<f64>,
}

/// The first rows in which each metric has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps(Vec<Vec<usize>>);

impl Sweep {
    /// Prepares a sweep: the quantities with their points, and the formulas of the metrics (revenue, cost, profit and
    /// return rate where there are none).
    ///
    /// # Errors
    /// Paths that name no quantity or the same one twice, points that make no sense for their quantity, and formulas
    /// that cannot be read or name nothing.
    pub fn new(scenario: &Scenario, varied: Vec<(Path, Points)>, metrics: &[String]) -> Result<Self, Error> {
        let names = asked::distinct(metrics, &USUAL);
        let questions = asked::questions("--metric", &names)?;
        let (model, ids) = Model::compile_with(scenario, &questions)?;
        let metrics = asked::metrics(&model, &names, &questions, &ids);
        let mut axes = axes(&model, varied)?;
        let mut rows = 1_usize;
        for axis in axes.iter_mut().rev() {
            axis.stride = rows;
            rows = rows.saturating_mul(axis.points.len());
        }
        let varied: Vec<_> = axes.iter().map(|axis| axis.id).collect();
        let wanted: Vec<_> = metrics.iter().map(|metric| metric.id).collect();
        let plan = model.plan(&varied, &wanted);
        Ok(Self { model, plan, axes, metrics, rows })
    }

    /// How many rows there are; the largest number there is where they cannot be counted.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns' names: the paths, then the metrics.
    pub fn columns(&self) -> Vec<String> {
        let axes = self.axes.iter().map(|axis| axis.name.clone());
        axes.chain(self.metrics.iter().map(|metric| metric.name.clone())).collect()
    }

    /// Computes all rows on all cores, a block at a time: `make` turns a block's columns into what is kept of it, and
    /// `take` receives that in the order of the rows. Answers where metrics have no value.
    ///
    /// # Errors
    /// The first that `take` meets; no further block is taken.
    pub fn run<T: Send, E>(
        &self,
        make: impl Fn(&[Vec<f64>]) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<Gaps, E> {
        let mut gaps = Gaps(vec![Vec::new(); self.metrics.len()]);
        let block = |number: usize| {
            let start = number * BLOCK;
            let columns = self.block(start..self.rows.min(start.saturating_add(BLOCK)));
            (make(&columns), Gaps::of(&columns[self.axes.len()..], start))
        };
        parallel::in_order(self.rows.div_ceil(BLOCK), block, |(made, found)| {
            gaps.add(found);
            take(made)
        })?;
        Ok(gaps)
    }

    /// All rows, column by column.
    fn all(&self) -> (Vec<Vec<f64>>, Gaps) {
        let mut all: Vec<Vec<f64>> = vec![Vec::new(); self.axes.len() + self.metrics.len()];
        let taken = self.run(<[Vec<f64>]>::to_vec, |columns| {
            for (all, column) in all.iter_mut().zip(columns) {
                all.extend(column);
            }
            Ok::<(), Infallible>(())
        });
        let Ok(gaps) = taken;
        (all, gaps)
    }

    /// The columns of some rows.
    fn block(&self, rows: Range<usize>) -> Vec<Vec<f64>> {
        let mut columns: Vec<Vec<f64>> =
            self.axes.iter().map(|axis| rows.clone().map(|row| axis.at(row)).collect()).collect();
        let varied: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let outcomes = self.plan.run(&varied);
        columns.extend(outcomes);
        columns
    }

    /// Remarks that a reader of the rows needs: which quantities they hold at one value although the scenario gives
    /// them one for each period.
    pub fn notes(&self) -> Vec<String> {
        let varying = self.axes.iter().filter(|axis| self.model.varies(axis.id));
        let note = |axis: &Axis| {
            format!("`{}` differs from period to period in the scenario; here each point holds in all", axis.name)
        };
        notes::of_means(&self.model).into_iter().chain(varying.map(note)).collect()
    }

    /// Why metrics have no value, each with its reasons, the first ones where there are many.
    pub fn reasons(&self, gaps: &Gaps) -> Vec<(String, String)> {
        let reasons = |(metric, rows): (&Metric, &Vec<usize>)| {
            let mut reasons: Vec<String> = Vec::new();
            for row in rows {
                let settings: Vec<_> = self.axes.iter().map(|axis| (axis.id, axis.at(*row))).collect();
                let reason = self.model.values_at(&settings).get(metric.id, 0).err();
                reasons.extend(reason.filter(|reason| !reasons.contains(reason)));
            }
            (!reasons.is_empty()).then(|| (metric.name.clone(), reasons.join("; or ")))
        };
        self.metrics.iter().zip(&gaps.0).filter_map(reasons).collect()
    }
}

impl Axis {
    /// The value in a row.
    fn at(&self, row: usize) -> f64 {
        let index = row / self.stride % self.points.len();
        let kept = self.kept.get(index).copied();
        kept.or_else(|| self.points.get(index)).unwrap_or(f64::NAN)
    }
}

impl Gaps {
    /// The gaps in the columns of rows from `start`.
    fn of(columns: &[Vec<f64>], start: usize) -> Self {
        let gaps = |column: &Vec<f64>| {
            let missing = column.iter().enumerate().filter(|(_, value)| !value.is_finite());
            missing.map(|(row, _)| start + row).take(ASKED).collect()
        };
        Self(columns.iter().map(gaps).collect())
    }

    /// Adds those of later rows.
    fn add(&mut self, later: Self) {
        for (rows, later) in self.0.iter_mut().zip(later.0) {
            let room = ASKED.saturating_sub(rows.len());
            rows.extend(later.into_iter().take(room));
        }
    }
}

/// The quantities with their points, or all that is wrong with them.
fn axes(model: &Model, varied: Vec<(Path, Points)>) -> Result<Vec<Axis>, Error> {
    let values = model.values();
    let (mut axes, mut problems): (Vec<Axis>, Vec<Problem>) = (Vec::new(), Vec::new());
    for (path, points) in varied {
        let id = match model.quantity(&path) {
            Ok(id) => id,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let definition = &model.definitions()[id];
        let name = path.to_string();
        if let Some(same) = axes.iter().find(|axis| axis.id == id) {
            problems.push(Problem::nowhere(format!("`{}` and `{name}` are the same quantity", same.name)));
            continue;
        }
        let kept: Vec<f64> = if points.len() <= KEPT_POINTS { points.iter().collect() } else { Vec::new() };
        problems.extend(out_of_range(definition, &points, &kept));
        let base = Some(values.at(id, 0)).filter(|value| value.is_finite() && !model.varies(id));
        axes.push(Axis { name, id, unit: definition.unit.clone(), points, kept, stride: 1, base });
    }
    if problems.is_empty() { Ok(axes) } else { Err(Error::new(Sources::new(), problems)) }
}

/// A point that makes no sense for its quantity. Where points are not kept they are those of a range, whose ends are
/// its extremes.
fn out_of_range(definition: &Definition, points: &Points, kept: &[f64]) -> Option<Problem> {
    let Body::Quantity(quantity) = &definition.body else { return None };
    let ends = [points.get(0), points.get(points.len() - 1)];
    let mut all = kept.iter().copied().chain(ends.into_iter().flatten());
    let wrong = all.find(|value| !quantity.range.contains(*value))?;
    let (path, range) = (definition.path.in_ticks(), quantity.range.describe());
    Some(Problem::nowhere(format!("{path} must be {range}, and {} is not", number::plain(wrong))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula;
    use crate::model::metrics;
    use proptest::prelude::*;

    const TIMED: &str = "users = { start = 200, joins = \"20 + period\", churn = \"3%\" }\nprice = 20\n\
        [time]\nperiod = \"month\"\nperiods = 30\ndiscount_rate = \"12%\"\n[cash]\nopening = 5_000\n\
        [inputs]\ntokens = \"1.2M\"\n[revenue.api]\nunits = \"users * tokens\"\nprice = 1e-6\n\
        [costs]\ndata = { amount = 40_000, at = 0 }\noperations = \"1_000 + users * 2\"\nmarketing = 500\n";

    const SCENARIOS: [&str; 4] = [
        include_str!("../../scenarios/customer-service.toml"),
        include_str!("../../scenarios/customer-service-streams.toml"),
        include_str!("../../scenarios/copilot.toml"),
        TIMED,
    ];

    fn number(text: &str) -> Option<f64> {
        formula::parse_number(text).ok()?.literal()
    }

    fn sweep(text: &str, varied: &[(&str, &str)], metrics: &[&str]) -> Result<Sweep, Error> {
        let scenario = Scenario::parse("s.toml", text).unwrap();
        let points =
            |(path, points): &(&str, &str)| (Path::parse_option(path).unwrap(), Points::parse(points, number).unwrap());
        let metrics: Vec<String> = metrics.iter().map(ToString::to_string).collect();
        Sweep::new(&scenario, varied.iter().map(points).collect(), &metrics)
    }

    fn message(error: &Error) -> Vec<&str> {
        error.problems.iter().map(|problem| problem.message.as_str()).collect()
    }

    #[test]
    fn a_sweep_at_the_base_value_is_eval() {
        for text in SCENARIOS {
            let scenario = Scenario::parse("s.toml", text).unwrap();
            let model = Model::compile(&scenario).unwrap();
            let values = model.values();
            let names: Vec<&str> = metrics::of(&scenario).map(|metric| metric.name).collect();
            let steady =
                |id: &DefinitionId| matches!(model.definitions()[*id].body, Body::Quantity(_)) && !model.varies(*id);
            let quantities: Vec<DefinitionId> = (0..model.definitions().len()).filter(steady).collect();
            assert!(quantities.len() > 4);
            for id in quantities {
                let path = model.definitions()[id].path.to_string();
                let found = sweep(text, &[(&path, &format!("{:e}", values.at(id, 0)))], &names).unwrap();
                let (columns, gaps) = found.all();
                let reasons = found.reasons(&gaps);
                for (name, column) in names.iter().zip(&columns[1..]) {
                    let metric = model.find(&Path::new([*name])).unwrap();
                    let expected = values.get(metric, 0);
                    let reason = reasons.iter().find(|(metric, _)| metric == name).map(|(_, reason)| reason.clone());
                    let found = if column[0].is_finite() { Ok(column[0]) } else { Err(reason.unwrap()) };
                    assert_eq!(found, expected, "{path} {name}");
                }
            }
        }
    }

    #[test]
    fn the_last_path_changes_fastest_and_points_are_the_numbers_that_one_would_write() {
        let text = "users = 1_000\nprice = 100\n[costs]\ndata = 0\n";
        let found = sweep(text, &[("users", "1_000,2_000"), ("price", "19.97..19.99:0.01")], &["revenue"]).unwrap();
        assert_eq!((found.rows(), found.columns()), (6, ["users", "price", "revenue"].map(str::to_owned).to_vec()));
        let (columns, _) = found.all();
        assert_eq!(columns[0], [1e3, 1e3, 1e3, 2e3, 2e3, 2e3]);
        assert_eq!(columns[1], [19.97, 19.98, 19.99, 19.97, 19.98, 19.99]);
        // 1,000 × 19.99 = 19,990; the dust of the binary product is cut where numbers are written.
        let written: Vec<String> = columns[2].iter().map(|value| number::plain(*value)).collect();
        assert_eq!(written, ["19970", "19980", "19990", "39940", "39960", "39980"]);
    }

    #[test]
    fn what_has_no_value_has_its_reasons() {
        let text = "users = 1\nprice = 100\n[inputs]\nx = 1\n[costs]\ndata = \"1 / x\"\n";
        let metrics = ["revenue_per_user", "cost", "sqrt(inputs.x - 1)"];
        let found = sweep(text, &[("users", "0,1"), ("x", "-1..1:1")], &metrics).unwrap();
        let (columns, gaps) = found.all();
        let defined = |column: usize| columns[column].iter().map(|value| value.is_finite()).collect::<Vec<_>>();
        assert_eq!(defined(2), [false, false, false, true, true, true]);
        assert_eq!(defined(3), [true, false, true, true, false, true]);
        let expected = [
            ("revenue_per_user", "users is 0"),
            ("cost", "`costs.data` has no value: x is 0"),
            ("sqrt(inputs.x - 1)", "there is no square root of -2; or there is no square root of -1"),
        ];
        assert_eq!(found.reasons(&gaps), expected.map(|(name, reason)| (name.to_owned(), reason.to_owned())));
    }

    #[test]
    fn many_rows_come_in_their_order() {
        let found = sweep(SCENARIOS[0], &[("users", "0..99:1"), ("price", "0..99:1")], &["revenue"]).unwrap();
        assert_eq!(found.rows(), 10_000);
        let (columns, _) = found.all();
        for (row, revenue) in columns[2].iter().enumerate() {
            assert_eq!(*revenue, crate::model::count(row / 100 * (row % 100)));
        }
    }

    #[test]
    fn a_metric_has_its_unit_and_a_formula_none() {
        let metrics = ["profit", "return_rate", "costs.data", "lines.costs.data", "profit / 2", "profit"];
        let found = sweep(SCENARIOS[0], &[("users", "1")], &metrics).unwrap();
        let units: Vec<_> = found.metrics.iter().map(|metric| metric.unit.clone()).collect();
        assert_eq!(units, [Unit::Money, Unit::Share, Unit::Money, Unit::Money, Unit::Number]);
        let total = sweep(TIMED, &[("costs.marketing", "2")], &["costs.marketing"]).unwrap();
        assert_eq!(total.all().0[1], [60.0]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let wrong = |varied: &[(&str, &str)], metrics: &[&str]| {
            message(&sweep(SCENARIOS[0], varied, metrics).unwrap_err()).join("; ")
        };
        assert_eq!(
            wrong(&[("users", "5,-1"), ("price", "0,-1")], &[]),
            "`users` must be 0 or more, and -1 is not; \
            `price` must be 0 or more, and -1 is not"
        );
        assert_eq!(wrong(&[("users", "-1..1:1e-6")], &[]), "`users` must be 0 or more, and -1 is not");
        assert_eq!(wrong(&[("users", "1"), ("users", "2")], &[]), "`users` and `users` are the same quantity");
        assert_eq!(wrong(&[("profit", "1")], &[]), "`profit` is computed, so it cannot be varied");
        assert_eq!(wrong(&[("users", "1")], &["profti"]), "there is no `profti`");
    }

    #[test]
    fn rows_that_cannot_be_counted_are_as_many_as_can_be() {
        let lines = ["users", "price", "costs.data", "costs.training"];
        let varied = lines.map(|path| (path, "0..1:x1000000000"));
        assert_eq!(sweep(SCENARIOS[0], &varied, &[]).unwrap().rows(), usize::MAX);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_row_is_what_the_model_gives_there(
            (start, count) in (0.0..1e4, 2_usize..300), churn in 0.0..1.0, at in 0.0..1.0,
        ) {
            let (users, churn) = (format!("{start}..2e4:x{count}"), format!("{churn},0"));
            let varied = [("users.start", users.as_str()), ("users.churn", churn.as_str())];
            let found = sweep(TIMED, &varied, &["npv", "irr", "cash_low", "payback", "mean(users) + 1"]).unwrap();
            let (columns, _) = found.all();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of the rows")]
            let row = (at * found.rows() as f64) as usize;
            let settings: Vec<_> = found.axes.iter().map(|axis| (axis.id, axis.at(row))).collect();
            let values = found.model.values_at(&settings);
            for (metric, column) in found.metrics.iter().zip(&columns[2..]) {
                let alone = values.at(metric.id, 0);
                prop_assert!(alone == column[row] || alone.is_nan() && column[row].is_nan(), "{}", metric.name);
            }
        }
    }
}
