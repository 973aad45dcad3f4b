//! Making, changing, merging and removing categories and tags. Authors make tags; everything else is an
//! admin's.

use axum::{Json, extract::State, response::Response};
use contracts::{
    blog::{MergeInput, Term, TermInput},
    module::Role,
};
use http::StatusCode;
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Body, Path, Query},
    http::created,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, changes::terms, domain::slug::slugify, store::terms::Kind};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Version {
    /// The version that is meant; a stale one is a 409.
    version: Option<u32>,
}

#[utoipa::path(post, path = "/api/categories", tag = "terms", request_body = TermInput, security(("bearer" = [])),
    responses((status = 201, description = "The new category", body = Term)))]
pub(crate) async fn create_category(
    State(app): State<App>,
    viewer: Viewer,
    body: Body<TermInput>,
) -> ApiResult<Response> {
    viewer.require(Role::Admin)?;
    create(&app, Kind::Category, body).await
}

#[utoipa::path(post, path = "/api/tags", tag = "terms", request_body = TermInput, security(("bearer" = [])),
    responses((status = 201, description = "The new tag", body = Term)))]
pub(crate) async fn create_tag(State(app): State<App>, viewer: Viewer, body: Body<TermInput>) -> ApiResult<Response> {
    viewer.require(Role::Author)?;
    create(&app, Kind::Tag, body).await
}

#[utoipa::path(put, path = "/api/categories/{slug}", tag = "terms", params(("slug" = String, Path)),
    request_body = TermInput, security(("bearer" = [])),
    responses(
        (status = 200, description = "The changed category", body = Term),
        (status = 409, description = "It was changed meanwhile; `current` is the category as it is now"),
    ))]
pub(crate) async fn update_category(
    State(app): State<App>,
    viewer: Viewer,
    slug: Path<String>,
    body: Body<TermInput>,
) -> ApiResult<Json<Term>> {
    update(&app, Kind::Category, &viewer, slug, body).await
}

#[utoipa::path(put, path = "/api/tags/{slug}", tag = "terms", params(("slug" = String, Path)),
    request_body = TermInput, security(("bearer" = [])),
    responses(
        (status = 200, description = "The changed tag", body = Term),
        (status = 409, description = "It was changed meanwhile; `current` is the tag as it is now"),
    ))]
pub(crate) async fn update_tag(
    State(app): State<App>,
    viewer: Viewer,
    slug: Path<String>,
    body: Body<TermInput>,
) -> ApiResult<Json<Term>> {
    update(&app, Kind::Tag, &viewer, slug, body).await
}

#[utoipa::path(delete, path = "/api/categories/{slug}", tag = "terms", params(("slug" = String, Path), Version),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "It is gone; its posts stay without it"),
        (status = 409, description = "It was changed meanwhile; `current` is the category as it is now"),
    ))]
pub(crate) async fn delete_category(
    State(app): State<App>,
    viewer: Viewer,
    slug: Path<String>,
    version: Query<Version>,
) -> ApiResult<StatusCode> {
    delete(&app, Kind::Category, &viewer, slug, version).await
}

#[utoipa::path(delete, path = "/api/tags/{slug}", tag = "terms", params(("slug" = String, Path), Version),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "It is gone; its posts stay without it"),
        (status = 409, description = "It was changed meanwhile; `current` is the tag as it is now"),
    ))]
pub(crate) async fn delete_tag(
    State(app): State<App>,
    viewer: Viewer,
    slug: Path<String>,
    version: Query<Version>,
) -> ApiResult<StatusCode> {
    delete(&app, Kind::Tag, &viewer, slug, version).await
}

#[utoipa::path(post, path = "/api/categories/{slug}/merge", tag = "terms", params(("slug" = String, Path)),
    request_body = MergeInput, security(("bearer" = [])),
    responses((status = 200, description = "The category that stays", body = Term)))]
pub(crate) async fn merge_categories(
    State(app): State<App>,
    viewer: Viewer,
    slug: Path<String>,
    body: Body<MergeInput>,
) -> ApiResult<Json<Term>> {
    merge(&app, Kind::Category, &viewer, slug, body).await
}

#[utoipa::path(post, path = "/api/tags/{slug}/merge", tag = "terms", params(("slug" = String, Path)),
    request_body = MergeInput, security(("bearer" = [])),
    responses((status = 200, description = "The tag that stays", body = Term)))]
pub(crate) async fn merge_tags(
    State(app): State<App>,
    viewer: Viewer,
    slug: Path<String>,
    body: Body<MergeInput>,
) -> ApiResult<Json<Term>> {
    merge(&app, Kind::Tag, &viewer, slug, body).await
}

async fn create(app: &App, kind: Kind, Body(input): Body<TermInput>) -> ApiResult<Response> {
    let input = terms::check(kind, input)?;
    let tx = app.begin().await?;
    let term = terms::create(&tx, kind, &input, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(created(&format!("/api/{}/{}", kind.plural(), term.slug), term))
}

async fn update(
    app: &App,
    kind: Kind,
    viewer: &Viewer,
    Path(slug): Path<String>,
    Body(input): Body<TermInput>,
) -> ApiResult<Json<Term>> {
    viewer.require(Role::Admin)?;
    let input = terms::check(kind, input)?;
    let tx = app.begin().await?;
    let term = terms::update(&tx, kind, &slugify(&slug), &input, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(Json(term))
}

async fn delete(
    app: &App,
    kind: Kind,
    viewer: &Viewer,
    Path(slug): Path<String>,
    Query(Version { version }): Query<Version>,
) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    let tx = app.begin().await?;
    terms::delete(&tx, kind, &slugify(&slug), version, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn merge(
    app: &App,
    kind: Kind,
    viewer: &Viewer,
    Path(slug): Path<String>,
    Body(MergeInput { into }): Body<MergeInput>,
) -> ApiResult<Json<Term>> {
    viewer.require(Role::Admin)?;
    let tx = app.begin().await?;
    let term = terms::merge(&tx, kind, &slugify(&slug), &into, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(Json(term))
}
