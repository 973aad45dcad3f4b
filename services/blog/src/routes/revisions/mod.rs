//! `/api/posts/:slug/revisions`: for who may edit the post.

pub(crate) mod diff;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod restore;

use contracts::{module::Role, problem::Problem};
use kit::{ApiResult, auth::Viewer};

use crate::{
    app::App,
    domain::visibility::{may_edit, may_see},
    store::posts,
};

/// Id of the post at `slug`, if `viewer` may edit it.
async fn post_id(app: &App, viewer: &Viewer, slug: &str) -> ApiResult<String> {
    viewer.require(Role::Author)?;
    let not_found = || Problem::not_found("post");
    let post = posts::by_slug(&app.db, slug).await?.ok_or_else(not_found)?.into_post(false).summary;
    if may_edit(Some(viewer), &post.author_id) {
        Ok(post.id)
    } else if may_see(Some(viewer), &post.author_id, post.status) {
        Err(Problem::forbidden().into())
    } else {
        Err(not_found().into())
    }
}
