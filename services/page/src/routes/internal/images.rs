//! `GET /internal/pages/images`: which images pages use, for storage.

use axum::{Json, extract::State};
use contracts::storage::{ImagesOf, ImagesOfPage};
use kit::{ApiResult, auth::ServiceCaller, db::sql, extract::Query};
use sea_orm::FromQueryResult;

use super::{DEFAULT_LIMIT, MAX_LIMIT, Params};
use crate::{app::App, routes::pages::refused};

#[derive(FromQueryResult)]
struct Row {
    id: String,
    images: String,
}

/// `GET /internal/pages/images`
#[utoipa::path(
    get, path = "/internal/pages/images", tag = "internal", operation_id = "internal_pages_images",
    description = "Which images pages use, by id, those in the trash included.", params(Params),
    responses((status = 200, body = ImagesOfPage)),
)]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<ImagesOfPage>> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refused("limit", format!("From 1 to {MAX_LIMIT}.")).into());
    }
    let query = "SELECT id, images FROM pages WHERE id > $1 ORDER BY id LIMIT $2";
    let values = [params.after.unwrap_or_default().into(), i64::from(limit).into()];
    let rows = sql::all::<Row, _>(app.db.read(), query, values).await?;
    let items: Vec<ImagesOf> = rows
        .into_iter()
        .map(|row| ImagesOf { id: row.id, images: serde_json::from_str(&row.images).unwrap_or_default() })
        .collect();
    let is_full = u32::try_from(items.len()).is_ok_and(|count| count == limit);
    let next = items.last().filter(|_| is_full).map(|last| last.id.clone());
    Ok(Json(ImagesOfPage { items, next }))
}
