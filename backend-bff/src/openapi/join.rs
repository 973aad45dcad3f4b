//! One OpenAPI document out of several.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::names::{self, Named};
use crate::{backend::Site, gateway, paths};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
const PREFIX: &str = "#/components/schemas/";

/// What each service is for.
const ABOUT: [(&str, &str); 6] = [
    ("auth", "Accounts, sessions, tokens"),
    ("blog", "Posts, categories, tags, drafts, search"),
    ("content", "Comments, likes, bookmarks"),
    ("page", "Static pages and notices"),
    ("analytics", "Views, visitors, numbers, bug reports"),
    ("storage", "Uploads, images, backups"),
];

/// The documents of all services as one: only what the gateway passes on, with what it adds. A service that
/// said nothing is named in `x-missing`.
pub(super) fn join(site: &Site, told: &[(&'static str, Option<Value>)]) -> Value {
    let known: Vec<(&'static str, &Value)> =
        told.iter().filter_map(|(name, document)| Some((*name, document.as_ref()?))).collect();
    let named = Named::new(known.iter().map(|(name, document)| (*name, &document["components"]["schemas"])));
    let mut paths = Map::new();
    for (service, document) in &known {
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            if is_public(path) && gateway::service(path) == Some(*service) {
                paths.insert(path.clone(), operations(service, path, item, &named));
            }
        }
    }
    let schemas = needed(&paths, named.schemas());
    let missing: Vec<&str> = told.iter().filter(|(_, document)| document.is_none()).map(|(name, _)| *name).collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": site.name,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Version 1 of the API; all paths answer below `/api/v1` as well. Errors are \
                `application/problem+json` (RFC 9457). Lists take `page` and `size` (at most 100).",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": site.origin }],
        "tags": ABOUT.map(|(name, about)| json!({ "name": name, "description": about })),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": security(site),
            "responses": { "RateLimited": rate_limited() },
        },
    });
    if !missing.is_empty() {
        document["info"]["x-missing"] = json!(missing);
    }
    document
}

/// Whether the gateway passes on what is asked there; `/internal` and what watches a service it does not.
fn is_public(path: &str) -> bool {
    ["/api", "/media", "/.well-known"].iter().any(|prefix| paths::is_under(path, prefix))
}

fn security(site: &Site) -> Value {
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An access token of `POST /api/auth/login`. Ends after five minutes; \
                `POST /api/auth/refresh-token` gives the next one.",
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": crate::sessions::cookie_name(site.secure),
            "description": "The session of a browser that signed in to the site.",
        },
    })
}

fn rate_limited() -> Value {
    json!({
        "description": "Too many requests of this kind in a minute; `Retry-After` says when to come back",
        "headers": {
            "Retry-After": { "description": "Seconds", "schema": { "type": "integer" } },
            "RateLimit-Policy": { "description": "Requests per seconds", "schema": { "type": "string" } },
            "RateLimit": { "description": "Requests that are left", "schema": { "type": "string" } },
        },
        "content": { "application/problem+json": { "schema": { "$ref": format!("{PREFIX}Problem") } } },
    })
}

/// A path's operations as the gateway offers them.
fn operations(service: &str, path: &str, item: &Value, named: &Named) -> Value {
    let mut item = item.clone();
    named.rename(service, &mut item);
    for method in METHODS {
        let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else { continue };
        operation.insert("operationId".to_owned(), names::operation_id(method, path).into());
        operation.insert("tags".to_owned(), json!([service]));
        if let Some(ways) = operation.get("security").and_then(Value::as_array).filter(|ways| !ways.is_empty()) {
            // An empty one among them means that nobody has to sign in.
            let guests = ways.iter().filter(|way| way.as_object().is_some_and(Map::is_empty)).take(1).cloned();
            let ways = guests.chain([json!({ "bearer": [] }), json!({ "session": [] })]).collect::<Vec<_>>();
            operation.insert("security".to_owned(), ways.into());
        }
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        if let Some(responses) = responses.as_object_mut() {
            responses.iter_mut().for_each(|(status, response)| describe(status, response));
            responses.insert("429".to_owned(), json!({ "$ref": "#/components/responses/RateLimited" }));
        }
    }
    item
}

/// Gives a response the description that each must have.
fn describe(status: &str, response: &mut Value) {
    let reason = status.parse().ok().and_then(|status: http::StatusCode| status.canonical_reason());
    if let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("$ref")) {
        response.entry("description").or_insert_with(|| reason.unwrap_or("Done").into());
    }
}

