//! What figures of a price list are called here.

use crate::formula::functions::Service;

/// The kinds of tokens that have prices: what a price list calls them, and what they are called here.
pub const KINDS: [(&str, &str); 5] = [
    ("input_cost_per_token", "input"),
    ("output_cost_per_token", "output"),
    ("cache_read_input_token_cost", "cache_read"),
    ("cache_creation_input_token_cost", "cache_write"),
    ("output_cost_per_reasoning_token", "reasoning"),
];

/// What a price list calls the tiers, and what they are called here.
pub const TIERS: (&str, &str) = ("tiered_pricing", "tiers");

/// What a figure of a price list is called here: prices of tokens in short, all others as the list has them.
///
/// `input_cost_per_token_above_200k_tokens_batches` is `input_above_200k_batch`.
pub fn short(key: &str) -> String {
    if key == TIERS.0 {
        return TIERS.1.to_owned();
    }
    let kind = KINDS.iter().find_map(|(long, short)| Some((short, key.strip_prefix(long)?)));
    match kind {
        Some((short, rest)) if rest.is_empty() || rest.starts_with('_') => {
            format!("{short}{}", rest.replace("_tokens", "").replace("_batches", "_batch"))
        }
        _ => key.to_owned(),
    }
}

/// What a price of tokens is of, and what its name says besides: `input`, `_above_200k`.
pub fn kind_of(name: &str) -> Option<(&'static str, &str)> {
    KINDS.iter().find_map(|(_, short)| {
        let rest = name.strip_prefix(short)?;
        (rest.is_empty() || rest.starts_with('_')).then_some((*short, rest))
    })
}

/// Above how many tokens of input a price of that name holds: 200,000 of `_above_200k`.
pub fn threshold(rest: &str, service: Service) -> Option<f64> {
    let digits = rest.strip_prefix("_above_")?.strip_suffix(service.suffix())?;
    let (digits, factor) = digits.strip_suffix('k').map_or((digits, 1.0), |digits| (digits, 1_000.0));
    let tokens = digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(f64::from(tokens) * factor)
}

/// Whether a figure is money: `dbu` are units that a provider sells, and others are limits.
pub fn is_money(name: &str) -> bool {
    !name.contains("dbu") && (name.contains("cost") || is_well_formed(name))
}

/// How a request may be sent, as the names of prices end.
const WORDS: [&str; 7] = ["_batch", "_priority", "_flex", "_balanced", "_ultrafast", "_decisions", "_cache_hit"];

/// Whether a name is one of a price of tokens: a kind of tokens, and by how much of them, how long they are kept, or how
/// they are sent.
pub fn is_well_formed(name: &str) -> bool {
    let Some((_, mut rest)) = kind_of(name) else { return false };
    while !rest.is_empty() {
        let word = WORDS.into_iter().find_map(|word| rest.strip_prefix(word));
        let above = || {
            let rest = rest.strip_prefix("_above_")?;
            let rest = rest
                .strip_prefix(|first: char| first.is_ascii_digit())?
                .trim_start_matches(|c: char| c.is_ascii_digit());
            rest.strip_prefix("hr").or_else(|| rest.strip_prefix('k'))
        };
        match word.or_else(above) {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
    true
}
