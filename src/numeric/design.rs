//! Where draws are placed: a column of numbers in (0, 1) for each uncertain quantity, by its name.
//!
//! A column is a pure function of the seed, the name and the number of the draw (and for Latin hypercubes of how many
//! draws there are), so that nothing depends on threads, on the order of quantities or on which others there are. The
//! usual way of dealing out the dimensions of one sequence in order would break that: one more quantity would move all
//! behind it. Hence each name has a sequence of its own; `design/sobol.rs` says how good they are.

mod latin;
mod sobol;

use super::random::{Stream, uniform};

/// How draws are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Randomized digital sequences, as Sobol's.
    Sobol,
    /// Latin hypercubes.
    LatinHypercube,
    /// Plain random numbers.
    Random,
}

impl Method {
    /// All methods.
    pub const ALL: [Method; 3] = [Method::Sobol, Method::LatinHypercube, Method::Random];

    /// The method's name.
    pub fn name(self) -> &'static str {
        match self {
            Method::Sobol => "sobol",
            Method::LatinHypercube => "lhs",
            Method::Random => "random",
        }
    }
}

/// How draws are placed, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// How they are placed.
    pub method: Method,
    /// The seed.
    pub seed: u64,
    /// How many there are.
    pub samples: u64,
}

/// How many draws a block has: draw number = block · `BLOCK` + lane.
pub const BLOCK: usize = 256;

/// How many independent randomizations there are; block b belongs to randomization b mod `REPLICATES`.
pub const REPLICATES: usize = 16;

impl Design {
    /// How many blocks there are.
    pub fn blocks(&self) -> u64 {
        self.samples.div_ceil(BLOCK as u64)
    }

    /// How many draws a block has: all but the last are full.
    pub fn lanes(&self, block: u64) -> usize {
        let left = self.samples.saturating_sub(block.saturating_mul(BLOCK as u64));
        usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK))
    }

    /// The randomization that a block belongs to.
    pub fn replicate(block: u64) -> usize {
        usize::try_from(block % REPLICATES as u64).unwrap_or(0)
    }

    /// How many draws belong to a randomization.
    fn draws_of(&self, replicate: u64) -> u64 {
        let (rounds, rest) = (self.blocks() / REPLICATES as u64, self.blocks() % REPLICATES as u64);
        let blocks = rounds + u64::from(replicate < rest);
        let last = self.blocks().saturating_sub(1);
        let missing = if last % REPLICATES as u64 == replicate { BLOCK - self.lanes(last) } else { 0 };
        (blocks * BLOCK as u64).saturating_sub(missing as u64)
    }

    /// The numbers of the uncertain quantity of that name.
    pub fn column(&self, name: &str) -> Column {
        let stream = Stream::new(self.seed, name);
        let replicates = 0..REPLICATES as u64;
        Column(match self.method {
            Method::Sobol => {
                let points = self.draws_of(0);
                Placing::Sobol(sobol::Sequence::of(stream, points))
            }
            Method::LatinHypercube => Placing::Latin(
                replicates
                    .map(|replicate| latin::Hypercube::new(stream.child(replicate), self.draws_of(replicate)))
                    .collect(),
            ),
            Method::Random => Placing::Random(stream),
        })
    }
}

/// The numbers of one uncertain quantity.
#[derive(Clone, Debug)]
pub struct Column(Placing);

#[derive(Clone, Debug)]
enum Placing {
    Sobol(sobol::Sequence),
    /// One for each randomization.
    Latin(Vec<latin::Hypercube>),
    Random(Stream),
}

impl Column {
    /// How strongly the numbers of two columns are correlated within a randomization although they should not be, as far as
    /// it is known without drawing.
    pub fn overlap(&self, other: &Self) -> f64 {
        match (&self.0, &other.0) {
            (Placing::Sobol(one), Placing::Sobol(other)) => one.overlap(other),
            _ => 0.0,
        }
    }

    /// Writes the numbers of a block's draws.
    pub fn fill(&self, block: u64, out: &mut [f64]) {
        let (replicate, first) = (Design::replicate(block), block / REPLICATES as u64 * BLOCK as u64);
        match &self.0 {
            Placing::Sobol(sequence) => sequence.fill(replicate, first, out),
            Placing::Latin(hypercubes) => {
                if let Some(hypercube) = hypercubes.get(replicate) {
                    hypercube.fill(first, out);
                }
            }
            Placing::Random(stream) => {
                let first = block.wrapping_mul(BLOCK as u64);
                for (value, lane) in out.iter_mut().zip(0_u64..) {
                    *value = uniform(stream.bits(first.wrapping_add(lane)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::correlation::rank_correlation;

    fn design(method: Method, samples: u64) -> Design {
        Design { method, seed: 1, samples }
    }

    fn numbers(design: &Design, name: &str) -> Vec<f64> {
        let column = design.column(name);
        let mut all = Vec::new();
        for block in 0..design.blocks() {
            let mut out = vec![0.0; design.lanes(block)];
            column.fill(block, &mut out);
            all.extend(out);
        }
        all
    }

    #[test]
    fn blocks_and_randomizations_hold_all_draws() {
        for samples in [1, 255, 256, 257, 4_095, 4_096, 5_000, 100_001] {
            let design = design(Method::Sobol, samples);
            let by_block: u64 = (0..design.blocks()).map(|block| design.lanes(block) as u64).sum();
            let by_replicate: u64 = (0..REPLICATES as u64).map(|replicate| design.draws_of(replicate)).sum();
            assert_eq!((by_block, by_replicate), (samples, samples));
        }
    }

    #[test]
    fn names_are_independent_of_each_other() {
        for method in Method::ALL {
            let design = design(method, 20_000);
            let columns: Vec<Vec<f64>> = (0..12).map(|name| numbers(&design, &format!("x{name}"))).collect();
            for (at, a) in columns.iter().enumerate() {
                let mean = a.iter().sum::<f64>() / 20_000.0;
                // Five standard errors of plain random numbers: 5 / √(12 · 20,000).
                assert!((mean - 0.5).abs() < 0.0103, "{method:?} {mean}");
                for b in &columns[..at] {
                    // And 5 / √20,000.
                    let found = rank_correlation(a, b).unwrap();
                    assert!(found.abs() < 0.0354, "{method:?} {found}");
                }
            }
        }
    }

    #[test]
    fn the_numbers_depend_on_seed_and_name_alone() {
        for method in Method::ALL {
            let (first, again) = (design(method, 1_000), design(method, 1_000));
            assert_eq!(numbers(&first, "a"), numbers(&again, "a"));
            assert_ne!(numbers(&first, "a"), numbers(&first, "b"));
            assert_ne!(numbers(&first, "a"), numbers(&Design { seed: 2, ..first }, "a"));
        }
    }
}
