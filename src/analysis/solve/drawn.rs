//! Where a number over all draws takes a value: `probability(profit > 0)=90%`, `p10(npv)=0`.
//!
//! The draws are the same at each place that is tried (common random numbers), so that the number is a function of the
//! place which can be searched. It is that of finitely many draws: a probability goes in steps of one draw. The interval
//! is first looked at with few draws at some 200 places, and each change of sign then narrowed with all of them. How far
//! the place may be off follows from the standard error of the number there, over its slope.

use crate::analysis::over_draws::{self, Estimate, Statistic, error};
use crate::model::definition::DefinitionId;
use crate::model::{Affine, Model};
use crate::numeric::design::Design;
use crate::numeric::roots::{Crossing, Interval, coarse};

use super::search::{Found, Target};

/// The most draws of the first look.
const FIRST: u64 = 1 << 12;

/// A change of sign is narrowed to this part of its place.
const NARROW: f64 = 1e-10;

/// The most steps of narrowing.
const STEPS: usize = 60;

/// A number over the draws of an outcome, as a function of one quantity.
#[derive(Clone, Copy)]
pub struct Chances<'m> {
    /// The model that has the outcome.
    pub model: &'m Model,
    /// What is sought.
    pub target: Target,
    /// The number over the draws.
    pub statistic: Statistic,
    /// How the draws are taken.
    pub design: Design,
}

/// What was achieved at a place that was found.
#[derive(Clone, Copy, Debug)]
pub struct Achieved {
    /// The number there, by all draws.
    pub value: f64,
    /// The standard error of the place; none where it cannot be told.
    pub error: Option<f64>,
}

/// A place, and how far the number is from its goal there.
#[derive(Clone, Copy)]
struct Point {
    at: f64,
    distance: f64,
}

/// A narrowed change of sign.
struct Bracket {
    ends: (Point, Point),
    /// How far from its goal the number was around it at most.
    size: f64,
}

