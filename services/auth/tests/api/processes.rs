//! Processes of their own, joined by RabbitMQ and HTTP.

use auth::Settings;
use contracts::auth::{LoginInput, RefreshInput, RegisterInput, RotateInput, SigningKeys, Tokens};
use kit::{
    Secret, Shared, SharedSettings,
    auth::Verifier,
    serve,
    testing::{Backend, Client, SERVICE_TOKEN, TestDb, eventually, rabbitmq},
};

use crate::support::PASSWORD;

async fn connected(shared: &Shared) {
    eventually("a connection", || async { shared.bus.check().await.ok() }).await;
}

async fn refused(verifier: &Verifier, tokens: &Tokens) {
    let refused = || async { verifier.verify(&tokens.access_token).await.is_none().then_some(()) };
    eventually("a token being refused", refused).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_is_refused_in_every_process() {
    let (db, data) = (TestDb::new(Backend::Sqlite).await, tempfile::tempdir().expect("a folder"));
    let settings = SharedSettings {
        public_url: "https://maru.test".into(),
        service_token: Secret::new(SERVICE_TOKEN),
        bus_url: Some(Secret::new(rabbitmq::url())),
        cache_url: None,
        jwks_url: None,
        peers: Vec::new(),
    };
    let home = Shared::alone("auth", &settings).expect("a process");
    let service = auth::start(Settings::new(db.url.clone(), data.path()), &home).await.expect("auth starts");
    let client = Client::new(service.router.clone());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let serving = tokio::spawn({
        let home = home.clone();
        async move { serve::serve(service, &home, listener).await }
    });
    connected(&home).await;
    let jwks_url = Some(format!("{url}/.well-known/jwks.json"));
    let settings = SharedSettings { jwks_url, peers: vec![("auth".into(), url)], ..settings };
    let process = async || {
        let shared = Shared::alone("other", &settings).expect("a process");
        shared.bus.open();
        connected(&shared).await;
        shared
    };
    let early = process().await;

    let input = RegisterInput {
        email: "a@example.com".into(),
        name: "Somebody".into(),
        password: PASSWORD.into(),
        ..RegisterInput::default()
    };
    let first: Tokens = client.post("/api/auth/register", &input).await.json(201);
    assert!(early.verifier.verify(&first.access_token).await.is_some());
    let input = RefreshInput { refresh_token: first.refresh_token.clone() };
    assert_eq!(client.post("/api/auth/logout", &input).await.status, 204);
    refused(&early.verifier, &first).await;
    // Who starts later asks what they did not hear.
    let late = process().await;
    refused(&late.verifier, &first).await;

    let input = LoginInput { email: "a@example.com".into(), password: PASSWORD.into(), ..LoginInput::default() };
    let second: Tokens = client.post("/api/auth/login", &input).await.json(200);
    assert!(early.verifier.verify(&second.access_token).await.is_some());
    let input = RotateInput { compromised: true };
    client.service().post("/internal/keys/rotate", &input).await.json::<SigningKeys>(200);
    refused(&early.verifier, &second).await;
    let input = RefreshInput { refresh_token: second.refresh_token };
    let third: Tokens = client.post("/api/auth/refresh-token", &input).await.json(200);
    let taken = || async { early.verifier.verify(&third.access_token).await };
    eventually("the new key", taken).await;

    for shared in [&early, &late, &home] {
        shared.shutdown.cancel();
    }
    serving.await.expect("no panic").expect("a clean end");
}
