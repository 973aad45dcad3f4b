use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, PostSummary, Term},
    pages::{PostListPage, TermCard},
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use super::{
    PAGE_SIZE,
    cards::{card, term},
    page_number,
};
use crate::{backend::Backend, paths, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
}

/// `GET /bff/pages/posts?page=`
pub(super) async fn posts(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<PostListPage>> {
    let page = page_number(which.page.as_deref());
    let posts = list(&backend, &visitor, page, "").await?;
    Ok(Json(compose(None, posts, page)))
}

/// `GET /bff/pages/categories/:slug?page=`
pub(super) async fn category(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Json<PostListPage>> {
    of_term(&backend, &visitor, "categories", "category", &slug, which).await
}

/// `GET /bff/pages/tags/:slug?page=`
pub(super) async fn tag(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> ApiResult<Json<PostListPage>> {
    of_term(&backend, &visitor, "tags", "tag", &slug, which).await
}

async fn of_term(
    backend: &Backend,
    visitor: &Visitor,
    kind: &str,
    filter: &str,
    slug: &str,
    which: Which,
) -> ApiResult<Json<PostListPage>> {
    let page = page_number(which.page.as_deref());
    let path = format!("/api/{kind}/{}", paths::encode_segment(slug));
    let filter = format!("&{filter}={}", paths::encode_query(slug));
    let (found, posts) =
        tokio::join!(backend.upstreams.blog.get::<Term>(&path, visitor), list(backend, visitor, page, &filter),);
    // The term first: an unknown one is a 404, whatever the list says.
    let found = term(found?);
    Ok(Json(compose(Some(found), posts?, page)))
}

async fn list(backend: &Backend, visitor: &Visitor, page: u32, filter: &str) -> ApiResult<Paged<PostSummary>> {
    let path = format!("/api/posts?status=PUBLIC&page={page}&size={PAGE_SIZE}{filter}");
    backend.upstreams.blog.get(&path, visitor).await
}

fn compose(term: Option<TermCard>, posts: Paged<PostSummary>, page: u32) -> PostListPage {
    PostListPage {
        term,
        items: posts.items.into_iter().map(card).collect(),
        page,
        size: PAGE_SIZE,
        total: posts.total,
        ..PostListPage::default()
    }
}
