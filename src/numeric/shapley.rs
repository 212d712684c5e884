//! Shapley values: what each of several players contributes to a result that they bring about together.
//!
//! A player's share is the mean, over all orders in which the players may join, of what the result gains when the
//! player joins (L. S. Shapley, A value for n-person games, 1953):
//!
//! ```text
//! φᵢ = Σ over S without i of  |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S))
//! ```
//!
//! A coalition S is a set of bits: bit i is set where player i has joined. Values are asked for in batches, so
//! that whoever computes them can do many at once.

use std::fmt;

/// The most players that [`exact`] takes: 2¹² = 4096 coalitions.
pub const MOST_EXACT: usize = 12;

/// The most players that [`sampled`] takes: the bits of a coalition.
pub const MOST_SAMPLED: usize = 64;

/// How many coalitions [`sampled`] asks for at once, about.
const BATCH: usize = 4096;

/// The part of a share within which a change is no more than rounding.
const HARMLESS: f64 = 1e-12;

/// Why there are no shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// More players than the method takes.
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// The value of a coalition is not a finite number.
    Undefined {
        /// The coalition, one of the smallest of its batch.
        coalition: u64,
    },
    /// The values of a batch are not one for each coalition.
    Unmatched {
        /// How many values were asked for.
        asked: usize,
        /// How many were given.
        given: usize,
    },
    /// The values are finite, but too large for their sum to be.
    Overflow,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { count, most } => write!(f, "there are {count} players, and at most {most} are allowed"),
            Self::Undefined { coalition } => {
                let members: Vec<_> = members(*coalition).map(|player| player.to_string()).collect();
                write!(f, "the value of the coalition {{{}}} is undefined", members.join(", "))
            }
            Self::Unmatched { asked, given } => write!(f, "{asked} values were asked for and {given} were given"),
            Self::Overflow => f.write_str("the values are too large to be added"),
        }
    }
}

impl std::error::Error for Failure {}

/// A share known from a sample of the orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The estimate.
    pub value: f64,
    /// The estimate's standard error.
    pub error: f64,
}

/// The players of a coalition, in their order.
pub fn members(coalition: u64) -> impl Iterator<Item = usize> {
    (0..MOST_SAMPLED).filter(move |&player| has_joined(coalition, player))
}

