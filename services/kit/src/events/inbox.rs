//! The consumer's side: which events were applied already.

use sea_orm::{DatabaseTransaction, DbErr};

use super::Message;
use crate::db::sql;

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
