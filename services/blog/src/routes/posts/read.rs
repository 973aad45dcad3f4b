//! `GET /api/posts/:slug`: a post, 301 when it moved, 404 when there is none that the caller may see.

use axum::{extract::State, response::Response};
use contracts::{blog::Post, module::Role, problem::Problem};
use kit::{
    ApiResult,
    auth::{OptionalViewer, Viewer},
    extract::Path,
};

use crate::{
    answers,
    app::App,
    domain::{
        slug::slugify,
        visibility::{may_edit, may_see},
    },
    store::{posts, redirects},
};

#[utoipa::path(get, path = "/api/posts/{slug}", tag = "posts", params(("slug" = String, Path)),
    security((), ("bearer" = [])),
    responses(
        (status = 200, description = "The post", body = Post),
        (status = 301, description = "It lives elsewhere now", body = Problem, content_type = "application/problem+json",
            headers(("Location", description = "Where"))),
    ))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    Path(slug): Path<String>,
) -> ApiResult<Response> {
    match viewer {
        // Who may edit a post gets more of it.
        Some(viewer) if viewer.role() >= Role::Author => answers::own(&read(&app, Some(&viewer), &slug).await?),
        _ => answers::kept(&app, &format!("post:{slug}"), async || read(&app, None, &slug).await).await,
    }
}

/// The post as `viewer` may see it. What is public is the same for all who do not write.
async fn read(app: &App, viewer: Option<&Viewer>, slug: &str) -> ApiResult<Post> {
    let Some(row) = posts::by_slug(&app.db, slug).await? else { return Err(elsewhere(app, slug).await?.into()) };
    let author = row.summary.author_id();
    if !may_see(viewer, author, row.summary.status()) {
        return Err(Problem::not_found("post").into());
    }
    let for_editing = may_edit(viewer, author);
    Ok(row.into_post(for_editing))
}

/// Where the post lives now, or that there is none.
async fn elsewhere(app: &App, slug: &str) -> ApiResult<Problem> {
    if let Some(target) = redirects::target(&app.db, &redirects::normal(&format!("/posts/{slug}"))).await? {
        return Ok(Problem::moved(format!("/posts/{target}")));
    }
    // Another spelling: upper case, decomposed Hangul, a trailing dash.
    let usual = slugify(slug);
    if usual != slug
        && let Some(row) = posts::by_slug(&app.db, &usual).await?
        && may_see(None, row.summary.author_id(), row.summary.status())
    {
        return Ok(Problem::moved(format!("/posts/{usual}")));
    }
    Ok(Problem::not_found("post"))
}
