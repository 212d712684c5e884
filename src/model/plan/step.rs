//! The steps of a plan: operations on columns, and how they are made fewer.

use crate::formula::BinaryOperator;
use crate::formula::functions::OverPeriods;
use crate::model::draw::Draw;
use crate::model::fuse::Sum;
use crate::model::node::NodeId;
use crate::numeric::kernel::{self, Kernel, Operand};

/// The number of a register, a column of a chunk's lanes.
pub(super) type Register = usize;

/// Where a step finds an operand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// The same in every lane and period.
    Uniform(f64),
    /// The same in every lane: the node's series, by period.
    Series(NodeId),
    /// A column.
    Register(Register),
}

/// One operation on columns.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Computes a column from columns.
    Compute { kernel: Kernel, operator: Option<BinaryOperator>, inputs: [Place; 3], to: Register },
    /// Sums parts of a column, each at a price.
    Tiers { sum: Sum<Place>, to: Register },
    /// Copies a column in the periods in which a schedule is due, and writes 0 in the others.
    Due { schedule: usize, from: Place, to: Register },
    /// Copies a column of period 0; in later periods, what was kept of the period before stands there already.
    Previous { first: Place, to: Register },
    /// Takes a period's column into what is gathered.
    Gather { over: OverPeriods, from: Place, to: Register },
    /// Keeps a period's column for a measure of the whole series.
    Record { from: Place, series: usize },
    /// Copies the period's column of those that begin at a register, one for each period.
    Read { first: Register, to: Register },
    /// The mean of a value that is left to chance, lane by lane.
    Mean { draw: Draw, parameters: Vec<Place>, to: Register },
    /// Copies a column in one period.
    Pick { period: usize, from: Place, to: Register },
    /// Computes a column from recorded series, lane by lane.
    Measure { over: OverPeriods, series: usize, parameters: [Place; 2], to: Register },
}

impl Step {
    /// The register that the step writes anew in each period, whatever it held.
    pub(super) fn computes(&self) -> Option<Register> {
        match self {
            Step::Compute { to, .. } | Step::Tiers { to, .. } | Step::Due { to, .. } | Step::Read { to, .. } => {
                Some(*to)
            }
            _ => None,
        }
    }

    /// The registers that the step reads.
    pub(super) fn reads(&self) -> Vec<Register> {
        let places = match self {
            Step::Compute { inputs, .. } => inputs.to_vec(),
            Step::Due { from, .. }
            | Step::Gather { from, .. }
            | Step::Record { from, .. }
            | Step::Pick { from, .. }
            | Step::Previous { first: from, .. } => vec![*from],
            Step::Mean { parameters, .. } => parameters.clone(),
            Step::Measure { parameters, .. } => parameters.to_vec(),
            // The bounds and the prices are no columns.
            Step::Tiers { sum, .. } => vec![sum.units],
            Step::Read { .. } => Vec::new(),
        };
        places.iter().filter_map(|place| place.register()).collect()
    }

    /// The same step with other registers.
    pub(super) fn renamed(&mut self, names: &[Register]) {
        let rename = |place: &mut Place| {
            if let Place::Register(register) = place {
                *register = names[*register];
            }
        };
        match self {
            Step::Compute { inputs, to, .. } => {
                inputs.iter_mut().for_each(rename);
                *to = names[*to];
            }
            Step::Due { from, to, .. } => {
                rename(from);
                *to = names[*to];
            }
            Step::Gather { from, .. }
            | Step::Record { from, .. }
            | Step::Pick { from, .. }
            | Step::Previous { first: from, .. } => rename(from),
            Step::Mean { parameters, .. } => parameters.iter_mut().for_each(rename),
            Step::Measure { parameters, .. } => parameters.iter_mut().for_each(rename),
            Step::Tiers { sum, to } => {
                *sum = sum.map(|mut place| {
                    rename(&mut place);
                    place
                });
                *to = names[*to];
            }
            Step::Read { to, .. } => *to = names[*to],
        }
    }
}

impl Place {
    pub(super) fn register(self) -> Option<Register> {
        match self {
            Place::Register(register) => Some(register),
            Place::Uniform(_) | Place::Series(_) => None,
        }
    }
}

