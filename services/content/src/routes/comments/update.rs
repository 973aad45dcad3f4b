//! `PUT /api/comments/:id`: its writer; a guest with the password.

use axum::{Json, extract::State};
use contracts::{
    content::{Comment, CommentChange, CommentState},
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    extract::{Body, Path},
};

use super::{
    find::{lock, no_comment, own_or_visible},
    guest,
    write::{self, Saying},
};
use crate::{
    app::App,
    counting::{self, Change},
    domain::{
        eyes::Seen,
        rules::Arriving,
        text::{Check, text_digest},
        thread::Entry,
    },
    routes::caller::Caller,
    store::{
        comments::{self, Text},
        row::CommentRow,
        unsigned,
    },
};

#[utoipa::path(
    put, path = "/api/comments/{id}", tag = "comments", operation_id = "comments_update",
    description = "Changes the text of one's own comment. Guests show its password.",
    params(("id" = String, Path, description = "Id of the comment")), request_body = CommentChange,
    security((), ("bearer" = [])),
    responses(
        (status = 200, body = Comment), (status = 403, description = "Somebody else's, or the wrong password"),
        (status = 409, description = "Changed in the meantime (`current` is the comment as it is now), or said already"), (status = 429, description = "Too many"),
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(change): Body<CommentChange>,
) -> ApiResult<Json<Comment>> {
    let mut check = Check::new();
    let content = check.content(&change.content);
    check.finish()?;
    let found = own_or_visible(&app, &caller, &id).await?;
    may_change(&found.comment, found.eyes.wrote(&found.comment))?;
    if found.comment.is_guests() {
        guest::prove(&app, &caller, &found.comment, change.password.as_deref()).await?;
    }
    write::admit(&app, &caller).await?;
    let html = write::render(&app, &content).await?;
    // A guest who was let in before is not a stranger now; what is written new is judged anew.
    let arriving = Arriving { content: &content, html: &html, is_guest: found.comment.is_guests(), is_known: true };
    let judged = write::judge(&app, &caller, &found.post, &arriving).await?;
    let (now, digest) = (app.clock.millis(), text_digest(&content));

    let tx = app.db.begin().await?;
    let locked = lock(&tx, &found).await?;
    may_change(&locked.comment, locked.eyes.wrote(&locked.comment))?;
    if let Some(version) = change.version.filter(|version| *version != unsigned(locked.comment.version)) {
        let (current, now) = (unsigned(locked.comment.version), locked.comment.shown(&locked.eyes));
        return Err(ApiError::stale(version, current, &now));
    }
    let judged = if locked.comment.says(&digest) {
        judged
    } else {
        let (parent_id, by) = (locked.comment.parent_id.as_deref(), locked.comment.id.as_str());
        let saying = Saying { parent_id, content: &content, digest: &digest, by };
        write::compare(&tx, &caller, &locked.post, &saying, judged, now).await?
    };
    let is_private = is_private(&tx, &locked.comment, change.is_private).await?;
    let waited = locked.comment.state() == CommentState::Pending;
    let (state, held_for) = match judged {
        (CommentState::Visible, _) if !waited => (CommentState::Visible, String::new()),
        (_, held_for) => (CommentState::Pending, reasons(&locked.comment.held_for, &held_for)),
    };
    let text = Text { state, held_for: &held_for, is_private, text_digest: &digest, content: &content, html: &html };
    comments::edit(&tx, &locked.comment.id, text, now).await?;
    counting::comments(&tx, &locked.post, &locked.comment.id, Change::Edited, now).await?;
    let changed = comments::by_id(&tx, &locked.comment.id, &locked.eyes.actor).await?;
    let changed = changed.ok_or_else(|| ApiError::internal("the changed comment is gone"))?;
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(changed.shown(&locked.eyes)))
}

/// 403 for somebody else's, 404 for what cannot be changed any more.
fn may_change(comment: &CommentRow, mine: bool) -> Result<(), Problem> {
    match comment.state() {
        CommentState::Trashed | CommentState::Hidden => Err(no_comment()),
        _ if mine || comment.is_guests() => Ok(()),
        _ => Err(Problem::forbidden().with_detail("Only who wrote a comment changes it.")),
    }
}

/// Why it waits: for what it waited before, because it changed, and for what is in it now.
fn reasons(before: &str, now: &str) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for reason in before.split(',').chain(["edited"]).chain(now.split(',')) {
        if !reason.is_empty() && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons.join(",")
}

/// An answer to a private comment stays private.
async fn is_private(tx: &sea_orm::DatabaseTransaction, comment: &CommentRow, wanted: Option<bool>) -> ApiResult<bool> {
    let wanted = wanted.unwrap_or(comment.is_private);
    if wanted || !comment.is_private {
        return Ok(wanted);
    }
    let parent = match &comment.parent_id {
        Some(parent) => comments::by_id(tx, parent, "").await?,
        None => None,
    };
    if parent.is_some_and(|parent| parent.is_private) {
        let message = "An answer to a private comment is private too.";
        return Err(Problem::validation().with_field("is_private", "invalid", message).into());
    }
    Ok(false)
}
