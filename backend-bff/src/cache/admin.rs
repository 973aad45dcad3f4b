//! What admins and operators see of the cache, and may do with it.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use contracts::{
    cache::{CacheStatus, PurgeInput, Purged, TagCount, TagKeys},
    events::{CachePurged, Envelope, Event},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    clock::rfc3339,
    extract::{Body, Query},
};
use serde::Deserialize;

use super::{PageCache, Purge};
use crate::{backend::Backend, sessions::Visitor};

/// So many tags are listed.
const LISTED: usize = 100;
/// Longest tag or path.
const LONGEST: usize = 2048;

/// `/api/cache`, for admins.
pub(crate) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/api/cache", get(for_admins))
        .route("/api/cache/keys", get(keys_for_admins))
        .route("/api/cache/purge", post(purge_for_admins))
}

/// `/cache`, for whoever holds the operator token.
pub(crate) fn operator_routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/cache", get(async |State(backend): State<Arc<Backend>>| Json(status(&backend.cache))))
        .route("/cache/keys", get(keys))
        .route("/cache/purge", post(purge_for_operators))
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    tag: String,
}

async fn for_admins(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<CacheStatus>> {
    require_admin(&backend, &visitor).await?;
    Ok(Json(status(&backend.cache)))
}

async fn keys_for_admins(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    which: Query<Which>,
) -> ApiResult<Json<TagKeys>> {
    require_admin(&backend, &visitor).await?;
    keys(State(backend), which).await
}

async fn keys(State(backend): State<Arc<Backend>>, Query(which): Query<Which>) -> ApiResult<Json<TagKeys>> {
    if which.tag.is_empty() {
        return Err(Problem::validation().with_field("tag", "required", "Say of which tag.").into());
    }
    Ok(Json(TagKeys { keys: backend.cache.keys(&which.tag), tag: which.tag }))
}

async fn purge_for_admins(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Body(input): Body<PurgeInput>,
) -> ApiResult<Json<Purged>> {
    require_admin(&backend, &visitor).await?;
    Ok(Json(purge(&backend, input).await?))
}

async fn purge_for_operators(
    State(backend): State<Arc<Backend>>,
    Body(input): Body<PurgeInput>,
) -> ApiResult<Json<Purged>> {
    Ok(Json(purge(&backend, input).await?))
}

/// A signed-in admin, or a program with an admin's token.
async fn require_admin(backend: &Backend, visitor: &Visitor) -> ApiResult<()> {
    if let Some(viewer) = visitor.viewer() {
        return if viewer.role >= Role::Admin { Ok(()) } else { Err(Problem::forbidden().into()) };
    }
    let token = visitor.authorization().and_then(|value| value.to_str().ok()?.get(7..));
    match token {
        None => Err(Problem::unauthenticated().into()),
        Some(token) => match backend.verifier.verify(token.trim()).await {
            Some(viewer) => viewer.require(Role::Admin),
            None => Err(Problem::unauthenticated().into()),
        },
    }
}

/// What is kept, for those who may know.
pub(crate) fn status(cache: &PageCache) -> CacheStatus {
    let statistics = cache.statistics();
    let tags = statistics.tags.into_iter().take(LISTED);
    CacheStatus {
        entries: statistics.entries,
        bytes: statistics.bytes,
        capacity: statistics.capacity,
        hits: statistics.hits,
        stale: statistics.stale,
        misses: statistics.misses,
        failures: statistics.failures,
        purged: statistics.purged,
        tags: tags.map(|(tag, entries)| TagCount { tag, entries: entries as u64 }).collect(),
    }
}

/// Purges here, and tells the other replicas.
pub(crate) async fn purge(backend: &Backend, input: PurgeInput) -> ApiResult<Purged> {
    let event = judge(input)?;
    let purged = backend.cache.purge_named(&event) as u64;
    let now = backend.clock.millis();
    let message = Envelope {
        id: kit::id::new(),
        kind: CachePurged::KIND.to_owned(),
        aggregate_id: "bff".to_owned(),
        sequence: now,
        occurred_at: rfc3339(now),
        trace: None,
        schema_version: CachePurged::SCHEMA_VERSION,
        data: serde_json::to_value(&event).map_err(ApiError::internal)?,
    };
    let told = backend.bus.publish(&message).await;
    if let Err(error) = &told {
        tracing::warn!(%error, "other replicas were not told what to forget");
    }
    tracing::info!(tag = event.tag, path = event.path, purged, "the page cache was purged");
    Ok(Purged { purged, told: told.is_ok() })
}

fn judge(input: PurgeInput) -> Result<CachePurged, Problem> {
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (tag, path) = (given(input.tag), given(input.path));
    let wrong = |field: &str, message: &str| Err(Problem::validation().with_field(field, "invalid", message));
    match (&tag, &path) {
        (Some(_), Some(_)) => wrong("path", "Either a tag or a path."),
        (Some(tag), None) if tag.len() > LONGEST => wrong("tag", "That is too long."),
        (None, Some(path)) if path.len() > LONGEST || !path.starts_with('/') => {
            wrong("path", "A path starts with a slash.")
        }
        (Some(_), None) | (None, Some(_)) if input.all => wrong("all", "Either everything, or a tag or path."),
        (None, None) if !input.all => wrong("tag", "Give a tag or a path, or say that all of it is meant."),
        _ => Ok(CachePurged { tag, path }),
    }
}

impl PageCache {
    /// Purges what an event names.
    pub(crate) fn purge_named(&self, event: &CachePurged) -> usize {
        self.purge(match (&event.tag, &event.path) {
            (Some(tag), _) => Purge::Tag(tag),
            (None, Some(path)) => Purge::Path(path),
            (None, None) => Purge::All,
        })
    }
}
