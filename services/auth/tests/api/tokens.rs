//! Access tokens that somebody made up, and those that ended before their time.

use auth::settings::{ClientSettings, KeyKind};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    auth::{Claims, LoginInput, Me, Revocations, Tokens},
    events::{AccessRevoked, Event},
    module::Role,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use kit::{auth::RevocationListener, bus::Consumer, testing::Backend};
use serde_json::{Value, json};

use crate::support::{Auth, Listener, PASSWORD};

kit::on_both_databases!(
    made_up_tokens_open_nothing,
    clients_get_tokens_of_their_own,
    what_ended_is_refused_at_once_everywhere,
    a_restart_forgets_no_revocation,
);

fn parts(token: &str) -> Vec<&str> {
    token.split('.').collect()
}

fn claims(token: &str) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(parts(token)[1]).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn made_up_tokens_open_nothing(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let token = auth.member("user@example.com", Role::User).await.access_token;
    let refused = async |token: &str| {
        auth.client.with_token(token).get("/api/auth/me").await.problem(401);
        auth.client.with_token(token).get("/api/users").await.problem(401);
    };
    let jwks: Value = auth.client.get("/.well-known/jwks.json").await.json(200);
    let kid = jwks["keys"][0]["kid"].as_str().expect("a name").to_owned();
    let mut grand = claims(&token);
    grand["role"] = "ADMIN".into();
    let (head, body, signature) = (parts(&token)[0], parts(&token)[1], parts(&token)[2]);

    refused(&format!("{head}.{}.{signature}", encode(&grand))).await;
    for algorithm in ["none", "None", "NONE", ""] {
        refused(&format!("{}.{}.", encode(&json!({ "alg": algorithm, "kid": kid })), encode(&grand))).await;
    }
    refused(&format!("{head}.{body}.")).await;
    // The public key as if it were a shared secret.
    let x = jwks["keys"][0]["x"].as_str().expect("a key");
    for secret in [x.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(x).expect("base64")] {
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
        refused(&jsonwebtoken::encode(&header, &grand, &EncodingKey::from_secret(&secret)).expect("signed")).await;
    }
    refused(&auth.shared.token("nobody", "Nobody", Role::Admin).replace('.', "..")).await;
    // A good signature of somebody who is not there opens nothing that needs an account.
    let ghost = auth.shared.token("nobody", "Nobody", Role::User);
    auth.client.with_token(&ghost).get("/api/auth/me").await.problem(401);
    for nonsense in ["", "x", "a.b.c", &"x".repeat(10_000)] {
        refused(nonsense).await;
    }
    auth.signed_in(&admin).get("/api/users").await.json::<Value>(200);
}

async fn clients_get_tokens_of_their_own(backend: Backend) {
    let auth = Auth::start_with(backend, |settings| {
        settings.clients = vec![
            ClientSettings { audience: "old-app".into(), signed_with: KeyKind::Rs256 },
            ClientSettings { audience: "app".into(), signed_with: KeyKind::EdDsa },
        ];
    })
    .await;
    auth.member("a@example.com", Role::Author).await;
    let login = async |audience: &str| {
        let input =
            LoginInput { email: "a@example.com".into(), password: PASSWORD.into(), audience: Some(audience.into()) };
        auth.client.post("/api/auth/login", &input).await
    };
    assert_eq!(login("nobody").await.field_error(), ("audience".into(), "unknown".into()));
    let jwks: JwkSet = auth.client.get("/.well-known/jwks.json").await.json(200);
    let configuration: Value = auth.client.get("/.well-known/openid-configuration").await.json(200);
    assert_eq!(configuration["issuer"], "https://maru.test");
    assert_eq!(configuration["jwks_uri"], "https://maru.test/.well-known/jwks.json");
    assert_eq!(configuration["access_token_signing_alg_values_supported"], json!(["EdDSA", "RS256"]));

    for (audience, algorithm) in [("old-app", Algorithm::RS256), ("app", Algorithm::EdDSA)] {
        let mut tokens: Tokens = login(audience).await.json(200);
        for _ in 0..2 {
            let header = jsonwebtoken::decode_header(&tokens.access_token).expect("a header");
            assert_eq!(header.alg, algorithm);
            let key = jwks.find(header.kid.as_deref().expect("a name")).expect("published");
            let mut validation = Validation::new(algorithm);
            validation.set_audience(&[audience]);
            validation.set_issuer(&["https://maru.test"]);
            let key = DecodingKey::from_jwk(key).expect("a key");
            let token = jsonwebtoken::decode::<Claims>(&tokens.access_token, &key, &validation).expect("good");
            assert_eq!((token.claims.aud.as_str(), token.claims.role), (audience, Role::Author));
            // What is for others is not for us.
            auth.signed_in(&tokens).get("/api/auth/me").await.problem(401);
            // The next one is for the same client.
            tokens = auth.refresh(&tokens.refresh_token).await.json(200);
        }
    }
}

async fn what_ended_is_refused_at_once_everywhere(backend: Backend) {
    let auth = Auth::start(backend).await;
    let heard = Listener::on(&auth);
    let here: Tokens = auth.register("a@example.com").await;
    let there: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    // A process of its own learns of it by the event; one that starts later, by asking.
    let elsewhere = kit::testing::TestShared::new();
    let keys: Value = auth.client.get("/.well-known/jwks.json").await.json(200);
    let (kid, x) = (keys["keys"][0]["kid"].as_str().expect("kid"), keys["keys"][0]["x"].as_str().expect("x"));
    elsewhere.shared.verifier.add_key(kid, x).expect("a key");
    assert!(elsewhere.shared.verifier.verify(&here.access_token).await.is_some());

    assert_eq!(auth.logout(&here.refresh_token).await.status, 204);
    auth.signed_in(&here).get("/api/auth/me").await.problem(401);
    auth.signed_in(&there).get("/api/auth/me").await.json::<Me>(200);
    let event = heard.heard(AccessRevoked::KIND, 1).await.remove(0);
    RevocationListener(elsewhere.shared.verifier.clone()).receive(&event).await.expect("taken");
    assert!(elsewhere.shared.verifier.verify(&here.access_token).await.is_none());
    assert!(elsewhere.shared.verifier.verify(&there.access_token).await.is_some());
    let sid = claims(&here.access_token)["sid"].as_str().expect("a session").to_owned();
    let revoked: Revocations = auth.client.service().get("/internal/revocations").await.json(200);
    assert_eq!(revoked.sessions, [sid]);
    auth.shared.advance(time::Duration::minutes(11));
    let revoked: Revocations = auth.client.service().get("/internal/revocations").await.json(200);
    assert!(revoked.sessions.is_empty(), "their tokens have ended by themselves");
}

async fn a_restart_forgets_no_revocation(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    let other: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    auth.logout(&tokens.refresh_token).await;
    let auth = auth.restart().await;
    auth.signed_in(&tokens).get("/api/auth/me").await.problem(401);
    auth.signed_in(&other).get("/api/auth/me").await.json::<Me>(200);
    // Nor what was tried in vain.
    for _ in 0..10 {
        auth.login("a@example.com", "not the password").await.problem(401);
    }
    let auth = auth.restart().await;
    auth.login("a@example.com", PASSWORD).await.problem(429);
}
