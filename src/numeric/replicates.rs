//! How far an estimate may be off, told by independent repetitions of it.

use super::design::REPLICATES;

/// Student's t with 15 degrees of freedom at 97.5 %: 95 % of its values lie within ± it.
const T: f64 = 2.131_449_545_559_323;

/// Half the width of the 95 % interval around the mean of independent estimates; NaN where one is undefined.
#[expect(clippy::cast_precision_loss, reason = "a count of estimates is small")]
pub fn half_width(estimates: &[f64; REPLICATES]) -> f64 {
    let count = REPLICATES as f64;
    let mean = estimates.iter().sum::<f64>() / count;
    let squares: f64 = estimates.iter().map(|estimate| (estimate - mean) * (estimate - mean)).sum();
    T * (squares / (count - 1.0) / count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_students() {
        // Eight times −1 and eight times 1: the mean is 0, the standard deviation √(16/15), the standard error
        // √(1/15) = 0.258199; t(0.975; 15) = 2.131450 (tables), so that half the interval is 0.550338.
        let estimates = std::array::from_fn(|at| if at % 2 == 0 { -1.0 } else { 1.0 });
        assert!((half_width(&estimates) - 0.550_338).abs() < 1e-6);
        assert_eq!(half_width(&[3.0; REPLICATES]), 0.0);
        assert!(half_width(&[f64::NAN; REPLICATES]).is_nan());
    }
}
