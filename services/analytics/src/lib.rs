//! Views, visitors, numbers and bug reports.
#![forbid(unsafe_code)]

mod app;

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
    let failed = |reason: &str| StartError::new("analytics", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used").because(error))?;
    let app = app::App::new(db.clone(), shared);
    Ok(Service { name: "analytics", router: kit::http::finish("analytics", db, axum::Router::new().with_state(app)) })
}
