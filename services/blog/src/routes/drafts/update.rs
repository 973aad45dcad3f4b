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

use crate::{
    app::App,
    changes::drafts::{images_of, use_images},
    domain::{images, input::check_draft},
    store::drafts,
};

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
    let before = super::find(app.db.read(), &viewer, &id).await?;
    let input = check_draft(input)?;
    let version = input
        .version
        .ok_or_else(|| Problem::validation().with_field("version", "required", "Send the version that you changed."))?;
    if input.post.is_some() {
        let message = "A draft belongs to the post that it was made for.";
        return Err(Problem::validation().with_field("post", "invalid", message).into());
    }
    let (now, images) = (app.clock.millis(), images::used(input.cover.as_deref(), &input.content));
    let saved = if images == images_of(&before) {
        drafts::save(app.db.write(), &id, version, &input, now).await?
    } else {
        let tx = app.db.begin().await?;
        let saved = drafts::save(&tx, &id, version, &input, now).await?;
        if saved {
            use_images(&tx, &id, images, now).await?;
        }
        app.send(tx).await?;
        saved
    };
    let draft = super::find(app.db.read(), &viewer, &id).await?;
    if saved { Ok(Json(draft)) } else { Err(ApiError::stale(version, draft.summary.version, &draft)) }
}