/// The share of each of `count` players, from all 2ⁿ coalitions, which are asked for in one batch.
///
/// The shares add up to v(all) − v(none). Each is rounded from its exact sum, so the players' order makes no
/// difference. Should the rounded shares miss the total, the largest of them (the first among equals) takes what
/// is missing, which changes none but its last digits; a share of 0 stays 0. Only where shares cancel, so that the
/// total is finer than the largest share can express, does a difference within that share's last digit remain.
///
/// # Errors
///
/// Where there are more than [`MOST_EXACT`] players, where a value is undefined or missing, and where values
/// overflow.
pub fn exact(count: usize, values: &mut dyn FnMut(&[u64]) -> Vec<f64>) -> Result<Vec<f64>, Failure> {
    if count > MOST_EXACT {
        return Err(Failure::TooMany { count, most: MOST_EXACT });
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    let coalitions: Vec<u64> = (0..1 << count).collect();
    let values = evaluated(&coalitions, values)?;
    // The number of orders in which a given set of players, by its size, comes before a given player.
    let weights: Vec<f64> = (0..count).map(|size| factorial(size) * factorial(count - size - 1)).collect();
    let share = |player| {
        let mut sum = ExactSum::default();
        for (&coalition, &value) in coalitions.iter().zip(&values) {
            let others = members(coalition).filter(|&other| other != player).count();
            let weight = weights[others];
            sum.add_product(if has_joined(coalition, player) { weight } else { -weight }, value);
        }
        sum.value() / factorial(count)
    };
    settled((0..count).map(share).collect(), values[0], values[values.len() - 1])
}

/// The share of each of `count` players, from random orders, each taken together with its reverse.
///
/// The reverse order is the antithetic one: a player who came late comes early, which makes errors cancel (R. Mitchell
/// et al., Sampling permutations for Shapley value estimation, 2022). `permutations` counts both orders of a pair; it
/// is rounded up to whole pairs, of which there are at least two, since one alone would not show its error. The
/// gains along an order add up to v(all) − v(none), and so do the shares, as those of [`exact`] do. The same `seed`
/// gives the same shares; which orders are drawn depends on the players' numbers.
///
/// # Errors
///
/// Where there are more than [`MOST_SAMPLED`] players, where a value is undefined or missing, and where values
/// overflow.
pub fn sampled(
    count: usize,
    permutations: usize,
    seed: u64,
    values: &mut dyn FnMut(&[u64]) -> Vec<f64>,
) -> Result<Vec<Share>, Failure> {
    if count > MOST_SAMPLED {
        return Err(Failure::TooMany { count, most: MOST_SAMPLED });
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    let ends = evaluated(&[0, u64::MAX >> (MOST_SAMPLED - count)], values)?;
    let (none, all) = (ends[0], ends[1]);
    if count == 1 {
        return Ok(settled(vec![all - none], none, all)?
            .into_iter()
            .map(|value| Share { value, error: 0.0 })
            .collect());
    }
    let pairs = permutations.div_ceil(2).max(2);
    let mut random = SplitMix(seed);
    let mut gains = vec![Gains::default(); count];
    let mut drawn = 0;
    while drawn < pairs {
        let batch = (BATCH / (2 * count)).min(pairs - drawn);
        drawn += batch;
        let orders: Vec<_> = (0..batch).map(|_| shuffled(count, &mut random)).collect();
        let coalitions: Vec<u64> =
            orders.iter().flat_map(|order| between(order.iter()).chain(between(order.iter().rev()))).collect();
        let values = evaluated(&coalitions, values)?;
        for (order, values) in orders.iter().zip(values.chunks_exact(2 * (count - 1))) {
            let (forward, backward) = values.split_at(count - 1);
            let backward = steps(none, backward, all).into_iter().rev();
            for ((&player, forward), backward) in order.iter().zip(steps(none, forward, all)).zip(backward) {
                gains[player].add(forward, backward);
            }
        }
    }
    let shares = settled(gains.iter().map(Gains::mean).collect(), none, all)?;
    let shares = shares.into_iter().zip(&gains).map(|(value, gains)| Share { value, error: gains.error() });
    shares.map(|share| if share.error.is_finite() { Ok(share) } else { Err(Failure::Overflow) }).collect()
}

/// Whether `player` is one of the coalition.
fn has_joined(coalition: u64, player: usize) -> bool {
    (coalition >> player) & 1 == 1
}

/// `number`!, exact in a double for the numbers that occur, up to [`MOST_EXACT`].
fn factorial(number: usize) -> f64 {
    (1..=number).map(to_float).product()
}

/// A count of players as a factor.
#[expect(clippy::cast_precision_loss, reason = "a count of players is far below 2⁵³")]
fn to_float(count: usize) -> f64 {
    count as f64
}

/// The values of the coalitions, all of them there and finite.
fn evaluated(coalitions: &[u64], values: &mut dyn FnMut(&[u64]) -> Vec<f64>) -> Result<Vec<f64>, Failure> {
    let values = values(coalitions);
    if values.len() != coalitions.len() {
        return Err(Failure::Unmatched { asked: coalitions.len(), given: values.len() });
    }
    let undefined = coalitions.iter().zip(&values).filter(|(_, value)| !value.is_finite());
    // The smallest coalition says most about the cause.
    match undefined.map(|(&coalition, _)| coalition).min_by_key(|coalition| (coalition.count_ones(), *coalition)) {
        Some(coalition) => Err(Failure::Undefined { coalition }),
        None => Ok(values),
    }
}

/// The shares, moved within their last digits so that they add up to `all − none` as a double.
fn settled(mut shares: Vec<f64>, none: f64, all: f64) -> Result<Vec<f64>, Failure> {
    let total = all - none;
    let mut largest_first: Vec<usize> = (0..shares.len()).collect();
    largest_first.sort_by(|&a, &b| shares[b].abs().total_cmp(&shares[a].abs()));
    for player in largest_first {
        if ExactSum::of(&shares).value() == total {
            break;
        }
        let mut missing = ExactSum::of(&shares);
        missing.add(-total);
        let missing = -missing.value();
        if missing.abs() <= shares[player].abs() * HARMLESS {
            shares[player] += missing;
        }
    }
    if shares.iter().all(|share| share.is_finite()) { Ok(shares) } else { Err(Failure::Overflow) }
}

/// The coalitions between nobody and everybody along an order, both left out.
fn between<'a>(order: impl ExactSizeIterator<Item = &'a usize>) -> impl Iterator<Item = u64> {
    let last = order.len() - 1;
    order.take(last).scan(0, |coalition, &player| {
        *coalition |= 1 << player;
        Some(*coalition)
    })
}

/// The value before and after each step of an order.
fn steps(none: f64, between: &[f64], all: f64) -> Vec<(f64, f64)> {
    let before = std::iter::once(none).chain(between.iter().copied());
    before.zip(between.iter().copied().chain(std::iter::once(all))).collect()
}

/// What one player brought, over pairs of orders.
#[derive(Clone, Default)]
struct Gains {
    /// The sum over all orders.
    sum: ExactSum,
    /// How many pairs there were.
    pairs: f64,
    /// The running mean of the pairs' means.
    mean: f64,
    /// The sum of the squared deviations of the pairs' means (B. P. Welford, 1962).
    squares: f64,
}

impl Gains {
    /// Takes in the values before and after the player joined, in an order and in its reverse.
    fn add(&mut self, forward: (f64, f64), backward: (f64, f64)) {
        for (before, after) in [forward, backward] {
            self.sum.add(after);
            self.sum.add(-before);
        }
        let gain = f64::midpoint(forward.1 - forward.0, backward.1 - backward.0);
        let deviation = gain - self.mean;
        self.pairs += 1.0;
        self.mean += deviation / self.pairs;
        self.squares += deviation * (gain - self.mean);
    }

    /// The mean over all orders.
    fn mean(&self) -> f64 {
        self.sum.value() / (2.0 * self.pairs)
    }

    /// The standard error of the mean, for which each pair is one observation.
    fn error(&self) -> f64 {
        (self.squares / (self.pairs - 1.0) / self.pairs).sqrt()
    }
}

/// A sum that is rounded once, when it is read, and so does not depend on the order of its terms
/// (J. R. Shewchuk, Adaptive precision floating-point arithmetic, 1997).
#[derive(Clone, Default)]
struct ExactSum {
    /// Numbers of growing size whose digits do not overlap; their sum is the exact sum.
    parts: Vec<f64>,
}

impl ExactSum {
    /// The sum of these terms.
    fn of(terms: &[f64]) -> Self {
        let mut sum = Self::default();
        for &term in terms {
            sum.add(term);
        }
        sum
    }

    /// Adds a term.
    fn add(&mut self, term: f64) {
        let mut carried = term;
        let mut kept = 0;
        for index in 0..self.parts.len() {
            let (sum, lost) = two_sum(carried, self.parts[index]);
            if lost != 0.0 {
                self.parts[kept] = lost;
                kept += 1;
            }
            carried = sum;
        }
        self.parts.truncate(kept);
        self.parts.push(carried);
    }

    /// Adds a product without rounding it.
    fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product);
        self.add(a.mul_add(b, -product));
    }

    /// The sum, rounded to the nearest double; not finite where it overflowed.
    fn value(&self) -> f64 {
        let mut parts = self.parts.iter().rev().copied();
        let mut value = parts.next().unwrap_or(0.0);
        while let Some(part) = parts.next() {
            let (sum, lost) = two_sum(value, part);
            value = sum;
            if lost != 0.0 {
                // The next part decides which way a tie goes.
                let beyond = parts.next().unwrap_or(0.0);
                let doubled = lost * 2.0;
                if (lost < 0.0) == (beyond < 0.0) && beyond != 0.0 && (value + doubled) - value == doubled {
                    value += doubled;
                }
                break;
            }
        }
        value
    }
}

