//! The rates of return at which a cash flow is worth nothing.

use super::Undefined;
use super::discounting::net_present_value;
use super::polynomial::{log_roots, scaled, sign_changes};
use crate::numeric::roots::significant;

/// The internal rates of return of a cash flow.
///
/// Which of several rates a spreadsheet or a library shows is no standard; we show them all.
#[derive(Clone, Debug, PartialEq)]
pub enum Irr {
    /// There is no rate, for this reason.
    None(Undefined),
    /// There is one rate.
    One(f64),
    /// There are several rates, ascending, and none of them alone measures the flow.
    Several(Vec<f64>),
}

/// All rates per period above −100 % at which the net present value of the flows is 0.
///
/// There are at most as many as the flows change sign (Descartes), and all are found for up to 64 changes of sign;
/// beyond, those that a scan sees. Zeros before the first flow and after the last do not matter. A rate is given
/// with the fewest decimal digits at which the present value is no farther from 0.
pub fn internal_rates_of_return(flows: &[f64]) -> Irr {
    match rates(flows) {
        Err(reason) => Irr::None(reason),
        Ok(rates) => match rates[..] {
            [] => Irr::None(Undefined::NoRate),
            [rate] => Irr::One(rate),
            _ => Irr::Several(rates),
        },
    }
}

