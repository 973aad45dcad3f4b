//! The OpenAPI document of a service.
//!
//! A handler names what is its own: `#[utoipa::path(get, path = "/api/x/{id}", security(("bearer" = [])),
//! responses((status = 200, body = X)))]`. What the kit's extractors and frame answer everywhere is
//! added by [`document`]: 400 where there is a query or a body, 401 and 403 where somebody must sign
//! in, 404 where there is a path parameter, 413, 415 and 422 where there is a body, 500 and 503. Unsigned
//! integers get the formats and limits that they have.

use serde_json::{Map, Value, json};
use utoipa::{OpenApi as _, openapi::OpenApi};

/// Schemas that every document has.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(contracts::problem::Problem, contracts::problem::FieldError)))]
struct Common;

/// The bytes of a file, in a document; utoipa would make an array of numbers of them.
#[derive(Debug, utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Binary(#[expect(dead_code, reason = "only its schema is used")] Vec<u8>);

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// The document as it is served: the service's own with everything filled in that all share.
pub fn document(service: &str, own: OpenApi) -> Value {
    let mut all = Common::openapi();
    all.merge(own);
    let mut document = serde_json::to_value(&all).unwrap_or_default();
    document["info"] = json!({ "title": format!("Maru {service}"), "version": env!("CARGO_PKG_VERSION") });
    document["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token of a user" },
        "service": {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "`Service <token>`, between services",
        },
    });
    tell_unsigned(&mut document);
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    complete(path, operation);
                }
            }
        }
    }
    document
}

/// Calls unsigned integers what they are: they are described as signed ones from 0, which end at half of what is
/// taken.
fn tell_unsigned(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(tell_unsigned),
        Value::Object(members) => {
            let unsigned = match (members.get("format").and_then(Value::as_str), members.get("minimum")) {
                (_, None) => None,
                (Some("int32"), Some(_)) => Some(("uint32", u64::from(u32::MAX))),
                (Some("int64"), Some(_)) => Some(("uint64", u64::MAX)),
                _ => None,
            };
            if let Some((format, maximum)) = unsigned {
                members.insert("format".to_owned(), format.into());
                members.entry("maximum").or_insert_with(|| maximum.into());
            }
            members.values_mut().for_each(tell_unsigned);
        }
        _ => {}
    }
}

fn complete(path: &str, operation: &mut Map<String, Value>) {
    if path.starts_with("/internal/") && !operation.contains_key("security") {
        operation.insert("security".to_owned(), json!([{ "service": [] }]));
    }
    let parameter = |place: &str| {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        parameters.is_some_and(|all| all.iter().any(|one| one["in"] == place))
    };
    let mut common = vec![("500", "Something went wrong here"), ("503", "Something needed is away; try again")];
    let body = operation.contains_key("requestBody");
    if body || parameter("query") {
        common.push(("400", "The query or the body cannot be read"));
    }
    if body {
        common.push(("413", "The body is too large"));
        common.push(("415", "The body has the wrong type"));
        common.push(("422", "A field breaks a rule"));
    }
    if parameter("path") || path.contains('{') {
        common.push(("404", "There is no such thing"));
    }
    if operation.contains_key("security") {
        common.push(("401", "Nobody is signed in, or the token has ended"));
        common.push(("403", "Whoever is signed in may not do this"));
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    if let Some(responses) = responses.as_object_mut() {
        for (status, description) in common {
            responses.entry(status).or_insert_with(|| problem(description));
        }
        for (status, response) in responses {
            // Who names only the status of an error means a problem.
            if status.as_str() >= "400" && response.get("content").is_none() && response.get("$ref").is_none() {
                response["content"] = problem_content();
            }
        }
    }
}

fn problem(description: &str) -> Value {
    json!({ "description": description, "content": problem_content() })
}

fn problem_content() -> Value {
    json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::OpenApi;

    use super::document;

    #[test]
    fn what_all_share_is_filled_in() {
        let own: OpenApi = serde_json::from_value(serde_json::json!({
            "openapi": "3.1.0", "info": { "title": "x", "version": "1" },
            "paths": { "/internal/x/{id}": { "get": {
                "parameters": [
                    { "name": "id", "in": "path", "required": true },
                    { "name": "n", "in": "query", "required": false, "schema":
                        { "type": "integer", "format": "int32", "minimum": 0 } },
                    { "name": "m", "in": "query", "required": false, "schema":
                        { "type": "integer", "format": "int32", "minimum": 1, "maximum": 9 } },
                ],
                "responses": { "200": { "description": "ok" }, "409": { "description": "taken" } },
            } } },
        }))
        .expect("a document");
        let document = document("test", own);
        let operation = &document["paths"]["/internal/x/{id}"]["get"];
        assert_eq!(operation["security"][0]["service"], serde_json::json!([]));
        for status in ["401", "403", "404", "409", "500", "503"] {
            let content = &operation["responses"][status]["content"]["application/problem+json"];
            assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{status}");
        }
        let limits = |n: usize| operation["parameters"][n]["schema"]["maximum"].as_u64();
        assert_eq!((limits(1), limits(2)), (Some(u64::from(u32::MAX)), Some(9)));
        assert_eq!(operation["parameters"][1]["schema"]["format"], "uint32");
        assert!(operation["responses"].get("422").is_none());
        assert!(document["components"]["schemas"]["Problem"].is_object());
    }
}
