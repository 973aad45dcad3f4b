//! `GET /api/categories[/:slug]`, `GET /api/tags[/:slug]`

use axum::{Json, extract::State};
use contracts::{blog::Term, problem::Problem};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use crate::{
    app::App,
    domain::slug::slugify,
    store::terms::{self, Kind},
};

/// Without it all of them come; there are never so many categories, and so many tags are no cloud.
const MAX_SIZE: u32 = 1000;

/// How many.
#[derive(Debug, Deserialize)]
pub(crate) struct Size {
    size: Option<u32>,
}

pub(crate) async fn categories(State(app): State<App>, query: Query<Size>) -> ApiResult<Json<Vec<Term>>> {
    list(&app, Kind::Category, query).await
}

pub(crate) async fn tags(State(app): State<App>, query: Query<Size>) -> ApiResult<Json<Vec<Term>>> {
    list(&app, Kind::Tag, query).await
}

pub(crate) async fn category(State(app): State<App>, slug: Path<String>) -> ApiResult<Json<Term>> {
    one(&app, Kind::Category, slug, "category").await
}

pub(crate) async fn tag(State(app): State<App>, slug: Path<String>) -> ApiResult<Json<Term>> {
    one(&app, Kind::Tag, slug, "tag").await
}

async fn list(app: &App, kind: Kind, Query(query): Query<Size>) -> ApiResult<Json<Vec<Term>>> {
    let size = query.size.unwrap_or(MAX_SIZE).min(MAX_SIZE);
    Ok(Json(terms::all(&app.db, kind, size).await?))
}

async fn one(app: &App, kind: Kind, Path(slug): Path<String>, what: &str) -> ApiResult<Json<Term>> {
    // A term's slug has one spelling, so another one of the same word finds it too.
    let term = terms::by_slug(&app.db, kind, &slugify(&slug)).await?;
    Ok(Json(term.ok_or_else(|| Problem::not_found(what))?))
}
