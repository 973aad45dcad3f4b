//! `[accounts]`, `[mail]`, `[[sign_in]]` and `[[client]]`: what is noted of accounts, how mails leave, where else
//! people sign in, who else gets tokens.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use auth::settings::{
    ClientSettings, KeyKind, MailSettings, MailTransport, ProviderSettings, Settings, SmtpSecurity, SmtpSettings,
};
use kit::Secret;
use serde::{Deserialize, Serialize};

use crate::{
    config::{Config, refused},
    data_dir::DataDir,
};

/// `[accounts]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// Days for which the audit log is kept.
    pub audit_days: u32,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { audit_days: auth::settings::AUDIT_DAYS }
    }
}

impl Accounts {
    /// Refuses a log that nothing could be read from.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self) -> Result<()> {
        if self.audit_days == 0 {
            bail!(refused("accounts.audit_days", 0));
        }
        Ok(())
    }
}

/// `[mail]`. Without `smtp`, mails become files in `outbox-mail` of the data folder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// Who mails are from, `Maru <no-reply@example.com>`.
    pub from: Option<String>,
    /// The server that takes them.
    pub smtp: Option<Smtp>,
}

/// `[mail.smtp]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// 465 with `tls`, 587 else, when absent.
    #[serde(default)]
    pub port: Option<u16>,
    /// `tls`, `starttls`, or `none` on this machine.
    #[serde(default)]
    pub security: Security,
    /// With which name to sign in, if at all.
    #[serde(default)]
    pub username: Option<String>,
    /// File with the password of that name.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Certificates (PEM) to trust besides those of the system.
    #[serde(default)]
    pub root_certificates: Vec<PathBuf>,
}

/// How the connection to a mail server is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the start.
    #[default]
    Tls,
    /// TLS after `STARTTLS`.
    StartTls,
    /// Not at all; only on this machine.
    None,
}

/// `[[sign_in]]`: an OpenID Connect provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// `google`, …
    pub id: String,
    /// Shown on the button.
    pub name: String,
    /// `https://accounts.google.com`
    pub issuer: String,
    /// The site's id there.
    pub client_id: String,
    /// File with the site's secret there.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
}

/// `[[client]]`: who else gets access tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `aud` of its tokens.
    pub audience: String,
    /// `EdDSA` or `RS256`.
    #[serde(default)]
    pub algorithm: Algorithm,
}

/// With what kind of key tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// Ed25519.
    #[default]
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSA and SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
}

/// Settings of the auth service.
pub(crate) fn settings(config: &Config, data: &DataDir) -> Result<Settings> {
    let transport = match &config.mail.smtp {
        Some(smtp) => MailTransport::Smtp(server(smtp)?),
        None => MailTransport::Files(data.root().join("outbox-mail")),
    };
    let providers = config.sign_in.iter().map(provider).collect::<Result<_>>()?;
    let client = |client: &Client| ClientSettings {
        audience: client.audience.clone(),
        signed_with: match client.algorithm {
            Algorithm::EdDsa => KeyKind::EdDsa,
            Algorithm::Rs256 => KeyKind::Rs256,
        },
    };
    Ok(Settings {
        mail: MailSettings { from: config.mail.from.clone(), transport },
        providers,
        clients: config.client.iter().map(client).collect(),
        site_name: config.site.name.clone(),
        audit_days: config.accounts.audit_days,
        ..Settings::new(config.database_url("auth"), data.auth())
    })
}

fn server(smtp: &Smtp) -> Result<SmtpSettings> {
    Ok(SmtpSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.security {
            Security::Tls => SmtpSecurity::Tls,
            Security::StartTls => SmtpSecurity::StartTls,
            Security::None => SmtpSecurity::None,
        },
        username: smtp.username.clone(),
        password: smtp.password_file.as_deref().map(secret).transpose().context("mail.smtp.password_file")?,
        root_certificates: smtp.root_certificates.clone(),
    })
}

fn provider(sign_in: &SignIn) -> Result<ProviderSettings> {
    let secret = sign_in.client_secret_file.as_deref().map(secret).transpose();
    Ok(ProviderSettings {
        id: sign_in.id.clone(),
        name: sign_in.name.clone(),
        issuer: sign_in.issuer.clone(),
        client_id: sign_in.client_id.clone(),
        client_secret: secret.with_context(|| format!("client_secret_file of sign_in `{}`", sign_in.id))?,
    })
}

fn secret(file: &Path) -> Result<Secret> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

#[cfg(test)]
mod tests {
    use auth::settings::{KeyKind, MailTransport, SmtpSecurity};

    use super::settings;
    use crate::{config::Config, data_dir::DataDir};

    #[test]
    fn accounts_are_configured_in_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "hunter2\n").expect("written");
        let file = folder.path().join("maru.toml");
        let text = format!(
            "[mail]\nfrom = \"Maru <a@b.co>\"\n[mail.smtp]\nhost = \"mail.b.co\"\nsecurity = \"starttls\"\n\
             username = \"x\"\npassword_file = {secret:?}\n[[sign_in]]\nid = \"google\"\nname = \"Google\"\n\
             issuer = \"https://accounts.google.com\"\nclient_id = \"id\"\nclient_secret_file = {secret:?}\n\
             [[client]]\naudience = \"app\"\nalgorithm = \"RS256\"\n"
        );
        std::fs::write(&file, text).expect("written");
        let data = DataDir::open(&folder.path().join("data")).expect("a data folder");
        let config = Config::load(Some(&file), serde_json::json!({})).expect("good");
        let good = settings(&config, &data).expect("good");
        let MailTransport::Smtp(smtp) = &good.mail.transport else { panic!("a server") };
        assert_eq!((smtp.host.as_str(), smtp.security), ("mail.b.co", SmtpSecurity::StartTls));
        assert!(smtp.password.as_ref().is_some_and(|password| password.matches("hunter2")));
        assert!(good.providers[0].client_secret.as_ref().is_some_and(|secret| secret.matches("hunter2")));
        assert_eq!(good.clients[0].signed_with, KeyKind::Rs256);
        std::fs::remove_file(&secret).expect("removed");
        let error = format!("{:#}", settings(&config, &data).expect_err("the secret is gone"));
        assert!(error.contains("mail.smtp.password_file") && !error.contains("hunter2"), "{error}");
    }
}
