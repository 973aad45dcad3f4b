//! `POST /api/posts/:slug/revisions/:id/restore` (its author, ADMIN): the post says again what it said
//! then. Address, status and times stay; what it says now becomes a revision itself.

use axum::{Json, extract::State};
use contracts::{
    blog::{Post, PostInput, RestoreInput},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Body, Path},
};

use crate::{
    app::App,
    changes::save,
    routes::posts::find::{editable, written},
    store::{
        revisions::{self, Snapshot},
        terms::{self, Kind},
    },
};

#[utoipa::path(post, path = "/api/posts/{slug}/revisions/{id}/restore", tag = "revisions",
    params(("slug" = String, Path), ("id" = String, Path)), request_body = RestoreInput, security(("bearer" = [])),
    responses(
        (status = 200, description = "The changed post", body = Post),
        (status = 409, description = "It was changed meanwhile; `current` is the post as it is now"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path((slug, id)): Path<(String, String)>,
    Body(body): Body<RestoreInput>,
) -> ApiResult<Json<Post>> {
    viewer.require(Role::Author)?;
    let post = super::post_id(&app, &viewer, &slug).await?;
    let revision = revisions::by_id(app.db.read(), &post, &id).await?;
    let revision = revision.ok_or_else(|| Problem::not_found("revision"))?;
    let prepared = save::prepare(&app, input(&app, revision).await?).await?;
    let tx = app.begin().await?;
    let current = editable(&app, &tx, &viewer, &slug, Some(body.version)).await?;
    let slug = save::update(&tx, &viewer, &current, &prepared, app.clock.millis()).await?;
    app.commit(tx).await?;
    Ok(Json(written(&app, &slug).await?))
}

/// The revision as a change. What it had not, the post has no more.
async fn input(app: &App, revision: Snapshot) -> ApiResult<PostInput> {
    // A category that is gone by now cannot come back with it.
    let category = match &revision.category {
        Some(slug) => terms::id_of(app.db.read(), Kind::Category, slug).await?.map(|_| slug.clone()),
        None => None,
    };
    Ok(PostInput {
        tags: revision.tags(),
        title: revision.title,
        content: revision.content,
        excerpt: revision.excerpt,
        cover: Some(revision.cover.unwrap_or_default()),
        category,
        seo_title: Some(revision.seo_title.unwrap_or_default()),
        seo_description: Some(revision.seo_description.unwrap_or_default()),
        ..PostInput::default()
    })
}
