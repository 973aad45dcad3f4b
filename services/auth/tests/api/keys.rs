//! Keys take turns.

use auth::settings::{ClientSettings, KeyKind};
use contracts::{
    auth::{Maintained, Me, RefreshInput, RotateInput, SigningKeys, Tokens},
    events::{Event, KeysRotated},
    module::Role,
};
use kit::{
    auth::{RevocationListener, Verifier},
    bus::Consumer,
    db::sql,
    testing::{Backend, Client, TestShared},
};
use serde_json::Value;
use time::Duration;

use crate::support::{Auth, Listener, PASSWORD};

kit::on_both_databases!(
    a_new_key_is_published_before_it_signs_and_an_old_one_stays,
    keys_change_by_themselves,
    a_key_that_is_not_to_be_trusted_goes_at_once,
    a_withdrawn_key_is_taken_by_no_other_process,
    private_keys_are_unreadable_without_the_secret,
    the_key_of_earlier_versions_is_taken_over,
);

async fn published(auth: &Auth) -> Vec<String> {
    let jwks: Value = auth.client.get("/.well-known/jwks.json").await.json(200);
    let keys = jwks["keys"].as_array().expect("keys");
    assert!(keys.iter().all(|key| key.get("d").is_none()), "the private half stays here");
    keys.iter().map(|key| key["kid"].as_str().expect("a name").to_owned()).collect()
}

fn signed_by(tokens: &Tokens) -> String {
    jsonwebtoken::decode_header(&tokens.access_token).expect("a header").kid.expect("a name")
}

async fn maintain(auth: &Auth) -> Maintained {
    auth.client.service().post("/internal/maintenance", &()).await.json(200)
}

async fn a_new_key_is_published_before_it_signs_and_an_old_one_stays(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let old = published(&auth).await;
    assert_eq!(old.len(), 1);
    let client = auth.signed_in(&admin);
    let keys: SigningKeys = client.post("/api/auth/keys/rotate", &RotateInput::default()).await.json(200);
    assert_eq!(client.get("/api/auth/keys").await.json::<SigningKeys>(200), keys);
    assert_eq!(keys.keys.iter().map(|key| key.signs).collect::<Vec<_>>(), [false, true]);
    let both = published(&auth).await;
    assert_eq!(both.len(), 2);
    // It is published and does not sign yet.
    let before: Tokens = auth.login("admin@example.com", PASSWORD).await.json(200);
    assert_eq!(signed_by(&before), old[0]);

    auth.shared.advance(Duration::minutes(11));
    let after: Tokens = auth.login("admin@example.com", PASSWORD).await.json(200);
    assert_eq!(signed_by(&after), both[0]);
    assert_ne!(both[0], old[0]);
    auth.signed_in(&after).get("/api/auth/me").await.json::<Me>(200);
    assert_eq!(maintain(&auth).await.keys_removed, 0, "its last token may still be about");
    auth.shared.advance(Duration::minutes(10));
    assert_eq!(maintain(&auth).await.keys_removed, 1);
    assert_eq!(published(&auth).await, both[..1]);

    let user = auth.signed_in(&auth.member("user@example.com", Role::User).await);
    user.post("/api/auth/keys/rotate", &RotateInput::default()).await.problem(403);
    user.get("/api/auth/keys").await.problem(403);
    auth.shared.advance(Duration::minutes(6));
    let late: Tokens = auth.refresh(&after.refresh_token).await.json(200);
    let late = auth.signed_in(&late).post("/api/auth/keys/rotate", &RotateInput::default()).await;
    assert_eq!(late.problem(403).code, "fresh_sign_in_needed");
}

async fn keys_change_by_themselves(backend: Backend) {
    let auth = Auth::start_with(backend, |settings| {
        settings.clients = vec![ClientSettings { audience: "old".into(), signed_with: KeyKind::Rs256 }];
    })
    .await;
    let first = published(&auth).await;
    assert_eq!(first.len(), 2, "one of each kind");
    auth.shared.advance(Duration::days(89));
    assert_eq!(maintain(&auth).await.keys_made, 0);
    auth.shared.advance(Duration::days(2));
    assert_eq!(maintain(&auth).await.keys_made, 2);
    assert_eq!(maintain(&auth).await.keys_made, 0);
    assert_eq!(published(&auth).await.len(), 4);
    auth.shared.advance(Duration::minutes(21));
    assert_eq!(maintain(&auth).await.keys_removed, 2);
    let last = published(&auth).await;
    assert!(last.iter().all(|kid| !first.contains(kid)));
    let tokens = auth.register("a@example.com").await;
    auth.signed_in(&tokens).get("/api/auth/me").await.json::<Me>(200);
}

