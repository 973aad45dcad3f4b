//! Migrations on databases that hold something.

use kit::{
    db::{Db, MigrateError, Migration, sql},
    testing::{Backend, TestDb},
};

kit::on_both_databases!(
    a_filled_database_is_brought_forward,
    a_failed_step_leaves_nothing,
    changed_and_unknown_steps_are_refused,
    two_at_once_do_it_once,
);

const FIRST: Migration =
    Migration { number: 1, name: "notes", sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);" };
const SECOND: Migration = Migration {
    number: 2,
    name: "lengths",
    sql: "ALTER TABLE notes ADD COLUMN length INTEGER NOT NULL DEFAULT 0; UPDATE notes SET length = LENGTH(text);",
};

async fn filled(backend: Backend) -> (TestDb, Db) {
    let test = TestDb::new(backend).await;
    let db = test.connect().await;
    db.migrate(&[FIRST]).await.expect("an empty database takes the first step");
    sql::execute(db.write(), "INSERT INTO notes (id, text) VALUES (1, $1)", ["마루".into()]).await.expect("inserted");
    (test, db)
}

async fn a_filled_database_is_brought_forward(backend: Backend) {
    let (_test, db) = filled(backend).await;
    db.migrate(&[FIRST, SECOND]).await.expect("the second step");
    db.migrate(&[FIRST, SECOND]).await.expect("again, nothing to do");
    let kept = "SELECT COUNT(*) AS n FROM notes WHERE text = $1 AND length = 2";
    assert_eq!(sql::number(db.read(), kept, ["마루".into()]).await.expect("counted"), 1);
}

async fn a_failed_step_leaves_nothing(backend: Backend) {
    let (_test, db) = filled(backend).await;
    let broken = Migration { number: 2, name: "broken", sql: "CREATE TABLE half (id INTEGER); SELECT nonsense;" };
    let error = db.migrate(&[FIRST, broken]).await.expect_err("must fail");
    assert!(matches!(error, MigrateError::Failed { number: 2, .. }), "{error:?}");
    sql::number(db.write(), "SELECT COUNT(*) AS n FROM half", []).await.expect_err("rolled back");
    db.migrate(&[FIRST, SECOND]).await.expect("the repaired step");
}

async fn changed_and_unknown_steps_are_refused(backend: Backend) {
    let (_test, db) = filled(backend).await;
    let changed = Migration { sql: "CREATE TABLE other (id INTEGER);", ..FIRST };
    assert!(matches!(db.migrate(&[changed]).await, Err(MigrateError::Changed(1))));
    db.migrate(&[FIRST, SECOND]).await.expect("the second step");
    assert!(matches!(db.migrate(&[FIRST]).await, Err(MigrateError::Newer(2))));
}

async fn two_at_once_do_it_once(backend: Backend) {
    let test = TestDb::new(backend).await;
    let (one, other) = (test.connect().await, test.connect().await);
    let steps = [FIRST, SECOND];
    let (first, second) = tokio::join!(one.migrate(&steps), other.migrate(&steps));
    first.expect("one of them");
    second.expect("the other");
}
