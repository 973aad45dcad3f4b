//! `DELETE /api/posts/:slug?version=` (its author, ADMIN): to the trash.

use axum::extract::State;
use contracts::module::Role;
use http::StatusCode;
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Path, Query},
};
use serde::Deserialize;

use super::update::find;
use crate::{
    app::App,
    store::{posts, terms},
};

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    version: Option<u32>,
}

pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<StatusCode> {
    viewer.require(Role::Author)?;
    let tx = app.db.begin().await?;
    let current = find(&tx, &viewer, &slug, params.version).await?;
    posts::trash(&tx, &current.id, app.clock.millis()).await?;
    let tags = terms::tags_of(&tx, &current.id).await?;
    terms::recount(&tx, tags, current.category_id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
