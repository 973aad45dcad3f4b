//! `GET /internal/bug-reports/images`: which screenshots bug reports use, for storage.

use axum::{Json, extract::State};
use contracts::storage::{ImagesOf, ImagesOfPage};
use kit::{ApiResult, auth::ServiceCaller, db::sql, extract::Query};
use sea_orm::FromQueryResult;

use super::Paging;
use crate::app::App;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    screenshot: String,
}

/// Screenshots of bug reports, by id; reports without one are left out
#[utoipa::path(get, path = "/internal/bug-reports/images", tag = "internal",
    operation_id = "internal_bug_reports_images", params(Paging), responses((status = 200, body = ImagesOfPage)))]
pub(in crate::routes) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<ImagesOfPage>> {
    let limit = paging.limit()?;
    let query = "SELECT id, screenshot FROM bug_reports WHERE id > $1 AND screenshot IS NOT NULL ORDER BY id LIMIT $2";
    let rows = sql::all::<Row, _>(app.db.read(), query, [paging.after.into(), i64::from(limit).into()]).await?;
    let items: Vec<ImagesOf> =
        rows.into_iter().map(|row| ImagesOf { id: row.id, images: vec![row.screenshot] }).collect();
    let is_full = u32::try_from(items.len()).is_ok_and(|count| count == limit);
    let next = items.last().filter(|_| is_full).map(|last| last.id.clone());
    Ok(Json(ImagesOfPage { items, next }))
}
