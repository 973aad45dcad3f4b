//! What only admins do.

pub(crate) mod bans;
pub(crate) mod bulk;
pub(crate) mod queue;
pub(crate) mod settings;

use axum::extract::State;
use contracts::{content::CommentState, module::Role, problem::Problem};
use http::StatusCode;
use kit::{ApiResult, auth::Viewer, extract::Path, id};

use super::comments::{OfPost, lock, no_comment, not_in_trash};
use crate::{
    app::App,
    counting::{self, Change},
    domain::{eyes::Eyes, eyes::Seen},
    store::{comments, posts, reports},
    upkeep,
};

/// `POST /api/comments/:id/approve`
#[utoipa::path(
    post, path = "/api/comments/{id}/approve", tag = "moderation", operation_id = "comments_approve",
    description = "Shows a comment to everybody and answers its reports.",
    params(("id" = String, Path, description = "Id of the comment")), security(("bearer" = [])),
    responses((status = 204, description = "It is shown"), (status = 409, description = "It is in the trash")),
)]
pub(crate) async fn approve(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    decide(&app, &find(&app, &id).await?, CommentState::Visible).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/comments/:id/hide`
#[utoipa::path(
    post, path = "/api/comments/{id}/hide", tag = "moderation", operation_id = "comments_hide",
    description = "Takes a comment out of sight and answers its reports.",
    params(("id" = String, Path, description = "Id of the comment")), security(("bearer" = [])),
    responses((status = 204, description = "It is hidden"), (status = 409, description = "It is in the trash")),
)]
pub(crate) async fn hide(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    decide(&app, &find(&app, &id).await?, CommentState::Hidden).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/comments/:id/purge`
#[utoipa::path(
    post, path = "/api/comments/{id}/purge", tag = "moderation", operation_id = "comments_purge",
    description = "Ends a comment in the trash for good.",
    params(("id" = String, Path, description = "Id of the comment")), security(("bearer" = [])),
    responses((status = 204, description = "It is gone"), (status = 409, description = "It is not in the trash")),
)]
pub(crate) async fn purge(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    end(&app, &find(&app, &id).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Any comment that was not purged.
async fn find(app: &App, id: &str) -> ApiResult<OfPost> {
    let id = id::parse(id).ok_or_else(no_comment)?;
    let comment = comments::by_id(app.db.read(), &id, "").await?.ok_or_else(no_comment)?;
    let post = posts::by_id(app.db.read(), &comment.post_id).await?.ok_or_else(no_comment)?;
    Ok(OfPost { post, comment, eyes: Eyes { is_admin: true, ..Eyes::default() } })
}

/// Whether everybody sees it or nobody. Whoever decides has read what was reported.
async fn decide(app: &App, found: &OfPost, state: CommentState) -> ApiResult<()> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let locked = lock(&tx, found).await?;
    if locked.comment.state() == CommentState::Trashed {
        return Err(Problem::new(409, "in_trash", "This is in the trash; restore it first").into());
    }
    comments::set_state(&tx, &locked.comment.id, state, "").await?;
    reports::answer(&tx, &locked.comment.id).await?;
    counting::comments(&tx, &locked.post, &locked.comment.id, Change::Maybe, now).await?;
    tx.commit().await?;
    app.relay.wake();
    Ok(())
}

async fn end(app: &App, found: &OfPost) -> ApiResult<()> {
    if !upkeep::purge_comment(&app.db, &found.comment.id, app.clock.millis()).await? {
        return Err(not_in_trash().into());
    }
    app.relay.wake();
    Ok(())
}
