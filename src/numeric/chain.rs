//! Chains of operations on registers: one loop for up to three operations, whose results between stay in the processor.
//!
//! Each operation is rounded by itself, so that a chain yields the same numbers as its operations one by one.

#![expect(clippy::inline_always, reason = "so that a loop over a register becomes one of vectors")]

use std::marker::PhantomData;

use super::dispatch::{Instructions, chosen};
use super::elementary::Double;
use super::kernel::{larger, smaller};
use super::tile::{BLOCK, BLOCKS, Block, Input, Register, Source};

/// Compiles an expression for each of the operations, as a type; leaves the function with `None` where it is no other.
macro_rules! of_operation {
    ($operation:ident of [$($name:ident),+], $kind:ident => $run:expr) => {
        match $operation {
            $($name => {
                type $kind = types::$name;
                $run
            })+
            #[allow(unreachable_patterns, reason = "some lists have all operations")]
            _ => return None,
        }
    };
}
/// The most inputs of a chain.
pub const INPUTS: usize = 4;

/// An operation on what stands so far, and one more number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `b - a`
    SubtractFrom,
    /// `a · b`
    Multiply,
    /// The smaller of both; undefined where either is.
    Smaller,
    /// The larger of both; undefined where either is.
    Larger,
}

/// Operations that are done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// `a ∘ b`
    One(Operation),
    /// `(a ∘ b) ∘ c`
    Two(Operation, Operation),
    /// `((a ∘ b) ∘ c) ∘ d`
    Three(Operation, Operation, Operation),
    /// `a · b + c · d`
    SumOfProducts,
    /// `a · b - c · d`
    DifferenceOfProducts,
}

/// The registers of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operands {
    /// What is read; beyond the inputs of the chain, anything.
    pub inputs: [Source; INPUTS],
    /// Where the result goes; [`NOWHERE`] where only tallies are kept of it.
    pub to: u32,
    /// The registers of what is tallied; others, anything.
    pub tally: Tally,
}

/// No register.
pub const NOWHERE: u32 = u32::MAX;

/// The registers of what is tallied of a chain's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// To which the result is added.
    pub sum: u32,
    /// A weight, and the register to which the result times the weight is added.
    pub weighted: (Source, u32),
    /// The lowest sum.
    pub lowest: u32,
}

/// What is tallied of a chain's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tallied {
    /// Nothing.
    Nothing,
    /// The sum.
    Sum,
    /// The sum, and that of the results times a weight.
    Weighted,
    /// The sum, and the lowest that it ever was.
    Lowest,
    /// All of these.
    All,
}

/// A chain made ready: all registers, those of the chain, and how many blocks.
pub type Run = fn(&[Register], &Operands, usize);

impl Chain {
    /// How many inputs there are.
    pub fn inputs(self) -> usize {
        match self {
            Chain::One(_) => 2,
            Chain::Two(..) => 3,
            Chain::Three(..) | Chain::SumOfProducts | Chain::DifferenceOfProducts => 4,
        }
    }

    /// The operations, where each is done on the result of the one before.
    pub fn operations(self) -> Option<Vec<Operation>> {
        match self {
            Chain::One(first) => Some(vec![first]),
            Chain::Two(first, second) => Some(vec![first, second]),
            Chain::Three(first, second, third) => Some(vec![first, second, third]),
            Chain::SumOfProducts | Chain::DifferenceOfProducts => None,
        }
    }

    /// The chain of these operations, if there is one.
    pub fn of(operations: &[Operation]) -> Option<Self> {
        let chain = match *operations {
            [first] => Chain::One(first),
            [first, second] => Chain::Two(first, second),
            [first, second, third] => Chain::Three(first, second, third),
            _ => return None,
        };
        chain.run(Tallied::Nothing).is_some().then_some(chain)
    }

    /// The chain with one more operation on its result and a further input, if there is such a chain.
    pub fn then(self, next: Operation) -> Option<Self> {
        let mut operations = self.operations()?;
        operations.push(next);
        Self::of(&operations)
    }

