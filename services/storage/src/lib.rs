//! Images: checked, stored under the digest of their content, served for ever.
#![forbid(unsafe_code)]

mod app;
mod format;
mod migrations;
mod routes;
mod store;

use std::path::PathBuf;

use kit::{Service, Shared, StartError, db::Db};

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
/// When the database or the folder cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: String| StartError::new("storage", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used".to_owned()).because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date".to_owned()).because(error))?;
    let objects = store::objects(&settings.images_dir)
        .map_err(|error| failed(format!("{} cannot be used", settings.images_dir.display())).because(error))?;
    let app = app::App::new(db.clone(), objects, shared);
    Ok(Service { name: "storage", router: kit::http::finish("storage", db, routes::router(app)) })
}
