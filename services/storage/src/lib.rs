//! Images.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use kit::{Service, Shared, StartError};

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where the files lie.
    pub images_dir: PathBuf,
}

/// Starts the service.
///
/// # Errors
/// When the database cannot be used.
pub async fn start(settings: Settings, _shared: &Shared) -> Result<Service, StartError> {
    let db = kit::db::Db::connect(&settings.database_url)
        .await
        .map_err(|error| StartError::new("storage", "its database cannot be used").because(error))?;
    Ok(Service { name: "storage", router: kit::http::finish("storage", db, axum::Router::new()) })
}