    /// The loop that writes the result and tallies it. There are loops for chains that begin with +, − or ·, and for the smaller
    /// and the larger of two alone; more than a sum is tallied of up to two operations: there would be many others that are
    /// seldom met.
    pub fn run(self, tallied: Tallied) -> Option<Run> {
        self.run_on(Instructions::best(), tallied)
    }

    fn run_on(self, set: Instructions, tallied: Tallied) -> Option<Run> {
        match (tallied, self) {
            (Tallied::Nothing, _) => self.chosen::<Plain>(set),
            (Tallied::Sum, _) => self.chosen::<Summed>(set),
            (_, Chain::Three(..) | Chain::SumOfProducts | Chain::DifferenceOfProducts) => None,
            (Tallied::Weighted, _) => self.chosen::<Weighted>(set),
            (Tallied::Lowest, _) => self.chosen::<Lowest>(set),
            (Tallied::All, _) => self.chosen::<All>(set),
        }
    }

    fn chosen<L: Loops>(self, set: Instructions) -> Option<Run> {
        use Operation::{Add, Larger, Multiply, Smaller, Subtract, SubtractFrom};
        Some(match self {
            Chain::One(first) => {
                of_operation!(first of [Add, Subtract, Multiply, Smaller, Larger], A => L::run::<One<A>>(set))
            }
            Chain::Two(first, second) => of_operation!(first of [Add, Subtract, Multiply], A =>
                of_operation!(second of [Add, Subtract, SubtractFrom, Multiply], B => L::run::<Two<A, B>>(set))),
            Chain::Three(first, second, third) => of_operation!(first of [Add, Subtract, Multiply], A =>
                of_operation!(second of [Add, Subtract, SubtractFrom, Multiply], B =>
                of_operation!(third of [Add, Subtract, SubtractFrom, Multiply], C => L::run::<Three<A, B, C>>(set)))),
            Chain::SumOfProducts => L::run::<Products<types::Add>>(set),
            Chain::DifferenceOfProducts => L::run::<Products<types::Subtract>>(set),
        })
    }
}

/// The operations as types, so that a loop is compiled for each.
mod types {
    use super::{larger, smaller};

    pub(super) trait Of {
        fn of(a: f64, b: f64) -> f64;
    }

    macro_rules! operations {
        ($($name:ident($a:ident, $b:ident) = $value:expr;)+) => {$(
            pub(super) struct $name;
            impl Of for $name {
                #[inline(always)]
                fn of($a: f64, $b: f64) -> f64 {
                    $value
                }
            }
        )+};
    }

    operations! {
        Add(a, b) = a + b;
        Subtract(a, b) = a - b;
        SubtractFrom(a, b) = b - a;
        Multiply(a, b) = a * b;
        Smaller(a, b) = smaller(a, b);
        Larger(a, b) = larger(a, b);
    }
}

use types::Of;

/// A chain as a type.
trait Formula {
    fn of(inputs: [f64; INPUTS]) -> f64;
}

struct One<A>(PhantomData<A>);
struct Two<A, B>(PhantomData<(A, B)>);
struct Three<A, B, C>(PhantomData<(A, B, C)>);
struct Products<A>(PhantomData<A>);

impl<A: Of> Formula for One<A> {
    #[inline(always)]
    fn of([a, b, _, _]: [f64; INPUTS]) -> f64 {
        A::of(a, b)
    }
}

impl<A: Of, B: Of> Formula for Two<A, B> {
    #[inline(always)]
    fn of([a, b, c, _]: [f64; INPUTS]) -> f64 {
        B::of(A::of(a, b), c)
    }
}

impl<A: Of, B: Of, C: Of> Formula for Three<A, B, C> {
    #[inline(always)]
    fn of([a, b, c, d]: [f64; INPUTS]) -> f64 {
        C::of(B::of(A::of(a, b), c), d)
    }
}

