//! `GET /api/posts/featured?size=`: what leads the home page.

use axum::{Json, extract::State};
use contracts::blog::{Paged, PostSummary};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use crate::{app::App, store::list};

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    size: Option<u32>,
}

pub(crate) async fn handle(
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<Paged<PostSummary>>> {
    let items = list::featured(&app.db, params.size.unwrap_or(5).clamp(1, 100)).await?;
    let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
    Ok(Json(Paged { items, total }))
}