/// The rounded sum of two numbers and what the rounding lost (D. E. Knuth, volume 2, theorem 4.2.2 B).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// The order 0, 1, … shuffled (Fisher and Yates).
fn shuffled(count: usize, random: &mut SplitMix) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, random.below(last + 1));
    }
    order
}

/// A sequence of random 64-bit numbers (G. L. Steele et al., Fast splittable pseudorandom number generators, 2014).
struct SplitMix(u64);

impl SplitMix {
    /// The next number.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is at most [`MOST_SAMPLED`]: the bias is below 2⁻⁵⁸.
    #[expect(clippy::cast_possible_truncation, reason = "the result is below the limit, which is a usize")]
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The batch of values of a game that is given by one coalition's value.
    fn game(value: impl Fn(&[usize]) -> f64) -> impl FnMut(&[u64]) -> Vec<f64> {
        move |coalitions| coalitions.iter().map(|&one| value(&members(one).collect::<Vec<_>>())).collect()
    }

    fn exactly(count: usize, value: impl Fn(&[usize]) -> f64) -> Vec<f64> {
        exact(count, &mut game(value)).unwrap()
    }

    fn worth(condition: bool) -> f64 {
        f64::from(u8::from(condition))
    }

    /// The share of `player` by the definition: the mean gain over all orders, each built by insertion.
    fn by_definition(count: usize, table: &[f64], player: usize) -> f64 {
        let orders = (0..count).fold(vec![vec![]], |orders: Vec<Vec<usize>>, next| {
            let insert = |order: &Vec<usize>, at| [&order[..at], &[next], &order[at..]].concat();
            orders.iter().flat_map(|order| (0..=order.len()).map(move |at| insert(order, at))).collect()
        });
        let gain = |order: &Vec<usize>| {
            let before = order.iter().take_while(|&&other| other != player).fold(0, |set, other| set | 1 << other);
            table[before | 1 << player] - table[before]
        };
        orders.iter().map(gain).sum::<f64>() / f64::from(u32::try_from(orders.len()).unwrap())
    }

