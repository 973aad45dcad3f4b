//! Every service counts anew what events maintain: every night, and when an admin asks.
//!
//! Each replica looks once a minute whether the hour has come; the one that gets the lease in the database
//! does it. What was found is kept there, shown to admins and exported as `maru_drift`, which is 0 as long as
//! no event is lost.

mod ledger;

use std::{sync::Arc, time::Duration};

use contracts::{pages::DriftRow, reconcile::Report};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use kit::{ApiResult, Shared, clock, db::Db, error::Chain};
use metrics::gauge;
use sea_orm::DbErr;
use time::{OffsetDateTime, Time};

pub(crate) use ledger::{Last, SQL};

use crate::{Upstreams, backend::Backend, upstream::Upstream};
use ledger::Ledger;

/// Counting everything anew takes a while.
const DEADLINE: Duration = Duration::from_secs(25);
/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// What was found last, and the means to count again.
pub(crate) struct Reconciliation {
    ledger: Ledger,
    clock: clock::Clock,
}

impl Reconciliation {
    pub(crate) async fn open(db: Db, shared: &Shared) -> Result<Self, DbErr> {
        let (ledger, clock) = (Ledger::new(db), shared.clock.clone());
        ledger.open(clock.millis()).await?;
        Ok(Self { ledger, clock })
    }

    /// What the last one found; none before the first.
    pub(crate) async fn last(&self) -> ApiResult<Option<Last>> {
        Ok(self.ledger.last().await?)
    }

    /// Counts now and keeps what was found.
    pub(crate) async fn run(&self, upstreams: &Upstreams, authorization: &HeaderValue) -> ApiResult<Last> {
        let last = self.count(upstreams, authorization).await;
        self.ledger.record(&last, None).await?;
        export(&last);
        Ok(last)
    }

    async fn count(&self, upstreams: &Upstreams, authorization: &HeaderValue) -> Last {
        let asked = upstreams.all().map(async |(name, service)| (name, count_in(service, authorization).await));
        let (mut rows, mut failed) = (Vec::new(), Vec::new());
        for (name, report) in futures_util::future::join_all(asked).await {
            match report {
                Ok(report) => rows.extend(report.into_iter().flat_map(drift)),
                Err(error) => {
                    let code = &error.problem().code;
                    tracing::error!(service = name, %code, "a service could not count what events maintain");
                    failed.push(name.to_owned());
                }
            }
        }
        for row in rows.iter().filter(|row: &&DriftRow| row.drift > 0) {
            let DriftRow { service, check, drift, repaired, .. } = row;
            tracing::error!(service, check, drift, repaired, "what events maintain had drifted");
        }
        Last { finished_at: self.clock.millis(), failed, rows }
    }

    /// Does the one that is due, if it is this replica's turn.
    async fn look(&self, at: Time, backend: &Backend) -> Result<(), DbErr> {
        let now = self.clock.now();
        let due = clock::to_millis(last_time(at, now));
        if self.ledger.claim(due, clock::to_millis(now)).await? {
            let last = self.count(&backend.upstreams, &backend.service_authorization).await;
            self.ledger.record(&last, Some(due)).await?;
            let drift: u32 = last.rows.iter().map(|row| row.drift).sum();
            tracing::info!(drift, failed = ?last.failed, "everything that events maintain was counted anew");
        }
        // Whoever did it, this replica shows it too.
        if let Some(last) = self.ledger.last().await? {
            export(&last);
        }
        Ok(())
    }
}

/// Counts every day at `at` (UTC) until shutdown; never where there is no `at`.
pub(crate) fn schedule(backend: Arc<Backend>, at: Option<Time>, shared: &Shared) {
    let Some(at) = at else { return };
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        loop {
            if let Err(error) = backend.reconciliation.look(at, &backend).await {
                tracing::error!(cause = %Chain(&error), "the reconciliation waits for its database");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }));
}

/// The last time that a clock showed `at`.
fn last_time(at: Time, now: OffsetDateTime) -> OffsetDateTime {
    let today = now.replace_time(at);
    if today <= now { today } else { today - time::Duration::DAY }
}

/// None for a service that has nothing to count.
async fn count_in(service: &Upstream, authorization: &HeaderValue) -> ApiResult<Option<Report>> {
    let (path, none) = ("/internal/reconcile", HeaderMap::new());
    let answer = service.call_within(DEADLINE, Method::POST, path, Some(authorization), None, none).await?;
    if answer.status == StatusCode::NOT_FOUND { Ok(None) } else { answer.json().map(Some) }
}

fn drift(report: Report) -> impl Iterator<Item = DriftRow> {
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let service = report.service;
    report.checks.into_iter().map(move |check| DriftRow {
        service: service.clone(),
        check: check.name,
        checked: small(check.checked),
        drift: small(check.drift),
        repaired: small(check.repaired),
    })
}

fn export(last: &Last) {
    for DriftRow { service, check, drift, .. } in &last.rows {
        gauge!("maru_drift", "service" => service.clone(), "check" => check.clone()).set(f64::from(*drift));
    }
    let seconds = u32::try_from(last.finished_at / 1000).unwrap_or_default();
    gauge!("maru_reconciliation_finished_timestamp_seconds").set(f64::from(seconds));
    let failed = u32::try_from(last.failed.len()).unwrap_or(u32::MAX);
    gauge!("maru_reconciliation_failed_services").set(f64::from(failed));
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, time};

    use super::last_time;

    #[test]
    fn the_hour_of_yesterday_counts_until_that_of_today() {
        let at = time!(3:30);
        assert_eq!(last_time(at, datetime!(2026-05-02 03:29:59 UTC)), datetime!(2026-05-01 03:30 UTC));
        assert_eq!(last_time(at, datetime!(2026-05-02 03:30 UTC)), datetime!(2026-05-02 03:30 UTC));
    }
}
