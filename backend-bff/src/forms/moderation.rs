//! Comments: what admins do.

use axum::response::Response;
use contracts::{
    content::{BulkAction, BulkInput},
    problem::Problem,
};
use http::Method;
use kit::{ApiResult, extract::Path};

use super::{Done, Posted, comments::path};

const QUEUE: &str = "/admin/comments";

/// `POST /forms/comments/:id/approve`
pub(super) async fn approve(Path(id): Path<String>, posted: Posted) -> Response {
    act(posted, Method::POST, path(&id, "/approve"), "comment_approved").await
}

/// `POST /forms/comments/:id/hide`
pub(super) async fn hide(Path(id): Path<String>, posted: Posted) -> Response {
    act(posted, Method::POST, path(&id, "/hide"), "comment_hidden").await
}

/// `POST /forms/comments/:id/trash`
pub(super) async fn trash(Path(id): Path<String>, posted: Posted) -> Response {
    act(posted, Method::DELETE, path(&id, ""), "comment_deleted").await
}

/// `POST /forms/comments/:id/purge`
pub(super) async fn purge(Path(id): Path<String>, posted: Posted) -> Response {
    act(posted, Method::POST, path(&id, "/purge"), "comment_purged").await
}

async fn act(posted: Posted, method: Method, path: String, flash: &'static str) -> Response {
    let done = posted.upstreams().content.act(method, &path, &posted.visitor).await;
    let page = posted.form.next_or(QUEUE);
    let result = done.map(|_| Done::at(page.clone(), flash));
    posted.answer(&page, result).await
}

/// `POST /forms/comments/bulk`
pub(super) async fn bulk(posted: Posted) -> Response {
    let page = posted.form.next_or(QUEUE);
    let result = change_all(&posted, &page).await;
    posted.answer(&page, result).await
}

async fn change_all(posted: &Posted, page: &str) -> ApiResult<Done> {
    let action = match posted.form.trimmed("action") {
        "approve" => BulkAction::Approve,
        "hide" => BulkAction::Hide,
        "trash" => BulkAction::Trash,
        "restore" => BulkAction::Restore,
        "purge" => BulkAction::Purge,
        _ => {
            let rule = "One of approve, hide, trash, restore, purge.";
            return Err(Problem::validation().with_field("action", "invalid", rule).into());
        }
    };
    let input = BulkInput { action, ids: chosen(posted)? };
    let content = &posted.upstreams().content;
    content.change(Method::POST, "/api/comments/bulk", &input, &posted.visitor).await?;
    Ok(Done::at(page, "changes_saved"))
}

/// The rows that were ticked.
pub(super) fn chosen(posted: &Posted) -> Result<Vec<String>, Problem> {
    let ids = posted.form.all("ids");
    match ids.len() {
        0 => Err(Problem::new(422, "nothing_chosen", "Nothing was chosen")),
        1..=100 => Ok(ids),
        _ => Err(Problem::validation().with_field("ids", "too_many", "At most 100.")),
    }
}
