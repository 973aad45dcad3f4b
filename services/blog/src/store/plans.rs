//! Whether the databases use the indexes that are meant for a query, with 10,000 posts.

use contracts::blog::PostStatus::{Draft, Private, Public, Scheduled, Trashed};
use kit::{
    db::{Db, sql},
    testing::{Backend, TestDb},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};

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

#[derive(FromQueryResult)]
struct Sqlite {
    detail: String,
}

#[derive(FromQueryResult)]
struct Postgres {
    #[sea_orm(from_alias = "QUERY PLAN")]
    line: String,
}

/// The steps in which the database answers.
async fn plan(db: &Db, query: &str, values: Vec<Value>) -> Vec<String> {
    if db.backend() == DbBackend::Postgres {
        let rows = sql::all::<Postgres, _>(db.read(), &format!("EXPLAIN {query}"), values).await;
        rows.expect("a plan").into_iter().map(|row| row.line).collect()
    } else {
        let rows = sql::all::<Sqlite, _>(db.read(), &format!("EXPLAIN QUERY PLAN {query}"), values).await;
        rows.expect("a plan").into_iter().map(|row| row.detail).collect()
    }
}

/// Whether a step reads all posts, row by row.
fn reads_everything(step: &str) -> bool {
    step.contains("Seq Scan on posts")
        || step.contains("Seq Scan on post_texts")
        || (step.starts_with("SCAN p") && !step.contains("USING"))
        || (step.starts_with("SCAN x") && !step.contains("USING"))
}

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
        checked.push((format!("{sort:?} {:?}", filter.conditions), index, query, values));
    }
    let values = vec![Value::from("slug-77")];
    checked.push(("one".into(), "posts_by_slug", posts::whole(db.backend(), posts::BY_SLUG), values));
    let due = "SELECT id FROM posts WHERE status = 'SCHEDULED' AND scheduled_at <= 50 ORDER BY scheduled_at LIMIT 100";
    checked.push(("due".into(), "posts_scheduled", due.to_owned(), vec![]));
    for (what, index, query, values) in checked {
        let steps = plan(&db, &query, values).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{what} does not use {index}: {steps:#?}");
        assert!(!steps.iter().any(|step| reads_everything(step)), "{what} reads everything: {steps:#?}");
    }
}
