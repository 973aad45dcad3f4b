//! `/internal/*`: for other services, with the service token.

pub(crate) mod images;
pub(crate) mod import;

use axum::{Json, extract::State};
use contracts::{
    blog::Redirect,
    page::{Page, SitemapPages, WholePage},
    problem::Problem,
    reconcile::Report,
};
use kit::{
    ApiResult,
    auth::ServiceCaller,
    extract::{Path, Query},
    id,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::pages::refused;
use crate::{
    app::App,
    store::{list, pages, redirects as table},
};

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 500;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The last id of the page before.
    after: Option<String>,
    /// From 1 to 500; 200 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Drafts too.
    all: Option<bool>,
}

/// `GET /internal/pages`
#[utoipa::path(
    get, path = "/internal/pages", tag = "internal", operation_id = "internal_pages",
    description = "Where published pages live, by id: for the sitemap. With `all` drafts too: for exports.",
    params(Params), responses((status = 200, body = SitemapPages)),
)]
pub(crate) async fn places(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<SitemapPages>> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refused("limit", format!("From 1 to {MAX_LIMIT}.")).into());
    }
    let after = params.after.unwrap_or_default();
    let items = list::places(&app.db, &after, i64::from(limit), params.all.unwrap_or_default()).await?;
    let is_full = u32::try_from(items.len()).is_ok_and(|count| count == limit);
    let next = items.last().filter(|_| is_full).map(|last| last.id.clone());
    Ok(Json(SitemapPages { items, next }))
}

/// `GET /internal/pages/:id`
#[utoipa::path(
    get, path = "/internal/pages/{id}", tag = "internal", operation_id = "internal_page",
    description = "A whole page in any status, its source included.",
    params(("id" = String, Path, description = "Id of the page")), responses((status = 200, body = Page)),
)]
pub(crate) async fn whole(_: ServiceCaller, State(app): State<App>, Path(page): Path<String>) -> ApiResult<Json<Page>> {
    let none = || Problem::not_found("page");
    let page = id::parse(&page).ok_or_else(none)?;
    Ok(Json(pages::find(app.db.read(), &page).await?.ok_or_else(none)?.into_page(true)))
}

/// `GET /internal/pages/:id/whole`
#[utoipa::path(
    get, path = "/internal/pages/{id}/whole", tag = "internal", operation_id = "internal_page_whole",
    description = "A whole page in any status, its source and old paths included: for exports.",
    params(("id" = String, Path, description = "Id of the page")), responses((status = 200, body = WholePage)),
)]
pub(crate) async fn with_aliases(
    _: ServiceCaller,
    State(app): State<App>,
    Path(page): Path<String>,
) -> ApiResult<Json<WholePage>> {
    let none = || Problem::not_found("page");
    let id = id::parse(&page).ok_or_else(none)?;
    let page = pages::find(app.db.read(), &id).await?.ok_or_else(none)?.into_page(true);
    Ok(Json(WholePage { page, aliases: table::of_page(&app.db, &id).await? }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Old {
    /// The old path, starting with `/`.
    path: String,
}

/// `GET /internal/redirects`
#[utoipa::path(
    get, path = "/internal/redirects", tag = "internal", operation_id = "internal_redirects",
    description = "Where an old URL lives now.", params(Old),
    responses((status = 200, body = Redirect), (status = 404, description = "It is not known")),
)]
pub(crate) async fn redirects(
    _: ServiceCaller,
    State(app): State<App>,
    Query(old): Query<Old>,
) -> ApiResult<Json<Redirect>> {
    let target = table::target(&app.db, &table::normal(&old.path)).await?;
    Ok(Json(Redirect { location: target.ok_or_else(|| Problem::not_found("old address"))? }))
}

/// `POST /internal/reconcile`
#[utoipa::path(
    post, path = "/internal/reconcile", tag = "internal", operation_id = "internal_reconcile",
    description = "Recounts everything that events maintain, and repairs it.",
    responses((status = 200, body = Report)),
)]
pub(crate) async fn reconcile(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Report>> {
    Ok(Json(crate::reconcile::run(&app).await?))
}
