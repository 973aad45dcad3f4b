//! Static pages and notices.

use axum::response::Response;
use contracts::{
    page::{PageInput, PageKind, PageStatus, PageTemplate},
    problem::Problem,
};
use http::Method;
use kit::{ApiResult, extract::Path};

use super::{Done, Posted};
use crate::paths;

const TABLE: &str = "/admin/pages";

/// `POST /forms/pages`
pub(super) async fn create(posted: Posted) -> Response {
    let result = save(&posted, Method::POST, "/api/pages").await;
    posted.answer("/admin/pages/new", result).await
}

/// `POST /forms/pages/:id`
pub(super) async fn update(Path(id): Path<String>, posted: Posted) -> Response {
    let result = save(&posted, Method::PUT, &path(&id, "")).await;
    posted.answer(&format!("/admin/pages/edit/{}", paths::encode_segment(&id)), result).await
}

async fn save(posted: &Posted, method: Method, path: &str) -> ApiResult<Done> {
    let input = input(posted)?;
    posted.upstreams().page.change(method, path, &input, &posted.visitor).await?;
    Ok(Done::at(posted.form.next_or(TABLE), "page_saved"))
}

fn input(posted: &Posted) -> Result<PageInput, Problem> {
    let form = &posted.form;
    form.require(&["title"])?;
    let invalid = |field: &str| Problem::validation().with_field(field, "invalid", "Choose one of these.");
    Ok(PageInput {
        title: form.trimmed("title").to_owned(),
        content: form.lines("content"),
        slug: form.given("slug"),
        kind: match form.trimmed("kind") {
            "" => None,
            "STATIC" => Some(PageKind::Static),
            "NOTICE" => Some(PageKind::Notice),
            _ => return Err(invalid("kind")),
        },
        status: match form.trimmed("status") {
            "" => None,
            "DRAFT" => Some(PageStatus::Draft),
            "PUBLISHED" => Some(PageStatus::Published),
            _ => return Err(invalid("status")),
        },
        badge: form.given("badge"),
        // A box that is not ticked is not sent.
        pinned: Some(form.checked("pinned")),
        template: match form.trimmed("template") {
            "" => None,
            "default" => Some(PageTemplate::Default),
            "wide" => Some(PageTemplate::Wide),
            "resume" => Some(PageTemplate::Resume),
            _ => return Err(invalid("template")),
        },
        locale: form.given("locale"),
        version: form.number("version")?,
    })
}

/// `POST /forms/pages/:id/delete`
pub(super) async fn delete(Path(id): Path<String>, posted: Posted) -> Response {
    let version = posted.form.given("version").map(|version| format!("?version={}", paths::encode_query(&version)));
    act(posted, Method::DELETE, path(&id, version.as_deref().unwrap_or_default()), "page_deleted").await
}

/// `POST /forms/pages/:id/restore`
pub(super) async fn restore(Path(id): Path<String>, posted: Posted) -> Response {
    act(posted, Method::POST, path(&id, "/restore"), "page_restored").await
}

/// `POST /forms/pages/:id/purge`
pub(super) async fn purge(Path(id): Path<String>, posted: Posted) -> Response {
    act(posted, Method::POST, path(&id, "/purge"), "page_purged").await
}

async fn act(posted: Posted, method: Method, path: String, flash: &'static str) -> Response {
    let page = posted.form.next_or(TABLE);
    let result = posted.upstreams().page.act(method, &path, &posted.visitor).await;
    let result = result.map(|_| Done::at(page.clone(), flash));
    posted.answer(&page, result).await
}

fn path(id: &str, rest: &str) -> String {
    format!("/api/pages/{}{rest}", paths::encode_segment(id))
}
