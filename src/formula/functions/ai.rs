//! What training and serving models takes: computation, time, money, energy and carbon.
//!
//! Sizes are in base units (parameters, tokens, FLOP, bytes, FLOP/s, bytes/s), so that they combine without factors;
//! time is in hours, energy in kWh, and power in watts, as bills and data sheets have them.

use super::{Allowed, Doubt, Function, Meaning, Parameter, Recipe, function, number};

pub(super) const fn of(name: &'static str, unit: &'static str, allowed: Allowed) -> Parameter {
    Parameter { unit, allowed, ..number(name) }
}

pub(super) const fn or(default: &'static str, parameter: Parameter) -> Parameter {
    Parameter { default: Some(default), ..parameter }
}

const PARAMETERS: Parameter = of("parameters", "parameters", Allowed::Positive);
const TOKENS: Parameter = of("tokens", "tokens", Allowed::NotNegative);
const METHOD: Parameter =
    Parameter { doubt: Some(Doubt::UnknownMethod), ..of("method", "FLOP per parameter and token", Allowed::Positive) };
const FLOPS: Parameter = of("flops", "FLOP", Allowed::NotNegative);
const PEAK: Parameter = Parameter { doubt: Some(Doubt::SparsePeak), ..of("peak", "FLOP/s", Allowed::Positive) };
const MODEL_UTILIZATION: Parameter =
    Parameter { doubt: Some(Doubt::HighUtilization), ..of("utilization", "share of the peak", Allowed::PositiveShare) };
const UTILIZATION: Parameter = of("utilization", "share of the time", Allowed::PositiveShare);
const LAYERS: Parameter = of("layers", "", Allowed::Positive);
const HEAD_SIZE: Parameter = of("head_size", "", Allowed::Positive);
const BITS: Parameter = or("16", of("bits", "bits per number", Allowed::Positive));
const HOURS: Parameter = of("hours", "device hours", Allowed::NotNegative);
const WATTS: Parameter = of("watts", "W per device", Allowed::NotNegative);
const PUE: Parameter = Parameter { doubt: Some(Doubt::HighOverhead), ..of("pue", "", Allowed::AtLeastOne) };
const KWH: Parameter = of("kwh", "kWh", Allowed::NotNegative);
const GRAMS_PER_KWH: Parameter =
    Parameter { doubt: Some(Doubt::WrongIntensity), ..of("grams_per_kwh", "g CO2e/kWh", Allowed::NotNegative) };

