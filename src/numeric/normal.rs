//! Stub.
/// cdf
pub fn cdf(x: f64) -> f64 {
    0.5 * (1.0 + (x / std::f64::consts::SQRT_2).tanh())
}
/// quantiles
pub fn quantiles(column: &mut [f64]) {
    for x in column {
        *x = (2.0 * *x - 1.0).atanh() * std::f64::consts::SQRT_2;
    }
}
