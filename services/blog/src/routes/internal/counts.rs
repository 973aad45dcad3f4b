//! `GET /internal/posts/counts?author=`

use axum::{Json, extract::State};
use contracts::blog::{PostCounts, PostStatus};
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    store::{
        posts,
        row::unsigned,
        terms::{self, Kind},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Id of an author; absent: of all.
    author: Option<String>,
}

#[utoipa::path(get, path = "/internal/posts/counts", tag = "internal", params(Params),
    responses((status = 200, description = "How many there are", body = PostCounts)))]
pub(crate) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<PostCounts>> {
    let author = params.author.as_deref().filter(|author| !author.is_empty());
    let (public, drafts, categories, tags) = tokio::try_join!(
        posts::count(&app.db, PostStatus::Public, author),
        posts::count(&app.db, PostStatus::Draft, author),
        terms::count(app.db.read(), Kind::Category),
        terms::count(app.db.read(), Kind::Tag),
    )?;
    Ok(Json(PostCounts {
        public: unsigned(public),
        drafts: unsigned(drafts),
        categories: unsigned(categories),
        tags: unsigned(tags),
    }))
}
