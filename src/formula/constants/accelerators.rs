//! Accelerators, by data sheet: per device, at 16 bits, for dense matrices.
//!
//! Vendors print rates "with sparsity" as well, which are twice as high and which no dense model reaches. A design power
//! is a limit for the chip and not what it draws; it leaves out the host, the network and the facility. For TPUs, a device
//! is a chip and not a core.

use super::Constant;

const EPOCH: &str = "chip table of Cottier et al. 2024 (arXiv 2405.21015)";
const PATTERSON: &str = "Patterson et al. 2021 (arXiv 2104.10350), table 3";
const GOOGLE: &str = "Google Cloud TPU documentation";

macro_rules! unit {
    (flops) => {
        "FLOP/s"
    };
    (watts) => {
        "W"
    };
    (measured_watts) => {
        "W"
    };
    (memory) => {
        "bytes"
    };
    (bandwidth) => {
        "bytes/s"
    };
}

macro_rules! what {
    (flops) => {
        "dense peak at 16 bits"
    };
    (watts) => {
        "design power"
    };
    (measured_watts) => {
        "average power with its share of the host, measured"
    };
    (memory) => {
        "memory"
    };
    (bandwidth) => {
        "memory bandwidth"
    };
}

macro_rules! remark {
    () => {
        ""
    };
    ($remark:literal) => {
        $remark
    };
}

/// One constant for each figure of each device.
macro_rules! accelerators {
    ($($device:literal $title:literal { $($figure:ident = $value:literal, $source:expr, $as_of:literal $(, $remark:literal)?;)+ })+) => {
        &[$($(
            Constant {
                name: concat!($device, ".", stringify!($figure)),
                value: $value,
                unit: unit!($figure),
                help: concat!($title, ": ", what!($figure)),
                source: $source,
                as_of: $as_of,
                remark: remark!($($remark)?),
            },
        )+)+]
    };
}

/// The figures, in the order in which they are listed.
pub static CONSTANTS: &[Constant] = accelerators! {
    "v100" "NVIDIA V100 SXM2" {
        flops = 125e12, EPOCH, "2024", "FP16";
        watts = 300.0, EPOCH, "2024";
        measured_watts = 325.0, PATTERSON, "2021", "above the design power, since the host counts";
        memory = 16e9, EPOCH, "2024", "there are cards of 32 GB, too";
        bandwidth = 0.9e12, EPOCH, "2024";
    }
    "a100" "NVIDIA A100 SXM4 80 GB" {
        flops = 312e12, EPOCH, "2024", "624 TFLOP/s is the rate with sparsity";
        watts = 400.0, EPOCH, "2024";
        memory = 80e9, EPOCH, "2024";
        bandwidth = 2.039e12, EPOCH, "2024";
    }
    "a100_40gb" "NVIDIA A100 SXM4 40 GB" {
        flops = 312e12, EPOCH, "2024", "624 TFLOP/s is the rate with sparsity";
        watts = 400.0, EPOCH, "2024";
        memory = 40e9, EPOCH, "2024";
        bandwidth = 1.56e12, EPOCH, "2024";
    }
    "a100_pcie" "NVIDIA A100 PCIe 80 GB" {
        flops = 312e12, EPOCH, "2024", "624 TFLOP/s is the rate with sparsity";
        watts = 300.0, EPOCH, "2024", "ML CO2 Impact has 250 W";
        memory = 80e9, EPOCH, "2024", "there are cards of 40 GB, too";
        bandwidth = 1.94e12, EPOCH, "2024";
    }
    "h100" "NVIDIA H100 SXM5" {
        flops = 989.4e12, EPOCH, "2024", "1,979 TFLOP/s is the rate with sparsity";
        watts = 700.0, EPOCH, "2024";
        memory = 80e9, EPOCH, "2024";
        bandwidth = 3.35e12, EPOCH, "2024";
    }
    "h100_pcie" "NVIDIA H100 PCIe" {
        flops = 756e12, EPOCH, "2024", "1,513 TFLOP/s is the rate with sparsity";
        watts = 350.0, EPOCH, "2024";
        bandwidth = 2.04e12, EPOCH, "2024";
    }
    "h100_nvl" "NVIDIA H100 NVL" {
        flops = 835e12, EPOCH, "2024";
        watts = 400.0, EPOCH, "2024";
        memory = 94e9, EPOCH, "2024";
        bandwidth = 3.94e12, EPOCH, "2024";
    }
    "h800" "NVIDIA H800 SXM5" {
        flops = 989e12, EPOCH, "2024";
        watts = 700.0, EPOCH, "2024";
        memory = 80e9, EPOCH, "2024";
        bandwidth = 3.35e12, EPOCH, "2024";
    }
    "h200" "NVIDIA H200 SXM" {
        flops = 989.5e12, EPOCH, "2024";
        watts = 700.0, EPOCH, "2024";
        memory = 141e9, EPOCH, "2024";
        bandwidth = 4.8e12, EPOCH, "2024";
    }
    "h20" "NVIDIA H20" {
        flops = 148e12, EPOCH, "2024";
        watts = 400.0, EPOCH, "2024";
        memory = 96e9, EPOCH, "2024";
        bandwidth = 4e12, EPOCH, "2024";
    }
    "b200" "NVIDIA B200" {
        flops = 2_250e12, EPOCH, "2024", "4,500 TFLOP/s is the rate with sparsity";
        watts = 1_000.0, EPOCH, "2024";
        memory = 180e9, EPOCH, "2024", "sources have 180 to 192 GB";
        bandwidth = 8e12, EPOCH, "2024";
    }
    "mi300x" "AMD MI300X" {
        flops = 1_307.4e12, EPOCH, "2024", "2,615 TFLOP/s is the rate with sparsity, which some print as dense";
        watts = 750.0, EPOCH, "2024";
        memory = 192e9, EPOCH, "2024";
        bandwidth = 5.3e12, EPOCH, "2024";
    }
    "tpu_v3" "Google TPU v3" {
        flops = 123e12, EPOCH, "2024";
        watts = 450.0, PATTERSON, "2021", "Cottier et al. 2024 have 220 W";
        measured_watts = 283.0, PATTERSON, "2021";
        memory = 32e9, EPOCH, "2024";
        bandwidth = 0.9e12, EPOCH, "2024";
    }
    "tpu_v4" "Google TPU v4" {
        flops = 275e12, EPOCH, "2024";
        watts = 170.0, EPOCH, "2024", "a mean; Google names no design power, and the training of PaLM took 378.5 W with the host";
        memory = 32e9, EPOCH, "2024";
        bandwidth = 1.2e12, EPOCH, "2024";
    }
    "tpu_v5e" "Google TPU v5e" {
        flops = 197e12, GOOGLE, "undated";
        watts = 140.0, EPOCH, "2024";
        memory = 16e9, GOOGLE, "undated";
        bandwidth = 0.819e12, GOOGLE, "undated";
    }
    "tpu_v5p" "Google TPU v5p" {
        flops = 459e12, GOOGLE, "undated", "Google names no design power";
        memory = 95e9, GOOGLE, "undated";
        bandwidth = 2.765e12, GOOGLE, "undated";
    }
    "ascend_910b" "Huawei Ascend 910B" {
        flops = 376e12, EPOCH, "2024", "uncertain: sources have 280 to 400 TFLOP/s, by bin";
        watts = 400.0, EPOCH, "2024", "uncertain";
        memory = 32e9, EPOCH, "2024", "there are devices of 64 GB, too";
        bandwidth = 1.2e12, EPOCH, "2024", "uncertain: sources have 1.2 to 1.6 TB/s";
    }
};