/// Those schemas that something refers to: what only `/internal/*` speaks of stays inside.
fn needed(paths: &Map<String, Value>, mut all: Map<String, Value>) -> Map<String, Value> {
    let mut needed = BTreeMap::new();
    let mut found = Vec::new();
    paths.values().for_each(|item| references(item, &mut found));
    found.push("Problem".to_owned());
    while let Some(name) = found.pop() {
        let Some(schema) = all.remove(&name) else { continue };
        references(&schema, &mut found);
        needed.insert(name, schema);
    }
    needed.into_iter().collect()
}

/// Names of the schemas that `value` refers to.
pub(super) fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix(PREFIX)) {
                found.push(name.to_owned());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site { name: "Test Hall".into(), origin: "https://maru.example".into(), secure: true, loopback: false }
    }

    fn service(paths: Value, schemas: Value) -> Option<Value> {
        Some(json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": schemas } }))
    }

    fn answer(schema: &str) -> Value {
        let content = json!({ "application/json": { "schema": { "$ref": format!("{PREFIX}{schema}") } } });
        json!({ "responses": { "200": { "description": "ok", "content": content } } })
    }

    #[test]
    fn only_what_the_gateway_passes_on_is_in_it() {
        let paths = json!({
            "/api/posts/{slug}": { "get": answer("Post") },
            "/api/users": { "get": answer("Secret") },
            "/internal/posts": { "get": answer("Secret") },
            "/health": { "get": answer("Secret") },
        });
        let schemas = json!({ "Post": { "type": "object" }, "Secret": { "type": "object" }, "Problem": {} });
        let document = join(&site(), &[("blog", service(paths, schemas)), ("auth", None)]);
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, ["/api/posts/{slug}"]);
        let schemas: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
        assert_eq!(schemas, ["Post", "Problem"]);
        let operation = &document["paths"]["/api/posts/{slug}"]["get"];
        assert_eq!((&operation["operationId"], &operation["tags"][0]), (&"get_posts_by_slug".into(), &"blog".into()));
        assert_eq!(operation["responses"]["429"]["$ref"], "#/components/responses/RateLimited");
        assert_eq!(document["info"]["x-missing"], json!(["auth"]));
        assert!(operation.get("security").is_none(), "nobody has to sign in");
    }

    #[test]
    fn what_is_needed_of_a_caller_and_of_a_document_is_there() {
        let mut own = answer("Post");
        own["security"] = json!([{}, { "bearer": [] }]);
        let change = json!({ "security": [{ "bearer": [] }, { "service": [] }], "responses": { "204": {} } });
        let paths = json!({ "/api/posts/{slug}": { "get": own, "delete": change } });
        let document = join(&site(), &[("blog", service(paths, json!({ "Post": {} })))]);
        let item = &document["paths"]["/api/posts/{slug}"];
        assert_eq!(item["get"]["security"], json!([{}, { "bearer": [] }, { "session": [] }]));
        assert_eq!(item["delete"]["security"], json!([{ "bearer": [] }, { "session": [] }]));
        assert_eq!(item["delete"]["responses"]["204"]["description"], "No Content");
    }

    #[test]
    fn different_things_of_one_name_stay_apart() {
        let one = json!({ "Paged": { "type": "object", "title": "of posts" }, "Problem": {} });
        let other = json!({
            "Paged": { "type": "object", "title": "of users" },
            "List": { "items": { "$ref": format!("{PREFIX}Paged") } },
            "Problem": {},
        });
        let document = join(
            &site(),
            &[
                ("blog", service(json!({ "/api/posts": { "get": answer("Paged") } }), one)),
                ("auth", service(json!({ "/api/users": { "get": answer("List") } }), other)),
            ],
        );
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["BlogPaged"]["title"], "of posts");
        assert_eq!(schemas["AuthPaged"]["title"], "of users");
        assert_eq!(schemas["List"]["items"]["$ref"], format!("{PREFIX}AuthPaged"));
        assert!(schemas["Problem"].is_object() && schemas["Paged"].is_null());
        let answer = &document["paths"]["/api/posts"]["get"]["responses"]["200"]["content"]["application/json"];
        assert_eq!(answer["schema"]["$ref"], format!("{PREFIX}BlogPaged"));
    }
}
