use axum::response::Response;
use contracts::{
    analytics::{BugCategory, BugPriority, BugReportInput, BugResponseInput, BugStatus},
    problem::Problem,
};
use http::Method;
use kit::{ApiResult, extract::Path};

use super::{Done, Posted, files};
use crate::paths;

const PAGE: &str = "/bug-reports";

/// `POST /forms/bug-reports`
pub(super) async fn report(posted: Posted) -> Response {
    let result = send(&posted).await;
    posted.answer("/bug-report", result).await
}

async fn send(posted: &Posted) -> ApiResult<Done> {
    let form = &posted.form;
    form.require(&["title", "description"])?;
    let invalid =
        |field: &'static str| move || Problem::validation().with_field(field, "invalid", "Choose one of these.");
    let category = match form.trimmed("category") {
        "" => BugCategory::default(),
        name => BugCategory::parse(name).ok_or_else(invalid("category"))?,
    };
    let priority = match form.trimmed("priority") {
        "" => BugPriority::default(),
        name => BugPriority::parse(name).ok_or_else(invalid("priority"))?,
    };
    let mut description = form.lines("description").trim().to_owned();
    let guest = posted.visitor.viewer().is_none();
    // Guests have no account that says how to reach them.
    if let Some(email) = form.given("email").filter(|_| guest) {
        description.push_str("\n\nE-mail: ");
        description.push_str(&email);
    }
    let screenshot = match form.files.has("screenshot") {
        true => Some(files::upload(posted, "screenshot", "screenshot").await?.url),
        false => None,
    };
    let title = form.trimmed("title").to_owned();
    let input = BugReportInput { title, description, category, priority, screenshot, page: form.given("page") };
    posted.upstreams().analytics.change(Method::POST, "/api/bug-reports", &input, &posted.visitor).await?;
    Ok(Done::at(form.next_or(if guest { "/" } else { PAGE }), "bug_reported"))
}

/// `POST /forms/bug-reports/:id/response`
pub(super) async fn respond(Path(id): Path<String>, posted: Posted) -> Response {
    let page = posted.form.next_or(PAGE);
    let result = answer(&posted, &id, &page).await;
    posted.answer(&page, result).await
}

async fn answer(posted: &Posted, id: &str, page: &str) -> ApiResult<Done> {
    let status = BugStatus::parse(posted.form.trimmed("status"));
    let status = status.ok_or_else(|| Problem::validation().with_field("status", "invalid", "Choose one of these."))?;
    let version = posted.form.number("version")?;
    let input = BugResponseInput { status, response: posted.form.given("response"), version };
    let path = format!("/api/bug-reports/{}/response", paths::encode_segment(id));
    posted.upstreams().analytics.change(Method::PUT, &path, &input, &posted.visitor).await?;
    Ok(Done::at(page, "bug_answered"))
}
