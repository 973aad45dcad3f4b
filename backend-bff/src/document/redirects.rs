use contracts::blog::Redirect;

use crate::{backend::Backend, paths, sessions::Visitor};

/// Where an old URL of a post or a page lives now. When that cannot be found out, nowhere.
pub(super) async fn find(backend: &Backend, path: &str, visitor: &Visitor) -> Option<String> {
    let asked = format!("/internal/redirects?path={}", paths::encode_query(path));
    let (services, token) = (&backend.upstreams, &backend.service_authorization);
    let (post, page) = tokio::join!(
        services.blog.get_internal::<Redirect>(&asked, token, visitor),
        services.page.get_internal::<Redirect>(&asked, token, visitor),
    );
    post.or(page).ok().map(|redirect| redirect.location)
}
