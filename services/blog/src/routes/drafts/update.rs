//! `PUT /api/drafts/:id` (its author, ADMIN): what an editor saves while somebody types. One statement,
//! nothing is rendered.

use axum::{Json, extract::State};
use contracts::{
    blog::{Draft, DraftInput},
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Body, Path},
};

use crate::{app::App, domain::input::check_draft, store::drafts};

#[utoipa::path(put, path = "/api/drafts/{id}", tag = "drafts", params(("id" = String, Path)),
    request_body = DraftInput, security(("bearer" = [])),
    responses(
        (status = 200, description = "The saved draft", body = Draft),
        (status = 409, description = "It was saved elsewhere meanwhile; `current` is the draft as it is now"),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(input): Body<DraftInput>,
) -> ApiResult<Json<Draft>> {
    super::find(app.db.read(), &viewer, &id).await?;
    let input = check_draft(input)?;
    let version = input
        .version
        .ok_or_else(|| Problem::validation().with_field("version", "required", "Send the version that you changed."))?;
    if input.post.is_some() {
        let message = "A draft belongs to the post that it was made for.";
        return Err(Problem::validation().with_field("post", "invalid", message).into());
    }
    let saved = drafts::save(app.db.write(), &id, version, &input, app.clock.millis()).await?;
    let draft = super::find(app.db.read(), &viewer, &id).await?;
    if saved { Ok(Json(draft)) } else { Err(ApiError::stale(version, draft.summary.version, &draft)) }
}
