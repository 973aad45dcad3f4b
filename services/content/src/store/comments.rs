//! Comments: one at a time.

use contracts::content::CommentState;
use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};

use super::row::{CommentRow, select, state_name};

/// The comment `id`, purged ones left out. `actor` is whose like is looked for.
pub(crate) async fn by_id<C: ConnectionTrait>(db: &C, id: &str, actor: &str) -> Result<Option<CommentRow>, DbErr> {
    let query = format!("{} WHERE c.id = $2 AND NOT c.purged", select(1));
    sql::one(db, &query, [actor.into(), id.into()]).await
}

/// The same, locked for the change that follows. Lock its post first.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: &str, actor: &str) -> Result<Option<CommentRow>, DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        sql::execute(tx, "SELECT id FROM comments WHERE id = $1 FOR UPDATE", [id.into()]).await?;
    }
    by_id(tx, id, actor).await
}

/// The comment that an import calls `source`.
#[derive(FromQueryResult)]
pub(crate) struct Imported {
    pub(crate) id: String,
    pub(crate) post_id: String,
    pub(crate) root_id: String,
    pub(crate) state: String,
    pub(crate) purged: bool,
    pub(crate) source_digest: Option<String>,
}

pub(crate) async fn by_source<C: ConnectionTrait>(db: &C, source: &str) -> Result<Option<Imported>, DbErr> {
    let query = "SELECT id, post_id, root_id, state, purged, source_digest FROM comments WHERE source = $1";
    sql::one(db, query, [source.into()]).await
}

/// Whether there is a comment with this id, purged ones included.
pub(crate) async fn exists<C: ConnectionTrait>(db: &C, id: &str) -> Result<bool, DbErr> {
    Ok(sql::number(db, "SELECT COUNT(*) AS n FROM comments WHERE id = $1", [id.into()]).await? > 0)
}

/// A new comment.
#[derive(Debug)]
pub(crate) struct NewComment<'a> {
    pub(crate) id: &'a str,
    pub(crate) post_id: &'a str,
    pub(crate) parent_id: Option<&'a str>,
    pub(crate) root_id: &'a str,
    pub(crate) author_id: Option<&'a str>,
    pub(crate) guest_name: Option<&'a str>,
    pub(crate) password_hash: Option<&'a str>,
    pub(crate) writer_hash: Option<&'a str>,
    pub(crate) address_hash: Option<&'a str>,
    pub(crate) state: CommentState,
    pub(crate) held_for: &'a str,
    pub(crate) is_private: bool,
    pub(crate) created_at: i64,
    pub(crate) edited_at: Option<i64>,
    pub(crate) text_digest: &'a str,
    pub(crate) content: &'a str,
    pub(crate) html: &'a str,
    pub(crate) source: Option<(&'a str, &'a str)>,
}

pub(crate) async fn insert(tx: &DatabaseTransaction, new: NewComment<'_>) -> Result<(), DbErr> {
    let query =
        "INSERT INTO comments (id, post_id, parent_id, root_id, author_id, guest_name, password_hash, writer_hash,
            address_hash, state, held_for, is_private, created_at, text_digest, content, html, source, source_digest,
            edited_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    let text = |text: Option<&str>| text.map(str::to_owned).into();
    let values = [
        new.id.into(),
        new.post_id.into(),
        text(new.parent_id),
        new.root_id.into(),
        text(new.author_id),
        text(new.guest_name),
        text(new.password_hash),
        text(new.writer_hash),
        text(new.address_hash),
        state_name(new.state).into(),
        new.held_for.into(),
        new.is_private.into(),
        new.created_at.into(),
        new.text_digest.into(),
        new.content.into(),
        new.html.into(),
        text(new.source.map(|(source, _)| source)),
        text(new.source.map(|(_, digest)| digest)),
        new.edited_at.into(),
    ];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// A changed text.
pub(crate) struct Text<'a> {
    pub(crate) state: CommentState,
    pub(crate) held_for: &'a str,
    pub(crate) is_private: bool,
    pub(crate) text_digest: &'a str,
    pub(crate) content: &'a str,
    pub(crate) html: &'a str,
}

pub(crate) async fn edit(tx: &DatabaseTransaction, id: &str, text: Text<'_>, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE comments SET version = version + 1, state = $2, held_for = $3, is_private = $4, edited_at = $5,
            text_digest = $6, content = $7, html = $8
        WHERE id = $1";
    let values = [
        id.into(),
        state_name(text.state).into(),
        text.held_for.into(),
        text.is_private.into(),
        now.into(),
        text.text_digest.into(),
        text.content.into(),
        text.html.into(),
    ];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// What an import brings of a comment that is there already.
pub(crate) struct ImportedText<'a> {
    pub(crate) state: CommentState,
    pub(crate) author_id: Option<&'a str>,
    pub(crate) guest_name: Option<&'a str>,
    pub(crate) is_private: bool,
    pub(crate) created_at: i64,
    pub(crate) edited_at: Option<i64>,
    pub(crate) text_digest: &'a str,
    pub(crate) content: &'a str,
    pub(crate) html: &'a str,
    pub(crate) digest: &'a str,
}

