use contracts::blog::Redirect;

use crate::{backend::Backend, paths};

/// Where an old URL of a post lives now. When that cannot be found out, nowhere.
pub(super) async fn find(backend: &Backend, path: &str) -> Option<String> {
    let asked = format!("/internal/redirects?path={}", paths::encode_query(path));
    let found = backend.upstreams.blog.get::<Redirect>(&asked, Some(&backend.service_authorization)).await;
    found.ok().map(|redirect| redirect.location)
}
