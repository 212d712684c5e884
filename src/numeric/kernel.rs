//! Operations over lanes: one function of numbers, run down a column.
//!
//! A kernel is written once as a function of plain numbers and becomes one tight loop per shape of its operands
//! (a column, or one number for all lanes), which the compiler vectorizes.
//!
//! Undefined is NaN and stays undefined: no kernel turns it into a number, save where the operand that is undefined
//! was not needed (the branch of an `if` that was not taken, `false and …`).

/// What a kernel reads: a column, or one number that holds for every lane.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    /// The same in every lane.
    Uniform(f64),
    /// One value per lane.
    Lanes(&'a [f64]),
}

impl Operand<'_> {
    /// The value in a lane.
    #[inline(always)]
    fn at(self, lane: usize) -> f64 {
        match self {
            Operand::Uniform(value) => value,
            Operand::Lanes(values) => values[lane],
        }
    }
}

/// A kernel, by the number of its operands.
#[derive(Clone, Copy, Debug)]
pub enum Kernel {
    /// Of one operand.
    One(fn(Operand<'_>, &mut [f64])),
    /// Of two operands.
    Two(fn(Operand<'_>, Operand<'_>, &mut [f64])),
    /// Of three operands.
    Three(fn(Operand<'_>, Operand<'_>, Operand<'_>, &mut [f64])),
}

impl PartialEq for Kernel {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Kernel::One(a), Kernel::One(b)) => std::ptr::fn_addr_eq(*a, *b),
            (Kernel::Two(a), Kernel::Two(b)) => std::ptr::fn_addr_eq(*a, *b),
            (Kernel::Three(a), Kernel::Three(b)) => std::ptr::fn_addr_eq(*a, *b),
            _ => false,
        }
    }
}
