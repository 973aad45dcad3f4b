//! Images that come along with posts: each is uploaded once.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use contracts::storage::Image;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{Mutex, OnceCell};

use crate::services::Services;

type Upload = Arc<OnceCell<Result<String, String>>>;

/// Uploads files and remembers where they went.
#[derive(Debug)]
pub(super) struct Media {
    services: Services,
    uploads: Mutex<HashMap<PathBuf, Upload>>,
}

impl Media {
    pub(super) fn new(services: Services) -> Self {
        Self { services, uploads: Mutex::default() }
    }

    /// The URL of `file` on this site, or why it has none. Asked twice, it uploads once.
    pub(super) async fn url(&self, file: &Path) -> Result<String, String> {
        let upload = Arc::clone(self.uploads.lock().await.entry(file.to_path_buf()).or_default());
        upload.get_or_init(|| self.upload(file)).await.clone()
    }

    /// How many files came along.
    pub(super) async fn count(&self) -> usize {
        self.uploads.lock().await.values().filter(|upload| matches!(upload.get(), Some(Ok(_)))).count()
    }

    async fn upload(&self, file: &Path) -> Result<String, String> {
        let bytes = tokio::fs::read(file).await.map_err(|error| error.to_string())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let path = format!("/internal/images?filename={}", utf8_percent_encode(&name, NON_ALPHANUMERIC));
        let image: Image = self.services.storage().put_bytes(&path, bytes).await.map_err(|error| error.to_string())?;
        Ok(image.url)
    }
}
