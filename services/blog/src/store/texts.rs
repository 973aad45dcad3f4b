//! Texts whose HTML was made by another Markdown pipeline.

use kit::db::{Db, sql};
use markdown::{Rendered, VERSION};
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};

/// Such a text.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Outdated {
    pub(crate) post_id: String,
    pub(crate) content: String,
    pub(crate) locale: String,
    pub(crate) status: String,
    html: String,
    version: i32,
}

/// What `post_texts.pipeline` is for such a result: 0 is never a pipeline, so it is made again.
pub(crate) fn pipeline(rendered: &Rendered) -> i32 {
    if rendered.pending { 0 } else { current() }
}

fn current() -> i32 {
    i32::try_from(VERSION).unwrap_or(i32::MAX)
}

/// The next ones after `after`, by id.
pub(crate) async fn outdated(db: &Db, after: &str, limit: u32) -> Result<Vec<Outdated>, DbErr> {
    let query = "SELECT x.post_id, x.content, x.html, p.locale, p.status, p.version
        FROM post_texts x JOIN posts p ON p.id = x.post_id
        WHERE (x.pipeline < $1 OR x.pipeline > $1) AND x.post_id > $2 ORDER BY x.post_id LIMIT $3";
    sql::all(db.read(), query, [current().into(), after.into(), i64::from(limit).into()]).await
}

/// Puts the new HTML in the place of the old, unless the post changed meanwhile. Whether readers see a
/// difference.
pub(crate) async fn replace(tx: &DatabaseTransaction, text: &Outdated, rendered: &Rendered) -> Result<bool, DbErr> {
    let toc = serde_json::to_string(&rendered.toc).unwrap_or_else(|_| "[]".to_owned());
    let query = "UPDATE post_texts SET toc = $3, html = $4, pipeline = $5
        WHERE post_id = $1 AND (SELECT version FROM posts WHERE id = $1) = $2";
    let id = || text.post_id.as_str().into();
    let values = [id(), text.version.into(), toc.into(), rendered.html.as_str().into(), pipeline(rendered).into()];
    if sql::execute(tx, query, values).await? == 0 {
        return Ok(false);
    }
    let query = "UPDATE posts SET reading_minutes = $2, excerpt = COALESCE(written_excerpt, $3) WHERE id = $1";
    let minutes = i32::try_from(rendered.reading_minutes).unwrap_or(i32::MAX);
    sql::execute(tx, query, [id(), minutes.into(), rendered.excerpt.as_str().into()]).await?;
    Ok(rendered.html != text.html)
}
