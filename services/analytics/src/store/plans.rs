//! Whether the databases use the indexes that are meant for a query, with 5,000 posts, 20,000 views and 60,000
//! numbers by day.

use kit::testing::{Backend, TestDb, uses_index};
use sea_orm::ConnectionTrait;

use super::{active_query, top_query};
use crate::{
    migrations,
    store::{
        reports::{Scope, days_query},
        targets,
    },
};

kit::on_both_databases!(numbers_are_found_by_index);

const FILL: &[&str] = &[
    "INSERT INTO targets (kind, id, slug, title, author_id, status, views)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT 'post', 'p-' || i, 'slug-' || i, 'Title', 'a-' || (i % 20), 'PUBLIC', i FROM n",
    "INSERT INTO views (day, visitor, kind, target_id, referrer, country, device, at, seen_at, batch)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT '2026-01-01', 'v-' || i, 'post', 'p-' || (i % 5000 + 1), '', 'KR', 'desktop', i, i, 1 FROM n",
    "INSERT INTO rollups (dimension, day, kind, target_id, value, views)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    SELECT 'all', '2026-01-' || (10 + i / 5000), 'post', 'p-' || (i % 5000 + 1), '', 1 FROM n",
    "ANALYZE",
];

const TABLES: &[(&str, &str)] = &[("targets", "t"), ("views", "v"), ("rollups", "r")];

async fn numbers_are_found_by_index(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = test.connect().await;
    db.migrate(migrations::ALL).await.expect("the schema");
    for statement in FILL {
        db.write().execute_unprepared(statement).await.expect(statement);
    }
    // The primary key is an index of the database's own naming.
    let key = |table: &str| match backend {
        Backend::Sqlite => format!("sqlite_autoindex_{table}_1"),
        Backend::Postgres => format!("{table}_pkey"),
    };
    uses_index(&db, targets::FIND, vec!["post".into(), "p-7".into()], &key("targets"), TABLES).await;
    let (query, value) = top_query(&Scope::Site);
    uses_index(&db, &query, vec![value], "targets_by_views", TABLES).await;
    let (query, value) = top_query(&Scope::Author("a-7".into()));
    // By author, or by views until ten of that author were met: either reads few rows.
    uses_index(&db, &query, vec![value], "targets_by_", TABLES).await;
    let (query, value) = active_query(&Scope::Site);
    uses_index(&db, &query, vec![value, 19_990_i64.into()], "views_by_last_sight", TABLES).await;
    let (query, value) = days_query(&Scope::Target("p-7".into()));
    let values = vec!["all".into(), "2026-01-10".into(), "2026-01-20".into(), value];
    uses_index(&db, &query, values, &key("rollups"), TABLES).await;
}
