//! `GET /api/categories[/:slug]`, `GET /api/tags[/:slug]`

use std::time::Duration;

use axum::{Json, extract::State};
use contracts::{blog::Term, problem::Problem};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::{App, TERMS},
    domain::slug::slugify,
    routes::page::within,
    store::terms::{self, Kind},
};

/// Without it all of them come; there are never so many categories, and so many tags are no cloud.
const MAX_SIZE: u32 = 1000;

/// How long a list is answered again, unless a change of terms or posts comes before.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Size {
    /// From 1 to 1,000; 1,000 when absent.
    #[param(minimum = 1, maximum = 1000)]
    size: Option<u32>,
}

#[utoipa::path(get, path = "/api/categories", tag = "terms", params(Size),
    responses((status = 200, description = "Those with most posts first", body = Vec<Term>)))]
pub(crate) async fn categories(State(app): State<App>, query: Query<Size>) -> ApiResult<Json<Vec<Term>>> {
    list(&app, Kind::Category, query).await
}

#[utoipa::path(get, path = "/api/tags", tag = "terms", params(Size),
    responses((status = 200, description = "Those with most posts first", body = Vec<Term>)))]
pub(crate) async fn tags(State(app): State<App>, query: Query<Size>) -> ApiResult<Json<Vec<Term>>> {
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

async fn list(app: &App, kind: Kind, Query(query): Query<Size>) -> ApiResult<Json<Vec<Term>>> {
    let size = within("size", query.size.unwrap_or(MAX_SIZE), MAX_SIZE)?;
    let key = format!("{}:{size}", kind.plural());
    let all = app.cache.get_or(&key, KEPT, &[TERMS], async || terms::all(&app.db, kind, size).await).await?;
    Ok(Json(all))
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
