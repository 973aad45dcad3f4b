//! Sizes and smaller variants of cover images. A page does without them when they cannot be had.

use std::{collections::HashMap, sync::Arc};

use contracts::{
    pages::PostCard,
    storage::{Lookup, LookupInput, Picture},
};
use http::Method;
use kit::{ApiError, ApiResult};

use crate::{backend::Backend, sessions::Visitor, upstream::optional};

const LOOKUP: &str = "/internal/images/lookup";

/// Fills in the variants of the covers of these posts.
pub(super) async fn fill<'a>(backend: &Backend, visitor: &Visitor, cards: impl Iterator<Item = &'a mut PostCard>) {
    let mut cards: Vec<&mut PostCard> = cards.filter(|card| card.cover.is_some()).collect();
    let urls = cards.iter().filter_map(|card| card.cover.clone()).collect();
    let pictures = pictures(backend, visitor, urls).await;
    for card in &mut cards {
        if let Some(picture) = card.cover.as_ref().and_then(|cover| pictures.get(cover)) {
            card.cover_srcset = srcset(picture);
        }
    }
}

/// What is known of these images.
pub(super) async fn pictures(backend: &Backend, visitor: &Visitor, urls: Vec<String>) -> HashMap<String, Arc<Picture>> {
    let mut known = HashMap::new();
    let mut unknown = Vec::new();
    for url in urls.into_iter().filter(|url| url.starts_with("/media/")) {
        match backend.pictures.get(&url).await {
            Some(picture) => drop(known.insert(url, picture)),
            None => unknown.push(url),
        }
    }
    if unknown.is_empty() {
        return known;
    }
    match optional(look_up(backend, visitor, unknown)).await {
        Ok(found) => {
            for picture in found.items.into_iter().map(Arc::new) {
                if !picture.pending {
                    backend.pictures.insert(picture.url.clone(), picture.clone()).await;
                }
                known.insert(picture.url.clone(), picture);
            }
        }
        Err(error) => tracing::debug!(code = %error.problem().code, "variants of covers are not available"),
    }
    known
}

async fn look_up(backend: &Backend, visitor: &Visitor, urls: Vec<String>) -> ApiResult<Lookup> {
    let body = serde_json::to_vec(&LookupInput { urls }).map_err(ApiError::internal)?;
    let service = Some(&backend.service_authorization);
    backend.upstreams.storage.call(Method::POST, LOOKUP, service, Some(body), visitor.trail()).await?.json()
}

/// The variants as `srcset` wants them; WebP, where there is any.
pub(super) fn srcset(picture: &Picture) -> String {
    let webp = picture.variants.iter().any(|variant| variant.media_type == "image/webp");
    let usable = picture.variants.iter().filter(|variant| !webp || variant.media_type == "image/webp");
    usable.map(|variant| format!("{} {}w", variant.url, variant.width)).collect::<Vec<_>>().join(", ")
}
