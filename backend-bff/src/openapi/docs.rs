//! The joined document as a page: plain HTML, without scripts of its own, found by the browser's search.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map, Value};

use super::shape;
use crate::{backend::Site, document::THEME_SCRIPT};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// The page.
pub(super) fn page(site: &Site, document: &Value) -> Markup {
    let tags = document["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                title { "API · " (site.name) }
                link rel="icon" href="/favicon.svg";
                link rel="stylesheet" href="/api/docs.css";
                script { (PreEscaped(THEME_SCRIPT)) }
            }
            body {
                a.skip href="#content" { "Skip to the operations" }
                header {
                    p { a href="/" { (site.name) } }
                    h1 { "API" }
                    p { (prose(text(&document["info"]["description"]))) }
                    p { "As a document for programs: " a href="/api/openapi.json" { "openapi.json" } " (OpenAPI 3.1)" }
                    @if let Some(missing) = document["info"]["x-missing"].as_array() {
                        p.missing role="status" {
                            "Not answering right now, so not on this page: "
                            (missing.iter().map(text).collect::<Vec<_>>().join(", "))
                        }
                    }
                }
                nav aria-label="Operations" {
                    @for tag in tags {
                        (contents(text(&tag["name"]), document))
                    }
                    p { a href="#schemas" { "Schemas" } }
                }
                main id="content" {
                    (signing_in(document))
                    @for tag in tags {
                        (service(tag, document))
                    }
                    (schemas(&document["components"]["schemas"]))
                }
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The operations of a service: method, path, operation.
fn operations<'a>(service: &'a str, document: &'a Value) -> impl Iterator<Item = (&'static str, &'a str, &'a Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| Some((method, &**path, item.get(method)?)))
        })
        .filter(move |(_, _, operation)| text(&operation["tags"][0]) == service)
}

fn contents(service: &str, document: &Value) -> Markup {
    html! {
        details {
            summary { (service) }
            ul {
                @for (method, path, operation) in operations(service, document) {
                    li { a href={ "#" (text(&operation["operationId"])) } { (badge(method)) " " (path_name(path)) } }
                }
            }
        }
    }
}

fn badge(method: &str) -> Markup {
    html! { span class={ "method " (method) } { (method.to_uppercase()) } }
}

/// A path that breaks after its slashes on narrow screens.
fn path_name(path: &str) -> Markup {
    html! { code { @for part in path.split_inclusive('/') { (part) wbr; } } }
}

fn signing_in(document: &Value) -> Markup {
    let schemes = document["components"]["securitySchemes"].as_object();
    html! {
        section id="signing-in" {
            h2 { "Signing in" }
            dl {
                @for (name, scheme) in schemes.into_iter().flatten() {
                    dt { code { (name) } }
                    dd { (prose(text(&scheme["description"]))) }
                }
            }
        }
    }
}

fn service(tag: &Value, document: &Value) -> Markup {
    let name = text(&tag["name"]);
    html! {
        section id=(name) {
            h2 { (name) }
            p { (text(&tag["description"])) }
            @for (method, path, of) in operations(name, document) {
                (operation(method, path, of, document))
            }
        }
    }
}

fn operation(method: &str, path: &str, operation: &Value, document: &Value) -> Markup {
    let id = text(&operation["operationId"]);
    let ways = operation["security"].as_array().map(Vec::as_slice).unwrap_or_default();
    let guests = ways.iter().any(|way| way.as_object().is_some_and(Map::is_empty));
    html! {
        article id=(id) {
            h3 { a href={ "#" (id) } { (badge(method)) " " (path_name(path)) } }
            @if !text(&operation["summary"]).is_empty() { p { (prose(text(&operation["summary"]))) } }
            @if !text(&operation["description"]).is_empty() { p { (prose(text(&operation["description"]))) } }
            @if guests { p.guarded { "For everybody; whoever signs in may see more." } }
            @else if !ways.is_empty() { p.guarded { "Needs a sign-in." } }
            @if let Some(parameters) = operation["parameters"].as_array().filter(|all| !all.is_empty()) {
                (self::parameters(parameters))
            }
            @if let Some(content) = operation["requestBody"]["content"].as_object() {
                h4 { "Body" }
                (bodies(content))
            }
            h4 { "Answers" }
            dl.answers {
                @for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                    (answer(status, resolved(response, document)))
                }
            }
        }
    }
}

