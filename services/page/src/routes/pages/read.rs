//! `GET /api/pages/:slug`: a page, 301 when it moved, 404 when there is none that the caller may see.

use axum::{Json, extract::State};
use contracts::{
    module::Role,
    page::{Page, PageKind, PageStatus},
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::Path,
};

use crate::{
    app::App,
    domain::{names, slug::slugify},
    store::{pages, redirects, row::PageRow},
};

#[utoipa::path(
    get, path = "/api/pages/{page}", tag = "pages", operation_id = "pages_read",
    description = "A page with its text, by slug or id; its source for admins.",
    params(("page" = String, Path, description = "Slug or id")), security((), ("bearer" = [])),
    responses(
        (status = 200, body = Page),
        (status = 301, body = Problem, content_type = "application/problem+json", description = "It has another address now"),
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Path(name): Path<String>,
) -> ApiResult<Json<Page>> {
    let for_editing = viewer.as_ref().map(Viewer::role) == Some(Role::Admin);
    let Some(page) = visible(pages::find(app.db.read(), &name).await?, for_editing) else {
        return Err(elsewhere(&app, &name, for_editing).await?.into());
    };
    Ok(Json(page))
}

fn visible(row: Option<PageRow>, for_editing: bool) -> Option<Page> {
    let page = row?.into_page(for_editing);
    (for_editing || page.summary.status == PageStatus::Published).then_some(page)
}

/// Where the page lives now, or that there is none.
async fn elsewhere(app: &App, name: &str, for_editing: bool) -> ApiResult<Problem> {
    for kind in [PageKind::Static, PageKind::Notice] {
        let path = redirects::normal(&names::path(kind, name));
        if let Some(target) = redirects::target(&app.db, &path).await? {
            return Ok(Problem::moved(target));
        }
    }
    // Another spelling: upper case, decomposed Hangul, a trailing dash.
    let usual = slugify(name);
    if usual != name
        && let Some(page) = visible(pages::find(app.db.read(), &usual).await?, for_editing)
    {
        return Ok(Problem::moved(names::path(page.summary.kind, &usual)));
    }
    Ok(Problem::not_found("page"))
}
