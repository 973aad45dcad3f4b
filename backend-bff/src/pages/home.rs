use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::{Paged, PostSummary},
    pages::{HomePage, TermCard},
};
use kit::ApiResult;

use super::{cards::card, optional, terms};
use crate::{backend::Backend, sessions::Visitor};

const LATEST: usize = 9;
const TAGS: usize = 20;

/// `GET /bff/pages/home`
pub(super) async fn page(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<HomePage>> {
    let (blog, who) = (&backend.upstreams.blog, &visitor);
    // One more than is shown: the featured post may be among them.
    let newest = format!("/api/posts?status=PUBLIC&page=1&size={}", LATEST + 1);
    let (latest, featured, tags, categories) = tokio::join!(
        blog.get::<Paged<PostSummary>>(&newest, who),
        blog.get::<Paged<PostSummary>>("/api/posts/featured?size=1", who),
        terms::all(&backend, terms::TAGS),
        terms::all(&backend, terms::CATEGORIES),
    );
    let Paged { items, total } = latest?;
    let lead = optional("featured", featured).items.into_iter().next().or_else(|| items.first().cloned());
    let slug = lead.as_ref().map(|post| post.slug.clone());
    let latest = items.into_iter().filter(|post| Some(&post.slug) != slug.as_ref()).take(LATEST).map(card).collect();
    Ok(Json(HomePage {
        featured: lead.map(card),
        latest,
        tags: used(&optional("tags", tags), TAGS),
        categories: used(&optional("categories", categories), usize::MAX),
        total,
        ..HomePage::default()
    }))
}

fn used(terms: &[TermCard], most: usize) -> Vec<TermCard> {
    terms.iter().filter(|term| term.posts > 0).take(most).cloned().collect()
}
