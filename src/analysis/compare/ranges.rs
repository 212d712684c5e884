//! How far apart two scenarios are where something is uncertain: draw by draw, with the same random numbers in both.
//!
//! A draw is a pure function of the seed and the quantity's name, so that what both leave to chance alike comes out
//! alike and cancels (common random numbers: P. Glasserman, D. D. Yao, Some guidelines and guarantees for common random
//! numbers, 1992). The range of the difference is then that of what differs alone.

use std::ops::ControlFlow;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Compared, Side};
use crate::analysis::draws::whole::{self, Whole, Wish, float};
use crate::analysis::draws::{Blocks, Desk, Sampler};
use crate::analysis::layout;
use crate::analysis::simulate;
use crate::analysis::solve::goal::Better;
use crate::error::Problem;
use crate::formula::Path;
use crate::model::definition::{DefinitionId, Unit};
use crate::numeric::design::Design;
use crate::numeric::percentiles::Wanted;
use crate::report::{Cell, Column, Row, Table, number};

/// How a metric differs from that of the base, draw by draw. Draws in which one of the two has no value are left out of
/// all but `defined`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Spread {
    /// The mean difference.
    pub mean: Option<f64>,
    /// The standard error of the mean difference.
    pub error: Option<f64>,
    /// The standard deviation of the difference.
    pub sd: Option<f64>,
    /// The difference that 5 % of the draws do not exceed.
    pub p5: Option<f64>,
    /// The median difference.
    pub p50: Option<f64>,
    /// The difference that 95 % of the draws do not exceed.
    pub p95: Option<f64>,
    /// The share of the draws in which the metric is better than in the base: higher, and of costs and the like lower.
    pub better: Option<f64>,
    /// The standard error of that share.
    pub better_error: Option<f64>,
    /// The share of the draws in which both have a value.
    pub defined: f64,
}

/// The percentiles of differences.
const SHARES: [f64; 3] = [0.05, 0.5, 0.95];

/// A spread of differences that is rounding, as a part of their mean.
const ROUNDING: f64 = 1e-13;

/// Why a difference has no range.
const NOWHERE: &str = "in no draw both have a value";

/// The ranges of the differences from the base, by metric, in the order of the columns.
pub type Ranges = IndexMap<String, Vec<Option<Spread>>>;

/// A metric whose difference is drawn, with its definition in each scenario.
struct Drawn<'f> {
    figure: &'f Compared,
    ids: Vec<DefinitionId>,
}

/// Draws two scenarios at once: for each metric a column of differences, and one of whether the other is better.
struct Pair<'s> {
    base: Sampler<'s>,
    other: Sampler<'s>,
    better: Vec<Better>,
}

#[derive(Default)]
struct PairDesk {
    base: Desk,
    other: Desk,
    columns: Vec<Vec<f64>>,
}

impl Blocks for Pair<'_> {
    type Desk = PairDesk;

    fn design(&self) -> &Design {
        self.base.design()
    }

    fn block<'d>(&self, block: u64, desk: &'d mut PairDesk) -> &'d [Vec<f64>] {
        let base = self.base.block(block, &mut desk.base);
        let other = self.other.block(block, &mut desk.other);
        desk.columns.resize_with(2 * self.better.len(), Vec::new);
        let (columns, _) = desk.columns.as_chunks_mut::<2>();
        for (([differences, betters], better), (from, to)) in
            columns.iter_mut().zip(&self.better).zip(base.iter().zip(other))
        {
            differences.clear();
            differences.extend(from.iter().zip(to).map(|(from, to)| to - from));
            betters.clear();
            betters.extend(differences.iter().map(|difference| match better {
                _ if !difference.is_finite() => f64::NAN,
                Better::Higher => f64::from(u8::from(*difference > 0.0)),
                Better::Lower => f64::from(u8::from(*difference < 0.0)),
            }));
        }
        &desk.columns
    }
}

/// The ranges of the differences of these figures, or the usual ones among them, which something uncertain reaches.
///
/// # Errors
/// A distribution that makes no sense, which compiling has refused already.
pub fn of(
    sides: &[Side],
    base: usize,
    figures: &[Compared],
    asked: &[Path],
    design: Design,
) -> Result<(Ranges, Option<Table>), Problem> {
    let drawn = drawn(sides, figures, asked);
    if drawn.is_empty() {
        return Ok((Ranges::new(), None));
    }
    let of_side = |side: &'_ Side, at: usize| {
        let wanted: Vec<DefinitionId> = drawn.iter().map(|drawn| drawn.ids[at]).collect();
        side.model.simulation(&[], &wanted).map_err(|found| Problem::nowhere(found.wrong.reason))
    };
    let simulations =
        sides.iter().enumerate().map(|(at, side)| of_side(side, at)).collect::<Result<Vec<_>, Problem>>()?;
    let better: Vec<Better> = drawn.iter().map(|drawn| Better::of(&drawn.figure.path)).collect();
    let difference = Wish::Percentiles(Wanted { shares: SHARES.to_vec(), tail: None });
    let wishes: Vec<Wish> = drawn.iter().flat_map(|_| [difference.clone(), Wish::Moments]).collect();
    let mut ranges: Ranges = drawn.iter().map(|drawn| (drawn.figure.name.clone(), Vec::new())).collect();
    for at in 0..sides.len() {
        if at == base {
            ranges.values_mut().for_each(|spreads| spreads.push(None));
            continue;
        }
        let [base, other] = [base, at].map(|at| Sampler::new(&simulations[at], design));
        let whole =
            whole::of(&Pair { base, other, better: better.clone() }, &wishes, &mut |_| ControlFlow::Continue(()));
        for (metric, spreads) in ranges.values_mut().enumerate() {
            spreads.push(Some(spread(&whole, metric)));
        }
    }
    let table = table(sides, base, &drawn, &ranges, design);
    Ok((ranges, Some(table)))
}

