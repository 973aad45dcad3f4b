//! `POST /api/bug-reports`: anyone may report, a few times a day.

use axum::{extract::State, response::Response};
use contracts::{
    analytics::{BugReport, BugReportInput},
    events::ImagesUsed,
};
use kit::{ApiError, ApiResult, auth::OptionalViewer, events::outbox, extract::Body, http::created, id};

use crate::{
    app::App,
    domain::{bug, day, visitor},
    jobs::GUEST_MS,
    routes::client::Client,
    screenshots,
    store::{
        bugs::{self, Reporter},
        salts,
    },
};

/// Reports a day.
const OF_A_GUEST: i64 = 5;
const OF_A_MEMBER: i64 = 30;

/// Reports a bug
#[utoipa::path(post, path = "/api/bug-reports", tag = "bug reports", request_body = BugReportInput,
    security((), ("bearer" = [])),
    responses((status = 201, body = BugReport), (status = 429, description = "Too many today")))]
pub(crate) async fn handle(
    State(app): State<App>,
    OptionalViewer(viewer): OptionalViewer,
    client: Client,
    Body(input): Body<BugReportInput>,
) -> ApiResult<Response> {
    let input = bug::check(input)?;
    if let Some(screenshot) = &input.screenshot {
        screenshots::check(&app, viewer.as_ref(), screenshot).await?;
    }
    let now = app.clock.millis();
    let (reporter, most) = match &viewer {
        Some(viewer) => (Reporter::Member { id: viewer.id().to_owned(), name: viewer.name().to_owned() }, OF_A_MEMBER),
        None => {
            let salt = salts::of(&app.db, &day::text(app.today())).await?;
            // Another browser at the same place is the same guest here.
            (Reporter::Guest(visitor::pseudonym(&salt, client.address, "bug report")), OF_A_GUEST)
        }
    };
    let tx = app.db.begin().await?;
    if bugs::recent(&tx, &reporter, now - GUEST_MS).await? >= most {
        return Err(ApiError::too_many(60 * 60));
    }
    let id = id::new();
    bugs::insert(&tx, &id, &reporter, &input, now).await?;
    if let Some(screenshot) = &input.screenshot {
        let used = ImagesUsed { by: "bug_report".to_owned(), id: id.clone(), images: vec![screenshot.clone()] };
        outbox::add(&tx, &id, &used, now).await?;
    }
    let report = bugs::find(&tx, &id).await?.ok_or_else(|| ApiError::internal("the new report is gone"))?;
    tx.commit().await?;
    app.relay.wake();
    Ok(created(&format!("/api/bug-reports/{id}"), report))
}