pub(crate) async fn import(tx: &DatabaseTransaction, id: &str, text: ImportedText<'_>) -> Result<(), DbErr> {
    let query =
        "UPDATE comments SET version = version + 1, state = $2, author_id = $3, guest_name = $4, created_at = $5,
            text_digest = $6, content = $7, html = $8, source_digest = $9, is_private = $10,
            edited_at = $11
        WHERE id = $1";
    let values = [
        id.into(),
        state_name(text.state).into(),
        text.author_id.map(str::to_owned).into(),
        text.guest_name.map(str::to_owned).into(),
        text.created_at.into(),
        text.text_digest.into(),
        text.content.into(),
        text.html.into(),
        text.digest.into(),
        text.is_private.into(),
        text.edited_at.into(),
    ];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Another state, that of the trash left out.
pub(crate) async fn set_state(
    tx: &DatabaseTransaction,
    id: &str,
    state: CommentState,
    held_for: &str,
) -> Result<(), DbErr> {
    let query =
        "UPDATE comments SET state = $2, held_for = $3, state_before = NULL, trashed_at = NULL, trashed_by = NULL
        WHERE id = $1";
    sql::execute(tx, query, [id.into(), state_name(state).into(), held_for.into()]).await.map(|_| ())
}

/// To the trash.
pub(crate) async fn trash(tx: &DatabaseTransaction, id: &str, by_writer: bool, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE comments SET state_before = state, state = 'TRASHED', trashed_at = $2, trashed_by = $3
        WHERE id = $1";
    let by = if by_writer { "WRITER" } else { "ADMIN" };
    sql::execute(tx, query, [id.into(), now.into(), by.into()]).await.map(|_| ())
}

/// Adds to the likes of a locked comment, and answers how many there are.
pub(crate) async fn add_likes(tx: &DatabaseTransaction, id: &str, likes: i32) -> Result<i32, DbErr> {
    #[derive(FromQueryResult)]
    struct Likes {
        likes: i32,
    }
    let query = "UPDATE comments SET likes = likes + $2 WHERE id = $1 RETURNING likes";
    Ok(sql::one::<Likes, _>(tx, query, [id.into(), likes.into()]).await?.map_or(0, |row| row.likes))
}

/// Something said somewhere, and what its writer is recognised by.
pub(crate) struct Said<'a> {
    pub(crate) author_id: Option<&'a str>,
    pub(crate) writer_hash: Option<&'a str>,
    pub(crate) address_hash: &'a str,
    pub(crate) post_id: &'a str,
    pub(crate) parent_id: Option<&'a str>,
    pub(crate) text_digest: &'a str,
}

/// Where the same was said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Nowhere,
    /// On another post, or on this one by somebody else from the same address.
    Elsewhere,
    /// On this post, by the same writer.
    OnPost,
    /// As an answer to the same, by the same writer.
    Here,
}

/// Where the same was said since `since` by the same writer or from the same address, `except` left
/// out; on other posts only if `everywhere`.
pub(crate) async fn said_before(
    tx: &DatabaseTransaction,
    said: &Said<'_>,
    everywhere: bool,
    except: &str,
    since: i64,
) -> Result<Before, DbErr> {
    let same_writer = match said.author_id {
        Some(_) => "author_id = $4",
        None => "author_id IS NULL AND (writer_hash = $5 OR address_hash = $6)",
    };
    let which = if everywhere { "" } else { "AND post_id = $7" };
    let query = format!(
        "SELECT CAST(COALESCE(MAX(CASE WHEN post_id <> $7 OR NOT COALESCE({same_writer}, FALSE) THEN 1
            WHEN COALESCE(parent_id, '') <> $8 THEN 2 ELSE 3 END), 0) AS BIGINT) AS n
        FROM comments
        WHERE text_digest = $1 AND id <> $2 AND COALESCE(edited_at, created_at) >= $3 AND state <> 'TRASHED'
            AND (author_id = $4 OR writer_hash = $5 OR address_hash = $6) {which}"
    );
    let values = [
        said.text_digest.into(),
        except.into(),
        since.into(),
        said.author_id.map(str::to_owned).into(),
        said.writer_hash.map(str::to_owned).into(),
        said.address_hash.into(),
        said.post_id.into(),
        said.parent_id.unwrap_or_default().into(),
    ];
    Ok(match sql::number(tx, &query, values).await? {
        3 => Before::Here,
        2 => Before::OnPost,
        1 => Before::Elsewhere,
        _ => Before::Nowhere,
    })
}

/// Whether something of this guest is visible already: written with the same token, or from the same
/// address under the same name.
pub(crate) async fn is_known_guest<C: ConnectionTrait>(
    db: &C,
    writer_hash: &str,
    address_hash: &str,
    name: &str,
) -> Result<bool, DbErr> {
    let query = "SELECT (SELECT COUNT(*) FROM comments WHERE writer_hash = $1 AND state = 'VISIBLE')
        + (SELECT COUNT(*) FROM comments WHERE address_hash = $2 AND guest_name = $3 AND state = 'VISIBLE') AS n";
    Ok(sql::number(db, query, [writer_hash.into(), address_hash.into(), name.into()]).await? > 0)
}
