use contracts::blog::Redirect;

use crate::{backend::Backend, paths, sessions::Visitor};

/// Where an old URL of a post lives now. When that cannot be found out, nowhere.
pub(super) async fn find(backend: &Backend, path: &str, visitor: &Visitor) -> Option<String> {
    let asked = format!("/internal/redirects?path={}", paths::encode_query(path));
    let found = backend.upstreams.blog.get_internal::<Redirect>(&asked, &backend.service_authorization, visitor).await;
    found.ok().map(|redirect| redirect.location)
}
