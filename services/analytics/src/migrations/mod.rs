//! The schema, step by step.

use kit::db::Migration;

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, name: "views", sql: include_str!("0001_views.sql") },
    Migration { number: 2, name: "bug reports", sql: include_str!("0002_bug_reports.sql") },
    Migration { number: 3, name: "outbox", sql: kit::events::outbox::SQL },
    Migration { number: 4, name: "inbox", sql: kit::events::inbox::SQL },
    Migration { number: 5, name: "parked messages", sql: kit::events::consumer::SQL },
    Migration { number: 6, name: "restores", sql: kit::backup::SQL },
    Migration { number: 7, name: "fairness", sql: include_str!("0007_fairness.sql") },
];

#[cfg(test)]
mod tests {
    use kit::{
        db::sql,
        testing::{Backend, TestDb},
    };

    use super::ALL;
    use crate::store::bugs;

    kit::on_both_databases!(reports_of_before_can_be_answered);

    async fn reports_of_before_can_be_answered(backend: Backend) {
        let test = TestDb::new(backend).await;
        let db = test.connect().await;
        db.migrate(&ALL[..6]).await.expect("the schema of before");
        let report =
            "INSERT INTO bug_reports (id, title, description, category, priority, status, created_at, updated_at)
            VALUES ('one', 'A', 'b', 'UI', 'LOW', 'PENDING', 1, 1)";
        sql::execute(db.write(), report, []).await.expect("a report");
        db.migrate(ALL).await.expect("brought forward");
        let report = bugs::find(db.read(), "one").await.expect("read").expect("still there");
        assert_eq!((report.title.as_str(), report.version), ("A", 1));
    }
}
