//! Comments: what their writers do.

use axum::response::Response;
use contracts::{
    content::{CommentChange, CommentInput, GuestProof, ReportInput, ReportReason, Written},
    problem::Problem,
};
use http::Method;
use kit::{ApiError, ApiResult, extract::Path};

use super::{Done, Posted};
use crate::paths;

/// The page that a form about a post stands on, with the page of comments that is shown there.
pub(super) fn page_of(posted: &Posted) -> String {
    match (post_of(posted), posted.form.number("comments")) {
        (Some(post), Ok(Some(comments))) if comments > 1 => format!("{post}?comments={comments}"),
        (Some(post), _) => post,
        (None, _) => posted.form.next_or("/"),
    }
}

/// The page of the post that a form is about.
fn post_of(posted: &Posted) -> Option<String> {
    posted.form.given("slug").map(|slug| format!("/posts/{}", paths::encode_segment(&slug)))
}

/// `POST /forms/comments`
pub(super) async fn create(posted: Posted) -> Response {
    let page = page_of(&posted);
    let result = write(&posted, &page).await;
    posted.answer(&page, result).await
}

async fn write(posted: &Posted, page: &str) -> ApiResult<Done> {
    posted.form.require(&["post", "content"])?;
    let guest = posted.visitor.viewer().is_none();
    if guest && !posted.form.has("name") {
        // The form of a member whose session has ended since: it has no fields for what a guest has to say.
        return Err(Problem::unauthenticated().into());
    }
    let input = CommentInput {
        post_id: posted.form.trimmed("post").into(),
        parent_id: posted.form.given("parent"),
        content: posted.form.lines("content"),
        is_private: posted.form.checked("private"),
        guest_name: posted.form.given("name").filter(|_| guest),
        guest_password: Some(posted.form.field("password").to_owned()).filter(|typed| guest && !typed.is_empty()),
        website: posted.form.given("website"),
    };
    let content = &posted.upstreams().content;
    let answer = content.change(Method::POST, "/api/comments", &input, &posted.visitor).await;
    let answer = answer.map_err(|error| match error.problem().code.as_str() {
        "guests_not_allowed" => Problem::unauthenticated().into(),
        _ => fields(error),
    })?;
    let written: Written = answer.json()?;
    let flash = if written.comment.is_pending { "comment_held" } else { "comment_posted" };
    let id = &written.comment.id;
    let location = match post_of(posted) {
        // A new thread stands on the last page, whichever that is for its writer.
        Some(post) if input.parent_id.is_none() => format!("{post}?comment={id}#comment-{id}"),
        _ => format!("{page}#comment-{id}"),
    };
    let cookies = remember(posted, written.writer_token.as_deref()).into_iter().collect();
    Ok(Done { cookies, ..Done::at(location, flash) })
}

/// Lets a guest see what is theirs.
pub(super) fn remember(posted: &Posted, token: Option<&str>) -> Option<http::HeaderValue> {
    posted.visitor.guest()?.cookie(token, posted.backend().site.secure)
}

/// Fields as the form calls them.
fn fields(error: ApiError) -> ApiError {
    let mut problem = error.problem().clone();
    if problem.errors.is_empty() {
        return error;
    }
    for error in &mut problem.errors {
        let named = match error.field.as_str() {
            "guest_name" => "name",
            "guest_password" => {
                // Shorter than that of an account, so another sentence.
                if error.code == "too_short" {
                    "guest_password_too_short".clone_into(&mut error.code);
                }
                "password"
            }
            "post_id" => "post",
            "parent_id" => "parent",
            "is_private" => "private",
            _ => continue,
        };
        named.clone_into(&mut error.field);
    }
    problem.into()
}

/// `POST /forms/comments/:id/edit`
pub(super) async fn edit(Path(id): Path<String>, posted: Posted) -> Response {
    let page = page_of(&posted);
    let result = change(&posted, &id, &page).await;
    posted.answer(&page, result).await
}

