//! What the service needs to know.

use std::path::PathBuf;

use kit::Secret;

pub use crate::domain::keys::KeyKind;

/// Days for which the audit log is kept where nothing else is said: a year.
pub const AUDIT_DAYS: u32 = 365;

/// Settings of the service. [`Settings::new`] gives them all but the essential ones.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where the key is kept that the signing keys are sealed with (0600), and the set-up token until
    /// there is an admin.
    pub data_dir: PathBuf,
    /// How mails leave.
    pub mail: MailSettings,
    /// Where else people can sign in.
    pub providers: Vec<ProviderSettings>,
    /// Who else gets access tokens from here. Maru itself needs no entry.
    pub clients: Vec<ClientSettings>,
    /// Name of the site until an admin chose one; `Maru` when empty.
    pub site_name: String,
    /// Language of mails to those who chose none, until an admin chose one; `en` when empty.
    pub locale: String,
    /// How many days the audit log is kept; [`AUDIT_DAYS`] when 0.
    pub audit_days: u32,
}

impl Settings {
    /// Mails go to files in `<data_dir>/outbox-mail`, nobody signs in elsewhere.
    pub fn new(database_url: impl Into<String>, data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        let mail = MailSettings { transport: MailTransport::Files(data_dir.join("outbox-mail")), from: None };
        Self { database_url: database_url.into(), data_dir, mail, ..Self::default() }
    }
}

/// How mails leave.
#[derive(Clone, Debug, Default)]
pub struct MailSettings {
    /// Who they are from, `Maru <no-reply@example.com>`; made from the site's address when absent.
    pub from: Option<String>,
    /// By which way.
    pub transport: MailTransport,
}

/// By which way mails leave.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// Into files of this folder (`.eml`), for development and for machines without a mail server.
    Files(PathBuf),
    /// To a mail server.
    Smtp(SmtpSettings),
}

impl Default for MailTransport {
    fn default() -> Self {
        Self::Files(PathBuf::from("outbox-mail"))
    }
}

/// A mail server.
#[derive(Clone, Debug, Default)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// 465 with [`SmtpSecurity::Tls`], 587 else, when absent.
    pub port: Option<u16>,
    /// How the connection is kept private.
    pub security: SmtpSecurity,
    /// With which name to sign in, if at all.
    pub username: Option<String>,
    /// The password of that name.
    pub password: Option<Secret>,
    /// Certificates (PEM) to trust besides those of the system.
    pub root_certificates: Vec<PathBuf>,
}

/// How the connection to a mail server is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the start.
    #[default]
    Tls,
    /// TLS after `STARTTLS`, which is insisted on.
    StartTls,
    /// Not at all; only on this machine.
    None,
}

/// Somewhere else to sign in: an OpenID Connect provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// `google`, …: part of URLs, so letters, digits and `-`. Never changed: accounts are linked by it.
    pub id: String,
    /// Shown on the button.
    pub name: String,
    /// Its issuer URL, `https://accounts.google.com`. Without TLS only on this machine.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there; none for a public client.
    pub client_secret: Option<Secret>,
}

/// Who else gets access tokens from here.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// `aud` of its tokens. Maru's own services take none of them.
    pub audience: String,
    /// With what kind of key they are signed.
    pub signed_with: KeyKind,
}
