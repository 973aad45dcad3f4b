//! What is viewed.

use kit::db::{Db, sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// A post or a static page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Post,
    Page,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Page => "page",
        }
    }
}

/// What is known of a post or page.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) author_id: Option<String>,
    pub(crate) status: String,
    pub(crate) views: i64,
}

/// It is gone for good.
pub(crate) const DELETED: &str = "DELETED";

impl Target {
    /// Whether everybody may see it.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.status.as_str(), "PUBLIC" | "PUBLISHED")
    }
}

/// What is known of it, views that are not counted yet included.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, kind: Kind, id: &str) -> Result<Option<Target>, DbErr> {
    sql::one(db, FIND, [kind.as_str().into(), id.into()]).await
}

/// How [`find`] asks: the total, and what came since it was counted.
pub(crate) const FIND: &str = "SELECT url, title, author_id, status, views + (
        SELECT COUNT(*) FROM views v WHERE v.batch IS NULL AND v.kind = targets.kind AND v.target_id = targets.id
    ) AS views
    FROM targets WHERE kind = $1 AND id = $2";

/// Facts from an event or from the owner itself.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) kind: Kind,
    pub(crate) id: &'a str,
    pub(crate) slug: &'a str,
    pub(crate) url: &'a str,
    pub(crate) title: &'a str,
    pub(crate) author_id: Option<&'a str>,
    pub(crate) status: &'a str,
}

/// Takes what an event says, unless a newer one was there.
pub(crate) async fn apply<C: ConnectionTrait>(tx: &C, facts: &Facts<'_>, sequence: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO targets (kind, id, slug, url, title, author_id, status, facts_sequence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (kind, id) DO UPDATE SET slug = excluded.slug, url = excluded.url, title = excluded.title,
            author_id = excluded.author_id, status = excluded.status, facts_sequence = excluded.facts_sequence
        WHERE targets.facts_sequence < excluded.facts_sequence AND targets.status <> 'DELETED'";
    let mut values = values(facts);
    values.push(sequence.into());
    sql::execute(tx, query, values).await.map(|_| ())
}

/// A page changed: its slug is known, the rest its owner knows.
pub(crate) async fn mark_page<C: ConnectionTrait>(tx: &C, id: &str, slug: &str, sequence: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO targets (kind, id, slug, url, title, status, facts_sequence)
        VALUES ('page', $1, $2, '/pages/' || $2, $2, 'STALE', $3)
        ON CONFLICT (kind, id) DO UPDATE SET slug = excluded.slug, status = excluded.status,
            facts_sequence = excluded.facts_sequence
        WHERE targets.facts_sequence < excluded.facts_sequence AND targets.status <> 'DELETED'";
    sql::execute(tx, query, [id.into(), slug.into(), sequence.into()]).await.map(|_| ())
}

/// Takes what the owner answered. Events that come later win. Says whether anything changed.
pub(crate) async fn learn<C: ConnectionTrait>(db: &C, facts: &Facts<'_>) -> Result<bool, DbErr> {
    let query = "INSERT INTO targets (kind, id, slug, url, title, author_id, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (kind, id) DO UPDATE SET slug = excluded.slug, url = excluded.url, title = excluded.title,
            author_id = excluded.author_id, status = excluded.status
        WHERE targets.status <> 'DELETED' AND (targets.url <> excluded.url OR targets.title <> excluded.title
            OR targets.status <> excluded.status OR COALESCE(targets.author_id, '') <> COALESCE(excluded.author_id, ''))";
    Ok(sql::execute(db, query, values(facts)).await? > 0)
}

fn values(facts: &Facts<'_>) -> Vec<sea_orm::Value> {
    vec![
        facts.kind.as_str().into(),
        facts.id.into(),
        facts.slug.into(),
        facts.url.into(),
        facts.title.into(),
        facts.author_id.map(str::to_owned).into(),
        facts.status.into(),
    ]
}

/// It was purged: its views go, and a late event does not bring it back. The site's totals stay.
pub(crate) async fn remove<C: ConnectionTrait>(tx: &C, kind: Kind, id: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO targets (kind, id, slug, title, status) VALUES ($1, $2, '', '', 'DELETED')
        ON CONFLICT (kind, id) DO UPDATE SET slug = '', url = '', title = '', author_id = NULL, status = 'DELETED', views = 0,
            archived_views = 0, told_views = 0, comments = 0, likes = 0";
    sql::execute(tx, query, [kind.as_str().into(), id.into()]).await?;
    for query in [
        "DELETE FROM views WHERE kind = $1 AND target_id = $2 AND batch IS NOT NULL",
        "DELETE FROM rollups WHERE kind = $1 AND target_id = $2",
    ] {
        sql::execute(tx, query, [kind.as_str().into(), id.into()]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Ids of those that are not gone, in order, after `after`.
pub(crate) async fn ids(db: &Db, kind: Kind, after: &str, limit: u32) -> Result<Vec<String>, DbErr> {
    let query = "SELECT id FROM targets WHERE kind = $1 AND id > $2 AND status <> 'DELETED' ORDER BY id LIMIT $3";
    let values = [kind.as_str().into(), after.into(), i64::from(limit).into()];
    Ok(sql::all::<Id, _>(db.read(), query, values).await?.into_iter().map(|row| row.id).collect())
}

/// Whether nothing was ever told of any post or page.
pub(crate) async fn is_empty(db: &Db) -> Result<bool, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM (SELECT 1 FROM targets LIMIT 1) t";
    Ok(sql::number(db.read(), query, []).await? == 0)
}
