use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    auth::UserCard,
    blog::Post,
    module::{Role, Viewer},
    pages::PostPage,
};
use kit::{ApiResult, extract::Path};

use super::{cards::card, optional};
use crate::{backend::Backend, paths, sessions::Visitor};

/// `GET /bff/pages/post/:slug`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> ApiResult<Json<PostPage>> {
    let path = format!("/api/posts/{}", paths::encode_segment(&slug));
    let post: Post = backend.upstreams.blog.get(&path, &visitor).await?;
    let author = optional("author", author(&backend, &post.summary.author_id, &visitor).await);
    Ok(Json(compose(post, &author, visitor.viewer())))
}

async fn author(backend: &Backend, id: &str, visitor: &Visitor) -> ApiResult<Arc<UserCard>> {
    if let Some(kept) = backend.authors.get(id).await {
        return Ok(kept);
    }
    let path = format!("/api/author?id={}", paths::encode_query(id));
    let card: Arc<UserCard> = Arc::new(backend.upstreams.auth.get(&path, visitor).await?);
    backend.authors.insert(id.to_owned(), card.clone()).await;
    Ok(card)
}

fn compose(post: Post, author: &UserCard, viewer: Option<&Viewer>) -> PostPage {
    let own = |viewer: &Viewer| viewer.role >= Role::Author && viewer.id == post.summary.author_id;
    let published = post.summary.published_at.as_deref();
    // Both are UTC, so text compares as time does.
    let changed = published.is_some_and(|published| post.summary.updated_at.as_str() > published);
    PostPage {
        id: post.summary.id.clone(),
        html: post.html,
        toc: post.toc,
        updated_at: changed.then(|| post.summary.updated_at.clone()),
        co_authors: post.co_authors,
        author_bio: Some(author.bio.clone()).filter(|bio| !bio.is_empty()),
        canonical: post.canonical,
        status: post.summary.status,
        can_edit: viewer.is_some_and(|viewer| viewer.role == Role::Admin || own(viewer)),
        seo_title: post.seo_title,
        seo_description: post.seo_description,
        card: card(post.summary),
        ..PostPage::default()
    }
}
