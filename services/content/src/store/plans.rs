//! Whether the databases use the indexes that are meant for a query, with 2,000 posts and 20,000 comments.

use kit::testing::{Backend, TestDb, uses_index};
use sea_orm::ConnectionTrait;

use super::{Sort, below, queries};
use crate::{domain::eyes::Eyes, migrations, store::likes};

kit::on_both_databases!(comments_and_likes_are_found_by_index);

const FILL: &[&str] = &[
    "INSERT INTO posts (id, author_id, slug, title, status, sequence)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    SELECT 'p-' || i, 'a-1', 'slug-' || i, 'Title', 'PUBLIC', i FROM n",
    "INSERT INTO comments (id, post_id, parent_id, root_id, guest_name, state, is_private, created_at, text_digest,
        content, html)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT 'c-' || i, 'p-' || (i / 10 + 1), CASE WHEN i % 2 = 0 THEN NULL ELSE 'c-' || (i - 1) END,
        CASE WHEN i % 2 = 0 THEN 'c-' || i ELSE 'c-' || (i - 1) END, 'Guest', 'VISIBLE', FALSE, i, 'd-' || i, 'Text',
        '<p>Text</p>' FROM n WHERE i / 10 + 1 <= 2000",
    "INSERT INTO likes (post_id, actor, created_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT 'p-' || (i % 2000 + 1), 'address:' || i, i FROM n",
    "INSERT INTO comment_likes (comment_id, actor, created_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19000)
    SELECT 'c-' || i, 'address:' || i, i FROM n",
    "ANALYZE",
];

const TABLES: &[(&str, &str)] =
    &[("comments", "c"), ("comments", "r"), ("posts", "p"), ("likes", "likes"), ("comment_likes", "l")];

async fn comments_and_likes_are_found_by_index(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = test.connect().await;
    db.migrate(migrations::ALL).await.expect("the schema");
    for statement in FILL {
        db.write().execute_unprepared(statement).await.expect(statement);
    }
    let guest = Eyes { actor: "address:1".to_owned(), ..Eyes::default() };
    let member = Eyes { user: Some("u-1".to_owned()), actor: "user:u-1".to_owned(), ..Eyes::default() };
    let admin = Eyes { is_admin: true, ..member.clone() };
    for eyes in [guest, member, admin] {
        for sort in [Sort::Oldest, Sort::Newest, Sort::Liked] {
            let (count, roots) = queries("p-77", &eyes, sort, 1, 20);
            for (query, values) in [count, roots] {
                uses_index(&db, &query, values, "comments_roots", TABLES).await;
            }
        }
        let (query, values) = below(&["c-770".to_owned(), "c-772".to_owned()], &eyes.actor);
        uses_index(&db, &query, values, "comments_by_root", TABLES).await;
    }
    let values = vec!["address:1".into(), "p-77".into()];
    uses_index(&db, likes::LIKED_COMMENTS, values, "comment_likes_by_actor", TABLES).await;
    let query = likes::is_liked_query(likes::Likeable::Post);
    // The primary key is an index of the database's own naming.
    let index = if backend == Backend::Sqlite { "sqlite_autoindex_likes_1" } else { "likes_" };
    uses_index(&db, &query, vec!["p-77".into(), "address:1".into()], index, TABLES).await;
}
