use std::{collections::HashSet, sync::Arc};

use axum::extract::State;
use contracts::{
    blog::{Paged, Term},
    pages::{TermCard, TermsPage},
};
use kit::ApiResult;

use super::{
    cards,
    composed::{Composed, MadeOf},
    home,
};
use crate::{backend::Backend, cache::tag, listed::Listed, sessions::Visitor};

/// All categories or all tags, as any visitor sees them. Kept until one changes: every page of the blog has them.
pub(super) async fn all(backend: &Backend, path: &'static str) -> ApiResult<Arc<Vec<TermCard>>> {
    if let Some(kept) = backend.terms.get(path).await {
        return Ok(kept);
    }
    let terms = read(backend, path, &Visitor::default()).await?;
    let terms = Arc::new(terms.into_iter().map(cards::term).collect::<Vec<_>>());
    backend.terms.insert(path, terms.clone()).await;
    Ok(terms)
}

/// All categories or all tags, up to [`MOST`], those with most posts first.
pub(super) async fn read(backend: &Backend, path: &str, visitor: &Visitor) -> ApiResult<Vec<Term>> {
    let mut all: Vec<Term> = Vec::new();
    for page in 1..=MOST / SIZE {
        let path = format!("{path}?page={page}&size={SIZE}");
        let Paged { items, total } = backend.upstreams.blog.get::<Listed<Term>>(&path, visitor).await?.into();
        all.extend(items);
        if page * SIZE >= total {
            break;
        }
    }
    // One that gained a post between two pages is on both.
    let mut seen = HashSet::new();
    all.retain(|term| seen.insert(term.id.clone()));
    Ok(all)
}

/// There are never so many categories, and more tags are no cloud.
const MOST: u32 = 1000;
/// A page of the service's list, at most.
const SIZE: u32 = 100;

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
