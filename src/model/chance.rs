//! What events cost: how many there are in a period, what each of them costs, and what is expected of it.
//!
//! The number of events and the loss of the first one are read off one random number, by inversion: the number of events
//! is its quantile, and where within that step it lies is uniform again and gives the loss. The losses of further events
//! are drawn from random numbers that are mixed from it. So events are drawn as evenly as everything else, and each has a
//! loss of its own: over a year the variance is λ(σ² + m²) (S. A. Klugman, H. H. Panjer and G. E. Willmot, Loss models,
//! chapter 9).

use crate::dist::{Distribution, limited_mean};
use crate::formula::{Expression, NodeKind};
use crate::numeric::kernel::Operand;
use crate::numeric::normal;
use crate::numeric::random::{Stream, uniform};

use super::draw;

/// How many events a period may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// None or one, by its probability.
    AtMostOne,
    /// Any number, by its mean: the Poisson distribution.
    Any,
}

/// What of a loss is paid: the loss up to the cap, without what an insurance pays between the deductible and the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The most that an event can cost.
    pub cap: f64,
    /// Up to which loss an insurance pays nothing.
    pub deductible: f64,
    /// Up to which loss it pays.
    pub limit: f64,
}

impl Bounds {
    /// `min(loss, deductible) + max(loss − limit, 0)` of the loss up to the cap.
    pub fn retained(self, loss: f64) -> f64 {
        if [loss, self.cap, self.deductible, self.limit].iter().any(|value| value.is_nan()) {
            return f64::NAN;
        }
        let loss = loss.min(self.cap);
        loss.min(self.deductible) + (loss - self.limit).max(0.0)
    }

    /// The mean of what is paid. As `E[max(X − l, 0)] = E[X] − E[min(X, l)]`, it is a sum of limited means; the mean of the
    /// part is not the part of the mean.
    pub fn expected(self, loss: &dyn Distribution) -> f64 {
        let up_to = |bound: f64| limited_mean(loss, bound.min(self.cap));
        let above = if self.limit < self.cap { up_to(self.cap) - up_to(self.limit) } else { 0.0 };
        up_to(self.deductible) + above
    }
}

/// Whether a formula is a distribution as a whole, so that each event draws its loss anew.
pub fn is_drawn(expression: &Expression) -> bool {
    matches!(&expression.root().kind, NodeKind::Call(function, _) if function.is_drawn())
        && draw::written(expression, expression.nodes().len() - 1).is_some()
}

/// From this mean on, e^(−mean) is too small to begin with, and the number of events is as good as normal: the first terms
/// of its expansion by E. A. Cornish and R. A. Fisher (Moments and cumulants in the specification of distributions, 1938).
const MANY: f64 = 500.0;

/// From this number of events on, their losses are so many that they come to their mean.
const ALL: f64 = 10_000.0;

/// The number of events at a probability, and where within its step that lies.
fn events(count: Count, at: f64, often: f64) -> (f64, f64) {
    if at.is_nan() || often.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    match count {
        Count::AtMostOne => {
            let without = 1.0 - often;
            if at > without { (1.0, (at - without) / often) } else { (0.0, 0.0) }
        }
        Count::Any if often >= MANY => {
            let z = normal::quantile(at);
            let number = often + often.sqrt() * z + (z * z - 1.0) / 6.0 + 0.5;
            (number.floor().max(0.0), number.fract())
        }
        Count::Any => {
            let mut number = 0.0;
            let mut probability = (-often).exp();
            let mut below = 0.0;
            // Beyond the last bit of the sum nothing is added, and the step has no width.
            while at > below + probability && probability > f64::MIN_POSITIVE {
                below += probability;
                number += 1.0;
                probability *= often / number;
            }
            (number, ((at - below) / probability).clamp(0.0, 1.0))
        }
    }
}

/// The number of events in each lane.
pub fn count_at_most_one(at: Operand<'_>, often: Operand<'_>, out: &mut [f64]) {
    count_events(Count::AtMostOne, at, often, out);
}

/// The number of events in each lane.
pub fn count_any(at: Operand<'_>, often: Operand<'_>, out: &mut [f64]) {
    count_events(Count::Any, at, often, out);
}

fn count_events(count: Count, at: Operand<'_>, often: Operand<'_>, out: &mut [f64]) {
    for (lane, out) in out.iter_mut().enumerate() {
        (*out, _) = events(count, at.lane(lane), often.lane(lane));
    }
}

/// What an event costs.
#[derive(Clone, Copy, Debug)]
pub enum Loss<'d> {
    /// The same for each.
    Said(f64),
    /// Drawn anew for each.
    Drawn(&'d dyn Distribution),
}

