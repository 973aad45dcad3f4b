//! Who likes what.

use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

/// What can be liked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Likeable {
    Post,
    Comment,
}

impl Likeable {
    fn table(self) -> &'static str {
        match self {
            Self::Post => "likes",
            Self::Comment => "comment_likes",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Post => "post_id",
            Self::Comment => "comment_id",
        }
    }
}

/// Whether `actor` likes it.
pub(crate) async fn is_liked<C: ConnectionTrait>(db: &C, what: Likeable, id: &str, actor: &str) -> Result<bool, DbErr> {
    Ok(sql::number(db, &is_liked_query(what), [id.into(), actor.into()]).await? > 0)
}

/// Whether `actor` likes any comment of the post.
pub(crate) async fn likes_a_comment<C: ConnectionTrait>(db: &C, post_id: &str, actor: &str) -> Result<bool, DbErr> {
    Ok(sql::number(db, LIKED_COMMENTS, [actor.into(), post_id.into()]).await? > 0)
}

pub(crate) const LIKED_COMMENTS: &str =
    "SELECT COUNT(*) AS n FROM comment_likes l JOIN comments c ON c.id = l.comment_id
    WHERE l.actor = $1 AND c.post_id = $2";

pub(crate) fn is_liked_query(what: Likeable) -> String {
    format!("SELECT COUNT(*) AS n FROM {} WHERE {} = $1 AND actor = $2", what.table(), what.key())
}

/// Makes it so, or, without a wish, the other way round. Answers how it is and by how much the number
/// changed. What is liked is locked.
pub(crate) async fn set(
    tx: &DatabaseTransaction,
    what: Likeable,
    id: &str,
    actor: &str,
    wish: Option<bool>,
    now: i64,
) -> Result<(bool, i32), DbErr> {
    let (table, key) = (what.table(), what.key());
    if wish != Some(true) {
        let delete = format!("DELETE FROM {table} WHERE {key} = $1 AND actor = $2");
        let gone = sql::execute(tx, &delete, [id.into(), actor.into()]).await? > 0;
        if gone || wish == Some(false) {
            return Ok((false, -i32::from(gone)));
        }
    }
    let insert = format!("INSERT INTO {table} ({key}, actor, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    let new = sql::execute(tx, &insert, [id.into(), actor.into(), now.into()]).await? > 0;
    Ok((true, i32::from(new)))
}

#[derive(FromQueryResult)]
struct Liked {
    id: String,
}

/// Posts that `actor` likes, by id.
pub(crate) async fn posts_of(tx: &DatabaseTransaction, actor: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT post_id AS id FROM likes WHERE actor = $1 ORDER BY post_id";
    Ok(sql::all::<Liked, _>(tx, query, [actor.into()]).await?.into_iter().map(|liked| liked.id).collect())
}

/// Takes back all likes that `actor` gave to comments.
pub(crate) async fn forget_comments(tx: &DatabaseTransaction, actor: &str) -> Result<(), DbErr> {
    let fewer = "UPDATE comments SET likes = likes - 1
        WHERE id IN (SELECT comment_id FROM comment_likes WHERE actor = $1)";
    sql::execute(tx, fewer, [actor.into()]).await?;
    sql::execute(tx, "DELETE FROM comment_likes WHERE actor = $1", [actor.into()]).await.map(|_| ())
}
