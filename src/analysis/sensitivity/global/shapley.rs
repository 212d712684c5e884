//! Shapley effects of inputs of which some are correlated.
//!
//! The value of a set of inputs is the share of the variance that they explain together, V[E(Y | X of the set)] / V(Y).
//! It is the correlation of the metric in two draws that have those inputs in common, where all others are drawn anew
//! given the common ones. The input's effect is its Shapley value.

use std::collections::HashMap;

use super::super::twins::{Source, Twins, Which};
use super::{Found, Input, estimate};
use crate::error::Problem;
use crate::numeric::conditional::Conditional;
use crate::numeric::design::REPLICATES;
use crate::numeric::indices::Pairs;
use crate::numeric::normal;
use crate::numeric::shapley::{self, Failure, MOST_SAMPLED};

/// Up to so many inputs all sets are taken: 2⁸ = 256; of more inputs, random orders.
const MOST_EXACT: usize = 8;

/// How many orders are taken at random.
const ORDERS: usize = 32;

/// Two standard errors, about, make half of a 95 % interval.
const NORMAL: f64 = 1.96;

/// The effects of all inputs.
///
/// # Errors
/// More inputs than the method takes.
pub(super) fn found(twins: &Twins) -> Result<Found, Problem> {
    let sources = twins.sources();
    if sources.len() > MOST_SAMPLED {
        let message = format!("{} inputs are uncertain and some of them are correlated", sources.len());
        return Err(Problem::nowhere(message)
            .label(format!("at most {MOST_SAMPLED} can be told apart"))
            .help("take the correlations out, or make inputs of little effect certain with `--set`"));
    }
    let mut values = Values { twins, center: twins.center(), known: HashMap::new() };
    let nobody = values.merged(0);
    let mut found =
        Found { mean: nobody.mean(), variance: nobody.variance(), undefined: nobody.undefined(), inputs: Vec::new() };
    if found.variance > 0.0 {
        let (effects, errors) = effects(&mut values, None);
        let each: Vec<Vec<f64>> = (0..REPLICATES).map(|replicate| effects_only(&mut values, Some(replicate))).collect();
        let input = |(at, source): (usize, &Source)| {
            let of = |replicate: usize| each[replicate].get(at).copied().unwrap_or(f64::NAN);
            let value = effects.get(at).copied().unwrap_or(f64::NAN);
            let (effect, by_draws) = estimate(value, &std::array::from_fn(of));
            let by_orders = NORMAL * errors.get(at).copied().unwrap_or(0.0);
            let effect_margin = by_draws.map(|by_draws| by_draws.hypot(by_orders));
            Input { path: source.path.clone(), effect, effect_margin, ..Input::default() }
        };
        found.inputs = sources.iter().enumerate().map(input).collect();
    }
    Ok(found)
}

/// The effects by one replicate, or by all draws; with their standard errors where orders are taken at random. None,
/// where a set has no value.
fn effects(values: &mut Values<'_>, replicate: Option<usize>) -> (Vec<f64>, Vec<f64>) {
    let count = values.twins.sources().len();
    let mut ask = |sets: &[u64]| values.explained(sets, replicate);
    let found: Result<_, Failure> = if count <= MOST_EXACT {
        shapley::exact(count, &mut ask).map(|effects| (effects, Vec::new()))
    } else {
        let split = |shares: Vec<shapley::Share>| shares.iter().map(|share| (share.value, share.error)).unzip();
        shapley::sampled(count, ORDERS, 0, &mut ask).map(split)
    };
    found.unwrap_or_default()
}

fn effects_only(values: &mut Values<'_>, replicate: Option<usize>) -> Vec<f64> {
    effects(values, replicate).0
}

/// The values of sets of inputs, each found once.
struct Values<'t> {
    twins: &'t Twins,
    center: f64,
    known: HashMap<u64, [Pairs; REPLICATES]>,
}

