//! What creating and changing a post share.

use contracts::{
    blog::{PostInput, PostStatus},
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::Viewer};
use markdown::{Options, Rendered};
use sea_orm::{DatabaseTransaction, DbErr, SqlErr};

use crate::{
    domain::draft::SlugWish,
    store::{posts, terms},
};

/// Renders on a thread that may take its time.
pub(crate) async fn render(content: String, locale: Option<String>) -> ApiResult<Rendered> {
    tokio::task::spawn_blocking(move || markdown::render(&content, &Options::post().locale(locale.as_deref())))
        .await
        .map_err(ApiError::internal)
}

/// The slug that the post `id` gets. One that was typed and is taken is a problem that names a free
/// one.
pub(super) async fn slug(tx: &DatabaseTransaction, wish: &SlugWish, id: &str) -> ApiResult<String> {
    match wish {
        SlugWish::From(slug) => Ok(posts::free_slug(tx, slug, id).await?),
        SlugWish::Exactly(slug) => {
            let free = posts::free_slug(tx, slug, id).await?;
            if free == *slug { Ok(free) } else { Err(taken(&format!("`{free}` is free.")).into()) }
        }
    }
}

fn taken(advice: &str) -> Problem {
    Problem::validation().with_field("slug", "taken", format!("Another post has this address; {advice}"))
}

/// Two changes at once may find the same slug free; the database lets one of them have it.
pub(super) fn on_conflict(error: DbErr) -> ApiError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken("choose another one.").into(),
        _ => error.into(),
    }
}

/// Id of the category that `input` names.
pub(super) async fn category(tx: &DatabaseTransaction, input: &PostInput) -> ApiResult<Option<String>> {
    let Some(slug) = input.category.as_deref().map(str::trim).filter(|slug| !slug.is_empty()) else { return Ok(None) };
    match terms::category_id(tx, slug).await? {
        Some(id) => Ok(Some(id)),
        None => Err(Problem::validation().with_field("category", "unknown", "There is no such category.").into()),
    }
}

/// The status asked for. The trash is not among them: that is what deleting is for.
pub(super) fn check_status(input: &PostInput) -> Result<Option<PostStatus>, Problem> {
    match input.status {
        Some(PostStatus::Trashed) => {
            Err(Problem::validation().with_field("status", "invalid", "Delete the post to move it to the trash."))
        }
        status => Ok(status),
    }
}

/// Only admins choose what leads the home page.
pub(super) fn check_featured(viewer: &Viewer, now: bool, wanted: Option<bool>) -> ApiResult<bool> {
    match wanted {
        Some(wanted) if wanted != now && viewer.role() < contracts::module::Role::Admin => {
            Err(Problem::forbidden().with_detail("Only admins choose featured posts.").into())
        }
        Some(wanted) => Ok(wanted),
        None => Ok(now),
    }
}