    #[test]
    fn two_factors_of_a_product_share_its_change() {
        // 1 000 users at 100 become 1 200 at 90. Users: 200 × (100 + 90) / 2. Price: −10 × (1 000 + 1 200) / 2.
        let shares = exactly(2, |made| {
            (if made.contains(&0) { 1200.0 } else { 1000.0 }) * (if made.contains(&1) { 90.0 } else { 100.0 })
        });
        assert_eq!(shares, [19_000.0, -11_000.0]);
    }

    #[test]
    fn the_rarer_glove_takes_two_thirds() {
        // Two left gloves (0, 1) and a right one: 1/6, 1/6, 4/6 (Shapley 1953's theorem worked through by hand:
        // the right glove gains unless it comes first, a left one only just after the right one alone).
        let pairs = |gloves: &[usize]| worth(gloves.contains(&2) && gloves.len() > 1);
        assert_eq!(exactly(3, pairs), [1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0]);
    }

    #[test]
    fn each_airplane_pays_for_the_runway_it_uses() {
        // Littlechild & Owen 1973: each stretch is paid for in equal parts by those who need it.
        // Costs 8, 11, 13, 18: 8/4 = 2, + 3/3 = 3, + 2/2 = 4, + 5 = 9.
        let costs = [8.0, 11.0, 13.0, 18.0];
        let shares = exactly(4, |planes| planes.iter().map(|&plane| costs[plane]).fold(0.0, f64::max));
        assert_eq!(shares, [2.0, 3.0, 4.0, 9.0]);
    }