fn parameters(parameters: &[Value]) -> Markup {
    html! {
        h4 { "Parameters" }
        dl.fields {
            @for parameter in parameters {
                (field(text(&parameter["name"]), &parameter["schema"], parameter["required"] == true, html! {
                    span.place { "in the " (text(&parameter["in"])) } " "
                    (prose(text(&parameter["description"])))
                }))
            }
        }
    }
}

fn field(name: &str, schema: &Value, required: bool, about: Markup) -> Markup {
    html! {
        dt { code { (name) } @if required { " " span.required { "required" } } }
        dd {
            span.kind { (shape::words(schema)) }
            @let limits = shape::limits(schema);
            @if !limits.is_empty() { " " span.limits { "(" (limits) ")" } }
            " " (about)
        }
    }
}

fn bodies(content: &Map<String, Value>) -> Markup {
    html! {
        @for (kind, body) in content {
            p { code { (kind) } ": " (shape::words(&body["schema"])) }
        }
    }
}

/// The response itself, where there is only a reference to it.
fn resolved<'a>(response: &'a Value, document: &'a Value) -> &'a Value {
    let pointer = response["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(response)
}

fn answer(status: &str, response: &Value) -> Markup {
    let contents = response["content"].as_object();
    html! {
        dt class={ "status s" (&status[..1.min(status.len())]) } { code { (status) } }
        dd {
            (prose(text(&response["description"])))
            @for (kind, body) in contents.into_iter().flatten() {
                @if kind != "application/problem+json" {
                    " " span.kind { (shape::words(&body["schema"])) @if kind != "application/json" { " " code { (kind) } } }
                }
            }
        }
    }
}

fn schemas(schemas: &Value) -> Markup {
    html! {
        section id="schemas" {
            h2 { "Schemas" }
            @for (name, schema) in schemas.as_object().into_iter().flatten() {
                article id={ "schema-" (name) } {
                    h3 { a href={ "#schema-" (name) } { (name) } }
                    p { (prose(text(&schema["description"]))) }
                    (shape_of(schema))
                }
            }
        }
    }
}

fn shape_of(schema: &Value) -> Markup {
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    html! {
        @if let Some(all) = schema["allOf"].as_array() {
            @for part in all { (shape_of(part)) }
        } @else if let Some(properties) = schema["properties"].as_object() {
            dl.fields {
                @for (name, property) in properties {
                    (field(name, property, required(name), prose(text(&property["description"]))))
                }
            }
        } @else {
            p { (shape::words(schema)) }
        }
    }
}

/// A sentence in which `code` stands in backticks.
fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_services_say_is_text() {
        let site = Site { name: "A <hall>".into(), origin: String::new(), secure: false, loopback: true };
        let document = json!({
            "info": { "description": "<script>alert(1)</script>" },
            "tags": [{ "name": "blog", "description": "" }],
            "paths": { "/api/posts/{slug}": { "get": {
                "operationId": "get_posts_by_slug", "tags": ["blog"], "summary": "Reads `one` <b>post</b>",
                "parameters": [{ "name": "slug", "in": "path", "required": true, "schema": { "type": "string", "maxLength": 80 } }],
                "responses": { "404": { "description": "\"><img src=x>" } },
            } } },
            "components": { "schemas": { "Post": { "properties": { "title": { "type": ["string", "null"] } }, "required": ["title"] } } },
        });
        let html = page(&site, &document).into_string();
        for piece in ["<script>alert", "<b>post", "<img", "A <hall>"] {
            assert!(!html.contains(piece), "{piece}");
        }
        for piece in
            ["<code>one</code>", "id=\"get_posts_by_slug\"", "characters: at most 80", "text or nothing", "required"]
        {
            assert!(html.contains(piece), "{piece} in {html}");
        }
    }
}
