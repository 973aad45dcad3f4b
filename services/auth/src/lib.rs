//! Accounts, sessions and tokens.
//!
//! Access tokens are short (5 minutes) and signed; refresh tokens are opaque, used once and kept
//! hashed. Passwords are argon2id. Nothing of these ends up in a log.
//!
//! Rules are in `domain`, tables in `store`, one route a file in `routes`; `mail` sends what the
//! routes leave in its queue, `oidc` talks to sign-in providers, `keyring` signs.
#![forbid(unsafe_code)]

mod access;
mod app;
mod domain;
mod keyring;
mod mail;
mod maintenance;
mod migrations;
mod oidc;
mod replicas;
mod routes;
pub mod settings;
pub mod setup;
mod store;

use contracts::auth::{AuthSettings, Registration};
use kit::{Frame, Service, Shared, StartError, db::Db, events::relay};

pub use settings::Settings;

use settings::MailTransport;

/// Starts the service: its routes, the relay of its events, the sender of its mails.
///
/// # Errors
/// When the database, the data folder, the mail settings or the providers cannot be used.
pub async fn start(settings: Settings, shared: &Shared) -> Result<Service, StartError> {
    let failed = |reason: String| StartError::new("auth", reason);
    let db = Db::connect(&settings.database_url)
        .await
        .map_err(|error| failed("its database cannot be used".to_owned()).because(error))?;
    db.migrate(migrations::ALL)
        .await
        .map_err(|error| failed("its database could not be brought up to date".to_owned()).because(error))?;
    store::users::fill_name_keys(db.write())
        .await
        .map_err(|error| failed("its database could not be brought up to date".to_owned()).because(error))?;

    let now = shared.clock.millis();
    let folder = settings.data_dir.clone();
    let keyring = keyring::Keyring::open(&db, &folder, &settings.clients, shared.verifier.clone(), now)
        .await
        .map_err(|error| failed(format!("the keys in {} cannot be used", folder.display())).because(error))?;
    setup::prepare(&db, &folder, now).await.map_err(|error| {
        failed(format!("the set-up token in {} cannot be written", folder.display())).because(error)
    })?;
    // Tokens from before a restart are no exception.
    let revoked = store::revocations::recent(db.write(), now)
        .await
        .map_err(|error| failed("its database cannot be used".to_owned()).because(error))?;
    shared.verifier.revoke(&revoked).await;

    let site = site(&settings, shared.verifier.issuer());
    let outbox = mail::open(&settings.mail, &site.defaults.site_name, &site.url)
        .map_err(|error| failed("mails cannot be sent".to_owned()).because(error))?;
    let providers = oidc::Providers::new(settings.providers, &site.url, shared.clock.clone())
        .map_err(|error| failed("a sign-in provider cannot be used".to_owned()).because(error))?;

    let relay = relay::spawn(db.clone(), shared);
    let audit_days = if settings.audit_days == 0 { settings::AUDIT_DAYS } else { settings.audit_days };
    let parts =
        app::Parts { db: db.clone(), keyring, relay: relay.clone(), data_dir: folder, site, providers, audit_days };
    let app = app::App::new(parts, shared);
    mail::spawn(app.clone(), outbox, shared);
    maintenance::spawn(app.clone(), shared);
    shared.bus.subscribe(std::sync::Arc::new(replicas::Listener(app.clone())));
    let (routes, api) = routes::router(app).split_for_parts();
    Ok(Frame::new("auth", db, shared).producer(relay).backup(store::TABLES).finish(routes, api))
}

fn site(settings: &Settings, issuer: &str) -> mail::Site {
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let defaults = AuthSettings {
        registration: Registration::Open,
        // Where mails only become files, nobody could follow the link.
        verify_email: matches!(settings.mail.transport, MailTransport::Smtp(_)),
        site_name: or(&settings.site_name, "Maru"),
        locale: or(&settings.locale, "en"),
        version: 0,
    };
    mail::Site { url: issuer.trim_end_matches('/').to_owned(), defaults }
}
