use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    blog::Term,
    pages::{TermCard, TermsPage},
};
use kit::ApiResult;

use super::{cards, home};
use crate::{backend::Backend, sessions::Visitor};

/// All categories or all tags, as any visitor sees them. Kept until one changes: every page of the blog has them.
pub(super) async fn all(backend: &Backend, path: &'static str) -> ApiResult<Arc<Vec<TermCard>>> {
    if let Some(kept) = backend.terms.get(path).await {
        return Ok(kept);
    }
    let terms: Vec<Term> = backend.upstreams.blog.get(path, &Visitor::default()).await?;
    let terms = Arc::new(terms.into_iter().map(cards::term).collect::<Vec<_>>());
    backend.terms.insert(path, terms.clone()).await;
    Ok(terms)
}

pub(super) const CATEGORIES: &str = "/api/categories";
pub(super) const TAGS: &str = "/api/tags";

/// `GET /bff/pages/categories`
pub(super) async fn categories(State(backend): State<Arc<Backend>>) -> ApiResult<Json<TermsPage>> {
    Ok(Json(TermsPage { items: home::used(&all(&backend, CATEGORIES).await?, usize::MAX) }))
}

/// `GET /bff/pages/tags`
pub(super) async fn tags(State(backend): State<Arc<Backend>>) -> ApiResult<Json<TermsPage>> {
    Ok(Json(TermsPage { items: home::used(&all(&backend, TAGS).await?, usize::MAX) }))
}
