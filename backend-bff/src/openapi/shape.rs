//! Schemas in words.

use maud::{Markup, html};
use serde_json::Value;

const PREFIX: &str = "#/components/schemas/";

/// What a schema allows, in a few words that link to the schemas it names.
pub(super) fn words(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|to| to.strip_prefix(PREFIX)) {
        return html! { a href={ "#schema-" (name) } { (name) } };
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[choice].as_array() {
            let word = if choice == "allOf" { " and " } else { " or " };
            return joined(all.iter().map(words).collect(), word);
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return joined(values.iter().map(|value| html! { code { (value.to_string()) } }).collect(), " or ");
    }
    if let Some(value) = schema.get("const") {
        return html! { code { (value.to_string()) } };
    }
    match &schema["type"] {
        Value::String(kind) => of_type(kind, schema),
        Value::Array(kinds) => {
            joined(kinds.iter().map(|kind| of_type(kind.as_str().unwrap_or_default(), schema)).collect(), " or ")
        }
        _ => html! { "anything" },
    }
}

fn of_type(kind: &str, schema: &Value) -> Markup {
    match kind {
        "array" => html! { "list of " (words(&schema["items"])) },
        "object" if schema["additionalProperties"].is_object() => {
            html! { "names with " (words(&schema["additionalProperties"])) }
        }
        "null" => html! { "nothing" },
        "string" => html! { (schema["format"].as_str().unwrap_or("text")) },
        "integer" => html! { "whole number" },
        kind => html! { (kind) },
    }
}

fn joined(parts: Vec<Markup>, word: &str) -> Markup {
    html! {
        @for (at, part) in parts.into_iter().enumerate() {
            @if at > 0 { (word) }
            (part)
        }
    }
}

/// The limits that a schema sets, as far as it sets any.
pub(super) fn limits(schema: &Value) -> String {
    let limit = |name: &str, words: &str| {
        let value = &schema[name];
        (!value.is_null()).then(|| format!("{words} {value}"))
    };
    let all = [
        limit("minimum", "at least"),
        limit("maximum", "at most"),
        limit("minLength", "characters: at least"),
        limit("maxLength", "characters: at most"),
        limit("maxItems", "entries: at most"),
        limit("default", "by default"),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
