//! `GET /internal/drafts/images`: which images drafts use, for storage.

use axum::{Json, extract::State};
use contracts::storage::{ImagesOf, ImagesOfPage};
use kit::{ApiError, ApiResult, auth::ServiceCaller, db::sql, extract::Query};
use sea_orm::FromQueryResult;
use serde::Deserialize;
use tokio::task::spawn_blocking;
use utoipa::IntoParams;

use crate::{app::App, domain::images, routes::page::refused};

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 500;
/// Texts read at once.
const BATCH: u32 = 20;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The last id of the page before.
    after: Option<String>,
    /// From 1 to 500; 200 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    cover: Option<String>,
    content: String,
}

#[utoipa::path(get, path = "/internal/drafts/images", tag = "internal", operation_id = "internal_drafts_images",
    params(Params), responses((status = 200, description = "Which images drafts use, by id", body = ImagesOfPage)))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<ImagesOfPage>> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refused("limit", format!("From 1 to {MAX_LIMIT}.")).into());
    }
    let (mut items, mut left, mut next) = (Vec::new(), limit, params.after);
    while left > 0 {
        let size = left.min(BATCH);
        let found = batch(&app, next.as_deref().unwrap_or_default(), size).await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|count| count == size);
        next = found.last().filter(|_| is_full).map(|last| last.id.clone());
        items.extend(found);
        left = if is_full { left - size } else { 0 };
    }
    Ok(Json(ImagesOfPage { items, next }))
}

/// So many drafts after the one called `after`. Only texts that can name an image leave the database.
async fn batch(app: &App, after: &str, size: u32) -> ApiResult<Vec<ImagesOf>> {
    let query = "SELECT id, cover, CASE WHEN content LIKE '%/media/%' THEN content ELSE '' END AS content
        FROM drafts WHERE id > $1 ORDER BY id LIMIT $2";
    let rows = sql::all::<Row, _>(app.db.read(), query, [after.into(), i64::from(size).into()]).await?;
    let used = |row: Row| ImagesOf { images: images::used(row.cover.as_deref(), &row.content), id: row.id };
    spawn_blocking(move || rows.into_iter().map(used).collect()).await.map_err(ApiError::internal)
}
