//! What writing and changing a comment share.

use contracts::{content::CommentState, problem::Problem};
use kit::{ApiError, ApiResult};
use markdown::Options;
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    domain::{
        rules::{self, Arriving},
        text::is_commonplace,
    },
    routes::caller::Caller,
    store::{
        buckets::{self, WRITING, WRITING_THERE},
        comments::{self, Before, Said},
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

/// 403 for the banned, 429 for who writes too much, alone or with others from the same address. Admins answer to
/// nobody here.
pub(super) async fn admit(app: &App, caller: &Caller) -> ApiResult<()> {
    caller.check_ban(app).await?;
    if caller.is_admin() {
        return Ok(());
    }
    let now = app.clock.millis();
    buckets::take(&app.db, &own_bucket(caller), WRITING, now).await?;
    if caller.is_trusted() {
        return Ok(());
    }
    buckets::take(&app.db, &bucket_there(caller), WRITING_THERE, now).await
}

fn own_bucket(caller: &Caller) -> String {
    format!("write:{}", caller.actor())
}

fn bucket_there(caller: &Caller) -> String {
    format!("write-there:{}", caller.address)
}

/// Whether what they write there is shown at once, whatever it is.
fn is_free(caller: &Caller, post: &Post) -> bool {
    caller.is_trusted() || caller.user() == Some(post.author_id.as_str())
}

/// Which state a text gets, and why when it has to wait.
pub(super) async fn judge(
    app: &App,
    caller: &Caller,
    post: &Post,
    arriving: &Arriving<'_>,
) -> ApiResult<(CommentState, String)> {
    if is_free(caller, post) {
        return Ok((CommentState::Visible, String::new()));
    }
    let reasons = rules::held_for(&settings::get(app.db.read()).await?, arriving)?;
    let state = if reasons.is_empty() { CommentState::Visible } else { CommentState::Pending };
    Ok((state, reasons.join(",")))
}

/// What is about to be said, and where.
pub(super) struct Saying<'a> {
    pub(super) parent_id: Option<&'a str>,
    pub(super) content: &'a str,
    pub(super) digest: &'a str,
    /// Id of the comment that says it.
    pub(super) by: &'a str,
}

/// What was judged, with one more reason to wait when the same writer, or somebody at their address, said the same
/// elsewhere lately. 409 when the writer said it in the same place, or on the same post what is not short enough to be
/// said twice.
pub(super) async fn compare(
    tx: &DatabaseTransaction,
    caller: &Caller,
    post: &Post,
    saying: &Saying<'_>,
    judged: (CommentState, String),
    now: i64,
) -> ApiResult<(CommentState, String)> {
    let is_watched = !is_free(caller, post) && !is_commonplace(saying.content);
    if is_watched {
        // What arrives at once on several posts waits here for each other. Always in this order.
        buckets::hold(tx, &own_bucket(caller), now).await?;
        buckets::hold(tx, &bucket_there(caller), now).await?;
    }
    let said = Said {
        author_id: caller.user(),
        writer_hash: caller.writer.as_deref(),
        address_hash: &caller.address,
        post_id: &post.id,
        parent_id: saying.parent_id,
        text_digest: saying.digest,
    };
    match comments::said_before(tx, &said, is_watched, saying.by, now - SAID_WITHIN_MS).await? {
        Before::Here => Err(said_already().into()),
        Before::OnPost if is_watched => Err(said_already().into()),
        Before::Elsewhere if is_watched => {
            let (_, held_for) = judged;
            let comma = if held_for.is_empty() { "" } else { "," };
            Ok((CommentState::Pending, format!("{held_for}{comma}repeated")))
        }
        _ => Ok(judged),
    }
}

/// 409
fn said_already() -> Problem {
    Problem::new(409, "duplicate_comment", "You have said this here already")
}
