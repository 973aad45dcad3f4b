//! `GET /api/analytics/realtime`: who is there now, as server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contracts::{analytics::Realtime, problem::Problem};
use futures_util::stream;
use kit::{ApiResult, auth::Viewer, clock::rfc3339, error::Chain};
use sea_orm::DbErr;
use tokio::{sync::OwnedSemaphorePermit, sync::watch, time::Instant};

use super::scope;
use crate::{
    app::App,
    store::{reports::Scope, stats},
};

/// Who looked at something so recently is there.
const ACTIVE_MS: i64 = 5 * 60 * 1000;
const MINUTES: usize = 30;
/// What other replicas count, and who has left, is seen this late.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// However much happens, a stream says so at most this often.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);

struct Stream {
    app: App,
    scope: Scope,
    viewed: watch::Receiver<u64>,
    last: Option<Realtime>,
    /// When the viewer's access token ends: nobody who was suspended keeps watching.
    end: Instant,
    /// Its place among the streams, free again when this is dropped.
    _place: OwnedSemaphorePermit,
}

/// An event of the stream, for who reads the OpenAPI document.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Snapshot {
    /// `snapshot`.
    event: String,
    /// A `Realtime` as JSON.
    #[schema(content_media_type = "application/json")]
    data: String,
}

/// Who is there now
#[utoipa::path(get, path = "/api/analytics/realtime", tag = "numbers", security(("bearer" = [])),
    responses((status = 200, content_type = "text/event-stream", body = Snapshot,
        description = "`snapshot` events; ends with the access token")))]
pub(super) async fn handle(State(app): State<App>, viewer: Viewer) -> ApiResult<Response> {
    let scope = scope::of(&viewer)?;
    let place = app.streams.clone().try_acquire_owned().map_err(|_| Problem::unavailable())?;
    let left = viewer.claims().exp.saturating_sub(app.clock.now().unix_timestamp());
    let end = Instant::now() + Duration::from_secs(u64::try_from(left).unwrap_or_default());
    let viewed = app.viewed.subscribe();
    let stream = Stream { app, scope, viewed, last: None, end, _place: place };
    let events = stream::unfold(stream, |mut stream| async {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

impl Stream {
    /// The next event; `None` when the process ends, the token does, or the database is away.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.last.is_some() && !self.wait().await {
                return None;
            }
            let snapshot = match snapshot(&self.app, &self.scope).await {
                Ok(snapshot) => snapshot,
                Err(error) => {
                    tracing::warn!(cause = %Chain(&error), "a realtime stream ends");
                    return None;
                }
            };
            let same =
                self.last.as_ref().is_some_and(|last| Realtime { at: last.at.clone(), ..snapshot.clone() } == *last);
            if !same {
                self.last = Some(snapshot.clone());
                return Event::default().event("snapshot").json_data(&snapshot).ok();
            }
        }
    }

    /// Until something may have changed; false when the stream is over.
    async fn wait(&mut self) -> bool {
        let changed = async {
            let changed = async {
                // The sender lives in `app`.
                let _ = self.viewed.changed().await;
            };
            let _ = tokio::time::timeout(LOOK_EVERY, changed).await;
            tokio::time::sleep(AT_MOST_EVERY).await;
            self.viewed.mark_unchanged();
        };
        tokio::select! {
            () = self.app.shutdown.cancelled() => false,
            () = tokio::time::sleep_until(self.end) => false,
            () = changed => true,
        }
    }
}

async fn snapshot(app: &App, scope: &Scope) -> Result<Realtime, DbErr> {
    let now = app.clock.millis();
    let first = now / 60_000 - 29;
    let (active, minutes, pages) = tokio::try_join!(
        stats::active(&app.db, scope, now - ACTIVE_MS),
        stats::minutes(&app.db, scope, first, MINUTES),
        stats::active_pages(&app.db, scope, now - ACTIVE_MS),
    )?;
    Ok(Realtime { at: rfc3339(now), active, minutes, pages })
}
