//! `GET /api/posts/:slug/adjacent`: what was published before and after it, among the posts that the
//! reader may see.

use axum::{extract::State, response::Response};
use contracts::{module::Role, problem::Problem, search::Adjacent};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::Path,
};

use crate::{
    answers,
    app::App,
    domain::visibility::may_see,
    store::beside::{self, Private},
};

#[utoipa::path(get, path = "/api/posts/{slug}/adjacent", tag = "posts", params(("slug" = String, Path)),
    security((), ("bearer" = [])),
    responses((status = 200, description = "The posts before and after it", body = Adjacent)))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Path(slug): Path<String>,
) -> ApiResult<Response> {
    match viewer {
        // Who writes sees more than the public posts.
        Some(viewer) if viewer.role() >= Role::Author => answers::own(&find(&app, Some(&viewer), &slug).await?),
        _ => answers::kept(&app, &format!("adjacent:{slug}"), async || find(&app, None, &slug).await).await,
    }
}

async fn find(app: &App, viewer: Option<&Viewer>, slug: &str) -> ApiResult<Adjacent> {
    let place = beside::place(&app.db, slug).await?.ok_or_else(|| Problem::not_found("post"))?;
    if !may_see(viewer, &place.author_id, place.status()) {
        return Err(Problem::not_found("post").into());
    }
    let private = match viewer {
        Some(viewer) if viewer.role() == Role::Admin => Private::All,
        Some(viewer) if viewer.role() == Role::Author => Private::Of(viewer.id()),
        _ => Private::None,
    };
    let (previous, next) = beside::adjacent(&app.db, &place, private).await?;
    Ok(Adjacent { previous, next })
}
