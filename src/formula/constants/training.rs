//! What training and fine-tuning take, where nothing better is known.

use super::Constant;

const PASSES: &str = "Kaplan et al. 2020 (arXiv 2001.08361) for the passes";

const fn method(name: &'static str, value: f64, help: &'static str, remark: &'static str) -> Constant {
    Constant { name, value, unit: "FLOP per parameter and token", help, source: PASSES, as_of: "2020", remark }
}

/// The methods of fine-tuning, by what they compute of the base model, and a utilization.
pub static CONSTANTS: &[Constant] = &[
    method("finetune.full", 6.0, "fine-tuning all parameters: 2 forward, 2 for activations, 2 for weights", ""),
    method("finetune.full_checkpointed", 8.0, "the same, with activations computed again instead of kept", ""),
    method(
        "finetune.lora",
        4.0,
        "fine-tuning an adapter beside a frozen base: 2 forward, 2 for activations",
        "a lower bound: GPT-3 trained 1.33 times as fast, not 1.5 times (Hu et al. 2021, arXiv 2106.09685)",
    ),
    method("finetune.lora_checkpointed", 6.0, "the same, with activations computed again instead of kept", ""),
    Constant {
        name: "mfu.median",
        value: 0.375,
        unit: "share of the dense peak",
        help: "the utilization of published trainings: the median of 33",
        source: "Cottier et al. 2024 (arXiv 2405.21015)",
        as_of: "2024",
        remark: "large trainings on A100 reached 41.5% to 56.3% (arXiv 2205.05198)",
    },
];
