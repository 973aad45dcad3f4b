//! Transactions of those who leave before they have begun.

use kit::{
    db::{Db, sql},
    on_both_databases,
    testing::{Backend, TestDb, cut_off},
};

use crate::buses::count;

on_both_databases!(who_leaves_keeps_no_connection_in_a_transaction);

async fn who_leaves_keeps_no_connection_in_a_transaction(backend: Backend) {
    let test = TestDb::new(backend).await;
    let db = Db::connect(&test.url).await.expect("a database");
    sql::execute(db.write(), "CREATE TABLE notes (id BIGINT PRIMARY KEY)", []).await.expect("a table");
    let mut number = 0_i64;
    for round in 0..30 {
        for waits in 1..4 {
            let begun = cut_off(db.begin(), waits).await;
            drop(begun.transpose().expect("the database answers"));
            // Whatever connection that was on: this is acknowledged, so it is there.
            number += 1;
            let insert = "INSERT INTO notes (id) VALUES ($1)";
            sql::execute(db.write(), insert, [number.into()]).await.expect("it is written");
        }
        let others = Db::connect(&test.url).await.expect("a database");
        assert_eq!(count(&others, "notes").await, number, "after {round} rounds");
    }
}
