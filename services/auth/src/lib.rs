//! Accounts, sessions and tokens.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use kit::{Service, Shared, StartError};

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where the signing keys are kept (0600), and the set-up token until there is an admin.
    pub data_dir: PathBuf,
}

/// Starts the service.
///
/// # Errors
/// When the database or the data folder cannot be used.
pub async fn start(settings: Settings, _shared: &Shared) -> Result<Service, StartError> {
    let db = kit::db::Db::connect(&settings.database_url)
        .await
        .map_err(|error| StartError::new("auth", "its database cannot be used").because(error))?;
    Ok(Service { name: "auth", router: kit::http::finish("auth", db, axum::Router::new()) })
}
