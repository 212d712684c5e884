//! What goes together: rank correlations, and correlation matrices.

use std::f64::consts::PI;

/// The correlation of two normal numbers whose rank (Spearman) correlation is that: 2·sin(π·ρ/6) (K. Pearson, On further
/// methods of determining correlation, 1907). A Gaussian copula with it gives the rank correlation to any quantities
/// that are continuous.
pub fn normal_of_rank(rank: f64) -> f64 {
    2.0 * (PI * rank / 6.0).sin()
}

/// The lower triangular matrix whose product with its transpose is a symmetric matrix (A.-L. Cholesky, 1910).
///
/// # Errors
/// The first row at which the matrix is not positive definite, so that there is none.
pub fn cholesky(matrix: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, usize> {
    /// What is left of a variance of 1 where a row is all but determined by those before it.
    const NOTHING: f64 = 1e-12;
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (row, values) in matrix.iter().enumerate() {
        let mut found = vec![0.0; matrix.len()];
        for column in 0..row {
            let known: f64 = (0..column).map(|at| found[at] * factor[column][at]).sum();
            found[column] = (values[column] - known) / factor[column][column];
        }
        let left = values[row] - found[..row].iter().map(|value| value * value).sum::<f64>();
        if left.is_nan() || left <= NOTHING {
            return Err(row);
        }
        found[row] = left.sqrt();
        factor.push(found);
    }
    Ok(factor)
}

/// The rank (Spearman) correlation of two columns of one length; equal numbers share the mean of their ranks. None where
/// one of the columns does not vary, or a number is missing.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a)?, ranks(b)?);
    let middle = (count(a.len()) - 1.0) / 2.0;
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(&b) {
        let (a, b) = (a - middle, b - middle);
        both += a * b;
        of_a += a * a;
        of_b += b * b;
    }
    let scale = (of_a * of_b).sqrt();
    (scale > 0.0).then_some(both / scale)
}

/// The ranks of numbers, from 0.
fn ranks(column: &[f64]) -> Option<Vec<f64>> {
    if column.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_unstable_by(|a, b| column[*a].total_cmp(&column[*b]));
    let mut ranks = vec![0.0; column.len()];
    let mut first = 0;
    for equal in order.chunk_by(|a, b| column[*a] == column[*b]) {
        let rank = count(first) + (count(equal.len()) - 1.0) / 2.0;
        for at in equal {
            ranks[*at] = rank;
        }
        first += equal.len();
    }
    Some(ranks)
}

#[expect(clippy::cast_precision_loss, reason = "a count below 2^53")]
fn count(numbers: usize) -> f64 {
    numbers as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_correlation_of_a_rank_correlation() {
        // 2·sin(π/12) = 0.517638…, 2·sin(0.7·π/6) = 0.716736….
        assert!((normal_of_rank(0.5) - 0.517_638_090_205_041_5).abs() < 1e-15);
        assert!((normal_of_rank(0.7) - 0.716_736).abs() < 1e-6);
        assert_eq!(normal_of_rank(0.0), 0.0);
    }

    #[test]
    fn a_factor_times_its_transpose_is_the_matrix() {
        // L = [[2, 0, 0], [6, 1, 0], [−8, 5, 3]].
        let matrix = [vec![4.0, 12.0, -16.0], vec![12.0, 37.0, -43.0], vec![-16.0, -43.0, 98.0]];
        let expected = [vec![2.0, 0.0, 0.0], vec![6.0, 1.0, 0.0], vec![-8.0, 5.0, 3.0]];
        assert_eq!(cholesky(&matrix).unwrap(), expected);
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        // Two go with the third by 0.9 and against each other by 0.9: impossible. Two that are the same: without rest.
        let contradictory = [vec![1.0, 0.9, 0.9], vec![0.9, 1.0, -0.9], vec![0.9, -0.9, 1.0]];
        assert_eq!(cholesky(&contradictory), Err(2));
        assert_eq!(cholesky(&[vec![1.0, 1.0], vec![1.0, 1.0]]), Err(1));
    }

    #[test]
    fn ranks_go_together_whatever_the_numbers() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(rank_correlation(&a, &[1.0, 8.0, 27.0, 64.0, 125.0]), Some(1.0));
        assert_eq!(rank_correlation(&a, &[5.0, 4.0, 3.0, 2.0, 1.0]), Some(-1.0));
        // Without ties ρ = 1 − 6·Σd²/(n·(n² − 1)): the ranks 2, 1, 4, 3, 5 give d² = 1 + 1 + 1 + 1, so 1 − 24/120 = 0.8.
        assert!((rank_correlation(&a, &[20.0, 10.0, 40.0, 30.0, 50.0]).unwrap() - 0.8).abs() < 1e-15);
        // Ties share their mean rank: 1.5, 1.5, 3 against 1, 2, 3 is √3/2 (scipy.stats.spearmanr).
        assert!((rank_correlation(&[7.0, 7.0, 9.0], &[1.0, 2.0, 3.0]).unwrap() - 3.0_f64.sqrt() / 2.0).abs() < 1e-15);
        assert_eq!(rank_correlation(&a, &[3.0; 5]), None);
        assert_eq!(rank_correlation(&[f64::NAN, 1.0], &[1.0, 2.0]), None);
    }
}