/// The devices whose vendors print a rate with sparsity, which is twice the dense one.
const WITH_SPARSITY: &[&str] = &[
    "a100.flops",
    "h100.flops",
    "h100_pcie.flops",
    "h100_nvl.flops",
    "h200.flops",
    "h20.flops",
    "b200.flops",
    "mi300x.flops",
];

/// How far a printed rate may be from twice the dense one, as a share: they are printed with four digits.
const PRINTED: f64 = 1e-3;

/// The dense peak of which a rate is the one that vendors print with sparsity.
pub fn dense_peak_of(rate: f64) -> Option<&'static Constant> {
    let doubles = |constant: &&Constant| (rate / (2.0 * constant.value) - 1.0).abs() <= PRINTED;
    CONSTANTS.iter().filter(|constant| WITH_SPARSITY.contains(&constant.name)).find(doubles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> f64 {
        CONSTANTS.iter().find(|constant| constant.name == name).unwrap().value
    }

    #[test]
    fn rates_with_sparsity_are_told_from_dense_ones() {
        // As vendors print them: H100 SXM5, H100 PCIe, A100, MI300X.
        for (rate, name) in [
            (1_979e12, "h100.flops"),
            (1_513e12, "h100_pcie.flops"),
            (624e12, "a100.flops"),
            (2_615e12, "mi300x.flops"),
        ] {
            assert_eq!(dense_peak_of(rate).map(|constant| constant.name), Some(name));
        }
        for constant in CONSTANTS.iter().filter(|constant| constant.unit == "FLOP/s") {
            assert_eq!(dense_peak_of(constant.value), None, "{}", constant.name);
        }
        assert!(WITH_SPARSITY.iter().all(|name| value(name) > 0.0));
    }

    /// FLOP per byte at which computing takes as long as reading 16-bit weights, as published figures give it.
    #[test]
    fn rates_and_bandwidths_belong_together() {
        // 989.4 / 3.35 = 295.3, 312 / 2.039 = 153.0, 989.5 / 4.8 = 206.1, 1,307.4 / 5.3 = 246.7, 2,250 / 8 = 281.25.
        for (device, expected) in
            [("h100", 295.0), ("a100", 153.0), ("h200", 206.0), ("mi300x", 247.0), ("b200", 281.0)]
        {
            let ratio = value(&format!("{device}.flops")) / value(&format!("{device}.bandwidth"));
            assert_eq!(ratio.round(), expected, "{device}");
        }
    }
}