/// A function that is a formula over its parameters.
pub(super) const fn computed(
    name: &'static str,
    parameters: &'static [Parameter],
    formula: &'static str,
    help: &'static str,
    example: (&'static str, f64),
) -> Function {
    let meaning = Meaning::Formula(Recipe { formula, undefined: &[] });
    Function { required: required(parameters), ..function(name, parameters, meaning, help, example) }
}

/// How many of the parameters have no default.
const fn required(parameters: &[Parameter]) -> usize {
    let mut count = 0;
    while count < parameters.len() && parameters[count].default.is_none() {
        count += 1;
    }
    count
}

/// The functions, in the order in which they are listed.
pub static FUNCTIONS: &[Function] = &[
    // 6 · 7e9 · 2e12 = 8.4e22.
    Function {
        unit: "FLOP",
        source: "Kaplan et al. 2020 (arXiv 2001.08361) and Hoffmann et al. 2022 (arXiv 2203.15556): \
                 C = 6ND, 2 forward and 4 backward",
        ..computed(
            "training_flops",
            &[PARAMETERS, TOKENS],
            "6 * parameters * tokens",
            "computation of training a transformer; of a mixture of experts, give the active parameters. \
             Leaves out attention and embeddings: within 10% for large models only",
            ("training_flops(7B, 2e12)", 8.4e22),
        )
    },
    // PaLM 540B: 12 · 118 · 48 · 256 · 2,048 = 3.5634e10 per token.
    Function {
        unit: "FLOP",
        source: "Chowdhery et al. 2022 (PaLM, arXiv 2204.02311), appendix B: 12LHQT per token; \
                 conventions that count the causal mask have half of it",
        ..computed(
            "attention_flops",
            &[
                LAYERS,
                of("heads", "", Allowed::Positive),
                HEAD_SIZE,
                of("sequence", "tokens", Allowed::Positive),
                TOKENS,
            ],
            "12 * layers * heads * head_size * sequence * tokens",
            "computation of attention in training, on top of training_flops",
            ("attention_flops(118, 48, 256, 2_048, 1)", 3.563_4e10),
        )
    },
    // (4 · 7e9 + 6 · 40e6) · 1e9 = 2.824e19.
    Function {
        unit: "FLOP",
        source: "by the passes that remain: 2N forward, 2N for activations, 2N for weights, and 2N again where \
                 activations are recomputed; Hu et al. 2021 (LoRA, arXiv 2106.09685), section 4.2, measured less saving",
        ..computed(
            "finetune_flops",
            &[PARAMETERS, TOKENS, METHOD, or("0", of("adapter", "parameters", Allowed::NotNegative))],
            "(method * parameters + 6 * adapter) * tokens",
            "computation of fine-tuning by a method: finetune.full, finetune.lora, or either with checkpointing; \
             adapter is the size of what is trained beside a frozen base. A lower bound for adapters",
            ("finetune_flops(7B, 1B, finetune.lora, 40M)", 2.824e19),
        )
    },
    // 20 · 70e9 = 1.4e12, which is what Chinchilla was trained on.
    Function {
        unit: "tokens",
        source: "Hoffmann et al. 2022 (Chinchilla, arXiv 2203.15556), approach 1: 20.0 to 21.6 tokens per parameter",
        ..computed(
            "chinchilla_tokens",
            &[PARAMETERS],
            "20 * parameters",
            "how many tokens make the most of a training budget, by rule of thumb",
            ("chinchilla_tokens(70B)", 1.4e12),
        )
    },
    // 8.4e22 / (312e12 · 40% · 3,600) = 186,966.
    Function {
        unit: "device hours",
        source: "the definition of model FLOPs utilization: Chowdhery et al. 2022 (arXiv 2204.02311)",
        ..computed(
            "accelerator_hours",
            &[FLOPS, PEAK, MODEL_UTILIZATION, or("1", of("goodput", "share of the time", Allowed::PositiveShare))],
            "flops / (peak * utilization * goodput * 3600)",
            "hours on accelerators for a computation; utilization (MFU) is what it reaches of the dense peak, and goodput \
             the share of the rented time that is not lost to restarts",
            ("accelerator_hours(8.4e22, a100.flops, 40%)", 186_966.0),
        )
    },
    // 8.4e22 / (312e12 · 186,966 · 3,600) = 0.4.
    Function {
        unit: "share of the peak",
        source: "the definition of model FLOPs utilization: Chowdhery et al. 2022 (arXiv 2204.02311)",
        ..computed(
            "achieved_utilization",
            &[FLOPS, PEAK, of("hours", "device hours", Allowed::Positive)],
            "flops / (peak * hours * 3600)",
            "which share of the dense peak (MFU) a computation reached that took so many hours on accelerators",
            ("achieved_utilization(8.4e22, a100.flops, 186_966)", 0.4),
        )
    },
    // 30,000 · 1.5 / (4 · 8,760 · 0.7) + 0.7 · 1.2 · 0.08 = 1.8346 + 0.0672.
    Function {
        unit: "money per device hour",
        source: "straight-line depreciation",
        ..computed(
            "owned_hour",
            &[
                of("price", "money per device", Allowed::NotNegative),
                of("years", "years", Allowed::Positive),
                UTILIZATION,
                WATTS,
                PUE,
                of("electricity", "money per kWh", Allowed::NotNegative),
                or("0", of("server_share", "share of the price", Allowed::NotNegative)),
                or("0", of("network_share", "share of the price with server", Allowed::NotNegative)),
                or("0", of("operation", "money per device hour", Allowed::NotNegative)),
            ],
            "price * (1 + server_share) * (1 + network_share) / (years * 8760 * utilization) \
             + watts / 1000 * pue * electricity + operation",
            "what a used hour of an owned accelerator costs: its price over its years, and its electricity",
            ("owned_hour(30_000, 4, 70%, 700, 1.2, 0.08, 50%)", 1.9018),
        )
    },
    // 2 · 70e9 · 1e6 = 1.4e17.
    Function {
        unit: "FLOP",
        source: "Kaplan et al. 2020 (arXiv 2001.08361), equation 2.2, without attention",
        ..computed(
            "inference_flops",
            &[PARAMETERS, TOKENS],
            "2 * parameters * tokens",
            "computation of reading or writing tokens; of a mixture of experts, give the active parameters",
            ("inference_flops(70B, 1M)", 1.4e17),
        )
    },
    // 70e9 · 16 / 8 = 140e9.
    Function {
        unit: "bytes",
        source: "by definition; EcoLogits takes an overhead of 1.2",
        ..computed(
            "weight_bytes",
            &[PARAMETERS, BITS, or("1", of("overhead", "", Allowed::AtLeastOne))],
            "parameters * bits / 8 * overhead",
            "memory for the weights of a model; of a mixture of experts, give all parameters",
            ("weight_bytes(70B)", 1.4e11),
        )
    },
    // 2 · 80 · 8 · 128 · 2 bytes = 327,680.
    Function {
        unit: "bytes",
        source: "by definition: a key and a value per layer, key-value head and token",
        ..computed(
            "kv_cache_bytes",
            &[LAYERS, of("kv_heads", "", Allowed::Positive), HEAD_SIZE, TOKENS, BITS],
            "2 * layers * kv_heads * head_size * bits / 8 * tokens",
            "memory for what attention keeps of the tokens of one or all sequences",
            ("kv_cache_bytes(80, 8, 128, 1)", 327_680.0),
        )
    },
    // 3.35e12 / 16e9 = 209.4.
    Function {
        unit: "tokens per second",
        source: "the roofline of decoding: a step reads all weights and caches, or is bound by computation",
        ..computed(
            "tokens_per_second",
            &[
                of("bandwidth", "bytes per second", Allowed::Positive),
                of("weight_bytes", "bytes", Allowed::Positive),
                or("1", of("batch", "sequences", Allowed::Positive)),
                or("0", of("cache_bytes", "bytes per sequence", Allowed::NotNegative)),
                or("0", of("compute_seconds", "seconds per token", Allowed::NotNegative)),
            ],
            "batch / max((weight_bytes + batch * cache_bytes) / bandwidth, batch * compute_seconds)",
            "how fast tokens can be written at most; compute_seconds is inference_flops(parameters, 1) over the rate \
             that is reached",
            ("tokens_per_second(h100.bandwidth, weight_bytes(8B))", 209.375),
        )
    },
    // 8 · 2 · 1e6 / (2,000 · 3,600 · 0.5) = 4.444.
    Function {
        unit: "money per million tokens",
        source: "by definition; capacity is bought for the peak and earns on the average",
        ..computed(
            "serving_cost_per_million",
            &[
                of("accelerators", "devices", Allowed::Positive),
                of("price", "money per device hour", Allowed::NotNegative),
                of("tokens_per_second", "tokens per second of all devices", Allowed::Positive),
                UTILIZATION,
            ],
            "accelerators * price * 1e6 / (tokens_per_second * 3600 * utilization)",
            "what a million tokens cost on accelerators that are paid by the hour; utilization is the share of their \
             capacity that is asked for",
            ("serving_cost_per_million(8, 2, 2_000, 50%)", 4.444_4),
        )
    },
    // (1M − 600k) · 2.50 + 600k · 1.25, per million, = 1.75.
    Function {
        meaning: Meaning::Formula(Recipe {
            formula: "((input - cached - written) * input_price + cached * cached_price + written * written_price \
                      + output * output_price) / 1e6",
            undefined: &[(
                "cached + written > input",
                "cached and written tokens are part of the input and cannot be more",
            )],
        }),
        unit: "money",
        source: "as providers bill, and LiteLLM 1.109.1 computes it; a price that is not said is the input's",
        ..computed(
            "token_cost",
            &[
                of("input", "tokens", Allowed::NotNegative),
                of("output", "tokens", Allowed::NotNegative),
                of("input_price", "money per million tokens", Allowed::NotNegative),
                of("output_price", "money per million tokens", Allowed::NotNegative),
                or("0", of("cached", "tokens", Allowed::NotNegative)),
                or("input_price", of("cached_price", "money per million tokens", Allowed::NotNegative)),
                or("0", of("written", "tokens", Allowed::NotNegative)),
                or("input_price", of("written_price", "money per million tokens", Allowed::NotNegative)),
            ],
            "",
            "what tokens cost at a provider, at prices per million; the input includes what is read from the cache \
             (cached) and written to it (written), which is billed once, at its own price",
            ("token_cost(1M, 0, 2.50, 10, 600k, 1.25)", 1.75),
        )
    },
    // 100 · (1 − 40% · 50%) = 80.
    Function {
        unit: "money",
        source: "LiteLLM 1.109.1: of the models with both prices, 511 bill batches at half",
        ..computed(
            "batched_cost",
            &[
                of("cost", "money", Allowed::Any),
                of("share", "share of the cost", Allowed::Share),
                or("50%", of("discount", "share of the price", Allowed::Share)),
            ],
            "cost * (1 - share * discount)",
            "what is left of a cost where a share of it is sent as batches at a discount",
            ("batched_cost(100, 40%)", 80.0),
        )
    },
    // 1,000 · 700 / 1,000 · 1.2 = 840.
    Function {
        unit: "kWh",
        source: "Patterson et al. 2021 (arXiv 2104.10350), section 2.5",
        ..computed(
            "energy_kwh",
            &[HOURS, WATTS, PUE],
            "hours * watts / 1000 * pue",
            "energy that a facility takes for hours on accelerators; pue is 1 where the power includes the facility",
            ("energy_kwh(1_000, h100.watts, 1.2)", 840.0),
        )
    },
    // 840 · 56.039 / 1,000 = 47.07.
    Function {
        unit: "kg CO2e",
        source: "Patterson et al. 2021 (arXiv 2104.10350), section 2.5",
        ..computed(
            "carbon_kg",
            &[KWH, GRAMS_PER_KWH],
            "kwh * grams_per_kwh / 1000",
            "carbon of electricity, by the grid that it comes from (location-based)",
            ("carbon_kg(840, grid.france)", 47.073),
        )
    },
    // (840 − 800) · 400 / 1,000 = 16.
    Function {
        meaning: Meaning::Formula(Recipe {
            formula: "(kwh - contracted) * grams_per_kwh / 1000",
            undefined: &[("contracted > kwh", "more clean electricity is contracted than is used")],
        }),
        unit: "kg CO2e",
        source: "GHG Protocol, Scope 2, market-based method",
        ..computed(
            "market_carbon_kg",
            &[KWH, of("contracted", "kWh", Allowed::NotNegative), GRAMS_PER_KWH],
            "",
            "carbon of electricity less what is contracted as clean, by the rest of the grid (market-based)",
            ("market_carbon_kg(840, 800, 400)", 16.0),
        )
    },
];
