//! Where posts lived before.

use kit::db::{Db, sql};
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Slug {
    slug: String,
}

/// The slug of the public post that once lived at `path`.
pub(crate) async fn target(db: &Db, path: &str) -> Result<Option<String>, DbErr> {
    let query = "SELECT p.slug FROM redirects r JOIN posts p ON p.id = r.post_id
        WHERE r.path = $1 AND p.status = 'PUBLIC'";
    Ok(sql::one::<Slug, _>(db.read(), query, [path.into()]).await?.map(|row| row.slug))
}

#[derive(FromQueryResult)]
struct Path {
    path: String,
}

/// The paths that lead to the post, in order.
pub(crate) async fn of_post(db: &Db, post_id: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT path FROM redirects WHERE post_id = $1 ORDER BY path";
    let rows = sql::all::<Path, _>(db.read(), query, [post_id.into()]).await?;
    Ok(rows.into_iter().map(|row| row.path).collect())
}

/// From now on `path` leads to the post. The last who claims a path has it.
pub(crate) async fn add(tx: &DatabaseTransaction, path: &str, post_id: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO redirects (path, post_id) VALUES ($1, $2)
        ON CONFLICT (path) DO UPDATE SET post_id = excluded.post_id";
    sql::execute(tx, query, [path.into(), post_id.into()]).await.map(|_| ())
}

/// A post lives at `path` now: it leads nowhere else.
pub(crate) async fn remove(tx: &DatabaseTransaction, path: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM redirects WHERE path = $1", [path.into()]).await.map(|_| ())
}

/// The form in which paths are kept: decoded, without the slash at the end.
pub(crate) fn normal(path: &str) -> String {
    let decoded = percent_decode(path);
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_have_one_form() {
        assert_eq!(normal("/2014/10/30/Stability.html"), "/2014/10/30/Stability.html");
        assert_eq!(normal("/posts/%EB%A7%88%EB%A3%A8/"), "/posts/마루");
        assert_eq!(normal("old/index.html"), "/old");
        assert_eq!(normal("/100%"), "/100%");
        assert_eq!(normal("/%F0%9"), "/\u{fffd}%9");
        assert_eq!(normal("/"), "/");
    }
}
