//! Where an outcome takes a value, as a function of one quantity.
//!
//! Where the outcome is a straight line in the quantity, the line's coefficients are carried through the model and the
//! place is exact ([`Model::affine`]). Elsewhere the model itself is searched: see [`crate::numeric::roots`].

use crate::model::definition::DefinitionId;
use crate::model::{Affine, Model, Plan};
use crate::numeric::roots::{self, Crossing, Interval, significant};

/// What is sought: the places of a quantity at which an outcome has a value.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The quantity, which a run may replace by a column.
    pub quantity: DefinitionId,
    /// A value of the whole run.
    pub outcome: DefinitionId,
    /// The value that it shall have.
    pub value: f64,
}

/// What a search has found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The places at which the outcome has the value or jumps over it, ascending.
    pub crossings: Vec<Crossing>,
    /// The outcome less the value as a straight line, where it is one.
    pub line: Option<Affine>,
    /// The outcome at both ends of the interval; NaN where it is undefined.
    pub ends: [f64; 2],
    /// Where nothing was found by looking: the place at which the outcome comes nearest to the value, and its value
    /// there; none where it is undefined everywhere.
    pub nearest: Option<(f64, f64)>,
}

/// Finds all places in an interval; a jump's values are those of the outcome itself.
pub fn search(model: &Model, target: Target, interval: Interval) -> Found {
    let mut distance = Distance::new(model, target);
    let ends = distance.outcome(&[interval.low(), interval.high()]);
    let ends = [ends[0], ends[1]];
    let line = model
        .affine(target.quantity, target.outcome)
        .map(|line| Affine { constant: line.constant - target.value, ..line })
        .filter(|line| line.constant.is_finite() && line.slope.is_finite());
    let crossings = match line {
        Some(line) => straight(line, &mut distance, interval),
        None => roots::scan(&mut |places| distance.at(places), interval),
    };
    let crossings: Vec<_> = crossings.into_iter().map(|crossing| lifted(crossing, target.value)).collect();
    let nearest = if crossings.is_empty() && line.is_none() { distance.bottom(interval) } else { None };
    Found { crossings, line, ends, nearest }
}

/// How far an outcome is from the value that it shall have, and where it was nearest so far.
pub struct Distance {
    plan: Plan,
    value: f64,
    nearest: Option<(f64, f64)>,
}

impl Distance {
    /// Prepares the runs.
    pub fn new(model: &Model, target: Target) -> Self {
        Self { plan: model.plan(&[target.quantity], &[target.outcome]), value: target.value, nearest: None }
    }

    /// The outcome at places of the quantity; NaN where it is undefined.
    pub fn outcome(&self, places: &[f64]) -> Vec<f64> {
        self.plan.run(&[places]).swap_remove(0)
    }

    /// The outcome less the value.
    pub fn at(&mut self, places: &[f64]) -> Vec<f64> {
        let distances: Vec<f64> = self.outcome(places).into_iter().map(|outcome| outcome - self.value).collect();
        for (place, distance) in places.iter().zip(&distances) {
            let size = distance.abs();
            if size.is_finite() && self.nearest.is_none_or(|(_, nearest)| size < nearest) {
                self.nearest = Some((*place, size));
            }
        }
        distances
    }

    /// The place at which the outcome comes nearest to the value, and the outcome there, around the nearest place so far.
    ///
    /// Each turn looks at places around the best one, more closely than the last: a bottom between two samples is found
    /// to about half of the digits, which is as much as rounding leaves of a smooth one.
    fn bottom(&mut self, interval: Interval) -> Option<(f64, f64)> {
        const STEPS: i32 = 16;
        // Samples are at most that far apart, as a share of their place.
        let mut width = 0.04 * self.nearest?.0.abs();
        for _ in 0..16 {
            let (center, _) = self.nearest?;
            let around = (-STEPS..=STEPS).map(|step| center + width * f64::from(step) / f64::from(STEPS));
            let places: Vec<f64> = around.map(|place| place.clamp(interval.low(), interval.high())).collect();
            self.at(&places);
            width /= f64::from(STEPS) / 2.0;
        }
        let (at, size) = self.nearest?;
        let at = self.shortest(at, 1e-6, 1e-12 * (size + self.value.abs()), interval);
        Some((at, self.outcome(&[at])[0]))
    }

    /// Of the numbers near a place, the one with the fewest decimal digits that is no farther from the value, but for
    /// that much rounding.
    fn shortest(&mut self, place: f64, near: f64, rounding: f64, interval: Interval) -> f64 {
        let inside = |candidate: &f64| {
            (interval.low()..=interval.high()).contains(candidate) && (candidate - place).abs() <= near * place.abs()
        };
        let rounded = (1..=15).rev().map(|digits| significant(place, digits)).filter(inside);
        let candidates: Vec<f64> = std::iter::once(place).chain(rounded).collect();
        let sizes: Vec<f64> = self.at(&candidates).into_iter().map(f64::abs).collect();
        let best = candidates.iter().zip(&sizes).rev().find(|(_, size)| **size <= sizes[0] + rounding);
        best.map_or(place, |(candidate, _)| *candidate)
    }
}

/// The places at which a straight line is 0. Of all numbers that are it but for rounding, the shortest is taken, so
/// that 1.2 / (100 / 3,500,000) is 42,000 and no number beside it.
fn straight(line: Affine, distance: &mut Distance, interval: Interval) -> Vec<Crossing> {
    let (low, high) = (interval.low(), interval.high());
    // At its root the line is the difference of two numbers of this size.
    let rounding = 4.0 * f64::EPSILON * line.constant.abs();
    match line.root() {
        Some(root) if (low..=high).contains(&root) => {
            vec![Crossing::Root(distance.shortest(root, 1e-12, rounding, interval))]
        }
        None if line.slope == 0.0 && line.constant == 0.0 => vec![Crossing::Flat { from: low, to: high }],
        _ => Vec::new(),
    }
}

/// A crossing of 0 as one of the value.
fn lifted(crossing: Crossing, value: f64) -> Crossing {
    match crossing {
        Crossing::Jump { at, before, after } => Crossing::Jump { at, before: before + value, after: after + value },
        other => other,
    }
}
