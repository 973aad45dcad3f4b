//! `GET /api/posts/:slug/related?size=`: public posts that share tags, category or words.

use axum::{extract::State, response::Response};
use contracts::{module::Role, problem::Problem, search::Related};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{answers, app::App, domain::visibility::may_see, routes::page::refused, store::beside};

const DEFAULT_SIZE: u32 = 5;
const MAX_SIZE: u32 = 20;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1 to 20; 5 when absent.
    #[param(minimum = 1, maximum = 20)]
    size: Option<u32>,
}

#[utoipa::path(get, path = "/api/posts/{slug}/related", tag = "posts", params(("slug" = String, Path), Params),
    security((), ("bearer" = [])),
    responses((status = 200, description = "The nearest first", body = Related)))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Path(slug): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<Response> {
    let size = params.size.unwrap_or(DEFAULT_SIZE);
    if !(1..=MAX_SIZE).contains(&size) {
        return Err(refused("size", format!("From 1 to {MAX_SIZE}.")).into());
    }
    match viewer {
        // Who writes may see a post that is not public; what is related to it is.
        Some(viewer) if viewer.role() >= Role::Author => answers::own(&find(&app, Some(&viewer), &slug, size).await?),
        _ => {
            // What the index does not know yet is found when it does.
            let key = format!("related:{}:{size}:{slug}", app.search()?.generation());
            answers::kept(&app, &key, async || find(&app, None, &slug, size).await).await
        }
    }
}

async fn find(app: &App, viewer: Option<&Viewer>, slug: &str, size: u32) -> ApiResult<Related> {
    let post = beside::by_slug(&app.db, slug).await?.ok_or_else(|| Problem::not_found("post"))?;
    if !may_see(viewer, &post.author_id, post.status) {
        return Err(Problem::not_found("post").into());
    }
    let ids = app.search()?.related(post, usize::try_from(size).unwrap_or_default()).await?;
    Ok(Related { items: beside::public_in_order(&app.db, &ids).await? })
}
