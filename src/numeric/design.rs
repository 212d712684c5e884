//! Stub.

/// m
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// s
    Sobol,
    /// l
    LatinHypercube,
    /// r
    Random,
}
impl Method {
    /// All.
    pub const ALL: [Method; 3] = [Method::Sobol, Method::LatinHypercube, Method::Random];
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Method::Sobol => "sobol",
            Method::LatinHypercube => "lhs",
            Method::Random => "random",
        }
    }
}
/// d
#[derive(Clone, Copy, Debug)]
pub struct Design {
    /// m
    pub method: Method,
    /// s
    pub seed: u64,
    /// n
    pub samples: u64,
}
/// b
pub const BLOCK: usize = 256;
/// r
pub const REPLICATES: usize = 16;
/// c
#[derive(Clone, Debug)]
pub struct Column(u64);
impl Design {
    /// r
    pub fn replicate(block: u64) -> usize {
        usize::try_from(block % 16).unwrap_or(0)
    }

    /// b
    pub fn blocks(&self) -> u64 {
        self.samples.div_ceil(BLOCK as u64)
    }
    /// l
    pub fn lanes(&self, block: u64) -> usize {
        usize::try_from((self.samples - block * BLOCK as u64).min(BLOCK as u64)).unwrap_or(0)
    }
    /// c
    pub fn column(&self, name: &str) -> Column {
        Column(name.bytes().fold(self.seed, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)))
    }
}
impl Column {
    /// f
    #[expect(clippy::cast_precision_loss, reason = "stub")]
    pub fn fill(&self, block: u64, out: &mut [f64]) {
        for (lane, value) in out.iter_mut().enumerate() {
            let mut z = self.0.wrapping_add((block * 256 + lane as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            *value = ((z >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0;
        }
    }
}
