use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, PostStatus, PostSummary},
    module::{Role, Viewer},
    pages::AdminPostsPage,
};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use super::super::{Missing, TABLE_SIZE, cards::row, page_number, query, require, terms};
use crate::{backend::Backend, sessions::Visitor, upstream::optional};

#[derive(Deserialize)]
pub(super) struct Which {
    page: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    sort: String,
}

/// What the table is narrowed to.
#[derive(Default)]
pub(super) struct Filter<'a> {
    status: &'a str,
    q: &'a str,
    category: &'a str,
    sort: &'a str,
}

/// `GET /bff/pages/admin/posts?page=&status=&q=&category=&sort=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<AdminPostsPage>> {
    let viewer = require(&visitor, Role::Author)?;
    let page = page_number(which.page.as_deref());
    let filter = Filter {
        // What is no status means all of them, as an empty one does.
        status: PostStatus::parse(&which.status).map_or("", PostStatus::as_str),
        q: &which.q,
        category: &which.category,
        sort: match which.sort.as_str() {
            sort @ ("newest" | "popular" | "liked") => sort,
            _ => "updated",
        },
    };
    let path = path(viewer, page, TABLE_SIZE, &filter);
    let (posts, categories) = tokio::join!(
        backend.upstreams.blog.get::<Paged<PostSummary>>(&path, &visitor),
        optional(terms::all(&backend, terms::CATEGORIES)),
    );
    let posts = posts?;
    let mut missing = Missing::default();
    let (status, sort) = (filter.status.to_owned(), filter.sort.to_owned());
    Ok(Json(AdminPostsPage {
        items: posts.items.into_iter().map(row).collect(),
        page,
        size: TABLE_SIZE,
        total: posts.total,
        categories: missing.or_default("categories", categories).to_vec(),
        status,
        sort,
        q: which.q,
        category: which.category,
        missing: missing.0,
    }))
}

fn or<'a>(given: &'a str, value: &'a str) -> &'a str {
    if given.is_empty() { value } else { given }
}

/// The list that this viewer manages: an admin all posts, an author their own.
pub(super) fn path(viewer: &Viewer, page: u32, size: u32, filter: &Filter<'_>) -> String {
    let (page, size) = (page.to_string(), size.to_string());
    let pairs = [
        ("page", page.as_str()),
        ("size", &size),
        ("sort", or(filter.sort, "updated")),
        ("status", or(filter.status, "ALL")),
        ("category", filter.category),
        ("q", filter.q),
        ("author", if viewer.role < Role::Admin { &viewer.id } else { "" }),
    ];
    format!("/api/posts{}", query(&pairs))
}
