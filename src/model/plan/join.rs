//! Making the steps of a plan fewer and their registers closer together, without changing what they compute.

use super::step::{Link, Place, Register, Step, Tally};
use crate::numeric::chain::{Chain, Operation};

/// Which registers are read by something else than the steps in question, or hold something from period to period.
pub(super) type Outside = Vec<bool>;

/// Joins a chain whose result only one other reads with that one, so that the registers are gone through once for both.
pub(super) fn fuse(steps: &mut Vec<Step>, outside: &Outside) {
    // How often each register is read, and by which step last: the only one where it is read once.
    let mut readers = vec![(0_usize, 0_usize); outside.len()];
    for (at, step) in steps.iter().enumerate() {
        for register in step.reads() {
            readers[register] = (readers[register].0 + 1, at);
        }
    }
    let mut is_joined = vec![false; steps.len()];
    for at in 0..steps.len() {
        let Step::Chain(first) = steps[at] else { continue };
        let (1, reader) = readers[first.to] else { continue };
        if outside[first.to] || reader <= at {
            continue;
        }
        let Step::Chain(second) = steps[reader] else { continue };
        let Some(joined) = joined(&first, &second) else { continue };
        for register in steps[at].reads() {
            if readers[register].0 == 1 {
                readers[register].1 = reader;
            }
        }
        steps[reader] = Step::Chain(joined);
        is_joined[at] = true;
    }
    let mut joined = is_joined.into_iter();
    steps.retain(|_| !joined.next().unwrap_or(false));
}

/// Lets sums of tiers multiply for themselves what they read, where nothing else reads the product.
pub(super) fn scale(steps: &mut Vec<Step>, outside: &Outside) {
    let mut at = 0;
    while at < steps.len() {
        if let Some((product, scaled)) = scaled(steps, at, outside) {
            steps[at] = scaled;
            steps.remove(product);
        } else {
            at += 1;
        }
    }
}

/// The step that computes the product of which this step sums tiers, and this step with the product's factors instead.
fn scaled(steps: &[Step], at: usize, outside: &Outside) -> Option<(usize, Step)> {
    let Step::Tiers { sum, factor: None, .. } = &steps[at] else { return None };
    let units = sum.units.register().filter(|units| !outside[*units])?;
    let product = steps[..at].iter().position(|step| step.writes() == Some(units))?;
    let Step::Chain(Link { chain: Chain::One(Operation::Multiply), inputs: [a, b, ..], tally: None, .. }) =
        steps[product]
    else {
        return None;
    };
    let readers = steps.iter().flat_map(Step::reads).filter(|register| *register == units).count();
    let (column, uniform) = match (a, b) {
        (Place::Lanes(_), Place::Uniform(_)) => (a, b),
        (Place::Uniform(_), Place::Lanes(_)) => (b, a),
        _ => return None,
    };
    let mut scaled = steps[at].clone();
    if let Step::Tiers { sum, factor, .. } = &mut scaled {
        (sum.units, *factor) = (column, Some(uniform));
    }
    (readers == 1).then_some((product, scaled))
}

