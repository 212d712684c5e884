//! What a run works on: registers, recorded series, and powers that grow from period to period.

use super::step::Register;
use crate::model::gather::count;
use crate::numeric::dispatch::{Instructions, dispatched};
use crate::numeric::tile::{self, Registers, Source};
use crate::numeric::{chain, kernel};

/// What a run works on: made once, used for any number of runs.
#[derive(Clone, Debug, Default)]
pub struct Work {
    pub(super) registers: Registers,
    /// The recorded series, by series, then period.
    pub(super) recorded: Vec<Vec<Vec<f64>>>,
}

/// A column that is the same in all periods, raised to the power of the period: the power of the period before times the
/// factor, in as many digits as make it the same bits as the power alone.
#[derive(Clone, Debug)]
pub(super) struct Growing {
    pub(super) factor: Register,
    pub(super) power: Register,
    /// What the power is above its rounded value.
    pub(super) rest: Register,
    /// The loop that takes one more factor.
    run: chain::Grow,
    /// Between which sizes of the factor the power of no period is too large or too small to have grown.
    calm: [f64; 2],
}

dispatched! {
    /// Whether the sizes of all numbers are within bounds.
    fn all_between(numbers: &[f64], least: f64, most: f64, found: &mut bool) {
        *found = numbers.iter().fold(true, |all, number| all & (number.abs() >= least) & (number.abs() <= most));
    }
}

/// A power within this many tens of 1 is far from where digits are lost.
const CALM_TENS: f64 = 260.0;

impl Growing {
    pub(super) fn new(factor: Register, power: Register, rest: Register, periods: usize) -> Self {
        let most = 10_f64.powf(CALM_TENS / count(periods));
        Self { factor, power, rest, run: chain::grow(Instructions::best()), calm: [1.0 / most, most] }
    }

    /// Begins with the power of 0, and tells whether all powers to come can grow.
    pub(super) fn begin(&self, registers: &mut Registers) -> bool {
        registers.column_mut(self.power).fill(1.0);
        registers.column_mut(self.rest).fill(0.0);
        let [least, most] = self.calm;
        let factors = registers.column(self.factor);
        let mut is_calm = false;
        all_between(factors, least, most, &mut is_calm);
        if !is_calm {
            self.redo(0, registers);
        }
        is_calm
    }

    /// One more factor to the power.
    pub(super) fn grow(&self, period: usize, is_calm: bool, registers: &mut Registers) {
        let blocks = tile::blocks(registers.lanes());
        let all = registers.all();
        (self.run)(Source::lanes(self.factor).of(all), &all[self.power], &all[self.rest], blocks);
        if !is_calm {
            self.redo(period, registers);
        }
    }

    /// Computes anew what cannot have grown: what is undefined, too large or too small.
    fn redo(&self, period: usize, registers: &mut Registers) {
        let (power, others) = registers.split(self.power);
        kernel::redo_powers(others.column(self.factor), count(period), power);
    }
}
