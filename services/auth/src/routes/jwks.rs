//! `GET /.well-known/jwks.json`: the public keys of access tokens.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::app::App;

pub(super) async fn handle(State(app): State<App>) -> Json<Value> {
    Json(json!({ "keys": [{
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": app.signer.kid(),
        "x": app.signer.public_key(),
    }] }))
}
