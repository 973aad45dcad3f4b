//! `/api/openapi.json` and `/api/docs` of a whole site.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Hall;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| METHODS.iter().filter_map(move |method| Some((*method, &**path, item.get(method)?))))
        .collect()
}

/// Every `$ref` of a document.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_services_are_one_document() {
    let hall = Hall::open().await;
    let reply = hall.guest().get("/api/openapi.json").await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    let document: Value = reply.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"].get("x-missing").is_none(), "{}", document["info"]);
    let operations = operations(&document);
    for (method, path, service) in [
        ("post", "/api/auth/login", "auth"),
        ("get", "/api/users", "auth"),
        ("get", "/api/posts/{slug}", "blog"),
        ("get", "/api/search", "blog"),
        ("get", "/api/bookmarks", "content"),
        ("get", "/api/pages", "page"),
        ("get", "/api/stats", "analytics"),
        ("post", "/api/upload", "storage"),
    ] {
        let found = operations.iter().find(|(m, p, _)| (*m, *p) == (method, path));
        let (_, _, operation) = found.unwrap_or_else(|| panic!("{method} {path}"));
        assert_eq!(operation["tags"][0], service, "{method} {path}");
        assert_eq!(operation["responses"]["429"]["$ref"], "#/components/responses/RateLimited");
    }
    assert!(operations.iter().all(|(_, path, _)| !path.contains("internal")), "what is inside stays inside");
    let ids: BTreeSet<&str> = operations.iter().filter_map(|(_, _, one)| one["operationId"].as_str()).collect();
    assert_eq!(ids.len(), operations.len(), "each has a name of its own");

    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(found.contains(format!("#/components/schemas/{name}").as_str()), "nothing refers to {name}");
    }
    // A parameter of a path is declared, as generators of clients expect.
    for (method, path, operation) in &operations {
        let declared: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let named: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        assert_eq!(declared, named, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_can_be_read_as_a_page() {
    let hall = Hall::open().await;
    let mut guest = hall.guest();
    let document: Value = guest.get("/api/v1/openapi.json").await.json();
    let page = guest.get("/api/docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let html = page.text();
    for (_, _, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("a name");
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let mut links: Vec<&str> = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    links.sort_unstable();
    links.dedup();
    for link in links {
        assert!(html.contains(&format!("id=\"{link}\"")), "#{link} leads somewhere");
    }
    assert!(!html.contains("style=\"") && !html.contains("onclick"), "as the policy wants it");
    assert_eq!(html.matches("<script").count(), 1, "the one that the policy names");
    assert_eq!(guest.get("/api/docs.css").await.header("content-type"), "text/css; charset=utf-8");
}