/// Joins an operation whose result only one other reads with that one, so that the columns are gone through once for both.
pub(super) fn fuse(each: &mut Vec<Step>, registers: usize, outside: &[Register]) {
    let mut readers = vec![Vec::new(); registers];
    for (at, step) in each.iter().enumerate() {
        for register in step.reads() {
            readers[register].push(at);
        }
    }
    for register in outside {
        readers[*register].clear();
    }
    let mut is_joined = vec![false; each.len()];
    for at in 0..each.len() {
        let Step::Compute { operator: Some(first), inputs: [a, b, _], to, .. } = each[at] else { continue };
        let [reader] = readers[to][..] else { continue };
        let Step::Compute { operator: Some(second), inputs: [left, right, _], to: result, .. } = each[reader] else {
            continue;
        };
        let (third, order) = match (left.register() == Some(to), right.register() == Some(to)) {
            (true, false) => (right, Order::FirstThenThird),
            (false, true) => (left, Order::ThirdThenFirst),
            _ => continue,
        };
        let Some(kernel) = joined(first, second, order) else { continue };
        // The second one's place in the readers stays, as it is it that is written anew.
        each[reader] =
            Step::Compute { kernel: Kernel::Three(kernel), operator: None, inputs: [a, b, third], to: result };
        for place in [a, b] {
            if let Some(register) = place.register() {
                readers[register].iter_mut().filter(|found| **found == at).for_each(|found| *found = reader);
            }
        }
        is_joined[at] = true;
    }
    let mut joined = is_joined.into_iter();
    each.retain(|_| !joined.next().unwrap_or(false));
}

/// On which side of the second operation the first one's result stands.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    FirstThenThird,
    ThirdThenFirst,
}

/// A kernel of three numbers.
type Three = fn(Operand<'_>, Operand<'_>, Operand<'_>, &mut [f64]);

/// Two operations as one: of the first two numbers, then with the third.
fn joined(first: BinaryOperator, second: BinaryOperator, order: Order) -> Option<Three> {
    use BinaryOperator::{Add, Multiply, Subtract};
    Some(match (first, second, order) {
        (Multiply, Add, _) => kernel::multiply_add,
        (Multiply, Multiply, _) => kernel::multiply_multiply,
        (Multiply, Subtract, Order::FirstThenThird) => kernel::multiply_subtract,
        (Multiply, Subtract, Order::ThirdThenFirst) => kernel::subtract_product,
        (Add, Add, _) => kernel::add_add,
        (Add, Multiply, _) => kernel::add_multiply,
        (Add, Subtract, Order::FirstThenThird) => kernel::add_subtract,
        (Add, Subtract, Order::ThirdThenFirst) => kernel::subtract_sum,
        (Subtract, Add, _) => kernel::subtract_add,
        (Subtract, Multiply, _) => kernel::subtract_multiply,
        (Subtract, Subtract, Order::FirstThenThird) => kernel::subtract_subtract,
        (Subtract, Subtract, Order::ThirdThenFirst) => kernel::subtract_difference,
        _ => return None,
    })
}

/// Lets steps of a period write where a value stood that nothing reads any more, so that fewer columns are in use at a time
/// and they stay in the cache. Registers that anything outside of the period's steps reads keep their places.
pub(super) fn reuse(each: &mut [Step], registers: usize, outside: &[Register]) {
    let mut last = vec![None; registers];
    let mut is_free = vec![false; registers];
    for (at, step) in each.iter().enumerate() {
        if let Some(to) = step.computes() {
            is_free[to] = true;
        }
        for register in step.reads() {
            last[register] = Some(at);
        }
    }
    for register in outside {
        is_free[*register] = false;
    }
    let mut names: Vec<Register> = (0..registers).collect();
    let mut pool: Vec<Register> = Vec::new();
    for (at, step) in each.iter_mut().enumerate() {
        let reads = step.reads();
        if let Some(to) = step.computes().filter(|to| is_free[*to]) {
            // The step writes while it reads, so that none of its own inputs may be the place.
            if let Some(place) = pool.pop() {
                names[to] = place;
            }
        }
        step.renamed(&names);
        let mut freed: Vec<Register> =
            reads.into_iter().filter(|register| is_free[*register] && last[*register] == Some(at)).collect();
        freed.sort_unstable();
        freed.dedup();
        pool.extend(freed.into_iter().map(|register| names[register]));
    }
}
