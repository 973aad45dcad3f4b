use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::Post,
    module::Role,
    pages::{AdminPostEditPage, EditablePost},
    problem::Problem,
};
use kit::{ApiError, ApiResult, extract::Path};

use super::super::{require, terms};
use crate::{backend::Backend, paths, sessions::Visitor};

/// `GET /bff/pages/admin/posts/new`
pub(super) async fn new(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<AdminPostEditPage>> {
    require(&visitor, Role::Author)?;
    let categories = terms::all(&backend, terms::CATEGORIES).await?.to_vec();
    Ok(Json(AdminPostEditPage { post: None, categories }))
}

/// `GET /bff/pages/admin/posts/edit/:slug`
pub(super) async fn edit(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> ApiResult<Json<AdminPostEditPage>> {
    require(&visitor, Role::Author)?;
    let path = format!("/api/posts/{}", paths::encode_segment(&slug));
    let (post, categories) =
        tokio::join!(backend.upstreams.blog.get::<Post>(&path, &visitor), terms::all(&backend, terms::CATEGORIES));
    let post = post.map_err(|error| moved(error, "edit"))?;
    Ok(Json(AdminPostEditPage { post: Some(editable(post)?), categories: categories?.to_vec() }))
}

/// Where a post moved to, what is done with it here moved to as well.
pub(super) fn moved(error: ApiError, what: &str) -> ApiError {
    let to = error.problem().location.as_deref().and_then(|location| location.strip_prefix("/posts/"));
    match to {
        Some(slug) => Problem::moved(format!("/admin/posts/{what}/{slug}")).into(),
        None => error,
    }
}

/// The source is only there for those who may edit it.
fn editable(post: Post) -> Result<EditablePost, Problem> {
    let content = post.content.ok_or_else(Problem::forbidden)?;
    let tags: Vec<&str> = post.summary.tags.iter().map(|tag| tag.name.as_str()).collect();
    Ok(EditablePost {
        tags: tags.join(", "),
        id: post.summary.id,
        slug: post.summary.slug,
        title: post.summary.title,
        content,
        excerpt: post.written_excerpt.unwrap_or_default(),
        category: post.summary.category.map(|category| category.slug).unwrap_or_default(),
        status: post.summary.status,
        version: post.summary.version,
        cover: post.summary.cover.unwrap_or_default(),
        seo_title: post.seo_title.unwrap_or_default(),
        seo_description: post.seo_description.unwrap_or_default(),
        canonical: post.canonical.unwrap_or_default(),
        featured: post.summary.featured,
        scheduled_at: post.summary.scheduled_at.unwrap_or_default(),
    })
}
