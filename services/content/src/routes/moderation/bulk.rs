//! `POST /api/comments/bulk` (ADMIN): the same with many comments, each on its own.

use axum::{Json, extract::State};
use contracts::{
    content::{BulkAction, BulkInput, BulkOutcome, CommentState},
    module::Role,
    problem::Problem,
};
use kit::{ApiResult, auth::Viewer, extract::Body};

use crate::{
    app::App,
    routes::comments::{restore_comment, trash},
};

const MAX_IDS: usize = 100;

#[utoipa::path(
    post, path = "/api/comments/bulk", tag = "moderation", operation_id = "comments_bulk",
    description = "Does the same with up to 100 comments. Those with which it makes no sense are named.",
    request_body = BulkInput, security(("bearer" = [])), responses((status = 200, body = BulkOutcome)),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<BulkInput>,
) -> ApiResult<Json<BulkOutcome>> {
    viewer.require(Role::Admin)?;
    if input.ids.is_empty() || input.ids.len() > MAX_IDS {
        let message = format!("From 1 to {MAX_IDS} ids.");
        return Err(Problem::validation().with_field("ids", "invalid", message).into());
    }
    let mut outcome = BulkOutcome::default();
    for id in input.ids {
        match one(&app, input.action, &id).await {
            Ok(()) => outcome.done += 1,
            Err(error) if error.problem().status < 500 => outcome.skipped.push(id),
            Err(error) => return Err(error),
        }
    }
    Ok(Json(outcome))
}

async fn one(app: &App, action: BulkAction, id: &str) -> ApiResult<()> {
    let found = super::find(app, id).await?;
    match action {
        BulkAction::Approve => super::decide(app, &found, CommentState::Visible).await,
        BulkAction::Hide => super::decide(app, &found, CommentState::Hidden).await,
        BulkAction::Trash => trash(app, &found, false).await,
        BulkAction::Restore => restore_comment(app, &found).await,
        BulkAction::Purge => super::end(app, &found).await,
    }
}
