//! Which values of an argument make sense, and which are doubtful.

use crate::formula::constants;
use crate::numeric::kernel::{self, Kernel, Operand};

/// Which values of an argument make sense. Others are refused where they are written as a number, and take the value
/// away where they are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// All.
    Any,
    /// Above 0: sizes and rates that something is divided by.
    Positive,
    /// 0 and above: counts and prices.
    NotNegative,
    /// Above 0 and at most 1: what something is divided by and no more than all.
    PositiveShare,
    /// From 0 to 1.
    Share,
    /// 1 and above: overheads.
    AtLeastOne,
    /// From 1 to below 100: the number of a percentile. Below 1 it would be a share by mistake.
    Percent,
}

impl Allowed {
    /// The kernel that keeps a value that makes sense, and takes away any other; none where all do.
    pub fn kernel(self) -> Option<Kernel> {
        match self {
            Allowed::Any | Allowed::Percent => None,
            Allowed::Positive => Some(Kernel::One(kernel::if_positive)),
            Allowed::NotNegative => Some(Kernel::One(kernel::if_not_negative)),
            Allowed::PositiveShare => Some(Kernel::One(kernel::if_positive_share)),
            Allowed::Share => Some(Kernel::One(kernel::if_share)),
            Allowed::AtLeastOne => Some(Kernel::One(kernel::if_at_least_one)),
        }
    }

    /// Whether the value makes sense.
    pub fn contains(self, value: f64) -> bool {
        if self == Allowed::Percent {
            return (1.0..100.0).contains(&value);
        }
        let Some(Kernel::One(run)) = self.kernel() else { return true };
        let mut kept = [f64::NAN];
        run(Operand::Uniform(value), &mut kept);
        !kept[0].is_nan()
    }

    /// Why a value makes no sense, for a sentence that begins with the argument's name; none where it does.
    pub fn refusal(self, value: f64) -> Option<&'static str> {
        if self.contains(value) {
            return None;
        }
        Some(match self {
            Allowed::PositiveShare | Allowed::Share if value > 1.0 => "cannot be above 1 (100%)",
            Allowed::Positive | Allowed::PositiveShare => "must be above 0",
            Allowed::AtLeastOne => "cannot be below 1",
            Allowed::Percent => "goes from 1 to below 100: 5 is the 5th percentile",
            Allowed::Any | Allowed::NotNegative | Allowed::Share => "cannot be below 0",
        })
    }
}

/// What is doubtful in an argument that makes sense. It is told and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A share of the peak that no published training has reached.
    HighUtilization,
    /// A peak rate that vendors print for sparse matrices.
    SparsePeak,
    /// A facility that takes more than three times what its machines draw.
    HighOverhead,
    /// A carbon intensity in the wrong unit.
    WrongIntensity,
    /// A way of fine-tuning that has no name.
    UnknownMethod,
}

/// The highest share of the peak that is believed. The highest of the published ones is 57.0% (Korthikanti et al. 2022,
/// arXiv 2205.05198).
const HIGHEST_UTILIZATION: f64 = 0.65;

/// The highest power usage effectiveness that is believed.
const HIGHEST_OVERHEAD: f64 = 3.0;

/// The carbon intensities of electricity that are believed, in g/kWh: coal alone has about 1,000, and the cleanest grids
/// have tens.
const BELIEVED_INTENSITY: std::ops::RangeInclusive<f64> = 1.0..=1_200.0;

/// The FLOP per parameter and token of the ways of fine-tuning that have a name: 2 forward and 2 for activations, 2 for the
/// weights where they are trained, and 2 for activations that are computed again.
const METHODS: [f64; 3] = [4.0, 6.0, 8.0];

impl Doubt {
    /// What is doubtful in a value, for a sentence that begins with "it is VALUE,"; none where nothing is.
    pub fn told(self, value: f64) -> Option<String> {
        match self {
            Doubt::HighUtilization => (value > HIGHEST_UTILIZATION)
                .then(|| "and published trainings reach 30% to 57% of the dense peak".to_owned()),
            Doubt::SparsePeak => {
                let name = constants::dense_peak_of(value)?.name;
                Some(format!("twice `{name}`: vendors print that rate \"with sparsity\"; dense models reach `{name}`"))
            }
            Doubt::HighOverhead => {
                (value > HIGHEST_OVERHEAD).then(|| "and the average data center has 1.56 (`pue.average`)".to_owned())
            }
            Doubt::WrongIntensity => (value != 0.0 && !BELIEVED_INTENSITY.contains(&value))
                .then(|| "and grids have 20 to 1,200 grams per kWh: is it in other units?".to_owned()),
            Doubt::UnknownMethod => (!METHODS.contains(&value)).then(|| {
                "and the methods are `finetune.full`, `finetune.lora` and either with `_checkpointed`".to_owned()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_and_what_is_said_of_the_rest_agree() {
        let all =
            [Allowed::Positive, Allowed::NotNegative, Allowed::PositiveShare, Allowed::Share, Allowed::AtLeastOne];
        // By row: -1, 0, 0.5, 1 and 2.
        let expected = [
            [false, false, true, true, true],
            [false, true, true, true, true],
            [false, false, true, true, false],
            [false, true, true, true, false],
            [false, false, false, true, true],
        ];
        for (allowed, expected) in all.into_iter().zip(expected) {
            for (value, expected) in [-1.0, 0.0, 0.5, 1.0, 2.0].into_iter().zip(expected) {
                assert_eq!(allowed.contains(value), expected, "{allowed:?} {value}");
                assert_eq!(allowed.refusal(value).is_none(), expected, "{allowed:?} {value}");
            }
            assert!(!allowed.contains(f64::NAN));
        }
        assert!(Allowed::Any.contains(-1.0));
    }

    #[test]
    fn a_doubt_begins_where_it_says() {
        let doubts = |doubt: Doubt, values: [f64; 3]| values.map(|value| doubt.told(value).is_some());
        assert_eq!(doubts(Doubt::HighUtilization, [0.57, 0.65, 0.66]), [false, false, true]);
        // NVIDIA prints 1,979 TFLOP/s with sparsity for the H100 SXM5, and 989.4 dense.
        assert_eq!(doubts(Doubt::SparsePeak, [1_979e12, 989.4e12, 125e12 * 2.0]), [true, false, false]);
        assert_eq!(doubts(Doubt::HighOverhead, [1.0, 3.0, 3.1]), [false, false, true]);
        assert_eq!(doubts(Doubt::WrongIntensity, [0.0, 56.0, 0.056]), [false, false, true]);
        assert!(Doubt::WrongIntensity.told(56_000.0).is_some());
        // Every method that has a name is known.
        let methods = constants::all().filter(|constant| constant.name.starts_with("finetune."));
        assert!(methods.map(|constant| constant.value).all(|method| Doubt::UnknownMethod.told(method).is_none()));
        assert_eq!(doubts(Doubt::UnknownMethod, [4.0, 8.0, 5.0]), [false, false, true]);
    }
}
