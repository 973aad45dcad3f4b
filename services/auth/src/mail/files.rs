//! Mails as files: `<folder>/<id>.eml`.

use std::path::PathBuf;

use async_trait::async_trait;
use lettre::Message;

use super::transport::{SendError, Transport};
use crate::domain::files::write_private;

pub(super) struct Files(PathBuf);

impl Files {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
}

#[async_trait]
impl Transport for Files {
    async fn send(&self, id: &str, mail: &Message) -> Result<(), SendError> {
        let (path, bytes) = (self.0.join(format!("{id}.eml")), mail.formatted());
        // Private, because a mail holds links that let somebody in.
        let written = tokio::task::spawn_blocking(move || write_private(&path, &bytes)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(SendError::Later(error.to_string())),
            Err(error) => Err(SendError::Later(error.to_string())),
        }
    }
}
