//! `POST /api/posts/:slug/restore` (its author, ADMIN): out of the trash, as what it was. The last that
//! was thrown away at that address, or the one that `id=` names.

use axum::{Json, extract::State};
use contracts::{blog::Post, module::Role};
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::find::{in_trash, written};
use crate::{app::App, changes::life};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Which of several in the trash.
    id: Option<String>,
}

#[utoipa::path(post, path = "/api/posts/{slug}/restore", tag = "posts", params(("slug" = String, Path), Params),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The post; its slug has a number where another post lives there now", body = Post),
        (status = 409, description = "It is not in the trash"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<Json<Post>> {
    viewer.require(Role::Author)?;
    let tx = app.begin().await?;
    let post = in_trash(&tx, &viewer, &slug, params.id.as_deref()).await?;
    let slug = life::restore(&tx, &post, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(Json(written(&app, &slug).await?))
}
