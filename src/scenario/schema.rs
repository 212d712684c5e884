//! The JSON Schema of a scenario, for editors: derived from the [`keys`](super::keys).

use serde_json::{Map, Value, json};

use super::keys::{CHECK, Form, Key, LINE, PLAN, RISK, SCENARIO};

/// The JSON Schema of a scenario file.
pub fn schema() -> Value {
    let mut schema = table(SCENARIO);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("bizmodel scenario");
    schema["description"] = json!("A business model: who pays, how much, and what it costs.");
    schema["$defs"] = json!({
        "quantity": {
            "description": "A number, or a formula in quotes such as \"users * 0.5\" or \"3%\".",
            "anyOf": [{ "type": "number" }, { "type": "string", "minLength": 1 }]
        },
        "line": {
            "description": "An amount, or a table that says how the amount comes about.",
            "anyOf": [{ "$ref": "#/$defs/quantity" }, table(LINE)]
        },
        "prices": {
            "description": "Prices of a model by name: per token for `input`, `output`, `cache_read` and `cache_write`.",
            "type": "object",
            "additionalProperties": { "anyOf": [{ "$ref": "#/$defs/quantity" }, { "$ref": "#/$defs/prices" }] }
        },
        "plan": table(PLAN),
        "risk": table(RISK),
        "case": table(SCENARIO),
        "check": {
            "description": "A condition such as \"profit > 0\", or a table that says more.",
            "anyOf": [{ "type": "string", "minLength": 1 }, table(CHECK)]
        },
    });
    schema
}

fn table(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn period() -> Value {
    json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "minLength": 1 }] })
}

fn property(key: &Key) -> Value {
    let free_names = |of: &str| json!({ "type": "object", "additionalProperties": { "$ref": of } });
    let mut property = match key.value {
        Form::Text => json!({ "type": "string" }),
        Form::Word(words) => json!({ "enum": words }),
        Form::Words(words) => {
            json!({ "anyOf": [{ "enum": words }, { "type": "array", "items": { "enum": words } }] })
        }
        Form::Quantity => json!({ "$ref": "#/$defs/quantity" }),
        Form::QuantityOr(keys) => json!({ "anyOf": [{ "$ref": "#/$defs/quantity" }, table(keys)] }),
        Form::Table(keys) => table(keys),
        Form::Whole => json!({ "type": "integer", "minimum": 1 }),
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Period => period(),
        Form::Periods => json!({ "anyOf": [period(), { "type": "array", "minItems": 1, "items": period() }] }),
        Form::Label => json!({ "type": ["string", "integer"] }),
        Form::Quantities => free_names("#/$defs/quantity"),
        Form::Lines(_) => free_names("#/$defs/line"),
        Form::Plans(_) => free_names("#/$defs/plan"),
        Form::Prices(keys) => {
            let mut prices = table(keys);
            prices["additionalProperties"] = json!({ "$ref": "#/$defs/prices" });
            prices
        }
        Form::Risks(_) => free_names("#/$defs/risk"),
        Form::Cases => free_names("#/$defs/case"),
        Form::Checks(_) => free_names("#/$defs/check"),
        Form::Condition => json!({ "type": "string", "minLength": 1 }),
        Form::Tables(keys) => json!({ "type": "array", "items": table(keys) }),
        Form::Items(keys) => json!({ "anyOf": [
            { "type": "array", "minItems": 1, "items": table(keys) },
            { "type": "object", "additionalProperties": false, "patternProperties": { "^[0-9]+$": table(keys) } }
        ] }),
        Form::Pair => {
            json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "string", "minLength": 1 } })
        }
        Form::Rank => json!({ "type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1 }),
    };
    property["description"] = json!(key.help);
    property
}
