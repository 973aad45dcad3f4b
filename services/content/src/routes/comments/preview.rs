//! `POST /api/comments/preview`: what a comment would look like.

use axum::{Json, extract::State};
use contracts::{
    content::{Preview, PreviewInput},
    problem::Problem,
};
use kit::{ApiResult, extract::Body};

use super::write::render;
use crate::{
    app::App,
    domain::text::MAX_CONTENT,
    routes::caller::Caller,
    store::buckets::{self, PREVIEWING},
};

#[utoipa::path(
    post, path = "/api/comments/preview", tag = "comments", operation_id = "comments_preview",
    description = "Renders the limited Markdown of comments.",
    request_body = PreviewInput, security((), ("bearer" = [])),
    responses((status = 200, body = Preview), (status = 429, description = "Too many")),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Body(input): Body<PreviewInput>,
) -> ApiResult<Json<Preview>> {
    if input.content.chars().count() > MAX_CONTENT {
        let message = format!("A comment has at most {MAX_CONTENT} characters.");
        return Err(Problem::validation().with_field("content", "too_long", message).into());
    }
    buckets::take(&app.db, &format!("preview:{}", caller.actor()), PREVIEWING, app.clock.millis()).await?;
    Ok(Json(Preview { html: render(&app, &input.content).await? }))
}
