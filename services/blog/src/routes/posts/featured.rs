//! `GET /api/posts/featured?size=`: what leads the home page.

use axum::{extract::State, response::Response};
use contracts::blog::{Paged, PostSummary};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{answers, app::App, domain::leading::lead, routes::page::within, store::beside};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1 to 100; 5 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

#[utoipa::path(get, path = "/api/posts/featured", tag = "posts", params(Params),
    responses((status = 200, description = "Editors' choices, then what readers like", body = Paged<PostSummary>)))]
pub(crate) async fn handle(State(app): State<App>, Query(params): Query<Params>) -> ApiResult<Response> {
    let size = within("size", params.size.unwrap_or(5), 100)?;
    answers::kept(&app, &format!("featured:{size}"), async || leading(&app, size).await).await
}

async fn leading(app: &App, size: u32) -> ApiResult<Paged<PostSummary>> {
    let candidates = beside::candidates(&app.db, size).await?;
    let ids = lead(candidates, usize::try_from(size).unwrap_or_default(), app.clock.millis());
    let items = beside::public_in_order(&app.db, &ids).await?;
    let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
    Ok(Paged { items, total })
}