impl Loss<'_> {
    /// What is paid of an event, on average.
    pub fn expected(self, bounds: Bounds) -> f64 {
        match self {
            Loss::Said(loss) => bounds.retained(loss),
            Loss::Drawn(distribution) => bounds.expected(distribution),
        }
    }

    /// What is paid of all events of a period, by the random number from which they are drawn.
    pub fn drawn(self, bounds: Bounds, count: Count, at: f64, often: f64) -> f64 {
        let (number, first) = events(count, at, often);
        let distribution = match self {
            _ if number == 0.0 => return 0.0,
            Loss::Said(loss) => return number * bounds.retained(loss),
            Loss::Drawn(distribution) => distribution,
        };
        if number.is_nan() || number > ALL {
            return number * bounds.expected(distribution);
        }
        let others = Stream::new(at.to_bits(), "further events");
        // Neither 0 nor 1, whose quantiles may be infinite.
        let within = |probability: f64| probability.clamp(f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0);
        let mut sum = bounds.retained(distribution.quantile(within(first)));
        let mut event = 1;
        while super::gather::count(event) < number {
            sum += bounds.retained(distribution.quantile(uniform(others.bits(event as u64))));
            event += 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::FAMILIES;

    const ALL_PAID: Bounds = Bounds { cap: f64::INFINITY, deductible: f64::INFINITY, limit: f64::INFINITY };

    fn distribution(name: &str, parameters: &[f64]) -> Box<dyn Distribution> {
        (FAMILIES.iter().find(|family| family.name == name).unwrap().make)(parameters).unwrap()
    }

    #[test]
    fn an_insurance_pays_what_lies_between_its_deductible_and_its_limit() {
        // Of 100 with a deductible of 20 and a limit of 80, it pays 60; of 15, nothing; of 50, 30.
        let bounds = Bounds { cap: f64::INFINITY, deductible: 20.0, limit: 80.0 };
        assert_eq!([15.0, 50.0, 100.0].map(|loss| bounds.retained(loss)), [15.0, 20.0, 40.0]);
        // A cap of 90 makes 90 of 100.
        assert_eq!(Bounds { cap: 90.0, ..bounds }.retained(100.0), 30.0);
        assert_eq!(ALL_PAID.retained(7.0), 7.0);
    }

    #[test]
    fn the_mean_of_what_is_paid_is_not_what_is_paid_of_the_mean() {
        // Uniform from 0 to 100. E[min(X, 20)] = 20 − 20²/200 = 18; E[max(X − 80, 0)] = 20²/200 = 2. Of the mean, 50, the
        // part that is paid is 20.
        let loss = distribution("uniform", &[0.0, 100.0]);
        let bounds = Bounds { cap: f64::INFINITY, deductible: 20.0, limit: 80.0 };
        assert!((bounds.expected(&*loss) - 20.0).abs() < 1e-9);
        assert!((Bounds { limit: f64::INFINITY, ..bounds }.expected(&*loss) - 18.0).abs() < 1e-9);
        // With a cap of 90: E[max(min(X, 90) − 80, 0)] = 10²/200 + 10·0.1 = 1.5.
        assert!((Bounds { cap: 90.0, ..bounds }.expected(&*loss) - 19.5).abs() < 1e-9);
        assert!((ALL_PAID.expected(&*loss) - 50.0).abs() < 1e-9);
        // A loss of 10 or 90, each as likely: 10 and 20 + 10.
        let either = distribution("choice", &[10.0, 0.5, 90.0, 0.5]);
        assert!((bounds.expected(&*either) - 20.0).abs() < 1e-12);
    }

    #[test]
    fn events_are_quantiles_of_their_number() {
        assert_eq!([0.5, 0.97, 0.99].map(|at| events(Count::AtMostOne, at, 0.02).0), [0.0, 0.0, 1.0]);
        for often in [0.3, 4.0, 80.0] {
            let poisson = distribution("poisson", &[often]);
            for at in [0.001, 0.2, 0.5, 0.7, 0.96, 0.9999] {
                assert_eq!(events(Count::Any, at, often).0, poisson.quantile(at), "{often} {at}");
            }
        }
        // P(at least one) = 1 − e^(−0.3) = 25.92 %, so that it begins at 74.08 %.
        assert_eq!([0.740_7, 0.740_9].map(|at| events(Count::Any, at, 0.3).0), [0.0, 1.0]);
        assert_eq!(events(Count::Any, 0.3, 0.0).0, 0.0);
        assert_eq!(events(Count::AtMostOne, 0.3, 0.0).0, 0.0);
        // Of many, the normal expansion is met within one event.
        let poisson = distribution("poisson", &[600.0]);
        for at in [0.01, 0.5, 0.99] {
            assert!((events(Count::Any, at, 600.0).0 - poisson.quantile(at)).abs() <= 1.0, "{at}");
        }
    }

    #[test]
    fn losses_of_a_period_have_the_mean_and_the_variance_of_a_compound_poisson() {
        // λ = 6, exponential losses of mean 1: mean 6, variance 6·(1 + 1) = 12.
        let loss = distribution("exponential", &[1.0]);
        let draws = 200_000;
        let at = |draw: usize| (super::super::gather::count(draw) + 0.5) / super::super::gather::count(draws);
        let losses: Vec<f64> =
            (0..draws).map(|draw| Loss::Drawn(&*loss).drawn(ALL_PAID, Count::Any, at(draw), 6.0)).collect();
        let moments = crate::numeric::moments::Moments::of(&losses);
        // Four standard errors: 4·√(12/n) and about 4·12·√(3/n).
        assert!((moments.mean().unwrap() - 6.0).abs() < 0.031, "{:?}", moments.mean());
        assert!((moments.deviation().unwrap().powi(2) - 12.0).abs() < 0.19, "{:?}", moments.deviation());
    }
}