impl<A: Of> Formula for Products<A> {
    #[inline(always)]
    fn of([a, b, c, d]: [f64; INPUTS]) -> f64 {
        A::of(a * b, c * d)
    }
}

/// The loops of a kind.
trait Loops {
    fn run<F: Formula>(set: Instructions) -> Run;
}

macro_rules! loops {
    ($($name:ident = $loop:ident),+) => {$(
        struct $name;
        impl Loops for $name {
            fn run<F: Formula>(set: Instructions) -> Run {
                $loop::<F>(set)
            }
        }
    )+};
}

loops! { Plain = plain, Summed = summed, Weighted = weighted, Lowest = lowest, All = all_tallied }

chosen! {
    fn plain<F: Formula>() -> Run {
        |all: &[Register], operands: &Operands, blocks: usize| {
            let inputs = operands.inputs.map(|source| source.of(all));
            let to = &all[operands.to as usize];
            if let (Some(each), BLOCKS) = (each_lane(inputs), blocks) {
                for at in 0..BLOCKS {
                    to[at].set(result::<F>(each.map(|register| register[at].get())));
                }
            } else {
                for (at, to) in to.iter().enumerate().take(blocks) {
                    to.set(result::<F>(inputs.map(|input| input.block(at))));
                }
            }
        }
    }

    /// One more factor to each of the powers that are held in two registers: rounded, and what the rounding has lost.
    pub fn grow() -> Grow {
        |factor: Input<'_>, power: &Register, rest: &Register, blocks: usize| {
            for (at, (power, rest)) in power.iter().zip(rest).enumerate().take(blocks) {
                let (factors, mut high, mut low) = (factor.block(at), power.get(), rest.get());
                for ((high, low), factor) in high.iter_mut().zip(&mut low).zip(&factors) {
                    let next = Double { high: *high, low: *low }.times(*factor);
                    (*high, *low) = (next.high, next.low);
                }
                power.set(high);
                rest.set(low);
            }
        }
    }
}

macro_rules! tallies {
    ($($name:ident<$weighted:literal, $lowest:literal>),+) => {
        chosen! {$(
            fn $name<F: Formula>() -> Run {
                |all: &[Register], operands: &Operands, blocks: usize| {
                    tally::<F, $weighted, $lowest>(all, operands, blocks);
                }
            }
        )+}
    };
}

tallies! { summed<false, false>, weighted<true, false>, lowest<false, true>, all_tallied<true, true> }

/// What [`grow`] does: to the factors, the powers and their rests, so many blocks.
pub type Grow = fn(Input<'_>, &Register, &Register, usize);

#[inline(always)]
fn tally<F: Formula, const WEIGHTED: bool, const LOWEST: bool>(all: &[Register], operands: &Operands, blocks: usize) {
    let inputs = operands.inputs.map(|source| source.of(all));
    let Tally { sum, weighted: (weight, weighted), lowest } = operands.tally;
    let [sum, weighted, lowest] = [sum, weighted, lowest].map(|register| &all[register as usize]);
    let places = Places { to: all.get(operands.to as usize), sum, weight: weight.of(all), weighted, lowest };
    if let (Some(each), BLOCKS) = (each_lane(inputs), blocks) {
        for at in 0..BLOCKS {
            places.take::<WEIGHTED, LOWEST>(at, result::<F>(each.map(|register| register[at].get())));
        }
    } else {
        for at in 0..blocks.min(BLOCKS) {
            places.take::<WEIGHTED, LOWEST>(at, result::<F>(inputs.map(|input| input.block(at))));
        }
    }
}

/// Where results go.
#[derive(Clone, Copy)]
struct Places<'r> {
    to: Option<&'r Register>,
    sum: &'r Register,
    weight: Input<'r>,
    weighted: &'r Register,
    lowest: &'r Register,
}

