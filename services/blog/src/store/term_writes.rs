//! Categories and tags, as they are written.

use std::collections::BTreeSet;

use kit::{db::sql, id};
use sea_orm::{DatabaseTransaction, DbErr};

use super::terms::{self, Kind};

/// Colours in the palette.
pub(crate) const COLORS: i64 = 12;

/// What a category or a tag says of itself. Of a tag only name and slug are kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields<'a> {
    pub(crate) name: &'a str,
    pub(crate) slug: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) icon: Option<&'a str>,
    /// The next in the palette when absent.
    pub(crate) color: Option<i32>,
}

/// Makes one. Its slug was free.
pub(crate) async fn insert(tx: &DatabaseTransaction, kind: Kind, fields: &Fields<'_>) -> Result<String, DbErr> {
    let id = id::new();
    match kind {
        Kind::Category => {
            let next = i32::try_from(terms::count(tx, kind).await? % COLORS).unwrap_or_default();
            let query = "INSERT INTO categories (id, name, slug, description, icon, color)
                VALUES ($1, $2, $3, $4, $5, $6)";
            let values = [
                id.as_str().into(),
                fields.name.into(),
                fields.slug.into(),
                fields.description.map(str::to_owned).into(),
                fields.icon.map(str::to_owned).into(),
                fields.color.unwrap_or(next).into(),
            ];
            sql::execute(tx, query, values).await?;
        }
        Kind::Tag => {
            let query = "INSERT INTO tags (id, name, slug) VALUES ($1, $2, $3)";
            sql::execute(tx, query, [id.as_str().into(), fields.name.into(), fields.slug.into()]).await?;
        }
    }
    Ok(id)
}

/// Changes one. Its version grows by one.
pub(crate) async fn update(tx: &DatabaseTransaction, kind: Kind, id: &str, fields: &Fields<'_>) -> Result<(), DbErr> {
    match kind {
        Kind::Category => {
            let query = "UPDATE categories SET version = version + 1, name = $2, slug = $3, description = $4,
                icon = $5, color = COALESCE($6, color) WHERE id = $1";
            let values = [
                id.into(),
                fields.name.into(),
                fields.slug.into(),
                fields.description.map(str::to_owned).into(),
                fields.icon.map(str::to_owned).into(),
                fields.color.into(),
            ];
            sql::execute(tx, query, values).await.map(|_| ())
        }
        Kind::Tag => {
            let query = "UPDATE tags SET version = version + 1, name = $2, slug = $3 WHERE id = $1";
            sql::execute(tx, query, [id.into(), fields.name.into(), fields.slug.into()]).await.map(|_| ())
        }
    }
}

/// Says of the category `id` what nobody has said yet, and colours it when it has no post so far.
pub(crate) async fn describe_category(tx: &DatabaseTransaction, id: &str, fields: &Fields<'_>) -> Result<(), DbErr> {
    for (column, said) in [("description", fields.description), ("icon", fields.icon)] {
        if let Some(said) = said {
            let query = format!("UPDATE categories SET {column} = $1 WHERE id = $2 AND {column} IS NULL");
            sql::execute(tx, &query, [said.into(), id.into()]).await?;
        }
    }
    if let Some(color) = fields.color {
        let query = "UPDATE categories SET color = $1 WHERE id = $2 AND posts = 0";
        sql::execute(tx, query, [color.into(), id.into()]).await?;
    }
    Ok(())
}

/// Removes one from all its posts, and the slugs that led to it.
pub(crate) async fn delete(tx: &DatabaseTransaction, kind: Kind, id: &str) -> Result<(), DbErr> {
    let free = match kind {
        Kind::Category => "UPDATE posts SET category_id = NULL WHERE category_id = $1",
        Kind::Tag => "DELETE FROM post_tags WHERE tag_id = $1",
    };
    sql::execute(tx, free, [id.into()]).await?;
    let lead = "DELETE FROM term_redirects WHERE taxonomy = $1 AND term_id = $2";
    sql::execute(tx, lead, [kind.name().into(), id.into()]).await?;
    sql::execute(tx, &format!("DELETE FROM {} WHERE id = $1", kind.plural()), [id.into()]).await.map(|_| ())
}

