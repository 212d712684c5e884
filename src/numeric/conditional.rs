//! Normal numbers where some of them are known.
//!
//! Of normal numbers with mean 0 and covariance Σ, those that are not known (v) have, given those that are (u), the mean
//! Σvu Σuu⁻¹ u and the covariance Σvv − Σvu Σuu⁻¹ Σuv (T. W. Anderson, An introduction to multivariate statistical
//! analysis, theorem 2.5.1). Both come from one triangular factor of Σ with the known ones in front.

/// A pivot that is no more than rounding: the number is determined by those before it.
const ROUNDING: f64 = 1e-12;

/// How the numbers that are not known come from those that are and from fresh independent ones.
#[derive(Clone, Debug)]
pub struct Conditional {
    /// For each number that is not known: its place, the weights of the known ones by their places, and the weights of
    /// the fresh ones by theirs.
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    place: usize,
    known: Vec<(usize, f64)>,
    fresh: Vec<(usize, f64)>,
}

impl Conditional {
    /// Numbers with this covariance, of which those that are flagged are known.
    pub fn new(covariance: &[Vec<f64>], known: &[bool]) -> Self {
        let is_known = |place: &usize| known.get(*place).copied().unwrap_or(false);
        let (front, rest): (Vec<usize>, Vec<usize>) = (0..covariance.len()).partition(is_known);
        let order: Vec<usize> = front.iter().chain(&rest).copied().collect();
        let factor = factor(covariance, &order);
        let row = |(below, place): (usize, &usize)| {
            let row = &factor[front.len() + below];
            let weights = solved(&factor, &row[..front.len()]);
            let fresh = rest.iter().copied().zip(row[front.len()..].iter().copied());
            Row {
                place: *place,
                known: front.iter().copied().zip(weights).collect(),
                fresh: fresh.filter(|(_, weight)| *weight != 0.0).collect(),
            }
        };
        Self { rows: rest.iter().enumerate().map(row).collect() }
    }

    /// The columns of the numbers that are not known, each with its place, from the columns of all numbers (of which the
    /// known ones are read) and of fresh independent ones.
    pub fn columns<'a>(
        &'a self,
        numbers: &'a [Vec<f64>],
        fresh: &'a [Vec<f64>],
    ) -> impl Iterator<Item = (usize, Vec<f64>)> + 'a {
        self.rows.iter().map(move |row| {
            let lanes = fresh.get(row.place).map_or(0, Vec::len);
            let mut column = vec![0.0; lanes];
            let terms = row.known.iter().map(|term| (numbers, term)).chain(row.fresh.iter().map(|term| (fresh, term)));
            for (from, (place, weight)) in terms {
                let Some(from) = from.get(*place) else { continue };
                for (value, from) in column.iter_mut().zip(from) {
                    *value += weight * from;
                }
            }
            (row.place, column)
        })
    }
}

/// The lower triangular factor of the covariance in that order. A number that those before it determine gets a row
/// without anything of its own.
fn factor(covariance: &[Vec<f64>], order: &[usize]) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(order.len());
    for (at, place) in order.iter().enumerate() {
        let mut row = vec![0.0; order.len()];
        for before in 0..at {
            let done: f64 = (0..before).map(|step| row[step] * rows[before][step]).sum();
            let pivot = rows[before][before];
            row[before] = if pivot > 0.0 { (covariance[*place][order[before]] - done) / pivot } else { 0.0 };
        }
        let done: f64 = row[..at].iter().map(|value| value * value).sum();
        let left = covariance[*place][*place] - done;
        row[at] = if left > ROUNDING { left.sqrt() } else { 0.0 };
        rows.push(row);
    }
    rows
}

/// The weights w with w · F = row, where F is the top left of the factor.
fn solved(factor: &[Vec<f64>], row: &[f64]) -> Vec<f64> {
    let mut weights = row.to_vec();
    for at in (0..row.len()).rev() {
        let pivot = factor[at][at];
        weights[at] = if pivot > 0.0 { weights[at] / pivot } else { 0.0 };
        for before in 0..at {
            weights[before] -= weights[at] * factor[at][before];
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The weights of the known and of the fresh numbers for each that is not known.
    fn weights(covariance: &[Vec<f64>], known: &[bool]) -> Vec<(usize, Vec<f64>, Vec<f64>)> {
        let conditional = Conditional::new(covariance, known);
        let count = covariance.len();
        let unit = |at: usize| (0..count).map(|place| vec![f64::from(u8::from(place == at))]).collect::<Vec<_>>();
        let zero = vec![vec![0.0]; count];
        conditional
            .rows
            .iter()
            .map(|row| {
                let of = |numbers: &[Vec<f64>], fresh: &[Vec<f64>]| {
                    conditional.columns(numbers, fresh).find(|(place, _)| *place == row.place).unwrap().1[0]
                };
                let known = (0..count).map(|at| of(&unit(at), &zero)).collect();
                (row.place, known, (0..count).map(|at| of(&zero, &unit(at))).collect())
            })
            .collect()
    }

    #[test]
    fn of_two_one_known_leaves_what_the_correlation_does_not_tell() {
        // Given z₂ = z, z₁ is normal with mean ρz and variance 1 − ρ²: 0.6 and 0.8² with ρ = 0.6.
        let found = weights(&[vec![1.0, 0.6], vec![0.6, 1.0]], &[false, true]);
        let (place, known, fresh) = &found[0];
        assert_eq!((found.len(), *place), (1, 0));
        assert!((known[1] - 0.6).abs() < 1e-15 && known[0] == 0.0);
        assert!((fresh[0] - 0.8).abs() < 1e-15 && fresh[1] == 0.0);
    }

    #[test]
    fn nothing_known_gives_the_covariance_back_and_all_known_leaves_nothing() {
        let covariance = [vec![1.0, 0.5, 0.2], vec![0.5, 1.0, -0.3], vec![0.2, -0.3, 1.0]];
        let found = weights(&covariance, &[false; 3]);
        for (place, _, fresh) in &found {
            for (other, _, others) in &found {
                let product: f64 = fresh.iter().zip(others).map(|(a, b)| a * b).sum();
                assert!((product - covariance[*place][*other]).abs() < 1e-15);
            }
        }
        assert!(weights(&covariance, &[true; 3]).is_empty());
    }

    #[test]
    fn the_regression_on_two_is_that_of_the_textbook() {
        // Σuu = [[1, 0.5], [0.5, 1]], Σvu = (0.2, −0.3): Σuu⁻¹ = 4/3 · [[1, −0.5], [−0.5, 1]], so that the weights are
        // 4/3 · (0.35, −0.4) and the variance is 1 − 4/3 · (0.2 · 0.35 + 0.3 · 0.4) = 1 − 4/3 · 0.19.
        let covariance = [vec![1.0, 0.2, -0.3], vec![0.2, 1.0, 0.5], vec![-0.3, 0.5, 1.0]];
        let found = weights(&covariance, &[false, true, true]);
        let (_, known, fresh) = &found[0];
        assert!((known[1] - 4.0 / 3.0 * 0.35).abs() < 1e-15 && (known[2] + 4.0 / 3.0 * 0.4).abs() < 1e-15);
        assert!((fresh[0] * fresh[0] - (1.0 - 4.0 / 3.0 * 0.19)).abs() < 1e-15);
    }

    #[test]
    fn what_the_known_ones_determine_is_not_drawn() {
        let found = weights(&[vec![1.0, 1.0], vec![1.0, 1.0]], &[true, false]);
        assert_eq!(found, [(1, vec![1.0, 0.0], vec![0.0, 0.0])]);
    }
}
