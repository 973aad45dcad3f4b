//! `POST /api/comments/:id/report`: anybody who sees it, once.

use axum::extract::State;
use contracts::{
    content::{CommentState, ReportInput, ReportReason},
    problem::Problem,
};
use http::StatusCode;
use kit::{
    ApiResult,
    extract::{Body, Path},
};

use super::find::{lock, no_comment, own_or_visible};
use crate::{
    app::App,
    counting::{self, Change},
    domain::{eyes::Seen, rules::reaches, text::Check},
    routes::caller::Caller,
    store::{
        buckets::{self, REPORTING},
        comments,
        reports::{self, NewReport},
        settings, unsigned,
    },
};

#[utoipa::path(
    post, path = "/api/comments/{id}/report", tag = "comments", operation_id = "comments_report",
    description = "Tells the admins that something is wrong with a comment.",
    params(("id" = String, Path, description = "Id of the comment")), request_body = ReportInput,
    security((), ("bearer" = [])),
    responses(
        (status = 204, description = "They are told"), (status = 403, description = "Banned"),
        (status = 409, description = "Reported before by the caller"), (status = 429, description = "Too many"),
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(input): Body<ReportInput>,
) -> ApiResult<StatusCode> {
    let mut check = Check::new();
    let note = check.report_note(input.note.as_deref(), input.reason == ReportReason::Other);
    check.finish()?;
    let found = own_or_visible(&app, &caller, &id).await?;
    caller.check_ban(&app).await?;
    if found.eyes.wrote(&found.comment) {
        return Err(Problem::new(409, "own_comment", "This is your own comment").into());
    }
    let (now, actor) = (app.clock.millis(), caller.actor());
    buckets::take(&app.db, &format!("report:{actor}"), REPORTING, now).await?;

    let tx = app.db.begin().await?;
    let locked = lock(&tx, &found).await?;
    if locked.comment.state() == CommentState::Trashed {
        return Err(no_comment().into());
    }
    let id = locked.comment.id.as_str();
    let by_member = caller.viewer.is_some();
    let report = NewReport { comment_id: id, reporter: &actor, by_member, reason: input.reason, note };
    if !reports::add(&tx, report, now).await? {
        return Err(Problem::new(409, "already_reported", "You have reported this already").into());
    }
    let limit = settings::get(&tx).await?.hold_reports;
    if locked.comment.state() == CommentState::Visible && reaches(unsigned(reports::by_members(&tx, id).await?), limit)
    {
        comments::set_state(&tx, id, CommentState::Pending, "reports").await?;
        counting::comments(&tx, &locked.post, id, Change::Maybe, now).await?;
    }
    tx.commit().await?;
    app.relay.wake();
    Ok(StatusCode::NO_CONTENT)
}
