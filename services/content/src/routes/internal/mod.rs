//! `/internal/*`: for other services, with the service token.

pub(crate) mod export;
pub(crate) mod import;

use axum::{Json, extract::State};
use contracts::{content::PostTotalsPage, reconcile::Report};
use kit::{ApiResult, auth::ServiceCaller, extract::Query, id};
use serde::Deserialize;
use utoipa::IntoParams;

use super::paging::refused;
use crate::{app::App, store::posts};

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 500;
const MAX_IDS: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The last id of the page before.
    after: Option<String>,
    /// From 1 to 500; 200 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// These posts alone: at most 100 ids with commas.
    ids: Option<String>,
}

/// `GET /internal/posts/counts`
#[utoipa::path(
    get, path = "/internal/posts/counts", tag = "internal", operation_id = "internal_counts",
    description = "Comments and likes of all posts, by id.", params(Params),
    responses((status = 200, body = PostTotalsPage)),
)]
pub(crate) async fn counts(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<PostTotalsPage>> {
    if let Some(ids) = &params.ids {
        let ids: Vec<String> = ids.split(',').filter_map(|text| id::parse(text.trim())).collect();
        if ids.is_empty() || ids.len() > MAX_IDS {
            return Err(refused("ids", format!("From 1 to {MAX_IDS} ids with commas.")).into());
        }
        return Ok(Json(PostTotalsPage { items: posts::totals_of(app.db.read(), &ids).await?, next: None }));
    }
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refused("limit", format!("From 1 to {MAX_LIMIT}.")).into());
    }
    let after = params.after.unwrap_or_default().replace('\0', "");
    let items = posts::totals(app.db.read(), &after, i64::from(limit)).await?;
    let is_full = u32::try_from(items.len()).is_ok_and(|count| count == limit);
    let next = items.last().filter(|_| is_full).map(|last| last.post_id.clone());
    Ok(Json(PostTotalsPage { items, next }))
}

/// `POST /internal/reconcile`
#[utoipa::path(
    post, path = "/internal/reconcile", tag = "internal", operation_id = "internal_reconcile",
    description = "Recounts everything that events maintain, and repairs it.",
    responses((status = 200, body = Report)),
)]
pub(crate) async fn reconcile(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Report>> {
    Ok(Json(crate::reconcile::run(&app).await?))
}
