//! `GET /.well-known/jwks.json`, `GET /.well-known/openid-configuration`

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::{Value, json};

use crate::app::App;

/// Half of the time that a new key is published before it signs.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

fn cached(document: Value) -> Response {
    ([(header::CACHE_CONTROL, CACHED)], Json(document)).into_response()
}

/// The public keys of access tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "keys",
    responses((status = 200, body = Value, content_type = "application/json")),
)]
pub(super) async fn keys(State(app): State<App>) -> Response {
    cached(app.keyring.jwks())
}

/// What there is to know of the issuer of access tokens. It lets nobody sign in elsewhere with an
/// account from here, so there is no authorization endpoint.
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", tag = "keys",
    responses((status = 200, body = Value, content_type = "application/json")),
)]
pub(super) async fn configuration(State(app): State<App>) -> Response {
    let (issuer, url) = (app.verifier.issuer(), &app.site.url);
    cached(json!({
        "issuer": issuer,
        "jwks_uri": format!("{url}/.well-known/jwks.json"),
        "userinfo_endpoint": format!("{url}/api/auth/me"),
        "end_session_endpoint": format!("{url}/api/auth/logout"),
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": app.keyring.algorithms(),
        "access_token_signing_alg_values_supported": app.keyring.algorithms(),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "jti", "sid", "name", "role", "picture", "generation"],
    }))
}
