//! The post that somebody wants to change.

use contracts::{blog::Post, problem::Problem};
use kit::{ApiError, ApiResult, auth::Viewer};
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    domain::visibility::{may_edit, may_see},
    store::posts::{self, Current},
};

/// The post at `slug`, if `viewer` may change it and has seen its last version.
pub(crate) async fn editable(
    app: &App,
    tx: &DatabaseTransaction,
    viewer: &Viewer,
    slug: &str,
    version: Option<u32>,
) -> ApiResult<Current> {
    let current = posts::current_by_slug(tx, slug).await?.ok_or_else(|| Problem::not_found("post"))?;
    check_editor(viewer, &current)?;
    check_version(app, &current, version).await?;
    Ok(current)
}

/// 403 to who may not change the post, 404 to who may not even see it.
pub(crate) fn check_editor(viewer: &Viewer, current: &Current) -> Result<(), Problem> {
    if may_edit(Some(viewer), &current.author_id) {
        Ok(())
    } else if may_see(Some(viewer), &current.author_id, current.status()) {
        Err(Problem::forbidden())
    } else {
        // Who may not see it does not learn that it is there.
        Err(Problem::not_found("post"))
    }
}

/// 409 with the post as it is to a change made from another version.
pub(crate) async fn check_version(app: &App, current: &Current, yours: Option<u32>) -> ApiResult<()> {
    let now = u32::try_from(current.version).unwrap_or_default();
    match yours {
        Some(yours) if yours != now => {
            let post = posts::by_id(&app.db, &current.id).await?.map(|post| post.into_post(true));
            Err(ApiError::stale(yours, now, &post))
        }
        _ => Ok(()),
    }
}

/// The post that was just written at `slug`.
pub(crate) async fn written(app: &App, slug: &str) -> ApiResult<Post> {
    let post = posts::by_slug(&app.db, slug).await?;
    post.map(|post| post.into_post(true)).ok_or_else(|| ApiError::internal("the post that was just written is gone"))
}

/// The post that was last thrown away at `slug`, or the one with this id, for its author and admins.
pub(crate) async fn in_trash(
    tx: &DatabaseTransaction,
    viewer: &Viewer,
    slug: &str,
    id: Option<&str>,
) -> ApiResult<Current> {
    let own = (viewer.role() < contracts::module::Role::Admin).then(|| viewer.id());
    let found = match id {
        Some(id) => posts::current_by_id(tx, id).await?.filter(|post| post.slug == slug),
        None => posts::current_in_trash(tx, slug, own).await?,
    };
    let post = match found {
        Some(post) => post,
        // The one that lives there is not thrown away, which its author may be told.
        None => posts::current_by_slug(tx, slug).await?.ok_or_else(|| Problem::not_found("post"))?,
    };
    check_editor(viewer, &post)?;
    if post.status() == contracts::blog::PostStatus::Trashed {
        Ok(post)
    } else {
        Err(crate::changes::life::not_in_trash().into())
    }
}
