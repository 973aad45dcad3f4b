//! `GET /api/comments/queue` (ADMIN)

use axum::{Json, extract::State};
use contracts::{content::QueuePage, module::Role};
use kit::{ApiResult, auth::Viewer, extract::Query, id};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    routes::paging::{refused, within},
    store::queue::{self, Asked, Part},
};

const MAX_Q: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `pending` (when absent), `reported`, `hidden`, `trashed` or `all` (but the trash).
    #[param(pattern = "^(pending|reported|hidden|trashed|all)?$")]
    state: Option<String>,
    /// Words of the text, of the writer's name or of the post's title; at most 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Id of a post: its comments alone.
    post: Option<String>,
    /// From 1 to 100,000; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

#[utoipa::path(
    get, path = "/api/comments/queue", tag = "moderation", operation_id = "comments_queue",
    description = "Comments to look at, newest first, with their reports.",
    params(Params), security(("bearer" = [])), responses((status = 200, body = QueuePage)),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<QueuePage>> {
    viewer.require(Role::Admin)?;
    let (page, size) = within(params.page, params.size)?;
    let part = match params.state.as_deref() {
        None | Some("" | "pending") => Part::Pending,
        Some("reported") => Part::Reported,
        Some("hidden") => Part::Hidden,
        Some("trashed") => Part::Trashed,
        Some("all") => Part::All,
        Some(_) => return Err(refused("state", "One of pending, reported, hidden, trashed, all.").into()),
    };
    let q = params.q.as_deref().map(|q| q.replace('\0', ""));
    if q.as_deref().is_some_and(|q| q.chars().count() > MAX_Q) {
        return Err(refused("q", format!("At most {MAX_Q} characters.")).into());
    }
    let post = match params.post.as_deref().map(str::trim).filter(|post| !post.is_empty()) {
        Some(post) => Some(id::parse(post).ok_or_else(|| refused("post", "The id of a post."))?),
        None => None,
    };
    let asked = Asked { part, q: q.as_deref(), post: post.as_deref(), page, size };
    Ok(Json(queue::page(&app.db, &asked, app.clock.millis()).await?))
}
