use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, PostSummary},
    pages::{ArchiveMonth, ArchivePage},
};
use kit::{ApiResult, extract::Query};

use super::{PageQuery, cards::link};
use crate::{backend::Backend, sessions::Visitor};

const SIZE: u32 = 100;

/// `GET /bff/pages/archive?page=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Json<ArchivePage>> {
    let page = which.number();
    let path = format!("/api/posts?status=PUBLIC&page={page}&size={SIZE}");
    let posts: Paged<PostSummary> = backend.upstreams.blog.get(&path, &visitor).await?;
    let mut months: Vec<ArchiveMonth> = Vec::new();
    for post in posts.items.into_iter().map(link) {
        let month = post.published_at.get(..7).unwrap_or_default();
        match months.last_mut() {
            Some(last) if last.month == month => last.posts.push(post),
            _ => months.push(ArchiveMonth { month: month.to_owned(), posts: vec![post] }),
        }
    }
    Ok(Json(ArchivePage { months, page, size: SIZE, total: posts.total }))
}
