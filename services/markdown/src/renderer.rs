//! Rendering off the async threads, each text once.

use std::{sync::Arc, thread::available_parallelism};

use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{Options, Rendered, VERSION, options::Flavour, render};

/// Bytes of rendered texts that are kept.
const CAPACITY: u64 = 16 * 1024 * 1024;

/// Why there is no result: a defect, never the text's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderFailed;

impl std::fmt::Display for RenderFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the Markdown could not be rendered")
    }
}

impl std::error::Error for RenderFailed {}

/// Renders on threads that may take their time, as many as there are cores, and remembers what it
/// made: a preview that is saved unchanged, or a text that is only published, is not rendered twice.
#[derive(Clone, Debug)]
pub struct Renderer {
    made: Cache<[u8; 32], Arc<Rendered>>,
    threads: Arc<Semaphore>,
}

impl Default for Renderer {
    fn default() -> Self {
        Self::new()
    }
}

impl Renderer {
    /// With nothing remembered.
    pub fn new() -> Self {
        let weigh = |_: &[u8; 32], rendered: &Arc<Rendered>| {
            u32::try_from(rendered.html.len() + rendered.text.len() + 256).unwrap_or(u32::MAX)
        };
        let threads = available_parallelism().map_or(2, usize::from);
        Self {
            made: Cache::builder().max_capacity(CAPACITY).weigher(weigh).build(),
            threads: Arc::new(Semaphore::new(threads)),
        }
    }

    /// What [`render`] makes of the text. Asked twice at once for the same, it renders once.
    ///
    /// # Errors
    /// When rendering panicked.
    pub async fn render(&self, source: String, options: Options) -> Result<Arc<Rendered>, RenderFailed> {
        let key = key(&source, &options);
        let threads = self.threads.clone();
        let made = self.made.try_get_with(key, async move {
            let _turn = threads.acquire_owned().await.map_err(|_| RenderFailed)?;
            let rendered = spawn_blocking(move || render(&source, &options)).await.map_err(|_| RenderFailed)?;
            Ok(Arc::new(rendered))
        });
        made.await.map_err(|failed: Arc<RenderFailed>| (*failed).clone())
    }
}

/// A digest of everything that the result depends on.
fn key(source: &str, options: &Options) -> [u8; 32] {
    let mut digest = Sha256::new();
    let flavour = match options.flavour() {
        Flavour::Article => "article",
        Flavour::Comment => "comment",
    };
    let head = format!("{VERSION}\n{flavour}\n{:?}\n{:?}\n", options.language(), options.known_pictures());
    digest.update(head.as_bytes());
    digest.update(source.as_bytes());
    digest.finalize().into()
}
