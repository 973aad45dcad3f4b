//! `POST /api/posts/preview` (AUTHOR): a text as readers will see it.

use axum::{Json, extract::State};
use contracts::{
    module::Role,
    problem::Problem,
    search::{Preview, PreviewInput},
};
use kit::{ApiResult, auth::Viewer, extract::Body};

use crate::{app::App, rendering};

/// As much as a post may have.
const MAX_CONTENT: usize = 500_000;

#[utoipa::path(post, path = "/api/posts/preview", tag = "posts", security(("bearer" = [])),
    request_body = PreviewInput, responses((status = 200, description = "The text, rendered", body = Preview)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<PreviewInput>,
) -> ApiResult<Json<Preview>> {
    viewer.require(Role::Author)?;
    let mut problem = Problem::validation();
    if input.content.chars().count() > MAX_CONTENT {
        problem = problem.with_field("content", "too_long", format!("A text has at most {MAX_CONTENT} characters."));
    }
    if !matches!(input.locale.as_deref(), None | Some("" | "ko" | "en")) {
        problem = problem.with_field("locale", "invalid", "The language is `ko` or `en`.");
    }
    if !problem.errors.is_empty() {
        return Err(problem.into());
    }
    let rendered = rendering::render(&app, &input.content, input.locale.as_deref()).await?;
    Ok(Json(Preview {
        html: rendered.html.clone(),
        toc: rendered.toc.clone(),
        excerpt: rendered.excerpt.clone(),
        reading_minutes: rendered.reading_minutes,
        locale: rendered.locale.to_owned(),
    }))
}
