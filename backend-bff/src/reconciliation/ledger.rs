//! What the last reconciliation found, and whose turn the next one is: one row that all replicas share.

use contracts::pages::DriftRow;
use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

/// How long whoever began has to come to an end; then another may.
const LEASE_MS: i64 = 10 * 60 * 1000;
/// After one that failed.
const PAUSE_MS: i64 = 15 * 60 * 1000;

pub(crate) const SQL: &str = "
CREATE TABLE reconciliation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    done_for BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    failed TEXT NOT NULL,
    result TEXT NOT NULL
);
";

/// The last one that came to an end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Last {
    /// When, in milliseconds since the epoch.
    pub(crate) finished_at: i64,
    /// Services that could not count.
    pub(crate) failed: Vec<String>,
    pub(crate) rows: Vec<DriftRow>,
}

#[derive(FromQueryResult)]
struct Row {
    finished_at: i64,
    failed: String,
    result: String,
}

#[derive(Clone, Debug)]
pub(super) struct Ledger(Db);

impl Ledger {
    pub(super) fn new(db: Db) -> Self {
        Self(db)
    }

    /// Makes the row, so that the first one is due at the next hour that is set and not at once.
    pub(super) async fn open(&self, now: i64) -> Result<(), DbErr> {
        let insert = "INSERT INTO reconciliation (one, done_for, leased_until, finished_at, failed, result)
            VALUES (1, $1, 0, 0, '[]', '[]') ON CONFLICT (one) DO NOTHING";
        sql::execute(self.0.write(), insert, [now.into()]).await.map(|_| ())
    }

    /// Whether it is the caller's turn to do the one that was due at `due`: it is nobody else's then.
    pub(super) async fn claim(&self, due: i64, now: i64) -> Result<bool, DbErr> {
        let claim = "UPDATE reconciliation SET leased_until = $1 WHERE done_for < $2 AND leased_until <= $3";
        Ok(sql::execute(self.0.write(), claim, [(now + LEASE_MS).into(), due.into(), now.into()]).await? == 1)
    }

    /// Writes down what was found. With a `due` it was the scheduled one: when it failed it is tried again later.
    pub(super) async fn record(&self, last: &Last, due: Option<i64>) -> Result<(), DbErr> {
        let now = last.finished_at;
        let text = |value: Result<String, serde_json::Error>| value.map_err(|error| DbErr::Custom(error.to_string()));
        let (failed, result) = (text(serde_json::to_string(&last.failed))?, text(serde_json::to_string(&last.rows))?);
        let update = "UPDATE reconciliation SET finished_at = $1, failed = $2, result = $3";
        sql::execute(self.0.write(), update, [now.into(), failed.into(), result.into()]).await?;
        match due {
            None => return Ok(()),
            Some(_) if !last.failed.is_empty() => {
                let later = "UPDATE reconciliation SET leased_until = $1";
                sql::execute(self.0.write(), later, [(now + PAUSE_MS).into()]).await?;
            }
            Some(due) => {
                let done = "UPDATE reconciliation SET done_for = $1, leased_until = 0";
                sql::execute(self.0.write(), done, [due.into()]).await?;
            }
        }
        Ok(())
    }

    /// The last one; none when there was none yet.
    pub(super) async fn last(&self) -> Result<Option<Last>, DbErr> {
        let query = "SELECT finished_at, failed, result FROM reconciliation WHERE finished_at > 0";
        let Some(row) = sql::one::<Row, _>(self.0.read(), query, []).await? else { return Ok(None) };
        let json = |error: serde_json::Error| DbErr::Custom(format!("the last reconciliation: {error}"));
        Ok(Some(Last {
            finished_at: row.finished_at,
            failed: serde_json::from_str(&row.failed).map_err(json)?,
            rows: serde_json::from_str(&row.result).map_err(json)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use kit::testing::{Backend, TestDb};

    use super::*;

    const NIGHT: i64 = 1_800_000_000_000;
    const MINUTE: i64 = 60_000;

    fn last(at: i64, failed: &[&str]) -> Last {
        let row = DriftRow { service: "blog".into(), check: "tag_counts".into(), checked: 3, drift: 1, repaired: 1 };
        Last { finished_at: at, failed: failed.iter().map(|&name| name.to_owned()).collect(), rows: vec![row] }
    }

    async fn one_of_several_replicas_does_it(backend: Backend) {
        let database = TestDb::new(backend).await;
        let db = database.connect().await;
        db.migrate(crate::schema::MIGRATIONS).await.unwrap();
        let (one, other) = (Ledger::new(db.clone()), Ledger::new(db));
        one.open(NIGHT - MINUTE).await.unwrap();
        other.open(NIGHT - MINUTE).await.unwrap();
        assert_eq!(one.last().await.unwrap(), None);
        assert!(!one.claim(NIGHT - 2 * MINUTE, NIGHT - MINUTE).await.unwrap(), "that hour was before the first start");

        assert!(one.claim(NIGHT, NIGHT).await.unwrap());
        assert!(!other.claim(NIGHT, NIGHT + MINUTE).await.unwrap(), "the first one is at it");
        assert!(other.claim(NIGHT, NIGHT + 11 * MINUTE).await.unwrap(), "the first one was killed meanwhile");

        let failed = last(NIGHT + 12 * MINUTE, &["content"]);
        other.record(&failed, Some(NIGHT)).await.unwrap();
        assert_eq!(one.last().await.unwrap(), Some(failed));
        assert!(!one.claim(NIGHT, NIGHT + 20 * MINUTE).await.unwrap());
        assert!(one.claim(NIGHT, NIGHT + 27 * MINUTE).await.unwrap(), "it is tried again");

        one.record(&last(NIGHT + 28 * MINUTE, &[]), Some(NIGHT)).await.unwrap();
        assert!(!other.claim(NIGHT, NIGHT + 60 * MINUTE).await.unwrap(), "it is done");
        other.record(&last(NIGHT + 90 * MINUTE, &["content"]), None).await.unwrap();
        let tomorrow = NIGHT + 24 * 60 * MINUTE;
        assert!(other.claim(tomorrow, tomorrow).await.unwrap());
    }

    kit::on_both_databases!(one_of_several_replicas_does_it);
}
