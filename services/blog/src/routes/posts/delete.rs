//! `DELETE /api/posts/:slug?version=` (its author, ADMIN): to the trash. With `purge=true` a post that is
//! in the trash goes for good; `id=` says which, when several were thrown away at the same address.

use axum::extract::State;
use contracts::module::Role;
use http::StatusCode;
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::find::{check_version, editable, in_trash};
use crate::{app::App, changes::life};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The version that is meant; a stale one is a 409.
    version: Option<u32>,
    /// Removes a post that is in the trash for good.
    purge: Option<bool>,
    /// Which of several in the trash.
    id: Option<String>,
}

#[utoipa::path(delete, path = "/api/posts/{slug}", tag = "posts", params(("slug" = String, Path), Params),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "It is in the trash, or gone"),
        (status = 409, description = "It was changed meanwhile (`stale_version`), or is not in the trash (`not_in_trash`)"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<StatusCode> {
    viewer.require(Role::Author)?;
    let now = app.clock.millis();
    let tx = app.begin().await?;
    if params.purge.unwrap_or_default() {
        let post = in_trash(&tx, &viewer, &slug, params.id.as_deref()).await?;
        check_version(&app, &post, params.version).await?;
        life::purge(&tx, &post, now).await?;
    } else {
        let post = editable(&app, &tx, &viewer, &slug, params.version).await?;
        life::trash(&tx, &post, now).await?;
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
