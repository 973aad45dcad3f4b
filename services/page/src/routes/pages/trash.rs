//! `DELETE /api/pages/:id`, `POST /api/pages/:id/restore`, `POST /api/pages/:id/purge` (ADMIN)

use axum::{Json, extract::State};
use contracts::{events::PageUpdated, module::Role, page::Page, problem::Problem};
use http::StatusCode;
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    events::outbox,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::write;
use crate::{
    app::App,
    store::{pages, redirects, unsigned},
    upkeep,
};

fn no_page() -> Problem {
    Problem::not_found("page")
}

/// The id of the page at a slug or with an id.
pub(super) async fn find(app: &App, name: &str) -> ApiResult<String> {
    let page = pages::find(app.db.read(), name).await?.ok_or_else(no_page)?;
    Ok(page.into_page(false).summary.id)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Seen {
    /// The version that was seen; a stale one is a 409.
    version: Option<u32>,
}

/// `DELETE /api/pages/:id`
#[utoipa::path(
    delete, path = "/api/pages/{page}", tag = "pages", operation_id = "pages_delete",
    description = "Moves a page to the trash, by slug or id (ADMIN).",
    params(("page" = String, Path, description = "Slug or id"), Seen), security(("bearer" = [])),
    responses((status = 204, description = "It is in the trash"), (status = 409, description = "Changed in the meantime; `current` is the page as it is now")),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    viewer: Viewer,
    Path(name): Path<String>,
    Query(seen): Query<Seen>,
) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    let (id, now) = (find(&app, &name).await?, app.clock.millis());
    let tx = app.db.begin().await?;
    let current = pages::lock(&tx, &id).await?.filter(|page| !page.is_trashed()).ok_or_else(no_page)?;
    if let Some(version) = seen.version.filter(|version| *version != unsigned(current.version)) {
        return Err(write::stale(&tx, &id, version).await?);
    }
    pages::trash(&tx, &id, now).await?;
    // Its images stay tied to it until it is purged.
    let event = PageUpdated { page_id: id.clone(), slug: current.slug.clone(), images: current.images() };
    outbox::add(&tx, &id, &event, now).await?;
    tx.commit().await?;
    app.relay.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/pages/:id/restore`
#[utoipa::path(
    post, path = "/api/pages/{page}/restore", tag = "pages", operation_id = "pages_restore",
    description = "Takes a page out of the trash (ADMIN). It gets a number when its address is taken by now.",
    params(("page" = String, Path, description = "Id")), security(("bearer" = [])),
    responses((status = 200, body = Page), (status = 409, description = "It is not in the trash")),
)]
pub(crate) async fn restore(State(app): State<App>, viewer: Viewer, Path(name): Path<String>) -> ApiResult<Json<Page>> {
    viewer.require(Role::Admin)?;
    let (id, now) = (find(&app, &name).await?, app.clock.millis());
    let tx = app.db.begin().await?;
    let current = pages::lock(&tx, &id).await?.ok_or_else(no_page)?;
    if !current.is_trashed() {
        return Err(not_in_trash().into());
    }
    let slug = pages::free_slug(&tx, &current.slug, &id).await?;
    pages::restore(&tx, &current, &slug).await.map_err(write::on_conflict)?;
    redirects::remove(&tx, &crate::domain::names::path(current.kind(), &slug)).await?;
    let event = PageUpdated { page_id: id.clone(), slug, images: current.images() };
    outbox::add(&tx, &id, &event, now).await?;
    let page = pages::find(&tx, &id).await?.ok_or_else(|| ApiError::internal("the restored page is gone"))?;
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(page.into_page(true)))
}

/// `POST /api/pages/:id/purge`
#[utoipa::path(
    post, path = "/api/pages/{page}/purge", tag = "pages", operation_id = "pages_purge",
    description = "Ends a page in the trash for good (ADMIN).",
    params(("page" = String, Path, description = "Id")), security(("bearer" = [])),
    responses((status = 204, description = "It is gone"), (status = 409, description = "It is not in the trash")),
)]
pub(crate) async fn purge(State(app): State<App>, viewer: Viewer, Path(name): Path<String>) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    let id = find(&app, &name).await?;
    if !upkeep::purge(&app.db, &id, app.clock.millis()).await? {
        return Err(not_in_trash().into());
    }
    app.relay.wake();
    Ok(StatusCode::NO_CONTENT)
}

fn not_in_trash() -> Problem {
    Problem::new(409, "not_in_trash", "This is not in the trash")
}