impl Chances<'_> {
    /// The number where the quantity has a value, or as the scenario stands.
    ///
    /// # Errors
    /// Why it has none, as a clause.
    pub fn at(&self, place: Option<f64>) -> Result<Estimate, String> {
        let settings: Vec<(DefinitionId, f64)> = place.iter().map(|place| (self.target.quantity, *place)).collect();
        over_draws::at(self.model, &settings, self.target.outcome, self.statistic, self.design)
    }

    /// The numbers at places; NaN where there is none.
    pub fn outcome(&self, places: &[f64]) -> Vec<f64> {
        places.iter().map(|place| self.at(Some(*place)).map_or(f64::NAN, |found| found.value)).collect()
    }

    /// How far the numbers at places are from the goal.
    pub fn distances(&self, places: &[f64]) -> Vec<f64> {
        self.outcome(places).into_iter().map(|value| value - self.target.value).collect()
    }

    fn point(&self, at: f64) -> Point {
        Point { at, distance: self.distances(&[at])[0] }
    }

    /// Whether a number reaches the goal from below. Of a goal of 0, which a probability cannot pass, what is above does.
    fn is_reached(&self, point: Point) -> Option<bool> {
        let reached = if self.target.value == 0.0 { point.distance > 0.0 } else { point.distance >= 0.0 };
        point.distance.is_finite().then_some(reached)
    }

    fn crosses(&self, low: Point, high: Point) -> bool {
        matches!((self.is_reached(low), self.is_reached(high)), (Some(low), Some(high)) if low != high)
    }

    /// All places in an interval that a first look shows, each with what is achieved there.
    pub fn search(&self, interval: Interval) -> (Found, Vec<Achieved>) {
        let ends = self.outcome(&[interval.low(), interval.high()]);
        let ends = [ends[0], ends[1]];
        if !self.model.dependent(&[self.target.quantity])[self.target.outcome] {
            let line = Affine { constant: ends[0] - self.target.value, slope: 0.0 };
            return (Found { crossings: Vec::new(), line: Some(line), ends, nearest: None }, Vec::new());
        }
        let first = Self { design: Design { samples: FIRST.min(self.design.samples), ..self.design }, ..*self };
        let points: Vec<Point> = coarse(interval).into_iter().map(|at| first.point(at)).collect();
        let brackets = (1..points.len()).filter(|at| first.crosses(points[at - 1], points[*at]));
        let found: Vec<(Crossing, Achieved)> =
            brackets.filter_map(|at| self.bracketed(&points, at)).map(|bracket| self.crossing(bracket)).collect();
        let (crossings, achieved): (Vec<Crossing>, Vec<Achieved>) = found.into_iter().unzip();
        let nearest = if achieved.is_empty() { self.nearest(&points) } else { None };
        (Found { crossings, line: None, ends, nearest }, achieved)
    }

    /// The place of the first look at which the number comes nearest to the goal, and the number there by all draws.
    fn nearest(&self, points: &[Point]) -> Option<(f64, f64)> {
        let known = points.iter().filter(|point| point.distance.is_finite());
        let nearest = known.min_by(|a, b| a.distance.abs().total_cmp(&b.distance.abs()))?;
        Some((nearest.at, self.at(Some(nearest.at)).ok()?.value))
    }

    /// The places around a change of sign that the first look saw before the point of that number, where all draws see
    /// it as well: there, or beside it.
    fn bracketed(&self, points: &[Point], at: usize) -> Option<Bracket> {
        let outer = |low: usize, high: usize| Some((points.get(low)?.at, points.get(high)?.at));
        let tries = [outer(at - 1, at), at.checked_sub(2).and_then(|low| outer(low, at + 1))];
        tries.into_iter().flatten().find_map(|(low, high)| {
            let (low, high) = (self.point(low), self.point(high));
            let size = low.distance.abs().max(high.distance.abs());
            self.crosses(low, high).then(|| self.narrowed(low, high)).map(|ends| Bracket { ends, size })
        })
    }

    /// The change of sign between two places, narrowed: by the secant with halved ordinates (the Illinois method: M. Dowell,
    /// P. Jarratt, A modified regula falsi method, 1971), and by halving where that is slow.
    fn narrowed(&self, mut low: Point, mut high: Point) -> (Point, Point) {
        let (mut left, mut right) = (low.distance, high.distance);
        let mut width = high.at - low.at;
        for step in 0..STEPS {
            if high.at - low.at <= NARROW * low.at.abs().max(high.at.abs()) {
                break;
            }
            let secant = low.at + (high.at - low.at) * (left / (left - right));
            // Where three steps have not halved the width, the middle does.
            let is_slow = step % 3 == 2 && high.at - low.at > width / 2.0;
            if step % 3 == 2 {
                width = high.at - low.at;
            }
            let is_inside = secant > low.at && secant < high.at;
            let at = if is_inside && !is_slow { secant } else { low.at + (high.at - low.at) / 2.0 };
            if at <= low.at || at >= high.at {
                break;
            }
            let point = self.point(at);
            if self.crosses(low, point) {
                (high, right, left) = (point, point.distance, left / 2.0);
            } else if self.crosses(point, high) {
                (low, left, right) = (point, point.distance, right / 2.0);
            } else {
                // It is undefined there.
                break;
            }
        }
        (low, high)
    }

    /// What a narrowed change of sign is: a place at which the goal is met, or a jump over it.
    fn crossing(&self, Bracket { ends: (low, high), size }: Bracket) -> (Crossing, Achieved) {
        let best = if low.distance.abs() <= high.distance.abs() { low } else { high };
        let found = self.at(Some(best.at));
        let noise = found.as_ref().ok().and_then(|found| Some(error(&found.apart)?.max(found.finest))).unwrap_or(0.0);
        // By how much sums of numbers of that size are off through rounding.
        let rounding = 1e-9 * (self.target.value.abs() + size);
        let achieved = self.target.value + if best.distance.abs() <= rounding { 0.0 } else { best.distance };
        // The draws themselves go in steps, which are no jumps.
        let step = (4.0 * noise).max(rounding);
        if low.distance.abs().min(high.distance.abs()) > step {
            let [before, after] = [low, high].map(|point| point.distance + self.target.value);
            return (Crossing::Jump { at: high.at, before, after }, Achieved { value: achieved, error: None });
        }
        let error = self.slope(best.at, noise).map(|slope| noise / slope);
        (Crossing::Root(best.at), Achieved { value: achieved, error })
    }

    /// How steep the number is at a place: over a stretch on which it moves by far more than its standard error.
    fn slope(&self, at: f64, noise: f64) -> Option<f64> {
        const WIDER: f64 = 8.0;
        let mut reach = 1e-4 * at.abs().max(1e-6);
        for _ in 0..6 {
            let moved = self.outcome(&[at - reach, at + reach]);
            let rise = (moved[1] - moved[0]).abs();
            if rise.is_finite() && rise > 0.0 && rise >= 10.0 * noise {
                return Some(rise / (2.0 * reach));
            }
            reach *= WIDER;
        }
        None
    }
}
