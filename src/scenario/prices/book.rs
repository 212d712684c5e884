//! A price list in the format that `LiteLLM` publishes (`model_prices_and_context_window.json`, read off version 1.109.1):
//! an object of models, each an object of figures in US dollars per single token, or under a name that says per what.
//!
//! ```json
//! { "gpt-4o": { "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "mode": "chat" } }
//! ```
//!
//! The list has thousands of models and a scenario uses a few: it is gone through once to see where each stands, and
//! only those that are used are read.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::error::{Problem, Source, SourceId, Span};

/// The pseudo-model that describes the format in words.
const SAMPLE: &str = "sample_spec";

/// A price list.
#[derive(Debug)]
pub struct Book {
    /// The text.
    pub source: Source,
    /// Where the prices of each model stand.
    models: IndexMap<String, Range<usize>>,
}

/// A figure of a model.
#[derive(Debug)]
pub struct Figure {
    /// The keys that lead to it, as the list has them: `tiered_pricing`, `0`, `input_cost_per_token`.
    pub keys: Vec<String>,
    /// What stands there; none where it is no number.
    pub value: Option<f64>,
    /// Where it stands.
    pub place: Range<usize>,
}

impl Book {
    /// Reads where each model stands; of a text that is no price list, why, and where.
    pub fn read(source: Source) -> Result<Self, Box<(Source, Range<usize>, String)>> {
        let raw: IndexMap<String, &RawValue> = match serde_json::from_str(&source.text) {
            Ok(raw) => raw,
            Err(error) => {
                let at = source.offset(error.line(), error.column().max(1));
                let what = if error.is_data() { "is no object of models" } else { "is not JSON" };
                return Err(Box::new((source, at..at, what.to_owned())));
            }
        };
        let place = |value: &RawValue| place(&source.text, value.get());
        let stranger = raw.iter().find(|(_, value)| !value.get().starts_with('{'));
        if let Some((name, value)) = stranger {
            let (at, what) =
                (place(value), format!("is no price list: what it says of `{name}` is no object of prices"));
            return Err(Box::new((source, at, what)));
        }
        let models: IndexMap<_, _> =
            raw.iter().filter(|(name, _)| *name != SAMPLE).map(|(name, value)| (name.clone(), place(value))).collect();
        if models.is_empty() {
            return Err(Box::new((source, 0..0, "has no models".to_owned())));
        }
        Ok(Self { source, models })
    }

    /// The models' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }

    /// Whether the list has that model.
    pub fn has(&self, model: &str) -> bool {
        self.models.contains_key(model)
    }

    /// The figures of a model, those in its lists and tables included; none where the list has no such model.
    pub fn figures(&self, model: &str) -> Option<Vec<Figure>> {
        let place = self.models.get(model)?;
        let mut figures = Vec::new();
        self.add_figures(&self.source.text[place.clone()], &mut Vec::new(), &mut figures);
        Some(figures)
    }

    fn add_figures(&self, text: &str, keys: &mut Vec<String>, figures: &mut Vec<Figure>) {
        let items: Vec<(String, &RawValue)> = match text.as_bytes().first() {
            Some(b'{') => serde_json::from_str::<IndexMap<_, _>>(text).unwrap_or_default().into_iter().collect(),
            Some(b'[') => {
                let items = serde_json::from_str::<Vec<_>>(text).unwrap_or_default();
                items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
            }
            _ => {
                let value = serde_json::from_str::<f64>(text).ok();
                figures.push(Figure { keys: keys.clone(), value, place: place(&self.source.text, text) });
                return;
            }
        };
        for (key, value) in items {
            keys.push(key);
            self.add_figures(value.get(), keys, figures);
            keys.pop();
        }
    }
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

/// The problem of a text that is no price list; `named` is where the scenario names it.
pub fn wrong(name: &str, source: SourceId, at: Range<usize>, what: &str, named: Span) -> Problem {
    Problem::at(Span::new(source, at), format!("`{name}` {what}"))
        .related(named, "the scenario reads its prices here")
        .help("it must be in the format that LiteLLM publishes as `model_prices_and_context_window.json`:")
        .help("{ \"gpt-4o\": { \"input_cost_per_token\": 2.5e-06, \"output_cost_per_token\": 1e-05 } }")
}