async fn change(posted: &Posted, id: &str, page: &str) -> ApiResult<Done> {
    posted.form.require(&["content"])?;
    let input = CommentChange {
        content: posted.form.lines("content"),
        is_private: posted.form.given("private").map(|_| posted.form.checked("private")),
        version: posted.form.number("version")?,
        password: password(posted),
    };
    let content = &posted.upstreams().content;
    let changed = content.change(Method::PUT, &path(id, ""), &input, &posted.visitor).await;
    changed.map_err(refused(posted))?;
    Ok(Done::at(posted.form.next_or(&format!("{page}#comment-{id}")), "comment_saved"))
}

/// `POST /forms/comments/:id/delete`
pub(super) async fn delete(Path(id): Path<String>, posted: Posted) -> Response {
    prove(posted, Method::DELETE, path(&id, ""), "comment_deleted").await
}

/// `POST /forms/comments/:id/restore`
pub(super) async fn restore(Path(id): Path<String>, posted: Posted) -> Response {
    prove(posted, Method::POST, path(&id, "/restore"), "comment_restored").await
}

/// What guests do with the password of their comment, and others without.
async fn prove(posted: Posted, method: Method, path: String, flash: &'static str) -> Response {
    let page = page_of(&posted);
    let content = &posted.upstreams().content;
    let done = match password(&posted) {
        Some(password) => content.change(method, &path, &GuestProof { password }, &posted.visitor).await,
        None => content.act(method, &path, &posted.visitor).await,
    };
    let result = done.map_err(refused(&posted)).map(|_| {
        let comments = format!("{page}#comments");
        Done::at(posted.form.next_or(if posted.form.given("slug").is_some() { &comments } else { &page }), flash)
    });
    posted.answer(&page, result).await
}

/// `POST /forms/comments/:id/report`
pub(super) async fn report(Path(id): Path<String>, posted: Posted) -> Response {
    let page = page_of(&posted);
    let result = tell(&posted, &id, &page).await;
    posted.answer(&page, result).await
}

async fn tell(posted: &Posted, id: &str, page: &str) -> ApiResult<Done> {
    let reason = match posted.form.trimmed("reason") {
        "SPAM" => ReportReason::Spam,
        "ABUSE" => ReportReason::Abuse,
        "PRIVACY" => ReportReason::Privacy,
        "ILLEGAL" => ReportReason::Illegal,
        "OTHER" => ReportReason::Other,
        _ => {
            let rule = "One of SPAM, ABUSE, PRIVACY, ILLEGAL, OTHER.";
            return Err(Problem::validation().with_field("reason", "invalid", rule).into());
        }
    };
    let input = ReportInput { reason, note: posted.form.given("note") };
    let content = &posted.upstreams().content;
    content.change(Method::POST, &path(id, "/report"), &input, &posted.visitor).await?;
    let cookies = remember(posted, None).into_iter().collect();
    Ok(Done { cookies, ..Done::at(posted.form.next_or(&format!("{page}#comment-{id}")), "comment_reported") })
}

pub(super) fn path(id: &str, rest: &str) -> String {
    format!("/api/comments/{}{rest}", paths::encode_segment(id))
}

/// Of a guest; users need none.
fn password(posted: &Posted) -> Option<String> {
    let typed = posted.form.field("password");
    (posted.visitor.viewer().is_none() && !typed.is_empty()).then(|| typed.to_owned())
}

/// A guest without the right password is not sent to the sign-in: that would not help. A member whose session has
/// ended is: their form has no password.
fn refused(posted: &Posted) -> impl Fn(ApiError) -> ApiError {
    let guest = posted.visitor.viewer().is_none() && posted.form.has("password");
    move |error| match error.problem().status {
        401 if guest => {
            Problem::validation().with_field("password", "wrong_credentials", "The password is wrong.").into()
        }
        _ => fields(error),
    }
}
