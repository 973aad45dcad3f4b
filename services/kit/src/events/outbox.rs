//! The producer's side: an event is a row beside the change it tells of.

use contracts::events::Event;
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};

use crate::{context, db::sql, id};

/// The tables of an outbox, for a service's migrations.
pub const SQL: &str = include_str!("outbox.sql");

#[derive(FromQueryResult)]
struct Sequence {
    sequence: i64,
}

/// Writes `event` about `aggregate_id` into the transaction that causes it. Wake the relay after
/// the commit.
///
/// # Errors
/// When the database refuses it.
pub async fn add<E: Event>(
    tx: &DatabaseTransaction,
    aggregate_id: &str,
    event: &E,
    now_millis: i64,
) -> Result<(), DbErr> {
    let data = serde_json::to_string(event).map_err(|error| DbErr::Custom(format!("event as JSON: {error}")))?;
    // Never below the time: so that what is written after a restore of older data still counts as
    // newer with everybody who saw what came before.
    let next = "INSERT INTO outbox_sequences (aggregate_id, sequence) VALUES ($1, $2)
        ON CONFLICT (aggregate_id) DO UPDATE SET sequence = CASE
            WHEN outbox_sequences.sequence < excluded.sequence THEN excluded.sequence
            ELSE outbox_sequences.sequence + 1 END
        RETURNING sequence";
    let sequence = sql::one::<Sequence, _>(tx, next, [aggregate_id.into(), now_millis.max(1).into()])
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("the sequence just written".to_owned()))?
        .sequence;
    let insert = "INSERT INTO outbox (id, kind, aggregate_id, sequence, occurred_at, schema_version, data, trace)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let version = i32::try_from(E::SCHEMA_VERSION).unwrap_or(i32::MAX);
    let values = [
        id::new().into(),
        E::KIND.into(),
        aggregate_id.into(),
        sequence.into(),
        now_millis.into(),
        version.into(),
        data.into(),
        context::traceparent().into(),
    ];
    sql::execute(tx, insert, values).await.map(|_| ())
}
