//! Where pages lived before.

use kit::db::{Db, sql};
use percent_encoding::percent_decode_str;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};

use crate::domain::names;

#[derive(FromQueryResult)]
struct Target {
    slug: String,
    kind: String,
}

/// Where the published page lives now that once lived at `path`.
pub(crate) async fn target(db: &Db, path: &str) -> Result<Option<String>, DbErr> {
    let query = "SELECT p.slug, p.kind FROM redirects r JOIN pages p ON p.id = r.page_id
        WHERE r.path = $1 AND p.status = 'PUBLISHED'";
    let target = sql::one::<Target, _>(db.read(), query, [path.into()]).await?;
    Ok(target.map(|target| names::path(names::kind(&target.kind).unwrap_or_default(), &target.slug)))
}

#[derive(FromQueryResult)]
struct Path {
    path: String,
}

/// The paths that lead to the page, in order.
pub(crate) async fn of_page(db: &Db, page_id: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT path FROM redirects WHERE page_id = $1 ORDER BY path";
    let rows = sql::all::<Path, _>(db.read(), query, [page_id.into()]).await?;
    Ok(rows.into_iter().map(|row| row.path).collect())
}

/// Leads from `path` to the page, wherever it led before.
pub(crate) async fn add(tx: &DatabaseTransaction, path: &str, page_id: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO redirects (path, page_id) VALUES ($1, $2)
        ON CONFLICT (path) DO UPDATE SET page_id = excluded.page_id";
    sql::execute(tx, query, [path.into(), page_id.into()]).await.map(|_| ())
}

/// Something lives there now.
pub(crate) async fn remove(tx: &DatabaseTransaction, path: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM redirects WHERE path = $1", [path.into()]).await.map(|_| ())
}

/// The one form of a path: decoded, without `index.html` and a slash at the end.
pub(crate) fn normal(path: &str) -> String {
    let decoded = percent_decode_str(path.trim()).decode_utf8_lossy().replace('\0', "");
    let path = decoded.strip_suffix("index.html").unwrap_or(&decoded);
    format!("/{}", path.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_have_one_form() {
        assert_eq!(normal("/pages/%EB%A7%88%EB%A3%A8/"), "/pages/마루");
        assert_eq!(normal("old/index.html"), "/old");
        assert_eq!(normal("/100%"), "/100%");
        assert_eq!(normal("/"), "/");
    }
}