impl Values<'_> {
    /// The shares that sets of inputs explain, by one replicate or by all draws.
    fn explained(&mut self, sets: &[u64], replicate: Option<usize>) -> Vec<f64> {
        let all = u64::MAX >> (MOST_SAMPLED - self.twins.sources().len());
        let mut new: Vec<u64> = sets.iter().copied().filter(|set| !self.known.contains_key(set)).collect();
        new.retain(|set| *set != 0 && *set != all);
        new.sort_unstable();
        new.dedup();
        self.find(&new);
        let value = |set: &u64| match (*set, replicate) {
            (0, _) => 0.0,
            (set, _) if set == all => 1.0,
            (set, None) => self.merged(set).explained(),
            (set, Some(replicate)) => self.known.get(&set).map_or(f64::NAN, |pairs| pairs[replicate].explained()),
        };
        sets.iter().map(value).collect()
    }

    /// The pairs of a set over all draws.
    fn merged(&mut self, set: u64) -> Pairs {
        if !self.known.contains_key(&set) {
            self.find(&[set]);
        }
        let mut merged = Pairs::new(self.center);
        if let Some(pairs) = self.known.get(&set) {
            for pairs in pairs {
                merged.merge(pairs);
            }
        }
        merged
    }

    /// Finds the pairs of sets.
    fn find(&mut self, sets: &[u64]) {
        if sets.is_empty() {
            return;
        }
        let shared: Vec<Shared> = sets.iter().map(|set| Shared::new(self.twins, *set)).collect();
        let nothing = vec![Pairs::new(self.center); sets.len()];
        let found = self.twins.gather(
            &nothing,
            |block| block_pairs(self.twins, &shared, &nothing, block),
            |all, made: Vec<Pairs>| all.iter_mut().zip(&made).for_each(|(pairs, made)| pairs.merge(made)),
        );
        for (at, set) in sets.iter().enumerate() {
            self.known.insert(*set, found.each_ref().map(|pairs| pairs[at]));
        }
    }
}

/// A set of inputs that two draws have in common.
struct Shared {
    /// Whether each column is common.
    columns: Vec<bool>,
    /// For each tie, how its other columns come from the common ones.
    ties: Vec<Conditional>,
}

impl Shared {
    fn new(twins: &Twins, set: u64) -> Self {
        let mut columns = vec![false; twins.simulation().columns().len()];
        for member in shapley::members(set) {
            let of_member = twins.sources().get(member).into_iter().flat_map(|source| &source.columns);
            of_member.for_each(|at| columns[*at] = true);
        }
        let conditional = |(tie, places): &(crate::model::Tie, Vec<usize>)| {
            let known: Vec<bool> = places.iter().map(|at| columns[*at]).collect();
            Conditional::new(&tie.matrix, &known)
        };
        let ties = twins.simulation().tied().iter().map(conditional).collect();
        Self { columns, ties }
    }
}

/// The pairs of all sets in the draws of a block.
fn block_pairs(twins: &Twins, shared: &[Shared], nothing: &[Pairs], block: u64) -> Vec<Pairs> {
    let simulation = twins.simulation();
    let (first, second) = (twins.uniform(Which::First, block), twins.uniform(Which::Second, block));
    // The normal numbers of each tie: correlated of the first draw, fresh of the second.
    let tied: Vec<[Vec<Vec<f64>>; 2]> = simulation
        .tied()
        .iter()
        .map(|(tie, places)| {
            let normal = |columns: &[Vec<f64>]| {
                let mut columns: Vec<Vec<f64>> = places.iter().map(|at| columns[*at].clone()).collect();
                for column in &mut columns {
                    normal::quantiles(column);
                }
                columns
            };
            let fresh = normal(&first);
            let nobody = Conditional::new(&tie.matrix, &vec![false; places.len()]);
            let correlated = nobody.columns(&fresh, &fresh).map(|(_, column)| column).collect();
            [correlated, normal(&second)]
        })
        .collect();
    let value_of = |at: usize, mut normal: Vec<f64>| {
        for value in &mut normal {
            *value = normal::cdf(*value);
        }
        simulation.distribute_one(at, &mut normal);
        normal
    };
    let (mut a, mut b) = (first, second);
    simulation.distribute(&mut a);
    simulation.distribute(&mut b);
    for ((_, places), [correlated, _]) in simulation.tied().iter().zip(&tied) {
        for (at, column) in places.iter().zip(correlated) {
            a[*at] = value_of(*at, column.clone());
        }
    }
    let outcome = twins.outcome(&a.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let pairs = |(shared, nothing): (&Shared, &Pairs)| {
        let mut anew: HashMap<usize, Vec<f64>> = HashMap::new();
        for ((conditional, (_, places)), [known, fresh]) in shared.ties.iter().zip(simulation.tied()).zip(&tied) {
            for (place, column) in conditional.columns(known, fresh) {
                anew.insert(places[place], value_of(places[place], column));
            }
        }
        let column = |(at, common): (usize, &bool)| match anew.get(&at) {
            _ if *common => a[at].as_slice(),
            Some(column) => column.as_slice(),
            None => b[at].as_slice(),
        };
        let columns: Vec<&[f64]> = shared.columns.iter().enumerate().map(column).collect();
        let mut pairs = *nothing;
        pairs.add(&outcome, &twins.outcome(&columns));
        pairs
    };
    shared.iter().zip(nothing).map(pairs).collect()
}
