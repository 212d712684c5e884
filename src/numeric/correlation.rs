//! Stub.
/// c
/// # Errors
/// e
pub fn cholesky(matrix: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, usize> {
    let n = matrix.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let s: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            if i == j {
                let d: f64 = matrix[i][i] - s;
                if d <= 0.0 {
                    return Err(i);
                }
                l[i][j] = d.sqrt();
            } else {
                l[i][j] = (matrix[i][j] - s) / l[j][j];
            }
        }
    }
    Ok(l)
}
/// n
pub fn normal_of_rank(rank: f64) -> f64 {
    2.0 * (std::f64::consts::PI * rank / 6.0).sin()
}
