//! Services as the BFF sees them: they answer what the contract says and note how they were called.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use contracts::{
    auth::{LoginInput, Me, OidcDone, ProfileInput, RefreshInput, RegisterInput, Tokens, UserCard},
    blog::{Paged, Post, PostInput, PostSummary, Redirect, Term},
    module::Role,
    problem::Problem,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// What the services noted.
#[derive(Default)]
pub(crate) struct Calls {
    pub(crate) refreshes: AtomicUsize,
    /// While it is taken, tokens are not renewed.
    pub(crate) no_tokens: tokio::sync::Mutex<()>,
    /// Refresh tokens of the sessions that were ended.
    pub(crate) logouts: Mutex<Vec<String>>,
    /// `METHOD path authorization` of every call of the blog service.
    pub(crate) blog: Mutex<Vec<String>>,
    pub(crate) last_headers: Mutex<HeaderMap>,
    pub(crate) saved: Mutex<Option<PostInput>>,
    pub(crate) uploaded: AtomicUsize,
}

/// A service that has nothing.
pub(crate) fn quiet() -> Router {
    Router::new()
        .route("/ready", get(async || "ready"))
        .fallback(async || kit::error::problem_response(Problem::not_found("thing")))
}

fn problem(problem: Problem) -> Response {
    kit::error::problem_response(problem)
}

fn role_of(email: &str) -> Role {
    match email.split('@').next() {
        Some("admin") => Role::Admin,
        Some("author") => Role::Author,
        _ => Role::User,
    }
}

fn tokens(email: &str, generation: usize) -> Tokens {
    let name = email.split('@').next().unwrap_or_default().to_owned();
    let locale = (name == "minji").then(|| "ko".to_owned());
    Tokens {
        access_token: format!("access-{name}-{generation}"),
        expires_in: 300,
        refresh_token: format!("refresh-{name}-{generation}"),
        user: Me { id: format!("id-{name}"), email: email.into(), name, role: role_of(email), locale, ..Me::default() },
    }
}

pub(crate) fn auth(calls: Arc<Calls>) -> Router {
    Router::new()
        .route("/ready", get(async || "ready"))
        .route("/api/auth/login", post(login))
        .route("/api/auth/register", post(register))
        .route("/api/auth/refresh-token", post(refresh))
        .route("/api/auth/logout", post(logout))
        .route("/api/auth/profile", put(profile))
        .route("/api/auth/oidc/{provider}/callback", get(signed_in_elsewhere))
        .route("/api/auth/me", get(async || Json(Me { name: "author".into(), ..Me::default() })))
        .route("/api/author", get(async || Json(UserCard { bio: "writes".into(), ..UserCard::default() })))
        .with_state(calls)
}

async fn login(Json(input): Json<LoginInput>) -> Response {
    if input.password == PASSWORD {
        Json(tokens(&input.email, 0)).into_response()
    } else {
        problem(Problem::new(401, "wrong_credentials", "E-mail address or password is wrong"))
    }
}

async fn register(Json(input): Json<RegisterInput>) -> Response {
    if input.email.starts_with("taken") {
        problem(Problem::validation().with_field("email", "taken", "Somebody has it."))
    } else {
        Json(tokens(&input.email, 0)).into_response()
    }
}

async fn refresh(State(calls): State<Arc<Calls>>, Json(input): Json<RefreshInput>) -> Response {
    let done = calls.refreshes.fetch_add(1, Ordering::SeqCst) + 1;
    let name = input.refresh_token.split('-').nth(1).unwrap_or_default().to_owned();
    if name == "suspended" {
        return problem(Problem::unauthenticated());
    }
    // A while under way, so that others ask meanwhile.
    tokio::task::yield_now().await;
    let _there_are = calls.no_tokens.lock().await;
    Json(tokens(&format!("{name}@maru.example"), done)).into_response()
}

async fn logout(State(calls): State<Arc<Calls>>, Json(input): Json<RefreshInput>) -> StatusCode {
    calls.logouts.lock().expect("not poisoned").push(input.refresh_token);
    StatusCode::NO_CONTENT
}

async fn signed_in_elsewhere() -> Json<OidcDone> {
    Json(OidcDone { tokens: Some(tokens("minji@maru.example", 0)), next: "/good".into(), registered: false })
}

