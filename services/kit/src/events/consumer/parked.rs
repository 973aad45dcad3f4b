//! Messages that were set aside.

use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};

use super::{Consumer, Failure};
use crate::{
    db::sql,
    events::{Message, inbox::Receipt},
};

/// Written by a newer build.
pub(crate) const NEWER: &str = "newer";
/// Waits behind one that was.
pub(crate) const BEHIND: &str = "behind";
/// Failed too often.
pub(crate) const FAILED: &str = "failed";

/// What came of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// Its effect is there now.
    Applied,
    /// It had no effect: it was applied before, or a newer one of its aggregate was.
    Outdated,
    /// This build cannot read it; it stays.
    Unreadable,
    /// There is no such message.
    Unknown,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    kind: String,
    aggregate_id: String,
    sequence: i64,
    occurred_at: String,
    trace: Option<String>,
    schema_version: i32,
    data: String,
}

const COLUMNS: &str = "id, kind, aggregate_id, sequence, occurred_at, trace, schema_version, data";

/// Keeps `message`; a second time changes nothing.
pub(super) async fn park(
    tx: &DatabaseTransaction,
    message: &Message,
    reason: &str,
    attempts: i32,
    cause: Option<&str>,
    now: i64,
) -> Result<(), DbErr> {
    let insert = "INSERT INTO parked (id, reason, kind, aggregate_id, sequence, occurred_at, trace, schema_version,
            data, attempts, last_error, parked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING";
    let values = [
        message.id.as_str().into(),
        reason.into(),
        message.kind.as_str().into(),
        message.aggregate_id.as_str().into(),
        message.sequence.into(),
        message.occurred_at.as_str().into(),
        message.trace.clone().into(),
        i32::try_from(message.schema_version).unwrap_or(i32::MAX).into(),
        message.data.to_string().into(),
        attempts.into(),
        cause.map(str::to_owned).into(),
        now.into(),
    ];
    sql::execute(tx, insert, values).await.map(|_| ())
}

/// Whether an earlier message of the same kind and aggregate waits for a build that can read it.
pub(super) async fn is_waited_for(tx: &DatabaseTransaction, message: &Message) -> Result<bool, DbErr> {
    let earlier = "SELECT COUNT(*) AS n FROM parked
        WHERE kind = $1 AND aggregate_id = $2 AND sequence < $3 AND reason <> 'failed'";
    let values = [message.kind.as_str().into(), message.aggregate_id.as_str().into(), message.sequence.into()];
    Ok(sql::number(tx, earlier, values).await? > 0)
}

impl Consumer {
    /// Keeps a message that failed `attempts` times, for somebody to look at.
    pub(super) async fn set_aside(&self, message: &Message, attempts: u32, cause: &str) -> Result<(), DbErr> {
        let tx = self.db.begin().await?;
        let attempts = i32::try_from(attempts).unwrap_or(i32::MAX);
        park(&tx, message, FAILED, attempts, Some(cause), self.clock.millis()).await?;
        tx.commit().await?;
        tracing::error!(consumer = self.name, event = %message.id, attempts, cause, "a message was set aside");
        Ok(())
    }

    /// Applies a message that was set aside, and forgets it once its effect is committed.
    ///
    /// # Errors
    /// When its handler fails again; the message stays.
    pub async fn replay(&self, id: &str) -> Result<Replayed, Failure> {
        let tx = self.db.begin().await?;
        let query = format!("SELECT {COLUMNS} FROM parked WHERE id = $1");
        let Some(row) = sql::one::<Row, _>(&tx, &query, [id.into()]).await? else { return Ok(Replayed::Unknown) };
        let message = message(row)?;
        if !self.reads(&message) {
            return Ok(Replayed::Unreadable);
        }
        let receipt = self.apply(&tx, &message).await?;
        sql::execute(&tx, "DELETE FROM parked WHERE id = $1", [id.into()]).await?;
        tx.commit().await?;
        if receipt == Receipt::Fresh {
            self.committed(&message).await;
            return Ok(Replayed::Applied);
        }
        tracing::warn!(consumer = self.name, event = id, "a replayed message was outdated");
        Ok(Replayed::Outdated)
    }

    /// Applies all parked messages that this build can read, in order. One that fails is left, with
    /// those of its aggregate behind it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn replay_readable(&self) -> Result<(), DbErr> {
        let query =
            format!("SELECT {COLUMNS} FROM parked WHERE reason <> 'failed' ORDER BY kind, aggregate_id, sequence");
        let mut stuck: Option<(String, String)> = None;
        for row in sql::all::<Row, _>(self.db.read(), &query, []).await? {
            let aggregate = (row.kind.clone(), row.aggregate_id.clone());
            if stuck.as_ref() == Some(&aggregate) {
                continue;
            }
            let id = row.id.clone();
            match self.replay(&id).await {
                Ok(Replayed::Applied | Replayed::Outdated | Replayed::Unknown) => {}
                Ok(Replayed::Unreadable) => stuck = Some(aggregate),
                Err(error) => {
                    tracing::error!(consumer = self.name, event = %id, cause = %error, "a parked message failed");
                    stuck = Some(aggregate);
                }
            }
        }
        Ok(())
    }
}

fn message(row: Row) -> Result<Message, serde_json::Error> {
    Ok(Message {
        data: serde_json::from_str(&row.data)?,
        id: row.id,
        kind: row.kind,
        aggregate_id: row.aggregate_id,
        sequence: row.sequence,
        occurred_at: row.occurred_at,
        trace: row.trace,
        schema_version: u32::try_from(row.schema_version).unwrap_or_default(),
    })
}
