//! The private listener: publishing, releases, the page cache, metrics. Every call shows the operator token.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use contracts::problem::Problem;
use http::{StatusCode, header};
use kit::{
    ApiError, ApiResult, Secret,
    extract::{Body, Path},
    metrics::Metrics,
};
use serde::{Deserialize, Serialize};

use crate::{
    backend::Backend,
    body, cache,
    registry::{Bundle, ModuleVersion, Published, Registry},
    upstream,
};

/// Largest packed bundle.
const BUNDLE_LIMIT: usize = 32 << 20;

pub(crate) fn router(backend: &Arc<Backend>, upstreams: upstream::Control, metrics: Metrics, token: Secret) -> Router {
    Router::new()
        .route("/modules", get(list).post(publish))
        .route("/modules/{name}/release", post(release))
        .route("/modules/{name}/rollback", post(rollback))
        .with_state(backend.registry.clone())
        .route("/metrics", get(figures).with_state((metrics, backend.clone())))
        .merge(cache::admin::operator_routes().with_state(backend.clone()))
        .merge(upstream::routes(upstreams))
        .fallback(async || ApiError::from(Problem::not_found("operator call")))
        .layer(from_fn_with_state(token, require_token))
        .route("/_health", get(async || "ok"))
}

async fn require_token(State(token): State<Secret>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match given.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(given) if token.matches(given.trim()) => next.run(request).await,
        _ => ApiError::from(Problem::unauthenticated().with_detail("Show the operator token.")).into_response(),
    }
}

/// Answer of a call that changed what is live.
#[derive(Serialize)]
struct Outcome {
    name: String,
    version: String,
    /// False when it was so already.
    changed: bool,
}

async fn list(State(registry): State<Arc<Registry>>) -> ApiResult<Json<Vec<ModuleVersion>>> {
    Ok(Json(registry.list().await.map_err(Problem::from)?))
}

async fn publish(State(registry): State<Arc<Registry>>, request: Request) -> ApiResult<Response> {
    let archive = body::read(request.into_body(), BUNDLE_LIMIT).await?;
    let bundle = tokio::task::spawn_blocking(move || Bundle::from_tar_gz(&archive))
        .await
        .map_err(ApiError::internal)?
        .map_err(Problem::from)?;
    let (name, version) = (bundle.manifest.name.clone(), bundle.manifest.version.clone());
    let published = registry.publish(bundle).await.map_err(Problem::from)?;
    let changed = published == Published::Released;
    let status = if changed { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Outcome { name, version, changed })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    version: String,
}

async fn release(
    State(registry): State<Arc<Registry>>,
    Path(name): Path<String>,
    Body(wanted): Body<Wanted>,
) -> ApiResult<Json<Outcome>> {
    let changed = registry.release(&name, &wanted.version).await.map_err(Problem::from)?;
    Ok(Json(Outcome { name, version: wanted.version, changed }))
}

async fn rollback(State(registry): State<Arc<Registry>>, Path(name): Path<String>) -> ApiResult<Json<Outcome>> {
    let version = registry.rollback(&name).await.map_err(Problem::from)?;
    Ok(Json(Outcome { name, version, changed: true }))
}

async fn figures(State((metrics, backend)): State<(Metrics, Arc<Backend>)>) -> Response {
    // Sets its gauge.
    backend.health.services(&backend.upstreams).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render().await).into_response()
}
