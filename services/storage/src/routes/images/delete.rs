//! `DELETE /api/images/:id`: its uploader or an admin, when nothing uses it.

use axum::extract::State;
use contracts::{module::Role, problem::Problem};
use http::StatusCode;
use kit::{ApiResult, auth::Viewer, extract::Path};

use crate::{
    app::App,
    store::{images, orphans},
};

/// Removes an image that nothing uses
#[utoipa::path(delete, path = "/api/images/{id}", tag = "images", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the image")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "Something uses it")))]
pub(crate) async fn handle(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> ApiResult<StatusCode> {
    let found = images::by_id(app.db.read(), &id).await?;
    // Somebody else's is not there: nothing tells that it exists.
    let own = |row: &images::Row| viewer.role() == Role::Admin || row.uploader_id.as_deref() == Some(viewer.id());
    let row = found.filter(own).ok_or_else(|| Problem::not_found("image"))?;
    if orphans::remove(&app, &row.stem, i64::MAX).await?.is_none() {
        return Err(Problem::new(409, "in_use", "Something uses it")
            .with_detail(format!("{} posts, pages or profiles use this image. Take it out of them first.", row.uses))
            .into());
    }
    Ok(StatusCode::NO_CONTENT)
}