/// Two chains as one, of which the second reads the result of the first, once.
fn joined(first: &Link, second: &Link) -> Option<Link> {
    if first.tally.is_some() {
        return None;
    }
    let (inputs, others) = (first.inputs(), second.inputs());
    let at = others.iter().position(|place| *place == Place::Lanes(first.to))?;
    let mut joined = inputs.to_vec();
    let chain = match (first.chain, second.chain, at) {
        (chain, _, 0) => {
            joined.extend_from_slice(&others[1..]);
            operations(second.chain)?.into_iter().try_fold(chain, Chain::then)?
        }
        (chain, _, 1) => {
            joined.push(others[0]);
            joined.extend_from_slice(&others[2..]);
            let mut rest = operations(second.chain)?.into_iter();
            let first = chain.then(turned(rest.next()?)?)?;
            rest.try_fold(first, Chain::then)?
        }
        (Chain::One(Operation::Multiply), Chain::Two(Operation::Multiply, last), 2) => {
            joined.splice(0..0, others[..2].iter().copied());
            match last {
                Operation::Add => Chain::SumOfProducts,
                Operation::Subtract => Chain::DifferenceOfProducts,
                Operation::SubtractFrom => {
                    joined.rotate_left(2);
                    Chain::DifferenceOfProducts
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    Link::new(chain, &joined, second.to)?.with(second.tally)
}

/// The operations of a chain before which there is room for another.
fn operations(chain: Chain) -> Option<Vec<Operation>> {
    chain.operations().filter(|operations| operations.len() < 3)
}

/// The operation that yields the same with its operands in the other order.
fn turned(operation: Operation) -> Option<Operation> {
    match operation {
        Operation::Add | Operation::Multiply => Some(operation),
        Operation::Subtract => Some(Operation::SubtractFrom),
        Operation::SubtractFrom => Some(Operation::Subtract),
        // What is undefined, and zeros of either sign, depend on the order.
        Operation::Smaller | Operation::Larger => None,
    }
}

/// Where what is kept for the next period may be computed: the register of each kept value that nothing needs any more
/// when the next value is written, with that of the next value, which becomes the same.
pub(super) fn merged(each: &[Step], kept: &[(Place, Register)], after: &Outside) -> Vec<(Register, Register)> {
    let mut merged: Vec<(Register, Register)> = Vec::new();
    for (from, to) in kept {
        let Place::Lanes(next) = *from else { continue };
        let is_kept = |register: Register| kept.iter().any(|(_, to)| *to == register);
        let is_kept_on = kept.iter().any(|(from, _)| from.register() == Some(*to));
        let is_taken = merged.iter().any(|(other, _)| *other == next);
        let Some(written) = each.iter().position(|step| step.writes() == Some(next)) else { continue };
        let may_read_last = matches!(each[written], Step::Chain(_));
        let first_late = if may_read_last { written + 1 } else { written };
        let is_read_late =
            each[first_late..].iter().any(|step| step.reads().contains(to) || step.writes() == Some(*to));
        if !(after[*to] || is_kept(next) || is_kept_on || is_taken || is_read_late) {
            merged.push((next, *to));
        }
    }
    merged
}

/// Lets the step that computes a value add it to a sum besides, where that is a step of its own; and to a weighted sum, and
/// keep the lowest sum. What nothing else reads is not written any more.
pub(super) fn tally(steps: &mut Vec<Step>, outside: &Outside) {
    for find in [summed, weighted, lowest] {
        let mut at = 0;
        while at < steps.len() {
            match find(steps, at) {
                Some((producer, link)) => {
                    steps[producer] = Step::Chain(link);
                    steps.remove(at);
                }
                None => at += 1,
            }
        }
    }
    let mut is_read = outside.clone();
    for register in steps.iter().flat_map(Step::reads) {
        is_read[register] = true;
    }
    for step in steps {
        if let Step::Chain(link) = step {
            link.is_read = link.tally.is_none() || is_read[link.to];
        }
    }
}

/// Whether a step reads or changes a register.
fn touches(step: &Step, register: Register) -> bool {
    let tallies =
        matches!(step, Step::Chain(Link { tally: Some(tally), .. }) if tally.registers().any(|to| to == register));
    tallies || step.writes() == Some(register) || step.reads().contains(&register)
}

/// The chain that computes what stands in a register before that step, where nothing in between touches another register.
fn producer(steps: &[Step], at: usize, of: impl Fn(&Link) -> bool, untouched: Register) -> Option<(usize, Link)> {
    let place = steps[..at].iter().rposition(|step| matches!(step, Step::Chain(link) if of(link)))?;
    let Step::Chain(link) = steps[place] else { return None };
    let is_free = link.to != untouched && !steps[place + 1..at].iter().any(|step| touches(step, untouched));
    is_free.then_some((place, link))
}

/// The step that computes what this step adds to a register, made to do both.
fn summed(steps: &[Step], at: usize) -> Option<(usize, Link)> {
    let Step::Chain(Link { chain: Chain::One(Operation::Add), inputs: [a, b, ..], to: sum, tally: None, .. }) =
        steps[at]
    else {
        return None;
    };
    let added = match (a, b) {
        (Place::Lanes(a), Place::Lanes(b)) if a == sum && b != sum => b,
        (Place::Lanes(a), Place::Lanes(b)) if b == sum && a != sum => a,
        _ => return None,
    };
    let (place, link) = producer(steps, at, |link| link.to == added, sum)?;
    let is_last = steps[place + 1..at].iter().all(|step| step.writes() != Some(added));
    if link.tally.is_some() || !is_last {
        return None;
    }
    Some((place, link.with(Some(Tally { sum, weighted: None, lowest: None }))?))
}

/// The step that computes and sums what this step adds, times a weight, to another register, made to do all.
fn weighted(steps: &[Step], at: usize) -> Option<(usize, Link)> {
    let Step::Chain(Link { chain, inputs: [a, b, c, _], to, tally: None, .. }) = steps[at] else { return None };
    if chain != Chain::Two(Operation::Multiply, Operation::Add) || c != Place::Lanes(to) {
        return None;
    }
    [(a, b), (b, a)].into_iter().find_map(|(result, weight)| {
        let (place, link) = producer(steps, at, |link| Place::Lanes(link.to) == result, to)?;
        let tally = link.tally.filter(|tally| tally.weighted.is_none())?;
        let is_written = |register: Register| steps[place..at].iter().any(|step| step.writes() == Some(register));
        let is_there =
            matches!(weight, Place::Uniform(_)) || weight.register().is_some_and(|weight| !is_written(weight));
        let is_last = steps[place + 1..at].iter().all(|step| step.writes() != Some(link.to));
        if !is_there || !is_last {
            return None;
        }
        Some((place, link.with(Some(Tally { weighted: Some((weight, to)), ..tally }))?))
    })
}

/// The step that sums up to what this step compares with the lowest sum, made to do both.
fn lowest(steps: &[Step], at: usize) -> Option<(usize, Link)> {
    let Step::Chain(Link { chain: Chain::One(Operation::Smaller), inputs: [a, b, ..], to, tally: None, .. }) =
        steps[at]
    else {
        return None;
    };
    let Place::Lanes(sum) = b else { return None };
    if a != Place::Lanes(to) {
        return None;
    }
    let (place, link) = producer(steps, at, |link| link.tally.is_some_and(|tally| tally.sum == sum), to)?;
    let tally = link.tally.filter(|tally| tally.lowest.is_none())?;
    let is_summed_up = steps[place + 1..at].iter().all(|step| {
        let tallies =
            matches!(step, Step::Chain(Link { tally: Some(tally), .. }) if tally.registers().any(|to| to == sum));
        !tallies && step.writes() != Some(sum)
    });
    if !is_summed_up {
        return None;
    }
    Some((place, link.with(Some(Tally { lowest: Some(to), ..tally }))?))
}

/// Lets steps write where a value stood that nothing reads any more, so that fewer registers are in use at a time and they
/// stay in the cache. Registers that anything outside of the steps reads keep their places.
pub(super) fn reuse(steps: &mut [Step], outside: &Outside) {
    let registers = outside.len();
    let mut last = vec![None; registers];
    let mut is_free = vec![false; registers];
    for (at, step) in steps.iter().enumerate() {
        if let (Some(to), false) = (step.writes(), matches!(step, Step::Pick { .. })) {
            is_free[to] = !outside[to];
        }
        for register in step.reads() {
            last[register] = Some(at);
        }
    }
    let mut names: Vec<Register> = (0..registers).collect();
    let mut pool: Vec<Register> = Vec::new();
    for (at, step) in steps.iter_mut().enumerate() {
        let mut freed = step.reads();
        freed.retain(|register| is_free[*register] && last[*register] == Some(at));
        freed.sort_unstable();
        freed.dedup();
        let freed = freed.into_iter().map(|register| names[register]).collect::<Vec<_>>();
        // A chain may write where it reads; other steps may not.
        let may_write_there = matches!(step, Step::Chain(_));
        if may_write_there {
            pool.extend(&freed);
        }
        let place = step.writes().filter(|to| is_free[*to]).and_then(|to| Some((to, pool.pop()?)));
        if let Some((to, place)) = place {
            names[to] = place;
        }
        step.rename(|register| names[register]);
        if !may_write_there {
            pool.extend(&freed);
        }
    }
}
