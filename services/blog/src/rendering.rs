//! Making HTML of posts' texts, with what the storage knows of their images.

use std::sync::Arc;

use contracts::storage::{Lookup, LookupInput};
use kit::{ApiError, ApiResult, error::Chain};
use markdown::{Options, Picture, Pictures, RenderFailed, Rendered};
use tokio::task::spawn_blocking;

use crate::app::App;

/// Images asked for at once.
const ASKED: usize = 500;

/// The HTML of a text and what else is made of it. Made once, however often it is asked for.
pub(crate) async fn render(app: &App, content: &str, locale: Option<&str>) -> ApiResult<Arc<Rendered>> {
    attempt(app, content, locale).await.map_err(ApiError::internal)
}

/// The same, outside a request.
pub(crate) async fn attempt(app: &App, content: &str, locale: Option<&str>) -> Result<Arc<Rendered>, RenderFailed> {
    let options = Options::post().locale(locale.filter(|locale| !locale.is_empty()));
    let pictures = pictures(app, content, &options).await?;
    app.renderer.render(content.to_owned(), options.pictures(pictures)).await
}

/// Sizes and variants of the images of this site. Without the storage they are shown plainly.
async fn pictures(app: &App, content: &str, options: &Options) -> Result<Pictures, RenderFailed> {
    if !content.contains("/media/") || !app.peers.knows("storage") {
        return Ok(Pictures::default());
    }
    let (content, options) = (content.to_owned(), options.clone());
    let urls = spawn_blocking(move || markdown::pictures_of(&content, &options)).await.map_err(|_| RenderFailed)?;
    let urls: Vec<String> = urls.into_iter().filter(|url| url.starts_with("/media/")).collect();
    let mut known = Vec::with_capacity(urls.len());
    for urls in urls.chunks(ASKED) {
        let input = LookupInput { urls: urls.to_vec() };
        match app.peers.post::<Lookup>("storage", "/internal/images/lookup", &input).await {
            Ok(found) => known.extend(found.items.into_iter().map(picture)),
            Err(error) => {
                tracing::warn!(cause = %Chain(&error), "images are shown without their sizes");
                // They are looked for again when the storage is back.
                known.extend(urls.iter().map(|url| (url.clone(), Picture { pending: true, ..Picture::default() })));
            }
        }
    }
    Ok(known.into_iter().collect())
}

fn picture(found: contracts::storage::Picture) -> (String, Picture) {
    let is_small = |media_type: &str| media_type == "image/webp";
    let variants = found.variants.into_iter().filter(|variant| is_small(&variant.media_type));
    let picture = Picture {
        width: found.width,
        height: found.height,
        variants: variants.map(|variant| (variant.width, variant.url)).collect(),
        pending: found.pending,
    };
    (found.url, picture)
}
