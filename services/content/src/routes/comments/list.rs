//! `GET /api/comments/post/:postId`: the threads of a post, as the caller sees them.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{content::CommentPage, problem::Problem};
use kit::{
    ApiResult,
    extract::{Path, Query},
    id,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    answers,
    app::App,
    domain::thread::arrange,
    posts,
    routes::{
        caller::Caller,
        paging::{refused, within},
    },
    store::{
        likes, settings,
        threads::{self, Sort},
        unsigned,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1 to 100,000; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// Roots on a page, from 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
    /// `oldest` (when absent), `newest` or `liked`.
    #[param(pattern = "^(oldest|newest|liked)?$")]
    sort: Option<String>,
}

#[utoipa::path(
    get, path = "/api/comments/post/{post}", tag = "comments", operation_id = "comments_list",
    description = "The comments of a post: a tree of three levels, paged by roots, as the caller may see it.",
    params(("post" = String, Path, description = "Id of the post"), Params), security((), ("bearer" = [])),
    responses((status = 200, body = CommentPage), (status = 404, description = "No such post for the caller")),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(post): Path<String>,
    Query(params): Query<Params>,
) -> ApiResult<Response> {
    let (page, size) = within(params.page, params.size)?;
    let sort = match params.sort.as_deref() {
        None | Some("" | "oldest") => Sort::Oldest,
        Some("newest") => Sort::Newest,
        Some("liked") => Sort::Liked,
        Some(_) => return Err(refused("sort", "One of oldest, newest, liked.").into()),
    };
    let post = id::parse(&post).ok_or_else(|| Problem::not_found("post"))?;
    let make = async || threads(&app, &caller, &post, sort, page, size).await;
    // Without a name and without likes, all see the same.
    if caller.is_stranger() && !likes::likes_a_comment(app.db.read(), &post, &caller.actor()).await? {
        return answers::kept(&app, &format!("{post}:{sort:?}:{page}:{size}"), make).await;
    }
    Ok(Json(make().await?).into_response())
}

async fn threads(app: &App, caller: &Caller, post: &str, sort: Sort, page: u32, size: u32) -> ApiResult<CommentPage> {
    let post = posts::readable(app, post, caller.viewer.as_ref()).await?;
    let eyes = caller.eyes(&post.author_id);
    let (rows, total) = threads::page(&app.db, &post.id, &eyes, sort, page, size).await?;
    let guests_allowed = settings::get(app.db.read()).await?.guests_allowed;
    let open = posts::takes_comments(app, &post, caller.viewer.as_ref()).await;
    Ok(CommentPage {
        items: arrange(&rows, &eyes),
        total,
        comments: unsigned(post.comments),
        open: open && (guests_allowed || caller.viewer.is_some()),
        guests_allowed,
    })
}
