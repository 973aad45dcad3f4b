//! Posts, categories and tags.
//!
//! Rules are in `domain`, tables in `store`, what can happen to posts and terms (with the events that
//! tell of it) in `changes`, one route a file in `routes`, what events of others do here in `consumer`,
//! those of other replicas in `listener`, what happens by itself in `upkeep`, the index in `search`,
//! what other programs read in `feeds`. A post's HTML is made when it is written; reading is one query.
#![forbid(unsafe_code)]

mod answers;
mod app;
mod backfill;
mod changes;
mod consumer;
mod domain;
mod feeds;
mod listener;
mod migrations;
mod rendering;
mod rerender;
mod routes;
mod search;
mod store;
mod upkeep;

use std::{path::PathBuf, sync::Arc};

use kit::{Frame, Service, Shared, StartError, db::Db, events::relay};

pub use upkeep::Upkeep;

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where the search index lives, a folder of its own; in memory when none is given. It is made anew
    /// from the database whenever it is gone.
    pub search_dir: Option<PathBuf>,
    /// What the site is called in feeds; `Maru` when nobody says.
    pub site_name: Option<String>,
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
    let search = search::Search::start(db.clone(), settings.search_dir, shared)
        .map_err(|error| failed("its search index cannot be used").because(error))?;
    let app = app::App::new(db.clone(), shared, wake.clone()).serving(search, settings.site_name.as_deref());
    rerender::spawn(app.clone(), shared);
    backfill::spawn(db.clone(), shared);
    let consumer = consumer::subscribe(&app, shared);
    shared.bus.subscribe(Arc::new(listener::Listener(app.cache.clone())));
    Upkeep::of(app.clone()).spawn(shared);
    let (routes, api) = routes::router(app).split_for_parts();
    let frame = Frame::new("blog", db, shared).producer(wake).consumer(consumer).backup(store::TABLES);
    Ok(frame.finish(routes, api))
}
