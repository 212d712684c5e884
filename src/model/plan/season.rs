//! Periods in which the same schedules are due. What is not due is 0, so that there is less to compute.

use super::join::Outside;
use super::step::{Link, Place, Register, Step};
use crate::numeric::chain::{Chain, Operation};

/// The most kinds of periods that have steps of their own; where there are more, each step looks up what is due.
const MOST: usize = 16;

/// The steps of the periods, by what is due in them.
#[derive(Clone, Debug)]
pub(super) struct Seasons<S> {
    /// The steps of each kind of period.
    pub(super) steps: Vec<S>,
    /// The kind of each period.
    pub(super) of_period: Vec<usize>,
}

impl Seasons<Vec<Step>> {
    /// Steps of their own for each kind of period; `schedules` tells in which periods each is due.
    pub(super) fn of(each: &[Step], schedules: &[Vec<bool>], periods: usize, zero: Register) -> Self {
        let mut used: Vec<usize> = each.iter().flat_map(Step::schedules).collect();
        used.sort_unstable();
        used.dedup();
        let mut kinds: Vec<Vec<bool>> = Vec::new();
        let mut of_period = Vec::with_capacity(periods);
        let due_in = |period: usize| used.iter().map(|schedule| schedules[*schedule][period]).collect();
        for kind in (0..periods).map(due_in) {
            of_period.push(kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            }));
            if kinds.len() > MOST {
                return Self { steps: vec![each.to_vec()], of_period: vec![0; periods] };
            }
        }
        let settled = |kind: &Vec<bool>| {
            let is_due = |schedule: usize| used.iter().zip(kind).any(|(used, due)| *used == schedule && *due);
            let mut steps = each.to_vec();
            for step in &mut steps {
                settle(step, is_due, zero);
            }
            steps
        };
        Self { steps: kinds.iter().map(settled).collect(), of_period }
    }
}

impl<S> Seasons<S> {
    /// The steps of a period.
    #[inline]
    pub(super) fn at(&self, period: usize) -> &S {
        &self.steps[self.of_period[period]]
    }

    /// Something else for the steps of each kind of period.
    pub(super) fn map<T>(self, make: impl FnMut(S) -> T) -> Seasons<T> {
        Seasons { steps: self.steps.into_iter().map(make).collect(), of_period: self.of_period }
    }
}

/// Says what a step reads where it is known what is due.
fn settle(step: &mut Step, is_due: impl Fn(usize) -> bool, zero: Register) {
    step.change(|place| {
        if let Place::Due { schedule, register } = *place {
            *place = if is_due(schedule) { Place::Lanes(register) } else { Place::Uniform(zero) };
        }
    });
}

/// Leaves out what adds nothing: zeros, and steps whose result nothing reads.
pub(super) fn prune(steps: &mut Vec<Step>, outside: &Outside, zero: Register) {
    let mut same: Vec<(Register, Register)> = Vec::new();
    let mut kept = Vec::with_capacity(steps.len());
    for mut step in std::mem::take(steps) {
        step.rename(|register| same.iter().find(|(to, _)| *to == register).map_or(register, |(_, from)| *from));
        if let Step::Chain(link) = &step {
            match without_zeros(link, zero) {
                Pruned::Link(link) => step = Step::Chain(link),
                // A sum to which nothing is added.
                Pruned::Same(Place::Lanes(from)) if from == link.to => continue,
                Pruned::Same(Place::Lanes(from)) if !outside[link.to] => {
                    same.push((link.to, from));
                    continue;
                }
                Pruned::Same(from) => step = Step::Copy { from, to: link.to },
            }
        }
        kept.push(step);
    }
    let mut is_read = outside.clone();
    kept.reverse();
    kept.retain(|step| {
        let is_needed = step.writes().is_none_or(|to| is_read[to]);
        if is_needed {
            step.reads().into_iter().for_each(|register| is_read[register] = true);
        }
        is_needed
    });
    kept.reverse();
    *steps = kept;
}

/// A chain without its zeros.
enum Pruned {
    /// What is left of it.
    Link(Link),
    /// Nothing is left but what it reads.
    Same(Place),
}

/// Leaves out of sums and differences what is 0 in each lane. A sum of nothing but negative zeros becomes a negative zero
/// thereby, which is the same number.
fn without_zeros(link: &Link, zero: Register) -> Pruned {
    let is_zero = |place: &Place| *place == Place::Uniform(zero);
    let Some(operations) = link.chain.operations().filter(|_| link.tally.is_none()) else { return Pruned::Link(*link) };
    let (first, others) = (link.inputs()[0], &link.inputs()[1..]);
    let mut left: Vec<(Operation, Place)> = operations.into_iter().zip(others.iter().copied()).collect();
    let mut start = first;
    if is_zero(&start) && left.first().is_some_and(|(operation, _)| *operation == Operation::Add) {
        start = left.remove(0).1;
    }
    left.retain(|(operation, place)| !(matches!(operation, Operation::Add | Operation::Subtract) && is_zero(place)));
    if left.is_empty() {
        return Pruned::Same(start);
    }
    let inputs: Vec<Place> = std::iter::once(start).chain(left.iter().map(|(_, place)| *place)).collect();
    let operations: Vec<Operation> = left.iter().map(|(operation, _)| *operation).collect();
    let shorter = Chain::of(&operations).and_then(|chain| Link::new(chain, &inputs, link.to));
    Pruned::Link(shorter.unwrap_or(*link))
}
