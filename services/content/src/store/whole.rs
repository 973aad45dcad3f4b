//! All comments of a post, as an export needs them.

use contracts::content::{CommentState, WholeComment};
use kit::{clock::rfc3339, db::sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::row::state;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    parent_id: Option<String>,
    author_id: Option<String>,
    account_name: Option<String>,
    account_deleted: Option<bool>,
    guest_name: Option<String>,
    content: String,
    state: String,
    is_private: bool,
    created_at: i64,
    edited_at: Option<i64>,
}

/// Oldest first. What is in the trash is there only for the answers that are not.
pub(crate) async fn of_post<C: ConnectionTrait>(db: &C, post_id: &str) -> Result<Vec<WholeComment>, DbErr> {
    let query = "SELECT c.id, c.parent_id, c.author_id, a.name AS account_name, a.deleted AS account_deleted,
            c.guest_name, c.content, c.state, c.is_private, c.created_at, c.edited_at
        FROM comments c LEFT JOIN authors a ON a.id = c.author_id WHERE c.post_id = $1 ORDER BY c.created_at, c.id";
    let rows = sql::all::<Row, _>(db, query, [post_id.into()]).await?;
    Ok(without_dead_ends(rows.into_iter().map(WholeComment::from).collect()))
}

impl From<Row> for WholeComment {
    fn from(row: Row) -> Self {
        let state = state(&row.state);
        let is_gone = state == CommentState::Trashed;
        let author_id = row.author_id.filter(|_| !is_gone && !row.account_deleted.unwrap_or_default());
        let name = row.account_name.or(row.guest_name).unwrap_or_default();
        Self {
            id: row.id,
            parent_id: row.parent_id,
            author_id,
            author_name: if is_gone || row.account_deleted.unwrap_or_default() { String::new() } else { name },
            content: if is_gone { String::new() } else { row.content },
            state,
            is_private: row.is_private,
            created_at: rfc3339(row.created_at),
            edited_at: row.edited_at.filter(|_| !is_gone).map(rfc3339),
        }
    }
}

/// Leaves those in the trash that something else is under.
fn without_dead_ends(mut comments: Vec<WholeComment>) -> Vec<WholeComment> {
    loop {
        let before = comments.len();
        let parents: std::collections::HashSet<String> =
            comments.iter().filter_map(|comment| comment.parent_id.clone()).collect();
        comments.retain(|comment| comment.state != CommentState::Trashed || parents.contains(&comment.id));
        if comments.len() == before {
            return comments;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(id: &str, parent: Option<&str>, state: CommentState) -> WholeComment {
        WholeComment { id: id.to_owned(), parent_id: parent.map(str::to_owned), state, ..WholeComment::default() }
    }

    #[test]
    fn the_trash_stays_only_under_what_is_answered() {
        let left = without_dead_ends(vec![
            comment("answered", None, CommentState::Trashed),
            comment("answer", Some("answered"), CommentState::Visible),
            comment("chain", Some("answer"), CommentState::Trashed),
            comment("end", Some("chain"), CommentState::Trashed),
        ]);
        assert_eq!(left.iter().map(|comment| comment.id.as_str()).collect::<Vec<_>>(), ["answered", "answer"]);
    }
}
