//! Calls from service to service, in one process and over HTTP, and what surrounds a service.

use axum::{Router, http::HeaderMap, routing::get};
use contracts::problem::Problem;
use kit::{
    ApiError, Frame, Secret, Shared, SharedSettings,
    auth::ServiceCaller,
    context,
    peers::{PeerError, Peers},
    serve,
    testing::{Backend, Client, SERVICE_TOKEN, TestDb, TestShared, rabbitmq, redis},
};
use utoipa::openapi::OpenApi;

#[derive(Clone)]
struct State(kit::auth::Access);

impl axum::extract::FromRef<State> for kit::auth::Access {
    fn from_ref(state: &State) -> Self {
        state.0.clone()
    }
}

async fn service(shared: &Shared) -> (kit::Service, TestDb) {
    let test = TestDb::new(Backend::Sqlite).await;
    let routes = Router::new()
        .route("/internal/name", get(async |_: ServiceCaller| axum::Json("other")))
        .route("/internal/nothing", get(async |_: ServiceCaller| ApiError::from(Problem::not_found("thing"))))
        .route(
            "/internal/trail",
            get(async |headers: HeaderMap| {
                let context = context::Context::of(&headers);
                axum::Json((context.request_id, context.traceparent, context.deadline.is_some()))
            }),
        )
        .with_state(State(kit::auth::Access::from(shared)));
    let db = test.connect().await;
    (Frame::new("other", db, shared).finish(routes, OpenApi::default()), test)
}

async fn calls_work(peers: &Peers) {
    assert_eq!(peers.get::<String>("other", "/internal/name").await.expect("an answer"), "other");
    assert_eq!(peers.find::<String>("other", "/internal/nothing").await.expect("an answer"), None);
    assert!(matches!(peers.get::<u8>("other", "/internal/name").await, Err(PeerError::Unreadable { .. })));
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned();
    let caller = context::Context {
        request_id: Some("r1".into()),
        traceparent: Some(trace.clone()),
        deadline: Some(tokio::time::Instant::now() + std::time::Duration::from_secs(2)),
    };
    let trail: (Option<String>, Option<String>, bool) =
        context::scope(caller, peers.get("other", "/internal/trail")).await.expect("an answer");
    assert_eq!(trail, (Some("r1".into()), Some(trace), true));
    let late = context::Context { deadline: Some(tokio::time::Instant::now()), ..context::Context::default() };
    let late = context::scope(late, peers.get::<String>("other", "/internal/name")).await;
    assert!(late.is_err_and(|error| error.is_away()));
}

#[tokio::test]
async fn peers_in_one_process_need_no_socket() {
    let shared = TestShared::new();
    let peers = &shared.shared.peers;
    let unknown = peers.get::<String>("other", "/internal/name").await.expect_err("nobody started it");
    assert!(unknown.to_string().contains("no service `other`"));
    let (_service, _db) = service(&shared.shared).await;
    calls_work(peers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_over_http_and_a_service_alone() {
    let settings = SharedSettings {
        public_url: "https://maru.test".into(),
        service_token: Secret::new(SERVICE_TOKEN),
        bus_url: Some(Secret::new(rabbitmq::url())),
        cache_url: Some(Secret::new(redis::url())),
        jwks_url: None,
        peers: Vec::new(),
    };
    let nobody = Shared::alone("other", &SharedSettings { bus_url: None, ..settings.clone() });
    assert!(nobody.is_err_and(|error| error.to_string().contains("configure the URL of a RabbitMQ")));
    let shared = Shared::alone("other", &settings).expect("a process");
    let (service, _db) = service(&shared).await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let running = tokio::spawn({
        let shared = shared.clone();
        async move { serve::serve(service, &shared, listener).await }
    });
    let caller = Shared::alone("caller", &SharedSettings { peers: vec![("other".into(), url)], ..settings });
    let caller = caller.expect("a process");
    calls_work(&caller.peers).await;
    caller.shutdown.cancel();
    shared.shutdown.cancel();
    running.await.expect("no panic").expect("a clean end");
    assert!(caller.peers.get::<String>("other", "/internal/name").await.is_err_and(|error| error.is_away()));
}

#[tokio::test]
async fn a_service_tells_of_itself() {
    let shared = TestShared::new();
    let (service, _db) = service(&shared.shared).await;
    let client = Client::new(service.router).service();
    // The figures are the process's, so of all tests this one alone asks for these.
    client.get("/internal/dead-letters").await;
    let document: serde_json::Value = client.get("/openapi.json").await.json(200);
    assert_eq!(document["info"]["title"], "Maru other");
    assert!(document["paths"]["/internal/dead-letters"]["get"].is_object());
    let metrics = String::from_utf8(client.get("/metrics").await.body.to_vec()).expect("text");
    assert!(
        metrics.contains(r#"service="other",method="GET",route="/internal/dead-letters",status="200",le="+Inf"} 1"#),
        "{metrics}"
    );
    assert!(metrics.contains(r#"maru_database_up{service="other"} 1"#));
}
