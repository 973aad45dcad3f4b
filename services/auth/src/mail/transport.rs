//! The two ways in which mails leave, behind one trait.

use std::{sync::Arc, time::SystemTime};

use async_trait::async_trait;
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::{files::Files, smtp::Smtp};
use crate::{
    settings::{MailSettings, MailTransport},
    store::mails::Waiting,
};

/// Takes mails away.
#[async_trait]
pub(crate) trait Transport: Send + Sync {
    /// The mail is out of our hands when this is `Ok`. `id` is the same at every attempt.
    async fn send(&self, id: &str, mail: &Message) -> Result<(), SendError>;
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// It may be, later.
    #[error("not now: {0}")]
    Later(String),
    /// It never will.
    #[error("refused: {0}")]
    Never(String),
}

/// Why mails cannot leave at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    #[error("`{0}` is no address that mails can be from")]
    From(String),
    #[error("the certificate {0} cannot be read")]
    Certificate(String),
    #[error("mails may go without TLS only to a server on this machine, not to {0}")]
    Plain(String),
    #[error("the mail server {0} cannot be used")]
    Server(String, #[source] lettre::transport::smtp::Error),
}

/// Mails on their way.
#[derive(Clone)]
pub(crate) struct Outbox {
    transport: Arc<dyn Transport>,
    from: Mailbox,
    /// Right half of message ids.
    host: String,
}

/// The way that the settings name.
pub(crate) fn open(settings: &MailSettings, site_name: &str, site_url: &str) -> Result<Outbox, MailError> {
    let transport: Arc<dyn Transport> = match &settings.transport {
        MailTransport::Files(folder) => Arc::new(Files::new(folder.clone())),
        MailTransport::Smtp(smtp) => Arc::new(Smtp::new(smtp)?),
    };
    let url = url::Url::parse(site_url).ok();
    let host = match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(host)) => host.to_owned(),
        _ => "localhost".to_owned(),
    };
    let from = match &settings.from {
        Some(from) => from.parse().map_err(|_| MailError::From(from.clone()))?,
        None => {
            let address = format!("no-reply@{host}");
            let address = address.parse().map_err(|_| MailError::From(address))?;
            Mailbox::new(Some(site_name.to_owned()), address)
        }
    };
    Ok(Outbox { transport, from, host })
}

impl Outbox {
    /// Sends a waiting mail.
    pub(super) async fn send(&self, mail: &Waiting) -> Result<(), SendError> {
        let message = self.message(mail)?;
        self.transport.send(&mail.id, &message).await
    }

    fn message(&self, mail: &Waiting) -> Result<Message, SendError> {
        let to: lettre::Address =
            mail.recipient.parse().map_err(|_| SendError::Never("the address is none that mails go to".to_owned()))?;
        let millis = u64::try_from(mail.created_at).unwrap_or_default();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&mail.subject)
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            .date(SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(millis))
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|error| SendError::Never(error.to_string()))?;
        // So that out-of-office notices do not answer.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(message)
    }
}
