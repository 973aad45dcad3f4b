//! Mails to a mail server.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

use super::transport::{MailError, SendError, Transport};
use crate::settings::{SmtpSecurity, SmtpSettings};

const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECTIONS: u32 = 4;

pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, MailError> {
        let (tls, port) = match settings.security {
            SmtpSecurity::Tls => (Tls::Wrapper(parameters(settings)?), 465),
            SmtpSecurity::StartTls => (Tls::Required(parameters(settings)?), 587),
            SmtpSecurity::None if is_here(&settings.host) => (Tls::None, 587),
            SmtpSecurity::None => return Err(MailError::Plain(settings.host.clone())),
        };
        let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(Duration::from_secs(60));
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(TIMEOUT))
            .pool_config(pool);
        if let Some(username) = &settings.username {
            let password = settings.password.as_ref().map(|secret| secret.expose().to_owned()).unwrap_or_default();
            transport = transport.credentials(Credentials::new(username.clone(), password));
        }
        Ok(Self(transport.build()))
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn parameters(settings: &SmtpSettings) -> Result<TlsParameters, MailError> {
    let mut parameters = TlsParameters::builder(settings.host.clone());
    for path in &settings.root_certificates {
        let unreadable = || MailError::Certificate(path.display().to_string());
        let pem = std::fs::read(path).map_err(|_| unreadable())?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| unreadable())?);
    }
    parameters.build().map_err(|error| MailError::Server(settings.host.clone(), error))
}

#[async_trait]
impl Transport for Smtp {
    async fn send(&self, _id: &str, mail: &Message) -> Result<(), SendError> {
        match self.0.send(mail.clone()).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(SendError::Never(error.to_string())),
            Err(error) => Err(SendError::Later(kit::error::Chain(&error).to_string())),
        }
    }
}
