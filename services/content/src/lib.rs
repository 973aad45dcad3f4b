//! Comments, likes and bookmarks.
//!
//! Rules are in `domain`, tables in `store`, one route a file in `routes`. What is known of posts and
//! accounts are copies that events keep fresh; whether somebody may write on a post is asked of the
//! blog service each time. A comment's HTML is made when it is written.
#![forbid(unsafe_code)]

mod answers;
mod app;
mod consumer;
mod counting;
mod domain;
mod migrations;
mod posts;
mod reconcile;
mod routes;
mod store;
mod upkeep;

use kit::{Frame, Secret, Service, Shared, StartError, db::Db, events::relay};

pub use upkeep::step as upkeep_step;

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Key of the digests that stand for the addresses of guests. With another one, likes and bans of
    /// guests so far are nobody's.
    pub address_secret: Secret,
}

/// Starts the service: its routes, its consumer, the relay of its events, the daily tidying.
///
/// # Errors
/// When the database cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: &str| StartError::new("content", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used").because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date").because(error))?;
    let wake = relay::spawn(db.clone(), shared);
    let app = app::App::new(db.clone(), shared, &settings.address_secret, wake.clone());
    let consumer = consumer::subscribe(&app, shared);
    upkeep::spawn(&app, shared);
    let (routes, api) = routes::router(app).split_for_parts();
    Ok(Frame::new("content", db, shared).producer(wake).consumer(consumer).backup(store::TABLES).finish(routes, api))
}
