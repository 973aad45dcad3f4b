//! `GET` and `DELETE /api/images/orphans` (ADMIN): what nothing has used for a day.

use axum::{Json, extract::State};
use contracts::{
    module::Role,
    storage::{ImageList, Removed},
};
use kit::{ApiResult, auth::Viewer, extract::Query};

use super::list::Paging;
use crate::{
    app::App,
    store::{
        list::{self, Filter},
        orphans,
    },
};

/// An image that is not used yet may be in a text that somebody is writing.
const GRACE_MS: i64 = 24 * 60 * 60 * 1000;

/// Images that nothing has used for a day
#[utoipa::path(get, path = "/api/images/orphans", tag = "images", params(Paging), security(("bearer" = [])),
    responses((status = 200, body = ImageList)))]
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<ImageList>> {
    viewer.require(Role::Admin)?;
    let (page, size) = paging.read()?;
    let filter = Filter { unused_before: Some(app.clock.millis() - GRACE_MS), ..Filter::default() };
    let (items, total) = list::page(&app.db, &filter, page, size).await?;
    Ok(Json(ImageList { items, total, ..ImageList::default() }))
}

/// Removes images that nothing has used for a day
#[utoipa::path(delete, path = "/api/images/orphans", tag = "images", security(("bearer" = [])),
    responses((status = 200, body = Removed)))]
pub(crate) async fn remove(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<Removed>> {
    viewer.require(Role::Admin)?;
    // There is no way back: whatever events may have missed, the owners are asked first.
    crate::reconcile::recount_ties(&app).await?;
    let before = app.clock.millis() - GRACE_MS;
    let mut removed = Removed::default();
    for stem in orphans::stems(&app, before).await? {
        // Asked again for each: it may have come into use meanwhile.
        if let Some(bytes) = orphans::remove(&app, &stem, before).await? {
            removed.images += 1;
            removed.bytes += bytes;
        }
    }
    Ok(Json(removed))
}
