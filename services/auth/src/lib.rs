//! Accounts, sessions and tokens.
//!
//! Access tokens are short (5 minutes) and signed; refresh tokens are opaque, used once and kept
//! hashed. Passwords are argon2id. Nothing of these ends up in a log.
#![forbid(unsafe_code)]

mod app;
mod domain;
mod migrations;
mod routes;
pub mod setup;
mod store;

use std::path::PathBuf;

use kit::{Service, Shared, StartError, db::Db, events::relay};

use domain::signer::Signer;

/// What the service needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where the signing key is kept (0600), and the set-up token until there is an admin.
    pub data_dir: PathBuf,
}

/// Starts the service: its routes, and the relay of its events.
///
/// # Errors
/// When the database or the data folder cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: String| StartError::new("auth", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used".to_owned()).because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date".to_owned()).because(error))?;
    let folder = settings.data_dir;
    let unusable = failed(format!("the keys in {} cannot be used", folder.display()));
    let signer = match Signer::open(&folder, shared.verifier.issuer()) {
        Ok(signer) => signer,
        Err(error) => return Err(unusable.because(error)),
    };
    if let Err(error) = shared.verifier.add_key(signer.kid(), signer.public_key()) {
        return Err(unusable.because(error));
    }
    setup::prepare(&db, &folder, shared.clock.millis()).await.map_err(|error| {
        failed(format!("the set-up token in {} cannot be written", folder.display())).because(error)
    })?;
    let relay = relay::spawn(db.clone(), shared);
    let app = app::App::new(db.clone(), shared, signer, relay, folder);
    Ok(Service { name: "auth", router: kit::http::finish("auth", db, routes::router(app)) })
}