async fn profile(Json(input): Json<ProfileInput>) -> Response {
    let name = input.name.unwrap_or_default();
    if name.len() > 50 {
        return problem(Problem::validation().with_field("name", "too_long", "At most 50 characters."));
    }
    Json(Me { id: "id-author".into(), name, role: Role::Author, ..Me::default() }).into_response()
}

pub(crate) fn summary(slug: &str) -> PostSummary {
    PostSummary {
        id: format!("id-of-{slug}"),
        slug: slug.into(),
        title: format!("About {slug}"),
        author_id: "id-author".into(),
        author_name: "author".into(),
        published_at: Some("2026-01-01T00:00:00Z".into()),
        updated_at: "2026-01-01T00:00:00Z".into(),
        version: 3,
        ..PostSummary::default()
    }
}

pub(crate) fn blog(calls: Arc<Calls>) -> Router {
    Router::new()
        .route("/ready", get(async || "ready"))
        .route("/api/posts", get(posts).post(create))
        .route("/api/posts/featured", get(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/api/posts/{slug}", get(read).put(update))
        .route("/api/posts/{slug}", delete(async || StatusCode::NO_CONTENT))
        .route("/api/categories", get(async || Json(Paged::<Term>::default())))
        .route("/api/tags", get(async || Json(Paged::<Term>::default())))
        .route("/internal/redirects", get(redirect))
        .layer(axum::middleware::from_fn_with_state(calls.clone(), note))
        .with_state(calls)
}

async fn note(
    State(calls): State<Arc<Calls>>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let line = format!("{} {} {}", request.method(), request.uri(), authorization.unwrap_or("-"));
    calls.blog.lock().expect("not poisoned").push(line);
    *calls.last_headers.lock().expect("not poisoned") = request.headers().clone();
    next.run(request).await
}

async fn posts() -> Json<Paged<PostSummary>> {
    Json(Paged { items: vec![summary("one"), summary("two")], total: 2 })
}

async fn read(Path(slug): Path<String>) -> Response {
    match slug.as_str() {
        "missing" => problem(Problem::not_found("post")),
        "old" => problem(Problem::moved("/good/post/마루")),
        "broken" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        slug => Json(Post {
            summary: summary(slug),
            content: Some("text".into()),
            html: "<p>One < two</p><script>alert(1)</script><!-- -->".into(),
            ..Post::default()
        })
        .into_response(),
    }
}

async fn create(State(calls): State<Arc<Calls>>, Json(input): Json<PostInput>) -> Response {
    if input.slug.as_deref() == Some("taken") {
        return problem(Problem::validation().with_field("slug", "taken", "Another post has it."));
    }
    *calls.saved.lock().expect("not poisoned") = Some(input);
    (StatusCode::CREATED, Json(Post { summary: summary("new"), ..Post::default() })).into_response()
}

async fn update(State(calls): State<Arc<Calls>>, Path(slug): Path<String>, Json(input): Json<PostInput>) -> Response {
    if input.version != Some(3) {
        return problem(Problem::new(409, "stale_version", "Somebody changed this in the meantime"));
    }
    *calls.saved.lock().expect("not poisoned") = Some(input);
    Json(Post { summary: summary(&slug), ..Post::default() }).into_response()
}

#[derive(Deserialize)]
struct Old {
    path: String,
}

async fn redirect(Query(old): Query<Old>, headers: HeaderMap) -> Response {
    let trusted = headers.get("authorization").is_some_and(|value| value == "Service test-service-token");
    match old.path.as_str() {
        "/2019/01/old-post.html" if trusted => Json(Redirect { location: "/good/post/마루".into() }).into_response(),
        _ => problem(Problem::not_found("redirect")),
    }
}

pub(crate) fn storage(calls: Arc<Calls>) -> Router {
    Router::new()
        .route("/ready", get(async || "ready"))
        .route("/api/upload", post(upload))
        .route("/media/{name}", get(async || ([("content-type", "image/png")], "png")))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(calls)
}

async fn upload(State(calls): State<Arc<Calls>>, body: Bytes) -> StatusCode {
    calls.uploaded.store(body.len(), Ordering::SeqCst);
    StatusCode::CREATED
}
