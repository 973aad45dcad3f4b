use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{Draft, DraftSummary, Paged},
    module::Role,
    pages::{AdminDraftsPage, AdminPostEditPage, DraftRow, EditablePost},
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};

use super::super::{PageQuery, TABLE_SIZE, require, terms};
use crate::{backend::Backend, paths, sessions::Visitor};

/// `GET /bff/pages/admin/drafts?page=`: one's own.
pub(super) async fn list(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Json<AdminDraftsPage>> {
    require(&visitor, Role::Author)?;
    let page = which.number();
    let path = format!("/api/drafts?page={page}&size={TABLE_SIZE}");
    let found: Paged<DraftSummary> = backend.upstreams.blog.get(&path, &visitor).await?;
    let items = found.items.into_iter().map(|draft| DraftRow {
        id: draft.id,
        title: draft.title,
        author_name: draft.author_name,
        updated_at: draft.updated_at,
        post_slug: draft.post_slug.unwrap_or_default(),
        version: draft.version,
    });
    Ok(Json(AdminDraftsPage { items: items.collect(), page, size: TABLE_SIZE, total: found.total }))
}

/// `GET /bff/pages/admin/drafts/:id`
pub(super) async fn edit(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> ApiResult<Json<AdminPostEditPage>> {
    require(&visitor, Role::Author)?;
    let path = format!("/api/drafts/{}", paths::encode_segment(&id));
    let (draft, categories) =
        tokio::join!(backend.upstreams.blog.get::<Draft>(&path, &visitor), terms::all(&backend, terms::CATEGORIES));
    Ok(Json(AdminPostEditPage { post: Some(editable(draft?)), categories: categories?.to_vec() }))
}

fn editable(draft: Draft) -> EditablePost {
    EditablePost {
        tags: draft.tags.join(", "),
        id: draft.summary.id,
        slug: draft.slug.unwrap_or_default(),
        title: draft.summary.title,
        content: draft.content,
        excerpt: draft.excerpt.unwrap_or_default(),
        category: draft.category.unwrap_or_default(),
        version: draft.summary.version,
        cover: draft.cover.unwrap_or_default(),
        seo_title: draft.seo_title.unwrap_or_default(),
        seo_description: draft.seo_description.unwrap_or_default(),
        canonical: draft.canonical.unwrap_or_default(),
        ..EditablePost::default()
    }
}
