//! `GET /internal/users/images`: which pictures of themselves people use, for storage.

use axum::{Json, extract::State};
use contracts::storage::{ImagesOf, ImagesOfPage};
use kit::{ApiResult, auth::ServiceCaller, db::sql, extract::Query};
use sea_orm::FromQueryResult;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, routes::paging::refused};

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 500;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// The last id of the page before.
    after: Option<String>,
    /// From 1 to 500; 200 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    avatar: String,
}

/// Which pictures of themselves people use, by id; those without one are left out.
#[utoipa::path(
    get, path = "/internal/users/images", tag = "internal", operation_id = "internal_users_images", params(Params),
    responses((status = 200, body = ImagesOfPage)),
)]
pub(in crate::routes) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<ImagesOfPage>> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refused("limit", format!("From 1 to {MAX_LIMIT}.")).into());
    }
    let query = "SELECT id, avatar FROM users WHERE id > $1 AND avatar IS NOT NULL ORDER BY id LIMIT $2";
    let values = [params.after.unwrap_or_default().into(), i64::from(limit).into()];
    let rows = sql::all::<Row, _>(app.db.read(), query, values).await?;
    let items: Vec<ImagesOf> = rows.into_iter().map(|row| ImagesOf { id: row.id, images: vec![row.avatar] }).collect();
    let is_full = u32::try_from(items.len()).is_ok_and(|count| count == limit);
    let next = items.last().filter(|_| is_full).map(|last| last.id.clone());
    Ok(Json(ImagesOfPage { items, next }))
}