/// Gives all posts of `from`, and the slugs that led there, to `into`.
pub(crate) async fn move_posts(tx: &DatabaseTransaction, kind: Kind, from: &str, into: &str) -> Result<(), DbErr> {
    match kind {
        Kind::Category => {
            let query = "UPDATE posts SET category_id = $2 WHERE category_id = $1";
            sql::execute(tx, query, [from.into(), into.into()]).await?;
        }
        Kind::Tag => {
            // Who has both has one of them from now on.
            let both = "DELETE FROM post_tags WHERE tag_id = $1
                AND post_id IN (SELECT post_id FROM post_tags WHERE tag_id = $2)";
            sql::execute(tx, both, [from.into(), into.into()]).await?;
            sql::execute(tx, "UPDATE post_tags SET tag_id = $2 WHERE tag_id = $1", [from.into(), into.into()]).await?;
        }
    }
    let lead = "UPDATE term_redirects SET term_id = $3 WHERE taxonomy = $1 AND term_id = $2";
    sql::execute(tx, lead, [kind.name().into(), from.into(), into.into()]).await.map(|_| ())
}

/// From now on `slug` leads to the term.
pub(crate) async fn lead(tx: &DatabaseTransaction, kind: Kind, slug: &str, id: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO term_redirects (taxonomy, slug, term_id) VALUES ($1, $2, $3)
        ON CONFLICT (taxonomy, slug) DO UPDATE SET term_id = excluded.term_id";
    sql::execute(tx, query, [kind.name().into(), slug.into(), id.into()]).await.map(|_| ())
}

/// A term lives at `slug` now: it leads nowhere else.
pub(crate) async fn stay(tx: &DatabaseTransaction, kind: Kind, slug: &str) -> Result<(), DbErr> {
    let query = "DELETE FROM term_redirects WHERE taxonomy = $1 AND slug = $2";
    sql::execute(tx, query, [kind.name().into(), slug.into()]).await.map(|_| ())
}

/// Gives the post exactly these tags.
pub(crate) async fn set_tags(tx: &DatabaseTransaction, post_id: &str, tags: &[String]) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM post_tags WHERE post_id = $1", [post_id.into()]).await?;
    for (position, tag) in (0_i32..).zip(tags) {
        let insert = "INSERT INTO post_tags (post_id, tag_id, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        sql::execute(tx, insert, [post_id.into(), tag.as_str().into(), position.into()]).await?;
    }
    Ok(())
}

/// Counts the public posts of these tags and categories anew, at the end of a change. Counting
/// rather than adding: it cannot drift.
pub(crate) async fn recount(
    tx: &DatabaseTransaction,
    tags: impl IntoIterator<Item = String>,
    categories: impl IntoIterator<Item = String>,
) -> Result<(), DbErr> {
    for id in tags.into_iter().collect::<BTreeSet<_>>() {
        sql::execute(tx, &format!("{RECOUNT_TAGS} WHERE id = $1"), [id.into()]).await?;
    }
    for id in categories.into_iter().collect::<BTreeSet<_>>() {
        sql::execute(tx, &format!("{RECOUNT_CATEGORIES} WHERE id = $1"), [id.into()]).await?;
    }
    Ok(())
}

const RECOUNT_TAGS: &str =
    "UPDATE tags SET posts = (SELECT COUNT(*) FROM post_tags pt JOIN posts p ON p.id = pt.post_id
    WHERE pt.tag_id = tags.id AND p.status = 'PUBLIC')";
const RECOUNT_CATEGORIES: &str = "UPDATE categories SET posts = (SELECT COUNT(*) FROM posts p
    WHERE p.category_id = categories.id AND p.status = 'PUBLIC')";

/// Counts all of a kind anew where they are wrong. Answers how many were.
pub(crate) async fn recount_all(tx: &DatabaseTransaction, kind: Kind) -> Result<u64, DbErr> {
    let query = match kind {
        Kind::Tag => {
            format!(
                "{RECOUNT_TAGS} WHERE posts <> (SELECT COUNT(*) FROM post_tags pt JOIN posts p ON p.id = pt.post_id
                    WHERE pt.tag_id = tags.id AND p.status = 'PUBLIC')"
            )
        }
        Kind::Category => {
            format!(
                "{RECOUNT_CATEGORIES} WHERE posts <> (SELECT COUNT(*) FROM posts p
                    WHERE p.category_id = categories.id AND p.status = 'PUBLIC')"
            )
        }
    };
    sql::execute(tx, &query, []).await
}
