use std::sync::Arc;

use axum::extract::State;
use contracts::{
    blog::{Paged, PostSummary},
    pages::{ArchiveMonth, ArchivePage},
};
use kit::{ApiResult, extract::Query};

use super::{
    PageQuery,
    cards::link,
    composed::{Composed, MadeOf},
};
use crate::{backend::Backend, sessions::Visitor};

const SIZE: u32 = 100;

/// `GET /bff/pages/archive?page=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<PageQuery>,
) -> ApiResult<Composed<ArchivePage>> {
    let page = which.number();
    let path = format!("/api/posts?status=PUBLIC&page={page}&size={SIZE}");
    let posts: Paged<PostSummary> = backend.upstreams.blog.get(&path, &visitor).await?;
    let made_of = MadeOf::posts(&posts.items);
    let mut months: Vec<ArchiveMonth> = Vec::new();
    for post in posts.items.into_iter().map(link) {
        let month = post.published_at.get(..7).unwrap_or_default();
        match months.last_mut() {
            Some(last) if last.month == month => last.posts.push(post),
            _ => months.push(ArchiveMonth { month: month.to_owned(), posts: vec![post] }),
        }
    }
    Ok(Composed(ArchivePage { months, page, size: SIZE, total: posts.total }, made_of))
}
