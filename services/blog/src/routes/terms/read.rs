//! `GET /api/categories[/:slug]`, `GET /api/tags[/:slug]`

use std::time::Duration;

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, Term},
    problem::Problem,
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};

use crate::{
    app::{App, TERMS},
    domain::slug::slugify,
    routes::page::Page,
    store::terms::{self, Kind},
};

/// How long a list is answered again, unless a change of terms or posts comes before.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// So many pages of each are kept; hardly anybody asks further.
const PAGES_KEPT: u32 = 10;

#[utoipa::path(get, path = "/api/categories", tag = "terms", params(Page),
    responses((status = 200, description = "Those with most posts first", body = Paged<Term>)))]
pub(crate) async fn categories(State(app): State<App>, query: Query<Page>) -> ApiResult<Json<Paged<Term>>> {
    list(&app, Kind::Category, query).await
}

#[utoipa::path(get, path = "/api/tags", tag = "terms", params(Page),
    responses((status = 200, description = "Those with most posts first", body = Paged<Term>)))]
pub(crate) async fn tags(State(app): State<App>, query: Query<Page>) -> ApiResult<Json<Paged<Term>>> {
    list(&app, Kind::Tag, query).await
}

#[utoipa::path(get, path = "/api/categories/{slug}", tag = "terms", params(("slug" = String, Path)),
    responses(
        (status = 200, description = "The category", body = Term),
        (status = 301, description = "It has another address now", body = Problem,
            content_type = "application/problem+json", headers(("Location", description = "Which"))),
    ))]
pub(crate) async fn category(State(app): State<App>, slug: Path<String>) -> ApiResult<Json<Term>> {
    one(&app, Kind::Category, slug).await
}

#[utoipa::path(get, path = "/api/tags/{slug}", tag = "terms", params(("slug" = String, Path)),
    responses(
        (status = 200, description = "The tag", body = Term),
        (status = 301, description = "It has another address now", body = Problem,
            content_type = "application/problem+json", headers(("Location", description = "Which"))),
    ))]
pub(crate) async fn tag(State(app): State<App>, slug: Path<String>) -> ApiResult<Json<Term>> {
    one(&app, Kind::Tag, slug).await
}

async fn list(app: &App, kind: Kind, Query(query): Query<Page>) -> ApiResult<Json<Paged<Term>>> {
    let (page, size) = query.checked()?;
    let read = async || terms::page(&app.db, kind, page, size).await;
    if page > PAGES_KEPT {
        return Ok(Json(read().await?));
    }
    let key = format!("{}:{page}:{size}", kind.plural());
    Ok(Json(app.cache.get_or(&key, KEPT, &[TERMS], read).await?))
}

async fn one(app: &App, kind: Kind, Path(slug): Path<String>) -> ApiResult<Json<Term>> {
    // A term's slug has one spelling, so another one of the same word finds it too.
    let slug = slugify(&slug);
    if let Some(term) = terms::by_slug(app.db.read(), kind, &slug).await? {
        return Ok(Json(term));
    }
    Err(match terms::moved_to(&app.db, kind, &slug).await? {
        Some(now) => Problem::moved(format!("/{}/{now}", kind.plural())),
        None => Problem::not_found(kind.name()),
    }
    .into())
}
