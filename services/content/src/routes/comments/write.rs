//! What writing and changing a comment share.

use contracts::{content::CommentState, problem::Problem};
use kit::{ApiError, ApiResult};
use markdown::Options;
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    domain::rules::{self, Arriving},
    routes::caller::Caller,
    store::{
        buckets::{self, WRITING},
        comments::{self, Said},
        posts::Post,
        settings,
    },
};

/// The same said again within this time is a mistake or spam.
const SAID_WITHIN_MS: i64 = 24 * 3600 * 1000;

/// The HTML of a comment.
pub(crate) async fn render(app: &App, content: &str) -> ApiResult<String> {
    let rendered = app.renderer.render(content.to_owned(), Options::comment()).await.map_err(ApiError::internal)?;
    Ok(rendered.html.clone())
}

/// 403 for the banned, 429 for who writes too much. Admins answer to nobody here.
pub(super) async fn admit(app: &App, caller: &Caller) -> ApiResult<()> {
    caller.check_ban(app).await?;
    if caller.is_admin() {
        return Ok(());
    }
    buckets::take(&app.db, &format!("write:{}", caller.actor()), WRITING, app.clock.millis()).await
}

/// Which state a text gets, and why when it has to wait.
pub(super) async fn judge(
    app: &App,
    caller: &Caller,
    post: &Post,
    arriving: &Arriving<'_>,
) -> ApiResult<(CommentState, String)> {
    if caller.is_trusted() || caller.user() == Some(post.author_id.as_str()) {
        return Ok((CommentState::Visible, String::new()));
    }
    let reasons = rules::held_for(&settings::get(app.db.read()).await?, arriving)?;
    let state = if reasons.is_empty() { CommentState::Visible } else { CommentState::Pending };
    Ok((state, reasons.join(",")))
}

/// 409 when the same writer said the same in the same place lately.
pub(super) async fn check_not_said(
    tx: &DatabaseTransaction,
    caller: &Caller,
    post_id: &str,
    parent_id: Option<&str>,
    text_digest: &str,
    (except, now): (&str, i64),
) -> ApiResult<()> {
    let said = Said { author_id: caller.user(), address_hash: &caller.address, post_id, parent_id, text_digest };
    if comments::was_said(tx, &said, except, now - SAID_WITHIN_MS).await? {
        return Err(Problem::new(409, "duplicate_comment", "You have said this here already").into());
    }
    Ok(())
}
