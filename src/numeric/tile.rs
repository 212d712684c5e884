//! Registers: short columns side by side, few and short enough that those of a program stay in the nearest cache.

#![expect(clippy::inline_always, reason = "so that a loop over a register becomes one of vectors")]

use std::cell::Cell;

/// How many numbers an operation on registers takes at a time.
pub const BLOCK: usize = 8;

/// The blocks of a register, a power of two.
pub const BLOCKS: usize = 16;

/// How many lanes a register holds.
pub const LANES: usize = BLOCK * BLOCKS;

/// From a register to the next there is one block more, so that the same lanes of different registers do not have the
/// same last bits of their address, which a processor takes for the same place at first.
const STRIDE: usize = BLOCKS + 1;

/// The length of a line of the cache, in bytes and in numbers.
const LINE: usize = 64;
const LINE_NUMBERS: usize = LINE / size_of::<f64>();

/// Some lanes of a register.
pub type Block = [f64; BLOCK];

/// A register while others are read and written: an operation may write where it reads.
pub type Register = [Cell<Block>; STRIDE];

/// Where an operation reads: each lane of a register, or the first block of one for all of its lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    register: u32,
    /// Which bits of a block's number count.
    mask: u32,
}

impl Source {
    /// Each lane of a register.
    pub fn lanes(register: usize) -> Self {
        Self::new(register, BLOCKS - 1)
    }

    /// The number that the first block of a register holds, for every lane.
    pub fn uniform(register: usize) -> Self {
        Self::new(register, 0)
    }

    #[expect(clippy::cast_possible_truncation, reason = "so many registers have no room in memory")]
    fn new(register: usize, mask: usize) -> Self {
        Self { register: register as u32, mask: mask as u32 }
    }

    /// What is read.
    #[inline(always)]
    pub fn of(self, all: &[Register]) -> Input<'_> {
        Input { register: &all[self.register as usize], mask: self.mask as usize }
    }
}

/// What an operation reads.
#[derive(Clone, Copy, Debug)]
pub struct Input<'r> {
    register: &'r Register,
    mask: usize,
}

impl<'r> Input<'r> {
    /// The lanes of a block.
    #[inline(always)]
    pub fn block(self, at: usize) -> Block {
        // The second mask is always as large as the first; it tells the compiler that the block is there.
        self.register[at & self.mask & (BLOCKS - 1)].get()
    }

    /// The register, where each of its lanes is read.
    #[inline(always)]
    pub fn each_lane(self) -> Option<&'r Register> {
        (self.mask == BLOCKS - 1).then_some(self.register)
    }
}

/// The blocks that hold so many lanes.
#[inline]
pub fn blocks(lanes: usize) -> usize {
    lanes.div_ceil(BLOCK).min(BLOCKS)
}

/// Registers of up to [`LANES`] lanes.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    numbers: Vec<f64>,
    /// Where the first register begins: where a line of the cache does, so that no vector lies across two.
    start: usize,
    lanes: usize,
}

impl Registers {
    /// Makes room for so many registers of so many lanes.
    pub fn resize(&mut self, registers: usize, lanes: usize) {
        let size = registers * STRIDE * BLOCK + LINE_NUMBERS;
        if self.numbers.len() < size {
            self.numbers = vec![0.0; size];
            self.start = self.numbers.as_ptr().align_offset(LINE).min(LINE_NUMBERS);
        }
        self.lanes = lanes.min(LANES);
    }

    /// How many lanes are in use.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// All registers, to be read and written side by side.
    #[inline]
    pub fn all(&mut self) -> &[Register] {
        let (blocks, _) = self.numbers[self.start..].as_chunks_mut();
        Cell::from_mut(blocks).as_slice_of_cells().as_chunks().0
    }

    /// The lanes of a register that are in use.
    pub fn column(&self, register: usize) -> &[f64] {
        let from = self.start + register * STRIDE * BLOCK;
        &self.numbers[from..from + self.lanes]
    }

    /// As [`Registers::column`], to be written.
    pub fn column_mut(&mut self, register: usize) -> &mut [f64] {
        let from = self.start + register * STRIDE * BLOCK;
        &mut self.numbers[from..from + self.lanes]
    }

    /// A register to be written, and the others to be read.
    pub fn split(&mut self, register: usize) -> (&mut [f64], Others<'_>) {
        let (before, rest) = self.numbers[self.start..].split_at_mut(register * STRIDE * BLOCK);
        let (written, after) = rest.split_at_mut(STRIDE * BLOCK);
        (&mut written[..self.lanes], Others { before, after, register, lanes: self.lanes })
    }

    /// Fills the first block of a register with the number that an [`Source::uniform`] reads.
    pub fn set_uniform(&mut self, register: usize, value: f64) {
        let from = self.start + register * STRIDE * BLOCK;
        self.numbers[from..from + BLOCK].fill(value);
    }
}

/// All registers but one.
#[derive(Clone, Copy, Debug)]
pub struct Others<'r> {
    before: &'r [f64],
    after: &'r [f64],
    register: usize,
    lanes: usize,
}

impl<'r> Others<'r> {
    /// The lanes of a register that are in use.
    ///
    /// # Panics
    /// The register is the one that is not among them.
    #[inline]
    pub fn column(&self, register: usize) -> &'r [f64] {
        let (side, at) =
            if register < self.register { (self.before, register) } else { (self.after, register - self.register - 1) };
        &side[at * STRIDE * BLOCK..][..self.lanes]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_lie_side_by_side() {
        let mut registers = Registers::default();
        registers.resize(3, 100);
        for register in 0..3 {
            registers.column_mut(register).fill(f64::from(u8::try_from(register).unwrap_or(0)));
        }
        let (written, others) = registers.split(1);
        assert_eq!((written.len(), written[99]), (100, 1.0));
        assert_eq!((others.column(0)[99], others.column(2)[0]), (0.0, 2.0));
        registers.set_uniform(0, 7.0);
        let all = registers.all();
        assert!(all.len() >= 3);
        assert_eq!(Source::uniform(0).of(all).block(5), [7.0; BLOCK]);
        assert_eq!(Source::lanes(0).of(all).block(5), [0.0; BLOCK]);
        assert_eq!((blocks(0), blocks(1), blocks(8), blocks(9), blocks(LANES)), (0, 1, 1, 2, BLOCKS));
    }
}
