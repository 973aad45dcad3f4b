//! `POST /api/posts` (AUTHOR)

use axum::{extract::State, response::Response};
use contracts::{
    blog::{Post, PostInput},
    module::Role,
};
use kit::{ApiResult, auth::Viewer, extract::Body, http::created};

use super::find::written;
use crate::{app::App, changes::save};

#[utoipa::path(post, path = "/api/posts", tag = "posts", request_body = PostInput, security(("bearer" = [])),
    responses((status = 201, description = "The new post", body = Post, headers(("Location", description = "Where it is read")))))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<PostInput>,
) -> ApiResult<Response> {
    viewer.require(Role::Author)?;
    let prepared = save::prepare(&app, input).await?;
    let tx = app.begin().await?;
    let slug = save::create(&tx, &viewer, &prepared, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(created(&format!("/api/posts/{slug}"), written(&app, &slug).await?))
}
