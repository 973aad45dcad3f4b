//! `/internal/dead-letters`: what was not delivered and what was set aside, of both sides.

use std::sync::Arc;

use axum::extract::{FromRef, State};
use contracts::{
    dead_letters::{DeadLetter, DeadLetterReason, DeadLetters, Replay, ReplayOutcome},
    problem::Problem,
};
use http::StatusCode;
use sea_orm::{DbErr, FromQueryResult};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    ApiError, ApiResult,
    auth::{Access, ServiceCaller},
    clock::rfc3339,
    db::{Db, sql},
    events::{
        consumer::{Consumer, Replayed},
        relay::Wake,
    },
    extract::Path,
};

/// Where a service's dead letters lie.
#[derive(Clone)]
pub(crate) struct Letters {
    db: Db,
    pub(crate) producer: Option<Wake>,
    pub(crate) consumer: Option<Arc<Consumer>>,
}

impl Letters {
    pub(crate) fn new(db: Db) -> Self {
        Self { db, producer: None, consumer: None }
    }
}

#[derive(Clone)]
struct App {
    letters: Letters,
    access: Access,
}

impl FromRef<App> for Access {
    fn from_ref(app: &App) -> Self {
        app.access.clone()
    }
}

pub(crate) fn router(letters: Letters, access: Access) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(replay))
        .routes(routes!(drop_one))
        .with_state(App { letters, access })
}

const LIMIT: usize = 500;

const OF_OUTBOX: &str =
    "SELECT id, 'undelivered' AS reason, kind, aggregate_id, sequence, occurred_at AS occurred_millis,
    NULL AS occurred_text, schema_version, data, attempts, last_error, died_at AS since FROM dead_letters
    ORDER BY died_at, id LIMIT 500";
const OF_CONSUMER: &str = "SELECT id, reason, kind, aggregate_id, sequence, NULL AS occurred_millis,
    occurred_at AS occurred_text, schema_version, data, attempts, last_error, parked_at AS since FROM parked
    ORDER BY parked_at, id LIMIT 500";

#[derive(FromQueryResult)]
struct Row {
    id: String,
    reason: String,
    kind: String,
    aggregate_id: String,
    sequence: i64,
    occurred_millis: Option<i64>,
    occurred_text: Option<String>,
    schema_version: i32,
    data: String,
    attempts: i32,
    last_error: Option<String>,
    since: i64,
}

/// Messages that did not arrive
#[utoipa::path(get, path = "/internal/dead-letters", tag = "events", responses((status = 200, body = DeadLetters)))]
async fn list(_: ServiceCaller, State(app): State<App>) -> ApiResult<axum::Json<DeadLetters>> {
    let db = app.letters.db.read();
    let mut rows = Vec::new();
    let mut total = 0;
    if app.letters.producer.is_some() {
        rows.extend(sql::all::<Row, _>(db, OF_OUTBOX, []).await?);
        total += sql::number(db, "SELECT COUNT(*) AS n FROM dead_letters", []).await?;
    }
    if app.letters.consumer.is_some() {
        rows.extend(sql::all::<Row, _>(db, OF_CONSUMER, []).await?);
        total += sql::number(db, "SELECT COUNT(*) AS n FROM parked", []).await?;
    }
    rows.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
    rows.truncate(LIMIT);
    let items = rows.into_iter().map(letter).collect();
    Ok(axum::Json(DeadLetters { items, total: u64::try_from(total).unwrap_or_default() }))
}

/// Tries a message again
#[utoipa::path(post, path = "/internal/dead-letters/{id}/replay", tag = "events",
    params(("id" = String, Path, description = "Id of the event")),
    responses((status = 200, body = Replay), (status = 409, description = "It failed again")))]
async fn replay(_: ServiceCaller, State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<Replay>> {
    let letters = &app.letters;
    if let Some(wake) = &letters.producer
        && send_again(&letters.db, &id).await?
    {
        wake.wake();
        return Ok(axum::Json(Replay { outcome: ReplayOutcome::Sent }));
    }
    let Some(consumer) = &letters.consumer else { return Err(unknown()) };
    let outcome = match consumer.replay(&id).await {
        Ok(Replayed::Applied) => ReplayOutcome::Applied,
        Ok(Replayed::Outdated) => ReplayOutcome::Outdated,
        Ok(Replayed::Unreadable) => ReplayOutcome::Unreadable,
        Ok(Replayed::Unknown) => return Err(unknown()),
        Err(error) => {
            tracing::warn!(event = %id, cause = %error, "a replayed message failed again");
            return Err(Problem::new(409, "replay_failed", "The message failed again")
                .with_detail("It stays where it is; the reason is in the log.")
                .into());
        }
    };
    Ok(axum::Json(Replay { outcome }))
}

/// Drops a message for good
#[utoipa::path(delete, path = "/internal/dead-letters/{id}", tag = "events",
    params(("id" = String, Path, description = "Id of the event")),
    responses((status = 204, description = "It is gone")))]
async fn drop_one(_: ServiceCaller, State(app): State<App>, Path(id): Path<String>) -> ApiResult<StatusCode> {
    let letters = &app.letters;
    let mut dropped = 0;
    if letters.producer.is_some() {
        let delete = "DELETE FROM dead_letters WHERE id = $1";
        dropped += sql::execute(letters.db.write(), delete, [id.as_str().into()]).await?;
    }
    if letters.consumer.is_some() {
        dropped += sql::execute(letters.db.write(), "DELETE FROM parked WHERE id = $1", [id.as_str().into()]).await?;
    }
    if dropped == 0 {
        return Err(unknown());
    }
    tracing::warn!(event = %id, "a dead letter was dropped");
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> ApiError {
    Problem::not_found("dead letter").into()
}

/// Puts a dead letter back into the outbox.
async fn send_again(db: &Db, id: &str) -> Result<bool, DbErr> {
    let tx = db.begin().await?;
    let copy = "INSERT INTO outbox (id, kind, aggregate_id, sequence, occurred_at, trace, schema_version, data)
        SELECT id, kind, aggregate_id, sequence, occurred_at, trace, schema_version, data
        FROM dead_letters WHERE id = $1";
    if sql::execute(&tx, copy, [id.into()]).await? == 0 {
        return Ok(false);
    }
    sql::execute(&tx, "DELETE FROM dead_letters WHERE id = $1", [id.into()]).await?;
    tx.commit().await?;
    Ok(true)
}

fn letter(row: Row) -> DeadLetter {
    DeadLetter {
        id: row.id,
        reason: match row.reason.as_str() {
            "failed" => DeadLetterReason::Failed,
            "newer" => DeadLetterReason::Newer,
            "behind" => DeadLetterReason::Behind,
            _ => DeadLetterReason::Undelivered,
        },
        kind: row.kind,
        aggregate_id: row.aggregate_id,
        sequence: u64::try_from(row.sequence).unwrap_or_default(),
        occurred_at: row.occurred_text.or(row.occurred_millis.map(rfc3339)).unwrap_or_default(),
        schema_version: u32::try_from(row.schema_version).unwrap_or_default(),
        data: row.data,
        attempts: u32::try_from(row.attempts).unwrap_or_default(),
        error: row.last_error,
        since: rfc3339(row.since),
    }
}
