//! Views, visitors, numbers and bug reports.
//!
//! Nobody is known: a visitor is a pseudonym made of a secret that lives for a day, and no cookie is
//! set. Single views become numbers by day within seconds, and are forgotten after two days.
#![forbid(unsafe_code)]

mod app;
mod consumer;
mod domain;
mod jobs;
mod migrations;
mod owners;
mod reconcile;
mod routes;
mod screenshots;
mod sink;
mod store;

use kit::{Frame, Service, Shared, StartError, db::Db, events::relay};

pub use sink::GoogleAnalytics;

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Minutes that the site's midnight is before that of UTC (540 for Seoul).
    pub utc_offset_minutes: i32,
    /// Days for which numbers by day, page, referrer, country and device are kept; totals and the
    /// site's days stay for ever.
    pub retention_days: u32,
    /// Where views go besides, if anywhere.
    pub google_analytics: Option<GoogleAnalytics>,
}

impl Settings {
    /// Days end at midnight UTC, numbers are kept for three years, nothing leaves.
    pub fn new(database_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            utc_offset_minutes: 0,
            retention_days: 3 * 366,
            google_analytics: None,
        }
    }
}

/// Starts the service: its routes, the relay and consumer of its events, and counting.
///
/// # Errors
/// When the database cannot be used or a setting makes no sense.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: &str| StartError::new("analytics", reason);
    if settings.utc_offset_minutes.abs() > 14 * 60 {
        return Err(failed("utc_offset_minutes must lie between -840 and 840"));
    }
    if settings.retention_days < 31 {
        return Err(failed("retention_days must be at least 31"));
    }
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used").because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date").because(error))?;
    let sink = sink::start(settings.google_analytics.clone(), shared)
        .map_err(|error| failed("google_analytics.endpoint is no URL").because(error))?;
    let relay = relay::spawn(db.clone(), shared);
    let consumer = consumer::subscribe(db.clone(), relay.clone(), shared);
    let app = app::App::new(db.clone(), settings, sink, relay.clone(), shared);
    jobs::spawn(&app, shared);
    let (routes, api) = routes::router(app).split_for_parts();
    Ok(Frame::new("analytics", db, shared).producer(relay).consumer(consumer).backup(store::TABLES).finish(routes, api))
}
