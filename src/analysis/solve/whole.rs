//! The first whole number that reaches a goal: nobody sells 2,916.67 subscriptions.

use crate::numeric::roots::{Crossing, Interval};

use super::goal::Better;

/// Distances that are rounding, as a share of the place.
const ROUNDING: f64 = 1e-12;

/// The whole number nearest to a place at which the goal is reached; none where neither neighbor reaches it.
///
/// `distances` yields the outcome less the goal at places of the quantity.
pub fn reaching(
    crossing: Crossing,
    better: Better,
    interval: Interval,
    distances: &mut dyn FnMut(&[f64]) -> Vec<f64>,
) -> Option<f64> {
    match crossing {
        Crossing::Root(at) if is_whole(at) => Some(at.round()),
        Crossing::Flat { from, .. } if is_whole(from) => Some(from.round()),
        Crossing::Flat { from, to } if from.ceil() <= to => Some(from.ceil()),
        Crossing::Root(at) | Crossing::Jump { at, .. } | Crossing::Flat { from: at, .. } => {
            let inside = |place: &f64| (interval.low()..=interval.high()).contains(place);
            // Beside a jump, its own place may be the first that no longer reaches the goal.
            let around = if is_whole(at) {
                [at.round() - 1.0, at.round(), at.round() + 1.0]
            } else {
                [at.floor(), at.ceil(), at.ceil()]
            };
            let mut neighbors: Vec<f64> = around.into_iter().filter(inside).collect();
            neighbors.sort_by(|one, other| (one - at).abs().total_cmp(&(other - at).abs()));
            let distances = distances(&neighbors);
            neighbors.into_iter().zip(distances).find(|(_, distance)| better.reaches(*distance)).map(|(place, _)| place)
        }
    }
}

fn is_whole(place: f64) -> bool {
    (place - place.round()).abs() <= ROUNDING * place.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(crossing: Crossing, better: Better, distance: fn(f64) -> f64) -> Option<f64> {
        let interval = Interval::new(0.0, 1e6).unwrap();
        reaching(crossing, better, interval, &mut |places| places.iter().map(|place| distance(*place)).collect())
    }

    #[test]
    fn the_neighbor_that_reaches_the_goal_is_taken() {
        // 12·x − 35,000 is 0 at 2,916.67.
        let root = Crossing::Root(35_000.0 / 12.0);
        assert_eq!(whole(root, Better::Higher, |x| 12.0 * x - 35_000.0), Some(2_917.0));
        assert_eq!(whole(root, Better::Lower, |x| 12.0 * x - 35_000.0), Some(2_916.0));
        assert_eq!(whole(root, Better::Higher, |x| 35_000.0 - 12.0 * x), Some(2_916.0));
    }

    #[test]
    fn a_whole_place_is_its_own_answer_in_spite_of_rounding() {
        assert_eq!(whole(Crossing::Root(3.0), Better::Higher, |_| -1e-9), Some(3.0));
        assert_eq!(whole(Crossing::Root(0.3 * 10.0 + 4e-16), Better::Higher, |_| -1e-9), Some(3.0));
        assert_eq!(whole(Crossing::Root(0.0), Better::Higher, |_| -1e-9), Some(0.0));
    }

    #[test]
    fn of_a_jump_the_side_that_reaches_the_goal_is_taken() {
        let jump = Crossing::Jump { at: 100.0, before: 10.0, after: -80.0 };
        assert_eq!(whole(jump, Better::Higher, |x| if x <= 100.0 { 10.0 } else { -80.0 }), Some(100.0));
        assert_eq!(whole(jump, Better::Higher, |x| if x < 100.0 { 10.0 } else { -80.0 }), Some(99.0));
        assert_eq!(whole(jump, Better::Lower, |x| if x <= 100.0 { 10.0 } else { -80.0 }), Some(101.0));
    }

    #[test]
    fn of_a_stretch_the_first_whole_number_is_taken() {
        assert_eq!(whole(Crossing::Flat { from: 2.5, to: 7.0 }, Better::Higher, |_| 0.0), Some(3.0));
        assert_eq!(whole(Crossing::Flat { from: 0.0, to: 7.0 }, Better::Higher, |_| 0.0), Some(0.0));
    }

    #[test]
    fn where_no_neighbor_reaches_the_goal_there_is_none() {
        assert_eq!(whole(Crossing::Root(2.5), Better::Higher, |x| -(x - 2.5).abs()), None);
        assert_eq!(whole(Crossing::Root(2.5), Better::Higher, |_| f64::NAN), None);
    }
}
