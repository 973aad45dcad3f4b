//! Images and backups.
//!
//! An image is checked, freed of everything but the picture, stored under the digest of what was
//! sent, and served for ever. Smaller ones are made in the background from a queue in the database.
//! What uses an image is known from events; what nothing uses is an orphan. A backup is one archive
//! of every service's rows and all images, and comes back all or nothing.
#![forbid(unsafe_code)]

mod app;
mod backup;
mod consumer;
mod domain;
mod jobs;
mod migrations;
mod places;
mod reconcile;
mod routes;
mod store;

use kit::{Frame, Service, Shared, StartError, db::Db};

pub use places::{Place, S3};

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where images lie.
    pub images: Place,
    /// Where archives lie.
    pub backups: Place,
    /// Bytes that the images of one author may have together; 0: any.
    pub author_quota: u64,
    /// The same for one reader (pictures of themselves, screenshots).
    pub reader_quota: u64,
    /// Whose rows a backup holds. Those that others refer to come last, so that what was written
    /// meanwhile refers to nothing that is missing.
    pub backed_up: Vec<String>,
}

/// One gigabyte.
const GIGABYTE: u64 = 1 << 30;

impl Settings {
    /// Five gigabytes for an author, twenty megabytes for a reader, all services backed up.
    pub fn new(database_url: impl Into<String>, images: Place, backups: Place) -> Self {
        let services = ["analytics", "content", "page", "blog", "storage", "auth"];
        Self {
            database_url: database_url.into(),
            images,
            backups,
            author_quota: 5 * GIGABYTE,
            reader_quota: 20 << 20,
            backed_up: services.map(str::to_owned).to_vec(),
        }
    }
}

/// Starts the service: its routes, the consumer of its events, and its work in the background.
///
/// # Errors
/// When the database or a place cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: String| StartError::new("storage", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used".to_owned()).because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date".to_owned()).because(error))?;
    let open = |place: &Place| place.open().map_err(|error| failed(format!("{place} cannot be used")).because(error));
    let (images, archives) = (open(&settings.images)?, open(&settings.backups)?);
    let consumer = consumer::subscribe(db.clone(), shared);
    let app = app::App::new(db.clone(), settings, images, archives, shared);
    jobs::spawn(&app, shared);
    let (routes, api) = routes::router(app).split_for_parts();
    Ok(Frame::new("storage", db, shared).consumer(consumer).backup(store::TABLES).finish(routes, api))
}
