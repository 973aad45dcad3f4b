//! Static pages and notices.
//!
//! Rules are in `domain`, tables in `store`, one route a file in `routes`. A page's HTML is made when
//! it is written; reading is one query.
#![forbid(unsafe_code)]

mod app;
mod consumer;
mod domain;
mod migrations;
mod reconcile;
mod routes;
mod store;
mod upkeep;

use kit::{Frame, Service, Shared, StartError, db::Db, events::relay};

pub use upkeep::step as upkeep_step;

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
}

/// Starts the service: its routes, its consumer, the relay of its events, the emptying of the trash.
///
/// # Errors
/// When the database cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: &str| StartError::new("page", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used").because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date").because(error))?;
    let wake = relay::spawn(db.clone(), shared);
    let app = app::App::new(db.clone(), shared, wake.clone());
    let consumer = consumer::subscribe(&app, shared);
    upkeep::spawn(&app, shared);
    let (routes, api) = routes::router(app).split_for_parts();
    Ok(Frame::new("page", db, shared).producer(wake).consumer(consumer).backup(store::TABLES).finish(routes, api))
}