/// What is drawn: what was asked for, or the usual metrics, where every scenario has it and something uncertain reaches
/// it in one of them.
fn drawn<'f>(sides: &[Side], figures: &'f [Compared], asked: &[Path]) -> Vec<Drawn<'f>> {
    let usual: Vec<&str> = sides.iter().flat_map(|side| simulate::usual(&side.scenario)).collect();
    let uncertain: Vec<Vec<bool>> = sides.iter().map(|side| side.model.uncertain()).collect();
    let drawn = |figure: &'f Compared| {
        let ids: Option<Vec<DefinitionId>> = sides.iter().map(|side| side.model.find(&figure.path).ok()).collect();
        let ids = ids?;
        let is_reached = ids.iter().zip(&uncertain).any(|(id, uncertain)| uncertain[*id]);
        is_reached.then_some(Drawn { figure, ids })
    };
    let is_shown = |figure: &&Compared| !asked.is_empty() || usual.contains(&figure.name.as_str());
    figures.iter().filter(is_shown).filter_map(drawn).collect()
}

/// What the draws say of the difference of a metric.
fn spread(whole: &Whole, metric: usize) -> Spread {
    let [difference, better] = [2 * metric, 2 * metric + 1];
    let moments = whole.moments[difference].whole();
    // What is the same difference in every draw comes with the rounding of the values that it is between.
    let spread = |value: f64| {
        let is_rounding = moments.mean().is_some_and(|mean| value <= ROUNDING * mean.abs());
        if is_rounding { 0.0 } else { value }
    };
    let percentile = |at: usize| whole.found(difference)?.percentiles.get(at).copied().flatten();
    Spread {
        mean: moments.mean(),
        error: whole.moments[difference].error(whole.design.method).map(spread),
        sd: moments.deviation().map(spread),
        p5: percentile(0),
        p50: percentile(1),
        p95: percentile(2),
        better: whole.moments[better].whole().mean(),
        better_error: whole.moments[better].error(whole.design.method),
        defined: moments.defined(),
    }
}

/// Why nothing is told of some differences, by metric.
pub fn undefined(ranges: &Ranges) -> impl Iterator<Item = (String, String)> {
    let nowhere = |spreads: &Vec<Option<Spread>>| spreads.iter().flatten().any(|spread| spread.mean.is_none());
    let missing = ranges.iter().filter(move |(_, spreads)| nowhere(spreads));
    missing.map(|(name, _)| (format!("ranges of {name}"), NOWHERE.to_owned()))
}

fn table(sides: &[Side], base: usize, drawn: &[Drawn<'_>], ranges: &Ranges, design: Design) -> Table {
    let several = sides.len() > 2;
    let always = ranges.values().flatten().flatten().all(|spread| spread.defined >= 1.0);
    let columns = vec![
        Column::machine("name"),
        Column::people("title", ""),
        if several { Column::new("scenario", "scenario") } else { Column::machine("scenario") },
        Column::new("mean", "difference"),
        Column::new("error", "± error"),
        Column::new("sd", "sd"),
        Column::new("p5", "p5"),
        Column::new("p50", "p50"),
        Column::new("p95", "p95"),
        Column::new("better", "better"),
        Column::machine("better_error"),
        if always { Column::machine("defined") } else { Column::new("defined", "both have a value") },
    ];
    let row = |figure: &Compared, side: &Side, spread: &Spread| {
        let cell = |value: Option<f64>, unit: &Unit| layout::cell(&value.ok_or_else(|| NOWHERE.to_owned()), unit);
        let money = |value| cell(value, &figure.unit);
        let Spread { mean, error, sd, p5, p50, p95, better, better_error, defined } = spread;
        let names = [&figure.name, &figure.title, &side.label].map(Cell::text);
        let figures = [*mean, *error, *sd, *p5, *p50, *p95].map(money);
        let shares = [*better, *better_error, Some(*defined)].map(|share| cell(share, &Unit::Share));
        let cells = names.into_iter().chain(figures).chain(shares).collect();
        if figure.name == "profit" { Row::strong(cells) } else { Row::plain(cells) }
    };
    let rows = drawn.iter().zip(ranges.values()).flat_map(|(drawn, spreads)| {
        let told = sides.iter().zip(spreads);
        told.filter_map(|(side, spread)| Some(row(drawn.figure, side, spread.as_ref()?)))
    });
    let (other, base) = (sides.iter().enumerate().find(|(at, _)| *at != base), &sides[base].label);
    let other = other.filter(|_| !several).map_or("each", |(_, side)| side.label.as_str());
    let (count, method) = (number::count(float(design.samples)), design.method.name());
    let title = format!("Draw by draw: {other} less {base}, in {count} shared draws, {method}, seed {}", design.seed);
    Table { key: "ranges", title, columns, rows: rows.collect() }
}
