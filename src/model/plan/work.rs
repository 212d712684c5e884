//! What a run works on: columns, and powers that grow from period to period.

use std::ops::{Deref, DerefMut};

use super::CHUNK;
use super::step::Register;
use crate::model::gather::count;
use crate::numeric::{elementary, kernel};

/// A column of up to [`CHUNK`] numbers that begins where a line of the cache does, so that no vector lies across two.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    numbers: Vec<f64>,
    start: usize,
    length: usize,
}

/// The length of a line of the cache, in bytes and in numbers.
const LINE: usize = 64;
const LINE_NUMBERS: usize = LINE / size_of::<f64>();

impl Column {
    pub(super) fn resize(&mut self, length: usize) {
        if self.numbers.is_empty() {
            self.numbers = vec![0.0; CHUNK + LINE_NUMBERS];
            self.start = self.numbers.as_ptr().align_offset(LINE).min(LINE_NUMBERS);
        }
        self.length = length.min(CHUNK);
    }
}

impl Deref for Column {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.numbers[self.start..self.start + self.length]
    }
}

impl DerefMut for Column {
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.numbers[self.start..self.start + self.length]
    }
}

/// The columns that a run works on: made once, used for any number of chunks.
#[derive(Clone, Debug, Default)]
pub struct Work {
    pub(super) registers: Vec<Column>,
    /// The recorded series, by series, then period.
    pub(super) recorded: Vec<Vec<Vec<f64>>>,
    /// Where the next value of what is gathered is written, before both change places.
    pub(super) next: Column,
}

/// A column that is the same in all periods, raised to the power of the period: the power of the period before times the
/// factor, in as many digits as make it the same bits as the power alone.
#[derive(Clone, Debug)]
pub(super) struct Growing {
    pub(super) factor: Register,
    pub(super) power: Register,
    /// What the power is above its rounded value.
    pub(super) rest: Register,
}

/// One more factor to a power.
pub(super) fn grow(growing: &Growing, work: &mut Work) {
    let [mut power, mut rest] = [growing.power, growing.rest].map(|at| std::mem::take(&mut work.registers[at]));
    elementary::grow(&work.registers[growing.factor], &mut power, &mut rest);
    work.registers[growing.power] = power;
    work.registers[growing.rest] = rest;
}

/// Computes anew what cannot have grown: what is undefined, too large or too small.
pub(super) fn redo(growing: &Growing, period: usize, work: &mut Work) {
    let mut power = std::mem::take(&mut work.registers[growing.power]);
    kernel::redo_powers(&work.registers[growing.factor], count(period), &mut power);
    work.registers[growing.power] = power;
}
