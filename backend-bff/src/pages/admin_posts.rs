use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, PostStatus, PostSummary},
    module::{Role, Viewer},
    pages::AdminPostsPage,
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::{ADMIN_PAGE_SIZE, cards::row, page_number, require};
use crate::{backend::Backend, paths, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    q: String,
}

/// `GET /bff/pages/admin/posts?page=&status=&q=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminPostsPage>> {
    let viewer = require(&visitor, Role::Author)?;
    let page = page_number(which.page.as_deref());
    // What is no status means all of them, as an empty one does.
    let status = PostStatus::parse(&which.status).map_or("", PostStatus::as_str);
    let path = path(viewer, page, ADMIN_PAGE_SIZE, status, &which.q);
    let posts: Paged<PostSummary> = backend.upstreams.blog.get(&path, &visitor).await?;
    Ok(Json(AdminPostsPage {
        items: posts.items.into_iter().map(row).collect(),
        page,
        size: ADMIN_PAGE_SIZE,
        total: posts.total,
        status: status.to_owned(),
        q: which.q,
        ..AdminPostsPage::default()
    }))
}

/// The list that this viewer manages: an admin all posts, an author their own.
pub(super) fn path(viewer: &Viewer, page: u32, size: u32, status: &str, q: &str) -> String {
    let status = if status.is_empty() { "ALL" } else { status };
    let mut path = format!("/api/posts?page={page}&size={size}&sort=updated&status={status}");
    if viewer.role < Role::Admin {
        path.push_str("&author=");
        path.push_str(&paths::encode_query(&viewer.id));
    }
    if !q.is_empty() {
        path.push_str("&q=");
        path.push_str(&paths::encode_query(q));
    }
    path
}
