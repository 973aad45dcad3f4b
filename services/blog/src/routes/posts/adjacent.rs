//! `GET /api/posts/:slug/adjacent`: what was published before and after it, among the posts that the
//! reader may see.

use axum::{Json, extract::State};
use contracts::{blog::PostSummary, module::Role, problem::Problem, search::Adjacent};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::Path,
};

use crate::{
    app::App,
    domain::visibility::may_see,
    store::beside::{self, Private, Side},
};

#[utoipa::path(get, path = "/api/posts/{slug}/adjacent", tag = "posts", params(("slug" = String, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, description = "The posts before and after it", body = Adjacent)))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Path(slug): Path<String>,
) -> ApiResult<Json<Adjacent>> {
    let (post, published_at) = visible(&app, viewer.as_ref(), &slug).await?;
    // What was never published stands nowhere in the order.
    let Some(published_at) = published_at else { return Ok(Json(Adjacent::default())) };
    let private = match &viewer {
        Some(viewer) if viewer.role() == Role::Admin => Private::All,
        Some(viewer) if viewer.role() == Role::Author => Private::Of(viewer.id()),
        _ => Private::None,
    };
    let (previous, next) = tokio::try_join!(
        beside::adjacent(&app.db, Side::Before, published_at, &post.id, private),
        beside::adjacent(&app.db, Side::After, published_at, &post.id, private),
    )?;
    Ok(Json(Adjacent { previous, next }))
}

/// The post at `slug` and when it was published, if the reader may see it.
pub(super) async fn visible(app: &App, viewer: Option<&Viewer>, slug: &str) -> ApiResult<(PostSummary, Option<i64>)> {
    let found = beside::by_slug(&app.db, slug).await?;
    let (post, published_at) = found.ok_or_else(|| Problem::not_found("post"))?;
    if !may_see(viewer, &post.author_id, post.status) {
        return Err(Problem::not_found("post").into());
    }
    Ok((post, published_at))
}
