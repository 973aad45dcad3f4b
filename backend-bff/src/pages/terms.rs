use std::sync::Arc;

use axum::extract::State;
use contracts::{
    blog::Term,
    pages::{TermCard, TermsPage},
};
use kit::ApiResult;

use super::{
    cards,
    composed::{Composed, MadeOf},
    home,
};
use crate::{backend::Backend, cache::tag, sessions::Visitor};

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
pub(super) async fn categories(State(backend): State<Arc<Backend>>) -> ApiResult<Composed<TermsPage>> {
    page(&backend, CATEGORIES).await
}

/// `GET /bff/pages/tags`
pub(super) async fn tags(State(backend): State<Arc<Backend>>) -> ApiResult<Composed<TermsPage>> {
    page(&backend, TAGS).await
}

async fn page(backend: &Backend, path: &'static str) -> ApiResult<Composed<TermsPage>> {
    let items = home::used(&all(backend, path).await?, usize::MAX);
    Ok(Composed(TermsPage { items }, MadeOf::tags([tag::POSTS])))
}
