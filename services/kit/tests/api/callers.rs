//! Who is let in.

use axum::{Router, extract::FromRef, routing::get};
use contracts::module::Role;
use kit::{
    auth::{Access, OptionalViewer, ServiceCaller, Viewer},
    testing::{Backend, Client, TestDb, TestShared},
};

#[derive(Clone)]
struct State(Access);

impl FromRef<State> for Access {
    fn from_ref(state: &State) -> Self {
        state.0.clone()
    }
}

async fn app(shared: &TestShared) -> (Client, TestDb) {
    let db = TestDb::new(Backend::Sqlite).await;
    let routes = Router::new()
        .route("/me", get(async |viewer: Viewer| viewer.id().to_owned()))
        .route("/hello", get(async |OptionalViewer(viewer): OptionalViewer| viewer.is_some().to_string()))
        .route("/internal/x", get(async |_: ServiceCaller| "ok"))
        .with_state(State(Access::from(&shared.shared)));
    (Client::new(kit::http::finish("test", db.connect().await, routes)), db)
}

#[tokio::test]
async fn a_token_is_good_until_it_ends() {
    let shared = TestShared::new();
    let (client, _db) = app(&shared).await;
    let token = shared.token("u1", "Somebody", Role::User);
    let owner = client.with_token(&token);
    assert_eq!(owner.get("/me").await.body, "u1");
    // From the cache.
    assert_eq!(owner.get("/me").await.body, "u1");
    shared.advance(time::Duration::minutes(6));
    assert_eq!(owner.get("/me").await.problem(401).code, "unauthenticated");
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let shared = TestShared::new();
    let (client, _db) = app(&shared).await;
    let token = shared.token("u1", "Somebody", Role::User);
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let (_, payload) = signed.split_once('.').expect("three parts");
    // {"alg":"none","kid":"test"}
    let unsigned = format!("eyJhbGciOiJub25lIiwia2lkIjoidGVzdCJ9.{payload}.");
    let stranger = TestShared::new().token("u1", "Somebody", Role::Admin);
    let cut = format!("{signed}.{}", &signature[..20]);
    for forged in [unsigned.as_str(), &stranger, &cut, "x", "..", ""] {
        client.with_token(forged).get("/me").await.problem(401);
        client.with_token(forged).get("/hello").await.problem(401);
    }
}

#[tokio::test]
async fn guests_users_and_services_are_told_apart() {
    let shared = TestShared::new();
    let (client, _db) = app(&shared).await;
    assert_eq!(client.get("/hello").await.body, "false");
    client.get("/me").await.problem(401);
    client.get("/internal/x").await.problem(401);
    client.with_token(&shared.token("u1", "x", Role::Admin)).get("/internal/x").await.problem(401);
    client.service().get("/me").await.problem(401);
    assert_eq!(client.service().get("/internal/x").await.body, "ok");
}
