//! Posts, categories and tags.
//!
//! Rules are in `domain`, tables in `store`, one route a file in `routes`. A post's HTML is made
//! when it is written; reading is one query.
#![forbid(unsafe_code)]

mod app;
mod authors;
mod domain;
mod migrations;
mod routes;
mod store;

use std::sync::Arc;

use kit::{Service, Shared, StartError, db::Db};

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
    shared.bus.subscribe(Arc::new(authors::Authors::new(db.clone(), shared.clock.clone())));
    let app = app::App::new(db.clone(), shared);
    Ok(Service { name: "blog", router: kit::http::finish("blog", db, routes::router(app)) })
}
