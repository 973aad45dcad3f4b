//! What creating and changing a page share.

use std::sync::Arc;

use contracts::problem::Problem;
use kit::{ApiError, ApiResult};
use markdown::{Options, Rendered};
use sea_orm::{DatabaseTransaction, DbErr, SqlErr};

use crate::{app::App, domain::input::SlugWish, store::pages};

/// The text of a page as it is kept.
pub(crate) async fn render(app: &App, content: &str, locale: Option<&str>) -> ApiResult<Arc<Rendered>> {
    let options = Options::page().locale(locale);
    app.renderer.render(content.to_owned(), options).await.map_err(ApiError::internal)
}

/// The slug that the page `id` gets. One that was typed and is taken is a problem that names a free
/// one.
pub(super) async fn slug(tx: &DatabaseTransaction, wish: &SlugWish, id: &str) -> ApiResult<String> {
    match wish {
        SlugWish::From(slug) => Ok(pages::free_slug(tx, slug, id).await?),
        SlugWish::Exactly(slug) => {
            let free = pages::free_slug(tx, slug, id).await?;
            if free == *slug { Ok(free) } else { Err(taken(&format!("`{free}` is free.")).into()) }
        }
    }
}

fn taken(advice: &str) -> Problem {
    Problem::validation().with_field("slug", "taken", format!("Another page has this address; {advice}"))
}

/// Two changes at once may find the same slug free; the database lets one of them have it.
pub(crate) fn on_conflict(error: DbErr) -> ApiError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken("choose another one.").into(),
        _ => error.into(),
    }
}

/// 409, with the page `id` as it is now.
pub(super) async fn stale(tx: &DatabaseTransaction, id: &str, yours: u32) -> ApiResult<ApiError> {
    let current = pages::find(tx, id).await?.ok_or_else(|| Problem::not_found("page"))?.into_page(true);
    Ok(ApiError::stale(yours, current.summary.version, &current))
}
