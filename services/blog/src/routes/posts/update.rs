//! `PUT /api/posts/:slug` (its author, ADMIN): title, text, tags, category and excerpt become what is
//! sent; everything else stays when it is absent.

use axum::{Json, extract::State};
use contracts::{
    blog::{Post, PostInput},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Body, Path},
};

use super::find::{editable, written};
use crate::{app::App, changes::save};

#[utoipa::path(put, path = "/api/posts/{slug}", tag = "posts", params(("slug" = String, Path)), request_body = PostInput,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The changed post", body = Post),
        (status = 409, description = "It was changed meanwhile; `current` is the post as it is now"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Body(input): Body<PostInput>,
) -> ApiResult<Json<Post>> {
    viewer.require(Role::Author)?;
    let version = input
        .version
        .ok_or_else(|| Problem::validation().with_field("version", "required", "Send the version that you changed."))?;
    let prepared = save::prepare(&app, input).await?;
    let tx = app.begin().await?;
    let current = editable(&app, &tx, &viewer, &slug, Some(version)).await?;
    let slug = save::update(&tx, &viewer, &current, &prepared, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(Json(written(&app, &slug).await?))
}
