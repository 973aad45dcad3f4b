//! The document that says what there is.

use kit::testing::Backend;
use serde_json::Value;

use crate::support::Auth;

kit::on_both_databases!(every_route_is_documented);

async fn every_route_is_documented(backend: Backend) {
    let auth = Auth::start(backend).await;
    let document: Value = auth.client.get("/openapi.json").await.json(200);
    let paths = document["paths"].as_object().expect("paths");
    for path in [
        "/api/auth/register",
        "/api/auth/login",
        "/api/auth/google",
        "/api/auth/oidc/{provider}",
        "/api/auth/oidc/{provider}/callback",
        "/api/auth/me",
        "/api/auth/me/export",
        "/api/auth/sessions/{id}",
        "/api/auth/settings",
        "/api/users",
        "/api/users/{id}/role",
        "/api/users/audit",
        "/internal/users/name-taken",
        "/.well-known/jwks.json",
        "/.well-known/openid-configuration",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    // What it refers to is there.
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap_or_default();
        assert!(schemas.contains_key(name), "{name}");
    }
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(!summary.is_empty() || path.starts_with("/internal/"), "{method} {path} says what it does");
            let responses = operation["responses"].as_object().expect("responses");
            let has_success = responses.keys().any(|status| status.as_str() < "400");
            assert!(has_success, "{method} {path}");
        }
    }
}
