//! Whether the databases use the indexes that are meant for a query, with 10,000 posts.

use contracts::blog::PostStatus::{Draft, Private, Public, Scheduled, Trashed};
use kit::testing::{Backend, TestDb, uses_index};
use sea_orm::{ConnectionTrait, Value};

use super::{Filter, Sort};
use crate::{migrations, store::posts};

kit::on_both_databases!(lists_and_posts_are_found_by_index);

const FILL: &[&str] = &[
    "INSERT INTO authors (id, name)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT 'a-' || i, 'Name' FROM n",
    "INSERT INTO categories (id, name, slug, color)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
    SELECT 'c-' || i, 'Name', 'c-' || i, 1 FROM n",
    "INSERT INTO tags (id, name, slug)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
    SELECT 't-' || i, 'Name', 't-' || i FROM n",
    "INSERT INTO posts (id, slug, title, excerpt, author_id, category_id, status, featured, reading_minutes, locale,
        version, published_at, scheduled_at, trashed_at, created_at, updated_at, co_authors, views, likes)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    SELECT 'p-' || (100000 + i), 'slug-' || i, 'Title ' || i, 'Some words about the post', 'a-' || (i % 20 + 1),
        'c-' || (i % 20 + 1), CASE i % 20 WHEN 1 THEN 'DRAFT' WHEN 2 THEN 'PRIVATE' WHEN 3 THEN 'SCHEDULED'
        WHEN 4 THEN 'TRASHED' ELSE 'PUBLIC' END, FALSE, 1, 'ko', 1, i, i, i, i, i, '[]', i % 1000, i % 100 FROM n",
    "INSERT INTO post_texts (post_id, toc, content, html) SELECT id, '[]', 'Text', '<p>Text</p>' FROM posts",
    "INSERT INTO post_tags (post_id, tag_id, position)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    SELECT 'p-' || (100000 + i), 't-' || (i % 200 + 1), 0 FROM n",
    "ANALYZE",
];

const TABLES: &[(&str, &str)] = &[("posts", "p"), ("post_texts", "x")];

async fn lists_and_posts_are_found_by_index(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = test.connect().await;
    db.migrate(migrations::ALL).await.expect("the schema");
    for statement in FILL {
        db.write().execute_unprepared(statement).await.expect(statement);
    }
    let public = || Filter::default().status(&[Public]);
    let all = || Filter::default().status(&[Draft, Public, Private, Scheduled]);
    let lists = [
        (public(), Sort::Newest, "posts_by_publication"),
        (public(), Sort::Oldest, "posts_by_publication"),
        (public(), Sort::Popular, "posts_by_views"),
        (public(), Sort::Liked, "posts_by_likes"),
        (public(), Sort::Title, "posts_by_title"),
        (public().category("c-9"), Sort::Newest, "posts_by_category"),
        (public().author("a-9"), Sort::Newest, "posts_by_author"),
        (Filter::default().status(&[Draft]), Sort::Updated, "posts_by_update"),
        (Filter::default().status(&[Trashed]), Sort::Updated, "posts_"),
        (all(), Sort::Updated, "posts_changed"),
        (all().author("a-9"), Sort::Updated, "posts_"),
        (public().tag("t-9"), Sort::Newest, "post_tags_by_tag"),
    ];
    let mut checked = Vec::new();
    for (filter, sort, index) in lists {
        let (query, values) = filter.items_query(db.backend(), sort, 1, 20);
        checked.push((index, query, values));
    }
    let values = vec![Value::from("slug-77")];
    checked.push(("posts_by_slug", posts::whole(db.backend(), posts::BY_SLUG), values));
    let due = "SELECT id FROM posts WHERE status = 'SCHEDULED' AND scheduled_at <= 50 ORDER BY scheduled_at LIMIT 100";
    checked.push(("posts_scheduled", due.to_owned(), vec![]));
    for (index, query, values) in checked {
        uses_index(&db, &query, values, index, TABLES).await;
    }
}
