//! Sobol indices of independent inputs.

use super::super::twins::{Twins, Which};
use super::{Found, Input, estimate};
use crate::numeric::design::REPLICATES;
use crate::numeric::indices::{Index, Tally};

/// The indices of all inputs: each block is run with all inputs of one draw, with all of the other, and with each input
/// in turn exchanged.
pub(super) fn found(twins: &Twins) -> Found {
    let sources = twins.sources();
    let nothing = Tally::new(sources.len(), twins.center());
    let block = |block: u64| {
        let (a, b) = (twins.values(Which::First, block), twins.values(Which::Second, block));
        let mut columns: Vec<&[f64]> = a.iter().map(Vec::as_slice).collect();
        let outcome_a = twins.outcome(&columns);
        let outcome_b = twins.outcome(&b.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mixed: Vec<Vec<f64>> = sources
            .iter()
            .map(|source| {
                source.columns.iter().for_each(|at| columns[*at] = &b[*at]);
                let outcome = twins.outcome(&columns);
                source.columns.iter().for_each(|at| columns[*at] = &a[*at]);
                outcome
            })
            .collect();
        let mut tally = nothing.clone();
        tally.add(&outcome_a, &outcome_b, &mixed);
        tally
    };
    let tallies = twins.gather(&nothing, block, |all, tally| all.merge(&tally));
    let mut whole = nothing.clone();
    for tally in &tallies {
        whole.merge(tally);
    }
    let replicates: [Vec<Index>; REPLICATES] = tallies.each_ref().map(Tally::indices);
    let input = |((at, source), index): ((usize, &super::super::twins::Source), &Index)| {
        let (first, first_margin) = estimate(index.first, &replicates.each_ref().map(|indices| indices[at].first));
        let (total, total_margin) = estimate(index.total, &replicates.each_ref().map(|indices| indices[at].total));
        Input { path: source.path.clone(), first, first_margin, total, total_margin, ..Input::default() }
    };
    let indices = whole.indices();
    Found {
        mean: whole.mean(),
        variance: whole.variance(),
        undefined: whole.undefined(),
        inputs: sources.iter().enumerate().zip(&indices).map(input).collect(),
    }
}
