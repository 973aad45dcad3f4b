//! `GET /api/posts/:slug/revisions?page&size` (its author, ADMIN): what the post was before, newest
//! first.

use axum::{Json, extract::State};
use contracts::blog::{Paged, Revision};
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};

use super::post_id;
use crate::{
    app::App,
    routes::page::Page,
    store::{revisions, row::unsigned},
};

#[utoipa::path(get, path = "/api/posts/{slug}/revisions", tag = "revisions", params(("slug" = String, Path), Page),
    security(("bearer" = [])), responses((status = 200, description = "Newest first", body = Paged<Revision>)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Query(page): Query<Page>,
) -> ApiResult<Json<Paged<Revision>>> {
    let (page, size) = page.checked()?;
    let id = post_id(&app, &viewer, &slug).await?;
    let items = revisions::list(&app.db, &id, page, size).await?;
    let total = unsigned(revisions::count(&app.db, &id).await?);
    Ok(Json(Paged { items, total }))
}
