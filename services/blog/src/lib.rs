//! Posts, categories and tags.
//!
//! Rules are in `domain`, tables in `store`, what can happen to posts and terms (with the events that
//! tell of it) in `changes`, one route a file in `routes`, what events of others do here in `consumer`,
//! what happens by itself in `upkeep`. A post's HTML is made when it is written; reading is one query.
#![forbid(unsafe_code)]

mod app;
mod changes;
mod consumer;
mod domain;
mod migrations;
mod routes;
mod store;
mod upkeep;

use kit::{Frame, Service, Shared, StartError, db::Db, events::relay};

pub use upkeep::Upkeep;

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
}

/// Starts the service.
///
/// # Errors
/// When the database cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: &str| StartError::new("blog", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used").because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date").because(error))?;
    let wake = relay::spawn(db.clone(), shared);
    let app = app::App::new(db.clone(), shared, wake.clone());
    let consumer = consumer::subscribe(&app, shared);
    Upkeep::of(app.clone()).spawn(shared);
    let (routes, api) = routes::router(app).split_for_parts();
    let frame = Frame::new("blog", db, shared).producer(wake).consumer(consumer).backup(store::TABLES);
    Ok(frame.finish(routes, api))
}
