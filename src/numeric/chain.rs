//! Chains of operations on registers: one loop for up to three operations, whose results between stay in the processor.
//!
//! Each operation is rounded by itself, so that a chain yields the same numbers as its operations one by one.

#![expect(clippy::inline_always, reason = "so that a loop over a register becomes one of vectors")]

use std::marker::PhantomData;

use super::dispatch::chosen;
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
    /// Where the result goes.
    pub to: u32,
    /// The register to which the result is added besides, which only [`Chain::summed`] touches.
    pub sum: u32,
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
        chain.plain().is_some().then_some(chain)
    }

    /// The chain with one more operation on its result and a further input, if there is such a chain.
    pub fn then(self, next: Operation) -> Option<Self> {
        let mut operations = self.operations()?;
        operations.push(next);
        Self::of(&operations)
    }

    /// The loop that writes the result; there are loops for chains that begin with +, − or ·, and for the smaller and the
    /// larger of two alone, since there would be many others that are seldom met.
    pub fn plain(self) -> Option<Run> {
        self.chosen::<Plain>()
    }

    /// The loop that writes the result and adds it to a sum.
    pub fn summed(self) -> Option<Run> {
        self.chosen::<Summed>()
    }

    fn chosen<L: Loops>(self) -> Option<Run> {
        use Operation::{Add, Larger, Multiply, Smaller, Subtract, SubtractFrom};
        Some(match self {
            Chain::One(first) => {
                of_operation!(first of [Add, Subtract, Multiply, Smaller, Larger], A => L::run::<One<A>>())
            }
            Chain::Two(first, second) => of_operation!(first of [Add, Subtract, Multiply], A =>
                of_operation!(second of [Add, Subtract, SubtractFrom, Multiply], B => L::run::<Two<A, B>>())),
            Chain::Three(first, second, third) => of_operation!(first of [Add, Subtract, Multiply], A =>
                of_operation!(second of [Add, Subtract, SubtractFrom, Multiply], B =>
                of_operation!(third of [Add, Subtract, SubtractFrom, Multiply], C => L::run::<Three<A, B, C>>()))),
            Chain::SumOfProducts => L::run::<Products<types::Add>>(),
            Chain::DifferenceOfProducts => L::run::<Products<types::Subtract>>(),
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
    fn run<F: Formula>() -> Run;
}

struct Plain;
struct Summed;

impl Loops for Plain {
    fn run<F: Formula>() -> Run {
        plain::<F>()
    }
}

impl Loops for Summed {
    fn run<F: Formula>() -> Run {
        summed::<F>()
    }
}

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

    fn summed<F: Formula>() -> Run {
        |all: &[Register], operands: &Operands, blocks: usize| {
            let inputs = operands.inputs.map(|source| source.of(all));
            let (to, sum) = (&all[operands.to as usize], &all[operands.sum as usize]);
            if let (Some(each), BLOCKS) = (each_lane(inputs), blocks) {
                for at in 0..BLOCKS {
                    let result = result::<F>(each.map(|register| register[at].get()));
                    sum[at].set(added(sum[at].get(), result));
                    to[at].set(result);
                }
            } else {
                for (at, (to, sum)) in to.iter().zip(sum).enumerate().take(blocks) {
                    let result = result::<F>(inputs.map(|input| input.block(at)));
                    sum.set(added(sum.get(), result));
                    to.set(result);
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

/// What [`grow`] does: to the factors, the powers and their rests, so many blocks.
pub type Grow = fn(Input<'_>, &Register, &Register, usize);

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
fn added(mut sum: Block, result: Block) -> Block {
    for (sum, value) in sum.iter_mut().zip(&result) {
        *sum += value;
    }
    sum
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
        chains.retain(|chain| chain.plain().is_some());
        chains
    }

    fn number(register: u8, lane: usize) -> f64 {
        let lane = f64::from(u8::try_from(lane).unwrap_or(0));
        if lane == 9.0 { f64::NAN } else { (f64::from(register) + 0.3) * (lane - 60.7) / 3.1 }
    }

    #[test]
    fn a_chain_is_its_operations_one_by_one() {
        let chains = chains();
        // One operation: 5; two: 3 · 4; three: 3 · 4 · 4.
        assert_eq!(chains.len(), 2 + 5 + 12 + 48);
        let fill = |registers: &mut Registers| {
            registers.resize(6, LANES);
            for register in 0..6_u8 {
                let column = registers.column_mut(usize::from(register));
                column.iter_mut().enumerate().for_each(|(lane, value)| *value = number(register, lane));
            }
        };
        for chain in chains {
            // Which of the inputs is one number for all lanes, if one is; and whether the result goes where one is read.
            for (uniform, to) in [(None, 4), (Some(0), 4), (Some(1), 4), (None, 0), (Some(0), 3)] {
                for summed in [false, true] {
                    let mut registers = Registers::default();
                    fill(&mut registers);
                    if let Some(at) = uniform {
                        registers.set_uniform(at, number(u8::try_from(at).unwrap_or(0), 0));
                    }
                    let all = registers.all();
                    let input = |at: usize| if uniform == Some(at) { Source::uniform(at) } else { Source::lanes(at) };
                    let run = if summed { chain.summed() } else { chain.plain() };
                    let run = run.unwrap_or(|_, _, _| {});
                    let inputs = [0, 1, 2, 3].map(input);
                    run(all, &Operands { inputs, to: u32::try_from(to).unwrap_or(0), sum: 5 }, blocks(LANES));
                    for lane in 0..LANES {
                        let read = [0, 1, 2, 3_u8].map(|register| {
                            number(register, if uniform == Some(usize::from(register)) { 0 } else { lane })
                        });
                        let expected = alone(chain, read);
                        let sum = if summed { number(5, lane) + expected } else { number(5, lane) };
                        for (found, expected) in
                            [(registers.column(to)[lane], expected), (registers.column(5)[lane], sum)]
                        {
                            let is_same =
                                found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
                            assert!(is_same, "{chain:?} {uniform:?} {to} in lane {lane}: {found} is not {expected}");
                        }
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