async fn a_key_that_is_not_to_be_trusted_goes_at_once(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    auth.signed_in(&tokens).get("/api/auth/me").await.json::<Me>(200);
    let before = published(&auth).await;
    let service = auth.client.service();
    let keys: SigningKeys = service.post("/internal/keys/rotate", &RotateInput { compromised: true }).await.json(200);
    assert!(keys.keys.len() == 1 && keys.keys[0].signs);
    assert_ne!(published(&auth).await, before);
    // Even a token that was found good a moment ago.
    auth.signed_in(&tokens).get("/api/auth/me").await.problem(401);
    let next: Tokens = auth.refresh(&tokens.refresh_token).await.json(200);
    auth.signed_in(&next).get("/api/auth/me").await.json::<Me>(200);
    auth.client.post("/internal/keys/rotate", &RotateInput::default()).await.problem(401);
}

async fn a_withdrawn_key_is_taken_by_no_other_process(backend: Backend) {
    let auth = Auth::start(backend).await;
    let heard = Listener::on(&auth);
    let tokens = auth.register("a@example.com").await;
    // A replica on the same database, and a process without the service, which asks the replica for the keys.
    let other = TestShared::new();
    let settings = auth::Settings::new(auth.db.url.clone(), auth.data.path());
    let router = auth::start(settings, &other.shared).await.expect("auth starts").router;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let keys = format!("http://{}/.well-known/jwks.json", listener.local_addr().expect("an address"));
    tokio::spawn(kit::server::serve(listener, router.clone(), other.shared.shutdown.clone()));
    let elsewhere = Verifier::remote("https://maru.test", keys, auth.shared.shared.clock.clone());
    let replica = Client::new(router);
    replica.with_token(&tokens.access_token).get("/api/auth/me").await.json::<Me>(200);
    assert!(elsewhere.verify(&tokens.access_token).await.is_some());

    let input = RotateInput { compromised: true };
    auth.client.service().post("/internal/keys/rotate", &input).await.json::<SigningKeys>(200);
    let event = heard.heard(KeysRotated::KIND, 1).await.remove(0);
    // Told before the replica is, it hears of the old key once more, and found the token good a moment ago.
    RevocationListener(elsewhere.clone()).receive(&event).await.expect("taken");
    assert!(elsewhere.verify(&tokens.access_token).await.is_none());

    other.shared.bus.open();
    other.shared.bus.publish(&event).await.expect("taken");
    replica.with_token(&tokens.access_token).get("/api/auth/me").await.problem(401);
    let input = RefreshInput { refresh_token: tokens.refresh_token };
    let next: Tokens = replica.post("/api/auth/refresh-token", &input).await.json(200);
    assert_eq!(signed_by(&next), published(&auth).await[0], "the replica signs with the new key");
    assert!(elsewhere.verify(&next.access_token).await.is_some(), "the new key is asked for at once");
}

async fn private_keys_are_unreadable_without_the_secret(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    let before = published(&auth).await;
    // Who has the database alone cannot sign: a new key is made, and the sessions go on.
    std::fs::remove_file(auth.data.path().join("key-secret")).expect("there");
    let auth = auth.restart().await;
    assert_ne!(published(&auth).await, before);
    auth.signed_in(&tokens).get("/api/auth/me").await.problem(401);
    auth.refresh(&tokens.refresh_token).await.json::<Tokens>(200);
}

async fn the_key_of_earlier_versions_is_taken_over(backend: Backend) {
    use ed25519_dalek::{
        SigningKey,
        pkcs8::{EncodePrivateKey, spki::der::pem::LineEnding},
    };
    let auth = Auth::start(backend).await;
    let db = auth.db.connect().await;
    sql::execute(db.write(), "DELETE FROM signing_keys", []).await.expect("deleted");
    let file = auth.data.path().join("signing-key.pem");
    let pem = SigningKey::from_bytes(&[7; 32]).to_pkcs8_pem(LineEnding::LF).expect("a key");
    std::fs::write(&file, pem.as_bytes()).expect("written");
    let auth = auth.restart().await;
    assert!(!file.exists(), "it is in the database now, sealed");
    let first = published(&auth).await;
    let auth = auth.restart().await;
    assert_eq!(published(&auth).await, first);
    assert_eq!(signed_by(&auth.register("a@example.com").await), first[0]);
}