    #[test]
    fn the_permanent_members_of_the_old_council_hold_nearly_all_the_power() {
        // Shapley & Shubik 1954, for 5 permanent and 6 elected members with 7 votes needed: the permanent ones
        // hold 98.7 % together, 76/385 each; an elected one holds 1/462.
        let passes =
            |votes: &[usize]| worth(votes.len() >= 7 && votes.iter().filter(|&&member| member < 5).count() == 5);
        let shares = exactly(11, passes);
        for (member, share) in shares.iter().enumerate() {
            let published = if member < 5 { 76.0 / 385.0 } else { 1.0 / 462.0 };
            assert!((share - published).abs() < 1e-15, "{member}: {share}");
        }
        assert!((shares[..5].iter().sum::<f64>() - 0.987).abs() < 5e-4);
    }

    #[test]
    fn a_player_who_changes_nothing_gets_nothing() {
        let shares = exactly(3, |made| if made.contains(&1) { 0.1 } else { 0.7 });
        assert_eq!(shares, [0.0, 0.1 - 0.7, 0.0]);
        assert!(shares.iter().all(|share| *share != 0.0 || share.is_sign_positive()));
    }

    /// A game of five players as the table of its 32 values, of very different sizes.
    fn table() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(prop_oneof![-1e3..1e3, -1e12..1e12, -1e-6..1e-6], 32)
    }

    /// The value of each coalition in a table.
    fn tabled(table: &[f64]) -> impl FnMut(&[u64]) -> Vec<f64> {
        |coalitions| coalitions.iter().map(|&one| table[usize::try_from(one).unwrap()]).collect()
    }

    proptest! {
        #[test]
        fn shares_are_the_mean_gain_over_all_orders(table in table()) {
            let size = table.iter().fold(0.0, |size: f64, value| size.max(value.abs()));
            for (player, share) in exact(5, &mut tabled(&table)).unwrap().into_iter().enumerate() {
                prop_assert!((share - by_definition(5, &table, player)).abs() <= 1e-13 * size);
            }
        }

        #[test]
        fn shares_add_up_to_the_total_within_the_last_digit_of_the_largest(table in table()) {
            let total = table[31] - table[0];
            let shares = exact(5, &mut tabled(&table)).unwrap();
            let sampled: Vec<_> = sampled(5, 6, 1, &mut tabled(&table)).unwrap().iter().map(|one| one.value).collect();
            for shares in [shares, sampled] {
                let largest = shares.iter().fold(0.0, |largest: f64, share| largest.max(share.abs()));
                let sum = ExactSum::of(&shares).value();
                if largest <= total.abs() {
                    prop_assert_eq!(sum, total);
                }
                prop_assert!((sum - total).abs() <= largest * f64::EPSILON);
            }
        }

        #[test]
        fn relabeled_players_keep_their_shares_to_the_bit(
            table in table(), labels in Just(vec![0, 1, 2, 3, 4]).prop_shuffle(),
        ) {
            let mut relabeled = vec![0.0; 32];
            for (coalition, value) in (0..).zip(&table) {
                let named: usize = members(coalition).map(|player| 1 << labels[player]).sum();
                relabeled[named] = *value;
            }
            let before = exact(5, &mut tabled(&table)).unwrap();
            let after = exact(5, &mut tabled(&relabeled)).unwrap();
            for player in 0..5 {
                prop_assert_eq!(before[player].to_bits(), after[labels[player]].to_bits());
            }
        }

        #[test]
        fn shares_of_a_sum_of_games_are_the_sums_of_shares(a in table(), b in table()) {
            let both: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
            let [a, b, both] = [a, b, both].map(|table| exact(5, &mut tabled(&table)).unwrap());
            for player in 0..5 {
                // Values up to 10¹² have a last digit of about 10⁻⁴.
                prop_assert!((a[player] + b[player] - both[player]).abs() <= 1e-3);
            }
        }

        #[test]
        fn an_exact_sum_is_rounded_once(
            terms in prop::collection::vec(-1_i64 << 52..1_i64 << 52, 0..20), fine in -40..40,
        ) {
            // The same sum in integers, which are exact, scaled by a power of two.
            let scale = 2_f64.powi(fine);
            let mut sum = ExactSum::default();
            #[expect(clippy::cast_precision_loss, reason = "below 2⁵² each, and the sum is meant to be rounded")]
            let whole = terms.iter().map(|&term| i128::from(term)).sum::<i128>() as f64;
            for term in terms {
                #[expect(clippy::cast_precision_loss, reason = "below 2⁵²")]
                sum.add(term as f64 * scale);
            }
            prop_assert_eq!(sum.value(), whole * scale);
        }
    }

    #[test]
    fn the_rounding_of_a_sum_looks_beyond_a_tie() {
        // 1 + 2⁻⁵³ lies half-way between two doubles; what follows decides.
        let tie = 2_f64.powi(-53);
        assert_eq!(ExactSum::of(&[1.0, tie]).value(), 1.0);
        assert_eq!(ExactSum::of(&[1.0, tie, 1e-30]).value(), 1.0 + f64::EPSILON);
        assert_eq!(ExactSum::of(&[1.0, tie, -1e-30]).value(), 1.0);
        assert_eq!(ExactSum::of(&[1e100, 1.0, -1e100]).value(), 1.0);
    }

    #[test]
    fn weights_are_applied_without_rounding() {
        // With 4 players the coalition {0} weighs 6 and {0, 1} weighs 2. As doubles, 0.1 is a little above and 0.3 a
        // little below their decimals, so 6 × 0.1 − 2 × 0.3 is 2⁻⁵⁴ (computed in fractions); 4! = 24.
        let shares = exactly(4, |made| match made {
            [0] => 0.1,
            [0, 1] => -0.3,
            _ => 0.0,
        });
        assert_eq!(shares[0], 2_f64.powi(-54) / 24.0);
    }

    #[test]
    fn the_largest_share_takes_what_is_missing() {
        let digit = 2_f64.powi(-40);
        assert_eq!(settled(vec![1.0, 4096.0], 0.0, 4097.0 + digit), Ok(vec![1.0, 4096.0 + digit]));
        assert_eq!(
            settled(vec![0.0, 3.0, 3.0], 1.0, 7.0 + 2.0 * f64::EPSILON * 2.0),
            Ok(vec![0.0, 3.0 + 4.0 * f64::EPSILON, 3.0])
        );
    }

    #[test]
    fn random_orders_come_near_the_shares_of_fifteen_members() {
        // The present council: 5 permanent, 10 elected, 9 votes needed: 421/2145 and 4/2145, by the same count as
        // for the old one (an elected member decides when the fifth permanent and 3 elected ones came before).
        let passes =
            |votes: &[usize]| worth(votes.len() >= 9 && votes.iter().filter(|&&member| member < 5).count() == 5);
        let shares = sampled(15, 4000, 7, &mut game(passes)).unwrap();
        for (member, Share { value, error }) in shares.iter().enumerate() {
            let published = if member < 5 { 421.0 / 2145.0 } else { 4.0 / 2145.0 };
            assert!(*error > 0.0 && *error < 0.01, "{member}: {error}");
            assert!((value - published).abs() < 4.0 * error, "{member}: {value} ± {error}");
        }
        assert_eq!(ExactSum::of(&shares.iter().map(|share| share.value).collect::<Vec<_>>()).value(), 1.0);
    }

    #[test]
    fn the_standard_error_is_the_spread_of_the_estimates() {
        // Over 400 seeds the standardized deviation from the glove game's 1/6 has a variance near 1; a chi-squared
        // with 400 degrees of freedom leaves 0.75 to 1.25 once in some thousands of times.
        let pairs = |gloves: &[usize]| worth(gloves.contains(&3) && gloves.len() > 1);
        let known = exactly(4, pairs)[0];
        let squares = (0..400).map(|seed| {
            let share = sampled(4, 400, seed, &mut game(pairs)).unwrap()[0];
            ((share.value - known) / share.error).powi(2)
        });
        let variance = squares.sum::<f64>() / 400.0;
        assert!((0.75..1.25).contains(&variance), "{variance}");
    }

    #[test]
    fn an_order_and_its_reverse_know_a_product_of_two_exactly() {
        // With two factors a pair holds every order, so that nothing is left to chance.
        let product = |made: &[usize]| [3.0, 5.0, 10.0, 20.0][made.iter().map(|player| 1 << player).sum::<usize>()];
        let shares = sampled(2, 1, 42, &mut game(product)).unwrap();
        assert_eq!(shares, [Share { value: 6.0, error: 0.0 }, Share { value: 11.0, error: 0.0 }]);
    }

    #[test]
    fn the_same_seed_gives_the_same_shares_and_another_seed_others() {
        let squares = |made: &[usize]| made.iter().map(|&player| player + 1).map(to_float).sum::<f64>().powi(3);
        let shares = |seed| sampled(20, 50, seed, &mut game(squares)).unwrap();
        assert_eq!(shares(3), shares(3));
        assert_ne!(shares(3), shares(4));
    }

    #[test]
    fn splitmix_gives_its_published_numbers() {
        // The first numbers for seed 1234567 of the reference implementation (S. Vigna, splitmix64.c).
        let mut random = SplitMix(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn every_order_of_three_is_as_likely() {
        let mut random = SplitMix(1);
        let mut seen = std::collections::HashMap::new();
        for _ in 0..6000 {
            *seen.entry(shuffled(3, &mut random)).or_insert(0_u32) += 1;
        }
        // Chi-squared with 5 degrees of freedom: 20.5 is passed once in a thousand times.
        let squares: f64 = seen.values().map(|&times| (f64::from(times) - 1000.0).powi(2) / 1000.0).sum();
        assert!(seen.len() == 6 && squares < 20.5, "{seen:?}");
    }

    #[test]
    fn nobody_and_one_alone_are_no_special_trouble() {
        assert!(exactly(0, |_| 7.0).is_empty());
        assert_eq!(sampled(0, 10, 1, &mut game(|_| 7.0)), Ok(vec![]));
        let alone = |made: &[usize]| if made.is_empty() { 1.0 } else { 4.0 };
        assert_eq!(exactly(1, alone), [3.0]);
        assert_eq!(sampled(1, 10, 1, &mut game(alone)), Ok(vec![Share { value: 3.0, error: 0.0 }]));
        let crowd = sampled(64, 1, 1, &mut game(|made| f64::from(u32::try_from(made.len()).unwrap()))).unwrap();
        assert_eq!(crowd, [Share { value: 1.0, error: 0.0 }; 64]);
    }

    #[test]
    fn a_failure_says_what_was_found() {
        let undefined = exact(3, &mut game(|made| if made.len() == 2 { f64::NAN } else { 1.0 })).unwrap_err();
        assert_eq!(undefined, Failure::Undefined { coalition: 0b011 });
        assert_eq!(undefined.to_string(), "the value of the coalition {0, 1} is undefined");
        let infinite = sampled(3, 4, 1, &mut game(|made| if made.len() == 3 { f64::INFINITY } else { 1.0 }));
        assert_eq!(infinite, Err(Failure::Undefined { coalition: 0b111 }));

        let many = exact(13, &mut game(|_| 0.0)).unwrap_err();
        assert_eq!(many.to_string(), "there are 13 players, and at most 12 are allowed");
        assert_eq!(sampled(65, 4, 1, &mut game(|_| 0.0)), Err(Failure::TooMany { count: 65, most: 64 }));

        let short = exact(2, &mut |_| vec![1.0]).unwrap_err();
        assert_eq!(short.to_string(), "4 values were asked for and 1 were given");

        let huge = |made: &[usize]| if made.contains(&0) { f64::MAX } else { -f64::MAX };
        assert_eq!(exact(2, &mut game(huge)), Err(Failure::Overflow));
        assert_eq!(sampled(2, 4, 1, &mut game(huge)), Err(Failure::Overflow));
    }
}
