//! What a request to a model of the price book costs.

use super::ai::{computed, of, or};
use super::{Allowed, Function, Meaning, Parameter, Recipe, Service, function};

/// A function that prices a request; the prices take the place of the model's name.
const fn request(name: &'static str, service: Service, help: &'static str, example: (&'static str, f64)) -> Function {
    const PARAMETERS: &[Parameter] = &[
        of("model", "model of the price book", Allowed::Any),
        of("input", "tokens of one request", Allowed::NotNegative),
        of("output", "tokens of one request", Allowed::NotNegative),
        or("0", of("cached", "tokens of the input", Allowed::NotNegative)),
        or("0", of("written", "tokens of the input", Allowed::NotNegative)),
        or("0", of("reasoning", "tokens of the output", Allowed::NotNegative)),
    ];
    let source = "LiteLLM 1.109.1, llm_cost_calc/utils.py: a request is billed as a whole at the prices above the \
                  highest threshold that its input exceeds; without a price for the cache, at that of input";
    let meaning = Meaning::Request(service);
    Function { required: 3, source, ..function(name, PARAMETERS, meaning, help, example) }
}

/// The functions, in the order in which they are listed.
pub static FUNCTIONS: &[Function] = &[
    // 400k · 2.5e-6 + 600k · 1.25e-6 = 1 + 0.75, with the prices of gpt-4o.
    Function {
        unit: "money",
        ..request(
            "request_cost",
            Service::Standard,
            "what one request costs at the prices of a model of the price book (`[prices]`), long inputs and cached \
             tokens at their own prices; the input includes what is read from the cache (cached) and written to it \
             (written), the output what is reasoning",
            ("request_cost(prices.\"gpt-4o\", 1M, 0, 600k)", 1.75),
        )
    },
    Function {
        unit: "money",
        ..request(
            "batch_request_cost",
            Service::Batch,
            "what one request costs that is sent in a batch, as `request_cost`",
            ("batch_request_cost(prices.\"gpt-4o\", 1M, 0)", 1.25),
        )
    },
];

const PER_TOKEN: &str = "money per token";

/// What is behind `request_cost` once the prices are known.
pub static REQUEST: Function = Function {
    unit: "money",
    source: "the sum over kinds of tokens of their number times their price",
    meaning: Meaning::Formula(Recipe {
        formula: "(input - cached - written) * input_price + cached * cached_price + written * written_price \
                  + (output - reasoning) * output_price + reasoning * reasoning_price",
        undefined: &[
            ("cached + written > input", "cached and written tokens are part of the input and cannot be more"),
            ("reasoning > output", "tokens of reasoning are part of the output and cannot be more"),
        ],
    }),
    ..computed(
        "request_cost",
        &[
            of("input", "tokens", Allowed::NotNegative),
            of("input_price", PER_TOKEN, Allowed::Any),
            of("cached", "tokens", Allowed::NotNegative),
            of("cached_price", PER_TOKEN, Allowed::Any),
            of("written", "tokens", Allowed::NotNegative),
            of("written_price", PER_TOKEN, Allowed::Any),
            of("output", "tokens", Allowed::NotNegative),
            of("output_price", PER_TOKEN, Allowed::Any),
            of("reasoning", "tokens", Allowed::NotNegative),
            of("reasoning_price", PER_TOKEN, Allowed::Any),
        ],
        "",
        "what a request costs at given prices",
        ("", f64::NAN),
    )
};