impl Places<'_> {
    #[inline(always)]
    fn take<const WEIGHTED: bool, const LOWEST: bool>(self, at: usize, result: Block) {
        let total = with::<types::Add>(self.sum[at].get(), result);
        if WEIGHTED {
            let product = with::<types::Multiply>(result, self.weight.block(at));
            self.weighted[at].set(with::<types::Add>(product, self.weighted[at].get()));
        }
        if LOWEST {
            self.lowest[at].set(with::<types::Smaller>(self.lowest[at].get(), total));
        }
        self.sum[at].set(total);
        if let Some(to) = self.to {
            to[at].set(result);
        }
    }
}

/// The registers of the inputs, where each lane is read of all.
#[inline(always)]
fn each_lane([a, b, c, d]: [Input<'_>; INPUTS]) -> Option<[&Register; INPUTS]> {
    Some([a.each_lane()?, b.each_lane()?, c.each_lane()?, d.each_lane()?])
}

#[inline(always)]
fn result<F: Formula>([a, b, c, d]: [Block; INPUTS]) -> Block {
    let mut result = [0.0; BLOCK];
    for ((((result, a), b), c), d) in result.iter_mut().zip(&a).zip(&b).zip(&c).zip(&d) {
        *result = F::of([*a, *b, *c, *d]);
    }
    result
}

#[inline(always)]
fn with<A: Of>(a: Block, b: Block) -> Block {
    let mut result = [0.0; BLOCK];
    for ((result, a), b) in result.iter_mut().zip(&a).zip(&b) {
        *result = A::of(*a, *b);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::tile::{LANES, Registers, blocks};

    const ALL: [Operation; 6] = [
        Operation::Add,
        Operation::Subtract,
        Operation::SubtractFrom,
        Operation::Multiply,
        Operation::Smaller,
        Operation::Larger,
    ];

    /// An operation alone.
    fn of(operation: Operation, a: f64, b: f64) -> f64 {
        match operation {
            Operation::Add => a + b,
            Operation::Subtract => a - b,
            Operation::SubtractFrom => b - a,
            Operation::Multiply => a * b,
            Operation::Smaller => smaller(a, b),
            Operation::Larger => larger(a, b),
        }
    }

    /// A chain's operations one by one.
    fn alone(chain: Chain, [a, b, c, d]: [f64; INPUTS]) -> f64 {
        match chain {
            Chain::One(first) => of(first, a, b),
            Chain::Two(first, second) => of(second, of(first, a, b), c),
            Chain::Three(first, second, third) => of(third, of(second, of(first, a, b), c), d),
            Chain::SumOfProducts => a * b + c * d,
            Chain::DifferenceOfProducts => a * b - c * d,
        }
    }

    fn chains() -> Vec<Chain> {
        let mut chains = vec![Chain::SumOfProducts, Chain::DifferenceOfProducts];
        for first in ALL {
            chains.push(Chain::One(first));
            for second in ALL {
                chains.push(Chain::Two(first, second));
                chains.extend(ALL.map(|third| Chain::Three(first, second, third)));
            }
        }
        chains.retain(|chain| chain.run(Tallied::Nothing).is_some());
        chains
    }

    fn number(register: u8, lane: usize) -> f64 {
        let lane = f64::from(u8::try_from(lane).unwrap_or(0));
        if lane == 9.0 { f64::NAN } else { (f64::from(register) + 0.3) * (lane - 60.7) / 3.1 }
    }

    /// Registers 0 to 7, each with other numbers.
    fn filled() -> Registers {
        let mut registers = Registers::default();
        registers.resize(8, LANES);
        for register in 0..8_u8 {
            let column = registers.column_mut(usize::from(register));
            column.iter_mut().enumerate().for_each(|(lane, value)| *value = number(register, lane));
        }
        registers
    }

    /// What a chain whose result goes to a register must leave in that one and in registers 5 to 7, its tallies, in a lane.
    fn expected(chain: Chain, tallied: Tallied, uniform: Option<u8>, lane: usize) -> [f64; 4] {
        let read = [0, 1, 2, 3_u8].map(|register| number(register, if uniform == Some(register) { 0 } else { lane }));
        let result = alone(chain, read);
        let [sum, weighted, lowest] = [5, 6, 7].map(|register| number(register, lane));
        let (total, weighted_total) = (sum + result, result * number(3, lane) + weighted);
        let lowest_total = smaller(lowest, total);
        match tallied {
            Tallied::Nothing => [result, sum, weighted, lowest],
            Tallied::Sum => [result, total, weighted, lowest],
            Tallied::Weighted => [result, total, weighted_total, lowest],
            Tallied::Lowest => [result, total, weighted, lowest_total],
            Tallied::All => [result, total, weighted_total, lowest_total],
        }
    }

    fn check(set: Instructions, chain: Chain, tallied: Tallied, (uniform, to): (Option<u8>, Option<u8>)) {
        let Some(run) = chain.run_on(set, tallied) else { return };
        for blocks in [blocks(LANES), blocks(LANES) - 3] {
            let mut registers = filled();
            if let Some(at) = uniform {
                registers.set_uniform(usize::from(at), number(at, 0));
            }
            let input = |at: u8| {
                if uniform == Some(at) { Source::uniform(usize::from(at)) } else { Source::lanes(usize::from(at)) }
            };
            let tally = Tally { sum: 5, weighted: (Source::lanes(3), 6), lowest: 7 };
            let operands = Operands { inputs: [0, 1, 2, 3].map(input), to: to.map_or(NOWHERE, u32::from), tally };
            run(registers.all(), &operands, blocks);
            for lane in 0..blocks * BLOCK {
                let found = [to.unwrap_or(4), 5, 6, 7].map(|register| registers.column(usize::from(register))[lane]);
                let mut expected = expected(chain, tallied, uniform, lane);
                expected[0] = if to.is_some() { expected[0] } else { number(4, lane) };
                for (found, expected) in found.into_iter().zip(expected) {
                    let is_same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
                    assert!(
                        is_same,
                        "{set:?} {chain:?} {tallied:?} {uniform:?} {to:?} {lane}: {found}, not {expected}"
                    );
                }
            }
            let beyond = registers.column(5)[blocks * BLOCK..].first().copied();
            assert!(beyond.is_none_or(|beyond| beyond == number(5, blocks * BLOCK)));
        }
    }

    #[test]
    fn a_chain_is_its_operations_one_by_one_on_every_set_of_instructions() {
        // One operation: 5; two: 3 · 4; three: 3 · 4 · 4.
        assert_eq!(chains().len(), 2 + 5 + 12 + 48);
        for set in Instructions::available() {
            for chain in chains() {
                // Which of the inputs is one number for all lanes, if one is; and whether the result goes where one is read.
                for places in
                    [(None, Some(4)), (Some(0), Some(4)), (Some(1), Some(4)), (None, Some(0)), (Some(0), Some(3))]
                {
                    check(set, chain, Tallied::Nothing, places);
                    check(set, chain, Tallied::Sum, places);
                }
                for tallied in [Tallied::Sum, Tallied::Weighted, Tallied::Lowest, Tallied::All] {
                    for places in [(None, Some(4)), (Some(1), Some(0)), (None, None)] {
                        check(set, chain, tallied, places);
                    }
                }
            }
        }
    }

    #[test]
    fn a_chain_goes_on_as_long_as_there_is_a_loop_for_it() {
        let product = Chain::One(Operation::Multiply);
        let two = Chain::Two(Operation::Multiply, Operation::SubtractFrom);
        assert_eq!(product.then(Operation::SubtractFrom), Some(two));
        assert_eq!(two.then(Operation::Smaller), None);
        assert_eq!(two.then(Operation::Add).and_then(|three| three.then(Operation::Add)), None);
        assert_eq!((product.inputs(), two.inputs(), Chain::SumOfProducts.inputs()), (2, 3, 4));
    }
}