fn rates(flows: &[f64]) -> Result<Vec<f64>, Undefined> {
    if flows.is_empty() {
        return Err(Undefined::NoPeriods);
    }
    if !flows.iter().all(|flow| flow.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    if without_outer_zeros(flows).is_empty() {
        return Err(Undefined::NoFlows);
    }
    if sign_changes(flows) == 0 {
        return Err(Undefined::NoSignChange);
    }
    let (written, scaled) = (without_outer_zeros(flows), scaled(flows));
    let flows = without_outer_zeros(&scaled);
    if flows.len() != written.len() || sign_changes(flows) != sign_changes(written) {
        // Beside the largest flow others are too small for a number, and so are the rates that they make.
        return Err(Undefined::NotFinite);
    }
    log_roots(flows).into_iter().map(|x| rate(flows, x)).collect()
}

fn without_outer_zeros(flows: &[f64]) -> &[f64] {
    let nonzero = |flow: &f64| *flow != 0.0;
    match (flows.iter().position(nonzero), flows.iter().rposition(nonzero)) {
        (Some(first), Some(last)) => &flows[first..=last],
        _ => &[],
    }
}

/// The rate from its logarithm, written as short as its present value allows.
fn rate(flows: &[f64], log: f64) -> Result<f64, Undefined> {
    let rate = log.exp_m1();
    if !rate.is_finite() || rate <= -1.0 {
        return Err(Undefined::NotFinite);
    }
    let distance = |rate: f64| net_present_value(rate, flows).map_or(f64::INFINITY, f64::abs);
    let turnover: Vec<f64> = flows.iter().map(|flow| flow.abs()).collect();
    let rounding = net_present_value(rate, &turnover).map_or(0.0, |turnover| 2.0 * f64::EPSILON * turnover);
    let reached = distance(rate);
    if reached.is_infinite() {
        return Ok(rate);
    }
    let is_rate = |&(digits, candidate): &(usize, f64)| {
        let near = (candidate - rate).abs() <= 1e-9 * rate.abs() || (candidate == 0.0 && rate.abs() < 1e-12);
        // With the last digits it is the number that counts; without them, that nothing speaks against it.
        near && distance(candidate) <= if digits <= FEW { reached.max(rounding) } else { reached }
    };
    let shorter = (1..=15).map(|digits| (digits, significant(rate, digits)));
    Ok(std::iter::once((0, 0.0)).chain(shorter).find(is_rate).map_or(rate, |(_, candidate)| candidate))
}

/// A rate of so few digits that lies within rounding of the one that was found is no accident.
const FEW: usize = 12;

#[cfg(test)]
mod tests {
    use super::{Irr, internal_rates_of_return};
    use crate::finance::Undefined;
    use crate::finance::discounting::net_present_value;
    use proptest::prelude::*;

    #[track_caller]
    fn only_rate(flows: &[f64]) -> f64 {
        match internal_rates_of_return(flows) {
            Irr::One(rate) => rate,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rates_of_the_textbooks() {
        // numpy-financial's documentation.
        assert!((only_rate(&[-100.0, 39.0, 59.0, 55.0, 20.0]) - 0.280_95).abs() < 5e-6);
        assert!((only_rate(&[-100.0, 0.0, 0.0, 74.0]) + 0.095_50).abs() < 5e-6);
        // 100·(1 + r)^3 = 74 exactly: r = 0.74^(1/3) − 1.
        assert!((only_rate(&[-100.0, 0.0, 0.0, 74.0]) - (0.74f64.cbrt() - 1.0)).abs() < 1e-15);
        assert_eq!(only_rate(&[-100.0, 110.0]), 0.1);
        assert_eq!(only_rate(&[-100.0, 50.0, 50.0]), 0.0);
    }

    #[test]
    fn several_rates_are_all_shown() {
        // −100 + 230/1.1 − 132/1.21 = 0 and −100 + 230/1.2 − 132/1.44 = 0.
        assert_eq!(internal_rates_of_return(&[-100.0, 230.0, -132.0]), Irr::Several(vec![0.1, 0.2]));
        // −1·(1 + r)^3 + 6·(1 + r)^2 − 11·(1 + r) + 6 is 0 where 1 + r is 1, 2 or 3.
        assert_eq!(internal_rates_of_return(&[-1.0, 6.0, -11.0, 6.0]), Irr::Several(vec![0.0, 1.0, 2.0]));
    }

    #[test]
    fn a_rate_that_is_only_touched_is_found() {
        // 100 − 220/1.1 + 121/1.21 = 0, and no rate makes the value negative: (10 − 11/(1 + r))².
        assert_eq!(only_rate(&[100.0, -220.0, 121.0]), 0.1);
    }

    #[test]
    fn without_a_rate_there_is_a_reason() {
        let reasons = [
            (&[][..], Undefined::NoPeriods),
            (&[0.0, 0.0], Undefined::NoFlows),
            (&[100.0, 50.0], Undefined::NoSignChange),
            (&[-100.0, 0.0, -50.0], Undefined::NoSignChange),
            // The discriminant 1² − 4·1·1 of v² − v + 1 is negative.
            (&[1.0, -1.0, 1.0], Undefined::NoRate),
            (&[f64::NAN, 1.0], Undefined::NotFinite),
        ];
        for (flows, reason) in reasons {
            assert_eq!(internal_rates_of_return(flows), Irr::None(reason), "{flows:?}");
        }
    }

    #[test]
    fn extreme_rates_are_found() {
        // 1e9 for 1 after one period; one thousandth after one period.
        assert_eq!(only_rate(&[-1.0, 1e9]), 999_999_999.0);
        assert_eq!(only_rate(&[-1_000.0, 1.0]), -0.999);
        // A rate of 1e600 or of −1 + 1e-300 is no floating-point number.
        assert_eq!(internal_rates_of_return(&[-1e-300, 1e300]), Irr::None(Undefined::NotFinite));
        assert_eq!(internal_rates_of_return(&[-1.0, 1e-300]), Irr::None(Undefined::NotFinite));
    }

    #[test]
    fn a_rate_is_not_shortened_where_its_present_value_is_too_large_for_a_number() {
        // The last two flows balance at 1 + r = 1/3, where the first is nothing beside 3^1198.
        let mut flows = vec![0.0; 1_200];
        (flows[0], flows[1_198], flows[1_199]) = (1.0, -1.0, 1.0 / 3.0);
        let Irr::Several(rates) = internal_rates_of_return(&flows) else { panic!() };
        assert_eq!(rates.len(), 2);
        assert!((rates[0] + 2.0 / 3.0).abs() < 1e-15, "{rates:?}");
    }

    #[test]
    fn a_hundred_years_of_months_have_their_rate() {
        // A perpetuity cut off at n: −a(1 − (1 + r)^−n)/r now and a each month, r = 1 %.
        let worth = (1.0 - 1.01f64.powi(-1_199)) / 0.01;
        let flows: Vec<f64> = std::iter::once(-worth).chain(std::iter::repeat_n(1.0, 1_199)).collect();
        assert!((only_rate(&flows) - 0.01).abs() < 1e-15);
        // Losses at first, and a dismantling at the end: 1175 − 240 − 1000 < 0 at 0 %, > 0 at 0.2 %, < 0 at 100 %.
        let mut flows: Vec<f64> = (0..1_200).map(|month| if month < 24 { -10.0 } else { 1.0 }).collect();
        flows[1_199] = -1_000.0;
        let Irr::Several(rates) = internal_rates_of_return(&flows) else { panic!() };
        assert_eq!(rates.len(), 2);
        for rate in rates {
            assert!(net_present_value(rate, &flows).unwrap().abs() < 1e-9, "{rate}");
        }
    }

    #[test]
    fn flows_that_change_sign_every_month_come_to_an_end() {
        let flows: Vec<f64> = (0..1_200_i32).map(|month| f64::from((month * 7_919 % 211 - 105) * 10)).collect();
        match internal_rates_of_return(&flows) {
            Irr::None(reason) => assert_eq!(reason, Undefined::NoRate),
            Irr::One(_) | Irr::Several(_) => {}
        }
    }

    /// The flows whose present value is 0 at these rates and no others: the product of `v·(1 + r) − 1`.
    fn planted(rates: &[f64]) -> Vec<f64> {
        rates.iter().fold(vec![-1_000.0], |flows, rate| {
            let shifted = std::iter::once(0.0).chain(flows.iter().map(|flow| flow * (1.0 + rate)));
            let padded = flows.iter().copied().chain([0.0]);
            padded.zip(shifted).map(|(same, later)| later - same).collect()
        })
    }

    proptest! {
        #[test]
        fn planted_rates_are_all_found(mut tenths in prop::collection::vec(-8..30_i32, 1..6)) {
            tenths.sort_unstable();
            tenths.dedup();
            let rates: Vec<f64> = tenths.iter().map(|&tenth| f64::from(tenth) / 10.0).collect();
            let found = match internal_rates_of_return(&planted(&rates)) {
                Irr::None(reason) => panic!("{reason}"),
                Irr::One(rate) => vec![rate],
                Irr::Several(rates) => rates,
            };
            prop_assert_eq!(found.len(), rates.len(), "{:?} for {:?}", found, rates);
            for (found, rate) in found.iter().zip(rates) {
                prop_assert!((found - rate).abs() < 1e-7, "{} for {}", found, rate);
            }
        }

        #[test]
        fn the_value_at_every_rate_is_zero_and_outer_zeros_do_not_matter(
            flows in prop::collection::vec(-1_000..1_000_i32, 2..40),
            before in 0..4_usize,
            after in 0..4_usize,
        ) {
            let flows: Vec<f64> = flows.into_iter().map(f64::from).collect();
            let outcome = internal_rates_of_return(&flows);
            let rates = match &outcome {
                Irr::None(_) => &[][..],
                Irr::One(rate) => std::slice::from_ref(rate),
                Irr::Several(rates) => rates,
            };
            for &rate in rates {
                let turnover: Vec<f64> = flows.iter().map(|flow| flow.abs()).collect();
                let scale = net_present_value(rate, &turnover).unwrap();
                prop_assert!(net_present_value(rate, &flows).unwrap().abs() <= 1e-12 * scale);
            }
            let zeros = |count| std::iter::repeat_n(0.0, count);
            let padded: Vec<f64> = zeros(before).chain(flows).chain(zeros(after)).collect();
            prop_assert_eq!(internal_rates_of_return(&padded), outcome);
        }

        #[test]
        fn no_flows_panic(flows in prop::collection::vec(any::<f64>(), 0..30)) {
            internal_rates_of_return(&flows);
        }

        #[test]
        fn one_change_of_sign_makes_one_rate(flows in prop::collection::vec(1..1_000_i32, 2..30), turn in 1..29_usize) {
            // Investment, then return: one change of sign, so exactly one rate.
            let flows: Vec<f64> = flows.iter().enumerate().map(|(t, &flow)| f64::from(if t < turn { -flow } else { flow })).collect();
            let one = matches!(internal_rates_of_return(&flows), Irr::One(_));
            prop_assert_eq!(one, turn < flows.len());
        }
    }
}
