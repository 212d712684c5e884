//! The JSON Schemas of the answers: the head that all share, around what is each one's own.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::metrics;
use crate::report::Heading;

/// A report as JSON.
#[derive(Serialize, JsonSchema)]
struct Document<T, S> {
    /// The question that was asked.
    report: String,
    /// The version of this contract.
    schema: u32,
    /// Which scenario was asked; null where none was.
    scenario: S,
    #[serde(flatten)]
    body: T,
    /// Why values are null, by name.
    undefined: IndexMap<String, String>,
    /// Remarks that a reader of the numbers needs.
    notes: Vec<String>,
}

/// The schema of the report whose own part is `T`.
pub fn of<T: JsonSchema>() -> Value {
    schemars::schema_for!(Document<T, Heading>).to_value()
}

/// The schema of the report whose own part is `T`, of a question that is asked of no scenario.
pub fn without_scenario<T: JsonSchema>() -> Value {
    schemars::schema_for!(Document<T, ()>).to_value()
}

/// The schema of an object with a key for every metric.
pub fn metrics(_: &mut SchemaGenerator) -> Schema {
    let properties: Map<String, Value> = metrics::all()
        .map(|metric| (metric.name.to_owned(), json!({ "type": ["number", "null"], "description": metric.help })))
        .collect();
    let required: Vec<_> =
        metrics::all().map(|metric| metric.name).filter(|name| metrics::is_everywhere(name)).collect();
    json_schema!({ "type": "object", "properties": properties, "required": required })
}
