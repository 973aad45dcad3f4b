//! The consumer's side: which events were applied already.

use std::time::Duration;

use sea_orm::{DatabaseTransaction, DbErr};

use super::Message;
use crate::{
    db::{Db, sql},
    id,
};

/// The tables of an inbox, for a service's migrations.
pub const SQL: &str = include_str!("inbox.sql");

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// New: apply it in this transaction.
    Fresh,
    /// It was applied before, or a newer one of the same aggregate was: only commit.
    Old,
}

/// For so long the id of an applied event is remembered: far longer than a relay or a broker tries to deliver one.
/// Whoever brings an older one again is told by its sequence number that it was applied.
pub const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Ids forgotten in one statement, so that writers wait only shortly.
const BATCH: u32 = 1_000;

/// Forgets the ids of events applied more than [`REMEMBERED`] ago, and says how many.
///
/// # Errors
/// When the database refuses it.
pub async fn prune(db: &Db, now_millis: i64) -> Result<u64, DbErr> {
    let before = now_millis.saturating_sub(i64::try_from(REMEMBERED.as_millis()).unwrap_or(i64::MAX));
    // Ids begin with the time at which they were made, which is before that of the receipt: so the key bounds what
    // is looked at.
    let delete = "DELETE FROM inbox WHERE event_id IN (
        SELECT event_id FROM inbox WHERE event_id < $1 AND received_at < $2 ORDER BY event_id LIMIT $3)";
    let mut pruned = 0;
    loop {
        let values = [id::first_at(before).into(), before.into(), i64::from(BATCH).into()];
        let gone = sql::execute(db.write(), delete, values).await?;
        pruned += gone;
        if gone < u64::from(BATCH) {
            return Ok(pruned);
        }
    }
}

/// Notes the message in the transaction that is to hold its effect.
///
/// # Errors
/// When the database refuses it.
pub async fn receive(tx: &DatabaseTransaction, message: &Message, now_millis: i64) -> Result<Receipt, DbErr> {
    let note = "INSERT INTO inbox (event_id, received_at) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING";
    if sql::execute(tx, note, [message.id.as_str().into(), now_millis.into()]).await? == 0 {
        return Ok(Receipt::Old);
    }
    let advance = "INSERT INTO inbox_sequences (kind, aggregate_id, sequence) VALUES ($1, $2, $3)
        ON CONFLICT (kind, aggregate_id) DO UPDATE SET sequence = excluded.sequence
        WHERE inbox_sequences.sequence < excluded.sequence";
    let values = [message.kind.as_str().into(), message.aggregate_id.as_str().into(), message.sequence.into()];
    Ok(if sql::execute(tx, advance, values).await? == 0 { Receipt::Old } else { Receipt::Fresh })
}
